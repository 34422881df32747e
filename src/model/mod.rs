//! What is hypothesised: constructs, the items that measure them, the paths between them.
//!
//! A model is written as a text in lavaan's syntax with structured comments `#@`:
//!
//! ```text
//! #@ title  Trust in a new shop
//! PU   =~ PU1 + PU2 + PU3        # reflective (common factor)
//! VEN  <~ VEN1 + VEN2            # composite (formative)
//! TR   ~ PU + VEN                # paths into TR
//! ```
//!
//! Two layers: [`Document`] is what was written, statement by statement, and prints back to a text that
//! parses to the same document; [`Model`] is what it means, with names resolved to ids and every
//! rule checked. `Model::parse` goes through both and reports everything that is wrong at once.

mod about;
mod annotations;
mod blocks;
mod categorical;
mod codebook;
mod codebook_rows;
mod definition;
mod document;
mod draft;
mod expand;
mod graph;
mod higher_order;
mod ids;
mod lexer;
mod library;
mod parser;
mod parts;
mod print;
mod products;
mod relations;
mod resolve;
mod stage;
mod stage_draft;
mod statement;
mod structure;
mod tables;
mod term;
mod words;

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

pub use about::{About, Written};
pub use categorical::{Categorical, Level};
pub use codebook::{Codebook, CodebookItem};
pub use definition::{Definition, Formula};
pub use document::{Annotation, Document, Item, Modifier, Name, Operator, Statement, Term};
pub use graph::Chain;
pub use ids::{ConstructId, IndicatorId, PathId};
pub use library::{LibraryConstruct, library};
pub use parts::{Construct, Hypothesis, Indicator, Kind, Nature, Path, Sign};
pub use stage::{Factor, ItemSource, Stage, Step};
pub(crate) use structure::downstream;
pub(crate) use words::words;
pub use words::{HigherOrder, Interaction, Mode, Scale, Scheme, UnknownWord};

use crate::diagnostic::Diagnostics;

/// Why there is no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The model or codebook file cannot be read at all.
    #[error("cannot read {file}: {reason}")]
    Unreadable {
        /// The file as the user named it.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// The text breaks one or more rules.
    #[error("{0}")]
    Invalid(Diagnostics),
}

/// A checked model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Title, theory, scheme and the like.
    pub about: About,
    /// What the items ask and how they are coded; empty if no codebook is given.
    pub codebook: Codebook,
    constructs: Vec<Construct>,
    indicators: Vec<Indicator>,
    paths: Vec<Path>,
    /// Pairs of items of one block whose measurement errors may correlate (`a ~~ b`).
    correlated_errors: Vec<(IndicatorId, IndicatorId)>,
    /// Pairs of constructs that correlate without a path (`A ~~ B`).
    correlated_constructs: Vec<(ConstructId, ConstructId)>,
    /// Reliabilities that are given (`#@ reliability`).
    reliabilities: Vec<(ConstructId, f64)>,
    /// Instruments of outcomes (`#@ instruments`).
    instruments: Vec<(ConstructId, Vec<ConstructId>)>,
    /// Quantities defined over labels of paths (`ab := a*b`).
    definitions: Vec<Definition>,
    /// Codebook rows of the constructs of the library (`#@ use`).
    used: Vec<CodebookItem>,
    document: Document,
}

impl Model {
    /// Reads a model file and, if it names one, the codebook beside it.
    ///
    /// # Errors
    /// [`ModelError::Unreadable`] if a file cannot be read, [`ModelError::Invalid`] with every problem found.
    pub fn read(file: impl AsRef<FilePath>) -> Result<Self, ModelError> {
        let file = file.as_ref();
        let name = file.display().to_string();
        let bytes = std::fs::read(file)
            .map_err(|error| ModelError::Unreadable { file: name.clone(), reason: error.to_string() })?;
        let text = parser::decode(&name, bytes)?;
        let mut model = Self::parse_named(&name, &text)?;
        if let Some(codebook) = &model.about.codebook {
            let path: PathBuf = file.parent().unwrap_or(FilePath::new("")).join(codebook);
            model = model.with_codebook(Codebook::read(path)?);
        }
        Ok(model)
    }

