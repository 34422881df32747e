//! The report: what a fit came to, in the order in which reviewers expect it.
//!
//! [`Report::of`] gathers what a fit, its assessment, its bootstrap and its screening say into plain data:
//! sections of tables, each with one sentence that is built from the same record as the numbers.
//! [`Report::document`] puts it in order, and [`crate::document`] sets it as HTML, Word, Excel, Markdown or LaTeX.
//! Problems come first and are never hidden; nothing claims a cause.

mod appendix;
mod components;
mod effects;
mod figures;
mod hypotheses;
mod measurement;
mod method;
mod references;
mod screening;
mod sem;
mod structure;
mod verdicts;
mod words;
mod works;

pub use crate::document::{Exhibit, Figure, Light};
pub use figures::figures;

use crate::assess::{Assessment, Finding};
use crate::document::{Block, Document, DocumentError, Part};
use crate::effects::{Controls, Nonlinearity};
use crate::model::{About, words};
use crate::pls::PlsFit;
use crate::resample::Bootstrapped;
use crate::survey::Screening;
use crate::table::{Language, Table, Verdict};

/// A part of the report, in the order in which reviewers expect them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionId {
    /// Checks, problems first, and the table of hypotheses.
    Verdict,
    /// The path diagram.
    Diagram,
    /// The paragraph for the Method section of a paper.
    Method,
    /// Data and screening.
    Data,
    /// Blocks with correlation weights: loadings, reliability, discriminant validity.
    Reflective,
    /// Blocks with regression weights: weights and collinearity.
    Formative,
    /// Components of higher-order constructs: their own measurement.
    Components,
    /// Global fit.
    Fit,
    /// Paths, collinearity, explained variance.
    Structure,
    /// Indirect and total effects.
    Effects,
    /// Wording, correlations, settings, manifest, references.
    Appendix,
}

impl SectionId {
    /// Every section, in order.
    pub const ALL: [Self; 11] = [
        Self::Verdict,
        Self::Diagram,
        Self::Method,
        Self::Data,
        Self::Reflective,
        Self::Formative,
        Self::Components,
        Self::Fit,
        Self::Structure,
        Self::Effects,
        Self::Appendix,
    ];

    /// The section's anchor in the file.
    pub fn anchor(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Diagram => "diagram",
            Self::Method => "method",
            Self::Data => "data",
            Self::Reflective => "reflective",
            Self::Formative => "formative",
            Self::Components => "components",
            Self::Fit => "fit",
            Self::Structure => "structure",
            Self::Effects => "effects",
            Self::Appendix => "appendix",
        }
    }

    /// The section's heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Verdict => "Verdict",
            Self::Diagram => "Path diagram",
            Self::Method => "Method",
            Self::Data => "Data and screening",
            Self::Reflective => "Measurement model: reflective",
            Self::Formative => "Measurement model: formative",
            Self::Components => "Components of higher-order constructs",
            Self::Fit => "Model fit",
            Self::Structure => "Structural model",
            Self::Effects => "Indirect and total effects",
            Self::Appendix => "Appendix",
        }
    }
}

/// One section.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Which one.
    pub id: SectionId,
    /// Heading.
    pub heading: String,
    /// Paragraphs at its top.
    pub intro: Vec<String>,
    /// Its tables.
    pub exhibits: Vec<Exhibit>,
    /// Its figures.
    pub figures: Vec<Figure>,
}

impl Section {
    /// An empty section, which is not shown as long as it is empty.
    pub fn new(id: SectionId) -> Self {
        Self {
            id,
            heading: id.heading().to_owned(),
            intro: Vec::new(),
            exhibits: Vec::new(),
            figures: Vec::new(),
        }
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.intro.is_empty() && self.exhibits.is_empty() && self.figures.is_empty()
    }
}

