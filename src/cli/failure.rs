//! Every error of the library as diagnostics, and diagnostics as text with the source line and a caret.

use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use trustpath::diagnostic::{Diagnostic, Diagnostics, Severity, Source, nearest};
use trustpath::effects::EffectError;
use trustpath::model::ModelError;
use trustpath::moments::MomentsError;
use trustpath::plan::{PlanError, built_in};
use trustpath::pls::PlsError;
use trustpath::reproduce::ReproduceError;
use trustpath::resample::ResampleError;
use trustpath::sem::SemError;
use trustpath::survey::SurveyError;
use trustpath::table::Language;

const WIDTH: usize = 100;
const RED: &str = "\u{1b}[1m\u{1b}[91m";
const YELLOW: &str = "\u{1b}[33m";
const BLUE: &str = "\u{1b}[1m\u{1b}[94m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Why a verb gave no result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input is bad.
    Bad(Vec<Diagnostic>),
    /// The reader of standard output went away.
    BrokenPipe,
}

impl From<Diagnostic> for Failure {
    fn from(one: Diagnostic) -> Self {
        Self::Bad(vec![one])
    }
}

impl From<Diagnostics> for Failure {
    fn from(all: Diagnostics) -> Self {
        Self::Bad(all.0)
    }
}

/// The five error types have the same two shapes and, being open to growth, a rest.
macro_rules! from_library {
    ($($error:ident),+) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                match error {
                    $error::Invalid(found) => found.into(),
                    $error::Unreadable { file, reason } => unreadable(&file, &reason).into(),
                    other => Diagnostic::error("TP0000", other.to_string()).into(),
                }
            }
        }
    )+};
}
from_library!(ModelError, SurveyError, MomentsError, PlanError, ReproduceError);

impl From<PlsError> for Failure {
    fn from(error: PlsError) -> Self {
        match error {
            PlsError::Survey(error) => error.into(),
            PlsError::Invalid(found) => found.into(),
            other => Diagnostic::error("TP0000", other.to_string()).into(),
        }
    }
}

impl From<SemError> for Failure {
    fn from(error: SemError) -> Self {
        match error {
            SemError::Survey(error) => error.into(),
            SemError::Invalid(found) => found.into(),
            other => Diagnostic::error("TP0000", other.to_string()).into(),
        }
    }
}

impl From<ResampleError> for Failure {
    fn from(error: ResampleError) -> Self {
        match error {
            ResampleError::Invalid(found) => found.into(),
            other => Diagnostic::error("TP0000", other.to_string()).into(),
        }
    }
}

impl From<EffectError> for Failure {
    fn from(error: EffectError) -> Self {
        match error {
            EffectError::Invalid(found) => found.into(),
            other => Diagnostic::error("TP0000", other.to_string()).into(),
        }
    }
}

/// Both results, or everything that is wrong with either.
pub(crate) fn both<A, B>(one: Result<A, Failure>, other: Result<B, Failure>) -> Result<(A, B), Failure> {
    match (one, other) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(Failure::Bad(mut all)), Err(Failure::Bad(more))) => {
            all.extend(more);
            Err(Failure::Bad(all))
        }
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    }
}

/// A file that cannot be read, with the file that was probably meant.
pub(crate) fn unreadable(file: &str, reason: &str) -> Diagnostic {
    let problem = Diagnostic::error("TP0001", format!("cannot read `{file}`: {}", plain(reason)));
    if let Some(model) = built_in::find(file) {
        let name = model.name;
        return problem.hint(format!(
            "`{name}` is a built-in model: write it to a file with `trustpath models show {name} -o {name}.sem`"
        ));
    }
    let path = Path::new(file);
    if path.exists() {
        return problem;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| {
            entries.filter_map(Result::ok).map(|e| e.file_name().to_string_lossy().into_owned()).collect()
        })
        .unwrap_or_default();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match nearest(&wanted, beside.iter().map(String::as_str)) {
        Some(near) => {
            let near = path.with_file_name(near);
            problem.hint(format!("did you mean `{}`?", near.display()))
        }
        None => problem,
    }
}

