//! The report: one self-contained HTML file that a reader can open anywhere, print, and quote from.
//!
//! [`Report::of`] gathers what a fit, its assessment, its bootstrap and its screening say into plain data:
//! sections of tables, each with one sentence that is built from the same record as the numbers.
//! [`Report::to_html`] sets it. Problems come first and are never hidden; nothing claims a cause.
//!
//! The file loads nothing: style and script are inside, fonts are the reader's own. Everything that comes from a
//! person (titles, labels, file names, wording) is escaped; only figures, which are the output of the plot room,
//! are taken as they are.

mod appendix;
mod effects;
mod exhibit;
mod html;
mod hypotheses;
mod measurement;
mod method;
mod references;
mod screening;
mod structure;
mod verdicts;
mod words;

pub use exhibit::Exhibit;
pub use verdicts::Light;

use crate::assess::{Assessment, Finding};
use crate::pls::PlsFit;
use crate::resample::Bootstrapped;
use crate::survey::Screening;
use crate::table::Table;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The template could not be filled.
    #[error("the report cannot be set: {0}")]
    Template(#[from] minijinja::Error),
}

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
    pub const ALL: [Self; 10] = [
        Self::Verdict,
        Self::Diagram,
        Self::Method,
        Self::Data,
        Self::Reflective,
        Self::Formative,
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
            Self::Fit => "Model fit",
            Self::Structure => "Structural model",
            Self::Effects => "Indirect and total effects",
            Self::Appendix => "Appendix",
        }
    }
}

/// A figure: SVG of the plot room, which is trusted, and words, which are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its name within the report. A figure with the name of a table stands below that table, any other one at the
    /// top of its section.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it shows, in a sentence.
    pub caption: String,
    /// The drawing.
    pub svg: String,
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
}

/// The report as data.
#[derive(Debug, Clone, PartialEq)]
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
        let material = Material { fit, assessment, bootstrap, screening, context: &context };
        let sections: Vec<Section> = SectionId::ALL
            .into_iter()
            .map(|id| match id {
                SectionId::Verdict => hypotheses::section(&material),
                SectionId::Diagram | SectionId::Method => Section::new(id),
                SectionId::Data => screening::section(&material),
                SectionId::Reflective => measurement::reflective(&material),
                SectionId::Formative => measurement::formative(&material),
                SectionId::Fit => structure::fit(&material),
                SectionId::Structure => structure::section(&material),
                SectionId::Effects => effects::section(&material),
                SectionId::Appendix => appendix::section(&material),
            })
            .collect();
        let about = &fit.model.about;
        let (problems, remarks) = {
            let (bad, rest): (Vec<&Finding>, Vec<&Finding>) =
                assessment.findings.iter().partition(|finding| finding.is_inadmissible());
            let words = |list: Vec<&Finding>| list.into_iter().map(ToString::to_string).collect();
            (words(bad), words(rest))
        };
        let summary = hypotheses::summary(&material);
        let mut report = Self {
            title: about.title.clone().unwrap_or_else(|| {
                if context.model_file.is_empty() {
                    "Path model".to_owned()
                } else {
                    context.model_file.clone()
                }
            }),
            title_zh: about.title_zh.clone(),
            subtitle: about.theory.iter().chain(&about.source).cloned().collect(),
            strip: method::strip(&material),
            problems,
            remarks,
            lights: verdicts::lights(&material),
            summary: Vec::new(),
            method: method::paragraph(&material),
            sections,
            references: Vec::new(),
            context: Context::default(),
        };
        report.summary = verdicts::summary(&report.lights);
        report.summary.extend(summary);
        report.references = references::used(&report, &material);
        report.context = context;
        report
    }

    /// Places a figure.
    #[must_use]
    pub fn with_figure(mut self, section: SectionId, figure: Figure) -> Self {
        if let Some(section) = self.sections.iter_mut().find(|known| known.id == section) {
            section.figures.push(figure);
        }
        self
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

    /// The report as one HTML file that needs nothing else.
    ///
    /// # Errors
    /// [`ReportError::Template`] if the template cannot be filled, which would be a defect of this crate.
    pub fn to_html(&self) -> Result<String, ReportError> {
        html::render(self)
    }
}
