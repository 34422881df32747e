//! The correlations of the constructs that a population implies.
//!
//! Every construct is a linear combination of *sources*: constructs without predictors (correlation Φ), products of
//! constructs, and residuals. With the covariance S of the sources and the row a of a construct,
//! `var = a S a'` and `cov(a, b) = a S b'`; every construct has variance 1. An outcome with explained variance V and
//! a residual that correlates with those of earlier outcomes by r has the residual standard deviation x that solves
//! `x² + 2 c x + V = 1`, where `c = Σ aₖ rₖ sₖ` over these residuals.
//!
//! For products of standard normal constructs (Isserlis 1918, doi:10.1093/biomet/12.1-2.134):
//! `cov(AB, CD) = ρ(A,C) ρ(B,D) + ρ(A,D) ρ(B,C)`, and no product correlates with what is normal. Constructs that
//! depend on a product are not normal, so that they cannot be part of another product here.
//!
//! Paths that are not stated are alike (with the signs of their hypotheses) and bring the R² of their outcome to the
//! population's `r_squared`: with stated paths b and signs s, t solves `t² s'Rs + 2 t s'Rb + b'Rb = R²`.

use super::PlanError;
use super::causes::{Cause, Causes, Effect, Node};
use super::items::no_weights;
use super::names::{check_names, pair, stated_path};
use super::population::Population;
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Model};
use crate::stats::linear::cholesky;
use crate::table::Matrix;

/// A construct's value in the population: a coefficient for each cause, and a residual.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Equation {
    /// Position of the construct.
    pub(super) construct: usize,
    /// Causes and coefficients; empty for a construct without predictors.
    pub(super) terms: Vec<(Cause, f64)>,
    /// Standard deviation of the residual.
    pub(super) residual: f64,
}

/// What a population implies for a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Implied {
    names: Vec<String>,
    /// In causal order.
    pub(super) equations: Vec<Equation>,
    /// Cholesky factor of the correlations of all exogenous constructs and residuals, in the order of `equations`.
    pub(super) factor: Vec<f64>,
    /// `E[AB]` of every product that occurs, in the order of its first use.
    pub(super) products: Vec<(usize, usize, f64)>,
    correlation: Vec<f64>,
    r_squared: Vec<Option<f64>>,
}

/// Sources and constructs while they are found.
struct Sources {
    /// Covariance, row by row; grows by one row and column with every source.
    covariance: Vec<Vec<f64>>,
}

impl Sources {
    fn add(&mut self, covariances: &[f64], variance: f64) -> usize {
        let at = self.covariance.len();
        for (row, &value) in self.covariance.iter_mut().zip(covariances) {
            row.push(value);
        }
        let mut row = covariances.to_vec();
        row.resize(at, 0.0);
        row.push(variance);
        self.covariance.push(row);
        at
    }

    fn covariance(&self, a: &[f64], b: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (row, &x) in self.covariance.iter().zip(a) {
            if x != 0.0 {
                sum += x * row.iter().zip(b).map(|(s, y)| s * y).sum::<f64>();
            }
        }
        sum
    }
}

impl Implied {
    /// The correlations that a population without groups implies for a model.
    ///
    /// # Errors
    /// [`PlanError::Invalid`]: names the model does not have (TP1102), values out of range (TP1103), paths that explain
    /// more than an outcome's whole variance (TP1104), correlations that no population can have (TP1105), models that
    /// data cannot be drawn from (TP1106).
    pub fn of(model: &Model, population: &Population) -> Result<Self, PlanError> {
        let causes = Causes::of(model)?;
        check_names(model, &causes, population)?;
        Builder::new(&causes, population).build()
    }

    /// Correlations of the constructs, in the order of the model.
    pub fn correlations(&self) -> Matrix {
        let k = self.names.len();
        Matrix::from_fn(self.names.clone(), self.names.clone(), |r, c| self.correlation[r * k + c])
    }

    /// R² of a construct; `None` for one without predictors or one that is made of others.
    pub fn r_squared(&self, construct: &str) -> Option<f64> {
        let at = self.names.iter().position(|name| name == construct)?;
        self.r_squared.get(at).copied().flatten()
    }

