//! Global fit, paths with their collinearity and effect sizes, explained variance.

use super::words::{bound, chain_label, interval, is_problem, label};
use super::{Material, Purpose, Section, SectionId};
use crate::assess::{Distance, blindfolding};
use crate::document::{Exhibit, insert};
use crate::resample::Kind;
use crate::table::{Cell, Column, Verdict, apa, list};

pub(super) fn fit(m: &Material<'_>) -> Section {
    let mut section = Section::new(SectionId::Fit);
    section.intro.push(
        "PLS does not minimise these indices. They say how closely the correlations that the model implies follow the \
         observed ones."
            .to_owned(),
    );
    if m.context.purpose == Some(Purpose::Prediction) {
        section.intro.push("For prediction fit is no criterion; it is shown for completeness.".to_owned());
    }
    let (srmr, saturated) = (m.assessment.fit.srmr(), m.assessment.fit.srmr_saturated());
    let verdict = m.assessment.thresholds.judge("S11", Some(srmr));
    let (fine, broken) = m.assessment.thresholds.upper("S11");
    let place = match verdict {
        Verdict::Ok => format!("below {}", bound(fine)),
        Verdict::Check => format!("between {} and {}", bound(fine), bound(broken)),
        _ => format!("at or above {}", bound(broken)),
    };
    let paths = if is_problem(verdict) && m.assessment.thresholds.judge("S11", Some(saturated)) == Verdict::Ok
    {
        " The saturated model fits, so the misfit is in the paths."
    } else {
        ""
    };
    let words = format!(
        "SRMR is {} for the estimated model, {place}, and {} for the saturated one.{paths}",
        apa(srmr, 3),
        apa(saturated, 3)
    );
    section.exhibits.push(Exhibit::new(m.assessment.global_fit()).reading(words).fixed());
    section
}

pub(super) fn section(m: &Material<'_>) -> Section {
    let mut section = Section::new(SectionId::Structure);
    if m.fit.model.paths().is_empty() {
        return section;
    }
    if m.context.purpose == Some(Purpose::Prediction) {
        section.intro.push(
            "R² says how well these cases are explained; how well new cases are predicted needs cases that the estimate \
             has not seen."
                .to_owned(),
        );
    }
    section.exhibits.push(structure(m));
    section.exhibits.push(explained(m));
    section.exhibits.extend(blindfolded(m));
    if let Some(bootstrap) = m.bootstrap {
        let mut table = bootstrap.paths();
        "Path coefficients: mean over the resamples beside the estimate".clone_into(&mut table.title);
        let mean = |s: &crate::resample::Summary| (s.mean - s.original).abs();
        let words = bootstrap
            .of_kind(Kind::Path)
            .filter_map(|(quantity, summary, _)| Some((quantity, summary.as_ref()?)))
            .max_by(|a, b| mean(a.1).total_cmp(&mean(b.1)))
            .map_or_else(String::new, |(quantity, summary)| {
                format!(
                    "The resamples' mean is farthest from the estimate for {}: {} against {}.",
                    quantity.name,
                    apa(summary.mean, 3),
                    apa(summary.original, 3)
                )
            });
        section.exhibits.push(Exhibit::new(table).reading(words).folded_beyond(0));
    }
    section
}

