//! Gives the names of a [`Document`] their meaning and checks every rule of a model.
//!
//! All problems are reported at once, but one cause is reported once: a path that could not be resolved does
//! not also make the model fall apart. Syntax errors are `TP0101`–`TP0115` (see the parser).
//!
//! | code | meaning |
//! |---|---|
//! | TP0120 | a path names something close to a construct |
//! | TP0121 | a path names an item |
//! | TP0122 | a construct with both `=~` and `<~` |
//! | TP0123 | an item in two constructs |
//! | TP0124 | an item twice in a block |
//! | TP0126 | a construct named like one of several items |
//! | TP0127 | a path twice |
//! | TP0128 | a path from a construct to itself |
//! | TP0129 | a cycle of paths |
//! | TP0130 | parts that no path joins |
//! | TP0131 | no measurement at all |
//! | TP0132 | a single construct and no path |
//! | TP0133 | an interaction out of place, with its own outcome, or without its main effects |
//! | TP0134 | a construct of constructs with items, in a circle, in two wholes, or beside its whole in a path |
//! | TP0135 | a defined quantity `:=` of something that is no label, or defined twice |
//! | TP0136 | a fixed value, start value or equality (not estimable yet) |
//! | TP0137 | an intercept (not estimable yet) |
//! | TP0138 | a covariance of constructs where paths or exogeneity say it already, or with an item |
//! | TP0139 | a covariance of items of different blocks (not estimable yet) |
//! | TP0140 | a variance (not estimable yet) |
//! | TP0141 | a label where it has no effect |
//! | TP0142 | a covariance names something unknown |
//! | TP0143 | a covariance twice |
//! | TP0150 | an unknown annotation |
//! | TP0151 | an annotation that is not supported yet |
//! | TP0152 | an unknown mode or scheme |
//! | TP0153 | an annotation names something unknown |
//! | TP0154 | an annotation that is not complete |
//! | TP0155 | something an annotation says twice |
//! | TP0156 | a hypothesis about a path that the model does not have |
//! | TP0157 | a reliability that is no number above 0 and up to 1 |
//! | TP0158 | instruments that cannot identify their equation |
//! | TP0159 | a control that is an outcome, or no name |
//! | TP0160 | a factor that is no single predictor |
//! | TP0170 | a construct that the library does not have |
//! | TP0171 | a construct of the library that is defined once more |

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::document::{Document, Item, Modifier, Name, Operator, Statement, Term};
use super::{
    About, Codebook, Construct, ConstructId, Definition, Indicator, IndicatorId, Kind, Model, Nature, Path,
};
use super::{annotations, higher_order, library, products, structure};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, nearest};

/// How many names a hint lists.
const MOST_NAMES: usize = 12;

/// The model that a document means, or everything that is wrong with it.
pub(super) fn resolve(document: Document, source: &Arc<Source>) -> Result<Model, Diagnostics> {
    let mut draft = Draft::new(source);
    // Constructs of the library (`#@ use`) are measured where they are named.
    let written = library::statements(&document);
    let statements = || written.iter();
    let of = |wanted: Operator| statements().filter(move |statement| statement.operator == wanted);
    draft.constructs(statements());
    if draft.constructs.is_empty() {
        // Perhaps the constructs were to come from the library, under another name.
        annotations::read_uses(&mut draft, &document);
        if !draft.problems.is_empty() {
            return Err(Diagnostics(draft.problems));
        }
        // Every name would be unknown; say the one thing that matters.
        let span = statements().next().map_or(0..0, |statement| statement.span.clone());
        let problem = Diagnostic::error("TP0131", "the model measures nothing")
            .at(source, span, "no statement with `=~` or `<~`")
            .hint("say which items measure which construct: `PU =~ PU1 + PU2 + PU3`");
        return Err(problem.into());
    }
    draft.blocks(statements());
    of(Operator::Regression).for_each(|statement| draft.regression(statement));
    of(Operator::Covariance).for_each(|statement| draft.covariance(statement));
    of(Operator::Definition).for_each(|statement| draft.definition(statement));
    // Constructs without paths are a measurement model; one alone has nothing to be weighed by.
    if of(Operator::Regression).next().is_none() && draft.constructs.len() < 2 {
        let span = draft.construct_spans.first().cloned().unwrap_or(0..0);
        let problem =
            draft.error("TP0132", span, "the model has no paths between its constructs", "measured only");
        draft.problems.push(problem.hint("say what depends on what: `TR ~ PU + VEN`"));
    }
    let mut annotated: Vec<_> = document
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Annotation(annotation) => Some(annotation),
            Item::Statement(_) => None,
        })
        .collect();
    // Controls make constructs and paths, which all others may name.
    annotated.sort_by_key(|annotation| annotation.key != "control");
    for annotation in annotated {
        annotations::read(&mut draft, annotation);
    }
    higher_order::check(&mut draft);
    products::check(&mut draft);
    // Instruments allow cycles, so annotations come first.
    structure::check(&mut draft);
    draft.finish(document)
}

