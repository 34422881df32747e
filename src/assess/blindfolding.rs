//! Blindfolding: cross-validated communality and redundancy, the Q² of Stone (1974) and Geisser (1974,
//! doi:10.1093/biomet/61.1.101) for PLS (Wold 1982; Chin 1998; Hair et al. 2022, chapter 6).
//!
//! The answers to the items of one construct are numbered item by item, and every `D`-th is hidden, beginning with the
//! first, then the second, …, in `D` rounds. In each round the hidden answers take the mean `m_i` of the others, the
//! model is estimated from that, and the hidden answers are foretold:
//!
//! * by the construct itself, `x̂ = m_i + s_i λ_i y` (cross-validated communality, any reflective construct);
//! * by the predictors of the construct, `x̂ = m_i + s_i λ_i Σ β y_x` (cross-validated redundancy, outcomes only);
//!
//! `Q² = 1 − Σ (x − x̂)² / Σ (x − m_i)²` over all rounds and items, every item in units of its standard deviation. `λ`,
//! `β` and `y` are those of the scores, also under consistent PLS: an answer is foretold by scores.
//!
//! `D` lies between 5 and 12 in the field, 7 by default. It must not divide the number of cases, or whole cases would
//! be hidden at once; [`Distance::Usual`] then takes the next one that does not. Q² is out of favour: it is neither quite
//! in sample nor quite out of it; `PLSpredict` has taken its place (Shmueli et al. 2016; Hair et al. 2022).
//!
//! Of a model in stages every construct is judged where its items are: components of constructs of constructs in the stage
//! that measures them by answers, a construct of constructs in the stage whose items are its components' scores. Scores of
//! earlier stages and products are taken as they are, like answers. Where paths follow from moments there is no
//! redundancy; communality needs no path.

use serde::Serialize;

use crate::model::Mode;
use crate::moments::{Correlation, deviations};
use crate::pls::{Estimate, PlsFit};
use crate::stats::linear;

/// How far apart the hidden answers lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Distance {
    /// 7, or the next that does not divide the number of cases.
    #[default]
    Usual,
    /// This one.
    Of(usize),
}

/// Q² of one construct.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossValidated {
    /// The construct.
    pub construct: String,
    /// The stage whose items were hidden, from 1; the only one of a plain model.
    pub stage: usize,
    /// Cross-validated redundancy.
    pub q2_redundancy: Option<f64>,
    /// Why there is none; empty if there is.
    pub no_redundancy: &'static str,
    /// Cross-validated communality.
    pub q2_communality: Option<f64>,
    /// Why there is none; empty if there is.
    pub no_communality: &'static str,
}

/// Q² of all constructs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Blindfolding {
    /// Omission distance; 0 where nothing could be hidden.
    pub distance: usize,
    /// Per construct, in the order of the stages and the model.
    pub constructs: Vec<CrossValidated>,
}

/// Standardised answers, 0 where one is missing, and case weights.
struct Answers {
    z: Vec<Vec<f64>>,
    missing: Vec<Vec<bool>>,
    weight: Vec<f64>,
}

impl Answers {
    fn of(fit: &PlsFit) -> Option<Self> {
        let sample = fit.sample.as_ref()?;
        let weight = sample.weights.clone().unwrap_or_else(|| vec![1.0; sample.cases()]);
        let mut answers = Self { z: Vec::new(), missing: Vec::new(), weight };
        for column in &sample.columns {
            let (_, z) = deviations(column);
            let missing: Vec<bool> = column.iter().map(|x| x.is_nan()).collect();
            let mean = answers.mean(&z, &missing);
            let mut z: Vec<f64> =
                z.iter().zip(&missing).map(|(z, gone)| if *gone { 0.0 } else { z - mean }).collect();
            let sd = answers.sd(&z);
            for z in &mut z {
                *z /= sd;
            }
            answers.z.push(z);
            answers.missing.push(missing);
        }
        Some(answers)
    }

    /// Weighted mean of what is not hidden.
    fn mean(&self, z: &[f64], hidden: &[bool]) -> f64 {
        let seen = || z.iter().zip(&self.weight).zip(hidden).filter(|(_, hidden)| !**hidden);
        let total: f64 = seen().map(|((_, w), _)| w).sum();
        seen().map(|((z, w), _)| w * z).sum::<f64>() / total
    }

