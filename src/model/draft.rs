//! A model half resolved: what the rules read and write while a document gets its meaning.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::document::{Modifier, Name, Term};
use super::{
    About, CodebookItem, Construct, ConstructId, Definition, Indicator, IndicatorId, Kind, Mode, Nature, Path,
};
use crate::diagnostic::{Diagnostic, Source, nearest};

/// How many names a hint lists.
const MOST_NAMES: usize = 12;

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
    pub(super) default_mode: Option<Mode>,
    /// Codebook rows of the constructs of the library (`#@ use`).
    pub(super) used: Vec<CodebookItem>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Construct(ConstructId),
    Indicator(IndicatorId),
    Unknown,
}

impl<'a> Draft<'a> {
    pub(super) fn new(source: &'a Arc<Source>) -> Self {
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
            self.problems.push(
                problem
                    .hint("remove it; correlations and covariances know no means, so that intercepts are 0"),
            );
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
            "write `{}`; every parameter is estimated freely",
            Term { modifier: None, ..term.clone() }
        );
        let problem = self.error("TP0136", term.span.clone(), message, "not a free parameter");
        self.problems.push(problem.hint(hint));
    }

    /// A label anywhere but on a path has no effect.
    pub(super) fn no_label(&mut self, term: &Term, place: &str) {
        if let Some(Modifier::Label(label)) = &term.modifier {
            let message = format!("the label `{label}` on {place} has no effect");
            let problem = self.error("TP0141", term.span.clone(), message, "labels belong to paths");
            let hint = format!("remove the label: `{}`", Term { modifier: None, ..term.clone() });
            self.problems.push(problem.hint(hint));
        }
    }
}