/// What the system said, without its error number.
pub(crate) fn plain(reason: &str) -> String {
    let words = reason.split(" (os error").next().unwrap_or(reason);
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// One problem as a reader sees it. The styles are for a terminal; a stream that is none strips them.
pub(crate) fn draw(problem: &Diagnostic, language: Language) -> String {
    let told = in_language(problem, language);
    match (&problem.source, &problem.span) {
        (Some(source), Some(span)) => with_excerpt(&told, source, span, language),
        _ => without_excerpt(&told, language),
    }
}

/// The same problem in the reader's language; what it quotes from files stays.
fn in_language(problem: &Diagnostic, language: Language) -> Diagnostic {
    let tell = |words: &String| language.tell(words).into_owned();
    Diagnostic {
        message: tell(&problem.message),
        label: tell(&problem.label),
        hints: problem.hints.iter().map(tell).collect(),
        ..problem.clone()
    }
}

/// How bad it is, in English; the drawing translates it.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn with_excerpt(problem: &Diagnostic, source: &Source, span: &Range<usize>, language: Language) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let level = level.with_name(language.tell(word(problem.severity)).into_owned());
    let help = Level::HELP.with_name(language.tell("help").into_owned());
    let (from, line, text) = around(&source.text, span);
    let caret = AnnotationKind::Primary
        .span(inside(text, &(span.start.saturating_sub(from)..span.end.saturating_sub(from))))
        .label(problem.label.as_str());
    let excerpt = Snippet::source(text).line_start(line).path(source.name.as_str()).annotation(caret);
    let group = Group::with_title(level.primary_title(problem.message.as_str()).id(problem.code))
        .element(excerpt)
        .elements(problem.hints.iter().map(|hint| help.clone().message(hint.as_str())));
    Renderer::styled().term_width(WIDTH).render(&[group])
}

/// The same look for a place in a file that is too large, or not there, to show a line of.
fn without_excerpt(problem: &Diagnostic, language: Language) -> String {
    let style = match problem.severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
    };
    let (level, help, code) = (language.tell(word(problem.severity)), language.tell("help"), problem.code);
    let mut lines = format!("{style}{level}[{code}]{PLAIN}{BOLD}: {}{PLAIN}", visible(&problem.message));
    if let Some(place) = &problem.place {
        let mut words = place.file.clone();
        if let Some(line) = place.line {
            words = format!("{words}:{line}");
        }
        if let Some(column) = &place.column {
            words = format!("{words}:{column}");
        }
        lines = format!("{lines}\n {BLUE}-->{PLAIN} {}", visible(&words));
    }
    for hint in &problem.hints {
        lines = format!("{lines}\n  {BLUE}={PLAIN} {BOLD}{help}{PLAIN}: {}", visible(hint));
    }
    lines
}

/// What a data file holds must not steer the terminal.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// The lines of a span with one before and one behind, from which byte and line on: a renderer that reads a long text
/// once for each of its problems takes for ever.
fn around<'a>(text: &'a str, span: &Range<usize>) -> (usize, usize, &'a str) {
    let bytes = text.as_bytes();
    let is_end = |byte: &u8| *byte == b'\n';
    let start = span.start.min(bytes.len());
    let line = bytes[..start].iter().rposition(is_end).map_or(0, |at| at + 1);
    let from = bytes[..line.saturating_sub(1)].iter().rposition(is_end).map_or(0, |at| at + 1);
    let mut to = span.end.clamp(start, bytes.len());
    for _ in 0..2 {
        to = bytes[to..].iter().position(is_end).map_or(bytes.len(), |at| to + at + 1);
    }
    let number = bytes[..from].iter().filter(|byte| is_end(byte)).count() + 1;
    (from, number, text.get(from..to).unwrap_or(text))
}

/// The span cut to the text, on character boundaries.
fn inside(text: &str, span: &Range<usize>) -> Range<usize> {
    let boundary =
        |at: usize| (0..=at.min(text.len())).rev().find(|&b| text.is_char_boundary(b)).unwrap_or(0);
    let start = boundary(span.start);
    start..boundary(span.end).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_beyond_the_text_and_inside_characters_are_drawn() {
        let source = Source::new("m.sem", "信任 =~ a");
        for span in [0..1, 1..2, 5..99, 99..120, 11..11, 0..0] {
            let problem = Diagnostic::error("TP0101", "x").at(&source, span, "here");
            assert!(draw(&problem, Language::English).contains("TP0101"));
        }
        let empty = Source::new("m.sem", "");
        assert!(
            draw(&Diagnostic::error("TP0101", "x").at(&empty, 0..5, ""), Language::Chinese).contains("m.sem")
        );
    }

    #[test]
    fn data_cannot_steer_the_terminal() {
        let problem = Diagnostic::error("TP0222", "`\u{1b}[2J`").in_file("a\tb.csv", Some(2), None);
        let drawn = draw(&problem, Language::English);
        assert!(!drawn.contains("\u{1b}[2J") && drawn.contains("a\u{fffd}b.csv:2"));
    }

    #[test]
    fn system_messages_lose_their_number() {
        assert_eq!(plain("No such file or directory (os error 2)"), "no such file or directory");
    }
}
