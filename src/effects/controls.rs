//! Controls and factors: the model with and without its controls, and joint tests of the dummies of a factor.
//!
//! A **joint test** asks whether all m dummies of a factor can go: `F = ((R² − R₀²)/m) / ((1 − R²)/(n − k − 1))` on fixed
//! scores, R₀² without the dummies; and the Wald statistic `b'V⁻¹b` with the covariance V of the resampled coefficients,
//! chi-square with m degrees of freedom (Wald 1943), which needs no assumption about errors.

use serde::Serialize;

use super::EffectError;
use super::draws::{Draws, coefficient};
use super::footnote;
use crate::diagnostic::Diagnostic;
use crate::model::{Document, Item, Model, Operator};
use crate::pls::{PlsError, PlsFit};
use crate::resample::{Bootstrapped, Inference, Summary};
use crate::stats::{distribution, linear};
use crate::table::{Cell, Column, Table};

/// A path with and without controls.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedPath {
    /// The predictor.
    pub from: String,
    /// The outcome.
    pub to: String,
    /// With controls.
    pub with: Option<Summary>,
    /// Without; `None` for the path of a control.
    pub without: Option<Summary>,
}

/// An outcome with and without controls.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedOutcome {
    /// The outcome.
    pub outcome: String,
    /// R² with controls.
    pub with: f64,
    /// R² without.
    pub without: Option<f64>,
}

/// Joint test of a factor in one equation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JointTest {
    /// The factor.
    pub factor: String,
    /// The reference category.
    pub reference: String,
    /// The outcome.
    pub outcome: String,
    /// Dummies tested.
    pub df: usize,
    /// F on fixed scores.
    pub f: Option<f64>,
    /// Its second degrees of freedom.
    pub df2: usize,
    /// Its probability.
    pub p: Option<f64>,
    /// Wald statistic from the resamples.
    pub wald: Option<f64>,
    /// Its probability.
    pub wald_p: Option<f64>,
}

/// Comparison of a model with and without its controls.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Controls {
    /// Paths of the hypotheses.
    pub paths: Vec<ComparedPath>,
    /// Paths of the controls.
    pub control_paths: Vec<ComparedPath>,
    /// R² of the outcomes.
    pub r_squared: Vec<ComparedOutcome>,
    /// Joint tests of factors.
    pub joint_tests: Vec<JointTest>,
    /// Level of the intervals.
    pub level: f64,
    /// How intervals and p-values are made.
    #[serde(serialize_with = "Inference::as_words")]
    pub inference: Inference,
    /// Resamples that count, and why others do not, with and without controls.
    pub accounting: (String, String),
}

/// The model without its controls.
///
/// # Errors
/// [`EffectError::Invalid`] if it has none, or nothing would be left.
pub fn without_controls(written: &Model) -> Result<Model, EffectError> {
    if written.about.controls.is_empty() {
        return Err(Diagnostic::error("TP0806", "the model has no controls")
            .hint("name columns that enter every outcome: `#@ control AGE GENDER`")
            .into());
    }
    let document = pruned(written.document(), &written.about.controls);
    let mut model = Model::parse_named("<the model without controls>", &document.to_string())?
        .with_codebook(written.codebook.clone());
    model.about.factors = written
        .about
        .factors
        .iter()
        .filter(|factor| factor.levels.iter().all(|level| model.find(&level.dummy).is_some()))
        .cloned()
        .collect();
    Ok(model)
}

/// A document without some constructs.
fn pruned(document: &Document, gone: &[String]) -> Document {
    let is_gone = |name: &str| gone.iter().any(|known| known == name);
    let mut items = Vec::new();
    for item in &document.items {
        match item {
            Item::Annotation(annotation) => {
                let words: Vec<&str> = annotation.value.split_whitespace().collect();
                let first_is_gone = words.first().is_some_and(|word| is_gone(word));
                match annotation.key.as_str() {
                    "control" => {}
                    "label" | "label_zh" | "reliability" if first_is_gone => {}
                    "hypothesis" if annotation.value.split([' ', '~', ':']).any(is_gone) => {}
                    "mode" | "unstandardized" | "ordinal" | "scale" | "instruments" | "dominant"
                        if words.iter().any(|word| is_gone(word)) =>
                    {
                        let kept: Vec<&str> = words.iter().copied().filter(|word| !is_gone(word)).collect();
                        // A scale, a mode or an outcome of instruments alone says nothing.
                        let least =
                            usize::from(annotation.key != "unstandardized" && annotation.key != "ordinal");
                        if kept.len() > least {
                            let mut annotation = annotation.clone();
                            annotation.value = kept.join(" ");
                            items.push(Item::Annotation(annotation));
                        }
                    }
                    _ => items.push(item.clone()),
                }
            }
            Item::Statement(statement) => {
                let mut statement = statement.clone();
                match statement.operator {
                    Operator::Regression | Operator::Covariance => {
                        statement.terms.retain(|term| !term.names.iter().any(|name| is_gone(&name.text)));
                        statement.left.retain(|name| !is_gone(&name.text));
                    }
                    Operator::Reflective | Operator::Composite => {
                        statement.left.retain(|name| !is_gone(&name.text));
                    }
                    Operator::Definition => {}
                }
                let whole = statement.operator == Operator::Definition || !statement.terms.is_empty();
                if whole && !statement.left.is_empty() {
                    items.push(Item::Statement(statement));
                }
            }
        }
    }
    Document { items }
}

