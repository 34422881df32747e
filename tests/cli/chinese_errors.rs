//! `--lang zh` on standard error: everything that the sources can say there has its Chinese, and the binary says it.
//! What is missing belongs into `src/table/chinese/errors_*.rs`.

use std::path::{Path, PathBuf};

use trustpath::table::Language;

use crate::{Study, output, shown, snapshot};

/// Calls whose texts reach standard error.
const CALLS: &[&str] = &[
    "Diagnostic::error(",
    "Diagnostic::warning(",
    ".hint(",
    "hints.push(",
    ".at(",
    "#[error(",
    "console.note(",
    "console.warn(",
    "console.refuse(",
    "draft.error(",
    "self.error(",
    ".problem(",
    ".expected(",
    "modifier_problem(",
    "unknown(",
    "unusable(",
    "no_terminal(",
    "no_label(",
    "not_yet(",
    "no_part(",
    "twice(",
    "refuse(",
    "range(",
];

/// Literals beside such calls that reach no reader, or only as parts of other texts that are checked whole.
const NO_MESSAGES: &[&str] = &[
    // Joined to names or numbers.
    " and ",
    " or ",
    " nor ",
    " in line {}",
    " and {} more",
    ", line {line}",
    ", column {column}",
    " after reverse coding",
    " of {read} left after those with missing answers",
    " in the {kept} cases left after those with missing answers",
    // Names of models that are made on the way.
    "<the model without controls>",
    "<the model with squares>",
    "<the model with its factors coded>",
    "{} {why} `{column}` left out",
    "in the {who}",
    "{pair} is {what}, which trustpath cannot estimate yet",
    "{pair} stands twice",
    "{cases}; {} without any answer left out",
    "{cases}; {} of weight 0 left out",
    "{touched}; {} left out (listwise deletion)",
    "{touched}; {} replaced by item means",
    "{touched}; {} left out pair by pair",
    "{touched}; {} left out pair by pair, {} replaced by item means",
    "{count} of the {model}",
    "bootstrap of {units}{within}",
    "jackknife of {units}{within}",
    "separated by {delimiter}, {}{decimal}",
    "{} cases, {} columns ({} of them not used), separated by {delimiter}, {}, decimal mark `{}`",
    "{} {}: {} (set by hand; default: {}{}).",
    " or .",
    "standard output",
    // Names that are typed as they are, and examples in backticks.
    "any text",
    "LaTeX needs `\\usepackage{tikz}` and `\\usetikzlibrary{arrows.meta}` for it",
    "none",
    "byte 0x{byte:02X} in line {line}, character {column} of `{file}` is {neither} {what}",
    "text",
    "reliability",
    "constructs",
    // What clap sets; `usage` has its own words.
    "error: ",
    // Plain text for other callers.
    "hint: {hint}",
];

/// A literal of a source file.
struct Literal {
    file: PathBuf,
    line: usize,
    text: String,
    /// Whether it stands in a call that ends on standard error.
    said: bool,
    /// Whether it gives the reason of an attribute.
    why: bool,
}

/// Where the bracket that opens before `at` is closed.
fn closing(source: &[u8], at: usize, literals: &[(usize, usize, String)]) -> usize {
    let (mut depth, mut at) = (1, at);
    while at < source.len() && depth > 0 {
        if let Some((_, end, _)) = literals.iter().find(|(start, ..)| *start == at) {
            at = *end;
            continue;
        }
        match source[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Every text in quotes: start, end, content. Comments and single characters are none.
fn quoted(source: &str) -> Vec<(usize, usize, String)> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"//") {
            at += source[at..].find('\n').unwrap_or(rest.len());
        } else if rest.starts_with(b"'\\") {
            at += 2 + source[at + 2..].find('\'').unwrap_or(0) + 1;
        } else if rest[0] == b'\'' && source[at + 1..].chars().nth(1) == Some('\'') {
            at += 2 + source[at + 1..].chars().next().map_or(0, char::len_utf8);
        } else if rest.starts_with(b"r#\"") {
            at += 3 + source[at + 3..].find("\"#").unwrap_or(0) + 2;
        } else if rest[0] == b'"' {
            let start = at;
            let mut text = String::new();
            let mut letters = source[at + 1..].char_indices();
            while let Some((offset, letter)) = letters.next() {
                match letter {
                    '"' => {
                        at += 1 + offset + 1;
                        break;
                    }
                    '\\' => match letters.next() {
                        Some((_, '\n')) => {
                            let rest = letters.as_str();
                            for _ in 0..rest.len() - rest.trim_start().len() {
                                letters.next();
                            }
                        }
                        Some((_, 'n')) => text.push('\n'),
                        Some((_, other)) => text.push(other),
                        None => {}
                    },
                    other => text.push(other),
                }
            }
            if at == start {
                break;
            }
            found.push((start, at, text));
        } else {
            at += 1;
        }
    }
    found
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "chinese") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Texts of all sources that raise problems or write to standard error.
fn literals() -> Vec<Literal> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    let mut all = Vec::new();
    for path in files.iter().filter(|path| !path.ends_with("tests.rs")) {
        let whole = std::fs::read_to_string(path).unwrap();
        let source = whole.split("#[cfg(test)]").next().unwrap_or_default();
        if !["Diagnostic", "console.", "#[error("].iter().any(|word| source.contains(word)) {
            continue;
        }
        let texts = quoted(source);
        let calls: Vec<(usize, usize)> = CALLS
            .iter()
            .flat_map(|call| source.match_indices(call).map(|(at, _)| at + call.len()))
            .map(|at| (at, closing(source.as_bytes(), at, &texts)))
            .collect();
        let file = path.strip_prefix(&root).unwrap().to_owned();
        all.extend(texts.into_iter().map(|(start, _, text)| Literal {
            file: file.clone(),
            line: source[..start].matches('\n').count() + 1,
            text,
            why: source[..start].ends_with("reason = "),
            said: calls.iter().any(|(from, to)| (*from..*to).contains(&start)),
        }));
    }
    all
}

