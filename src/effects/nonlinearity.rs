//! Whether straight lines are enough (Sarstedt, Ringle, Cheah, Ting, Moisescu & Radomir 2020,
//! doi:10.1177/1354816618823921): Ramsey's test of every equation on the construct scores, and the model estimated once more
//! with the square of every predictor, bootstrapped.
//!
//! Squares of binary predictors are linear in these, and controls are not hypotheses: neither gets a square.

use serde::Serialize;

use super::EffectError;
use super::draws::coefficient;
use super::footnote;
use super::reset::{Reset, reset};
use super::{Draws, two_values};
use crate::assess::{Conventions, f_squared};
use crate::diagnostic::Diagnostic;
use crate::model::{Model, Nature};
use crate::pls::{PlsError, PlsFit};
use crate::resample::{Bootstrapped, Inference, Summary};
use crate::table::{Cell, Column, Table, Verdict};

/// Ramsey's test of one equation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResetOfOutcome {
    /// The outcome.
    pub outcome: String,
    /// Number of predictors.
    pub predictors: usize,
    /// The test; `None` where it does not exist.
    pub test: Option<Reset>,
}

/// The square of one predictor in one equation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuadraticEffect {
    /// The predictor.
    pub predictor: String,
    /// The outcome.
    pub outcome: String,
    /// Its path.
    pub effect: Summary,
    /// Effect size.
    pub f_squared: Option<f64>,
}

/// Check of linearity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Nonlinearity {
    /// Ramsey's test per outcome.
    pub reset: Vec<ResetOfOutcome>,
    /// Quadratic effects.
    pub quadratic_effects: Vec<QuadraticEffect>,
    /// Predictors that get no square, each with the reason.
    pub without_square: Vec<(String, String)>,
    /// Level of the intervals.
    pub level: f64,
    /// How intervals and p-values are made.
    #[serde(serialize_with = "Inference::as_words")]
    pub inference: Inference,
    /// Resamples that count, and why others do not.
    pub accounting: String,
}

/// The model with the square of every predictor, and the predictors that get none with the reasons.
///
/// # Errors
/// [`EffectError::Invalid`] if no predictor has a square, or the fit has no answers.
pub fn with_squares(fit: &PlsFit) -> Result<(Model, Vec<(String, String)>), EffectError> {
    let written = fit.written();
    let Some(sample) = fit.answers() else {
        return Err(Diagnostic::error("TP0803", "squares of constructs need the answers of the cases")
            .hint("give the survey file: a table of correlations holds no answers")
            .into());
    };
    let mut text = written.document().to_string();
    let mut without: Vec<(String, String)> = Vec::new();
    let mut added = 0;
    for path in written.paths() {
        let (from, to) = (written.construct(path.from), written.construct(path.to));
        if matches!(from.nature, Nature::Product { .. }) {
            continue;
        }
        let binary = || {
            let [item] = from.indicators.as_slice() else { return false };
            let at = sample.items.iter().position(|name| *name == written.indicator(*item).name);
            at.and_then(|at| sample.columns.get(at)).is_some_and(|column| two_values(column).is_some())
        };
        let reason = if written.about.controls.contains(&from.name) {
            "a control"
        } else if binary() {
            "binary"
        } else {
            let square = format!("{0}:{0}", from.name);
            let there = written.find(&square).is_some_and(|id| written.find_path(id, path.to).is_some());
            if !there {
                text.push_str(&format!("{} ~ {square}\n", to.name));
            }
            added += 1;
            continue;
        };
        if without.iter().all(|(name, _)| *name != from.name) {
            without.push((from.name.clone(), reason.to_owned()));
        }
    }
    if added == 0 {
        return Err(Diagnostic::error("TP0805", "no predictor of the model has a square")
            .hint("all of them are binary or controls, for which a straight line is all there is")
            .into());
    }
    let mut model =
        Model::parse_named("<the model with squares>", &text)?.with_codebook(written.codebook.clone());
    model.about.factors.clone_from(&written.about.factors);
    Ok((model, without))
}

impl Nonlinearity {
    /// The check of a fit, and the bootstrap of the model with squares that it rests on; `bootstrap` is the way to make one.
    ///
    /// # Errors
    /// As of [`with_squares`] and [`Self::of`]; where the model with squares cannot be estimated or bootstrapped.
    pub fn check<E: From<EffectError> + From<PlsError>>(
        fit: &PlsFit,
        conventions: Conventions,
        bootstrap: impl FnOnce(&PlsFit) -> Result<Bootstrapped, E>,
    ) -> Result<(Bootstrapped, Self), E> {
        let (model, without) = with_squares(fit)?;
        let squared = fit.refit(&model)?;
        let boot = bootstrap(&squared)?;
        let check = Self::of(fit, &squared, &boot, without, conventions)?;
        Ok((boot, check))
    }

    /// Its tables.
    pub fn tables(&self) -> Vec<Table> {
        vec![self.reset_table(), self.quadratic_table()]
    }

