//! Text and tables in LaTeX.

use super::Exhibit;
use super::columns::{LONG, decimals, is_numeric, most_decimals, parts, rows_of, widths};
use crate::table::tex::escape;

/// More rows than this may need more than one page.
const LONG_TABLE: usize = 34;
/// Between two columns, in digits.
const GAP: usize = 2;

/// A number in its column: a right-aligned column stays aligned on the point if every cell ends in as many decimals
/// as the longest, those that are not there as blanks of the same width.
fn number(shown: &str, sign: &str, most: usize) -> String {
    let own = decimals(shown);
    let blank = match (own, most) {
        (_, 0) => String::new(),
        (0, most) => format!("\\phantom{{.{}}}", "0".repeat(most)),
        (own, most) if own < most => format!("\\phantom{{{}}}", "0".repeat(most - own)),
        _ => String::new(),
    };
    // A sign hangs to the left, so that it moves nothing.
    let sign = if sign.is_empty() { String::new() } else { format!("\\llap{{{}\\,}}", escape(sign.trim())) };
    format!("{sign}{}{blank}", escape(shown))
}

/// A column's specification, and the digits that its numbers show after the point.
struct Setting {
    column: usize,
    spec: String,
    decimals: usize,
}

fn settings(exhibit: &Exhibit, part: &[usize], widths: &[usize], room: usize) -> Vec<Setting> {
    let of = |c: &usize| widths.get(*c).copied().unwrap_or(0);
    let long = part.iter().filter(|c| of(c) == LONG).count();
    // Words that wrap share what the other columns leave.
    let taken: usize = part.iter().map(|c| GAP + if of(c) == LONG { 0 } else { of(c) }).sum();
    let share = room.saturating_sub(taken) as f64 / (long.max(1) * room) as f64;
    part.iter()
        .map(|&column| {
            let spec = if is_numeric(exhibit.table.columns.get(column)) {
                "r".to_owned()
            } else if widths.get(column) == Some(&LONG) {
                format!(">{{\\raggedright\\arraybackslash}}p{{{:.2}\\linewidth}}", share.clamp(0.16, 0.62))
            } else {
                "l".to_owned()
            };
            Setting { column, spec, decimals: most_decimals(exhibit, column) }
        })
        .collect()
}

/// The lines of a row: its cells, and small words below them where there are any.
fn row(exhibit: &Exhibit, r: usize, settings: &[Setting], size: &str) -> String {
    let smaller = if size.starts_with("\\scriptsize") { "\\tiny" } else { "\\scriptsize" };
    let mut cells: Vec<String> = Vec::with_capacity(settings.len());
    let mut small: Vec<String> = Vec::with_capacity(settings.len());
    for setting in settings {
        let c = setting.column;
        let shown = exhibit.table.shown(r, c);
        cells.push(if is_numeric(exhibit.table.columns.get(c)) {
            number(&shown, exhibit.sign(r, c), setting.decimals)
        } else {
            escape(&shown)
        });
        small.push(match exhibit.below.get(&(r, c)) {
            Some(words) if !words.is_empty() => format!("{{{smaller} {}}}", escape(words)),
            _ => String::new(),
        });
    }
    let mut lines = format!("{} \\\\\n", cells.join(" & "));
    if small.iter().any(|words| !words.is_empty()) {
        lines.push_str(&format!("{} \\\\\n", small.join(" & ")));
    }
    // A bracket at the start would be read as an argument of the line before.
    if lines.starts_with('[') { format!("{{}}{lines}") } else { lines }
}

/// A table in APA's form: number and title above, three rules, notes below; in parts if it is too wide.
pub(super) fn table(exhibit: &Exhibit, numbered: bool) -> String {
    let widths = widths(exhibit);
    let total: usize = widths.iter().map(|width| width + GAP).sum();
    // Digits in a line of 166 mm.
    let (size, room) = match total {
        0..=90 => ("\\small", 90),
        91..=102 => ("\\footnotesize\\setlength{\\tabcolsep}{4pt}", 102),
        _ => ("\\scriptsize\\setlength{\\tabcolsep}{3pt}", 120),
    };
    let parts = parts(&exhibit.table, &widths, GAP, room);
    let last = parts.len() - 1;
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        out.push_str(&piece(
            exhibit,
            &settings(exhibit, part, &widths, room),
            size,
            numbered,
            (at > 0, at == last),
        ));
    }
    out
}

