//! Confirmatory tetrad analysis (CTA-PLS): may the items of a block be effects of one common cause?
//!
//! Of four items `i j k l` of a reflective block the tetrads `σ_ij σ_kl − σ_ik σ_jl` and `σ_ij σ_kl − σ_il σ_jk` vanish
//! (Bollen & Ting 2000, doi:10.1037/1082-989X.5.1.3; Gudergan, Ringle, Wende & Will 2008,
//! doi:10.1016/j.jbusres.2008.01.012). Covariances are those of the answers, missing ones counting as the mean; the
//! bootstrap shows which tetrads differ from 0. One that does speaks against reflective measurement.
//!
//! * **Which tetrads**: a non-redundant set of `n (n − 3)/2` (default), found by taking the tetrads in order and keeping
//!   those whose gradients at a one-factor model are linearly independent; or all two per quadruple.
//! * **Many tests**: Bonferroni's percentile intervals, shifted by the bootstrap's bias, for the verdict (default; Gudergan
//!   et al.); Benjamini & Hochberg's p-values (1995) beside them.
//! * **Borrowing** (Gudergan et al. 2008, table 1): a reflective block of three items takes one item of a neighbouring
//!   reflective block, and both tetrads vanish; a block of two takes two items of any neighbour, of which only
//!   `σ_ik σ_jl − σ_il σ_jk` (i, j own) vanishes. The neighbour with most items lends its first ones, outcomes before
//!   predictors. Blocks weighted by regression borrow nothing: with four items of their own they are tested too, to see
//!   whether the reflective alternative is ruled out.
//!
//! seminrExtras tests all tetrads by Benjamini & Hochberg's p-values by default; [`TetradSet::All`] and
//! [`TestedTetrad::p_bh`] are that.

use rayon::prelude::*;
use serde::Serialize;

use super::ResampleError;
use super::measurement::{MeasurementTests, TetradSet};
use super::memory::check_values;
use super::p_value;
use super::redrawn::Redrawn;
use super::summary::Summary;
use crate::assess::Tails;
use crate::model::Mode;
use crate::moments::Moments;
use crate::pls::PlsFit;
use crate::stats::quantile;
use crate::table::Cell;

/// One tetrad `σ_ab σ_cd − σ_ef σ_gh`, as positions of items.
pub type Tetrad = [[usize; 2]; 4];

/// A tested tetrad.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestedTetrad {
    /// `cov(a,b)cov(c,d) - cov(a,c)cov(b,d)`.
    pub name: String,
    /// Value and bootstrap summary, with the plain percentile interval.
    pub summary: Option<Summary>,
    /// Interval at Bonferroni's level, shifted by the bootstrap's bias.
    pub adjusted_ci: Option<[f64; 2]>,
    /// `2 min(share ≥ 0, share ≤ 0)` of the resamples, and no less than they can tell, `2/(B + 1)`.
    pub p: f64,
    /// The same after Benjamini and Hochberg, within the block.
    pub p_bh: f64,
}

impl TestedTetrad {
    /// p as a table shows it: one that no resample speaks against is told as a bound.
    pub fn p_cell(&self) -> Cell {
        let draws = self.summary.map_or(0, |summary| summary.draws);
        if self.p <= p_value::least(draws, Tails::Two) {
            Cell::ProbabilityBelow(self.p)
        } else {
            Cell::Probability(self.p)
        }
    }

    /// Whether the adjusted interval leaves 0 out.
    pub fn excludes_zero(&self) -> bool {
        self.adjusted_ci.is_some_and(|[low, high]| low > 0.0 || high < 0.0)
    }
}

/// The tetrads of one block.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlockTetrads {
    /// The construct.
    pub construct: String,
    /// Whether its items are weighted by correlation, as effects of it, or by regression.
    pub reflective: bool,
    /// Whose items were borrowed, if any.
    pub donor: Option<String>,
    /// How many.
    pub borrowed: usize,
    /// Items tested, borrowed ones last.
    pub items: Vec<String>,
    /// Why no tetrad is tested; empty where there are tetrads.
    pub reason: String,
    /// The tetrads.
    pub tetrads: Vec<TestedTetrad>,
    /// Whether an adjusted interval excludes 0: the items are hardly effects of one cause.
    pub rejected: bool,
}

impl BlockTetrads {
    /// How many resamples the adjusted bounds at a level need, where there were fewer.
    pub fn resamples_needed(&self, level: f64) -> Option<usize> {
        let draws =
            self.tetrads.iter().filter_map(|tetrad| tetrad.summary).map(|summary| summary.draws).min()?;
        let needed = (2.0 * self.tetrads.len() as f64 / (1.0 - level) - 1e-6).ceil();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number above 0")]
        ((draws as f64) < needed).then_some(needed as usize)
    }
}

/// Both tetrads of every four items, in lexicographic order.
pub fn all_tetrads(items: &[usize]) -> Vec<Tetrad> {
    let n = items.len();
    let mut found = Vec::new();
    for i in 0..n {
        for j in i + 1..n {
            for k in j + 1..n {
                for l in k + 1..n {
                    let [i, j, k, l] = [items[i], items[j], items[k], items[l]];
                    found.push([[i, j], [k, l], [i, k], [j, l]]);
                    found.push([[i, j], [k, l], [i, l], [j, k]]);
                }
            }
        }
    }
    found
}

