//! The construct library: constructs of online trust and loyalty with their items, for `#@ use PU PEOU`.
//!
//! `#@ use` says in one line what otherwise takes a measurement line and codebook rows: the constructs it names are
//! measured by their items of the library, as reflective constructs, where the line stands. Rows of the model's own
//! codebook win over those of the library.

use std::sync::OnceLock;

use super::document::{Annotation, Document, Item, Name, Operator, Statement, Term};
use super::{Codebook, CodebookItem};

/// The library as it stands in `models/constructs.csv`, in the form of a codebook.
pub(super) const TEXT: &str = include_str!("../../models/constructs.csv");

/// A construct of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct LibraryConstruct {
    /// Its short name, such as `PU`.
    pub name: String,
    /// Its label in English.
    pub label: String,
    /// Its label in Chinese.
    pub label_zh: String,
    /// The scales that inspired the items; the wording is the library's own.
    pub source: String,
    /// Its items.
    pub items: Vec<CodebookItem>,
}

/// Every construct of the library, in its order.
pub fn library() -> &'static [LibraryConstruct] {
    static LIBRARY: OnceLock<Vec<LibraryConstruct>> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        // A test reads the text; if it did not parse, the library would be empty.
        let rows = Codebook::parse("constructs.csv", TEXT).map(|codebook| codebook.items).unwrap_or_default();
        let mut constructs: Vec<LibraryConstruct> = Vec::new();
        for row in rows {
            let name = row.construct.clone().unwrap_or_default();
            match constructs.last_mut().filter(|construct| construct.name == name) {
                Some(construct) => construct.items.push(row),
                None => constructs.push(LibraryConstruct {
                    name,
                    label: row.construct_label.clone().unwrap_or_default(),
                    label_zh: row.construct_label_zh.clone().unwrap_or_default(),
                    source: row.source.clone().unwrap_or_default(),
                    items: vec![row],
                }),
            }
        }
        constructs
    })
}

/// The construct of this name.
pub(super) fn construct(name: &str) -> Option<&'static LibraryConstruct> {
    library().iter().find(|construct| construct.name == name)
}

/// The words of `#@ use` with their places.
pub(super) fn words(annotation: &Annotation) -> Vec<Name> {
    let mut at = 0;
    annotation
        .value
        .split_whitespace()
        .map(|word| {
            let from = at + annotation.value.get(at..).and_then(|rest| rest.find(word)).unwrap_or(0);
            at = from + word.len();
            let start = annotation.value_span.start;
            Name { text: word.to_owned(), span: start + from..start + at }
        })
        .collect()
}

/// The statements of a document, with a measurement line in the place of every construct it uses. Names that the
/// library does not have are reported where annotations are read.
pub(super) fn statements(document: &Document) -> Vec<Statement> {
    let mut statements = Vec::new();
    for item in &document.items {
        match item {
            Item::Statement(statement) => statements.push(statement.clone()),
            Item::Annotation(annotation) if annotation.key == "use" => {
                statements.extend(words(annotation).into_iter().filter_map(measured));
            }
            Item::Annotation(_) => {}
        }
    }
    statements
}

/// `PU =~ PU1 + PU2 + …`, pointing at the word that asked for it.
fn measured(name: Name) -> Option<Statement> {
    let construct = construct(&name.text)?;
    let span = name.span.clone();
    let terms = construct.items.iter().map(|item| Term {
        modifier: None,
        names: vec![Name { text: item.item.clone(), span: span.clone() }],
        span: span.clone(),
    });
    Some(Statement {
        operator: Operator::Reflective,
        terms: terms.collect(),
        expression: String::new(),
        operator_span: span.clone(),
        left: vec![name],
        span,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn every_construct_has_labels_source_and_worded_items() {
        assert_eq!(Codebook::parse("constructs.csv", TEXT).unwrap().items.len(), 206);
        assert_eq!(library().len(), 63);
        for construct in library() {
            assert!(construct.items.len() >= 3, "{}", construct.name);
            assert!(!construct.label.is_empty() && !construct.label_zh.is_empty(), "{}", construct.name);
            assert!(!construct.source.is_empty(), "{}", construct.name);
            for item in &construct.items {
                assert!(item.text.is_some() && item.text_zh.is_some(), "{}", item.item);
                assert_eq!((item.min, item.max), (Some(1.0), Some(7.0)), "{}", item.item);
            }
        }
    }

    #[test]
    fn used_constructs_are_measured_and_worded() {
        let model = Model::parse("#@ use PU PEOU ATT\nATT ~ PU + PEOU\n").unwrap();
        assert_eq!(model.construct_names(), ["PU", "PEOU", "ATT"]);
        assert_eq!(model.indicators().len(), 12);
        assert_eq!(model.constructs()[0].label.as_deref(), Some("Perceived usefulness"));
        assert!(model.codebook.find("ATT4").is_some_and(|item| item.text_zh.is_some()));
        // The text stays what was written.
        assert_eq!(model.to_string().lines().next(), Some("#@ use PU PEOU ATT"));
        assert_eq!(Model::parse(&model.to_string()).unwrap(), model);
    }

    #[test]
    fn a_codebook_of_ones_own_wins() {
        let own = Codebook::parse("c", "item,text\nPU1,My wording\n").unwrap();
        let model = Model::parse("#@ use PU ATT\nATT ~ PU\n").unwrap().with_codebook(own);
        assert_eq!(model.codebook.find("PU1").unwrap().text.as_deref(), Some("My wording"));
        assert!(model.codebook.find("PU2").unwrap().text.is_some());
    }

    #[test]
    fn what_the_library_lacks_or_the_model_measures_itself_is_an_error() {
        let error = Model::parse("#@ use PUU ATT\nX =~ x1 + x2\nATT ~ X\n").unwrap_err().to_string();
        assert!(error.contains("TP0170") && error.contains("did you mean `PU`?"), "{error}");
        let error = Model::parse("#@ use PU ATT\nPU =~ u1 + u2\nATT ~ PU\n").unwrap_err().to_string();
        assert!(error.contains("TP0171"), "{error}");
    }
}
