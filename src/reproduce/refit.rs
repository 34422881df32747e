//! Estimates the equations of a published table again, and asks whether rounding explains what differs.
//!
//! * Coefficients and R² are functions of the printed numbers. A number printed with d decimals may be off by
//!   `h = ½ 10⁻ᵈ`. Moving each printed number by ±h changes a result by `dᵢ = max(|f(x + h) − f(x)|, |f(x − h) − f(x)|)`.
//!   Rounding of all of them together can move it by `Σ dᵢ` at the very most (first order); as their errors are
//!   independent and uniform, three standard deviations of their sum are `√3 √Σ dᵢ²`. The smaller of the two is the bound.
//! * A result *agrees* if it rounds to the printed value, and is *explained by rounding* if it lies within that bound of it.
//! * Corrected correlations are `r / √(rel₁ rel₂)`; reliabilities are printed numbers as well.

use super::ReproduceError;
use super::printed::{Printed, Triangle};
use super::study::{PublishedEquation, PublishedTable, Reliability, Study};
use crate::diagnostic::Diagnostic;
use crate::model::words;
use crate::moments::Moments;
use crate::pls::Pls;
use crate::stats::linear::regress;

words! {
    /// How a result compares with what was published.
    Agreement: "agreement" {
        /// It rounds to the published value.
        Same = "same",
        /// It differs by no more than the rounding of the printed numbers allows.
        Rounding = "rounding",
        /// It differs, and the study file says why.
        Explained = "explained",
        /// It differs by more than rounding allows.
        Differs = "differs",
        /// No value was published.
        Unpublished = "unpublished",
    }
}

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quantity {
    /// The coefficient of a predictor.
    Path(String),
    /// R².
    RSquared,
    /// Adjusted R².
    AdjustedRSquared,
}

/// A result beside its published value.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Name of the table; may be empty.
    pub table: String,
    /// Name of the model; may be empty.
    pub model: String,
    /// The outcome.
    pub outcome: String,
    /// What is compared.
    pub quantity: Quantity,
    /// What the paper says.
    pub published: Option<Printed>,
    /// What comes out.
    pub reproduced: f64,
    /// How far rounding of the printed numbers can move it.
    pub slack: f64,
    /// The judgement.
    pub agreement: Agreement,
    /// Why it may differ, where the file says so.
    pub why: String,
}

impl Comparison {
    /// Reproduced less published.
    pub fn difference(&self) -> Option<f64> {
        self.published.map(|published| self.reproduced - published.value)
    }
}

/// The numbers of a table that rounding can move.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    /// Correlations or covariances, square.
    pub(super) values: Vec<f64>,
    /// Reliability by variable, 1 where nothing is corrected.
    pub(super) reliability: Vec<f64>,
}

/// A table ready to be estimated.
pub(super) struct Estimator<'a> {
    pub(super) table: &'a PublishedTable,
    pub(super) correct: Option<Reliability>,
}

impl<'a> Estimator<'a> {
    pub(super) fn new(table: &'a PublishedTable, correct: Option<Reliability>) -> Self {
        Self { table, correct }
    }

    /// The printed numbers as they stand.
    pub(super) fn printed(&self) -> Numbers {
        let t = &self.table.triangle;
        let k = t.len();
        let mut values = vec![1.0; k * k];
        for a in 0..k {
            for b in 0..k {
                let on_diagonal = a == b;
                if on_diagonal && !self.table.covariances {
                    continue;
                }
                values[a * k + b] = t.at(a, b).map_or(f64::from(u8::from(on_diagonal)), |p| p.value);
            }
        }
        let reliability =
            t.names.iter().map(|name| self.reliability(name).map_or(1.0, |printed| printed.value)).collect();
        Numbers { values, reliability }
    }

    fn reliability(&self, name: &str) -> Option<Printed> {
        self.table.reliability.get(name)?.get(self.correct?)
    }

    /// The correlations that the equations are estimated from.
    pub(super) fn correlations(&self, numbers: &Numbers) -> Vec<f64> {
        let k = self.table.triangle.len();
        let mut out = vec![1.0; k * k];
        for a in 0..k {
            for b in (0..k).filter(|b| *b != a) {
                let scale = if self.table.covariances {
                    (numbers.values[a * k + a] * numbers.values[b * k + b]).sqrt()
                } else {
                    (numbers.reliability[a] * numbers.reliability[b]).sqrt()
                };
                out[a * k + b] = numbers.values[a * k + b] / scale;
            }
        }
        out
    }

