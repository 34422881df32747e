//! The quantities of an estimate, or of sixteen resamples side by side.
//!
//! The kernels are those of the assessment, in the definitions of the literature
//! ([`crate::assess::Conventions::default`]). A value that does not exist in a resample is NaN there and left out of its
//! summary.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::distances::Distances;
use super::quantities::{Before, Kind, Quantities, is_reflected, pairs, reflected};
use crate::assess::{
    Htmt, alpha, ave, dijkstra_henseler, effect_size, htmt_of_blocks, joreskog, push_vif, srmr,
};
use crate::model::Formula;
use crate::pls::{Block, Equation, Estimate, Estimates, Plan, PlsFit};
use crate::stats::linear;
use crate::stats::real::Real;

/// What reading works with, from resample to resample.
#[derive(Debug, Clone, Default)]
pub(super) struct Desk<R> {
    /// Total effects, `from × to`.
    total: Vec<R>,
    /// VIF of the predictors, equation after equation.
    inflation: Vec<R>,
    /// Standardised paths of one equation.
    paths: Vec<R>,
    pub(super) room: Vec<R>,
    /// HTMT of all pairs.
    ratios: Vec<R>,
    /// One of several estimates and its correlations, for what has no form side by side.
    pub(super) single: Estimate,
    pub(super) correlation: Vec<f64>,
}

/// The estimate of a stage and the correlations of its items.
pub(super) type Stage<'a, R> = (&'a Estimates<R>, &'a [R]);

impl Quantities {
    /// The quantities of the sample itself.
    pub(super) fn of_sample(&self, fit: &PlsFit) -> Vec<f64> {
        let stage = |fit: &'_ PlsFit| (fit.estimate.clone(), fit.moments.correlation.clone());
        let earlier: Vec<_> = fit.earlier().iter().map(stage).collect();
        let earlier: Vec<Stage<'_, f64>> = earlier.iter().map(|(e, s)| (e, s.as_slice())).collect();
        let last = (&fit.estimate, fit.moments.correlation.as_slice());
        let (mut values, mut desk) = (Vec::new(), Desk::default());
        let s = &fit.answer_moments().correlation;
        let distances = self.distances_in_stages(&fit.plan, last.0, &earlier, (&fit.scales, s), &mut desk);
        self.read(&fit.plan, last, &earlier, distances, &mut desk, &mut values);
        values
    }