    /// Parses a model text. A codebook it names is not read; see [`Model::with_codebook`].
    ///
    /// ```
    /// use trustpath::model::{Mode, Model};
    ///
    /// let model = Model::parse(
    ///     "#@ mode VEN B
    ///      PU  =~ PU1 + PU2 + PU3
    ///      VEN <~ VEN1 + VEN2
    ///      TR  =~ TR1 + TR2
    ///      TR  ~ PU + VEN",
    /// )?;
    /// assert_eq!(model.construct_names(), ["PU", "VEN", "TR"]);
    /// assert_eq!(model.constructs()[1].mode, Some(Mode::B));
    /// assert_eq!(model.paths().len(), 2);
    /// # Ok::<(), trustpath::model::ModelError>(())
    /// ```
    ///
    /// Everything that is wrong is reported at once, with a place and a way to mend it:
    ///
    /// ```
    /// # use trustpath::model::Model;
    /// let error = Model::parse("PEOU =~ e1 + e2\nPU =~ u1 + u2\nPU ~ PEOUU").unwrap_err().to_string();
    /// assert!(error.contains("did you mean `PEOU`?"));
    /// assert!(error.contains("<model>:3:6"));
    /// ```
    ///
    /// # Errors
    /// [`ModelError::Invalid`] with every problem found, each pointing into the text.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        Self::parse_named("<model>", text)
    }

    /// [`Model::parse`] with the name that error messages show.
    ///
    /// # Errors
    /// As [`Model::parse`].
    pub fn parse_named(name: &str, text: &str) -> Result<Self, ModelError> {
        let source = crate::diagnostic::Source::new(name, text);
        let document = Document::parse(&source).map_err(ModelError::Invalid)?;
        let model = resolve::resolve(document, &source).map_err(ModelError::Invalid)?;
        // The words of constructs from the library, unless a codebook of the model's own is still to come.
        let alone = model.about.codebook.is_none() && !model.used.is_empty();
        Ok(if alone { model.with_codebook(Codebook::default()) } else { model })
    }

    /// Adds wording, scale ranges, reverse coding and labels. Rows of the construct library (`#@ use`) stand behind it.
    #[must_use]
    pub fn with_codebook(mut self, mut codebook: Codebook) -> Self {
        let missing: Vec<_> =
            self.used.iter().filter(|row| codebook.find(&row.item).is_none()).cloned().collect();
        codebook.items.extend(missing);
        for construct in &mut self.constructs {
            if let Some((label, label_zh)) = codebook.construct_label(&construct.name) {
                construct.label = construct.label.take().or(label);
                construct.label_zh = construct.label_zh.take().or(label_zh);
            }
        }
        self.codebook = codebook;
        self
    }

    /// Items that the codebook's column `construct` counts among another construct than the model does: the item, the
    /// model's construct, the codebook's. A construct that the model does not have contradicts it as well.
    pub fn codebook_contradictions(&self) -> Vec<(String, String, String)> {
        self.indicators
            .iter()
            .filter_map(|item| {
                let said = self.codebook.find(&item.name)?.construct.clone()?;
                let own = &self.construct(item.construct);
                // A column that stands in a path is its own construct, whatever the codebook says it asks for.
                let differs = own.nature != Nature::Observed && said != own.name;
                differs.then(|| (item.name.clone(), own.name.clone(), said))
            })
            .collect()
    }

    /// The same in a sentence; `None` where nothing contradicts.
    pub fn codebook_contradiction(&self) -> Option<String> {
        let found = self.codebook_contradictions();
        let (item, own, said) = found.first()?;
        let more = if found.len() > 1 { format!(", and {} more", found.len() - 1) } else { String::new() };
        Some(format!(
            "The codebook counts {item} among {said}, the model among {own}{more}: labels and sources follow the codebook, \
             estimates the model."
        ))
    }

    /// Labels a construct that has no label yet.
    pub(crate) fn label_construct(&mut self, name: &str, label: &str) {
        if let Some(construct) = self.constructs.iter_mut().find(|construct| construct.name == name) {
            construct.label.get_or_insert_with(|| label.to_owned());
        }
    }

    /// What was written.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// All constructs, in the order of the file.
    pub fn constructs(&self) -> &[Construct] {
        &self.constructs
    }

    /// All items, block after block.
    pub fn indicators(&self) -> &[Indicator] {
        &self.indicators
    }

    /// All paths, in the order of the file.
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    /// Pairs of items of one block whose measurement errors may correlate.
    pub fn correlated_errors(&self) -> &[(IndicatorId, IndicatorId)] {
        &self.correlated_errors
    }

    /// Pairs of constructs that correlate beyond the paths (`A ~~ B`): any two constructs of a model without paths, two
    /// outcomes of a model with paths.
    pub fn correlated_constructs(&self) -> &[(ConstructId, ConstructId)] {
        &self.correlated_constructs
    }

    /// Reliabilities that the model file gives (`#@ reliability PU 0.85`).
    pub fn reliabilities(&self) -> &[(ConstructId, f64)] {
        &self.reliabilities
    }

    /// Outcomes whose equation is estimated with instruments, and these (`#@ instruments TR PU VEN`).
    pub fn instruments(&self) -> &[(ConstructId, Vec<ConstructId>)] {
        &self.instruments
    }

    /// Quantities defined over labels of paths (`ab := a*b`), in the order of the file.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// Whether it is a control, or a product with one.
    pub fn is_control(&self, id: ConstructId) -> bool {
        let construct = self.construct(id);
        let known = |name: &String| self.about.controls.contains(name);
        construct.factors().map_or_else(|| known(&construct.name), |factors| factors.iter().any(known))
    }

    /// Whether it has products, constructs of constructs or unstandardised items, so that it is estimated in
    /// [stages](Model::stages).
    pub fn is_staged(&self) -> bool {
        let staged =
            |c: &Construct| c.raw || matches!(c.nature, Nature::HigherOrder { .. } | Nature::Product { .. });
        self.constructs.iter().any(staged)
    }

    /// The construct of constructs that this one is a component of.
    pub fn whole_of(&self, id: ConstructId) -> Option<ConstructId> {
        let name = &self.construct(id).name;
        let holds = |c: &Construct| c.components().is_some_and(|components| components.contains(name));
        self.constructs.iter().position(holds).map(ConstructId::new)
    }

    /// The construct with this id.
    pub fn construct(&self, id: ConstructId) -> &Construct {
        &self.constructs[id.index()]
    }

    /// The item with this id.
    pub fn indicator(&self, id: IndicatorId) -> &Indicator {
        &self.indicators[id.index()]
    }

    /// The construct of this name.
    pub fn find(&self, name: &str) -> Option<ConstructId> {
        self.constructs.iter().position(|construct| construct.name == name).map(ConstructId::new)
    }

    /// The item of this name.
    pub fn find_item(&self, name: &str) -> Option<IndicatorId> {
        self.indicators.iter().position(|indicator| indicator.name == name).map(IndicatorId::new)
    }

    /// The path from one construct to another.
    pub fn find_path(&self, from: ConstructId, to: ConstructId) -> Option<PathId> {
        self.paths.iter().position(|path| path.from == from && path.to == to).map(PathId::new)
    }

    /// The path with this id.
    pub fn path(&self, id: PathId) -> &Path {
        &self.paths[id.index()]
    }

    /// Names of all constructs, in order.
    pub fn construct_names(&self) -> Vec<String> {
        self.constructs.iter().map(|construct| construct.name.clone()).collect()
    }

    /// Names of all items, in order.
    pub fn indicator_names(&self) -> Vec<String> {
        self.indicators.iter().map(|indicator| indicator.name.clone()).collect()
    }

    /// The constructs with a path into `id`, in the order of the file.
    pub fn predecessors(&self, id: ConstructId) -> Vec<ConstructId> {
        self.paths.iter().filter(|path| path.to == id).map(|path| path.from).collect()
    }

    /// The constructs with a path from `id`, in the order of the file.
    pub fn successors(&self, id: ConstructId) -> Vec<ConstructId> {
        self.paths.iter().filter(|path| path.from == id).map(|path| path.to).collect()
    }

    /// The constructs with at least one path into them, in causal order.
    pub fn endogenous(&self) -> Vec<ConstructId> {
        graph::causal_order(self)
            .into_iter()
            .filter(|&id| self.paths.iter().any(|path| path.to == id))
            .collect()
    }

    /// All constructs so that every path goes from an earlier to a later one.
    pub fn causal_order(&self) -> Vec<ConstructId> {
        graph::causal_order(self)
    }

    /// Chains of at least two paths from one construct to another (the specific indirect effects): all of them, or the first
    /// 100,000 of a model that has more ([`Model::chains_are_cut`]).
    pub fn chains(&self) -> Vec<Chain> {
        graph::chains(self).0
    }

    /// Whether there are more chains than [`Model::chains`] follows.
    pub fn chains_are_cut(&self) -> bool {
        graph::chains(self).1
    }

    /// The most chains that [`Model::chains`] follows.
    pub const MOST_CHAINS: usize = graph::MOST_CHAINS;
}

impl std::str::FromStr for Model {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The model file in canonical form; parses to the same model.
impl std::fmt::Display for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.document.fmt(f)
    }
}

/// A model that many results share.
pub type SharedModel = Arc<Model>;
