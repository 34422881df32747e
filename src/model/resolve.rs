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

use std::sync::Arc;

use super::document::{Document, Item, Operator};
use super::draft::Draft;
use super::{Codebook, Model, annotations, higher_order, library, products, structure};
use crate::diagnostic::{Diagnostic, Diagnostics, Source};

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

impl Draft<'_> {
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
