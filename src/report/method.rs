//! How the numbers came about: the strip on top, and a paragraph for a paper.

use super::words::{counted, percent, thousands};
use super::{Material, Purpose};
use crate::assess::{Tails, weighting_name};
use crate::model::{HigherOrder, Interaction};
use crate::moments::Correlation;
use crate::pls::{Criterion, PlsFit, Weighting};
use crate::resample::{Imputation, Inadmissible};
use crate::stats::distribution::normal_quantile;
use crate::survey::{Missing, Sample};
use crate::table::{apa, list};

/// Version of the software.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whether any block is corrected for attenuation.
pub(super) fn is_consistent(m: &Material<'_>) -> bool {
    m.fit.is_corrected()
}

/// Names and values of the run.
pub(super) fn strip(m: &Material<'_>) -> Vec<(String, String)> {
    let fit = m.fit;
    let mut strip = vec![("n".to_owned(), thousands(fit.n()))];
    let mut add = |name: &str, value: String| strip.push((name.to_owned(), value));
    if let Some(sample) = &fit.sample {
        let pairwise = sample.account.cells_pairwise > 0 && sample.account.cells_imputed == 0;
        let treatment = if pairwise { "pairwise" } else { sample.account.missing.map_or("", Missing::word) };
        add("missing", format!("{} ({treatment})", thousands(sample.account.cells_missing)));
    }
    let engine = match (fit.plan.weighting, is_consistent(m)) {
        (Weighting::PlsPm, true) if !fit.settings.consistent => {
            format!("PLS with given reliabilities, {} scheme", fit.plan.scheme)
        }
        (Weighting::PlsPm, true) => format!("consistent PLS, {} scheme", fit.plan.scheme),
        (Weighting::PlsPm, false) => format!("PLS, {} scheme", fit.plan.scheme),
        (other, true) => format!("{other} weights, corrected"),
        (other, false) => format!("{other} weights"),
    };
    add("engine", engine);
    if fit.settings.correlation != Correlation::Pearson {
        add("correlations", fit.settings.correlation.to_string());
    }
    if let Some(bootstrap) = m.bootstrap {
        add(
            "resamples",
            format!("{} of {}", thousands(bootstrap.admissible), thousands(bootstrap.requested)),
        );
        add("intervals", bootstrap.interval_name());
        add("seed", bootstrap.settings.seed.to_string());
    }
    add("trustpath", VERSION.to_owned());
    if let Some(sample) = &fit.sample {
        add("data fingerprint", sample.fingerprint.clone());
    }
    strip
}

/// What must fall below the tolerance, in words.
fn criterion(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::MaxAbsolute => "the largest absolute change of an outer weight",
        Criterion::SumAbsolute => "the sum of absolute changes of the outer weights",
        Criterion::MaxSquared => "the largest squared change of an outer weight",
        Criterion::MaxRelative => "the largest relative change of an outer weight",
        Criterion::SumSquaredUnscaled => "the sum of squared changes of the unscaled outer weights",
    }
}

/// `1e-7` as `10⁻⁷` where it is a power of ten.
fn tolerance(value: f64) -> String {
    let text = format!("{value:e}");
    match text.strip_prefix("1e-") {
        Some(power) => {
            let raised: String = power
                .chars()
                .filter_map(|c| c.to_digit(10))
                .filter_map(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize))
                .collect();
            format!("10⁻{raised}")
        }
        None => text,
    }
}

/// Where the weights come from, and how the iteration ended.
fn estimator(m: &Material<'_>) -> String {
    let fit = m.fit;
    let ended = if fit.estimate.converged {
        match fit.estimate.iterations {
            0 => "none are needed".to_owned(),
            many => format!("{many} were needed"),
        }
    } else {
        format!("NOT converged after {}", fit.estimate.iterations)
    };
    if fit.plan.weighting != Weighting::PlsPm {
        let corrected =
            if is_consistent(m) { ", with a correction for attenuation of common factors" } else { "" };
        return format!(
            "The model was estimated with trustpath {VERSION} by path analysis of scores with {} weights{corrected} \
             (iterations: {ended}).",
            weighting_name(fit.plan.weighting)
        );
    }
    let kind = if is_consistent(m) {
        "consistent partial least squares path modelling (PLSc; Dijkstra & Henseler, 2015)"
    } else {
        "partial least squares path modelling (PLS-SEM)"
    };
    format!(
        "The model was estimated with trustpath {VERSION} by {kind}, using the {} weighting scheme. Iterations \
         stopped when {} fell below {} (at most {}; {ended}).",
        fit.plan.scheme,
        criterion(fit.settings.criterion),
        tolerance(fit.settings.tolerance),
        thousands(fit.settings.max_iterations),
    )
}