    /// Coefficients of one equation and its R²; `None` where its predictors are collinear or nothing can be estimated.
    fn solve(&self, equation: &PublishedEquation, numbers: &Numbers) -> Option<(Vec<f64>, f64)> {
        let t = &self.table.triangle;
        let k = t.len();
        let correlations = self.correlations(numbers);
        if let Some(model) = &self.table.model {
            let moments = Moments {
                items: t.names.clone(),
                cases: self.table.n,
                mean: vec![0.0; k],
                sd: vec![1.0; k],
                correlation: correlations,
            };
            let fit = Pls { consistent: true, ..Pls::default() }.fit_moments(model, moments).ok()?;
            let paths = fit.path_coefficients();
            let found: Option<Vec<f64>> =
                equation.predictors.iter().map(|(name, _)| paths.get(name, &equation.outcome)).collect();
            return Some((found?, fit.r_squared().get(&equation.outcome)?));
        }
        let x: Option<Vec<usize>> = equation.predictors.iter().map(|(name, _)| t.position(name)).collect();
        let y = t.position(&equation.outcome)?;
        regress(|a, b| correlations[a * k + b], &x?, y)
    }

    /// Coefficients, R² and adjusted R² of one equation in one list.
    pub(super) fn all(&self, equation: &PublishedEquation, numbers: &Numbers) -> Option<Vec<f64>> {
        let (mut list, r_squared) = self.solve(equation, numbers)?;
        let (n, k) = (self.table.n as f64, equation.predictors.len() as f64);
        list.push(r_squared);
        list.push(1.0 - (1.0 - r_squared) * (n - 1.0) / (n - k - 1.0));
        list.iter().all(|x| x.is_finite()).then_some(list)
    }

    /// How far rounding can move each of [`Estimator::all`].
    pub(super) fn slack(&self, equation: &PublishedEquation, base: &[f64]) -> Vec<f64> {
        let t = &self.table.triangle;
        let k = t.len();
        let mut total = vec![0.0; base.len()];
        let mut squares = vec![0.0; base.len()];
        let mut numbers = self.printed();
        let used = |at: usize| {
            self.table.model.is_some()
                || t.names.get(at).is_some_and(|name| {
                    *name == equation.outcome || equation.predictors.iter().any(|(x, _)| x == name)
                })
        };
        let mut moved = |this: &Self, numbers: &mut Numbers, set: &dyn Fn(&mut Numbers, f64), half: f64| {
            if half == 0.0 {
                return;
            }
            let mut worst = vec![0.0_f64; base.len()];
            for step in [half, -half] {
                set(numbers, step);
                if let Some(now) = this.all(equation, numbers) {
                    for ((worst, x), base) in worst.iter_mut().zip(now).zip(base) {
                        *worst = worst.max((x - base).abs());
                    }
                }
                set(numbers, -step);
            }
            for ((total, square), worst) in total.iter_mut().zip(&mut squares).zip(worst) {
                *total += worst;
                *square += worst * worst;
            }
        };
        for a in (0..k).filter(|a| used(*a)) {
            for b in (0..=a).filter(|b| used(*b)) {
                if a == b && !self.table.covariances {
                    continue;
                }
                let half = t.at(a, b).map_or(0.0, |p| p.half_unit());
                let set = |numbers: &mut Numbers, step: f64| {
                    numbers.values[a * k + b] += step;
                    if a != b {
                        numbers.values[b * k + a] += step;
                    }
                };
                moved(self, &mut numbers, &set, half);
            }
            let half = t.names.get(a).and_then(|name| self.reliability(name)).map_or(0.0, |p| p.half_unit());
            let set = |numbers: &mut Numbers, step: f64| numbers.reliability[a] += step;
            moved(self, &mut numbers, &set, half);
        }
        total.iter().zip(&squares).map(|(total, square)| total.min((3.0 * square).sqrt())).collect()
    }
}

/// Every published number of a study beside what comes out.
///
/// # Errors
/// TP1205 if the predictors of an equation are collinear in the printed table.
pub fn refit(study: &Study) -> Result<Vec<Comparison>, ReproduceError> {
    let mut out = Vec::new();
    for table in &study.tables {
        let estimator = Estimator::new(table, study.disattenuate);
        let printed = estimator.printed();
        for equation in &table.equations {
            let base = estimator.all(equation, &printed).ok_or_else(|| collinear(study, table, equation))?;
            let slack = estimator.slack(equation, &base);
            let k = equation.predictors.len();
            let quantities =
                equation.predictors.iter().map(|(name, value)| (Quantity::Path(name.clone()), *value)).chain(
                    [
                        (Quantity::RSquared, equation.r_squared),
                        (Quantity::AdjustedRSquared, equation.adjusted_r_squared),
                    ],
                );
            for (at, (quantity, published)) in quantities.enumerate() {
                // R² is shown in any case, adjusted R² only where it was published.
                if at == k + 1 && published.is_none() {
                    continue;
                }
                let (reproduced, slack) = (base[at], slack[at]);
                let why = reason(table, equation, &quantity);
                out.push(Comparison {
                    table: table.name.clone(),
                    model: equation.name.clone(),
                    outcome: equation.outcome.clone(),
                    agreement: judge(published, reproduced, slack, !why.is_empty()),
                    quantity,
                    published,
                    reproduced,
                    slack,
                    why,
                });
            }
        }
    }
    Ok(out)
}

