//! The answers of a model in stages, and what they load on from stage to stage up to the constructs of the last.
//!
//! A model-implied correlation is one of answers, whatever the stages: the item of a component loads on it, the component
//! on its construct of constructs. Items that repeat others' and items of products carry no claim of their own and are
//! left out.

use super::conventions::ComponentSource;
use crate::model::{ItemSource, Kind};
use crate::pls::PlsFit;

/// One answer and its chain of constructs, lowest first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leaf {
    /// Position among the answers.
    pub(super) answer: usize,
    /// Stage and construct, and the loading on it.
    pub(super) chain: Vec<((usize, usize), f64)>,
}

/// The stages of a fit, the last one included.
pub(super) fn stages(fit: &PlsFit) -> Vec<&PlsFit> {
    fit.earlier().iter().chain(std::iter::once(fit)).collect()
}

/// Every answer that the last stage explains, in the order of the answers.
pub(super) fn leaves(fit: &PlsFit) -> Vec<Leaf> {
    let Some(staged) = &fit.staged else {
        let leaf = |item: usize| {
            let block = fit.block_of(item);
            Leaf { answer: item, chain: vec![((0, block), fit.estimate.loadings[item])] }
        };
        return (0..fit.moments.len()).map(leaf).collect();
    };
    let stages = stages(fit);
    let last = stages.len() - 1;
    let mut all: Vec<Leaf> = (0..fit.plan.constructs())
        .filter(|&j| fit.model.constructs()[j].factors().is_none())
        .flat_map(|j| below(&stages, &staged.stages.stages, last, j))
        .collect();
    all.sort_by_key(|leaf| leaf.answer);
    all
}

fn below(
    stages: &[&PlsFit],
    compiled: &[crate::pls::CompiledStage],
    stage: usize,
    construct: usize,
) -> Vec<Leaf> {
    let fit = stages[stage];
    let block = &fit.plan.blocks[construct];
    let whole = fit.model.constructs()[construct].components().is_some();
    let mut found = Vec::new();
    for item in block.start..block.start + block.len {
        let loading = fit.estimate.loadings[item];
        match &compiled[stage].sources[item] {
            // The items of a construct of constructs are others'.
            ItemSource::Answer(_) if whole => {}
            ItemSource::Answer(answer) => {
                found.push(Leaf { answer: *answer, chain: vec![((stage, construct), loading)] });
            }
            ItemSource::Score { stage: from, construct: part } => {
                for mut leaf in below(stages, compiled, *from, *part) {
                    if whole {
                        leaf.chain.push(((stage, construct), loading));
                    } else if let Some(top) = leaf.chain.last_mut() {
                        // The same construct by its own score.
                        top.0 = (stage, construct);
                    }
                    found.push(leaf);
                }
            }
            ItemSource::Product { .. } => {}
        }
    }
    found
}

/// Implied correlation of two answers, `v` the construct correlations of the last stage.
pub(super) fn correlation(
    fit: &PlsFit,
    stages: &[&PlsFit],
    (v, components): (&[f64], ComponentSource),
    (a, b): (&Leaf, &Leaf),
) -> f64 {
    if a.answer == b.answer {
        return 1.0;
    }
    let along = |leaf: &Leaf, steps: usize| leaf.chain.iter().take(steps).map(|(_, l)| l).product::<f64>();
    // The lowest construct above both.
    let met = a.chain.iter().enumerate().find_map(|(i, (node, _))| {
        let j = b.chain.iter().position(|(other, _)| other == node)?;
        Some((i, j, *node))
    });
    let Some((i, j, (stage, construct))) = met else {
        let k = fit.plan.constructs();
        let top = |leaf: &Leaf| leaf.chain.last().map_or(0, |((_, construct), _)| *construct);
        return along(a, a.chain.len()) * v[top(a) * k + top(b)] * along(b, b.chain.len());
    };
    let composite = stages[stage].model.constructs()[construct].kind == Kind::Composite;
    if !composite {
        return along(a, i + 1) * along(b, j + 1);
    }
    if i == 0 && j == 0 {
        return fit.answer_moments().r(a.answer, b.answer);
    }
    // Components of a composite correlate as they do.
    let below = |leaf: &Leaf, at: usize| leaf.chain.get(at.wrapping_sub(1)).map(|(node, _)| *node);
    match (below(a, i), below(b, j)) {
        (Some((stage, one)), Some((_, other))) => {
            let (k, estimate) = (stages[stage].plan.constructs(), &stages[stage].estimate);
            let r = match components {
                ComponentSource::Constructs => &estimate.construct_correlations,
                ComponentSource::Scores => &estimate.proxy_correlations,
            };
            along(a, i) * r[one * k + other] * along(b, j)
        }
        _ => f64::NAN,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::Pls;
    use crate::model::Model;
    use crate::moments::Moments;

    #[test]
    fn a_second_order_factor_implies_products_of_all_loadings() {
        // Three components with loadings .8 on a factor, items with .9 on their component: Q and weights known.
        let p = 8;
        let group = |i: usize| i / 2;
        let r = |a: usize, b: usize| {
            if a == b {
                1.0
            } else if group(a) == group(b) {
                0.81
            } else if group(a) < 3 && group(b) < 3 {
                0.81 * 0.64
            } else {
                0.81 * 0.8 * 0.5
            }
        };
        let correlation: Vec<f64> = (0..p * p).map(|at| r(at / p, at % p)).collect();
        let items: Vec<String> = (0..p).map(|i| format!("x{i}")).collect();
        let moments = Moments { items, cases: 500, mean: vec![0.0; p], sd: vec![1.0; p], correlation };
        let text = "A =~ x0 + x1\nB =~ x2 + x3\nC =~ x4 + x5\nH =~ A + B + C\nY =~ x6 + x7\nY ~ H";
        let fit = Pls { consistent: true, tolerance: 1e-12, ..Pls::default() }
            .fit_moments(&Model::parse(text).unwrap(), moments)
            .unwrap();
        assert!((fit.estimate.paths[0] - 0.5).abs() < 1e-9, "{:?}", fit.estimate.paths);
        let implied = super::super::Implied::of(&fit, false, super::ComponentSource::Constructs);
        assert_eq!(implied.items.len(), p * p);
        for a in 0..p {
            for b in 0..p {
                assert!((implied.items[a * p + b] - r(a, b)).abs() < 1e-9, "{a} {b}");
            }
        }
    }
}