    /// The paths, defaults filled in, by `OUTCOME ~ PREDICTOR` and in causal order.
    pub fn paths(&self) -> Vec<(String, f64)> {
        let label = |equation: &Equation, cause: &Cause| {
            let to = self.names.get(equation.construct).map_or("", String::as_str);
            format!("{to} ~ {}", cause.name(&self.names))
        };
        self.equations
            .iter()
            .flat_map(|equation| equation.terms.iter().map(|(cause, b)| (label(equation, cause), *b)))
            .collect()
    }
}

impl Population {
    /// The population with every path and loading stated, defaults filled in; groups keep what they state.
    ///
    /// # Errors
    /// As [`Implied::of`].
    pub fn complete(&self, model: &Model) -> Result<Self, PlanError> {
        let implied = Implied::of(model, self)?;
        let mut own = self.clone();
        for (key, value) in implied.paths() {
            // Parts of a composite have weights, and dimensions of a construct loadings; these are no paths.
            let (to, from) = key.split_once(" ~ ").unwrap_or((&key, ""));
            let ends = model.find(from).zip(model.find(to));
            if ends.is_some_and(|(from, to)| model.find_path(from, to).is_some()) {
                own.paths.insert(key, value);
            }
        }
        for construct in model.constructs().iter().filter(|c| c.kind == Kind::Reflective) {
            // A single item is its construct.
            let loading = if construct.indicators.len() == 1 { 1.0 } else { self.defaults.loading };
            own.loadings.entry(construct.name.clone()).or_insert(loading);
        }
        Ok(own)
    }
}