    /// Appends the quantities of an estimate, in the order of the list; `earlier` are the stages before, if there are any. The
    /// distances of a model in stages are given, for they take the correlations of the answers.
    #[inline(always)]
    pub(super) fn read<R: Real>(
        &self,
        plan: &Plan,
        (estimate, s): Stage<'_, R>,
        earlier: &[Stage<'_, R>],
        distances: Option<Distances<R>>,
        desk: &mut Desk<R>,
        out: &mut Vec<R>,
    ) {
        let (k, p) = (plan.constructs(), plan.items);
        let wants = |kinds: &[Kind]| kinds.iter().any(|kind| self.kinds.contains(kind));
        out.reserve(self.list.len());
        if wants(&[Kind::TotalEffect, Kind::IndirectEffect]) {
            estimate.add_effects(plan, &mut desk.total);
        }
        if wants(&[Kind::FSquared, Kind::Vif]) {
            desk.inflation.clear();
            for equation in &plan.equations {
                let (x, r) = (&equation.predictors, &estimate.construct_correlations);
                push_vif(x.len(), |a, b| r[x[a] * k + x[b]], &mut desk.room, &mut desk.inflation);
            }
        }
        let distances = distances.unwrap_or_else(|| self.distances(plan, estimate, s, desk));
        for kind in &self.kinds {
            match kind {
                Kind::Path => out.extend_from_slice(&estimate.paths),
                Kind::Weight => {
                    out.extend_from_slice(&estimate.weights);
                    self.push_before(earlier, out, |stage| &stage.weights);
                }
                Kind::Loading => {
                    out.extend_from_slice(&estimate.loadings);
                    self.push_before(earlier, out, |stage| &stage.loadings);
                }
                Kind::TotalEffect => {
                    for &(from, to) in &self.effects {
                        out.push(desk.total[from * k + to]);
                    }
                }
                Kind::IndirectEffect => {
                    for &(from, to) in &self.indirect {
                        let total = desk.total[from * k + to];
                        out.push(direct(plan, from, to).map_or(total, |path| total - estimate.paths[path]));
                    }
                }
                Kind::SpecificIndirect => {
                    for product in estimate.specific_indirect(plan) {
                        out.push(product);
                    }
                }
                Kind::Contrast => {
                    for contrast in &self.contrasts {
                        out.push(contrast.value(&estimate.paths));
                    }
                }
                Kind::Defined if self.formulas.is_empty() => {}
                Kind::Defined => out.extend(Formula::values(&self.formulas, &estimate.paths)),
                Kind::Htmt => self.push_htmt(self.ratio, s, earlier, &mut desk.ratios, out),
                Kind::Htmt2 => self.push_htmt(Htmt::Geometric, s, earlier, &mut desk.ratios, out),
                Kind::ConstructCorrelation => {
                    for i in 0..k {
                        out.extend_from_slice(&estimate.construct_correlations[i * k + i + 1..(i + 1) * k]);
                    }
                }
                Kind::Alpha | Kind::RhoA | Kind::RhoC | Kind::Ave => {
                    for (j, block) in reflected(plan) {
                        out.push(reliability(*kind, p, estimate, s, j, block));
                    }
                    for (before, (estimate, s)) in self.stages_before(earlier) {
                        for (j, block) in before.own_blocks().filter(|(_, block)| is_reflected(block)) {
                            out.push(reliability(*kind, before.plan.items, estimate, s, j, block));
                        }
                    }
                }
                Kind::RSquared => out.extend_from_slice(&estimate.r_squared),
                Kind::AdjRSquared => {
                    for (equation, r2) in plan.equations.iter().zip(&estimate.r_squared) {
                        out.push(adjusted(*r2, self.cases, equation.predictors.len()));
                    }
                }
                Kind::FSquared => {
                    let mut inflation = desk.inflation.iter();
                    for (equation, r2) in plan.equations.iter().zip(&estimate.r_squared) {
                        self.standardised_paths(equation, estimate, k, &mut desk.room, &mut desk.paths);
                        for (b, vif) in desk.paths.iter().zip(&mut inflation) {
                            out.push(effect_size(*b, *vif, *r2));
                        }
                    }
                }
                Kind::Vif => {
                    let mut from = 0;
                    for equation in &plan.equations {
                        let to = from + equation.predictors.len();
                        // A single predictor has nothing to be collinear with.
                        if to - from > 1 {
                            out.extend_from_slice(&desk.inflation[from..to]);
                        }
                        from = to;
                    }
                }
                Kind::ItemVif => {
                    for block in &plan.blocks {
                        let r = |a: usize, b: usize| s[(block.start + a) * p + block.start + b];
                        push_vif(block.len, r, &mut desk.room, out);
                    }
                    for (before, (_, s)) in self.stages_before(earlier) {
                        let p = before.plan.items;
                        for (_, block) in before.own_blocks() {
                            let r = |a: usize, b: usize| s[(block.start + a) * p + block.start + b];
                            push_vif(block.len, r, &mut desk.room, out);
                        }
                    }
                }
                Kind::Srmr => {
                    let items = self.answers.as_ref().map_or(p, |answers| answers.count);
                    for sum in distances.squares {
                        out.push(srmr(sum, items));
                    }
                }
                // Half of the sum over both triangles is the sum over one.
                Kind::DUls => out.extend_from_slice(&distances.squares),
                Kind::DG => out.extend_from_slice(&distances.d_g),
                Kind::DMl => out.extend_from_slice(&distances.d_ml),
            }
        }
    }
}

impl Quantities {
    /// Earlier stages that have something to show, each with its estimate.
    #[inline(always)]
    fn stages_before<'a, R: Real>(
        &'a self,
        earlier: &'a [Stage<'a, R>],
    ) -> impl Iterator<Item = (&'a Before, Stage<'a, R>)> {
        self.before.iter().filter_map(|before| Some((before, *earlier.get(before.stage)?)))
    }

    /// Appends one number per item of the constructs that an earlier stage measures.
    #[inline(always)]
    fn push_before<R: Real>(
        &self,
        earlier: &[Stage<'_, R>],
        out: &mut Vec<R>,
        each: impl for<'b> Fn(&'b Estimates<R>) -> &'b [R],
    ) {
        for (before, (estimate, _)) in self.stages_before(earlier) {
            for (_, block) in before.own_blocks() {
                out.extend_from_slice(&each(estimate)[block.start..block.start + block.len]);
            }
        }
    }

    /// Appends HTMT of the pairs that it tells apart, in the last stage and in those before.
    #[inline(always)]
    fn push_htmt<R: Real>(
        &self,
        ratio: Htmt,
        s: &[R],
        earlier: &[Stage<'_, R>],
        ratios: &mut Vec<R>,
        out: &mut Vec<R>,
    ) {
        let p = self.blocks.iter().sum();
        if self.told_apart.is_empty() {
            return htmt_of_blocks(ratio, &self.blocks, s, p, out);
        }
        ratios.clear();
        htmt_of_blocks(ratio, &self.blocks, s, p, ratios);
        for (value, _) in ratios.iter().zip(&self.told_apart).filter(|(_, apart)| **apart) {
            out.push(*value);
        }
        for (before, (_, s)) in self.stages_before(earlier) {
            ratios.clear();
            htmt_of_blocks(ratio, &before.blocks, s, before.plan.items, ratios);
            for (value, pair) in ratios.iter().zip(pairs(before.blocks.len())) {
                if before.pairs.contains(&pair) {
                    out.push(*value);
                }
            }
        }
    }

    /// The paths of an equation in standard deviations: as they are, or from the correlations of its constructs.
    #[inline(always)]
    fn standardised_paths<R: Real>(
        &self,
        equation: &Equation,
        estimate: &Estimates<R>,
        k: usize,
        room: &mut Vec<R>,
        paths: &mut Vec<R>,
    ) {
        paths.clear();
        if self.standardised {
            for &path in &equation.paths {
                paths.push(estimate.paths[path]);
            }
            return;
        }
        let r = &estimate.construct_correlations;
        room.clear();
        for &x in &equation.predictors {
            for &other in &equation.predictors {
                room.push(r[x * k + other]);
            }
            paths.push(r[x * k + equation.outcome]);
        }
        let m = equation.predictors.len();
        let sound = linear::eliminate(&mut room[..m * m], m, paths);
        for b in paths {
            *b = R::select(sound, *b, R::nan());
        }
    }
}