/// The first `n (n − 3)/2` of these that do not follow from the earlier ones under one common factor.
///
/// Where all covariances are 1, a tetrad's gradient by them is +1, +1, −1, −1; rescaling items makes any one-factor model
/// look like that, so independence there is independence everywhere.
pub fn non_redundant(items: &[usize]) -> Vec<Tetrad> {
    let n = items.len();
    let at = |pair: [usize; 2]| {
        let place = |item: usize| items.iter().position(|&i| i == item).unwrap_or(0);
        place(pair[0]) * n + place(pair[1])
    };
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut kept = Vec::new();
    for tetrad in all_tetrads(items) {
        let mut gradient = vec![0.0; n * n];
        for (pair, sign) in tetrad.iter().zip([1.0, 1.0, -1.0, -1.0]) {
            gradient[at(*pair)] += sign;
        }
        for b in &basis {
            let along: f64 = b.iter().zip(&gradient).map(|(b, g)| b * g).sum();
            gradient.iter_mut().zip(b).for_each(|(g, b)| *g -= along * b);
        }
        let length = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        if length > 1e-8 {
            for g in &mut gradient {
                *g /= length;
            }
            basis.push(gradient);
            kept.push(tetrad);
        }
    }
    kept
}

/// Items tested for a block, the neighbour that lends some of them, and the tetrads.
type Tested = (Vec<usize>, Option<usize>, Vec<Tetrad>);

/// What is tested for block `j`, or why nothing is.
fn plan_of(fit: &PlsFit, j: usize, set: TetradSet) -> Result<Tested, &'static str> {
    let blocks = &fit.plan.blocks;
    let items = |j: usize| blocks[j].start..blocks[j].start + blocks[j].len;
    let own: Vec<usize> = items(j).collect();
    let select = |all: &[usize]| if set == TetradSet::All { all_tetrads(all) } else { non_redundant(all) };
    // A single item is its construct, whichever way it is drawn.
    let reflective = |l: usize| blocks[l].mode == Mode::A || blocks[l].len == 1;
    let made = |l: usize| -> Option<&'static str> {
        let construct = fit.model.constructs().get(l)?;
        match (construct.factors(), construct.components()) {
            (Some(_), _) => Some("a product"),
            (_, Some(_)) => Some("made of constructs"),
            _ => None,
        }
    };
    if let Some(reason) = made(j) {
        return Err(reason);
    }
    if own.len() >= 4 {
        let tetrads = select(&own);
        return Ok((own, None, tetrads));
    }
    if own.len() < 2 {
        return Err("single item");
    }
    if !reflective(j) {
        return Err("fewer than 4 items");
    }
    let wanted = 4 - own.len();
    // The neighbour with most items; outcomes before predictors.
    let (after, before) = (&fit.plan.successors[j], &fit.plan.predecessors[j]);
    let able =
        |l: &&usize| made(**l).is_none() && blocks[**l].len >= wanted && (wanted == 2 || reflective(**l));
    let donor = after
        .iter()
        .chain(before)
        .filter(able)
        .fold(None, |best: Option<usize>, &l| match best {
            Some(b) if blocks[b].len >= blocks[l].len => Some(b),
            _ => Some(l),
        })
        .ok_or("no neighbour can lend items")?;
    let all: Vec<usize> = own.iter().copied().chain(items(donor).take(wanted)).collect();
    let tetrads = match all.as_slice() {
        &[i, j, k, l] if wanted == 2 => vec![[[i, k], [j, l], [i, l], [j, k]]],
        all => select(all),
    };
    Ok((all, Some(donor), tetrads))
}

fn values(moments: &Moments, tetrads: &[Tetrad]) -> Vec<f64> {
    let c = |[a, b]: [usize; 2]| moments.r(a, b) * moments.sd[a] * moments.sd[b];
    tetrads.iter().map(|t| c(t[0]) * c(t[1]) - c(t[2]) * c(t[3])).collect()
}

/// Tests the tetrads of every block; those without say why. In a model of several stages it is the first that counts, whose
/// items are answers.
///
/// # Errors
/// [`ResampleError::Invalid`] if the fit has no answers, or the values take more memory than the settings allow.
pub fn tetrad_analysis(
    fit: &PlsFit,
    settings: &MeasurementTests,
) -> Result<Vec<BlockTetrads>, ResampleError> {
    let MeasurementTests { tetrads: set, resamples, seed, level, max_memory, .. } = *settings;
    of_resamples(fit, set, Redrawn::Seeded { seed, resamples }, (level, max_memory))
}

/// [`tetrad_analysis`] from given resamples, each a list of case numbers from 0.
///
/// # Errors
/// As [`tetrad_analysis`], and for case numbers that do not exist.
pub fn tetrad_analysis_given(
    fit: &PlsFit,
    set: TetradSet,
    resamples: &[Vec<usize>],
    level: f64,
) -> Result<Vec<BlockTetrads>, ResampleError> {
    of_resamples(fit, set, Redrawn::Given(resamples), (level, usize::MAX))
}