/// Some columns of a table; the first part of one has its number, the last its notes.
fn piece(
    exhibit: &Exhibit,
    settings: &[Setting],
    size: &str,
    numbered: bool,
    (continued, is_last): (bool, bool),
) -> String {
    let table = &exhibit.table;
    let spec: String = settings.iter().map(|setting| setting.spec.as_str()).collect();
    let headings: Vec<String> = settings
        .iter()
        .filter_map(|setting| table.columns.get(setting.column))
        .map(|column| escape(&column.heading))
        .collect();
    let head = format!("\\toprule\n{} \\\\\n\\midrule\n", headings.join(" & "));
    let title = escape(&table.title);
    let words = escape(&table.language.say("continued"));
    // A continued table keeps its number.
    let (before, caption) = match (numbered, continued) {
        (true, false) => ("", format!("\\caption{{{title}}}\\label{{tab:{}}}", label(&table.key))),
        (true, true) => ("\\addtocounter{table}{-1}", format!("\\caption[]{{{title} ({words})}}")),
        (false, false) => ("", format!("\\caption*{{{title}}}")),
        (false, true) => ("", format!("\\caption*{{{title} ({words})}}")),
    };
    let mut body = String::new();
    let part: Vec<usize> = settings.iter().map(|setting| setting.column).collect();
    let rows = rows_of(table, &part);
    for &r in &rows {
        if exhibit.begins_group(r) {
            body.push_str("\\addlinespace\n");
        }
        body.push_str(&row(exhibit, r, settings, size));
    }
    let notes: Vec<String> = table.notes.iter().map(|note| escape(note)).collect();
    let notes = if notes.is_empty() || !is_last {
        String::new()
    } else {
        let note = escape(&table.language.say("Note."));
        format!(
            "\n\\par\\smallskip\n{{\\footnotesize\\raggedright \\textit{{{note}}} {}\\par}}",
            notes.join(" ")
        )
    };
    if rows.len() > LONG_TABLE {
        return format!(
            "{{{size}{before}\n\\begin{{longtable}}[l]{{@{{}}{spec}@{{}}}}\n{caption}\\\\\n{head}\\endfirsthead\n{head}\
             \\endhead\n\\bottomrule\n\\endlastfoot\n{body}\\end{{longtable}}{notes}}}\n"
        );
    }
    format!(
        "\\begin{{table}}[H]\n\\raggedright{size}{before}\n{caption}\n\\begin{{tabular}}{{@{{}}{spec}@{{}}}}\n{head}{body}\
         \\bottomrule\n\\end{{tabular}}{notes}\n\\end{{table}}\n"
    )
}

/// A key as a label: letters, digits and hyphens.
pub(super) fn label(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Cell, Column, Table};

    #[test]
    fn numbers_align_on_the_point() {
        assert_eq!(number(".25", "", 3), ".25\\phantom{0}");
        assert_eq!(number("12", "", 2), "12\\phantom{.00}");
        assert_eq!(number("< .001", "", 3), "$<$ .001");
        assert_eq!(number(".652", "! ", 3), "\\llap{!\\,}.652");
    }

    #[test]
    fn a_table_has_three_rules_and_its_notes() {
        let mut table =
            Table::new("paths", "Paths", vec![Column::words("p", "Path"), Column::numbers("b", "β")]);
        table.push(vec![Cell::text("A → B"), Cell::bounded(-0.05)]);
        table.note("A note with 5 %.");
        let text = super::table(&Exhibit::new(table), true);
        for part in [
            "\\toprule",
            "\\midrule",
            "\\bottomrule",
            "A $\\rightarrow$ B & $-$.050 \\\\",
            "5 \\%",
            "tab:paths",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