/// What the report must know besides the results. Empty words are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// Data file as the user named it.
    pub data_file: String,
    /// Model file as the user named it.
    pub model_file: String,
    /// How the data file was read, such as `comma-separated, UTF-8`.
    pub dialect: String,
    /// The command that makes this report again.
    pub command: String,
    /// When it was made, in words; empty keeps two runs byte for byte alike.
    pub created: String,
    /// Language of the report.
    pub language: Language,
    /// What the model is for, if it was said; the Method paragraph states it.
    pub purpose: Option<Purpose>,
    /// For a blind review: neither file names nor what the model file says about its source.
    pub blind: bool,
}

impl Context {
    /// For a blind review: files may name authors, and so does the source of a model.
    fn without_names(self) -> Self {
        Self { data_file: String::new(), model_file: String::new(), ..self }
    }
}

words! {
    /// What a model is for.
    Purpose: "purpose" {
        /// To predict outcomes of new cases.
        Prediction = "prediction",
        /// To explain outcomes by their causes.
        Explanation = "explanation",
    }
}

/// The report as data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// Title of the model, or of its file.
    pub title: String,
    /// Title in Chinese.
    pub title_zh: Option<String>,
    /// Theory and source, as the model file states them.
    pub subtitle: Vec<String>,
    /// What stands on top of every page: names and values of the run.
    pub strip: Vec<(String, String)>,
    /// What makes the estimate inadmissible, in words.
    pub problems: Vec<String>,
    /// What else the reader must know.
    pub remarks: Vec<String>,
    /// The checks, problems first.
    pub lights: Vec<Light>,
    /// The checks and the hypotheses in one sentence each.
    pub summary: Vec<String>,
    /// The paragraph for the Method section of a paper.
    pub method: String,
    /// The sections, in order; empty ones are not shown.
    pub sections: Vec<Section>,
    /// Works behind the rules and methods that the report uses.
    pub references: Vec<String>,
    /// Files and command behind it.
    pub context: Context,
}

/// Everything the sections are made of.
pub(crate) struct Material<'a> {
    fit: &'a PlsFit,
    assessment: &'a Assessment,
    bootstrap: Option<&'a Bootstrapped>,
    screening: Option<&'a Screening>,
    context: &'a Context,
}

impl Report {
    /// Gathers a report. Without a bootstrap it says so instead of judging significance; without a screening the
    /// item statistics are left out.
    pub fn of(
        fit: &PlsFit,
        assessment: &Assessment,
        bootstrap: Option<&Bootstrapped>,
        screening: Option<&Screening>,
        context: Context,
    ) -> Self {
        let context = if context.blind { context.without_names() } else { context };
        let material = Material { fit, assessment, bootstrap, screening, context: &context };
        let sections: Vec<Section> = SectionId::ALL
            .into_iter()
            .map(|id| match id {
                SectionId::Verdict => hypotheses::section(&material),
                SectionId::Diagram | SectionId::Method => Section::new(id),
                SectionId::Data => screening::section(&material),
                SectionId::Reflective => measurement::reflective(&material),
                SectionId::Formative => measurement::formative(&material),
                SectionId::Components => components::section(&material),
                SectionId::Fit => structure::fit(&material),
                SectionId::Structure => structure::section(&material),
                SectionId::Effects => effects::section(&material),
                SectionId::Appendix => appendix::section(&material),
            })
            // A table without rows is left out.
            .map(|mut section: Section| {
                section.exhibits.retain(|exhibit| !exhibit.table.rows.is_empty());
                section
            })
            .collect();
        let (problems, remarks) = {
            let (bad, rest): (Vec<&Finding>, Vec<&Finding>) =
                assessment.findings.iter().partition(|finding| finding.is_inadmissible());
            let words = |list: Vec<&Finding>| list.into_iter().map(ToString::to_string).collect();
            (words(bad), words(rest))
        };
        let summary = hypotheses::summary(&material);
        let mut report = Self {
            strip: method::strip(&material),
            problems,
            remarks,
            lights: verdicts::lights(&material),
            method: method::paragraph(&material),
            sections,
            ..Self::about(&fit.model.about, &context)
        };
        report.point_lights();
        report.summary = verdicts::summary(&report.lights);
        report.summary.extend(summary);
        report.references = references::used(&report, &material);
        report.context = context;
        report
    }

