//! Tables as Markdown and CSV.

use super::cell::{Align, Cell, Table};
use super::text::EMPTY;

impl Table {
    /// A Markdown table: title in bold, columns aligned, notes below.
    pub fn to_markdown(&self) -> String {
        let escape = |text: &str| without_tags(text).replace('|', "\\|").replace('\n', " ");
        let mut out = format!("**{}**\n\n", escape(&self.title));
        if self.rows.is_empty() {
            out.push_str(&format!("{}\n", self.language.say(EMPTY)));
        } else {
            self.markdown_rows(escape, &mut out);
        }
        for note in &self.notes {
            out.push_str(&format!("\n*{}*\n", escape(note)));
        }
        out
    }

    fn markdown_rows(&self, escape: impl Fn(&str) -> String, out: &mut String) {
        let heads: Vec<String> = self.columns.iter().map(|column| escape(&column.heading)).collect();
        out.push_str(&format!("| {} |\n", heads.join(" | ")));
        let rules: Vec<&str> = self
            .columns
            .iter()
            .map(|column| match column.align {
                Align::Left => ":---",
                Align::Decimal => "---:",
            })
            .collect();
        out.push_str(&format!("| {} |\n", rules.join(" | ")));
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| escape(&cell.show_in(self.language))).collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
    }

    /// CSV with the column keys as header and numbers at full precision. An interval takes two columns,
    /// `…_low` and `…_high`.
    pub fn to_csv(&self) -> String {
        let wide: Vec<bool> = (0..self.columns.len()).map(|c| self.is_interval(c)).collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = self.columns.iter().zip(&wide).flat_map(|(column, &wide)| {
            if wide {
                vec![format!("{}_low", column.key), format!("{}_high", column.key)]
            } else {
                vec![column.key.clone()]
            }
        });
        // Writing to memory cannot fail; the length of every record is that of the header.
        let mut records = vec![header.collect::<Vec<_>>()];
        records.extend(self.rows.iter().map(|row| {
            row.iter().zip(&wide).flat_map(|(cell, &wide)| csv_cells(cell, wide)).collect::<Vec<_>>()
        }));
        for record in records {
            if writer.write_record(&record).is_err() {
                break;
            }
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

/// Text in which no tag of HTML begins; `< .05` stays as it is.
pub fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let tag = characters.peek().is_some_and(|next| next.is_alphabetic() || "/!?".contains(*next));
        if c == '<' && tag { out.push_str("&lt;") } else { out.push(c) }
    }
    out
}

fn csv_cells(cell: &Cell, wide: bool) -> Vec<String> {
    let mut cells = match cell {
        Cell::Number { value, .. } | Cell::Probability(value) | Cell::ProbabilityBelow(value) => {
            vec![value.to_string()]
        }
        Cell::Integer(value) => vec![value.to_string()],
        Cell::Interval { low, high, .. } => vec![low.to_string(), high.to_string()],
        Cell::Verdict(verdict, _) => vec![verdict.word().to_owned()],
        Cell::Text(words) => vec![words.clone()],
        Cell::NotApplicable(_) | Cell::Blank => vec![String::new()],
    };
    cells.resize(if wide { 2 } else { 1 }, String::new());
    cells
}

#[cfg(test)]
mod tests {
    use super::super::Column;
    use super::*;

    #[test]
    fn markdown_escapes_bars_and_csv_keeps_precision() {
        let mut table = Table::new(
            "t",
            "Title",
            vec![Column::words("name", "Name"), Column::numbers("x", "x"), Column::numbers("ci", "CI")],
        );
        table.push(vec![
            Cell::text("a|b, c"),
            Cell::number(1.0 / 3.0),
            Cell::Interval { low: 0.1, high: 0.2, digits: 2 },
        ]);
        assert!(table.to_markdown().contains("| a\\|b, c | 0.333 | [.10, .20] |"));
        assert_eq!(table.to_csv(), "name,x,ci_low,ci_high\n\"a|b, c\",0.3333333333333333,0.1,0.2\n");
    }
}
