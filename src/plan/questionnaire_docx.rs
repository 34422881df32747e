//! The questionnaire as a Word file.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, Paragraph, Run, RunFonts, Style, StyleType, Table, TableCell, TableRow, WidthType,
};

use super::questionnaire::{Question, Questionnaire};
use super::{Language, PlanError};
use crate::diagnostic::Diagnostic;
use crate::table::printable;

/// Widths in twentieths of a point: number, and statement with boxes share the rest of a page of 9,000.
const NUMBER: usize = 600;
const PAGE: usize = 9_000;

impl Questionnaire {
    /// The questionnaire as the bytes of a `.docx` file.
    ///
    /// # Errors
    /// TP0002 if the file cannot be put together.
    pub fn docx(&self) -> Result<Vec<u8>, PlanError> {
        let fonts = RunFonts::new().ascii("Calibri").hi_ansi("Calibri").east_asia("SimSun");
        let mut docx = Docx::new()
            .default_fonts(fonts)
            .default_size(21)
            .add_style(Style::new("Title", StyleType::Paragraph).name("Title").size(32).bold())
            .add_style(Style::new("Heading1", StyleType::Paragraph).name("heading 1").size(24).bold())
            .add_paragraph(paragraph(&self.title).style("Title"))
            .add_paragraph(paragraph(&self.introduction()));
        let mut count = 0;
        for (at, (_, questions)) in self.sections().into_iter().enumerate() {
            let heading = match self.language {
                Language::English => format!("Part {}", at + 1),
                Language::Chinese => format!("第 {} 部分", at + 1),
            };
            docx = docx.add_paragraph(paragraph(&heading).style("Heading1"));
            docx = docx.add_table(self.boxes(&questions, &mut count)).add_paragraph(Paragraph::new());
        }
        let thanks = match self.language {
            Language::English => "Thank you for your time.",
            Language::Chinese => "感谢您的参与！",
        };
        docx = docx.add_paragraph(paragraph(thanks));
        let mut bytes = Cursor::new(Vec::new());
        docx.build().pack(&mut bytes).map_err(|error| {
            PlanError::from(Diagnostic::error(
                "TP0002",
                format!("the Word file cannot be put together: {error}"),
            ))
        })?;
        Ok(bytes.into_inner())
    }

    fn boxes(&self, questions: &[&Question], count: &mut usize) -> Table {
        let Some(first) = questions.first() else { return Table::new(Vec::new()) };
        let points = self.points(first);
        let width = PAGE / 2 / points.len().max(1);
        let statement = PAGE.saturating_sub(NUMBER + width * points.len()).max(2_000);
        let blank = if first.boxes().is_some() { "☐" } else { "______" };
        let statement_words = match self.language {
            Language::English => "Statement",
            Language::Chinese => "陈述",
        };
        let mut cells = vec![cell("", NUMBER, false), cell(statement_words, statement, false)];
        cells.extend(points.iter().map(|point| cell(point, width, true)));
        let mut rows = vec![TableRow::new(cells)];
        for question in questions {
            *count += 1;
            let mut cells =
                vec![cell(&count.to_string(), NUMBER, true), cell(&question.text, statement, false)];
            cells.extend(points.iter().map(|_| cell(blank, width, true)));
            rows.push(TableRow::new(cells).cant_split());
        }
        Table::new(rows).width(PAGE, WidthType::Dxa)
    }
}

fn paragraph(text: &str) -> Paragraph {
    Paragraph::new().add_run(Run::new().add_text(printable(text)))
}

fn cell(text: &str, width: usize, centred: bool) -> TableCell {
    let words = paragraph(text);
    let words = if centred { words.align(AlignmentType::Center) } else { words };
    TableCell::new().width(width, WidthType::Dxa).add_paragraph(words)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::plan::QuestionnaireSettings;

    #[test]
    fn the_file_is_a_zip_archive() {
        let model = Model::parse("#@ use PU ATT\nATT ~ PU\n").unwrap();
        for language in [Language::English, Language::Chinese] {
            let settings = QuestionnaireSettings { language, ..Default::default() };
            let bytes = Questionnaire::of(&model, &settings).docx().unwrap();
            assert!(bytes.starts_with(b"PK") && bytes.len() > 2_000, "{}", bytes.len());
        }
    }

    #[test]
    fn no_codebook_breaks_the_file() {
        let codebook = "item,text,min,max\na1,One\u{b}two\u{c},0,900000\na2,Two,1,5\n";
        let model = Model::parse("A =~ a1\nB =~ a2\nB ~ A\n").unwrap();
        let model = model.with_codebook(crate::model::Codebook::parse("c", codebook).unwrap());
        let bytes = Questionnaire::of(&model, &QuestionnaireSettings::default()).docx().unwrap();
        assert!(bytes.len() < 50_000, "{}", bytes.len());
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("word/document.xml").unwrap(), &mut xml).unwrap();
        assert!(xml.contains("One two") && !xml.contains(['\u{b}', '\u{c}']), "{xml}");
    }
}
