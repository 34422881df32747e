//! From results to charts.

use super::super::{
    AnswerGroup, AnswerItem, Answers, Distribution, Distributions, Forest, ForestGroup, ForestRow, Heat,
    Htmt, HtmtCell, Language, Loading, LoadingGroup, Loadings, Pattern, Patterns,
};
use super::{intervals_of, kind_words, label};
use crate::assess::Assessment;
use crate::model::{Mode, Model};
use crate::pls::{Block, PlsFit};
use crate::resample::{Bootstrapped, Kind as Quantity};
use crate::survey::Sample;
use crate::table::percent;

/// Path coefficients with their intervals, outcome by outcome.
pub fn forest(fit: &PlsFit, boot: Option<&Bootstrapped>, language: Language) -> Forest {
    let model = &fit.model;
    let groups = model
        .endogenous()
        .into_iter()
        .map(|outcome| ForestGroup {
            name: label(model, model.construct(outcome), language),
            rows: model
                .paths()
                .iter()
                .zip(&fit.estimate.paths)
                .filter(|(path, _)| path.to == outcome)
                .map(|(path, &b)| {
                    let (from, to) = (model.construct(path.from), model.construct(path.to));
                    let summary = boot.and_then(|boot| boot.find(Quantity::Path, &from.name, &to.name));
                    ForestRow {
                        name: label(model, from, language),
                        value: b,
                        interval: summary.map(|s| (s.low, s.high)),
                    }
                })
                .collect(),
        })
        .collect();
    let title = language.say("Paths with intervals").into_owned();
    Forest { title, axis: "β".to_owned(), groups, interval: intervals_of(boot, language), language }
}

/// The label of the construct of this name.
fn named(model: &Model, name: &str, language: Language) -> String {
    model.find(name).map_or_else(|| name.to_owned(), |id| label(model, model.construct(id), language))
}

/// Correlations of the constructs as a lower triangle.
pub fn correlations(fit: &PlsFit, language: Language) -> Heat {
    let matrix = fit.construct_correlations();
    let cells = (0..matrix.rows().len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    let cells = cells.map(|(i, j)| matrix.at(i, j)).collect();
    let title = language.say("Correlations of the constructs").into_owned();
    let names = matrix.rows().iter().map(|name| named(&fit.model, name, language)).collect();
    Heat { title, names, cells, language }
}

/// Which items are missing together; `None` if no answer is missing.
pub fn missing(sample: &Sample, language: Language) -> Option<Patterns> {
    let cases = sample.columns.first().map_or(0, Vec::len);
    let mut counts: std::collections::BTreeMap<Vec<usize>, usize> = std::collections::BTreeMap::new();
    for case in 0..cases {
        let gaps = |column: &Vec<f64>| column.get(case).is_some_and(|x| x.is_nan());
        let gaps: Vec<usize> =
            sample.columns.iter().enumerate().filter(|(_, column)| gaps(column)).map(|(i, _)| i).collect();
        *counts.entry(gaps).or_default() += 1;
    }
    let complete = counts.remove(&Vec::new()).unwrap_or(0);
    if counts.is_empty() {
        return None;
    }
    let mut patterns: Vec<Pattern> =
        counts.into_iter().map(|(items, cases)| Pattern { items, cases }).collect();
    patterns.sort_by(|a, b| b.cases.cmp(&a.cases).then(a.items.cmp(&b.items)));
    let title = language.say("Missing answers").into_owned();
    Some(Patterns { title, items: sample.items.clone(), complete, patterns, language })
}

/// Whether the items of a block form it: regression weights over several items.
fn forms(block: &Block) -> bool {
    block.len > 1 && matches!(block.mode, Mode::B | Mode::Bnnls)
}

/// Loadings of every multi-item block that its items reflect, with intervals where bootstrapped.
pub fn loadings(fit: &PlsFit, boot: Option<&Bootstrapped>, language: Language) -> Loadings {
    let groups = fit
        .model
        .constructs()
        .iter()
        .zip(&fit.plan.blocks)
        // Items that form a construct are judged by their weights.
        .filter(|(_, block)| block.len > 1 && !forms(block))
        .map(|(construct, block)| LoadingGroup {
            construct: label(&fit.model, construct, language),
            items: (block.start..block.start + block.len)
                .map(|i| {
                    let item = fit.moments.items[i].clone();
                    let summary = boot.and_then(|boot| boot.find(Quantity::Loading, &item, &construct.name));
                    Loading {
                        value: fit.estimate.loadings[i],
                        interval: summary.map(|s| (s.low, s.high)),
                        item,
                    }
                })
                .collect(),
        })
        .collect();
    let (title, axis) = match language {
        Language::English => ("Loadings", "Loading"),
        Language::Chinese => ("因子载荷", "载荷"),
    };
    Loadings {
        title: title.to_owned(),
        axis: axis.to_owned(),
        groups,
        interval: intervals_of(boot, language),
        language,
        ..Loadings::default()
    }
}

/// The HTMT matrix, with one-sided upper bounds where bootstrapped.
pub fn htmt(fit: &PlsFit, assessment: &Assessment, boot: Option<&Bootstrapped>, language: Language) -> Htmt {
    // Items that form a construct need not correlate, and products have nothing to be told apart from.
    let all = fit.constructs();
    let constructs = fit.model.constructs().iter().zip(&fit.plan.blocks).enumerate();
    let told: Vec<usize> = constructs
        .filter(|(_, (construct, block))| construct.factors().is_none() && !forms(block))
        .map(|(at, _)| at)
        .collect();
    let names: Vec<String> = told.iter().filter_map(|&at| all.get(at).cloned()).collect();
    let mut cells = Vec::new();
    for (row, &i) in told.iter().enumerate() {
        for (column, &j) in told.iter().enumerate().take(row) {
            let summary = boot.and_then(|boot| boot.find(Quantity::Htmt, &names[column], &names[row]));
            cells.push(HtmtCell { value: assessment.htmt.at(i, j), upper: summary.map(|s| s.upper) });
        }
    }
    let title = match language {
        Language::English => "Heterotrait-monotrait ratio (HTMT)",
        Language::Chinese => "异质-单质比率（HTMT）",
    };
    let bound = boot.map_or_else(String::new, |boot| {
        let (level, kind) = (percent(boot.settings.level), boot.settings.interval());
        match language {
            Language::English => format!("{level} % upper bound, one-sided ({})", kind.name()),
            Language::Chinese => format!("{level}% 单侧上限（{}）", kind_words(kind)),
        }
    });
    let constructs = names.iter().map(|name| named(&fit.model, name, language)).collect();
    Htmt { title: title.to_owned(), constructs, cells, bound, language, ..Htmt::default() }
}

/// Bootstrap distributions of the path coefficients.
pub fn distributions<'a>(fit: &PlsFit, boot: &'a Bootstrapped, language: Language) -> Distributions<'a> {
    let panels = boot
        .of_kind(Quantity::Path)
        .filter_map(|(quantity, summary, draws)| {
            summary.as_ref().map(|s| Distribution {
                name: format!(
                    "{} → {}",
                    named(&fit.model, &quantity.from, language),
                    named(&fit.model, &quantity.to, language)
                ),
                draws,
                estimate: s.original,
                low: s.low,
                high: s.high,
            })
        })
        .collect();
    let title = match language {
        Language::English => "Bootstrap distributions of the paths",
        Language::Chinese => "路径系数的自助分布",
    };
    let interval = intervals_of(Some(boot), language);
    Distributions { title: title.to_owned(), panels, interval, language, ..Distributions::default() }
}

