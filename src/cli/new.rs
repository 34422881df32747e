//! `trustpath new NAME FOLDER`: a study to begin with.

use std::path::PathBuf;

use clap::Args;
use trustpath::diagnostic::Diagnostic;
use trustpath::plan::{Language, Study};

use super::words::finite;
use super::{Console, Failure, Outcome, models};

const EXAMPLES: &str = "\
Examples:
  trustpath new initial-trust my-study
  trustpath new M6 loyalty-study --smallest-path 0.20
  cd my-study && sh commands.sh";

/// Begin a study: model, codebook, questionnaires, analysis plan, commands, simulated answers
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct New {
    /// Name or number of a built-in model; `trustpath models` lists them
    model: String,
    /// Folder to write into; made if it is not there
    folder: PathBuf,
    /// Smallest path that the study must not miss; decides the sample size
    #[arg(long, value_name = "NUMBER", default_value_t = 0.15, value_parser = finite)]
    smallest_path: f64,
    /// Decides the simulated answers
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

impl New {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let model = models::named(&self.model).ok_or_else(|| models::unknown(&self.model))?;
        let study = Study::of(model, Some(self.smallest_path), self.seed, console.language())?;
        let there: Vec<&str> = study
            .files
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| self.folder.join(name).exists())
            .collect();
        if !there.is_empty() {
            let shown = self.folder.display();
            return Err(Diagnostic::error(
                "TP0020",
                format!("`{shown}` holds {} already, and nothing is overwritten", there.join(", ")),
            )
            .hint("name another folder")
            .into());
        }
        std::fs::create_dir_all(&self.folder).map_err(|error| {
            let reason = super::failure::plain(&error.to_string());
            Failure::from(
                Diagnostic::error("TP0002", format!("cannot make `{}`: {reason}", self.folder.display()))
                    .hint("name a folder in a place that you may write to"),
            )
        })?;
        for (name, bytes) in &study.files {
            console.write_bytes(&self.folder.join(name), bytes)?;
        }
        let folder = self.folder.display();
        console.note(&match console.language() {
            Language::English => format!("next: `cd {folder}`, read analysis-plan.md, run `sh commands.sh`"),
            Language::Chinese => {
                format!("下一步：`cd {folder}`，阅读 analysis-plan.zh.md，运行 `sh commands.sh`")
            }
        });
        Ok(Outcome::Done)
    }
}