/// The text with numbers in the places that the program fills.
fn filled(text: &str) -> String {
    let (mut whole, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        if let Some(brace) = after.strip_prefix('{') {
            whole.push('{');
            rest = brace;
        } else {
            whole.push('7');
            rest = after.split_once('}').map_or("", |(_, behind)| behind);
        }
    }
    whole + &rest.replace("}}", "}")
}

/// Words outside backticks and quotes, with what they hold cut out.
fn prose(text: &str) -> Vec<&str> {
    let outside = text.split('`').step_by(2);
    let words = outside
        .flat_map(|part| part.split(|c: char| c.is_whitespace() || "，：；。（）、\"'()[]".contains(c)));
    words.filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase())).collect()
}

/// Whether a literal is a sentence or a part of one, rather than a name, code, a template or a table's word.
fn is_message(literal: &Literal) -> bool {
    let text = &literal.text;
    let words = prose(&filled(text)).len();
    let foreign = text.contains('\n') || text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let code = text.is_empty()
        || (text.starts_with("TP") && text.len() == 6)
        || (!text.contains(' ')
            && (text.contains(['_', '-', '.', '/', '{', '#', '='])
                || !text.contains(|c: char| c.is_ascii_lowercase())));
    let begins = |c: char| c.is_ascii_lowercase() || "`{".contains(c);
    !foreign
        && !literal.why
        && !code
        && words > 0
        && !NO_MESSAGES.contains(&text.as_str())
        && (literal.said || (words > 1 && text.contains(' ') && text.starts_with(begins)))
}

#[test]
fn everything_said_on_standard_error_has_its_chinese() {
    let all = literals();
    let messages: Vec<&Literal> = all.iter().filter(|literal| is_message(literal)).collect();
    assert!(messages.len() > 500, "{}", messages.len());
    let mut missing = Vec::new();
    for literal in messages {
        let sample = filled(&literal.text);
        let told = Language::Chinese.tell(&sample);
        let known = Language::Chinese.can_tell(&sample);
        if !known || prose(&told).len() > 1 {
            missing.push(format!("src/{}:{}: {}", literal.file.display(), literal.line, literal.text));
        }
    }
    assert!(missing.is_empty(), "add these to src/table/chinese:\n{}", missing.join("\n"));
}

#[test]
fn the_scan_sees_what_it_should() {
    let all = literals();
    let found = |text: &str| all.iter().find(|literal| literal.text == text).is_some_and(is_message);
    assert!(found("cannot read `{file}`: {}") && found("said before") && found("did you mean `{near}`?"));
    assert!(found("has a weight that is negative or infinite"));
    assert!(!all.iter().any(|literal| literal.text == "TP0401" && is_message(literal)));
    assert_eq!(filled("{a} of {b:.2} {{x}}"), "7 of 7 {x}");
    let source = "let a = 'x'; // \"no\"\nlet b = \"one \\\n      two\"; let c = '\\''; let d = \"`\\\"`\";";
    let texts: Vec<String> = quoted(source).into_iter().map(|(.., text)| text).collect();
    assert_eq!(texts, ["one two", "`\"`"]);
}

const MODEL: &str = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n";