    fn sd(&self, centred: &[f64]) -> f64 {
        let total: f64 = self.weight.iter().sum();
        (self.product(centred, centred) / (total - 1.0)).sqrt()
    }

    fn product(&self, a: &[f64], b: &[f64]) -> f64 {
        self.weight.iter().zip(a.iter().zip(b)).map(|(w, (a, b))| w * a * b).sum()
    }
}

/// Squared errors of the two ways to foretell, and of the mean.
#[derive(Default)]
struct Errors {
    redundancy: f64,
    communality: f64,
    mean: f64,
}

/// Blindfolds every construct of a fit.
pub fn blindfolding(fit: &PlsFit, distance: Distance) -> Blindfolding {
    let cases = fit.n();
    let d = match distance {
        Distance::Of(d) => d,
        Distance::Usual => (7..cases.max(8)).find(|d| !cases.is_multiple_of(*d)).unwrap_or(7),
    };
    let whole = if fit.sample.is_none() {
        "needs the answers"
    } else if fit.settings.correlation != Correlation::Pearson {
        "needs product-moment correlations"
    } else if fit.sample.as_ref().is_some_and(|sample| sample.columns.len() != fit.plan.items) {
        "not of this model"
    } else if d < 2 || d >= cases {
        "distance out of range"
    } else if cases.is_multiple_of(d) {
        "distance divides the cases"
    } else {
        ""
    };
    let mut constructs: Vec<CrossValidated> = Vec::new();
    for (at, own) in fit.measured_before().iter().rev() {
        constructs.extend(one_stage(&fit.earlier()[*at], *at, own, (d, whole), false));
    }
    // Moments replace the paths of the last stage; its weights are those of the stage before.
    let by_moments = fit.is_by_moments();
    let last = fit.earlier().len() - usize::from(by_moments);
    let stage = fit.earlier().get(last).unwrap_or(fit);
    let known = |name: &String| constructs.iter().any(|one| one.construct == *name);
    let own: Vec<usize> =
        stage.constructs().iter().enumerate().filter(|(_, name)| !known(name)).map(|(j, _)| j).collect();
    constructs.extend(one_stage(stage, last, &own, (d, whole), by_moments));
    let products = fit.model.constructs().iter().filter(|c| c.factors().is_some() && by_moments);
    constructs.extend(products.map(|product| CrossValidated {
        construct: product.name.clone(),
        stage: last + 2,
        q2_redundancy: None,
        no_redundancy: "a product",
        q2_communality: None,
        no_communality: "a product",
    }));
    Blindfolding { distance: if whole.is_empty() { d } else { 0 }, constructs }
}

/// The constructs `own` of one stage.
fn one_stage(
    fit: &PlsFit,
    stage: usize,
    own: &[usize],
    (d, whole): (usize, &'static str),
    by_moments: bool,
) -> Vec<CrossValidated> {
    let answers = if whole.is_empty() { Answers::of(fit) } else { None };
    let names = fit.constructs();
    own.iter()
        .map(|&j| {
            let (name, block) = (&names[j], &fit.plan.blocks[j]);
            let outcome = !fit.plan.predecessors[j].is_empty();
            let why = if !whole.is_empty() {
                whole
            } else if fit.model.constructs()[j].factors().is_some() {
                "a product"
            } else if block.mode != Mode::A && block.len > 1 {
                "not reflective"
            } else if block.len == 1 && !outcome {
                "single item"
            } else {
                ""
            };
            let errors =
                answers.as_ref().filter(|_| why.is_empty()).map(|answers| rounds(fit, answers, j, d));
            let q2 = |part: fn(&Errors) -> f64| {
                let errors = errors.as_ref()?.as_ref()?;
                Some(1.0 - part(errors) / errors.mean).filter(|q2| q2.is_finite())
            };
            let reason = |value: Option<f64>, own: &'static str| match (value, why, own) {
                (Some(_), ..) => "",
                (None, "", "") => "a round has no estimate",
                (None, "", own) => own,
                (None, why, _) => why,
            };
            let redundancy = q2(|e| e.redundancy).filter(|_| outcome && !by_moments);
            let communality = q2(|e| e.communality).filter(|_| block.len > 1);
            CrossValidated {
                construct: name.clone(),
                stage: stage + 1,
                q2_redundancy: redundancy,
                no_redundancy: reason(
                    redundancy,
                    match (outcome, by_moments) {
                        (false, _) => "no predictors",
                        (true, true) => "paths follow from moments",
                        (true, false) => "",
                    },
                ),
                q2_communality: communality,
                no_communality: reason(communality, if block.len > 1 { "" } else { "single item" }),
            }
        })
        .collect()
}