    /// What a model file says about its model, and nothing else.
    fn about(about: &About, context: &Context) -> Self {
        let file = || Some(std::path::Path::new(&context.model_file).file_stem()?.to_str()?.to_owned());
        Self {
            title: about.title.clone().or_else(file).unwrap_or_else(|| "Path model".to_owned()),
            title_zh: about.title_zh.clone(),
            subtitle: about
                .theory
                .iter()
                .chain(about.source.iter().filter(|_| !context.blind))
                .cloned()
                .collect(),
            ..Self::default()
        }
    }

    /// Points checks whose table the report lacks to the components' one, or nowhere.
    fn point_lights(&mut self) {
        let tables = |of: &Self| -> Vec<String> {
            let exhibits = of.sections.iter().flat_map(|section| &section.exhibits);
            exhibits.map(|exhibit| exhibit.table.key.clone()).collect()
        };
        let known = tables(self);
        for light in self.lights.iter_mut().filter(|light| !known.contains(&light.table)) {
            let stem = match light.table.as_str() {
                "formative" | "items" => "components_items_",
                "reliability" => "components_reliability_",
                "htmt" => "components_htmt_",
                // Manifest and screening are no exhibits.
                _ => continue,
            };
            light.table = known.iter().find(|key| key.starts_with(stem)).cloned().unwrap_or_default();
        }
    }

    /// Places a figure.
    #[must_use]
    pub fn with_figure(mut self, section: SectionId, figure: Figure) -> Self {
        if let Some(section) = self.sections.iter_mut().find(|known| known.id == section) {
            section.figures.push(figure);
        }
        self
    }

    /// Places tables at the end of a section, such as those of a model without its controls.
    #[must_use]
    pub fn with_exhibits(mut self, section: SectionId, exhibits: impl IntoIterator<Item = Exhibit>) -> Self {
        let exhibits: Vec<Exhibit> =
            exhibits.into_iter().filter(|exhibit| !exhibit.table.rows.is_empty()).collect();
        let notes: Vec<String> = exhibits.iter().flat_map(|exhibit| exhibit.table.notes.clone()).collect();
        references::add(&mut self.references, &notes);
        if let Some(section) = self.sections.iter_mut().find(|known| known.id == section) {
            section.exhibits.extend(exhibits);
        }
        self
    }

    /// Places the model with and without its controls side by side, and the joint tests of its factors.
    #[must_use]
    pub fn with_controls(self, controls: &Controls) -> Self {
        let tables = [controls.paths_table(), controls.r_squared_table(), controls.joint_table()];
        self.with_exhibits(SectionId::Structure, tables.map(Exhibit::new))
    }

    /// Places the check of linearity.
    #[must_use]
    pub fn with_nonlinearity(self, check: &Nonlinearity) -> Self {
        let tables = [check.reset_table(), check.quadratic_table()];
        self.with_exhibits(SectionId::Structure, tables.map(Exhibit::new))
    }

    /// Places what tests how constructs are measured (tetrads, redundancy, congruence) before the correlations of the
    /// appendix.
    #[must_use]
    pub fn with_measurement(self, tables: impl IntoIterator<Item = Table>) -> Self {
        let mut report = self
            .with_exhibits(SectionId::Appendix, tables.into_iter().map(|table| Exhibit::new(table).fixed()));
        if let Some(appendix) = report.sections.iter_mut().find(|known| known.id == SectionId::Appendix) {
            let is = |exhibit: &Exhibit, key: &str| exhibit.table.key == key;
            let first = appendix.exhibits.iter().position(|exhibit| is(exhibit, "construct_correlations"));
            let last = appendix.exhibits.iter().position(|exhibit| is(exhibit, "manifest"));
            if let (Some(first), Some(last)) = (first, last)
                && let Some(part) = appendix.exhibits.get_mut(first..)
            {
                part.rotate_left(last + 1 - first);
            }
        }
        report
    }

