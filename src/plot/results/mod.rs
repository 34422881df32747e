//! From results to figures: the only place of this room that knows how the numbers were found.

mod charts;
mod groups;
mod model;
mod moderation;
mod sem;

pub use charts::{answers, correlations, distributions, forest, htmt, loadings, missing};
pub use groups::{GroupError, GroupFit, beside, difference, forest_of_groups};
pub use model::model_diagram;
pub use moderation::{InteractionChart, johnson_neyman, slopes, surfaces};
pub use sem::sem_diagram;

use super::{Diagram, Edge, EdgeKind, Item, ItemArrows, Language, Lines, Node, Shape};
use crate::model::{Construct, Kind, Mode as Weights, Model, Path, words};
use crate::pls::PlsFit;
use crate::resample::{Bootstrapped, IntervalKind, Kind as Quantity, Summary};
use crate::table::{apa, apa_p, fixed, interval, percent};

/// What a path diagram shows beside the paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiagramOptions {
    /// Items with loadings or weights.
    pub items: bool,
    /// Labels of constructs instead of their names, where the model or codebook gives them.
    pub labels: bool,
    /// Language of labels and legend.
    pub language: Language,
    /// What stands on the paths.
    pub mode: Mode,
    /// How paths run.
    pub lines: Lines,
}

impl Default for DiagramOptions {
    fn default() -> Self {
        Self {
            items: true,
            labels: true,
            language: Language::English,
            mode: Mode::Significance,
            lines: Lines::Curved,
        }
    }
}

words! {
    /// What a path diagram says about its paths.
    Mode: "mode" {
        /// The model alone: hypotheses and expected signs, no numbers.
        Model = "model",
        /// Coefficients, loadings or weights, R².
        Estimates = "estimates",
        /// The same with stars and dashes from the bootstrap.
        Significance = "significance",
        /// The same with intervals under the coefficients.
        Intervals = "intervals",
    }
}

/// The label of a construct in a language, its name where there is none; of a product, those of its factors.
fn label(model: &Model, construct: &Construct, language: Language) -> String {
    if let Some(factors) = construct.factors() {
        let label = |name: &String| {
            model.find(name).map_or_else(|| name.clone(), |id| label(model, model.construct(id), language))
        };
        return factors.iter().map(label).collect::<Vec<_>>().join(" × ");
    }
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

/// What the intervals of a kind and level are called.
fn interval_words(kind: IntervalKind, level: f64, language: Language) -> String {
    let level = percent(level);
    match language {
        Language::English => format!("{level} % {} interval", kind.name()),
        Language::Chinese => format!("{level}% {}区间", kind_words(kind)),
    }
}

/// A kind of interval in Chinese.
fn kind_words(kind: IntervalKind) -> &'static str {
    match kind {
        IntervalKind::Percentile => "百分位",
        IntervalKind::Basic => "基本自助",
        IntervalKind::Normal => "正态",
        IntervalKind::Studentized => "学生化",
        IntervalKind::Bca | IntervalKind::Bc | IntervalKind::T => kind.name(),
    }
}

/// What the intervals of a bootstrap are called; nothing without one.
fn intervals_of(boot: Option<&Bootstrapped>, language: Language) -> String {
    boot.map_or_else(String::new, |boot| {
        interval_words(boot.settings.interval(), boot.settings.level, language)
    })
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

/// What a diagram is drawn from.
struct Drawing<'a> {
    fit: &'a PlsFit,
    boot: Option<&'a Bootstrapped>,
    options: DiagramOptions,
    /// Whether numbers are shown.
    numbers: bool,
}

/// The path diagram of a fit; with a bootstrap, paths carry stars, and are dashed where their interval includes 0.
/// The components of a construct of constructs are constructs of their own, with or without items.
pub fn diagram<'a>(fit: &'a PlsFit, boot: Option<&'a Bootstrapped>, options: DiagramOptions) -> Diagram {
    let model = &fit.model;
    let boot = boot.filter(|_| matches!(options.mode, Mode::Significance | Mode::Intervals));
    let drawing = Drawing { fit, boot, options, numbers: options.mode != Mode::Model };
    let note = boot.map_or(String::new(), |boot| {
        let level = percent(boot.settings.level);
        match options.language {
            Language::English => {
                format!("* {level} % interval excludes 0, ** and p < .01, *** and p < .001")
            }
            Language::Chinese => format!("* {level}% 区间不含 0；** 且 p < .01；*** 且 p < .001"),
        }
    });
    let mut diagram = Diagram {
        title: title(model, options.language),
        nodes: model.constructs().iter().map(|construct| drawing.node(construct)).collect(),
        edges: model
            .paths()
            .iter()
            .zip(&fit.estimate.paths)
            .map(|(path, &b)| drawing.edge(path, b))
            .collect(),
        show_items: options.items,
        note,
        language: options.language,
        lines: options.lines,
        ..Diagram::default()
    };
    drawing.components(&mut diagram);
    let products = model.constructs().iter().enumerate();
    let products = products.filter_map(|(at, construct)| Some((at, construct.factors()?.to_vec())));
    diagram.fold_products(&products.collect::<Vec<_>>());
    diagram
}

