//! Documents as Markdown.

use super::{Block, Document, checks_table};
use crate::table::without_tags;

/// Text that Markdown must not read as markup: a backslash before what would start some, a reference for what would
/// begin a tag.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in without_tags(text).chars() {
        match c {
            '*' | '_' | '`' | '[' | ']' | '#' | '\\' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

impl Document {
    /// The document as Markdown. A figure is a link to its file if it has one.
    pub fn to_markdown(&self) -> String {
        let say = |english: &'static str| self.language.say(english);
        let mut out = Vec::new();
        if !self.title.is_empty() {
            out.push(format!("# {}", escape(&self.title)));
        }
        out.extend(self.other_title.iter().map(|(title, _)| escape(title)));
        out.extend(self.subtitle.iter().map(|line| escape(line)));
        if !self.strip.is_empty() {
            let lines =
                self.strip.iter().map(|(name, value)| format!("- {}: {}", escape(name), escape(value)));
            out.push(lines.collect::<Vec<_>>().join("\n"));
        }
        let (mut tables, mut figures) = (0, 0);
        for part in &self.parts {
            if !part.heading.is_empty() {
                out.push(format!("## {}", escape(&part.heading)));
            }
            for block in &part.blocks {
                match block {
                    Block::Paragraph(words) | Block::Lead(words) => out.push(escape(words)),
                    Block::Paste(words) => out.push(format!("> {}", escape(words))),
                    Block::Note(words) => out.push(format!("*{}*", escape(words))),
                    Block::Alarm(verdict, heading, lines) => {
                        let mut text = format!("> **{} {}**", verdict.symbol(), escape(heading));
                        for line in lines {
                            text.push_str(&format!("\n>\n> - {}", escape(line)));
                        }
                        out.push(text);
                    }
                    Block::Checks(lights) => {
                        let table = checks_table(lights, self.language).to_markdown();
                        // The list of checks has no number.
                        out.push(table.split_once("\n\n").map_or(table.clone(), |(_, rest)| rest.to_owned()));
                    }
                    Block::Exhibit(exhibit) => {
                        tables += 1;
                        let mut table = exhibit.flat();
                        table.title = format!("{} {tables}. {}", say("Table"), table.title);
                        out.push(table.to_markdown());
                        if !exhibit.reading.is_empty() {
                            out.push(escape(&exhibit.reading));
                        }
                    }
                    Block::Figure(figure) => {
                        figures += 1;
                        let words = format!(
                            "**{} {figures}. {}** {}",
                            say("Figure"),
                            escape(&figure.title),
                            escape(&figure.caption)
                        );
                        match &figure.file {
                            Some(file) => out.push(format!(
                                "![{}](<{}>)\n\n{words}",
                                escape(&figure.alternative()),
                                file.replace(['<', '>', '\n'], "_")
                            )),
                            None => out.push(words),
                        }
                    }
                    Block::References(heading, works) => {
                        out.push(format!("### {}", escape(heading)));
                        let lines = works.iter().map(|work| format!("- {}", escape(work)));
                        out.push(lines.collect::<Vec<_>>().join("\n"));
                    }
                }
            }
        }
        let mut text = String::new();
        for block in out {
            text.push_str(block.trim_end());
            text.push_str("\n\n");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_texts_is_escaped() {
        assert_eq!(escape("<b>*x*</b> & [a](b)"), "&lt;b>\\*x\\*&lt;/b> & \\[a\\](b)");
        let document = Document { title: "# <i>".to_owned(), ..Document::default() };
        assert_eq!(document.to_markdown(), "# \\# &lt;i>\n");
    }
}
