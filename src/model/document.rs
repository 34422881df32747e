//! What was written, statement by statement.

use std::ops::Range;

/// A model text after parsing, before any name is resolved.
///
/// Equality ignores positions, so that `parse(print(document)) == document`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Annotations and statements in the order of the text. Free comments are not kept.
    pub items: Vec<Item>,
}

/// One annotation or statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// `#@ key words…`
    Annotation(Annotation),
    /// `lhs op rhs`
    Statement(Statement),
}

/// `#@ key words…`
#[derive(Debug, Clone)]
pub struct Annotation {
    /// The first word.
    pub key: String,
    /// Everything after it, trimmed.
    pub value: String,
    /// Where the key stands.
    pub key_span: Range<usize>,
    /// Where the value stands.
    pub value_span: Range<usize>,
}

impl PartialEq for Annotation {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}
impl Eq for Annotation {}

/// A name and where it stands.
#[derive(Debug, Clone)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub span: Range<usize>,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for Name {}

/// What stands between the two sides of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=~`: is measured by (reflective).
    Reflective,
    /// `<~`: is formed by (composite).
    Composite,
    /// `~`: is regressed on.
    Regression,
    /// `~~`: covaries with.
    Covariance,
    /// `:=`: is defined as.
    Definition,
}

impl Operator {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Reflective => "=~",
            Self::Composite => "<~",
            Self::Regression => "~",
            Self::Covariance => "~~",
            Self::Definition => ":=",
        }
    }
}

/// `lhs op term + term + …`, or `name := expression`.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Left side: one or more names joined by `+`.
    pub left: Vec<Name>,
    /// The operator.
    pub operator: Operator,
    /// Right side; empty for a definition.
    pub terms: Vec<Term>,
    /// Right side of a definition, as written with single spaces between tokens; empty otherwise.
    pub expression: String,
    /// Where the whole statement stands.
    pub span: Range<usize>,
    /// Where the operator stands.
    pub operator_span: Range<usize>,
}

impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        self.left == other.left
            && self.operator == other.operator
            && self.terms == other.terms
            && self.expression == other.expression
    }
}
impl Eq for Statement {}

/// One term of a right side: `label*A:B`, `0.5*A`, `1` (an intercept).
#[derive(Debug, Clone)]
pub struct Term {
    /// What stands before `*`, if anything.
    pub modifier: Option<Modifier>,
    /// The names joined by `:`; one name is the plain case. An intercept is the single name `1`.
    pub names: Vec<Name>,
    /// Where the term stands.
    pub span: Range<usize>,
}

impl Term {
    /// The names joined by `:`, as a product of constructs is called.
    pub fn name(&self) -> String {
        self.names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(":")
    }
}

impl PartialEq for Term {
    fn eq(&self, other: &Self) -> bool {
        self.modifier == other.modifier && self.names == other.names
    }
}
impl Eq for Term {}

/// What stands before `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Modifier {
    /// A label: `a*X`, `"a"*X`, `label("a")*X`.
    Label(String),
    /// A fixed value, as written: `0.5*X`, `-1*X`.
    Fixed(String),
    /// `NA*X`: freed.
    Free,
    /// `start(0.5)*X`: the number, as written.
    Start(String),
    /// `equal("label")*X`: the label without its quotes.
    Equal(String),
}
