//! Redundancy analysis of formative blocks: convergent validity (Chin 1998; Hair et al. 2022, chapter 5).
//!
//! * [`global_item_redundancy`], the textbook's: the path from the block, with regression weights, to a single item that
//!   asks for the whole. For such a pair of constructs Mode B weights are the regression of the item on the block, so the
//!   path is the multiple correlation `√(r'R⁻¹r)`; at least .70 is asked for.
//! * [`mode_a_redundancy`], what cSEM offers without such an item: the model is estimated again with the block's weights
//!   by Mode A, and the two scores of the block are correlated.

use crate::model::Mode;
use crate::moments::Moments;
use crate::pls::{Estimate, PlsFit};
use crate::stats::linear;
use crate::table::Vector;

/// Path from a formative block to a global single item, by their positions in the moments; `None` where the block is
/// empty or collinear, or a position does not exist.
pub fn global_item_redundancy(moments: &Moments, block: &[usize], global: usize) -> Option<f64> {
    if block.is_empty() || block.iter().chain([&global]).any(|&i| i >= moments.len()) {
        return None;
    }
    linear::regress(|a, b| moments.r(a, b), block, global).map(|(_, r2)| r2.max(0.0).sqrt())
}

/// Per Mode B block the correlation of its score with its score by Mode A, everything else being equal. A block without
/// such an estimate is not applicable.
pub fn mode_a_redundancy(fit: &PlsFit) -> Vector {
    let names = fit.constructs();
    let formative = (0..names.len()).filter(|&j| fit.plan.blocks[j].mode == Mode::B);
    Vector::from_pairs(formative.map(|j| (names[j].clone(), mode_a_score(fit, j).unwrap_or(f64::NAN))))
}

fn mode_a_score(fit: &PlsFit, j: usize) -> Option<f64> {
    let mut plan = (*fit.plan).clone();
    plan.blocks.get_mut(j)?.mode = Mode::A;
    let mut estimate = Estimate::default();
    estimate.run(&plan, &fit.moments.correlation).ok()?;
    let block = &fit.plan.blocks[j];
    let items = block.start..block.start + block.len;
    let pairs = items.clone().flat_map(|a| items.clone().map(move |b| (a, b)));
    Some(pairs.map(|(a, b)| fit.estimate.weights[a] * fit.moments.r(a, b) * estimate.weights[b]).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_to_a_global_item_is_a_multiple_correlation() {
        let moments = Moments {
            items: ["a", "b", "g"].map(str::to_owned).to_vec(),
            cases: 100,
            mean: vec![0.0; 3],
            sd: vec![1.0; 3],
            correlation: vec![1.0, 0.0, 0.6, 0.0, 1.0, 0.3, 0.6, 0.3, 1.0],
        };
        let path = global_item_redundancy(&moments, &[0, 1], 2);
        assert!(path.is_some_and(|r| (r - 0.45_f64.sqrt()).abs() < 1e-14));
        assert_eq!(global_item_redundancy(&moments, &[0, 7], 2), None);
        assert_eq!(global_item_redundancy(&moments, &[], 2), None);
    }
}
