//! Draws answers from a population.
//!
//! Constructs without predictors and residuals are normal with the population's correlations; outcomes follow their
//! equations, interactions as products of the drawn values. Items of a factor are `y = λ η + e` with independent errors
//! (or stated error correlations); items of a composite correlate by the population's default, and the composite is
//! their weighted sum (`y = λ η + u − λ w'u`, `u` the items of the block, `λ = Σw`, `w'Σw = 1`). Every item is standard
//! normal and becomes an answer by thresholds: rounding to the scale, or stated shares. Last come reverse coding,
//! missing answers, straight-liners and careless cases.
//!
//! Case i is drawn from stream i of the seed: the first hundred of a thousand cases are those of a hundred.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use super::PlanError;
use super::causes::{Cause, Causes};
use super::implied::{Implied, pair};
use super::population::{Group, Population};
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Model};
use crate::stats::distribution::normal_quantile;
use crate::stats::linear::cholesky;
use crate::survey::{Survey, SurveyError};

/// The most cases that are drawn at once.
const MOST: usize = 10_000_000;

/// How answers are drawn.
///
/// ```
/// use trustpath::plan::Simulate;
/// use trustpath::{Model, Pls};
///
/// let model = Model::parse("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A")?;
/// let drawn = Simulate { cases: 200, seed: 7, ..Simulate::default() }.run(&model)?;
/// let fit = Pls::default().fit(&model, &drawn.survey()?)?;
/// assert_eq!(fit.n(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Simulate {
    /// Number of cases.
    pub cases: usize,
    /// The seed alone decides.
    pub seed: u64,
    /// What is true; everything not stated takes a default.
    pub population: Population,
    /// Real numbers in place of answers on a scale: what the population would say if boxes were infinitely fine.
    pub continuous: bool,
}

impl Default for Simulate {
    fn default() -> Self {
        Self { cases: 300, seed: 1, population: Population::default(), continuous: false }
    }
}

/// Answers that were drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    /// The items, in the order of the model.
    pub items: Vec<String>,
    /// One row per case, NaN where the answer is missing.
    pub rows: Vec<Vec<f64>>,
    /// The group of each case, if the population has groups.
    pub groups: Option<Vec<String>>,
    /// What the population implies, for each group or for the one population.
    pub implied: Vec<Implied>,
    continuous: bool,
}

/// One item, ready to be drawn.
struct ItemPlan {
    loading: f64,
    /// Thresholds between answers, in order; none for real numbers.
    thresholds: Vec<f64>,
    min: f64,
    max: f64,
    mean: f64,
    sd: f64,
    reverse: bool,
}

/// How the errors of a block are drawn.
enum Errors {
    /// Cholesky factor of their covariance.
    Factor(Vec<f64>),
    /// Correlation within the block, and weights with `w'Σw = 1`.
    Composite(f64, Vec<f64>),
}

struct BlockPlan {
    construct: usize,
    /// First item, in the order of the model.
    items: Vec<usize>,
    errors: Errors,
}

/// One group, ready to be drawn.
struct GroupPlan {
    name: String,
    /// Upper end of its share of the unit interval.
    upto: f64,
    implied: Implied,
    means: Vec<f64>,
    blocks: Vec<BlockPlan>,
    items: Vec<ItemPlan>,
}

impl Simulate {
    /// Draws answers to the items of a model.
    ///
    /// # Errors
    /// As [`Implied::of`]; besides TP1103 for shares that do not add to 1 and TP1107 for a number of cases out of range.
    pub fn run(&self, model: &Model) -> Result<Simulated, PlanError> {
        if self.cases == 0 || self.cases > MOST {
            return Err(Diagnostic::error("TP1107", format!("{} cases cannot be drawn", self.cases))
                .hint(format!("ask for 1 to {MOST}"))
                .into());
        }
        let causes = Causes::of(model)?;
        let single = [Group { share: 1.0, ..Group::default() }];
        let groups = if self.population.groups.is_empty() { &single[..] } else { &self.population.groups };
        let total: f64 = groups.iter().map(|group| group.share).sum();
        if (total - 1.0).abs() > 1e-6 || groups.iter().any(|group| !(0.0..=1.0).contains(&group.share)) {
            return Err(Diagnostic::error(
                "TP1103",
                format!("the shares of the groups add to {total}, not to 1"),
            )
            .into());
        }
        let mut plans = Vec::new();
        let mut upto = 0.0;
        for group in groups {
            upto += group.share;
            plans.push(self.group(model, &causes, group, upto)?);
        }
        let items = model.indicator_names();
        let mut rows = Vec::with_capacity(self.cases);
        let mut names = Vec::with_capacity(self.cases);
        for case in 0..self.cases {
            let mut draws = Draws::new(self.seed, case as u64);
            let at = draws.uniform();
            let Some(plan) = plans.iter().find(|plan| at < plan.upto).or(plans.last()) else { break };
            rows.push(self.case(plan, &mut draws, items.len()));
            names.push(plan.name.clone());
        }
        let groups = (!self.population.groups.is_empty()).then_some(names);
        let implied = plans.into_iter().map(|plan| plan.implied).collect();
        Ok(Simulated { items, rows, groups, implied, continuous: self.continuous })
    }

