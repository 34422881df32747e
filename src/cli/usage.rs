//! Wrong usage of the command line in the reader's language. clap writes English; its lines are translated one by one.

use std::ffi::OsString;

use trustpath::table::Language;

/// Words that clap sets apart by a style of their own.
const MARKS: [&str; 3] = ["error:", "tip:", "Usage:"];

/// The language that was asked for, before anything has been parsed.
pub(crate) fn asked(typed: &[OsString]) -> Language {
    let said = |word: &str| word.parse().ok();
    let mut words = typed.iter().filter_map(|word| word.to_str());
    let mut language = std::env::var("TRUSTPATH_LANG").ok().as_deref().and_then(said);
    while let Some(word) = words.next() {
        if word == "--lang" {
            language = words.next().and_then(said);
        } else if let Some(value) = word.strip_prefix("--lang=") {
            language = said(value);
        }
    }
    language.unwrap_or_default()
}

/// What clap says, line by line in this language; styles stay where they are.
pub(crate) fn translated(said: &str, language: Language) -> String {
    said.split('\n').map(|line| one_line(line, language)).collect::<Vec<_>>().join("\n")
}

fn one_line(line: &str, language: Language) -> String {
    let text = line.trim_start();
    let margin = &line[..line.len() - text.len()];
    for mark in MARKS {
        // Before the mark stands nothing but its style.
        let Some((style, rest)) = text.split_once(mark).filter(|(before, _)| !before.contains(' ')) else {
            continue;
        };
        let (end, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        return format!("{margin}{style}{}{end}{}", language.tell(mark), language.tell(rest));
    }
    format!("{margin}{}", language.tell(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_margins_and_styles() {
        let said = "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m unexpected argument '\u{1b}[33m--foo\u{1b}[0m' found\n\n  \
                    \u{1b}[32mtip:\u{1b}[0m a similar argument exists: '\u{1b}[32m--format\u{1b}[0m'\n";
        let chinese = translated(said, Language::Chinese);
        assert_eq!(
            chinese,
            "\u{1b}[1m\u{1b}[31m错误：\u{1b}[0m不认识的参数 '\u{1b}[33m--foo\u{1b}[0m'\n\n  \
             \u{1b}[32m提示：\u{1b}[0m有相近的参数：'\u{1b}[32m--format\u{1b}[0m'\n"
        );
    }

    #[test]
    fn the_last_word_about_the_language_counts() {
        let asked = |words: &[&str]| asked(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(asked(&["fit", "--lang", "zh"]), Language::Chinese);
        assert_eq!(asked(&["fit", "--lang=zh", "m"]), Language::Chinese);
        assert_eq!(asked(&["fit", "--lang"]), Language::English);
    }
}
