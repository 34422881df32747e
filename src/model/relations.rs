//! Resolves what joins constructs or items: paths, covariances, defined parameters.

use super::definition::formula;
use super::document::{Modifier, Name, Statement, Term};
use super::draft::{Draft, Meaning};
use super::{ConstructId, Definition, Formula, IndicatorId, Kind, Nature, Path};
use crate::diagnostic::{Diagnostic, nearest};

impl Draft<'_> {
    /// `Y + Z ~ a*X + W`
    pub(super) fn regression(&mut self, statement: &Statement) {
        let mut predictors = Vec::new();
        for term in &statement.terms {
            if self.intercept(term) {
                continue;
            }
            self.no_value(term);
            predictors.push((term, self.predictor(term)));
        }
        if predictors.is_empty() {
            // Nothing but intercepts: what they belong to does not matter.
            return;
        }
        let outcomes: Vec<_> =
            statement.left.iter().filter_map(|name| Some((name, self.end_of_path(name)?))).collect();
        for (outcome, to) in outcomes {
            for (term, from) in &predictors {
                if let Some(from) = *from {
                    self.path(outcome, term, from, to);
                }
            }
        }
    }

    fn path(&mut self, outcome: &Name, term: &Term, from: ConstructId, to: ConstructId) {
        let (from_name, to_name) = (self.name(from).to_owned(), self.name(to).to_owned());
        if from == to {
            let message = format!("`{to_name}` has a path to itself");
            let problem =
                self.error("TP0128", term.span.clone(), message, "predictor and outcome are the same");
            self.problems.push(problem.hint("remove the term"));
            return;
        }
        if self.paths.iter().any(|path| path.from == from && path.to == to) {
            let message = format!("the path from `{from_name}` to `{to_name}` stands twice");
            let problem = self.error("TP0127", term.span.clone(), message, "already a path of the model");
            self.problems.push(problem.hint("remove one of them"));
            return;
        }
        let label = match &term.modifier {
            Some(Modifier::Label(label)) => Some(label.clone()),
            _ => None,
        };
        if let Some(label) = &label {
            if let Some(other) = self.path_labels.get(label).and_then(|&at| self.paths.get(at)) {
                let (first, second) = (self.name(other.from), self.name(other.to));
                let message = format!(
                    "the label `{label}` sets the path from `{from_name}` to `{}` equal to the one from `{first}` \
                     to `{second}`, which trustpath cannot estimate yet",
                    outcome.text
                );
                let problem = self.error("TP0136", term.span.clone(), message, "the label is taken");
                self.problems.push(problem.hint("give each path a label of its own"));
            } else {
                self.path_labels.insert(label.clone(), self.paths.len());
            }
        }
        self.path_spans.push(term.span.clone());
        self.paths.push(Path { from, to, label, hypothesis: None });
    }

    /// What a term on the right of `~` stands for.
    fn predictor(&mut self, term: &Term) -> Option<ConstructId> {
        match term.names.as_slice() {
            [name] => self.end_of_path(name),
            _ => super::products::product(self, term),
        }
    }

    /// The construct at one end of a path. A name that is neither measured nor close to one that is stands for a column of
    /// the data.
    pub(super) fn end_of_path(&mut self, name: &Name) -> Option<ConstructId> {
        let text = &name.text;
        let problem = match self.meaning(text) {
            Meaning::Construct(id) => return Some(id),
            Meaning::Indicator(id) => {
                let owner = self.indicators.get(id.index()).map_or("", |item| self.name(item.construct));
                self.error(
                    "TP0121",
                    name.span.clone(),
                    format!("`{text}` is an item of `{owner}`, not a construct"),
                    &format!("an item of `{owner}`"),
                )
                .hint(format!("paths join constructs; did you mean `{owner}`?"))
                .hint(format!(
                    "a column of the data may stand in a path, but not twice: remove `{text}` from `{owner}`"
                ))
            }
            Meaning::Unknown => {
                // Columns that stand in paths are often called alike: `Y ~ x1 + x2`.
                let measured =
                    self.constructs.iter().filter(|construct| construct.nature != Nature::Observed);
                let Some(near) = nearest(text, measured.map(|construct| construct.name.as_str())) else {
                    return Some(self.observe(name));
                };
                self.error(
                    "TP0120",
                    name.span.clone(),
                    format!("`{text}` is not a construct of this model"),
                    "unknown construct",
                )
                .hint(format!("did you mean `{near}`?"))
                .hint(format!("measure it: `{text} =~ {text}1 + {text}2`"))
                .hint(format!("if it is a column of the data, say so: `{text} =~ {text}`"))
            }
        };
        self.problems.push(problem);
        self.incomplete = true;
        None
    }

    /// An observed variable: a construct with the one item of its name.
    pub(super) fn observe(&mut self, name: &Name) -> ConstructId {
        let id = self.add(name.text.clone(), Kind::Composite, Nature::Observed, name.span.clone());
        self.add_item(&name.text, id);
        id
    }

    /// `a ~~ b`
    pub(super) fn covariance(&mut self, statement: &Statement) {
        for term in &statement.terms {
            let Some(right) = self.plain(term) else { continue };
            self.no_value(term);
            self.no_label(term, "a covariance");
            for left in &statement.left {
                self.pair(left, right, term);
            }
        }
    }

    fn pair(&mut self, left: &Name, right: &Name, term: &Term) {
        let pair = format!("`{} ~~ {}`", left.text, right.text);
        let not_yet = |what: &str| format!("{pair} is {what}, which trustpath cannot estimate yet");
        let span = term.span.clone();
        let problem = match (self.meaning(&left.text), self.meaning(&right.text)) {
            (Meaning::Unknown, _) => self.unknown_in_covariance(left),
            (_, Meaning::Unknown) => self.unknown_in_covariance(right),
            (one, other) if one == other => self
                .error("TP0140", span, not_yet("a variance"), "the same on both sides")
                .hint("remove the line; PLS standardises every item and construct, and `sem` estimates every variance"),
            (Meaning::Indicator(one), Meaning::Indicator(other)) => {
                let block = |id: IndicatorId| self.indicators.get(id.index()).map(|item| item.construct);
                let known =
                    |&(a, b): &(IndicatorId, IndicatorId)| (a, b) == (one, other) || (a, b) == (other, one);
                if block(one) != block(other) {
                    self.error(
                        "TP0139",
                        span,
                        not_yet("a covariance between items of different blocks"),
                        "of another block",
                    )
                    .hint("only errors of items of one construct may correlate; remove the line")
                } else if self.correlated_errors.iter().any(known) {
                    self.error("TP0143", span, format!("{pair} stands twice"), "said before")
                        .hint("remove one of them")
                } else {
                    self.correlated_errors.push((one, other));
                    return;
                }
            }
            (Meaning::Construct(one), Meaning::Construct(other)) => {
                let outcome = |id: ConstructId| self.paths.iter().any(|path| path.to == id);
                let known =
                    |&(a, b): &(ConstructId, ConstructId)| (a, b) == (one, other) || (a, b) == (other, one);
                if self.correlated_constructs.iter().any(known) {
                    self.error("TP0143", span, format!("{pair} stands twice"), "said before")
                        .hint("remove one of them")
                } else if self.paths.is_empty() || (outcome(one) && outcome(other)) {
                    self.correlated_constructs.push((one, other));
                    return;
                } else {
                    self.error(
                        "TP0138",
                        span,
                        not_yet("a covariance between constructs of which one has no path into it"),
                        "constructs",
                    )
                    .hint("remove the line; exogenous constructs correlate freely")
                }
            }
            _ => self
                .error(
                    "TP0138",
                    span,
                    not_yet("a covariance between a construct and an item"),
                    "a construct and an item",
                )
                .hint("remove the line"),
        };
        // A name that is unknown on the left is met once per term; say it once.
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn unknown_in_covariance(&self, name: &Name) -> Diagnostic {
        let message = format!("`{}` is neither an item nor a construct of this model", name.text);
        let problem = self.error("TP0142", name.span.clone(), message, "unknown name");
        Self::did_you_mean(problem, &name.text, self.names())
    }

    /// `ab := a * b`
    pub(super) fn definition(&mut self, statement: &Statement) {
        let Some(name) = statement.left.first() else { return };
        let text = &name.text;
        let taken = self.definitions.iter().any(|known| known.name == *text);
        if taken || self.path_labels.contains_key(text) {
            let what = if taken { "is defined twice" } else { "is the label of a path already" };
            let problem = self.error("TP0135", name.span.clone(), format!("`{text}` {what}"), "taken");
            self.problems.push(problem.hint("choose another name"));
            return;
        }
        let known = |word: &str| {
            let earlier = self.definitions.iter().position(|known| known.name == word).map(Formula::Earlier);
            earlier.or_else(|| self.path_labels.get(word).copied().map(Formula::Path))
        };
        match formula(&statement.expression, &known) {
            Ok(formula) => self.definitions.push(Definition {
                name: text.clone(),
                expression: statement.expression.clone(),
                formula,
            }),
            Err(fault) => {
                let label = "stands on the right of `:=`";
                let message = format!("`{text}` cannot be computed: {fault}");
                let problem = self.error("TP0135", statement.span.clone(), message, label);
                let labels: Vec<&str> = self.paths.iter().filter_map(|path| path.label.as_deref()).collect();
                let hint = if labels.is_empty() {
                    "label the paths it is made of: `TR ~ b*PU`, then `ab := a*b`".to_owned()
                } else {
                    format!(
                        "the labels are {}; use them with `+ - * / ^`, brackets and numbers",
                        labels.join(", ")
                    )
                };
                self.problems.push(problem.hint(hint));
            }
        }
    }
}
