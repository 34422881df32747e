//! How far the correlations that a model implies are from those observed, in every resample.
//!
//! A plain model has them from its one estimate. A model in stages implies correlations of its answers along the chain of
//! all its stages ([`Answers`]), so they take the estimates of all.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::quantities::{Kind, Quantities};
use super::reading::{Desk, Stage};
use crate::assess::{ComponentSource, FitIndices, Implied, implied_constructs, squared_residuals};
use crate::pls::{Estimate, Estimates, Plan};
use crate::stats::real::Real;

/// Distances of the estimated and of the saturated model; NaN where they are not recorded or do not exist.
#[derive(Debug, Clone, Copy)]
pub(super) struct Distances<R> {
    /// Sums of the squared residuals below the diagonal: what SRMR and d_ULS are made of.
    pub(super) squares: [R; 2],
    pub(super) d_g: [R; 2],
    pub(super) d_ml: [R; 2],
}

impl<R: Real> Distances<R> {
    #[inline(always)]
    fn none() -> Self {
        let nan = [R::nan(); 2];
        Self { squares: nan, d_g: nan, d_ml: nan }
    }
}

impl Distances<f64> {
    fn enter(&mut self, at: usize, fit: &FitIndices) {
        self.squares[at] = fit.d_uls;
        self.d_g[at] = fit.d_g.unwrap_or(f64::NAN);
        self.d_ml[at] = fit.d_ml.unwrap_or(f64::NAN);
    }
}

impl Quantities {
    fn wants(&self, kinds: &[Kind]) -> bool {
        kinds.iter().any(|kind| self.kinds.contains(kind))
    }

    /// The distances of a plain model. SRMR and d_ULS need the residuals alone; the others need eigenvalues of the implied
    /// correlations, one estimate after the other.
    #[inline(always)]
    pub(super) fn distances<R: Real>(
        &self,
        plan: &Plan,
        estimate: &Estimates<R>,
        s: &[R],
        desk: &mut Desk<R>,
    ) -> Distances<R> {
        let mut found = Distances::none();
        if self.wants(&[Kind::Srmr, Kind::DUls]) {
            found.squares =
                [false, true].map(|free| squared_residuals(plan, estimate, s, free, &mut desk.room));
        }
        if self.wants(&[Kind::DG, Kind::DMl]) {
            for lane in 0..R::WIDTH {
                estimate.take(lane, &mut desk.single);
                desk.correlation.clear();
                desk.correlation.extend(s.iter().map(|r| r.lane(lane)));
                let mut one = Distances::none();
                for (at, saturated) in [false, true].into_iter().enumerate() {
                    let s = &desk.correlation;
                    let implied = Implied::by(plan, &desk.single, s, saturated);
                    one.enter(at, &FitIndices::of(s, &implied.items, plan.items, plan.items));
                }
                for at in 0..2 {
                    found.d_g[at].set_lane(lane, one.d_g[at]);
                    found.d_ml[at].set_lane(lane, one.d_ml[at]);
                }
            }
        }
        found
    }