/// All rounds for construct `j`; `None` where one of them has no estimate.
fn rounds(fit: &PlsFit, answers: &Answers, j: usize, distance: usize) -> Option<Errors> {
    let (plan, p, k) = (&fit.plan, fit.plan.items, fit.plan.constructs());
    let block = &plan.blocks[j];
    let cases = answers.weight.len();
    let mut errors = Errors::default();
    let mut estimate = Estimate::default();
    for round in 0..distance {
        let mut r = fit.moments.correlation.clone();
        // Deviations of the block's items from their means over what is left, in units of what is left.
        let mut left: Vec<Vec<f64>> = Vec::with_capacity(block.len);
        let mut hidden: Vec<Vec<bool>> = Vec::with_capacity(block.len);
        let mut moments: Vec<(f64, f64)> = Vec::with_capacity(block.len);
        for at in 0..block.len {
            let i = block.start + at;
            let gone: Vec<bool> =
                (0..cases).map(|c| (at * cases + c) % distance == round && !answers.missing[i][c]).collect();
            let out: Vec<bool> = gone.iter().zip(&answers.missing[i]).map(|(a, b)| *a || *b).collect();
            let mean = answers.mean(&answers.z[i], &out);
            let mut centred: Vec<f64> =
                answers.z[i].iter().zip(&out).map(|(z, out)| if *out { 0.0 } else { z - mean }).collect();
            let sd = answers.sd(&centred);
            if !(sd > 0.0 && sd.is_finite()) {
                return None;
            }
            for x in &mut centred {
                *x /= sd;
            }
            left.push(centred);
            hidden.push(gone);
            moments.push((mean, sd));
        }
        let total: f64 = answers.weight.iter().sum();
        for at in 0..block.len {
            let i = block.start + at;
            for other in 0..p {
                let value = if other == i {
                    1.0
                } else {
                    let column = match other.checked_sub(block.start).and_then(|o| left.get(o)) {
                        Some(own) => own,
                        None => &answers.z[other],
                    };
                    answers.product(&left[at], column) / (total - 1.0)
                };
                r[i * p + other] = value;
                r[other * p + i] = value;
            }
        }
        estimate.run(plan, &r).ok()?;
        let c = &estimate.proxy_correlations;
        let predictors = &plan.predecessors[j];
        let paths = if predictors.is_empty() {
            Vec::new()
        } else {
            linear::regress(|a, b| c[a * k + b], predictors, j)?.0
        };
        for case in 0..cases {
            if !hidden.iter().any(|hidden| hidden[case]) {
                continue;
            }
            let own: f64 = left.iter().zip(&estimate.weights[block.start..]).map(|(x, w)| w * x[case]).sum();
            let foretold: f64 = predictors
                .iter()
                .zip(&paths)
                .map(|(&x, b)| {
                    let other = &plan.blocks[x];
                    b * (other.start..other.start + other.len)
                        .map(|i| estimate.weights[i] * answers.z[i][case])
                        .sum::<f64>()
                })
                .sum();
            for (at, &(mean, sd)) in moments.iter().enumerate().filter(|(at, _)| hidden[*at][case]) {
                let i = block.start + at;
                let loading = estimate.cross[i * k + j];
                let (x, w) = (answers.z[i][case] - mean, answers.weight[case]);
                errors.redundancy += w * (x - sd * loading * foretold).powi(2);
                errors.communality += w * (x - sd * loading * own).powi(2);
                errors.mean += w * x * x;
            }
        }
    }
    Some(errors)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::survey::Sample;
    use crate::{Model, Pls};

    const MODEL: &str = "A =~ a1 + a2 + a3\nB =~ b1 + b2\nC =~ c1\nF <~ f1 + f2\nB ~ A + F\nC ~ A + B";
    const NAMES: [&str; 8] = ["a1", "a2", "a3", "b1", "b2", "c1", "f1", "f2"];

    /// Made-up answers; `holes` leaves some out.
    fn columns(cases: usize, holes: bool) -> Vec<Vec<f64>> {
        let mut state = 7_u64;
        let mut u = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / (1_u64 << 31) as f64
        };
        let mut columns = vec![Vec::new(); 8];
        for case in 0..cases {
            let (a, f) = (u(), u());
            let b = 0.7 * a + 0.2 * f + 0.3 * u();
            let c = 0.5 * b + 0.3 * a + 0.3 * u();
            for (at, base) in [a, a, a, b, b, c, f, f].into_iter().enumerate() {
                let gone = holes && (case + 3 * at) % 17 == 0;
                columns[at].push(if gone { f64::NAN } else { base + 0.4 * u() });
            }
        }
        columns
    }

    fn fit(columns: Vec<Vec<f64>>) -> PlsFit {
        let model = Model::parse(MODEL).unwrap();
        let names = NAMES.map(str::to_owned).to_vec();
        let sample = Sample::from_columns(names, columns).unwrap();
        Pls::default().fit_sample(&model, sample).unwrap()
    }

    /// The definition to the letter: holes filled by means, the whole model estimated anew from answers.
    fn naive(
        columns: &[Vec<f64>],
        distance: usize,
        block: std::ops::Range<usize>,
        from: &[(usize, usize)],
    ) -> [f64; 2] {
        let cases = columns[0].len();
        let full = fit(columns.to_vec());
        let (mut errors, mut by_mean) = ([0.0; 2], 0.0);
        for round in 0..distance {
            let mut kept = columns.to_vec();
            let mut gone = Vec::new();
            for (at, i) in block.clone().enumerate() {
                for c in (0..cases).filter(|c| (at * cases + c) % distance == round) {
                    if !kept[i][c].is_nan() {
                        gone.push((i, c));
                        kept[i][c] = f64::NAN;
                    }
                }
            }
            let again = fit(kept.clone());
            let scores = again.scores().unwrap();
            let j = again.block_of(block.start);
            let k = again.plan.constructs();
            for (i, c) in gone {
                let (m, s) = (again.moments.mean[i], again.moments.sd[i]);
                let l = again.estimate.cross[i * k + j];
                let x = columns[i][c];
                let foretold: f64 =
                    from.iter().map(|&(x, path)| again.estimate.paths[path] * scores[x][c]).sum();
                let unit = full.moments.sd[i];
                errors[0] += ((x - m - s * l * foretold) / unit).powi(2);
                errors[1] += ((x - m - s * l * scores[j][c]) / unit).powi(2);
                by_mean += ((x - m) / unit).powi(2);
            }
        }
        errors.map(|e| 1.0 - e / by_mean)
    }

    #[test]
    fn it_is_the_definition_to_the_letter() {
        for holes in [false, true] {
            let columns = columns(60, holes);
            let found = blindfolding(&fit(columns.clone()), Distance::Of(7));
            assert_eq!(found.distance, 7);
            let [redundancy, communality] = naive(&columns, 7, 3..5, &[(0, 0), (3, 1)]);
            let b = &found.constructs[1];
            assert!((b.q2_redundancy.unwrap() - redundancy).abs() < 1e-9, "{b:?} {redundancy}");
            assert!((b.q2_communality.unwrap() - communality).abs() < 1e-9, "{b:?} {communality}");
            let [redundancy, _] = naive(&columns, 7, 5..6, &[(0, 2), (1, 3)]);
            assert!((found.constructs[2].q2_redundancy.unwrap() - redundancy).abs() < 1e-9);
            assert!(b.q2_redundancy.unwrap() > 0.0);
        }
    }

    #[test]
    fn what_does_not_apply_says_why() {
        let found = blindfolding(&fit(columns(60, false)), Distance::Usual);
        let why: Vec<_> = found.constructs.iter().map(|c| (c.no_redundancy, c.no_communality)).collect();
        assert_eq!(
            why,
            [("no predictors", ""), ("", ""), ("", "single item"), ("not reflective", "not reflective")]
        );
        // 63 = 7 · 9: the usual distance moves on, a given one is refused.
        let fit = fit(columns(63, false));
        assert_eq!(blindfolding(&fit, Distance::Usual).distance, 8);
        for (distance, reason) in
            [(7, "distance divides the cases"), (1, "distance out of range"), (63, "distance out of range")]
        {
            let found = blindfolding(&fit, Distance::Of(distance));
            assert!(found.constructs.iter().all(|c| c.q2_redundancy.is_none() && c.no_redundancy == reason));
        }
        let table = Pls::default().fit_moments(&fit.model, (*fit.moments).clone()).unwrap();
        let found = blindfolding(&table, Distance::Usual);
        assert!(found.constructs.iter().all(|c| c.no_communality == "needs the answers"));
    }
}
