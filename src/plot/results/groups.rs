//! Groups that were estimated each by itself, in one figure.

use super::super::{Diagram, Forest, ForestGroup, ForestRow, Judged, Language, PlotError, group_keys};
use super::{DiagramOptions, Mode, details, diagram, forest, kind_words, significant, stars};
use crate::pls::PlsFit;
use crate::resample::{Bootstrapped, Kind as Quantity, ResampleError, Summary};
use crate::table::{apa, interval};

/// One group and its estimate.
#[derive(Debug, Clone, Copy)]
pub struct GroupFit<'a> {
    /// Name of the group: an answer in the column that makes the groups.
    pub name: &'a str,
    /// Its estimate.
    pub fit: &'a PlsFit,
    /// Its bootstrap, with a seed of its own.
    pub boot: Option<&'a Bootstrapped>,
}

/// Why groups cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError {
    /// The figure itself.
    #[error(transparent)]
    Plot(#[from] PlotError),
    /// The difference of two bootstraps.
    #[error(transparent)]
    Resample(#[from] ResampleError),
}

/// What groups are called in a figure.
fn keys(groups: &[GroupFit<'_>]) -> Vec<String> {
    group_keys(&groups.iter().map(|group| group.name.to_owned()).collect::<Vec<_>>())
}

/// Who the groups are: `gender: female (n = 248), male (n = 232)`, or `gender: A = 1 (n = 248), B = 2 (n = 232)` where
/// letters stand for them.
fn legend(column: &str, groups: &[GroupFit<'_>], language: Language) -> String {
    let each = keys(groups).into_iter().zip(groups).map(|(key, group)| {
        let who = if key == group.name { key } else { format!("{key} = {}", group.name) };
        match language {
            Language::English => format!("{who} (n = {})", group.fit.n()),
            Language::Chinese => format!("{who}（n = {}）", group.fit.n()),
        }
    });
    let each: Vec<String> = each.collect();
    match language {
        Language::English => format!("{column}: {}", each.join(", ")),
        Language::Chinese => format!("{column}：{}", each.join("，")),
    }
}

/// What has to be shown before groups are compared.
fn caution(language: Language) -> &'static str {
    match language {
        Language::English => {
            "Paths of groups may be compared only if measurement is invariant (MICOM; Henseler, Ringle & Sarstedt 2016), which is not tested here."
        }
        Language::Chinese => {
            "只有测量具有不变性时才能比较各组路径（MICOM；Henseler, Ringle & Sarstedt 2016），此处未作检验。"
        }
    }
}

fn joined(parts: &[String], language: Language) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join(if language == Language::Chinese { "" } else { " " })
}

fn ended(note: &str, language: Language) -> String {
    let end = if language == Language::Chinese { "。" } else { "." };
    if note.is_empty() { String::new() } else { format!("{note}{end}") }
}

/// The estimates of all groups on each path of one diagram.
///
/// # Errors
/// [`PlotError::Input`] if there is no group, or the fits are not of one model.
pub fn beside(column: &str, groups: &[GroupFit<'_>], options: DiagramOptions) -> Result<Diagram, PlotError> {
    let language = options.language;
    let each: Vec<Diagram> = groups.iter().map(|group| diagram(group.fit, group.boot, options)).collect();
    let keys = keys(groups);
    let pairs: Vec<(&str, &Diagram)> = keys.iter().map(String::as_str).zip(&each).collect();
    let mut all = Diagram::beside(&pairs)?;
    if options.mode != Mode::Model {
        let stars = each.first().map_or_else(String::new, |first| ended(&first.note, language));
        let order = match language {
            Language::English => format!("In this order: {}", keys.join(" / ")),
            Language::Chinese => format!("依次为：{}", keys.join(" / ")),
        };
        // Where each line starts with its group there is no order to know.
        let keyed = all.edges.iter().any(|edge| edge.label.contains('\n'));
        let order = if keyed { String::new() } else { ended(&order, language) };
        let who = ended(&legend(column, groups, language), language);
        let judged = all.edges.iter().any(|edge| edge.significant.is_some());
        let solid = match language {
            _ if !judged => "",
            Language::English => "Solid lines: significant in at least one group.",
            Language::Chinese => "实线：至少在一组中显著。",
        };
        all.note = joined(&[who, order, stars, solid.to_owned(), caution(language).to_owned()], language);
    }
    Ok(all)
}

/// The difference of two groups, the first less the second, on each path; with the bootstraps of both, whether it is other
/// than 0.
///
/// # Errors
/// [`GroupError`] if the fits are not of one model, or their bootstraps cannot be subtracted.
pub fn difference(
    column: &str,
    groups: [GroupFit<'_>; 2],
    options: DiagramOptions,
) -> Result<Diagram, GroupError> {
    let language = options.language;
    let options = DiagramOptions { mode: Mode::Estimates, ..options };
    let [one, two] = groups.map(|group| diagram(group.fit, None, options));
    let keys = keys(&groups);
    let mut note = vec![ended(&legend(column, &groups, language), language)];
    let [a, b] = [0, 1].map(|at| keys.get(at).cloned().unwrap_or_default());
    note.push(match language {
        Language::English => format!("Δ: path in {a} less path in {b}."),
        Language::Chinese => format!("Δ：{a} 的路径减去 {b} 的路径。"),
    });
    let mut judged = Vec::new();
    if let (Some(first), Some(second)) = (groups[0].boot, groups[1].boot) {
        let found = first.less(second, Quantity::Path)?;
        let summary = |from: &str, to: &str| -> Option<Summary> {
            found.iter().find(|(quantity, _)| quantity.from == from && quantity.to == to)?.1
        };
        judged = arrows(&one, groups[0].fit)
            .into_iter()
            .map(|(from, to)| {
                let difference = summary(&from, &to);
                let group = |key: &str, boot: &Bootstrapped| {
                    let path = boot.find(Quantity::Path, &from, &to)?;
                    Some(format!("{key}: β = {} {}", apa(path.original, 3), interval(path.low, path.high, 3)))
                };
                let mut lines: Vec<String> =
                    [group(&a, first), group(&b, second)].into_iter().flatten().collect();
                if let Some(difference) = &difference {
                    let text =
                        details(Some(difference), Some(format!("Δ = {}", apa(difference.original, 3))));
                    lines.push(text);
                }
                Judged {
                    significant: significant(difference.as_ref()),
                    stars: stars(difference.as_ref()).to_owned(),
                    details: lines.join("\n"),
                }
            })
            .collect();
        let (percent, kind) = (first.settings.level * 100.0, first.settings.interval());
        note.push(match language {
            Language::English => format!(
                "* {percent:.0} % {} interval of the difference of both bootstraps excludes 0, ** and p < .01, *** and p < .001.",
                kind.name()
            ),
            Language::Chinese => format!(
                "* 两组自助法差异的 {percent:.0}% {}区间不含 0；** 且 p < .01；*** 且 p < .001。",
                kind_words(kind)
            ),
        });
    }
    note.push(caution(language).to_owned());
    let mut both = one.difference(&two, &judged)?;
    both.note = joined(&note, language);
    Ok(both)
}

/// Ends of every arrow of a diagram by name, as results know them: that of a moderator starts at the product.
fn arrows(diagram: &Diagram, fit: &PlsFit) -> Vec<(String, String)> {
    let name = |at: usize| diagram.nodes.get(at).map_or_else(String::new, |node| node.name.clone());
    let paths = diagram.edges.iter().map(|edge| (name(edge.from), name(edge.to)));
    let moderations = diagram.moderations.iter().map(|moderation| {
        let Some(edge) = diagram.edges.get(moderation.edge) else { return Default::default() };
        let mut wanted = [name(moderation.moderator), name(edge.from)];
        wanted.sort();
        let product = fit.model.constructs().iter().find(|construct| {
            let mut factors = construct.factors().map(<[String]>::to_vec).unwrap_or_default();
            factors.sort();
            factors == wanted
        });
        (product.map_or_else(String::new, |product| product.name.clone()), name(edge.to))
    });
    paths.chain(moderations).collect()
}

/// Path coefficients of all groups with their intervals, outcome by outcome.
pub fn forest_of_groups(column: &str, groups: &[GroupFit<'_>], language: Language) -> Forest {
    let each: Vec<Forest> = groups.iter().map(|group| forest(group.fit, group.boot, language)).collect();
    let keys = keys(groups);
    let mut all = each.first().cloned().unwrap_or_default();
    for (at, outcome) in all.groups.iter_mut().enumerate() {
        let of = |forest: &'_ Forest, row: usize| forest.groups.get(at)?.rows.get(row).cloned();
        let rows = (0..outcome.rows.len()).flat_map(|row| {
            keys.iter().zip(&each).filter_map(move |(key, forest)| {
                let found: ForestRow = of(forest, row)?;
                Some(ForestRow { name: format!("{} · {key}", found.name), ..found })
            })
        });
        *outcome = ForestGroup { name: outcome.name.clone(), rows: rows.collect() };
    }
    let who = legend(column, groups, language);
    all.title = match language {
        Language::English => format!("{} by {who}", all.title),
        Language::Chinese => format!("{}，{who}", all.title),
    };
    all
}