/// What the estimate was made from, where it is not Pearson correlations of equally weighted cases.
fn correlations(fit: &PlsFit) -> Option<String> {
    let kind = match fit.settings.correlation {
        Correlation::Pearson => None,
        Correlation::Spearman => Some("Spearman rank correlations"),
        Correlation::Mcd => Some("minimum covariance determinant correlations"),
        Correlation::Polychoric => Some("polychoric and polyserial correlations of the ordinal items"),
        Correlation::Quantified => Some("optimally quantified answers (non-metric PLS)"),
    };
    let weighted = fit.sample.as_ref().is_some_and(|sample| sample.weights.is_some());
    match (kind, weighted) {
        (None, false) => None,
        (Some(kind), false) => Some(format!("It was estimated from {kind}.")),
        (None, true) => Some("Cases were weighted.".to_owned()),
        (Some(kind), true) => Some(format!("It was estimated from {kind}; cases were weighted.")),
    }
}

/// What a report says about its purpose.
pub(super) const PREDICTION: &str = "The purpose is prediction; how well outcomes of new cases are predicted was not tested here, \
     for that takes cases that the estimate has not seen.";
pub(super) const EXPLANATION: &str =
    "The purpose is explanation: the model is judged by its paths and by how well it fits.";

/// The paragraph, ready to paste.
pub(super) fn paragraph(m: &Material<'_>) -> String {
    let fit = m.fit;
    let mut text = vec![estimator(m)];
    text.extend(m.context.purpose.map(|purpose| {
        match purpose {
            Purpose::Prediction => PREDICTION,
            Purpose::Explanation => EXPLANATION,
        }
        .to_owned()
    }));
    if let Some(correlations) = correlations(fit) {
        text.push(correlations);
    }
    text.extend(approaches(m).into_iter().map(|(sentence, _)| sentence));
    text.push(missing(m));
    if let Some(bootstrap) = m.bootstrap {
        let replaced = fit.sample.as_ref().is_some_and(|sample| sample.account.cells_imputed > 0);
        let imputation = match bootstrap.settings.imputation {
            _ if !replaced => "",
            Imputation::EachResample => ", item means replaced anew in each",
            Imputation::Once => ", item means replaced once beforehand",
        };
        let reasons: usize = bootstrap.reasons.values().sum();
        let fate = match bootstrap.settings.inadmissible {
            _ if reasons == 0 => "all were admissible".to_owned(),
            Inadmissible::Drop => format!("{} inadmissible ones were left out", thousands(reasons)),
            Inadmissible::Keep => {
                format!("{} were inadmissible, of which those with an estimate were kept", thousands(reasons))
            }
            Inadmissible::Replace => {
                format!("{} inadmissible ones were replaced by others", thousands(reasons))
            }
        };
        text.push(format!(
            "Standard errors and {} intervals come from a {} with {} resamples (seed {}{imputation}; {fate}); p-values \
             are {}.",
            bootstrap.interval_name(),
            bootstrap.scheme_name(),
            thousands(bootstrap.requested),
            bootstrap.settings.seed,
            bootstrap.p_value_name(),
        ));
    }
    text.extend(detectable(m));
    text.join(" ")
}

/// The smallest path that so many cases detect, for the tails and the level of the tests beside it; of the other tails in
/// brackets, as Kock & Hadaya (2018) give it with one.
fn detectable(m: &Material<'_>) -> Option<String> {
    let n = m.fit.n();
    let (tails, level) = m
        .bootstrap
        .map_or((Tails::Two, 0.95), |bootstrap| (bootstrap.settings.tails, bootstrap.settings.level));
    let alpha = 1.0 - level;
    let least = |outside: f64| (normal_quantile(1.0 - outside) + normal_quantile(0.8)) / (n as f64).sqrt();
    let (one, two) = (apa(least(alpha), 3), apa(least(alpha / 2.0), 3));
    let ((here, word), (other, other_word)) = match tails {
        Tails::Two => ((two, "two-tailed"), (one, "one-tailed")),
        Tails::One => ((one, "one-tailed"), (two, "two-tailed")),
    };
    (n > 0).then(|| {
        format!(
            "By the inverse square root method (Kock & Hadaya, 2018), n = {} detects path coefficients of at least \
             |β| = {here} with 80 % power in a {word} test at the {} % level ({other} {other_word}).",
            thousands(n),
            percent(alpha, 2),
        )
    })
}

