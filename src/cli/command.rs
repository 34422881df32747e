//! The command as it was typed, for readers who want to repeat it; for blind review without what may tell who typed it.

/// What was typed behind the name of the program. A word that is no Unicode is shown as in every message, with `�` in it.
pub(crate) fn typed() -> Vec<String> {
    std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect()
}

/// Whether every word that was typed is Unicode, so that it can be typed again from what is shown of it.
pub(crate) fn is_unicode() -> bool {
    std::env::args_os().all(|word| word.to_str().is_some())
}

/// A command in one line, each word quoted where a shell would need it.
pub(crate) fn line(words: &[String]) -> String {
    let quoted = words.iter().map(|word| {
        let plain = word.chars().all(|c| c.is_alphanumeric() || "-_./=,:%+@".contains(c));
        if plain && !word.is_empty() { word.clone() } else { format!("'{}'", word.replace('\'', r"'\''")) }
    });
    std::iter::once("trustpath".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}

/// Options whose values people choose freely, and what stands for these.
const TELLING: [(&str, &str); 4] =
    [("--output", "REPORT"), ("--correlations", "TABLE"), ("--layout", "LAYOUT"), ("--title", "TITLE")];

/// The words with others in place of every file and title; `files` are those that stand without an option.
pub(crate) fn blind(words: &[String], files: &[(String, &'static str)]) -> Vec<String> {
    let mut blind = Vec::new();
    let mut awaited = None;
    for word in words {
        if let Some(stands) = awaited.take() {
            blind.push(str::to_owned(stands));
        } else if let Some((option, stands)) = telling(word) {
            if option == word {
                awaited = Some(stands);
                blind.push(word.clone());
            } else {
                blind.push(format!("{option}{stands}"));
            }
        } else {
            let (option, value) = match word.split_once('=').filter(|_| word.starts_with('-')) {
                Some((option, value)) => (format!("{option}="), value),
                None => (String::new(), word.as_str()),
            };
            let file = files.iter().find(|(file, _)| file == value).map(|(_, stands)| *stands);
            let stands = file.or(value.contains(['/', '\\']).then_some("FILE"));
            blind.push(format!("{option}{}", stands.unwrap_or(value)));
        }
    }
    blind
}

/// The part of a word that names an option with a telling value, and what stands for the value.
fn telling(word: &str) -> Option<(&str, &'static str)> {
    if word.starts_with("--") {
        let (name, sign) = word.split_once('=').map_or((word, 0), |(name, _)| (name, 1));
        let (_, stands) = TELLING.iter().find(|(option, _)| *option == name)?;
        return Some((word.get(..name.len() + sign)?, stands));
    }
    // `-ofile`, `-qofile`: switches may stand before the option that takes the rest of the word.
    let at = 1 + word.strip_prefix('-')?.find(|c| c != 'q')?;
    (word.get(at..=at)? == "o").then_some((word.get(..=at)?, "REPORT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn no_form_of_an_option_tells_a_name() {
        let files = [("m.sem".to_owned(), "MODEL"), ("smith.csv".to_owned(), "DATA")];
        for (typed, expected) in [
            ("report|m.sem|smith.csv|-o|smith.md", "report|MODEL|DATA|-o|REPORT"),
            ("-osmith.md|-qosmith.md|-qo|smith.md|-o=smith.md", "-oREPORT|-qoREPORT|-qo|REPORT|-oREPORT"),
            ("--output=smith.md|--output|smith.md", "--output=REPORT|--output|REPORT"),
            ("--correlations=smith.csv|--correlations|t", "--correlations=TABLE|--correlations|TABLE"),
            (
                "--layout=smith.json|--title=By Smith|--title|By Smith",
                "--layout=LAYOUT|--title=TITLE|--title|TITLE",
            ),
            ("--x=/home/smith|C:\\smith|--x=smith.csv", "--x=FILE|FILE|--x=DATA"),
            ("--level|.9|--blind|-q|--set=htmt=signed", "--level|.9|--blind|-q|--set=htmt=signed"),
        ] {
            assert_eq!(blind(&words(typed), &files), words(expected), "{typed}");
        }
    }

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        assert_eq!(line(&words("fit|a b|it's|信任.csv|")), r"trustpath fit 'a b' 'it'\''s' 信任.csv ''");
    }
}