    fn group(
        &self,
        model: &Model,
        causes: &Causes,
        group: &Group,
        upto: f64,
    ) -> Result<GroupPlan, PlanError> {
        let own = self.population.of_group(group);
        let implied = Implied::of(model, &own)?;
        let names = causes.names();
        for key in group.means.keys() {
            if !names.contains(key) {
                let words =
                    format!("the group `{}` states a mean of `{key}`, which is no construct", group.name);
                return Err(Diagnostic::error("TP1102", words).into());
            }
        }
        let means = names.iter().map(|name| group.means.get(name).copied().unwrap_or(0.0)).collect();
        let all = model.indicator_names();
        let position = |name: &String| all.iter().position(|item| item == name);
        let mut items = Vec::new();
        for name in &all {
            items.push(item_plan(model, &own, name)?);
        }
        let mut blocks = Vec::new();
        for (construct, node) in causes.nodes.iter().enumerate() {
            let places: Vec<usize> = node.items.iter().filter_map(position).collect();
            if places.is_empty() {
                continue;
            }
            let errors = if node.kind == Kind::Composite && places.len() > 1 {
                composite(&own, &node.items, &places, &mut items)
            } else {
                factor(&own, &node.name, &node.items, &places, &mut items)?
            };
            blocks.push(BlockPlan { construct, items: places, errors });
        }
        Ok(GroupPlan { name: group.name.clone(), upto, implied, means, blocks, items })
    }

    fn case(&self, plan: &GroupPlan, draws: &mut Draws, items: usize) -> Vec<f64> {
        let who = &self.population.respondents;
        let kind = draws.uniform();
        let mut row = vec![f64::NAN; items];
        if kind < who.straight_liners {
            let at = draws.uniform();
            for (cell, item) in row.iter_mut().zip(&plan.items) {
                *cell = item.box_at(at);
            }
        } else if kind < who.straight_liners + who.careless {
            for (cell, item) in row.iter_mut().zip(&plan.items) {
                *cell = item.box_at(draws.uniform());
            }
        } else {
            let values = constructs(&plan.implied, &plan.means, draws);
            for block in &plan.blocks {
                let value = values[block.construct];
                let errors = block.draw(&plan.items, draws);
                for (&at, error) in block.items.iter().zip(errors) {
                    let item = &plan.items[at];
                    row[at] = item.answer(item.loading * value + error, self.continuous);
                }
            }
        }
        if who.missing > 0.0 {
            for cell in &mut row {
                if draws.uniform() < who.missing {
                    *cell = f64::NAN;
                }
            }
        }
        row
    }
}