/// A model half resolved.
pub(super) struct Draft<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) problems: Vec<Diagnostic>,
    pub(super) about: About,
    pub(super) constructs: Vec<Construct>,
    /// Where each construct is first defined.
    pub(super) construct_spans: Vec<Range<usize>>,
    pub(super) construct_ids: HashMap<String, ConstructId>,
    pub(super) indicators: Vec<Indicator>,
    pub(super) indicator_ids: HashMap<String, IndicatorId>,
    pub(super) paths: Vec<Path>,
    /// The term that makes each path.
    pub(super) path_spans: Vec<Range<usize>>,
    /// Which path each label stands on.
    pub(super) path_labels: HashMap<String, usize>,
    /// Pairs of items whose errors may correlate.
    pub(super) correlated_errors: Vec<(IndicatorId, IndicatorId)>,
    /// Pairs of constructs that correlate without a path.
    pub(super) correlated_constructs: Vec<(ConstructId, ConstructId)>,
    /// Reliabilities that are given.
    pub(super) reliabilities: Vec<(ConstructId, f64)>,
    /// Instruments of outcomes.
    pub(super) instruments: Vec<(ConstructId, Vec<ConstructId>)>,
    /// Defined quantities.
    pub(super) definitions: Vec<Definition>,
    /// Whether repeated indicators are written out.
    pub(super) repeats: Vec<String>,
    /// Something that may join constructs could not be resolved, so that nothing can be said about the whole.
    pub(super) incomplete: bool,
    /// The mode of every construct that names none.
    pub(super) default_mode: Option<super::Mode>,
    /// Codebook rows of the constructs of the library (`#@ use`).
    pub(super) used: Vec<super::CodebookItem>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Construct(ConstructId),
    Indicator(IndicatorId),
    Unknown,
}

impl<'a> Draft<'a> {
    fn new(source: &'a Arc<Source>) -> Self {
        Self {
            source,
            problems: Vec::new(),
            about: About::default(),
            constructs: Vec::new(),
            construct_spans: Vec::new(),
            construct_ids: HashMap::new(),
            indicators: Vec::new(),
            indicator_ids: HashMap::new(),
            paths: Vec::new(),
            path_spans: Vec::new(),
            path_labels: HashMap::new(),
            correlated_errors: Vec::new(),
            correlated_constructs: Vec::new(),
            reliabilities: Vec::new(),
            instruments: Vec::new(),
            definitions: Vec::new(),
            repeats: Vec::new(),
            incomplete: false,
            default_mode: None,
            used: Vec::new(),
        }
    }

    /// A problem in one place of the text.
    pub(super) fn error(
        &self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        label: &str,
    ) -> Diagnostic {
        Diagnostic::error(code, message).at(self.source, span, label)
    }

    /// What a name stands for.
    pub(super) fn meaning(&self, name: &str) -> Meaning {
        if let Some(&id) = self.construct_ids.get(name) {
            Meaning::Construct(id)
        } else if let Some(&id) = self.indicator_ids.get(name) {
            Meaning::Indicator(id)
        } else {
            Meaning::Unknown
        }
    }

    /// The name of a construct.
    pub(super) fn name(&self, id: ConstructId) -> &str {
        self.constructs.get(id.index()).map_or("", |construct| construct.name.as_str())
    }