/// The path from one construct to another, if there is one.
fn direct(plan: &Plan, from: usize, to: usize) -> Option<usize> {
    let of = |equation: &Equation| {
        let at = equation.predictors.iter().position(|&x| x == from)?;
        equation.paths.get(at).copied()
    };
    plan.equations.iter().filter(|equation| equation.outcome == to).find_map(of)
}

/// A reliability or the AVE of construct `j`.
#[inline(always)]
fn reliability<R: Real>(
    kind: Kind,
    p: usize,
    estimate: &Estimates<R>,
    s: &[R],
    j: usize,
    block: &Block,
) -> R {
    let start = block.start;
    let r = |a: usize, b: usize| s[(start + a) * p + start + b];
    let loadings = &estimate.loadings[start..start + block.len];
    match kind {
        Kind::Alpha => alpha(block.len, r),
        Kind::RhoA if block.corrected || block.reliability.is_some() => {
            let root = estimate.reliability_roots[j];
            root * root
        }
        Kind::RhoA => dijkstra_henseler(&estimate.weights[start..start + block.len], r),
        Kind::RhoC => {
            let mut errors = R::zero();
            for &(a, b) in &block.correlated {
                errors += r(a, b) - loadings[a] * loadings[b];
            }
            joreskog(loadings, errors)
        }
        _ => ave(loadings),
    }
}