#[test]
fn bad_models_are_told_in_chinese() {
    let study = Study::small()
        .with("unknown.sem", "A =~ a1 + a2\nB =~ b1 + b2\nB ~ A + C\n")
        .with("syntax.sem", "A =~ a1 + + a2\nB = b1\n1x ~ A\nB ~ A\n")
        .with(
            "annotations.sem",
            format!("{MODEL}#@ mode A C\n#@ labl A x\n#@ reliability A 1.5\n#@ hypothesis H1 A ~ B +\n"),
        )
        .with("cycle.sem", "A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\nA ~ B\n");
    let all: Vec<String> = ["unknown", "syntax", "annotations", "cycle"]
        .iter()
        .map(|name| study.run(&format!("fit {name}.sem d.csv --lang zh")))
        .collect();
    snapshot!(all.join("\n"));
}

#[test]
fn bad_data_are_told_in_chinese() {
    let study = Study::small()
        .with("words.csv", "a1,a2,a3,b1,b2,b3\n1,2,3,4,5,6\n2,x,3,1,y,5\n3,1,2,5,4,3\n4,4,4,2,2,1\n")
        .with("ragged.csv", "a1,a2,a3,b1,b2,b3\n1,2,3\n1,2,3,4,5,6\n")
        .with("other.csv", "q1,q2\n1,2\n2,1\n3,3\n")
        .with("empty.csv", "")
        .with("few.csv", "a1,a2,a3,b1,b2,b3\n1,2,3,4,5,6\n2,3,4,5,6,7\n");
    let all: Vec<String> =
        ["words.csv", "ragged.csv", "other.csv", "empty.csv", "few.csv", "missing.csv", "m.sem"]
            .iter()
            .map(|name| study.run(&format!("fit m.sem {name} --lang zh")))
            .collect();
    snapshot!(all.join("\n"));
}

#[test]
fn wrong_usage_is_told_in_chinese() {
    let study = Study::small();
    let all: Vec<String> = [
        "fit m.sem d.csv --foo",
        "fitt m.sem d.csv",
        "fit",
        "fit m.sem d.csv --scheme pathh",
        "fit m.sem d.csv --tolerance x",
        "fit m.sem d.csv --max-iterations",
        "bootstrap m.sem d.csv --resamples 0",
        "bootstrap m.sem d.csv --seed 1 --seed 2",
        "fit m.sem d.csv --set nonsense=1",
        "fit m.sem d.csv -o out.xyz",
        "fit m.sem d.csv -f xlsx",
        "bootstrap m.sem --correlations d.csv --n 50",
        "plot m.sem d.csv --figure slopes -o s.svg",
        "explain R999",
        "compare m.sem d.csv",
    ]
    .iter()
    .map(|words| study.run(&format!("{words} --lang zh")))
    .collect();
    snapshot!(all.join("\n"));
}

#[test]
fn notes_are_told_in_chinese_and_the_variable_counts() {
    let study = Study::small();
    let run = |words: &str, variables: &[(&str, &str)]| shown(&output(study.0.path(), words, variables));
    let chinese = [("TRUSTPATH_LANG", "zh")];
    let all = [
        run("bootstrap m.sem d.csv --resamples 50 --tables paths -o b.csv", &chinese),
        run("simulate m.sem -n 20 --seed 1 -o s.csv", &chinese),
        run("bootstrap m.sem d.csv --resamples 20 --tables paths -f json -o b.json", &chinese),
        run("fit m.sem nothing.csv", &chinese),
        run("fit m.sem d.csv --lang en --foo", &chinese),
        run("rerun b.json -o again.csv", &chinese),
    ];
    snapshot!(all.join("\n"));
}

/// Whatever names, answers and options hold, the Chinese of the message is told without a panic.
#[test]
fn no_name_upsets_the_translation() {
    let study = Study::small();
    for name in
        ["`", "{0}", "{", "a. B", "` is not a construct of `", "、", "and 2 more", "'", "\\", "%s", ": {1~}"]
    {
        let model =
            format!("A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\n#@ label {name} x\n#@ control {name}\n#@ {name}\n");
        std::fs::write(study.0.path().join("odd.sem"), model).unwrap();
        let run = study.run("fit odd.sem d.csv --lang zh");
        assert!(run.starts_with("exit code: 2"), "{name}: {run}");
        let csv = format!("a1,a2,a3,b1,b2,b3\n\"{name}\",2,3,4,5,6\n2,1,3,1,5,5\n3,1,2,5,4,3\n");
        std::fs::write(study.0.path().join("odd.csv"), csv).unwrap();
        let run = study.run("fit m.sem odd.csv --lang zh");
        assert!(run.starts_with("exit code: 2"), "{name}: {run}");
    }
}
