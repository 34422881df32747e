//! `trustpath completions SHELL`: a script that completes verbs and options.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Console, Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  trustpath completions bash > ~/.local/share/bash-completion/completions/trustpath
  trustpath completions zsh > ~/.zfunc/_trustpath
  trustpath completions fish > ~/.config/fish/completions/trustpath.fish";

/// Print a script that completes verbs and options in a shell
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "trustpath", &mut script);
        console.write(&String::from_utf8_lossy(&script))?;
        Ok(Outcome::Done)
    }
}
