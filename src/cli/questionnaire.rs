//! `trustpath questionnaire MODEL`: the questionnaire of a model, to read, print or import.

use std::path::PathBuf;

use clap::Args;
use trustpath::plan::{Language, Questionnaire as Pages, QuestionnaireSettings};

use super::{Console, Failure, Outcome, models};

const EXAMPLES: &str = "\
Examples:
  trustpath questionnaire model.sem
  trustpath questionnaire initial-trust --lang zh -o questionnaire.docx
  trustpath questionnaire model.sem --shuffle --seed 7 --attention-checks 2 -o questionnaire.md
  trustpath questionnaire model.sem -o questionnaire.csv    (XLSForm, for ODK, KoboToolbox, SurveyCTO)";

/// Write the questionnaire of a model in English or Chinese
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Questionnaire {
    /// Model file (.sem) with a codebook, or the name of a built-in model
    model: PathBuf,
    /// Mix the items of all constructs
    #[arg(long)]
    shuffle: bool,
    /// Decides the order of mixed items
    #[arg(long, value_name = "N", default_value_t = 1, requires = "shuffle")]
    seed: u64,
    /// Number of attention checks, spread evenly
    #[arg(long, value_name = "N", default_value_t = 0)]
    attention_checks: usize,
    /// Words for the lowest and the highest answer
    #[arg(long, num_args = 2, value_names = ["LOW", "HIGH"])]
    anchors: Option<Vec<String>>,
}

impl Questionnaire {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        console.protect(&[Some(self.model.as_path())], None)?;
        let target = console.target(&["md", "docx", "csv"])?;
        let (model, _) = models::open(&self.model)?;
        let anchors = match self.anchors.as_deref() {
            Some([low, high]) => Some((low.clone(), high.clone())),
            _ => None,
        };
        let settings = QuestionnaireSettings {
            language: console.language(),
            shuffle: self.shuffle.then_some(self.seed),
            attention_checks: self.attention_checks,
            anchors,
        };
        let pages = Pages::of(&model, &settings);
        let most = pages.questions.iter().filter(|question| question.expected.is_none()).count();
        if self.attention_checks > most {
            console.warn(&format!(
                "{} attention checks were asked for, but the questionnaire has {most} questions and takes one after each",
                self.attention_checks
            ));
        }
        if !pages.without_wording.is_empty() {
            console.warn(&format!(
                "no wording in this language for {}: their names stand in its place; add `{}` to the codebook",
                pages.without_wording.join(", "),
                if console.language() == Language::Chinese { "text_zh" } else { "text" }
            ));
        }
        match target {
            Some((file, "csv")) => console.write_file(file, &pages.xlsform())?,
            Some((file, "docx")) => console.write_bytes(file, &docx(&pages)?)?,
            Some((file, _)) => console.write_file(file, &pages.markdown())?,
            None => console.write(&pages.markdown())?,
        }
        Ok(Outcome::Done)
    }
}

#[cfg(feature = "office")]
fn docx(pages: &Pages) -> Result<Vec<u8>, Failure> {
    Ok(pages.docx()?)
}

#[cfg(not(feature = "office"))]
fn docx(_: &Pages) -> Result<Vec<u8>, Failure> {
    use trustpath::diagnostic::Diagnostic;
    let problem = Diagnostic::error("TP0003", "this build cannot write Word files");
    Err(problem.hint("write .md, or build with `office`").into())
}
