//! From results to figures: the only place of this room that knows how the numbers were found.

use super::{
    AnswerGroup, AnswerItem, Answers, Diagram, Distribution, Distributions, Edge, Htmt, HtmtCell, Item,
    ItemArrows, Language, Loading, LoadingGroup, Loadings, Node, Shape,
};
use crate::assess::Assessment;
use crate::model::{Construct, Kind, Mode, Model};
use crate::pls::PlsFit;
use crate::resample::{Bootstrapped, Kind as Quantity, Summary};
use crate::survey::Sample;
use crate::table::apa;

/// What a path diagram shows beside the paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiagramOptions {
    /// Items with loadings or weights.
    pub items: bool,
    /// Labels of constructs instead of their names, where the model or codebook gives them.
    pub labels: bool,
    /// Language of labels and legend.
    pub language: Language,
}

impl Default for DiagramOptions {
    fn default() -> Self {
        Self { items: true, labels: true, language: Language::English }
    }
}

/// The label of a construct in a language, its name where there is none.
fn label(construct: &Construct, language: Language) -> String {
    let chosen = match language {
        Language::Chinese => construct.label_zh.as_ref().or(construct.label.as_ref()),
        Language::English => construct.label.as_ref(),
    };
    chosen.unwrap_or(&construct.name).clone()
}

fn title(model: &Model, language: Language) -> String {
    let chosen = match language {
        Language::Chinese => model.about.title_zh.as_ref().or(model.about.title.as_ref()),
        Language::English => model.about.title.as_ref(),
    };
    chosen.cloned().unwrap_or_default()
}

/// Whether an interval leaves out 0.
fn significant(summary: Option<&Summary>) -> Option<bool> {
    summary.map(|s| s.low > 0.0 || s.high < 0.0)
}

/// One star where the interval leaves out 0; two and three where p is below .01 and .001 besides. Stars and dashes
/// thus never contradict each other.
fn stars(summary: Option<&Summary>) -> &'static str {
    match (significant(summary), summary.and_then(|s| s.p)) {
        (Some(true), Some(p)) if p < 0.001 => "***",
        (Some(true), Some(p)) if p < 0.01 => "**",
        (Some(true), _) => "*",
        _ => "",
    }
}

/// The path diagram of a fit; with a bootstrap, paths carry stars, and are dashed where their interval includes 0.
pub fn diagram<'a>(fit: &'a PlsFit, boot: Option<&'a Bootstrapped>, options: DiagramOptions) -> Diagram {
    let model = &fit.model;
    let r_squared = fit.r_squared();
    let find = |kind, from: &str, to: &str| boot.and_then(|boot| boot.find(kind, from, to));
    let nodes = model
        .constructs()
        .iter()
        .zip(&fit.plan.blocks)
        .map(|(construct, block)| {
            // Regression weights are read as weights, all others as loadings.
            let formative = construct.kind == Kind::Composite && matches!(block.mode, Mode::B | Mode::Bnnls);
            let items = (block.start..block.start + block.len).map(|i| {
                let name = fit.moments.items[i].clone();
                let kind = if formative { Quantity::Weight } else { Quantity::Loading };
                Item {
                    value: Some(if formative { fit.estimate.weights[i] } else { fit.estimate.loadings[i] }),
                    significant: significant(find(kind, &name, &construct.name)),
                    name,
                }
            });
            Node {
                name: construct.name.clone(),
                label: if options.labels {
                    label(construct, options.language)
                } else {
                    construct.name.clone()
                },
                shape: if block.len == 1 {
                    Shape::SingleItem
                } else if construct.kind == Kind::Reflective {
                    Shape::Factor
                } else {
                    Shape::Composite
                },
                higher_order: false,
                r_squared: r_squared.get(&construct.name),
                arrows: if formative { ItemArrows::Formative } else { ItemArrows::Reflective },
                items: items.collect(),
            }
        })
        .collect();
    let edges = model
        .paths()
        .iter()
        .zip(&fit.estimate.paths)
        .map(|(path, &b)| {
            let (from, to) = (&model.construct(path.from).name, &model.construct(path.to).name);
            let summary = find(Quantity::Path, from, to);
            Edge {
                from: path.from.index(),
                to: path.to.index(),
                label: format!("{}{}", apa(b, 2), stars(summary)),
                value: Some(b),
                significant: significant(summary),
                ..Edge::default()
            }
        })
        .collect();
    let note = boot.map_or(String::new(), |boot| {
        let percent = boot.settings.level * 100.0;
        match options.language {
            Language::English => {
                format!("* {percent:.0} % interval excludes 0, ** and p < .01, *** and p < .001")
            }
            Language::Chinese => format!("* {percent:.0} % 区间不含 0,** 且 p < .01,*** 且 p < .001"),
        }
    });
    Diagram {
        title: title(model, options.language),
        nodes,
        edges,
        show_items: options.items,
        note,
        language: options.language,
        ..Diagram::default()
    }
}

/// Loadings of every multi-item block, with intervals where bootstrapped.
pub fn loadings(fit: &PlsFit, boot: Option<&Bootstrapped>, language: Language) -> Loadings {
    let groups = fit
        .model
        .constructs()
        .iter()
        .zip(&fit.plan.blocks)
        .filter(|(_, block)| block.len > 1)
        .map(|(construct, block)| LoadingGroup {
            construct: label(construct, language),
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
    Loadings { title: title.to_owned(), axis: axis.to_owned(), groups, language, ..Loadings::default() }
}

/// The HTMT matrix, with one-sided upper bounds where bootstrapped.
pub fn htmt(fit: &PlsFit, assessment: &Assessment, boot: Option<&Bootstrapped>, language: Language) -> Htmt {
    let names = fit.constructs();
    let mut cells = Vec::new();
    for i in 0..names.len() {
        for j in 0..i {
            let summary = boot.and_then(|boot| boot.find(Quantity::Htmt, &names[j], &names[i]));
            cells.push(HtmtCell { value: assessment.htmt.at(i, j), upper: summary.map(|s| s.upper) });
        }
    }
    let title = match language {
        Language::English => "Heterotrait-monotrait ratio (HTMT)",
        Language::Chinese => "异质-单质比率 (HTMT)",
    };
    Htmt { title: title.to_owned(), constructs: names, cells, language, ..Htmt::default() }
}

/// Bootstrap distributions of the path coefficients.
pub fn distributions(boot: &Bootstrapped, language: Language) -> Distributions<'_> {
    let panels = boot
        .of_kind(Quantity::Path)
        .filter_map(|(quantity, summary, draws)| {
            summary.as_ref().map(|s| Distribution {
                name: quantity.name.clone(),
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
    Distributions { title: title.to_owned(), panels, language, ..Distributions::default() }
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
            construct: label(construct, language),
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
