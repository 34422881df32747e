//! Where output goes: results to standard output or a file, everything else to standard error.

use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use terminal_size::{Width, terminal_size_of};
use trustpath::diagnostic::Diagnostic;
use trustpath::table::Language;

use super::failure::{Failure, draw, plain};
use super::inputs::codebook_beside;

/// Width of a line of text that goes to no terminal.
pub(crate) const WIDTH: usize = 100;
/// Bounds of the width on a terminal: narrower tables are torn apart, wider lines are hard to follow.
const NARROWEST: usize = 60;
const WIDEST: usize = 160;

/// Most problems that are drawn at once; how many more there are is said.
const MOST_PROBLEMS: usize = 50;

/// What every verb understands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Global {
    /// Form of the output [default: text, or what the extension of --output says]
    #[arg(short, long, global = true, value_enum)]
    format: Option<Format>,
    /// Write to a file; its extension picks the form (.txt .json .csv .md .tex .html .docx .xlsx; figures .svg .png .pdf .tex .dot)
    #[arg(short, long, global = true, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Language of tables, sentences and figures
    #[arg(long, global = true, value_enum, default_value_t = Lang::En, env = "TRUSTPATH_LANG", hide_env_values = true)]
    lang: Lang,
    /// Threads to use [default: all]; results do not depend on it
    #[arg(long, global = true, value_name = "N", env = "TRUSTPATH_THREADS", hide_env_values = true)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// No colours (as with the environment variable `NO_COLOR`)
    #[arg(long, global = true)]
    no_color: bool,
    /// No progress, notes or warnings on standard error
    #[arg(short, long, global = true)]
    quiet: bool,
}

/// Language of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// English
    En,
    /// Simplified Chinese
    Zh,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::Zh => Self::Chinese,
        }
    }
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables for a terminal
    Text,
    /// One object at full precision
    Json,
    /// Tables at full precision; more than one are separated by a line `# title`
    Csv,
    /// Tables for a manuscript
    Markdown,
    /// Tables for LaTeX (booktabs)
    Latex,
    /// A page for a browser
    Html,
    /// A workbook for Excel, one sheet per table
    Xlsx,
    /// Tables for Word, in APA's form
    Docx,
}

impl Format {
    /// Whether it is no text, so that it needs a file.
    pub(crate) fn is_binary(self) -> bool {
        matches!(self, Self::Xlsx | Self::Docx)
    }

    fn of_extension(file: &Path) -> Option<Self> {
        let extension = file.extension()?.to_str()?.to_lowercase();
        match extension.as_str() {
            "txt" => Some(Self::Text),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "md" => Some(Self::Markdown),
            "tex" => Some(Self::Latex),
            "html" => Some(Self::Html),
            "xlsx" => Some(Self::Xlsx),
            "docx" => Some(Self::Docx),
            _ => None,
        }
    }
}

/// The streams, as the global options set them.
#[derive(Debug)]
pub(crate) struct Console {
    format: Option<Format>,
    output: Option<PathBuf>,
    language: Language,
    quiet: bool,
}

/// What is written: text, or what renders itself in the language of the console.
pub(crate) trait Written {
    /// The bytes, and whether they are text whose styles may have to be stripped; `width` is that of a line of text.
    fn written(&self, language: Language, width: usize) -> Result<(Cow<'_, [u8]>, bool), Failure>;
}

impl Written for str {
    fn written(&self, _: Language, _: usize) -> Result<(Cow<'_, [u8]>, bool), Failure> {
        Ok((Cow::Borrowed(self.as_bytes()), true))
    }
}

impl Written for Cow<'_, str> {
    fn written(&self, language: Language, width: usize) -> Result<(Cow<'_, [u8]>, bool), Failure> {
        (**self).written(language, width)
    }
}

impl Written for String {
    fn written(&self, language: Language, width: usize) -> Result<(Cow<'_, [u8]>, bool), Failure> {
        self.as_str().written(language, width)
    }
}