/// Adjusted R² of an equation with `k` predictors; NaN where no degree of freedom is left.
#[inline(always)]
fn adjusted<R: Real>(r_squared: R, n: f64, k: usize) -> R {
    let degrees = n - k as f64 - 1.0;
    if degrees <= 0.0 {
        return R::nan();
    }
    R::one() - (R::one() - r_squared) * R::splat(n - 1.0) / R::splat(degrees)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::contrast::Contrast;
    use super::*;
    use crate::model::Model;
    use crate::moments::Moments;
    use crate::pls::{Pls, PlsFit};
    use crate::stats::real::{LANES, Lanes, Mask};
    use crate::stats::simd::{Level, Work};
    use crate::survey::{Column, Survey, Values};

    /// 40 answers to ten items that share something.
    fn fit(text: &str, consistent: bool) -> PlsFit {
        let mut state = 5_u64;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        };
        let mut columns = vec![Vec::new(); 10];
        for _ in 0..40 {
            let shared = noise();
            for group in columns.chunks_mut(3) {
                let own = shared + noise();
                for column in group {
                    column.push(Some((2.0 * own + noise()).round()));
                }
            }
        }
        let names = ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3", "d1"];
        let columns = names
            .iter()
            .zip(columns)
            .map(|(name, cells)| Column { name: (*name).to_owned(), values: Values::Numbers(cells) });
        let survey = Survey::from_columns("<test>", columns.collect()).unwrap();
        Pls { consistent, ..Pls::default() }.fit(&Model::parse(text).unwrap(), &survey).unwrap()
    }

    struct ReadAll<'a>(&'a Quantities, &'a Plan, &'a [Lanes], &'a mut Estimates<Lanes>, &'a mut Vec<Lanes>);

    impl Work for ReadAll<'_> {
        #[inline(always)]
        fn run(self) {
            self.3.solve(self.1, self.2, self.0.scope(self.1));
            self.0.read(self.1, (self.3, self.2), &[], None, &mut Desk::default(), self.4);
        }
    }

    fn compare(text: &str, consistent: bool, ratio: Htmt) {
        compare_kinds(text, consistent, ratio, Kind::ALL);
        // What needs no correlation of constructs but those of the equations.
        let narrow = |kind: &&Kind| **kind != Kind::ConstructCorrelation && !Kind::DISTANCES.contains(kind);
        let kinds: Vec<Kind> = Kind::ALL.iter().filter(narrow).copied().collect();
        compare_kinds(text, consistent, ratio, &kinds);
    }

    fn compare_kinds(text: &str, consistent: bool, ratio: Htmt, kinds: &[Kind]) {
        let fit = fit(text, consistent);
        let contrast = Contrast::parse("A -> C - B -> C", &fit.model).unwrap();
        let quantities = Quantities::of(&fit, ratio, kinds, vec![contrast]);
        let sample = fit.answers().unwrap();
        let mut sets: Vec<Vec<f64>> = (0..LANES - 1)
            .map(|lane| {
                let weights: Vec<f64> = (0..40).map(|i| ((i * (lane + 3) + lane) % 4) as f64).collect();
                Moments::weighted(sample, &weights).correlation
            })
            .collect();
        // Items that are all the same: nothing that needs an inverse exists.
        sets.push(vec![1.0; 100]);
        let mut s = vec![Lanes::default(); 100];
        for (lane, set) in sets.iter().enumerate() {
            s.iter_mut().zip(set).for_each(|(all, r)| all.set_lane(lane, *r));
        }
        for level in Level::available() {
            let (mut estimates, mut all) = (Estimates::default(), Vec::new());
            level.run(ReadAll(&quantities, &fit.plan, &s, &mut estimates, &mut all));
            assert_eq!(all.len(), quantities.list.len());
            let mut compared = 0;
            for (lane, set) in sets.iter().enumerate() {
                let mut estimate = Estimate::default();
                if estimate.run(&fit.plan, set).is_err() {
                    assert!(estimates.failure(lane).is_some());
                    continue;
                }
                compared += 1;
                let mut alone = Vec::new();
                quantities.read(&fit.plan, (&estimate, set), &[], None, &mut Desk::default(), &mut alone);
                for ((all, alone), quantity) in all.iter().zip(&alone).zip(&quantities.list) {
                    let all = all.lane(lane);
                    let same = all.to_bits() == alone.to_bits() || (all.is_nan() && alone.is_nan());
                    assert!(same, "{level:?} lane {lane} {quantity:?}: {all} {alone}");
                }
            }
            assert!(compared >= 4, "{compared}");
            assert!(estimates.converged.any());
        }
    }

    #[test]
    fn effect_sizes_and_vif_of_a_model_in_stages_are_those_of_the_assessment() {
        let text =
            "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2 + c3\nD =~ d1\nC ~ A + B + A:B + D\nB ~ A";
        let fit = fit(text, false);
        assert!(fit.staged.is_some());
        let quantities = Quantities::of(&fit, Htmt::Absolute, &[Kind::FSquared, Kind::Vif], Vec::new());
        let values = quantities.of_sample(&fit);
        assert_eq!(values.len(), 9);
        let assessment = crate::Assessment::of(&fit, crate::Conventions::default());
        for (quantity, value) in quantities.list.iter().zip(values) {
            let (from, to) = (quantity.from.as_str(), quantity.to.as_str());
            let expected = match quantity.kind {
                Kind::FSquared => assessment.f_squared.get(from, to),
                _ => assessment.vif_antecedents[to].get(from),
            };
            assert!(expected.is_some_and(|e| (value - e).abs() < 1e-12), "{quantity:?} {value} {expected:?}");
        }
    }

    #[test]
    fn lanes_have_the_bits_of_each_alone() {
        let measured = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2 + c3\nD =~ d1\n";
        let plain =
            format!("{measured}B ~ x*A\nC ~ z*A + y*B\nD ~ A + B + C\nxy := x*y\nodd := (x - 2)^3 / z + xy");
        for consistent in [false, true] {
            for ratio in [Htmt::Absolute, Htmt::Signed] {
                compare(&plain, consistent, ratio);
            }
            compare(&format!("{plain}\na1 ~~ a2"), consistent, Htmt::Absolute);
            compare(&plain.replace("A =~", "A <~"), consistent, Htmt::Absolute);
            let instruments = "#@ instruments B A D\n#@ instruments C A D";
            compare(&format!("{measured}B ~ D + C\nC ~ A + B\n{instruments}"), consistent, Htmt::Absolute);
        }
    }
}