struct Builder<'a> {
    causes: &'a Causes,
    population: &'a Population,
    names: Vec<String>,
    sources: Sources,
    /// Row of each construct over the sources; empty until it is found.
    rows: Vec<Vec<f64>>,
    /// Source of each construct's residual, or of itself if it has no predictors.
    own: Vec<Option<(usize, f64)>>,
    products: Vec<(usize, usize, f64, usize)>,
    /// Correlations of exogenous constructs and residuals, square, in causal order of the constructs that have one.
    correlated: Vec<Vec<f64>>,
    /// The construct of each row of `correlated`.
    drawn: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn new(causes: &'a Causes, population: &'a Population) -> Self {
        let count = causes.nodes.len();
        Self {
            causes,
            population,
            names: causes.names(),
            sources: Sources { covariance: Vec::new() },
            rows: vec![Vec::new(); count],
            own: vec![None; count],
            products: Vec::new(),
            correlated: Vec::new(),
            drawn: Vec::new(),
        }
    }

    fn build(mut self) -> Result<Implied, PlanError> {
        let mut equations = Vec::new();
        let mut r_squared = vec![None; self.names.len()];
        for &at in &self.causes.order {
            let node = &self.causes.nodes[at];
            let made = node.kind == Kind::Composite && !node.dimensions.is_empty() && node.effects.is_empty();
            let equation = if made {
                self.composite(at, node)?
            } else if let Some(whole) = node.part_of {
                self.part(at, whole)?
            } else if node.effects.is_empty() && node.dimension_of.is_empty() {
                self.exogenous(at)
            } else {
                let equation = self.outcome(at, node)?;
                r_squared[at] = Some(1.0 - equation.residual * equation.residual);
                equation
            };
            equations.push(equation);
        }
        let k = self.drawn.len();
        let mut factor: Vec<f64> = self.correlated.iter().flatten().copied().collect();
        if !cholesky(&mut factor, k) {
            return Err(Diagnostic::error(
                "TP1105",
                "no population can have these correlations: their matrix is not positive definite",
            )
            .hint("bring the largest correlations of constructs without predictors, or of residuals, nearer to 0")
            .into());
        }
        let count = self.names.len();
        let mut correlation = vec![0.0; count * count];
        for a in 0..count {
            for b in 0..count {
                correlation[a * count + b] =
                    if a == b { 1.0 } else { self.sources.covariance(&self.rows[a], &self.rows[b]) };
            }
        }
        let products = self.products.iter().map(|&(a, b, mean, _)| (a, b, mean)).collect();
        Ok(Implied { names: self.names, equations, factor, products, correlation, r_squared })
    }

    /// The stated correlation of two constructs.
    fn stated(&self, a: usize, b: usize) -> Option<f64> {
        let (a, b) = (&self.names[a], &self.names[b]);
        let all = &self.population.correlations;
        all.iter()
            .find(|(key, _)| pair(key).is_some_and(|(x, y)| (x == a && y == b) || (x == b && y == a)))
            .map(|(_, r)| *r)
    }

    /// Takes a new source in that is drawn: its correlations with the sources drawn before.
    fn draw(&mut self, at: usize, sd: f64, correlations: &[f64]) -> usize {
        let mut covariances = vec![0.0; self.sources.covariance.len()];
        for (&other, &r) in self.drawn.iter().zip(correlations) {
            if let Some((source, other_sd)) = self.own[other] {
                covariances[source] = r * sd * other_sd;
            }
        }
        let source = self.sources.add(&covariances, sd * sd);
        for (row, &r) in self.correlated.iter_mut().zip(correlations) {
            row.push(r);
        }
        let mut row = correlations.to_vec();
        row.push(1.0);
        self.correlated.push(row);
        self.drawn.push(at);
        self.own[at] = Some((source, sd));
        source
    }

    fn exogenous(&mut self, at: usize) -> Equation {
        let correlations: Vec<f64> = self
            .drawn
            .iter()
            .map(|&other| {
                let node = &self.causes.nodes[other];
                let free = node.effects.is_empty() && node.dimension_of.is_empty() && node.part_of.is_none();
                let default = if free { self.population.defaults.correlation } else { 0.0 };
                self.stated(at, other).unwrap_or(default)
            })
            .collect();
        let source = self.draw(at, 1.0, &correlations);
        self.rows[at] = unit(source);
        Equation { construct: at, terms: Vec::new(), residual: 1.0 }
    }

    /// A composite of constructs: their weighted sum, brought to variance 1.
    fn composite(&mut self, at: usize, node: &Node) -> Result<Equation, PlanError> {
        let weights: Vec<f64> = node
            .dimensions
            .iter()
            .map(|&part| self.population.weights.get(&self.names[part]).copied().unwrap_or(1.0))
            .collect();
        let row = self.combine(
            node.dimensions.iter().map(|&part| self.rows[part].clone()).zip(weights.iter().copied()),
        );
        let sd = self.sources.covariance(&row, &row).sqrt();
        if !(sd > 0.0 && sd.is_finite()) {
            return Err(no_weights(&node.name));
        }
        let scale = 1.0 / sd;
        self.rows[at] = row.iter().map(|x| x * scale).collect();
        let terms =
            node.dimensions.iter().zip(&weights).map(|(&part, w)| (Cause::One(part), w * scale)).collect();
        Ok(Equation { construct: at, terms, residual: 0.0 })
    }

    /// A part of a composite Y that paths explain. With weights w, `w'Rw = 1` for the correlations R of the parts, these
    /// are `Cₖ = λₖ Y + eₖ` with λ = Rw and `cov(eⱼ, eₖ) = rⱼₖ − λⱼ λₖ`, so that what explains Y reaches them through Y
    /// alone. As `w'e = 0`, the last part is what the others leave: `(Y − Σ wⱼ Cⱼ) / w_last`.
    fn part(&mut self, at: usize, whole: usize) -> Result<Equation, PlanError> {
        let parts = &self.causes.nodes[whole].dimensions;
        let r = |a: usize, b: usize| {
            if a == b { 1.0 } else { self.stated(a, b).unwrap_or(self.population.defaults.correlation) }
        };
        let raw: Vec<f64> = parts
            .iter()
            .map(|&k| self.population.weights.get(&self.names[k]).copied().unwrap_or(1.0))
            .collect();
        let sums: Vec<f64> =
            parts.iter().map(|&k| parts.iter().zip(&raw).map(|(&j, w)| r(k, j) * w).sum()).collect();
        let size = raw.iter().zip(&sums).map(|(w, s)| w * s).sum::<f64>().sqrt();
        // Parts whose sum does not vary have no loadings that are numbers, and are refused as well.
        let share =
            |k: usize| parts.iter().position(|&part| part == k).map(|at| (raw[at] / size, sums[at] / size));
        let possible = |x: f64| x.is_finite() && x.abs() < 1.0;
        let last = parts.last() == Some(&at);
        let (Some((weight, loading)), true) =
            (share(at), parts.iter().all(|&k| share(k).is_some_and(|s| possible(s.1))))
        else {
            return Err(self.no_part(at, whole, "correlations and weights of the parts"));
        };
        if parts.len() < 2 || (last && weight.abs() < 1e-6) {
            return Err(self.no_part(at, whole, "a weight of 0, or a single part"));
        }
        let outside =
            |&other: &usize| !parts.contains(&other) && self.stated(at, other).is_some_and(|r| r != 0.0);
        if (0..self.names.len()).any(|other| outside(&other)) {
            return Err(self.no_part(at, whole, "a correlation of the part with another construct"));
        }
        if last {
            let mut terms = vec![(Cause::One(whole), 1.0 / weight)];
            for &other in parts.iter().filter(|&&other| other != at) {
                terms.push((Cause::One(other), -share(other).map_or(0.0, |s| s.0) / weight));
            }
            let rows = terms.iter().map(|(cause, b)| match cause {
                Cause::One(k) | Cause::Product(k, _) => (self.rows[*k].clone(), *b),
            });
            self.rows[at] = self.combine(rows.collect::<Vec<_>>().into_iter());
            return Ok(Equation { construct: at, terms, residual: 0.0 });
        }
        let left = |loading: f64| (1.0 - loading * loading).sqrt();
        let correlations: Vec<f64> = self
            .drawn
            .iter()
            .map(|&other| {
                share(other).map_or(0.0, |(_, other_loading)| {
                    (r(at, other) - loading * other_loading) / (left(loading) * left(other_loading))
                })
            })
            .collect();
        let mut row: Vec<f64> = self.rows[whole].iter().map(|x| x * loading).collect();
        let residual = left(loading);
        let source = self.draw(at, residual, &correlations);
        row.resize(source + 1, 0.0);
        row[source] = 1.0;
        self.rows[at] = row;
        Ok(Equation { construct: at, terms: vec![(Cause::One(whole), loading)], residual })
    }

    fn no_part(&self, at: usize, whole: usize, what: &str) -> PlanError {
        let (part, whole) = (&self.names[at], &self.names[whole]);
        Diagnostic::error(
            "TP1105",
            format!("`{whole}` is explained by paths, and its part `{part}` cannot be drawn: {what}"),
        )
        .hint("parts of an explained composite correlate with each other by less than 1, and with others through the whole")
        .into()
    }

    fn outcome(&mut self, at: usize, node: &Node) -> Result<Equation, PlanError> {
        let mut causes: Vec<(Cause, f64, Option<f64>)> = Vec::new();
        for &whole in &node.dimension_of {
            let loading = self.loading(node, whole);
            causes.push((Cause::One(whole), 1.0, Some(loading)));
        }
        for Effect { from, sign } in &node.effects {
            let key = format!("{} ~ {}", node.name, from.name(&self.names));
            let stated = stated_path(self.population, &key);
            causes.push((from.clone(), *sign, stated));
        }
        let mut rows = Vec::new();
        for (cause, ..) in &causes {
            rows.push(match cause {
                Cause::One(from) => self.rows[*from].clone(),
                Cause::Product(a, b) => unit(self.product(*a, *b, &node.name)?),
            });
        }
        let fixed = self.combine(rows.iter().cloned().zip(causes.iter().map(|(_, _, b)| b.unwrap_or(0.0))));
        let open = self.combine(
            rows.iter().cloned().zip(causes.iter().map(|(_, s, b)| if b.is_none() { *s } else { 0.0 })),
        );
        let t = self.share(&fixed, &open);
        let coefficients: Vec<f64> = causes.iter().map(|(_, s, b)| b.unwrap_or(s * t)).collect();
        let mut row = self.combine(rows.into_iter().zip(coefficients.iter().copied()));
        let explained = self.sources.covariance(&row, &row);
        // Residuals of outcomes may correlate with those of earlier ones.
        let correlations: Vec<f64> =
            self.drawn.iter().map(|&other| self.stated(at, other).unwrap_or(0.0)).collect();
        let shared: f64 = self
            .drawn
            .iter()
            .zip(&correlations)
            .filter_map(|(&other, r)| {
                let (source, sd) = self.own[other]?;
                let weight: f64 = row.get(source).copied().unwrap_or(0.0);
                Some(weight * r * sd)
            })
            .sum();
        let room = shared * shared - explained + 1.0;
        if explained >= 1.0 || room <= 0.0 {
            let list: Vec<String> = causes
                .iter()
                .zip(&coefficients)
                .map(|((cause, ..), b)| format!("{} {}", cause.name(&self.names), crate::table::apa(*b, 2)))
                .collect();
            return Err(Diagnostic::error(
                "TP1104",
                format!(
                    "the paths into `{}` explain more than all of its variance (R² = {explained:.2}): {}",
                    node.name,
                    list.join(", ")
                ),
            )
            .hint("bring some of them, or the correlations among these predictors, nearer to 0")
            .into());
        }
        let residual = room.sqrt() - shared;
        let source = self.draw(at, residual, &correlations);
        row.resize(source + 1, 0.0);
        row[source] = 1.0;
        self.rows[at] = row;
        let terms = causes.into_iter().map(|(cause, ..)| cause).zip(coefficients).collect();
        Ok(Equation { construct: at, terms, residual })
    }

    /// The loading of a dimension on its higher-order factor.
    fn loading(&self, node: &Node, whole: usize) -> f64 {
        let all = &self.population.loadings;
        // A loading under the dimension's own name is that of its items, unless it has none.
        let key = format!("{} =~ {}", self.names[whole], node.name);
        let whole = &self.names[whole];
        all.get(&key).or_else(|| all.get(whole)).copied().unwrap_or(self.population.defaults.loading)
    }

    /// The source of a product.
    fn product(&mut self, a: usize, b: usize, to: &str) -> Result<usize, PlanError> {
        if let Some(&(.., source)) =
            self.products.iter().find(|&&(x, y, ..)| (x, y) == (a, b) || (x, y) == (b, a))
        {
            return Ok(source);
        }
        for part in [a, b] {
            let uses_product = self
                .products
                .iter()
                .any(|&(.., source)| self.rows[part].get(source).is_some_and(|x| *x != 0.0));
            if uses_product {
                let name = &self.names[part];
                return Err(Diagnostic::error(
                    "TP1106",
                    format!("data cannot be drawn: `{name}` depends on an interaction and is part of another one, on `{to}`"),
                )
                .hint("leave one of the two interactions out of the model that is simulated")
                .into());
            }
        }
        let r = |x: usize, y: usize| {
            if x == y { 1.0 } else { self.sources.covariance(&self.rows[x], &self.rows[y]) }
        };
        let mut covariances = vec![0.0; self.sources.covariance.len()];
        for &(c, d, _, source) in &self.products {
            covariances[source] = r(a, c) * r(b, d) + r(a, d) * r(b, c);
        }
        let mean = r(a, b);
        let source = self.sources.add(&covariances, 1.0 + mean * mean);
        // With A = B the variance is 2, which is 1 + ρ² as well.
        self.products.push((a, b, mean, source));
        Ok(source)
    }

    /// The size t of the paths that are not stated.
    fn share(&self, fixed: &[f64], open: &[f64]) -> f64 {
        let a = self.sources.covariance(open, open);
        let b = self.sources.covariance(open, fixed);
        let c = self.sources.covariance(fixed, fixed) - self.population.defaults.r_squared;
        if a <= 0.0 || c >= 0.0 { 0.0 } else { (-b + (b * b - a * c).sqrt()) / a }
    }

    fn combine(&self, parts: impl Iterator<Item = (Vec<f64>, f64)>) -> Vec<f64> {
        let mut sum = vec![0.0; self.sources.covariance.len()];
        for (row, b) in parts {
            for (total, x) in sum.iter_mut().zip(row) {
                *total += b * x;
            }
        }
        sum
    }
}

fn unit(source: usize) -> Vec<f64> {
    let mut row = vec![0.0; source + 1];
    row[source] = 1.0;
    row
}

#[cfg(test)]
mod tests;