/// How one item turns a normal number into an answer.
fn item_plan(model: &Model, population: &Population, name: &str) -> Result<ItemPlan, PlanError> {
    let entry = model.codebook.find(name);
    let min = entry.and_then(|entry| entry.min).unwrap_or(1.0);
    let max = entry.and_then(|entry| entry.max).unwrap_or(7.0);
    let reverse = entry.is_some_and(|entry| entry.reverse);
    let range = (max - min).max(0.0);
    let marginal = population.items.get(name);
    let defaults = &population.defaults;
    let mean = marginal.and_then(|m| m.mean).or(defaults.mean).unwrap_or(min + 0.6 * range);
    let sd = marginal.and_then(|m| m.sd).or(defaults.sd).unwrap_or(0.22 * range);
    if sd <= 0.0 || !sd.is_finite() || !mean.is_finite() {
        let words = format!("the answers to `{name}` have the standard deviation {sd} and the mean {mean}");
        return Err(Diagnostic::error("TP1103", words).hint("state a positive standard deviation").into());
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a scale has few points")]
    let steps = range.round().min(1000.0) as usize;
    let thresholds = match marginal.map(|m| m.shares.as_slice()).filter(|shares| !shares.is_empty()) {
        Some(shares) => {
            let total: f64 = shares.iter().sum();
            if shares.len() != steps + 1
                || (total - 1.0).abs() > 1e-3
                || shares.iter().any(|share| !(0.0..=1.0).contains(share))
            {
                let words = format!(
                    "`{name}` states {} shares that add to {total}; its scale from {min} to {max} has {} answers",
                    shares.len(),
                    steps + 1
                );
                return Err(Diagnostic::error("TP1103", words)
                    .hint("state one share per answer, from the lowest to the highest, that add to 1")
                    .into());
            }
            thresholds(shares)
        }
        None => (0..steps).map(|step| (min + step as f64 + 0.5 - mean) / sd).collect(),
    };
    Ok(ItemPlan { loading: 1.0, thresholds, min, max, mean, sd, reverse })
}

/// Thresholds of a standard normal variable whose categories have these shares: `τ = Φ⁻¹(cumulated share)`.
///
/// ```
/// // Trust in the Internet, January 2007, from `not at all` to `very much` (survey of the CNNIC).
/// let tau = trustpath::plan::thresholds(&[0.017, 0.057, 0.546, 0.323, 0.057]);
/// let rounded: Vec<String> = tau.iter().map(|t| format!("{t:.3}")).collect();
/// assert_eq!(rounded, ["-2.120", "-1.447", "0.305", "1.580"]);
/// ```
pub fn thresholds(shares: &[f64]) -> Vec<f64> {
    let total: f64 = shares.iter().sum();
    let mut sum = 0.0;
    let upto = shares.len().saturating_sub(1);
    shares
        .iter()
        .take(upto)
        .map(|share| {
            sum += share / total;
            normal_quantile(sum.min(1.0))
        })
        .collect()
}

impl ItemPlan {
    /// The answer that a standard normal value gives.
    fn answer(&self, value: f64, continuous: bool) -> f64 {
        let plain = if continuous {
            self.mean + self.sd * value
        } else {
            self.min + self.thresholds.iter().filter(|&&threshold| value > threshold).count() as f64
        };
        if self.reverse { self.min + self.max - plain } else { plain }
    }

    /// The box at a share of the way from the lowest to the highest.
    fn box_at(&self, share: f64) -> f64 {
        let boxes = (self.max - self.min).round() + 1.0;
        (self.min + (share * boxes).floor()).min(self.max)
    }
}

/// Loadings and error covariance of a factor's block.
fn factor(
    population: &Population,
    construct: &str,
    names: &[String],
    places: &[usize],
    items: &mut [ItemPlan],
) -> Result<Errors, PlanError> {
    let k = places.len();
    let all = &population.loadings;
    let single = if k == 1 { 1.0 } else { population.defaults.loading };
    let loading = |name: &String| all.get(name).or_else(|| all.get(construct)).copied().unwrap_or(single);
    let errors: Vec<f64> = names.iter().map(|name| (1.0 - loading(name).powi(2)).max(0.0).sqrt()).collect();
    for (name, &at) in names.iter().zip(places) {
        items[at].loading = loading(name);
    }
    let mut covariance = vec![0.0; k * k];
    for a in 0..k {
        for b in 0..k {
            let stated = population.correlations.iter().find(|(key, _)| {
                pair(key).is_some_and(|(x, y)| {
                    (x == names[a] && y == names[b]) || (x == names[b] && y == names[a])
                })
            });
            let r = if a == b { 1.0 } else { stated.map_or(0.0, |(_, r)| *r) };
            covariance[a * k + b] = r * errors[a] * errors[b];
        }
    }
    if covariance.iter().all(|x| *x == 0.0) {
        return Ok(Errors::Factor(covariance));
    }
    // An item without error has a row of zeros, which the factor keeps.
    for a in 0..k {
        covariance[a * k + a] = covariance[a * k + a].max(1e-300);
    }
    if !cholesky(&mut covariance, k) {
        return Err(Diagnostic::error(
            "TP1105",
            format!("the errors of the items of `{construct}` cannot correlate like this"),
        )
        .hint("bring their correlations nearer to 0")
        .into());
    }
    for a in 0..k {
        for b in a + 1..k {
            covariance[a * k + b] = 0.0;
        }
    }
    Ok(Errors::Factor(covariance))
}

/// Loadings and weights of a composite's block.
fn composite(population: &Population, names: &[String], places: &[usize], items: &mut [ItemPlan]) -> Errors {
    let r = population.defaults.correlation;
    let raw: Vec<f64> =
        names.iter().map(|name| population.weights.get(name).copied().unwrap_or(1.0)).collect();
    let sum: f64 = raw.iter().sum();
    // Σ = (1 − r) I + r 11'
    let variance: f64 = (1.0 - r) * raw.iter().map(|w| w * w).sum::<f64>() + r * sum * sum;
    let scale = if variance > 0.0 { 1.0 / variance.sqrt() } else { 0.0 };
    let weights: Vec<f64> = raw.iter().map(|w| w * scale).collect();
    let total: f64 = weights.iter().sum();
    for (&at, w) in places.iter().zip(&weights) {
        items[at].loading = (1.0 - r) * w + r * total;
    }
    Errors::Composite(r, weights)
}

impl BlockPlan {
    fn draw(&self, items: &[ItemPlan], draws: &mut Draws) -> Vec<f64> {
        let k = self.items.len();
        match &self.errors {
            Errors::Factor(factor) => {
                let normal: Vec<f64> = (0..k).map(|_| draws.normal()).collect();
                (0..k).map(|a| (0..=a).map(|b| factor[a * k + b] * normal[b]).sum()).collect()
            }
            Errors::Composite(r, weights) => {
                let common = draws.normal() * r.sqrt();
                let u: Vec<f64> = (0..k).map(|_| common + draws.normal() * (1.0 - r).sqrt()).collect();
                let score: f64 = u.iter().zip(weights).map(|(u, w)| u * w).sum();
                u.iter().zip(&self.items).map(|(u, &at)| u - items[at].loading * score).collect()
            }
        }
    }
}

/// Values of all constructs of one case.
fn constructs(implied: &Implied, means: &[f64], draws: &mut Draws) -> Vec<f64> {
    let mut values = vec![0.0; means.len()];
    let mut normal: Vec<f64> = Vec::new();
    let rows = implied.factor.len();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the root of a square count")]
    let k = (rows as f64).sqrt().round() as usize;
    for equation in &implied.equations {
        let mut value = 0.0;
        for (cause, b) in &equation.terms {
            value += b * match cause {
                Cause::One(from) => values[*from],
                Cause::Product(x, y) => {
                    let known =
                        implied.products.iter().find(|(c, d, _)| (c, d) == (x, y) || (d, c) == (x, y));
                    values[*x] * values[*y] - known.map_or(0.0, |(.., mean)| *mean)
                }
            };
        }
        if equation.residual > 0.0 {
            let at = normal.len();
            normal.push(draws.normal());
            let correlated: f64 =
                (0..=at).map(|b| implied.factor.get(at * k + b).copied().unwrap_or(0.0) * normal[b]).sum();
            value += equation.residual * correlated;
        }
        values[equation.construct] = value;
    }
    // Means are of the constructs as they are, not passed on along the paths.
    values.iter().zip(means).map(|(value, mean)| value + mean).collect()
}

impl Simulated {
    /// The answers as a CSV file: `id`, `group` if there are groups, then the items; missing answers are empty.
    pub fn csv(&self) -> String {
        let mut text = String::from("id");
        if self.groups.is_some() {
            text.push_str(",group");
        }
        for item in &self.items {
            text.push(',');
            text.push_str(&cell(item));
        }
        text.push('\n');
        for (at, row) in self.rows.iter().enumerate() {
            text.push_str(&(at + 1).to_string());
            if let Some(groups) = &self.groups {
                text.push(',');
                text.push_str(&cell(groups.get(at).map_or("", String::as_str)));
            }
            for value in row {
                text.push(',');
                if value.is_nan() {
                } else if self.continuous {
                    text.push_str(&format!("{value:.6}"));
                } else {
                    text.push_str(&value.to_string());
                }
            }
            text.push('\n');
        }
        text
    }

    /// The answers as a survey, as if the file had been read.
    ///
    /// # Errors
    /// Those of [`Survey::from_bytes`], such as a single column.
    pub fn survey(&self) -> Result<Survey, SurveyError> {
        Survey::from_bytes("simulated", self.csv().as_bytes())
    }
}

/// A text as a cell of a CSV file.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r', ';']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Random numbers of one case.
struct Draws {
    rng: ChaCha8Rng,
    spare: Option<f64>,
}

impl Draws {
    fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self { rng, spare: None }
    }

    /// Uniform on [0, 1), 53 bits.
    fn uniform(&mut self) -> f64 {
        (self.rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal by the polar transform of Box and Muller; libm gives the same bits on every machine.
    fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        let angle = 2.0 * std::f64::consts::PI * self.uniform();
        self.spare = Some(radius * libm::sin(angle));
        radius * libm::cos(angle)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::Pls;
    use crate::model::Codebook;
    use crate::moments::Moments;
    use crate::survey::{Sample, SampleSettings};

    fn population(text: &str) -> Population {
        Population::parse("p", text).unwrap()
    }

    fn moments(model: &Model, drawn: &Simulated) -> Moments {
        let sample = Sample::draw(model, &drawn.survey().unwrap(), &SampleSettings::default()).unwrap();
        Moments::of(&sample)
    }

    const MODEL: &str = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2 + c3\nB ~ A\nC ~ A + B\n";

    #[test]
    fn the_seed_decides_and_more_cases_only_follow() {
        let model = Model::parse(MODEL).unwrap();
        let draw = |cases, seed| Simulate { cases, seed, ..Simulate::default() }.run(&model).unwrap();
        assert_eq!(draw(50, 3), draw(50, 3));
        assert_ne!(draw(50, 3).rows, draw(50, 4).rows);
        assert_eq!(draw(50, 3).rows, draw(80, 3).rows[..50]);
    }

    #[test]
    fn consistent_pls_finds_the_population_again() {
        let model = Model::parse(MODEL).unwrap();
        let truth =
            "[paths]\n\"B ~ A\" = 0.5\n\"C ~ A\" = -0.3\n\"C ~ B\" = 0.6\n[loadings]\na1 = 0.9\nC = 0.7\n";
        let cases = 20_000;
        let run = Simulate { cases, continuous: true, population: population(truth), ..Simulate::default() };
        let drawn = run.run(&model).unwrap();
        let fit = Pls { consistent: true, ..Pls::default() }.fit(&model, &drawn.survey().unwrap()).unwrap();
        // Five standard errors of a correlation; loadings and disattenuated paths vary a little more.
        let error = 5.0 / (cases as f64).sqrt() * 1.5;
        for (path, value) in [(("A", "B"), 0.5), (("A", "C"), -0.3), (("B", "C"), 0.6)] {
            let found = fit.path_coefficients().get(path.0, path.1).unwrap();
            assert!((found - value).abs() < error, "{path:?}: {found}");
        }
        for (item, construct, value) in [("a1", "A", 0.9), ("a2", "A", 0.8), ("c3", "C", 0.7)] {
            let found = fit.loadings().get(item, construct).unwrap();
            assert!((found - value).abs() < error, "{item}: {found}");
        }
    }

    #[test]
    fn composites_are_what_they_are_made_of() {
        let model = Model::parse("V <~ v1 + v2 + v3\nT =~ t1 + t2 + t3\nT ~ V\n").unwrap();
        let truth = "[paths]\n\"T ~ V\" = 0.6\n[weights]\nv1 = 2\n[defaults]\ncorrelation = 0.2\n";
        let cases = 20_000;
        let run = Simulate { cases, continuous: true, population: population(truth), ..Simulate::default() };
        let drawn = run.run(&model).unwrap();
        let m = moments(&model, &drawn);
        assert!((m.r(0, 1) - 0.2).abs() < 0.03, "{}", m.r(0, 1));
        let fit = Pls { consistent: true, ..Pls::default() }.fit(&model, &drawn.survey().unwrap()).unwrap();
        assert!((fit.path_coefficients().get("V", "T").unwrap() - 0.6).abs() < 0.05);
        let w = |item: &str| fit.weights().get(item, "V").unwrap();
        assert!((w("v1") / w("v2") - 2.0).abs() < 0.25 && (w("v2") / w("v3") - 1.0).abs() < 0.15);
    }

    #[test]
    fn errors_may_correlate() {
        let model = Model::parse(&format!("{MODEL}a1 ~~ a2\n")).unwrap();
        let truth = population("[correlations]\n\"a1 ~~ a2\" = 0.5\n");
        let run = Simulate { cases: 20_000, continuous: true, population: truth, ..Simulate::default() };
        let m = moments(&model, &run.run(&model).unwrap());
        // .8² + .5 × .36 = .82, and .64 without.
        assert!((m.r(0, 1) - 0.82).abs() < 0.02 && (m.r(0, 2) - 0.64).abs() < 0.03);
    }

    #[test]
    fn answers_have_the_stated_shares_and_reverse_coding() {
        let codebook = "item,min,max,reverse\na1,1,5,no\na2,1,5,yes\na3,1,5,no\n";
        let model = Model::parse(MODEL).unwrap().with_codebook(Codebook::parse("c", codebook).unwrap());
        let shares = [0.017, 0.057, 0.546, 0.323, 0.057];
        let truth = population("[items.a1]\nshares = [0.017, 0.057, 0.546, 0.323, 0.057]\n");
        let drawn = Simulate { cases: 20_000, population: truth, ..Simulate::default() }.run(&model).unwrap();
        for (at, share) in shares.iter().enumerate() {
            let count = drawn.rows.iter().filter(|row| row[0] == at as f64 + 1.0).count();
            assert!((count as f64 / 20_000.0 - share).abs() < 0.02, "{at}: {count}");
        }
        let r =
            |a: usize, b: usize| drawn.rows.iter().map(|row| (row[a] - 3.0) * (row[b] - 3.0)).sum::<f64>();
        assert!(r(0, 2) > 0.0 && r(1, 2) < r(0, 2));
        assert!(drawn.rows.iter().flatten().all(|answer| answer.fract() == 0.0));
    }

    #[test]
    fn respondents_miss_answers_and_tick_one_box() {
        let model = Model::parse(MODEL).unwrap();
        let truth = population("[respondents]\nmissing = 0.1\nstraight_liners = 0.2\n");
        let drawn = Simulate { cases: 5_000, population: truth, ..Simulate::default() }.run(&model).unwrap();
        let empty = drawn.rows.iter().flatten().filter(|answer| answer.is_nan()).count();
        assert!((empty as f64 / 45_000.0 - 0.1).abs() < 0.01);
        let lines = drawn.rows.iter().filter(|row| {
            let mut seen = row.iter().filter(|answer| !answer.is_nan());
            let first = seen.next();
            seen.all(|answer| Some(answer) == first)
        });
        assert!((lines.count() as f64 / 5_000.0 - 0.2).abs() < 0.03);
    }

    #[test]
    fn groups_differ_as_stated() {
        let model = Model::parse(MODEL).unwrap();
        let truth = population(
            "[paths]\n\"B ~ A\" = 0.7\n[[group]]\nname = \"x\"\nshare = 0.5\n[[group]]\nname = \"y\"\nshare = 0.5\n\
             means = { B = 1.0 }\npaths = { \"B ~ A\" = 0.0 }\n",
        );
        let run = Simulate { cases: 10_000, continuous: true, population: truth, ..Simulate::default() };
        let drawn = run.run(&model).unwrap();
        let of = |name: &str, at: usize| {
            let groups = drawn.groups.as_ref().unwrap();
            let chosen: Vec<f64> =
                drawn.rows.iter().zip(groups).filter(|(_, g)| *g == name).map(|(row, _)| row[at]).collect();
            chosen.iter().sum::<f64>() / chosen.len() as f64
        };
        // One standard deviation of B is .8 of an item's, whose standard deviation is 1.32.
        assert!((of("y", 3) - of("x", 3) - 0.8 * 1.32).abs() < 0.1);
        assert!((of("y", 0) - of("x", 0)).abs() < 0.1);
        assert_eq!(drawn.implied[1].correlations().get("A", "B"), Some(0.0));
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        let model = Model::parse(MODEL).unwrap();
        let none = Simulate { cases: 0, ..Simulate::default() }.run(&model).unwrap_err().to_string();
        assert!(none.contains("TP1107"), "{none}");
        for text in [
            "[items.a1]\nshares = [0.5, 0.5]\n",
            "[[group]]\nname = \"x\"\nshare = 0.4\n",
            "[items.a1]\nsd = 0\n",
        ] {
            let run = Simulate { population: population(text), ..Simulate::default() };
            let error = run.run(&model).unwrap_err().to_string();
            assert!(error.contains("TP1103"), "{text}: {error}");
        }
    }
}