impl Drawing<'_> {
    fn find(&self, kind: Quantity, from: &str, to: &str) -> Option<&Summary> {
        self.boot.and_then(|boot| boot.find(kind, from, to))
    }

    fn node(&self, construct: &Construct) -> Node {
        let (options, model) = (self.options, &self.fit.model);
        let mut node = Node {
            name: construct.name.clone(),
            label: if options.labels {
                label(model, construct, options.language)
            } else {
                construct.name.clone()
            },
            shape: if construct.kind == Kind::Reflective { Shape::Factor } else { Shape::Composite },
            higher_order: construct.components().is_some(),
            r_squared: self.fit.r_squared().get(&construct.name).filter(|_| self.numbers),
            ..Node::default()
        };
        let Some((source, at)) = measurement(self.fit, &construct.name) else { return node };
        let Some(block) = source.plan.blocks.get(at) else { return node };
        // Regression weights are read as weights, all others as loadings.
        let formative =
            construct.kind == Kind::Composite && matches!(block.mode, Weights::B | Weights::Bnnls);
        let kind = if formative { Quantity::Weight } else { Quantity::Loading };
        let values = if formative { &source.estimate.weights } else { &source.estimate.loadings };
        let product = construct.factors().is_some();
        let items = (block.start..block.start + block.len).filter(|_| !product).filter_map(|i| {
            let name = source.moments.items.get(i)?.clone();
            let summary = self.find(kind, &name, &construct.name);
            Some(Item {
                value: values.get(i).copied().filter(|_| self.numbers),
                significant: significant(summary),
                details: details(summary, wording(model, &name, options.language)),
                name,
            })
        });
        node.items = items.collect();
        if formative {
            node.arrows = ItemArrows::Formative;
        }
        if block.len == 1 {
            node.shape = Shape::SingleItem;
        }
        node
    }

    fn edge(&self, path: &Path, b: f64) -> Edge {
        let model = &self.fit.model;
        let (from, to) = (&model.construct(path.from).name, &model.construct(path.to).name);
        let summary = self.find(Quantity::Path, from, to);
        let label = match (self.options.mode, summary) {
            (Mode::Model, _) => hypothesis(path),
            (Mode::Intervals, Some(s)) => {
                format!("{}{}\n{}", apa(b, 2), stars(summary), interval(s.low, s.high, 2))
            }
            _ => format!("{}{}", apa(b, 2), stars(summary)),
        };
        Edge {
            from: path.from.index(),
            to: path.to.index(),
            label,
            value: self.numbers.then_some(b),
            significant: significant(summary),
            details: if self.numbers {
                details(summary, Some(format!("β = {}", apa(b, 3))))
            } else {
                String::new()
            },
            ..Edge::default()
        }
    }

    /// Draws the components of constructs of constructs, which are items of the last stage, as what they are.
    fn components(&self, diagram: &mut Diagram) {
        let written = self.fit.written();
        let mut at = 0;
        // Components that are constructs of constructs themselves come later in the list.
        while let Some(whole) = diagram.nodes.get_mut(at) {
            at += 1;
            let is_construct = |item: &Item| written.find(&item.name).is_some();
            if !whole.higher_order || whole.items.is_empty() || !whole.items.iter().all(is_construct) {
                continue;
            }
            let (items, arrows) = (std::mem::take(&mut whole.items), whole.arrows);
            if whole.shape == Shape::SingleItem {
                whole.shape = Shape::Factor;
            }
            for item in items {
                let Some(id) = written.find(&item.name) else { continue };
                let known = diagram.nodes.iter().position(|node| node.name == item.name);
                let part = known.unwrap_or_else(|| {
                    diagram.nodes.push(self.node(written.construct(id)));
                    diagram.nodes.len() - 1
                });
                let (from, to) =
                    if arrows == ItemArrows::Formative { (part, at - 1) } else { (at - 1, part) };
                diagram.edges.push(Edge {
                    from,
                    to,
                    label: item.value.map_or_else(String::new, |value| apa(value, 2)),
                    value: item.value,
                    significant: item.significant,
                    details: item.details,
                    kind: EdgeKind::Dimension,
                });
            }
        }
    }
}

/// The fit in which a construct is measured, and its position there: in a model of several stages the last one may know
/// nothing of it, or nothing but its score.
fn measurement<'a>(fit: &'a PlsFit, name: &str) -> Option<(&'a PlsFit, usize)> {
    let position = |fit: &PlsFit| fit.model.constructs().iter().position(|construct| construct.name == name);
    let is_score = |fit: &PlsFit, at: usize| {
        fit.plan.blocks.get(at).is_some_and(|block| {
            block.len == 1 && fit.moments.items.get(block.start).is_some_and(|item| item == name)
        })
    };
    let earlier = fit.staged.iter().flat_map(|staged| &staged.earlier);
    let places: Vec<(&PlsFit, usize)> =
        std::iter::once(fit).chain(earlier).filter_map(|fit| Some((fit, position(fit)?))).collect();
    places.iter().find(|(fit, at)| !is_score(fit, *at)).or(places.first()).copied()
}

/// `H1 (+)`, if a hypothesis is stated for the path.
fn hypothesis(path: &Path) -> String {
    path.hypothesis.as_ref().map_or_else(String::new, ToString::to_string)
}

/// What an item asks.
fn wording(model: &Model, item: &str, language: Language) -> Option<String> {
    let entry = model.codebook.find(item)?;
    match language {
        Language::Chinese => entry.text_zh.clone().or_else(|| entry.text.clone()),
        Language::English => entry.text.clone(),
    }
}

/// Everything that a bootstrap says about a quantity, line by line, after a first line of words.
fn details(summary: Option<&Summary>, first: Option<String>) -> String {
    let mut lines: Vec<String> = first.into_iter().collect();
    if let Some(summary) = summary {
        lines.extend(summary.sd.map(|sd| format!("SE {}", apa(sd, 3))));
        lines.extend(summary.t.map(|t| format!("t {}", fixed(t, 2))));
        lines.extend(summary.p.map(|p| format!("p {}", apa_p(p))));
        if summary.low.is_finite() && summary.high.is_finite() {
            lines.push(interval(summary.low, summary.high, 3));
        }
    }
    lines.join("\n")
}