    /// The section with this id.
    pub fn section(&self, id: SectionId) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The table with this key, such as `hypotheses`, `settings` or `manifest`.
    pub fn table(&self, key: &str) -> Option<&Table> {
        let exhibits = self.sections.iter().flat_map(|section| &section.exhibits);
        exhibits.map(|exhibit| &exhibit.table).find(|table| table.key == key)
    }

    /// The report in order, ready for setting. Sections that are not among `chosen` are left out; none chosen are all.
    pub fn document(&self, chosen: &[SectionId]) -> Document {
        let parts = self
            .sections
            .iter()
            .filter(|section| chosen.is_empty() || chosen.contains(&section.id))
            .filter(|section| match section.id {
                SectionId::Verdict => true,
                SectionId::Method => !self.method.is_empty() || !section.is_empty(),
                _ => !section.is_empty(),
            })
            .map(|section| Part {
                anchor: section.id.anchor().to_owned(),
                heading: section.heading.clone(),
                blocks: self.blocks(section),
            })
            .collect();
        let document = Document {
            kind: "Path model report".to_owned(),
            title: self.title.clone(),
            other_title: self.title_zh.clone().map(|title| (title, Language::Chinese)),
            subtitle: self.subtitle.clone(),
            strip: self.strip.clone(),
            parts,
            language: Language::English,
        };
        let mut document = document.translated(self.context.language);
        // The title in the reader's language comes first.
        if self.context.language == Language::Chinese
            && let Some((title, _)) = document.other_title.take()
        {
            document.other_title = Some((std::mem::replace(&mut document.title, title), Language::English));
        }
        document
    }

    fn blocks(&self, section: &Section) -> Vec<Block> {
        let mut blocks = Vec::new();
        if section.id == SectionId::Verdict {
            if !self.problems.is_empty() {
                let heading = "The estimate is inadmissible: do not interpret it".to_owned();
                blocks.push(Block::Alarm(Verdict::Fail, heading, self.problems.clone()));
            }
            if !self.remarks.is_empty() {
                blocks.push(Block::Alarm(Verdict::Check, "Please note".to_owned(), self.remarks.clone()));
            }
            if !self.summary.is_empty() {
                blocks.push(Block::Lead(self.summary.join(" ")));
            }
            blocks.push(Block::Checks(self.lights.clone()));
            let words = "Thresholds are rules of thumb; each rule and its source stands under its table.";
            blocks.push(Block::Note(words.to_owned()));
        }
        blocks.extend(section.intro.iter().cloned().map(Block::Paragraph));
        if section.id == SectionId::Method && !self.method.is_empty() {
            blocks.push(Block::Paste(self.method.clone()));
        }
        // A figure with the name of a table stands below it, any other one at the top.
        let has = |id: &str| section.exhibits.iter().any(|exhibit| exhibit.table.key == id);
        let figures = |wanted: &dyn Fn(&str) -> bool| -> Vec<Block> {
            section.figures.iter().filter(|one| wanted(&one.id)).cloned().map(Block::Figure).collect()
        };
        blocks.extend(figures(&|id| !has(id)));
        for exhibit in &section.exhibits {
            blocks.push(Block::Exhibit(exhibit.clone()));
            blocks.extend(figures(&|id| id == exhibit.table.key));
        }
        if section.id == SectionId::Appendix && !self.references.is_empty() {
            blocks.push(Block::References("References".to_owned(), self.references.clone()));
        }
        blocks
    }

    /// The report as one HTML file that needs nothing else.
    ///
    /// # Errors
    /// [`DocumentError::Template`] if the template cannot be filled, which would be a defect of this crate.
    pub fn to_html(&self) -> Result<String, DocumentError> {
        self.document(&[]).to_html()
    }
}
