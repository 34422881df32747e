//! What models in stages cannot go with: each with the reason and what to use.

use super::settings::Pls;
use super::stages::CompiledStage;
use super::{PlsError, plan};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ConstructId, Interaction, Model};
use crate::moments::Correlation;

/// Repeated indicators under a correction for attenuation, which takes the measurement errors of different blocks to be
/// uncorrelated: those of a construct that repeats items are the errors of its components, with which it stands in the last
/// stage.
pub(super) fn shared_errors(stages: &[CompiledStage]) -> Option<Diagnostic> {
    let last = stages.last()?;
    let name = stages.iter().find_map(|stage| {
        let corrected = |j: usize| stage.plan.blocks[j].corrected;
        let whole = stage.repeating().find(|&j| {
            let construct = &stage.model.constructs()[j];
            let parts = construct.components().unwrap_or_default();
            let beside = parts.iter().any(|part| last.model.find(part).is_some());
            let mut parts = parts.iter().filter_map(|part| stage.model.find(part)).map(ConstructId::index);
            beside && last.model.find(&construct.name).is_some() && (corrected(j) || parts.any(corrected))
        })?;
        Some(stage.model.constructs()[whole].name.clone())
    })?;
    Some(
        Diagnostic::error(
            "TP0436",
            format!(
                "consistent PLS has no correction for `{name}`, which repeats the items of its components: they share their \
                 measurement errors"
            ),
        )
        .hint("choose `#@ higher-order disjoint`, or `embedded`: components are corrected before their scores become items")
        .hint("or estimate without the correction (leave out `--consistent`)"),
    )
}

/// What models in stages cannot go with.
pub(super) fn check(model: &Model, settings: &Pls, interaction: Interaction) -> Result<(), PlsError> {
    plan::check(model, settings)?;
    let mut problems = Vec::new();
    if let Some(approach) = settings.higher_order {
        // What the model file says was checked where it was read.
        for (message, hints) in model.higher_order_clashes(approach) {
            let problem = Diagnostic::error("TP0435", message);
            let problem = hints.into_iter().fold(problem, Diagnostic::hint);
            problems.push(problem.hint("or leave the approach to the model file (no `--higher-order`)"));
        }
    }
    let products: Vec<&str> =
        model.constructs().iter().filter(|c| c.factors().is_some()).map(|c| c.name.as_str()).collect();
    if model.is_staged() && settings.correlation == Correlation::Quantified {
        problems.push(
            Diagnostic::error(
                "TP0430",
                "optimal scaling has no theory for models that are estimated in stages (products, constructs of constructs)",
            )
            .hint("choose `--correlation pearson`"),
        );
    }
    if let Some(name) = products.first() {
        if !matches!(settings.correlation, Correlation::Pearson | Correlation::Quantified) {
            problems.push(
                Diagnostic::error(
                    "TP0431",
                    format!(
                        "the interaction `{name}` is a product of scores, which `{}` correlations do not know",
                        settings.correlation
                    ),
                )
                .hint("choose `--correlation pearson`, or estimate the main effects only"),
            );
        }
        if model.instruments().iter().any(|(_, list)| !list.is_empty()) || !settings.instruments.is_empty() {
            problems.push(
                Diagnostic::error(
                    "TP0432",
                    format!("the interaction `{name}` and instruments cannot stand in one model"),
                )
                .hint("an interaction of an endogenous predictor needs instruments of its own: remove `#@ instruments`, or the interaction"),
            );
        }
        let indicators = matches!(interaction, Interaction::ProductIndicator | Interaction::Orthogonal);
        let factor = |c: &&crate::model::Construct| {
            let kind = c.kind == crate::model::Kind::Reflective && c.components().is_none();
            kind && (c.indicators.len() > 1 || settings.reliabilities.contains_key(&c.name))
        };
        if indicators && settings.consistent && model.constructs().iter().any(|c| factor(&c)) {
            problems.push(
                Diagnostic::error(
                    "TP0433",
                    format!(
                        "consistent PLS has no correction for the products of items that `{interaction}` makes of `{name}`"
                    ),
                )
                .hint("choose `#@ interaction moments`, which is consistent, or `two-stage`")
                .hint("or estimate without the correction (leave out `--consistent`)"),
            );
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(PlsError::Invalid(Diagnostics(problems))) }
}
