//! The works behind the rules and methods that a report shows.

use super::method::is_consistent;
use super::{Material, Report};
use crate::assess::rules;

/// What is known in full; other works stand as the rules name them.
const KNOWN: [(&str, &str); 7] = [
    (
        "Dijkstra & Henseler 2015",
        "Dijkstra, T. K., & Henseler, J. (2015). Consistent partial least squares path modeling. MIS Quarterly, 39(2), \
         297–316.",
    ),
    (
        "Fornell & Larcker 1981",
        "Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with unobservable variables and \
         measurement error. Journal of Marketing Research, 18, 39–50.",
    ),
    (
        "Hair et al. 2019",
        "Hair, J. F., Risher, J. J., Sarstedt, M., & Ringle, C. M. (2019). When to use and how to report the results of \
         PLS-SEM. European Business Review, 31(1), 2–24.",
    ),
    (
        "Henseler, Ringle & Sarstedt 2015",
        "Henseler, J., Ringle, C. M., & Sarstedt, M. (2015). A new criterion for assessing discriminant validity in \
         variance-based structural equation modeling. Journal of the Academy of Marketing Science, 43, 115–135.",
    ),
    (
        "Hu & Bentler 1999",
        "Hu, L., & Bentler, P. M. (1999). Cutoff criteria for fit indexes in covariance structure analysis: Conventional \
         criteria versus new alternatives. Structural Equation Modeling, 6, 1–55.",
    ),
    (
        "Kock & Hadaya 2018",
        "Kock, N., & Hadaya, P. (2018). Minimum sample size estimation in PLS-SEM: The inverse square root and \
         gamma-exponential methods. Information Systems Journal, 28(1), 227–261.",
    ),
    (
        "Streukens & Leroi-Werelds 2016",
        "Streukens, S., & Leroi-Werelds, S. (2016). Bootstrapping and PLS-SEM: A step-by-step guide to get more out of \
         your bootstrap results. European Management Journal, 34(6), 618–632.",
    ),
];

/// Every work that the report leans on, in alphabetical order.
pub(super) fn used(report: &Report, m: &Material<'_>) -> Vec<String> {
    let notes: Vec<&String> = report
        .sections
        .iter()
        .flat_map(|section| &section.exhibits)
        .flat_map(|exhibit| &exhibit.table.notes)
        .collect();
    let mut short: Vec<&str> = rules()
        .iter()
        .filter(|rule| {
            let footnote = rule.footnote();
            report.lights.iter().any(|light| light.rule == rule.id)
                || notes.iter().any(|note| note.contains(&footnote))
        })
        .flat_map(|rule| rule.source.split("; "))
        .filter(|source| !source.is_empty())
        .collect();
    short.push("Kock & Hadaya 2018");
    if is_consistent(m) {
        short.push("Dijkstra & Henseler 2015");
    }
    if notes.iter().any(|note| note.contains("Streukens & Leroi-Werelds 2016")) {
        short.push("Streukens & Leroi-Werelds 2016");
    }
    short.sort_unstable();
    short.dedup();
    short
        .into_iter()
        .map(|source| {
            KNOWN
                .iter()
                .find(|(key, _)| *key == source)
                .map_or_else(|| format!("{source}."), |(_, full)| (*full).to_owned())
        })
        .collect()
}
