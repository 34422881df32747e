//! One table as HTML: caption, headings with their scope, typed cells that can be sorted, marks that need no colour.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::Exhibit;
use crate::table::{Align, Cell, Language, Table, Verdict, escape_xml as escape};

/// Words of a cell up to this width stay in one line.
const SHORT: usize = 20;

/// Words below a cell that are longer than this many characters need room.
const LONG: usize = 20;

/// An anchor made of a name: letters, digits and hyphens only.
pub(super) fn anchor(prefix: &str, name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '-' })
        .collect();
    format!("{prefix}-{clean}")
}

/// The class of a verdict.
pub(super) fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Check => "check",
        Verdict::Fail => "fail",
        Verdict::Info => "info",
        Verdict::NotApplicable => "na",
    }
}

/// A verdict as a word in a coloured field, with its symbol.
pub(super) fn pill(verdict: Verdict, language: Language) -> String {
    format!(
        "<span class=\"pill {}\"><span aria-hidden=\"true\">{}</span> {}</span>",
        tone(verdict),
        verdict.symbol(),
        escape(&language.say(verdict.word()))
    )
}

impl Table {
    /// The table as a piece of HTML: a `<table>` with caption and scopes, and its notes. Style is the page's.
    pub fn to_html(&self) -> String {
        let exhibit = Exhibit::new(self.clone()).never_bare();
        let notes: Vec<String> = self.notes.iter().map(|note| format!("<p>{}</p>\n", escape(note))).collect();
        let notes = notes.concat();
        let notes = if notes.is_empty() { notes } else { format!("<div class=\"notes\">\n{notes}</div>\n") };
        format!("{}{notes}", grid(&exhibit, &anchor("table", &self.key), ""))
    }
}

/// The `<table>` of an exhibit; `number` stands before the title in its caption.
pub(super) fn grid(exhibit: &Exhibit, id: &str, number: &str) -> String {
    let table = &exhibit.table;
    let class = match table.columns.len() {
        0..=11 => "",
        12..=20 => " class=\"snug\"",
        _ => " class=\"dense\"",
    };
    let sortable = if !exhibit.fixed && table.rows.len() > 2 { " data-sortable" } else { "" };
    let label = if number.is_empty() {
        String::new()
    } else {
        format!("<span class=\"label\">{}</span> ", escape(number))
    };
    let mut out = format!(
        "<table{class}{sortable}>\n<caption id=\"{id}-caption\"><span>{label}{}</span></caption>\n<thead><tr>",
        escape(&table.title)
    );
    for column in &table.columns {
        let class = if column.align == Align::Decimal { "n" } else { "w" };
        if column.heading.is_empty() {
            out.push_str("<td></td>");
        } else {
            let _ = write!(out, "<th scope=\"col\" class=\"{class}\">{}</th>", escape(&column.heading));
        }
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (r, row) in table.rows.iter().enumerate() {
        out.push_str(if exhibit.begins_group(r) { "<tr class=\"first\">" } else { "<tr>" });
        for (c, value) in row.iter().enumerate() {
            cell(exhibit, r, c, value, &mut out);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
    out
}

fn cell(exhibit: &Exhibit, r: usize, c: usize, cell: &Cell, out: &mut String) {
    let table = &exhibit.table;
    let language = table.language;
    let column = table.columns.get(c);
    let numeric = column.is_some_and(|column| column.align == Align::Decimal);
    let mut class = String::from(if numeric { "n" } else { "w" });
    match cell {
        Cell::NotApplicable(_) => class.push_str(" na"),
        Cell::Interval { .. } => class.push_str(" i"),
        _ => {}
    }
    let mark = exhibit.marks.get(&(r, c));
    if let Some(verdict) = mark.filter(|verdict| **verdict != Verdict::NotApplicable || !numeric) {
        class.push(' ');
        class.push_str(tone(*verdict));
    }
    let below = exhibit.below.get(&(r, c)).map_or("", String::as_str);
    if !numeric && cell.show_in(language).width() <= SHORT {
        class.push_str(" short");
    }
    if !numeric && below.chars().count() > LONG {
        class.push_str(" long");
    }
    // What the cell is sorted by, where its text does not do.
    let value = match cell {
        Cell::Interval { low, .. } => Some(low.to_string()),
        Cell::Verdict(verdict, _) => Some((*verdict as u8).to_string()),
        _ if exhibit.fixed => None,
        _ => cell.value().filter(|value| value.is_finite()).map(|value| value.to_string()),
    };
    let value = value.map_or(String::new(), |value| format!(" data-v=\"{value}\""));
    let lang = match column {
        Some(column) if column.key.ends_with("_zh") => " lang=\"zh\"",
        _ => "",
    };
    // A heading without words is none.
    let heads = c == 0 && !matches!(cell, Cell::Blank);
    let (open, close) = if heads { ("<th scope=\"row\"", "</th>") } else { ("<td", "</td>") };
    let sign = match mark {
        Some(verdict @ (Verdict::Check | Verdict::Fail)) if numeric => format!(
            "<span class=\"sign\"><span aria-hidden=\"true\">{}</span><span class=\"hidden\">{}: </span></span>",
            verdict.symbol(),
            escape(&language.say(verdict.word()))
        ),
        _ => String::new(),
    };
    let text = match cell {
        Cell::Verdict(verdict, reason) if reason.is_empty() => pill(*verdict, language),
        Cell::Verdict(verdict, reason) => {
            format!("{} <span class=\"reason\">{}</span>", pill(*verdict, language), escape(reason))
        }
        _ => escape(&cell.show_in(language)),
    };
    let below = if below.is_empty() {
        String::new()
    } else {
        format!("<span class=\"below\">{}</span>", escape(below))
    };
    let _ = write!(out, "{open} class=\"{class}\"{value}{lang}>{sign}{text}{below}{close}");
}

#[cfg(test)]
mod tests {
    use super::super::Exhibit;
    use super::*;
    use crate::table::Column;

    #[test]
    fn names_cannot_be_markup() {
        let evil = "<script>alert('1')</script>\"&";
        let mut table = Table::new(evil, evil, vec![Column::words("a", evil), Column::numbers("b", evil)]);
        table.push(vec![Cell::text(evil), Cell::NotApplicable(evil.to_owned())]);
        table.push(vec![Cell::Verdict(Verdict::Ok, evil.to_owned())]);
        table.note(evil);
        let mut exhibit = Exhibit::new(table.clone());
        exhibit.below.insert((0, 0), evil.to_owned());
        let html = grid(&exhibit, &anchor("table", evil), evil) + &table.to_html();
        assert!(!html.contains("<script") && !html.contains("'1'"), "{html}");
        assert_eq!(html.matches("&lt;script&gt;").count(), 15, "{html}");
    }

    #[test]
    fn marks_are_words_besides_colour() {
        let mut table = Table::new("t", "T", vec![Column::words("a", "A"), Column::numbers("b", "B")]);
        table.push(vec![Cell::text("x"), Cell::bounded(0.5)]);
        let mut exhibit = Exhibit::new(table);
        exhibit.marks.insert((0, 1), Verdict::Fail);
        let html = grid(&exhibit, "t", "");
        assert!(html.contains("class=\"n fail\" data-v=\"0.5\"") && html.contains("fail: </span>"), "{html}");
    }
}