impl Controls {
    /// The model with and without its controls, from a fit, its bootstrap, and the way to bootstrap another fit alike.
    ///
    /// # Errors
    /// As of [`without_controls`]; where the model without controls cannot be estimated or bootstrapped.
    pub fn compare<E: From<EffectError> + From<PlsError>>(
        fit: &PlsFit,
        boot: &Bootstrapped,
        bootstrap: impl FnOnce(&PlsFit) -> Result<Bootstrapped, E>,
    ) -> Result<Self, E> {
        let reduced = fit.refit(&without_controls(fit.written())?)?;
        let other = bootstrap(&reduced)?;
        Ok(Self::of((fit, boot), (&reduced, &other)))
    }

    /// Its tables that hold anything.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.paths_table(), self.r_squared_table(), self.joint_table()];
        tables.retain(|table| !table.rows.is_empty());
        tables
    }

    /// Compares two bootstrapped fits, `with` controls and `without`.
    pub fn of(with: (&PlsFit, &Bootstrapped), without: (&PlsFit, &Bootstrapped)) -> Self {
        let (fit, boot) = with;
        let (draws, other) = (Draws::of(boot), Draws::of(without.1));
        let (mut paths, mut control_paths) = (Vec::new(), Vec::new());
        for (at, path) in fit.model.paths().iter().enumerate() {
            let (from, to) = (&fit.model.construct(path.from).name, &fit.model.construct(path.to).name);
            let counterpart = without.0.model.paths().iter().position(|path| {
                let name = |id| &without.0.model.construct(id).name;
                name(path.from) == from && name(path.to) == to
            });
            let compared = ComparedPath {
                from: from.clone(),
                to: to.clone(),
                with: draws.summary(|b| coefficient(b, at)),
                without: counterpart.and_then(|at| other.summary(|b| coefficient(b, at))),
            };
            if from.split(':').any(|name| fit.model.about.controls.iter().any(|control| control == name)) {
                control_paths.push(compared);
            } else {
                paths.push(compared);
            }
        }
        let plain = without.0.r_squared();
        let r_squared = fit
            .r_squared()
            .iter()
            .filter_map(|(outcome, with)| {
                Some(ComparedOutcome {
                    outcome: outcome.to_owned(),
                    with: with?,
                    without: plain.get(outcome),
                })
            })
            .collect();
        Self {
            paths,
            control_paths,
            r_squared,
            joint_tests: joint_tests(fit, Some(&draws)),
            level: draws.inference().level(),
            inference: draws.inference().clone(),
            accounting: (boot.accounting(), without.1.accounting()),
        }
    }

    /// Paths with and without controls side by side, those of the controls last.
    pub fn paths_table(&self) -> Table {
        let mut table = Table::new(
            "controls",
            "Paths with and without controls",
            vec![
                Column::words("name", "Path"),
                Column::numbers("with", "With"),
                Column::numbers("p_with", "p"),
                Column::interval("interval_with", self.level),
                Column::numbers("without", "Without"),
                Column::numbers("p_without", "p"),
                Column::interval("interval_without", self.level),
                Column::words("role", "Role"),
            ],
        );
        let rows =
            self.paths.iter().map(|path| (path, "")).chain(self.control_paths.iter().map(|p| (p, "control")));
        for (path, role) in rows {
            let mut row = vec![Cell::text(format!("{} → {}", path.from, path.to))];
            for side in [&path.with, &path.without] {
                match side {
                    Some(s) => row.extend([Cell::bounded(s.original), s.p_cell(), s.interval_cell()]),
                    None => row.extend(vec![Cell::Blank; 3]),
                }
            }
            row.push(Cell::text(role));
            table.push(row);
        }
        table.note(self.inference.words());
        let sides = self.paths.iter().chain(&self.control_paths).flat_map(|path| {
            let name = format!("{} → {}", path.from, path.to);
            let without = (format!("{name} without controls"), path.without.as_ref());
            [(name, path.with.as_ref()), without]
        });
        let told = sides.filter_map(|(name, summary)| Some((name, summary?)));
        table.notes.extend(self.inference.contradictions(told));
        table.note(format!("With controls: {}", self.accounting.0));
        if self.accounting.0 != self.accounting.1 {
            table.note(format!("Without: {}", self.accounting.1));
        }
        table.note(footnote("S17"));
        table
    }

    /// R² with and without controls.
    pub fn r_squared_table(&self) -> Table {
        let mut table = Table::new(
            "controls_r_squared",
            "Explained variance with and without controls",
            vec![
                Column::words("outcome", "Outcome"),
                Column::numbers("with", "R² with"),
                Column::numbers("without", "R² without"),
                Column::numbers("change", "Change"),
            ],
        );
        for one in &self.r_squared {
            table.push(vec![
                Cell::text(&one.outcome),
                Cell::bounded(one.with),
                Cell::of(one.without, 3, true),
                Cell::of(one.without.map(|without| one.with - without), 3, true),
            ]);
        }
        table
    }

    /// Joint tests of factors.
    pub fn joint_table(&self) -> Table {
        joint_table(&self.joint_tests)
    }
}