/// How products and constructs of constructs were estimated: sentences, each with the work behind it.
pub(super) fn approaches(m: &Material<'_>) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    if let Some((approach, names)) = m.fit.products() {
        let (how, cited, work) = match approach {
            Interaction::TwoStage => (
                "by the two-stage approach, as products of the standardised scores of the model without them",
                "Henseler & Chin, 2010",
                "Henseler & Chin 2010",
            ),
            Interaction::TwoStageScores => (
                "by the two-stage approach, all constructs standing in the second stage by their scores of the first",
                "Henseler & Chin, 2010",
                "Henseler & Chin 2010",
            ),
            Interaction::ProductIndicator => (
                "by product indicators, as constructs whose items are the products of standardised items",
                "Chin, Marcolin & Newsted, 2003",
                "Chin, Marcolin & Newsted 2003",
            ),
            Interaction::Orthogonal => (
                "by the orthogonalising approach, as constructs whose items are the products of standardised items, cleared \
                 of these items",
                "Little, Bovaird & Widaman, 2006",
                "Little, Bovaird & Widaman 2006",
            ),
            Interaction::Moments | Interaction::MomentsReplace => (
                "from moments of the scores and of their products, corrected for measurement error",
                "Dijkstra & Schermelleh-Engel, 2014",
                "Dijkstra & Schermelleh-Engel 2014",
            ),
        };
        let verb = if names.len() == 1 { "was" } else { "were" };
        let noun = if names.len() == 1 { "product" } else { "products" };
        found.push((format!("The {noun} {} {verb} estimated {how} ({cited}).", list(&names, 12)), work));
    }
    for (approach, wholes) in m.fit.wholes() {
        let (how, cited, work) = match approach {
            HigherOrder::Disjoint => {
                ("by the disjoint two-stage approach", "Sarstedt et al., 2019", "Sarstedt et al. 2019")
            }
            HigherOrder::Embedded => (
                "by the embedded two-stage approach",
                "Ringle, Sarstedt & Straub, 2012",
                "Ringle, Sarstedt & Straub 2012",
            ),
            HigherOrder::Repeated => ("by repeated indicators", "Lohmöller, 1989", "Lohmöller 1989"),
            HigherOrder::ExtendedRepeated => (
                "by repeated indicators in the extended form",
                "Becker, Klein & Wetzels, 2012",
                "Becker, Klein & Wetzels 2012",
            ),
            HigherOrder::Saturated => (
                "in two stages with all constructs of the first joined",
                "Van Riel et al., 2017",
                "Van Riel et al. 2017",
            ),
        };
        let names: Vec<String> = wholes.iter().map(|(name, _)| name.clone()).collect();
        let verb = if names.len() == 1 { "was" } else { "were" };
        let noun = if names.len() == 1 { "higher-order construct" } else { "higher-order constructs" };
        found.push((format!("The {noun} {} {verb} estimated {how} ({cited}).", list(&names, 12)), work));
    }
    found
}

/// The sample and its missing answers in a sentence or two.
fn missing(m: &Material<'_>) -> String {
    let fit = m.fit;
    let Some(sample) = fit.answers() else {
        return format!(
            "The estimate rests on a table of correlations of {} items from n = {} cases.",
            fit.answer_moments().len(),
            thousands(fit.n())
        );
    };
    sample_sentence(sample, fit.n())
}

/// The sample and its missing answers.
pub(super) fn sample_sentence(sample: &Sample, n: usize) -> String {
    let account = &sample.account;
    let cells = account.cases_read * sample.items.len();
    let start = format!("The sample holds n = {} cases", thousands(n));
    if account.cells_missing == 0 {
        return format!("{start} without missing answers.");
    }
    let gaps = format!(
        "{} of {} answers ({} %) were missing, in {}",
        thousands(account.cells_missing),
        thousands(cells),
        percent(account.cells_missing as f64 / cells.max(1) as f64, 2),
        counted(account.cases_with_missing, "case", "cases")
    );
    if account.missing == Some(Missing::Listwise) {
        return format!(
            "{start} of {} read; {gaps}, which were left out (listwise deletion).",
            thousands(account.cases_read)
        );
    }
    let empty = if account.cases_empty == 0 {
        String::new()
    } else {
        format!(
            "; {} without a single answer {} left out",
            counted(account.cases_empty, "case", "cases"),
            if account.cases_empty == 1 { "was" } else { "were" }
        )
    };
    let fate = match (account.cells_pairwise, account.cells_imputed) {
        (0, _) => "and were replaced by the item's mean".to_owned(),
        (_, 0) => "and were left out pair by pair".to_owned(),
        (pairwise, imputed) => format!(
            "of which {} were left out pair by pair and {} replaced by the item's mean",
            thousands(pairwise),
            thousands(imputed)
        ),
    };
    format!("{start}; {gaps}, {fate}{empty}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_of_ten_is_written_as_one() {
        assert_eq!(tolerance(1e-7), "10⁻⁷");
        assert_eq!(tolerance(1e-10), "10⁻¹⁰");
        assert_eq!(tolerance(5e-6), "5e-6");
    }
}