    /// Names of all constructs, then of all items.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let constructs = self.constructs.iter().map(|construct| construct.name.as_str());
        constructs.chain(self.indicators.iter().map(|indicator| indicator.name.as_str()))
    }

    /// Adds "did you mean" if one of the names is close, else the names there are.
    pub(super) fn did_you_mean<'b>(
        problem: Diagnostic,
        wrong: &str,
        known: impl Iterator<Item = &'b str> + Clone,
    ) -> Diagnostic {
        if let Some(near) = nearest(wrong, known.clone()) {
            return problem.hint(format!("did you mean `{near}`?"));
        }
        let mut list: Vec<&str> = known.clone().take(MOST_NAMES).collect();
        if known.count() > MOST_NAMES {
            list.push("…");
        }
        problem.hint(format!("the names are {}", list.join(", ")))
    }

    /// First pass: every left side of `=~` and `<~` is a construct.
    fn constructs<'b>(&mut self, statements: impl Iterator<Item = &'b Statement>) {
        for statement in statements {
            let Some(kind) = kind_of(statement.operator) else { continue };
            for name in &statement.left {
                if let Some(&id) = self.construct_ids.get(&name.text) {
                    if self.constructs.get(id.index()).is_some_and(|construct| construct.kind != kind) {
                        let message = format!("`{}` is measured both by `=~` and by `<~`", name.text);
                        let problem = self.error(
                            "TP0122",
                            name.span.clone(),
                            message,
                            "defined before with the other operator",
                        );
                        self.problems.push(problem.hint(
                            "choose `=~` if the construct causes its items, `<~` if it is made of them",
                        ));
                    }
                    continue;
                }
                self.add(name.text.clone(), kind, Nature::Measured, name.span.clone());
            }
        }
    }

    /// A new construct.
    pub(super) fn add(
        &mut self,
        name: String,
        kind: Kind,
        nature: Nature,
        span: Range<usize>,
    ) -> ConstructId {
        let id = ConstructId::new(self.constructs.len());
        self.construct_ids.insert(name.clone(), id);
        self.construct_spans.push(span);
        self.constructs.push(Construct {
            name,
            kind,
            nature,
            raw: false,
            mode: None,
            indicators: Vec::new(),
            dominant: None,
            label: None,
            label_zh: None,
        });
        id
    }

    /// A new item of a construct.
    pub(super) fn add_item(&mut self, name: &str, construct: ConstructId) {
        let id = IndicatorId::new(self.indicators.len());
        self.indicator_ids.insert(name.to_owned(), id);
        self.indicators.push(Indicator { name: name.to_owned(), construct, scale: None });
        if let Some(construct) = self.constructs.get_mut(construct.index()) {
            construct.indicators.push(id);
        }
    }

    /// The name of a term that is neither a product nor an intercept.
    pub(super) fn plain<'b>(&mut self, term: &'b Term) -> Option<&'b Name> {
        if let [name] = term.names.as_slice() {
            return (!self.intercept(term)).then_some(name);
        }
        let text = term.name();
        let message = format!("the interaction `{text}` stands where a name should");
        let problem = self.error("TP0133", term.span.clone(), message, "interaction");
        self.problems.push(problem.hint(format!("interactions are predictors: `Y ~ A + B + {text}`")));
        self.incomplete = true;
        None
    }

    /// Whether a term is the intercept, which is then reported.
    pub(super) fn intercept(&mut self, term: &Term) -> bool {
        let intercept = term.names.len() == 1 && term.names.iter().any(|name| name.text == "1");
        if intercept {
            let message = "`1` is an intercept, which trustpath cannot estimate yet";
            let problem = self.error("TP0137", term.span.clone(), message, "intercept");
            self.problems
                .push(problem.hint("remove it; PLS standardises every item, so that intercepts are 0"));
        }
        intercept
    }

    /// A fixed value, a start value or an equality cannot be honoured; `NA*` asks for what PLS does anyway.
    pub(super) fn no_value(&mut self, term: &Term) {
        let what = match &term.modifier {
            Some(Modifier::Fixed(_)) => "fixes a value",
            Some(Modifier::Start(_)) => "gives a start value",
            Some(Modifier::Equal(_)) => "sets two parameters equal",
            Some(Modifier::Label(_) | Modifier::Free) | None => return,
        };
        let message = format!("`{term}` {what}, which trustpath cannot estimate yet");
        let hint = format!(
            "write `{}`; PLS estimates every parameter freely",
            Term { modifier: None, ..term.clone() }
        );
        let problem = self.error("TP0136", term.span.clone(), message, "not a free parameter");
        self.problems.push(problem.hint(hint));
    }

    /// A label anywhere but on a path has no effect.
    pub(super) fn no_label(&mut self, term: &Term, place: &str) {
        if let Some(Modifier::Label(label)) = &term.modifier {
            let message = format!("the label `{label}` on {place} has no effect in PLS");
            let problem = self.error("TP0141", term.span.clone(), message, "labels belong to paths");
            let hint = format!("remove the label: `{}`", Term { modifier: None, ..term.clone() });
            self.problems.push(problem.hint(hint));
        }
    }

    fn finish(mut self, document: Document) -> Result<Model, Diagnostics> {
        if !self.problems.is_empty() {
            self.problems.sort_by_key(|problem| problem.span.as_ref().map_or(0, |span| span.start));
            return Err(Diagnostics(self.problems));
        }
        for construct in self.constructs.iter_mut().filter(|construct| construct.factors().is_none()) {
            construct.mode = construct.mode.or(self.default_mode);
        }
        Ok(Model {
            about: self.about,
            codebook: Codebook::default(),
            constructs: self.constructs,
            indicators: self.indicators,
            paths: self.paths,
            correlated_errors: self.correlated_errors,
            correlated_constructs: self.correlated_constructs,
            reliabilities: self.reliabilities,
            instruments: self.instruments,
            definitions: self.definitions,
            used: self.used,
            document,
        })
    }
}

/// The kind of construct that an operator defines.
pub(super) fn kind_of(operator: Operator) -> Option<Kind> {
    match operator {
        Operator::Reflective => Some(Kind::Reflective),
        Operator::Composite => Some(Kind::Composite),
        Operator::Regression | Operator::Covariance | Operator::Definition => None,
    }
}