impl Console {
    /// Takes the global options over, which also sets colours and threads.
    pub(crate) fn new(global: Global) -> Self {
        if global.no_color {
            anstream::ColorChoice::Never.write_global();
        }
        if let Some(threads) = global.threads {
            // Fails only if a pool is there already, and nothing has run yet.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
        }
        Self {
            format: global.format,
            output: global.output,
            language: global.lang.into(),
            quiet: global.quiet,
        }
    }

    /// Language of the output.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// How wide a line of text may be: as wide as the terminal within bounds; in a file and for other programs always the same.
    fn width(&self) -> usize {
        let terminal = if self.output.is_none() { terminal_size_of(std::io::stdout()) } else { None };
        terminal.map_or(WIDTH, |(Width(columns), _)| usize::from(columns).clamp(NARROWEST, WIDEST))
    }

    /// The file to write to; none is standard output.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref()
    }

    /// The form to write in.
    pub(crate) fn format(&self) -> Result<Format, Failure> {
        let Some(file) = &self.output else {
            return match self.format {
                Some(form) if form.is_binary() => {
                    Err(Diagnostic::error("TP0003", "this form of output needs a file")
                        .hint("name it by `--output`, such as `-o tables.xlsx`")
                        .into())
                }
                form => Ok(form.unwrap_or(Format::Text)),
            };
        };
        let shown = file.display();
        match (self.format, Format::of_extension(file)) {
            (Some(asked), Some(named)) if asked != named => {
                Err(Diagnostic::error("TP0003", format!("the extension of `{shown}` contradicts `--format`"))
                    .hint("leave `--format` out: the extension picks the form")
                    .into())
            }
            (Some(asked), _) => Ok(asked),
            (None, Some(named)) => Ok(named),
            (None, None) => Err(Diagnostic::error(
                "TP0003",
                format!("the extension of `{shown}` picks no form of output"),
            )
            .hint("end it in .txt, .json, .csv, .md, .tex, .html, .docx or .xlsx, or say `--format`")
            .into()),
        }
    }

    /// The output file and its extension, which must be one of `extensions`; none is standard output.
    pub(crate) fn target(
        &self,
        extensions: &[&'static str],
    ) -> Result<Option<(&Path, &'static str)>, Failure> {
        if self.format.is_some() {
            return Err(Diagnostic::error("TP0003", "`--format` does not apply here")
                .hint("the extension of `--output` picks the form")
                .into());
        }
        let Some(file) = &self.output else { return Ok(None) };
        let found = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let known = extensions.iter().find(|known| known.eq_ignore_ascii_case(found));
        known.map(|known| Some((file.as_path(), *known))).ok_or_else(|| {
            Diagnostic::error(
                "TP0003",
                format!("the extension of `{}` picks no form of output", file.display()),
            )
            .hint(format!("end it in .{}", extensions.join(" or .")))
            .into()
        })
    }

    /// Refuses to write over a file that is read, the codebooks of model files among them, or two results over each other.
    pub(crate) fn protect<'a>(
        &'a self,
        read: &[Option<&Path>],
        also_written: impl IntoIterator<Item = &'a Path>,
    ) -> Result<(), Failure> {
        let written: Vec<&Path> = self.output.as_deref().into_iter().chain(also_written).collect();
        if written.is_empty() {
            return Ok(());
        }
        let codebooks: Vec<PathBuf> =
            read.iter().flatten().filter_map(|file| codebook_beside(file)).collect();
        let read = || read.iter().flatten().copied().chain(codebooks.iter().map(PathBuf::as_path));
        let real = |file: &Path| {
            // A file that is not there yet has no canonical form, but its folder has.
            let parent = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            file.canonicalize().or_else(|_| {
                parent.canonicalize().map(|parent| parent.join(file.file_name().unwrap_or_default()))
            })
        };
        let same = |a: &Path, b: &Path| matches!((real(a), real(b)), (Ok(a), Ok(b)) if a == b);
        for file in &written {
            if read().any(|input| same(file, input)) {
                return Err(Diagnostic::error(
                    "TP0003",
                    format!("`{}` is read and would be overwritten", file.display()),
                )
                .hint("name another file for the output")
                .into());
            }
        }
        let twice =
            written.iter().enumerate().find(|(at, file)| written[..*at].iter().any(|one| same(one, file)));
        match twice {
            Some((_, file)) => {
                Err(Diagnostic::error("TP0003", format!("`{}` is named for two outputs", file.display()))
                    .into())
            }
            None => Ok(()),
        }
    }

    /// Writes the result. Styles are kept on a terminal only.
    pub(crate) fn write(&self, what: &(impl Written + ?Sized)) -> Result<(), Failure> {
        let (bytes, is_text) = what.written(self.language, self.width())?;
        if let Some(file) = &self.output {
            if is_text {
                let bare = anstream::adapter::strip_str(&String::from_utf8_lossy(&bytes)).to_string();
                return self.write_file(file, &bare);
            }
            return self.write_bytes(file, &bytes);
        }
        let mut out = anstream::stdout();
        match out.write_all(&bytes).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::BrokenPipe),
            Err(error) => Err(unwritable("standard output", &error)),
        }
    }

    /// Writes a file and says so.
    pub(crate) fn write_file(&self, file: &Path, text: &str) -> Result<(), Failure> {
        let shown = file.display().to_string();
        std::fs::write(file, text).map_err(|error| unwritable(&shown, &error))?;
        self.note(&format!("wrote `{shown}`"));
        Ok(())
    }

    /// Writes a file of bytes and says so.
    pub(crate) fn write_bytes(&self, file: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let shown = file.display().to_string();
        std::fs::write(file, bytes).map_err(|error| unwritable(&shown, &error))?;
        self.note(&format!("wrote `{shown}`"));
        Ok(())
    }

    /// A remark for the person at the terminal.
    pub(crate) fn note(&self, words: &str) {
        if !self.quiet {
            self.say("\u{1b}[1m\u{1b}[92m", "note", words);
        }
    }

    /// Something the person must know about a result that stands.
    pub(crate) fn warn(&self, words: &str) {
        if !self.quiet {
            self.say("\u{1b}[1m\u{1b}[33m", "warning", words);
        }
    }

    /// Why the exit code is not 0, though there is a result.
    pub(crate) fn refuse(&self, words: &str) {
        self.say("\u{1b}[1m\u{1b}[91m", "error", words);
    }

    /// Everything that is wrong, each with its place and hints.
    pub(crate) fn problems(&self, problems: &[Diagnostic]) {
        let mut drawn: Vec<String> = problems
            .iter()
            .take(MOST_PROBLEMS)
            .map(|problem| format!("{}\n", draw(problem, self.language)))
            .collect();
        let more = problems.len().saturating_sub(MOST_PROBLEMS);
        if more > 0 {
            let words =
                format!("and {more} more problem{}; mend these first", if more == 1 { "" } else { "s" });
            drawn.push(format!("{}\n", self.language.tell(&words)));
        }
        to_stderr(&drawn.join("\n"));
    }

    fn say(&self, style: &str, level: &str, words: &str) {
        let (level, words) = (self.language.tell(level), self.language.tell(words));
        let colon = self.language.colon();
        to_stderr(&format!("{style}{level}\u{1b}[0m{colon}{words}\n"));
    }

    /// Whether a progress bar has someone to look at it.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }
}

/// Refuses to fill a terminal with what is meant for a file or another program.
pub(crate) fn no_terminal(what: &str, example: &str) -> Result<(), Failure> {
    if !std::io::stdout().is_terminal() {
        return Ok(());
    }
    Err(Diagnostic::error("TP0003", format!("{what} is no text for a terminal"))
        .hint(format!("write it to a file: `-o {example}`"))
        .hint("or pipe it into another program")
        .into())
}

pub(crate) fn unwritable(name: &str, error: &std::io::Error) -> Failure {
    Diagnostic::error("TP0002", format!("cannot write `{name}`: {}", plain(&error.to_string()))).into()
}

pub(crate) fn to_stderr(text: &str) {
    // If standard error is closed, there is no one left to tell.
    let _ = anstream::stderr().write_all(text.as_bytes());
}