    /// Checks a fit; `squared` is the fit of [`with_squares`] from the same answers, `boot` its bootstrap. Effect sizes follow
    /// [`Conventions::f_squared`].
    ///
    /// # Errors
    /// [`EffectError::Invalid`] if the fit has no answers.
    pub fn of(
        fit: &PlsFit,
        squared: &PlsFit,
        boot: &Bootstrapped,
        without_square: Vec<(String, String)>,
        conventions: Conventions,
    ) -> Result<Self, EffectError> {
        let Some(scores) = fit.scores() else {
            return Err(Diagnostic::error("TP0803", "Ramsey's test needs the answers of the cases")
                .hint("give the survey file: a table of correlations holds no answers")
                .into());
        };
        let weights = fit.answers().and_then(|sample| sample.weights.as_deref());
        let names = fit.constructs();
        let reset = fit
            .plan
            .equations
            .iter()
            .map(|equation| {
                let x: Vec<&[f64]> = equation.predictors.iter().map(|&j| scores[j].as_slice()).collect();
                ResetOfOutcome {
                    outcome: names[equation.outcome].clone(),
                    predictors: x.len(),
                    test: reset(&scores[equation.outcome], &x, weights),
                }
            })
            .collect();
        let f_squared = f_squared(squared, conventions.f_squared);
        let draws = Draws::of(boot);
        let model = &squared.model;
        let quadratic_effects = model
            .paths()
            .iter()
            .enumerate()
            .filter_map(|(at, path)| {
                let (from, to) = (model.construct(path.from), model.construct(path.to));
                let [a, b] = from.factors()? else { return None };
                (a == b).then_some(())?;
                Some(QuadraticEffect {
                    predictor: a.clone(),
                    outcome: to.name.clone(),
                    effect: draws.summary(|b| coefficient(b, at))?,
                    f_squared: f_squared.get(&from.name, &to.name),
                })
            })
            .collect();
        Ok(Self {
            reset,
            quadratic_effects,
            without_square,
            level: draws.inference().level(),
            inference: draws.inference().clone(),
            accounting: boot.accounting(),
        })
    }

    /// Ramsey's test per outcome.
    pub fn reset_table(&self) -> Table {
        let mut table = Table::new(
            "reset",
            "Ramsey's test of linearity (RESET)",
            vec![
                Column::words("outcome", "Outcome"),
                Column::numbers("predictors", "Predictors"),
                Column::numbers("f", "F"),
                Column::numbers("df1", "df1"),
                Column::numbers("df2", "df2"),
                Column::numbers("p", "p"),
                Column::words("verdict", "Linear"),
            ],
        );
        for one in &self.reset {
            let mut row = vec![Cell::text(&one.outcome), Cell::count(one.predictors)];
            if let Some(test) = &one.test {
                row.extend([
                    Cell::of(Some(test.f), 2, false),
                    Cell::count(test.df1),
                    Cell::count(test.df2),
                    Cell::Probability(test.p),
                    Cell::Verdict(if test.p > 0.05 { Verdict::Ok } else { Verdict::Check }, String::new()),
                ]);
            } else {
                let reason = "collinear powers or too few cases";
                row.extend(vec![Cell::Blank; 4]);
                row.push(Cell::Verdict(Verdict::NotApplicable, reason.to_owned()));
            }
            table.push(row);
        }
        table.note(
            "Second and third powers of the fitted construct scores added to each equation (Ramsey 1969).",
        );
        table.note(footnote("X01"));
        table
    }

    /// Quadratic effects.
    pub fn quadratic_table(&self) -> Table {
        let mut table = Table::new(
            "quadratic_effects",
            "Quadratic effects, all in one model",
            vec![
                Column::words("name", "Path"),
                Column::numbers("estimate", "β"),
                Column::numbers("sd", "SE"),
                Column::numbers("p", "p"),
                Column::interval("interval", self.level),
                Column::numbers("f_squared", "f²"),
                Column::words("verdict", "Linear"),
            ],
        );
        for one in &self.quadratic_effects {
            let verdict = if one.effect.excludes_zero() { Verdict::Check } else { Verdict::Ok };
            table.push(vec![
                Cell::text(format!("{}² → {}", one.predictor, one.outcome)),
                Cell::bounded(one.effect.original),
                Cell::of(one.effect.sd, 3, true),
                one.effect.p_cell(),
                one.effect.interval_cell(),
                Cell::of(one.f_squared, 3, true),
                Cell::Verdict(verdict, String::new()),
            ]);
        }
        if !self.without_square.is_empty() {
            let listed: Vec<String> =
                self.without_square.iter().map(|(name, why)| format!("{name} ({why})")).collect();
            table.note(format!("Without a square: {}.", listed.join(", ")));
        }
        table.note(self.inference.words());
        let told = self
            .quadratic_effects
            .iter()
            .map(|one| (format!("{}² → {}", one.predictor, one.outcome), &one.effect));
        table.notes.extend(self.inference.contradictions(told));
        table.note(&self.accounting);
        table.note(footnote("X01"));
        table
    }
}