/// Why a number may differ, in the words of the file.
fn reason(table: &PublishedTable, equation: &PublishedEquation, quantity: &Quantity) -> String {
    let key = match quantity {
        Quantity::Path(name) => name.as_str(),
        Quantity::RSquared | Quantity::AdjustedRSquared => "R2",
    };
    if let Some(why) = equation.differs.get(key).or_else(|| equation.differs.get("all")) {
        return why.clone();
    }
    if !equation.unprinted.is_empty() {
        return format!(
            "the paper's equation has {} besides, whose correlations are not printed",
            equation.unprinted.join(", ")
        );
    }
    table.why.clone()
}

/// The judgement on one number.
fn judge(published: Option<Printed>, reproduced: f64, slack: f64, excused: bool) -> Agreement {
    let Some(published) = published else { return Agreement::Unpublished };
    let off = (reproduced - published.value).abs();
    // Numbers are compared as decimals, so that .025 is within half a unit of .03 whatever its binary form.
    let half = published.half_unit() + 1e-9;
    if off <= half {
        Agreement::Same
    } else if off <= half + slack {
        Agreement::Rounding
    } else if excused {
        Agreement::Explained
    } else {
        Agreement::Differs
    }
}

fn collinear(study: &Study, table: &PublishedTable, equation: &PublishedEquation) -> ReproduceError {
    let place = if table.name.is_empty() { String::new() } else { format!(" ({})", table.name) };
    let problem = Diagnostic::error(
        "TP1205",
        format!("the equation of `{}`{place} in `{}` cannot be estimated from the printed table", equation.outcome, study.key),
    )
    .hint("perfectly collinear predictors: does one of them consist of others, as a second-order construct of its dimensions?");
    ReproduceError::Invalid(problem.into())
}

/// The correlations of a table as rows, for eigenvalues.
pub(super) fn square(triangle: &Triangle, correlations: &[f64], which: &[usize]) -> Vec<f64> {
    let k = triangle.len();
    which.iter().flat_map(|&a| which.iter().map(move |&b| correlations[a * k + b])).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn study(equation: &str) -> Study {
        let text = format!(
            "title = \"t\"\ncitation = \"c\"\n[[table]]\nn = 101\ncorrelations = \"\"\"\nA\nB .50\nY .40 .50\n\"\"\"\n\
             reliability = \"\"\"\nalpha\nA .80\nB .80\nY .80\n\"\"\"\n[[table.equation]]\noutcome = \"Y\"\n{equation}\n"
        );
        Study::parse("x.toml", "x", &text).unwrap()
    }

    #[test]
    fn results_are_compared_with_what_rounding_allows() {
        // β = (.4 − .5 × .5) / .75 = .2 and (.5 − .5 × .4) / .75 = .4; R² = .2 × .4 + .4 × .5 = .28.
        let found = refit(&study("coefficients = \"A .20, B .43\"\nr2 = \".29\"")).unwrap();
        let agreements: Vec<Agreement> = found.iter().map(|c| c.agreement).collect();
        assert_eq!(agreements, [Agreement::Same, Agreement::Differs, Agreement::Rounding]);
        assert!((found[1].reproduced - 0.4).abs() < 1e-14);
        // ∂R²/∂r(A,Y) = 2 β = .4 and so on: .005 (2 × .2 + 2 × .4 + 2 × .2 × .4).
        assert!((found[2].slack - 0.005 * 1.36).abs() < 1e-4, "{}", found[2].slack);
    }

    #[test]
    fn adjusted_r_squared_and_corrected_correlations() {
        let found = refit(&study("coefficients = \"A .2, B .4\"\nadjusted_r2 = \".265\"")).unwrap();
        let adjusted = found.last().unwrap();
        assert!((adjusted.reproduced - (1.0 - 0.72 * 100.0 / 98.0)).abs() < 1e-14);
        let mut corrected = study("coefficients = \"A .2, B .4\"");
        corrected.disattenuate = Some(Reliability::Alpha);
        let found = refit(&corrected).unwrap();
        // r / .8 each: .5, .625, .625.
        let det = 1.0 - 0.625 * 0.625;
        assert!((found[0].reproduced - (0.5 - 0.625 * 0.625) / det).abs() < 1e-14);
    }

    #[test]
    fn reasons_of_the_file_excuse_what_differs() {
        let found =
            refit(&study("coefficients = \"A .30, B .4\"\ndiffers = { A = \"a misprint\" }")).unwrap();
        assert_eq!((found[0].agreement, found[0].why.as_str()), (Agreement::Explained, "a misprint"));
        assert_eq!(found[1].agreement, Agreement::Same);
        let found = refit(&study("coefficients = \"A .30, B .4\"\nunprinted = \"AGE\"")).unwrap();
        assert!(found[0].agreement == Agreement::Explained && found[0].why.contains("AGE"));
        assert_eq!(found[2].agreement, Agreement::Unpublished);
    }
}