/// β, interval, f² and VIF per path.
fn structure(m: &Material<'_>) -> Exhibit {
    let mut table = m.assessment.structure(m.fit);
    "Paths: effect size and collinearity".clone_into(&mut table.title);
    let paths = m.fit.model.paths();
    if let Some(bootstrap) = m.bootstrap {
        let column = Column::interval("interval", bootstrap.settings.level);
        insert(&mut table, 2, column, |r| {
            paths
                .get(r)
                .and_then(|path| {
                    let name = |id| m.fit.model.construct(id).name.as_str();
                    bootstrap.find(Kind::Path, name(path.from), name(path.to))
                })
                .map_or(Cell::NotApplicable(String::new()), interval)
        });
    }
    let vifs = || {
        m.assessment.vif_antecedents.iter().flat_map(|(to, vif)| {
            vif.iter().filter_map(move |(from, v)| Some((format!("{from} → {to}"), v?)))
        })
    };
    let mut words = Vec::new();
    if let Some((name, vif)) = vifs().max_by(|a, b| a.1.total_cmp(&b.1)) {
        let (fine, broken) = m.assessment.thresholds.upper("S01");
        let place = match m.assessment.thresholds.judge("S01", Some(vif)) {
            Verdict::Ok => format!("below {fine}: collinearity is no concern"),
            Verdict::Check => format!("between {fine} and {broken}: look at it"),
            _ => format!("{broken} or more: the coefficients of collinear predictors cannot be told apart"),
        };
        words.push(format!("The largest VIF is {vif:.2} ({name}), {place}."));
    }
    let mut sizes: Vec<(&str, usize)> =
        ["large", "medium", "small", "negligible"].into_iter().map(|word| (word, 0)).collect();
    for path in paths {
        let name = |id| m.fit.model.construct(id).name.as_str();
        if let Some(f2) = m.assessment.f_squared.get(name(path.from), name(path.to)) {
            let size = m.assessment.thresholds.size("S08", f2, crate::assess::f_squared_words);
            sizes.iter_mut().filter(|(word, _)| *word == size).for_each(|(_, count)| *count += 1);
        }
    }
    let parts: Vec<String> =
        sizes.iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{count} {word}")).collect();
    if !parts.is_empty() {
        words.push(format!("Effect sizes by f²: {}.", list(&parts, 4)));
    }
    let mut exhibit = Exhibit::new(table).reading(words.join(" ")).labelled(|name| chain_label(m, name));
    exhibit.judge("vif", |_, vif| m.assessment.thresholds.judge("S01", Some(vif)));
    exhibit
}

/// R² with its interval.
fn explained(m: &Material<'_>) -> Exhibit {
    let mut table = m.assessment.explained(m.fit);
    let r2 = m.fit.r_squared();
    if let Some(bootstrap) = m.bootstrap {
        let column = Column::interval("interval", bootstrap.settings.level);
        let names = r2.names();
        insert(&mut table, 2, column, |r| {
            names
                .get(r)
                .and_then(|name| bootstrap.find(Kind::RSquared, name, name))
                .map_or(Cell::NotApplicable(String::new()), interval)
        });
    }
    let known: Vec<(&str, f64)> = r2.iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let words = spread_of_r_squared(&known);
    let mut exhibit = Exhibit::new(table).reading(words).labelled(|name| label(m, name));
    exhibit.judge("r_squared", |_, value| m.assessment.thresholds.judge("S06", Some(value)));
    exhibit
}

/// Blindfolding Q², where the answers are at hand.
fn blindfolded(m: &Material<'_>) -> Option<Exhibit> {
    let found = blindfolding(m.fit, Distance::Usual);
    let known: Vec<(&str, f64)> = found
        .constructs
        .iter()
        .filter_map(|one| Some((one.construct.as_str(), one.q2_redundancy?)))
        .collect();
    let least = known.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let words = if m.assessment.thresholds.judge("S10", Some(least.1)) == Verdict::Ok {
        format!(
            "Hidden answers to every outcome are reproduced better than by their mean; Q² is lowest for {} ({}).",
            least.0,
            apa(least.1, 3)
        )
    } else {
        format!(
            "Hidden answers to {} are not reproduced better than by their mean ({}).",
            least.0,
            apa(least.1, 3)
        )
    };
    let mut exhibit =
        Exhibit::new(m.assessment.blindfolding_table(&found)).reading(words).labelled(|name| label(m, name));
    exhibit.judge("q2_redundancy", |_, value| m.assessment.thresholds.judge("S10", Some(value)));
    Some(exhibit)
}

/// Where R² is highest and lowest, in one sentence.
pub(super) fn spread_of_r_squared(explained: &[(&str, f64)]) -> String {
    let most = explained.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let least = explained.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    match (most, least) {
        (Some(most), Some(least)) if most.0 != least.0 => format!(
            "R² is highest for {} ({}) and lowest for {} ({}).",
            most.0,
            apa(most.1, 3),
            least.0,
            apa(least.1, 3)
        ),
        (Some(one), _) => format!("R² of {} is {}.", one.0, apa(one.1, 3)),
        _ => String::new(),
    }
}