/// Most answer categories a stacked bar can tell apart.
const MOST_CATEGORIES: usize = 11;

/// Answer shares of every item with few whole-number answers; `None` if there is none such.
pub fn answers(model: &Model, sample: &Sample, language: Language) -> Option<Answers> {
    let whole = |column: &[f64]| column.iter().filter(|x| !x.is_nan()).all(|x| x.fract() == 0.0);
    let ends = |column: &[f64]| {
        let seen = column.iter().filter(|x| !x.is_nan());
        seen.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)))
    };
    let range = |item: &str, column: &[f64]| {
        let (low, high) = ends(column);
        let known = model.codebook.find(item);
        (known.and_then(|k| k.min).unwrap_or(low), known.and_then(|k| k.max).unwrap_or(high))
    };
    let usable: Vec<(usize, (f64, f64))> = sample
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| whole(column))
        .map(|(i, column)| (i, range(&sample.items[i], column)))
        .filter(|(_, (low, high))| high - low < MOST_CATEGORIES as f64 && high > low)
        .collect();
    // One set of categories for all: the widest range among the items.
    let low = usable.iter().map(|(_, (low, _))| *low).fold(f64::INFINITY, f64::min);
    let high = usable.iter().map(|(_, (_, high))| *high).fold(f64::NEG_INFINITY, f64::max);
    if !low.is_finite() || high - low >= MOST_CATEGORIES as f64 {
        return None;
    }
    let codes: Vec<f64> =
        std::iter::successors(Some(low), |x| (x + 1.0 <= high).then_some(x + 1.0)).collect();
    let groups = model
        .constructs()
        .iter()
        .map(|construct| AnswerGroup {
            construct: label(model, construct, language),
            items: construct
                .indicators
                .iter()
                .filter(|id| usable.iter().any(|(i, _)| *i == id.index()))
                .map(|id| {
                    let column = &sample.columns[id.index()];
                    let name = &sample.items[id.index()];
                    // Answers are shown as the estimate uses them: turned where the codebook says so.
                    let turned = sample.account.reversed.contains(name);
                    AnswerItem {
                        name: if turned { format!("{name} (r)") } else { name.clone() },
                        counts: codes
                            .iter()
                            .map(|code| column.iter().filter(|x| *x == code).count())
                            .collect(),
                        missing: column.iter().filter(|x| x.is_nan()).count(),
                    }
                })
                .collect(),
        })
        .filter(|group: &AnswerGroup| !group.items.is_empty())
        .collect();
    let title = match language {
        Language::English => "Answers",
        Language::Chinese => "回答分布",
    };
    Some(Answers {
        title: title.to_owned(),
        categories: codes.iter().map(ToString::to_string).collect(),
        groups,
        language,
    })
}