    /// The distances of a model in stages; `None` for a plain one. `plan` and `scales` belong to the last stage, `s` holds the
    /// correlations of the answers.
    pub(super) fn distances_in_stages(
        &self,
        plan: &Plan,
        last: &Estimate,
        earlier: &[Stage<'_, f64>],
        (scales, s): (&[f64], &[f64]),
        desk: &mut Desk<f64>,
    ) -> Option<Distances<f64>> {
        let answers = self.answers.as_ref()?;
        let estimates: Vec<&Estimate> = earlier.iter().map(|(estimate, _)| *estimate).chain([last]).collect();
        // What joins paths to correlations needs them in standard deviations.
        desk.single.clone_from(last);
        for equation in &plan.equations {
            for (&x, &path) in equation.predictors.iter().zip(&equation.paths) {
                desk.single.paths[path] *= scales[x] / scales[equation.outcome];
            }
        }
        let mut found = Distances::none();
        for (at, saturated) in [false, true].into_iter().enumerate() {
            implied_constructs(plan, &desk.single, saturated, &mut desk.room);
            let claim = (desk.room.as_slice(), ComponentSource::Constructs);
            answers.implied(&estimates, s, claim, &mut desk.correlation);
            let p = answers.count;
            if self.wants(&[Kind::DG, Kind::DMl]) {
                found.enter(at, &FitIndices::of(s, &desk.correlation, p, p));
            } else {
                let below = (0..p).flat_map(|i| i * p..i * p + i);
                found.squares[at] = below.map(|at| (s[at] - desk.correlation[at]).powi(2)).sum();
            }
        }
        Some(found)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::fit_test::transform;
    use super::*;
    use crate::model::Model;
    use crate::moments::Correlation;
    use crate::pls::{Pls, PlsFit};
    use crate::resample::{Bootstrap, Watch};
    use crate::survey::{Column, Survey, Values};

    const MEASURED: &str = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2 + c3\nY =~ y1 + y2 + y3\n";
    const CASES: usize = 60;

    /// Answers to twelve items: three traits that share something, and what follows from them.
    fn survey() -> Survey {
        let mut state = 5_u64;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        };
        let mut columns = vec![Vec::new(); 12];
        for _ in 0..CASES {
            let shared = noise();
            let parts = [(); 3].map(|()| shared + 0.6 * noise());
            let outcome = shared + 0.4 * parts[0] * parts[1] + 0.5 * noise();
            for (group, base) in columns.chunks_mut(3).zip(parts.into_iter().chain([outcome])) {
                for column in group {
                    column.push(Some((3.0 * base + 1.5 * noise()).round()));
                }
            }
        }
        let named = |(at, cells)| Column {
            name: format!("{}{}", ["a", "b", "c", "y"][at / 3], at % 3 + 1),
            values: Values::Numbers(cells),
        };
        Survey::from_columns("<test>", columns.into_iter().enumerate().map(named).collect()).unwrap()
    }

    fn fit(structure: &str, settings: &Pls) -> PlsFit {
        settings.fit(&Model::parse(&format!("{MEASURED}{structure}")).unwrap(), &survey()).unwrap()
    }

    fn distances() -> Bootstrap {
        Bootstrap { record: Kind::DISTANCES.to_vec(), resamples: 40, ..Bootstrap::default() }
    }

    #[test]
    fn stages_have_the_distances_of_the_assessment_in_the_sample_and_in_resamples_of_it() {
        let all: Vec<usize> = (0..CASES).collect();
        let whole = "H =~ A + B + C\nY ~ H";
        let composite = "H <~ A + B + C\nY ~ H";
        let product = "Y ~ A + B + A:B + C";
        let both = "H =~ B + C\nY ~ A + H + A:H";
        let repeated = "#@ higher-order repeated\nH =~ A + B + C\nY ~ H";
        for consistent in [false, true] {
            for correlation in [Correlation::Pearson, Correlation::Spearman] {
                for structure in [whole, composite, product, both, repeated, "Y ~ A + B + C"] {
                    if (consistent && structure == repeated)
                        || (correlation != Correlation::Pearson && structure.contains(':'))
                    {
                        continue;
                    }
                    let fit = fit(structure, &Pls { consistent, correlation, ..Pls::default() });
                    let drawn = distances().run_given(&fit, &[all.clone(), all.clone()]).unwrap();
                    let assessment = crate::Assessment::of(&fit, crate::Conventions::default());
                    let global = serde_json::to_value(&assessment.fit).unwrap();
                    assert_eq!(drawn.quantities.len(), 8);
                    for (q, quantity) in drawn.quantities.iter().enumerate() {
                        let saturated = if quantity.name.starts_with("sat") { "_saturated" } else { "" };
                        let expected = &global[format!("{}{saturated}", quantity.kind.key())];
                        let words = format!("{structure} {consistent} {correlation} {quantity:?}");
                        let expected = expected.as_f64().unwrap_or(f64::NAN);
                        let near = |x: f64| (x - expected).abs() < 1e-9 || (x.is_nan() && expected.is_nan());
                        assert!(near(drawn.original[q]), "{words}: {} {expected}", drawn.original[q]);
                        assert!(near(drawn.draws[q][0]), "{words}: {} {expected}", drawn.draws[q][0]);
                    }
                }
            }
        }
    }

    #[test]
    fn a_model_of_wholes_holds_in_its_transformed_answers() {
        // Scores stand for the components of a composite with unequal reliabilities, so that the two stages find its weights
        // from implied correlations only nearly: within sampling error nothing, but not rounding either.
        for (structure, most) in [("H =~ A + B + C\nY ~ H", 1e-6), ("H <~ A + B + C\nY ~ H", 2e-4)] {
            let settings = Pls { consistent: true, tolerance: 1e-13, ..Pls::default() };
            let fit = fit(structure, &settings);
            for saturated in [false, true] {
                let transformed = transform(&fit, fit.answers().unwrap(), saturated).unwrap();
                let again = settings.fit_sample(fit.written(), transformed).unwrap();
                let assessment = crate::Assessment::of(&again, crate::Conventions::default());
                let srmr = assessment.fit.srmr();
                assert!(srmr < most, "{structure} {saturated}: {srmr}");
            }
            let test = distances().test_fit(&fit, Watch::default()).unwrap();
            assert_eq!(test.distances.len(), 8);
            // Sampling moves exact answers away from the model, further than rounding.
            assert!(test.distances.iter().all(|d| d.mean > 1e-3 && d.hi95 <= d.hi99), "{test:?}");
        }
    }

    #[test]
    fn exact_fit_of_products_is_refused_with_the_reason() {
        let fit = fit("Y ~ A + B + A:B + C", &Pls::default());
        let error = distances().test_fit(&fit, Watch::default()).unwrap_err().to_string();
        assert!(error.contains("cannot be tested with products (`A:B`)"), "{error}");
    }
}
