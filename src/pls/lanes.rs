//! Estimates side by side have the bits that each has alone.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use super::{Correction, Criterion, Estimate, Estimates, Failure, Plan, Pls, Scope, Weighting};
use crate::model::{Mode, Model, Scheme};
use crate::stats::real::{LANES, Lanes, Mask, Real};
use crate::stats::simd::{Level, Work};

const REFLECTIVE: &str = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2 + c3\nD =~ d1\n\
                          C ~ A + B\nB ~ A\nD ~ A + B + C";
const ITEMS: usize = 10;

/// Numbers between -1 and 1 that look random.
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// Correlations of ten items that share some noise; of answers that hardly agree the more, the higher `mess`.
fn correlations(seed: u64, mess: f64) -> Vec<f64> {
    let mut noise = noise(seed);
    let rows: Vec<Vec<f64>> = (0..ITEMS)
        .map(|i| {
            (0..ITEMS + 4)
                .map(|f| mess * noise() + if f == 0 || f == 1 + i / 3 { 1.0 } else { 0.0 })
                .collect()
        })
        .collect();
    let dot = |a: usize, b: usize| rows[a].iter().zip(&rows[b]).map(|(x, y)| x * y).sum::<f64>();
    (0..ITEMS * ITEMS)
        .map(|at| {
            let (a, b) = (at / ITEMS, at % ITEMS);
            if a == b { 1.0 } else { dot(a, b) / (dot(a, a) * dot(b, b)).sqrt() }
        })
        .collect()
}

/// As many sets as there are lanes: tame and wild ones, one whose items are all the same, one without any correlation.
fn sets(seed: u64) -> Vec<Vec<f64>> {
    let noisy = LANES as u64 - 2;
    let mut sets: Vec<Vec<f64>> =
        (0..noisy).map(|at| correlations(seed + at, if at < noisy / 2 { 0.4 } else { 1.2 })).collect();
    sets.push(vec![1.0; ITEMS * ITEMS]);
    sets.push((0..ITEMS * ITEMS).map(|at| f64::from(u8::from(at % (ITEMS + 1) == 0))).collect());
    sets
}

struct Solve<'a>(&'a Plan, &'a [Lanes], &'a mut Estimates<Lanes>);

impl Work for Solve<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "as in the engine")]
    fn run(self) {
        self.2.solve(self.0, self.1, Scope::All);
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|x| x.to_bits()).collect()
}

/// Compares all levels of this machine with single estimates; gives failures and settled lanes.
fn compare(settings: &Pls, text: &str, seed: u64) -> (Vec<Option<Failure>>, Vec<bool>) {
    let model = Arc::new(Model::parse(text).unwrap());
    let plan = Plan::new(&model, settings).unwrap();
    let sets = sets(seed);
    let mut s = vec![Lanes::zero(); ITEMS * ITEMS];
    for (lane, set) in sets.iter().enumerate() {
        s.iter_mut().zip(set).for_each(|(all, one)| all.set_lane(lane, *one));
    }
    let mut estimates = Estimates::<Lanes>::default();
    let mut single = Estimate::default();
    let mut failures = Vec::new();
    let mut settled = Vec::new();
    for level in Level::available() {
        level.run(Solve(&plan, &s, &mut estimates));
        failures.clear();
        settled.clear();
        for (lane, set) in sets.iter().enumerate() {
            let failure = single.run(&plan, set).err();
            assert_eq!(estimates.failure(lane), failure, "{level:?} lane {lane}");
            failures.push(failure);
            settled.push(estimates.converged.holds(lane));
            if failure.is_some() {
                continue;
            }
            let mut taken = Estimate::default();
            estimates.take(lane, &mut taken);
            assert_eq!(taken.converged, single.converged);
            assert_eq!(taken.change.to_bits(), single.change.to_bits());
            for (taken, single) in [
                (&taken.weights, &single.weights),
                (&taken.cross, &single.cross),
                (&taken.proxy_correlations, &single.proxy_correlations),
                (&taken.loadings, &single.loadings),
                (&taken.reliability_roots, &single.reliability_roots),
                (&taken.construct_correlations, &single.construct_correlations),
                (&taken.paths, &single.paths),
                (&taken.r_squared, &single.r_squared),
                (&taken.total_effects(&plan), &single.total_effects(&plan)),
            ] {
                assert_eq!(bits(taken), bits(single), "{level:?} lane {lane}");
            }
        }
    }
    assert_eq!(sets.len(), LANES);
    (failures, settled)
}

#[test]
fn every_mode_and_scheme_gives_the_bits_of_the_single_estimate() {
    let formative = REFLECTIVE.replace("=~", "<~");
    let mut failed = 0;
    for (round, &scheme) in [Scheme::Path, Scheme::Factorial, Scheme::Centroid].iter().enumerate() {
        for mode in [None, Some(Mode::B), Some(Mode::Unit), Some(Mode::Pca), Some(Mode::Bnnls)] {
            for text in [REFLECTIVE, &formative] {
                for consistent in [false, true] {
                    let settings = Pls { scheme: Some(scheme), mode, consistent, ..Pls::default() };
                    let (failures, _) = compare(&settings, text, 17 + 100 * round as u64);
                    failed += failures.iter().flatten().count();
                }
            }
        }
    }
    // The set whose items are all the same fails under many of them.
    assert!(failed > 20, "{failed}");
}

#[test]
fn lanes_that_do_not_settle_leave_the_others_alone() {
    for &criterion in Criterion::ALL {
        for limit in [1, 3, 5, 9] {
            let settings = Pls { max_iterations: limit, criterion, ..Pls::default() };
            compare(&settings, REFLECTIVE, 5);
        }
    }
    let settings = Pls { max_iterations: 6, ..Pls::default() };
    let (_, settled) = compare(&settings, REFLECTIVE, 5);
    assert!(settled.iter().any(|s| *s) && settled.iter().any(|s| !*s), "{settled:?}");
}

#[test]
fn corrections_cycles_and_instruments_too() {
    for &correction in Correction::ALL {
        compare(&Pls { consistent: true, correction, ..Pls::default() }, REFLECTIVE, 31);
    }
    for weighting in [Weighting::Unit, Weighting::Pca] {
        compare(&Pls { consistent: true, weighting, ..Pls::default() }, REFLECTIVE, 32);
    }
    let reliabilities = [("A".to_owned(), 0.8), ("D".to_owned(), 0.7)].into_iter().collect();
    compare(&Pls { reliabilities, ..Pls::default() }, REFLECTIVE, 33);
    let instruments = [("C".to_owned(), vec!["A".to_owned(), "D".to_owned()])].into_iter().collect();
    compare(&Pls { instruments, ..Pls::default() }, REFLECTIVE, 34);
}