/// Joint tests as a table.
pub fn joint_table(tests: &[JointTest]) -> Table {
    let mut table = Table::new(
        "joint_tests",
        "Joint tests of factors",
        vec![
            Column::words("factor", "Factor"),
            Column::words("reference", "Reference"),
            Column::words("outcome", "Outcome"),
            Column::numbers("f", "F"),
            Column::numbers("df1", "df1"),
            Column::numbers("df2", "df2"),
            Column::numbers("p", "p"),
            Column::numbers("wald", "Wald χ²"),
            Column::numbers("wald_p", "p"),
        ],
    );
    let p = |p: Option<f64>| p.map_or(Cell::NotApplicable(String::new()), Cell::Probability);
    for test in tests {
        table.push(vec![
            Cell::text(&test.factor),
            Cell::text(&test.reference),
            Cell::text(&test.outcome),
            Cell::of(test.f, 2, false),
            Cell::count(test.df),
            Cell::count(test.df2),
            p(test.p),
            Cell::of(test.wald, 2, false),
            p(test.wald_p),
        ]);
    }
    table.note("All dummies of a factor at once. F on fixed scores; Wald by the covariance of the resampled coefficients.");
    table
}

/// Joint tests of all factors of a fit; without draws there is no Wald statistic.
pub fn joint_tests(fit: &PlsFit, draws: Option<&Draws>) -> Vec<JointTest> {
    let k = fit.plan.constructs();
    let r = &fit.estimate.construct_correlations;
    let mut tests = Vec::new();
    for factor in &fit.model.about.factors {
        let dummies: Vec<usize> = factor
            .levels
            .iter()
            .filter_map(|level| fit.model.find(&level.dummy))
            .map(crate::model::ConstructId::index)
            .collect();
        for (equation, &full) in fit.plan.equations.iter().zip(&fit.estimate.r_squared) {
            let inside: Vec<usize> =
                equation.predictors.iter().copied().filter(|j| dummies.contains(j)).collect();
            if inside.is_empty() {
                continue;
            }
            let rest: Vec<usize> =
                equation.predictors.iter().copied().filter(|j| !inside.contains(j)).collect();
            let without = if rest.is_empty() {
                Some(0.0)
            } else {
                linear::regress(|i, j| r[i * k + j], &rest, equation.outcome).map(|(_, r2)| r2)
            };
            let m = inside.len();
            let df2 = fit.n().saturating_sub(equation.predictors.len() + 1);
            let f = without
                .map(|without| ((full - without).max(0.0) / m as f64) / ((1.0 - full) / df2 as f64))
                .filter(|f| f.is_finite() && df2 > 0);
            let p = f.and_then(|f| match f {
                f if f > 0.0 => distribution::f_cdf(1.0 / f, df2 as f64, m as f64),
                _ => Some(1.0),
            });
            let paths: Vec<usize> = equation
                .predictors
                .iter()
                .zip(&equation.paths)
                .filter(|(j, _)| inside.contains(j))
                .map(|(_, path)| *path)
                .collect();
            let wald = draws.and_then(|draws| wald(draws, &paths));
            tests.push(JointTest {
                factor: factor.name.clone(),
                reference: factor.reference.clone().unwrap_or_default(),
                outcome: fit.model.constructs()[equation.outcome].name.clone(),
                df: m,
                f,
                df2,
                p,
                wald,
                wald_p: wald.and_then(|w| distribution::chi_square_upper(w, m as f64)),
            });
        }
    }
    tests
}

/// [`stats::wald`](crate::stats::wald::wald) of some paths over the resamples.
pub fn wald(draws: &Draws, paths: &[usize]) -> Option<f64> {
    let columns: Vec<Vec<f64>> = paths.iter().map(|&path| draws.values(|b| coefficient(b, path))).collect();
    let b: Vec<f64> = paths.iter().map(|&path| coefficient(&draws.original, path)).collect();
    crate::stats::wald::wald(&b, &columns)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn wald_of_one_path_is_its_squared_t() {
        let rows = vec![vec![0.1, 0.5], vec![0.3, 0.1], vec![0.2, 0.9], vec![0.6, 0.2]];
        let draws = Draws::given(vec![0.3, 0.4], &rows, 0.95);
        let t = draws.summary(|b| b[0]).unwrap().t.unwrap();
        assert!((wald(&draws, &[0]).unwrap() - t * t).abs() < 1e-12);
        // A path twice has a singular covariance.
        assert_eq!(wald(&draws, &[0, 0]), None);
        assert!(wald(&draws, &[0, 1]).unwrap() >= t * t - 1e-12);
    }
}