fn of_resamples(
    fit: &PlsFit,
    set: TetradSet,
    resamples: Redrawn<'_>,
    (level, max_memory): (f64, usize),
) -> Result<Vec<BlockTetrads>, ResampleError> {
    // Where answers are items.
    let fit = fit.first_stage();
    let sample = resamples.answers(fit)?;
    let names = fit.constructs();
    let plans: Vec<Result<Tested, &str>> = (0..names.len()).map(|j| plan_of(fit, j, set)).collect();
    let all: Vec<Tetrad> = plans.iter().flatten().flat_map(|(.., tetrads)| tetrads.iter().copied()).collect();
    check_values("tetrads", all.len(), resamples.len(), max_memory)?;
    // Resample by resample; nothing but the tetrads is kept of one.
    let mut redrawn = vec![0.0; all.len() * resamples.len()];
    redrawn.par_chunks_mut(all.len().max(1)).enumerate().for_each(|(b, row)| {
        row.copy_from_slice(&values(&Moments::of(&resamples.sample(b, sample)), &all));
    });
    let mut next = 0;
    let mut found = Vec::new();
    for (j, (construct, plan)) in names.iter().zip(plans).enumerate() {
        let block = &fit.plan.blocks[j];
        let (items, donor, tetrads, reason) = match plan {
            Ok((items, donor, tetrads)) => (items, donor, tetrads, ""),
            Err(reason) => {
                ((block.start..block.start + block.len).collect::<Vec<_>>(), None, Vec::new(), reason)
            }
        };
        let original = values(&fit.moments, &tetrads);
        let first = next;
        next += tetrads.len();
        let name =
            |pair: [usize; 2]| format!("cov({},{})", fit.moments.items[pair[0]], fit.moments.items[pair[1]]);
        let mut tested: Vec<TestedTetrad> = tetrads
            .iter()
            .enumerate()
            .map(|(at, t)| {
                let column = redrawn.iter().skip(first + at).step_by(all.len());
                let mut own: Vec<f64> = column.copied().filter(|x| x.is_finite()).collect();
                let summary = Summary::of(original[at], &own, level);
                let p = p_value::percentile(original[at], &own, Tails::Two);
                let tail = (1.0 - level) / 2.0 / tetrads.len() as f64;
                let shift = summary.map(|s| s.mean - s.original);
                let bounds = quantile::quantile(&mut own, tail).zip(quantile::quantile(&mut own, 1.0 - tail));
                TestedTetrad {
                    name: format!("{}{} - {}{}", name(t[0]), name(t[1]), name(t[2]), name(t[3])),
                    summary,
                    adjusted_ci: bounds.zip(shift).map(|((low, high), shift)| [low - shift, high - shift]),
                    p,
                    p_bh: p,
                }
            })
            .collect();
        benjamini_hochberg(&mut tested);
        let rejected = tested.iter().any(TestedTetrad::excludes_zero);
        found.push(BlockTetrads {
            construct: construct.clone(),
            reflective: block.mode == Mode::A || block.len == 1,
            borrowed: items.len() - block.len,
            reason: reason.to_owned(),
            donor: donor.map(|d| names[d].clone()),
            items: items.iter().map(|&i| fit.moments.items[i].clone()).collect(),
            tetrads: tested,
            rejected,
        });
    }
    Ok(found)
}

/// Step-up p-values: `p_(i) m / i`, made monotone from the largest down.
fn benjamini_hochberg(tested: &mut [TestedTetrad]) {
    let m = tested.len();
    let mut order: Vec<usize> = (0..m).collect();
    order.sort_by(|&a, &b| tested[b].p.total_cmp(&tested[a].p));
    let mut least = 1.0_f64;
    for (from_top, &at) in order.iter().enumerate() {
        least = least.min(tested[at].p * m as f64 / (m - from_top) as f64);
        tested[at].p_bh = least;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_non_redundant_set_has_n_times_n_less_3_halves() {
        for n in 4..9 {
            let items: Vec<usize> = (10..10 + n).collect();
            assert_eq!(non_redundant(&items).len(), n * (n - 3) / 2);
        }
        assert_eq!(all_tetrads(&[0, 1, 2, 3, 4]).len(), 10);
        assert!(non_redundant(&[0, 1, 2]).is_empty());
    }

    #[test]
    fn tetrads_of_one_common_factor_vanish() {
        let l = [0.9, 0.8, 0.7, 0.6, 0.5];
        let correlation =
            (0..25).map(|at| if at / 5 == at % 5 { 1.0 } else { l[at / 5] * l[at % 5] }).collect();
        let moments = Moments {
            items: (0..5).map(|i| i.to_string()).collect(),
            cases: 10,
            mean: vec![0.0; 5],
            sd: vec![1.0, 2.0, 3.0, 4.0, 5.0],
            correlation,
        };
        assert!(values(&moments, &all_tetrads(&[0, 1, 2, 3, 4])).iter().all(|t| t.abs() < 1e-12));
    }
}
