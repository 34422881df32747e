//! Documents for Word: headings, APA tables (three rules, number and title above, notes below), pictures.
//!
//! docx-rs knows neither rows of headings that repeat on each page nor words for those who cannot see a picture;
//! both are written into its XML afterwards.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, Footer, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph, Run, RunFonts,
    SpecialIndentType, Style, StyleType,
};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::docx_table::{TEXT_WIDTH, fit, run, set};
use super::{Block, Document, DocumentError, Exhibit, Figure, checks};
use crate::table::{escape_xml, printable};

/// Height that a picture may take, in the same unit.
const TEXT_HEIGHT: usize = 11_600;
/// English Metric Units per twentieth of a point.
const EMU: usize = 635;

fn fonts() -> RunFonts {
    RunFonts::new()
        .ascii("Times New Roman")
        .hi_ansi("Times New Roman")
        .cs("Times New Roman")
        .east_asia("SimSun")
}

fn styled(style: &str, text: &str) -> Paragraph {
    Paragraph::new().style(style).add_run(run(text))
}

fn styles(docx: Docx) -> Docx {
    let paragraph = |id: &str, name: &str| Style::new(id, StyleType::Paragraph).name(name).based_on("Normal");
    let spaced = |before, after| {
        LineSpacing::new().before(before).after(after).line_rule(LineSpacingType::Auto).line(252)
    };
    docx.add_style(paragraph("Title", "Title").size(36).bold().line_spacing(spaced(0, 120)).q_format(true))
        .add_style(
            paragraph("Heading1", "heading 1")
                .size(28)
                .bold()
                .outline_lvl(0)
                .next("Normal")
                .line_spacing(spaced(360, 120))
                .q_format(true),
        )
        .add_style(
            paragraph("Heading2", "heading 2")
                .size(24)
                .bold()
                .outline_lvl(1)
                .next("Normal")
                .line_spacing(spaced(240, 80))
                .q_format(true),
        )
        .add_style(paragraph("Caption", "caption").size(22).line_spacing(spaced(200, 40)))
        .add_style(paragraph("TableNote", "Table note").size(18).line_spacing(spaced(40, 60)))
        .add_style(
            paragraph("TableText", "Table text").line_spacing(
                LineSpacing::new().before(20).after(20).line_rule(LineSpacingType::Auto).line(240),
            ),
        )
        .add_style(paragraph("Quote", "Quote").size(22).line_spacing(spaced(80, 120)))
}

/// Builds the document piece by piece.
struct Builder<'a> {
    document: &'a Document,
    docx: Docx,
    tables: usize,
    figures: usize,
    /// Words for those who cannot see the pictures, in order.
    alternatives: Vec<String>,
}

impl Builder<'_> {
    fn add(&mut self, paragraph: Paragraph) {
        self.docx = std::mem::take(&mut self.docx).add_paragraph(paragraph);
    }

    fn say(&self, english: &'static str) -> String {
        self.document.language.say(english).into_owned()
    }

    fn front(&mut self) {
        let document = self.document;
        if !document.title.is_empty() {
            self.add(styled("Title", &document.title));
        }
        for line in document.other_title.iter().map(|(title, _)| title).chain(&document.subtitle) {
            self.add(styled("Normal", line));
        }
        if !document.strip.is_empty() {
            let strip: Vec<String> =
                document.strip.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            self.add(styled("TableNote", &strip.join("; ")));
        }
    }

    fn block(&mut self, block: &Block) -> Result<(), DocumentError> {
        match block {
            Block::Paragraph(words) => self.add(styled("Normal", words)),
            Block::Lead(words) => self.add(Paragraph::new().add_run(run(words).bold())),
            Block::Note(words) => self.add(styled("TableNote", words)),
            Block::Paste(words) => self.add(styled("Quote", words).indent(Some(400), None, Some(400), None)),
            Block::Alarm(verdict, heading, lines) => {
                let heading = format!("{} {heading}", verdict.symbol());
                self.add(Paragraph::new().keep_next(true).add_run(run(&heading).bold()));
                for line in lines {
                    let hanging = Some(SpecialIndentType::Hanging(200));
                    self.add(styled("Normal", &format!("• {line}")).indent(Some(400), hanging, None, None));
                }
            }
            Block::Checks(lights) => {
                self.table(&checks(lights, self.document.language), None);
            }
            Block::Exhibit(exhibit) => {
                self.tables += 1;
                self.table(exhibit, Some(self.tables));
                if !exhibit.reading.is_empty() {
                    self.add(styled("Normal", &exhibit.reading));
                }
            }
            Block::Figure(figure) => self.figure(figure)?,
            Block::References(heading, works) => {
                self.add(styled("Heading2", heading));
                for work in works {
                    let hanging = Some(SpecialIndentType::Hanging(360));
                    self.add(styled("Normal", work).indent(Some(360), hanging, None, None));
                }
            }
        }
        Ok(())
    }

    /// A table, in parts if it is too wide even in small letters. Only numbered tables have a caption.
    fn table(&mut self, exhibit: &Exhibit, number: Option<usize>) {
        let (size, parts) = fit(exhibit);
        for (at, part) in parts.iter().enumerate() {
            if let Some(number) = number {
                let continued = if at == 0 { String::new() } else { format!(" ({})", self.say("continued")) };
                let label = format!("{} {number}{continued}", self.say("Table"));
                self.add(Paragraph::new().style("Caption").keep_next(true).add_run(run(&label).bold()));
                self.add(
                    Paragraph::new()
                        .style("Caption")
                        .keep_next(true)
                        .line_spacing(
                            LineSpacing::new().before(0).after(80).line_rule(LineSpacingType::Auto).line(240),
                        )
                        .add_run(run(&exhibit.table.title).italic()),
                );
            }
            let table = set(exhibit, part, size, number.is_some());
            self.docx = std::mem::take(&mut self.docx).add_table(table);
        }
        let notes = &exhibit.table.notes;
        if notes.is_empty() {
            self.add(Paragraph::new().style("TableNote"));
        } else {
            let note = format!("{} ", self.say("Note."));
            self.add(
                Paragraph::new()
                    .style("TableNote")
                    .add_run(run(&note).italic())
                    .add_run(run(&notes.join(" "))),
            );
        }
    }

    fn figure(&mut self, figure: &Figure) -> Result<(), DocumentError> {
        self.figures += 1;
        if let Some(picture) = picture(figure)? {
            self.alternatives.push(figure.alternative());
            self.add(
                Paragraph::new()
                    .keep_next(true)
                    .align(AlignmentType::Center)
                    .add_run(Run::new().add_image(picture)),
            );
        }
        let label = format!("{} {}. ", self.say("Figure"), self.figures);
        let words = format!("{}. {}", figure.title.trim_end_matches('.'), figure.caption);
        self.add(Paragraph::new().style("Caption").add_run(run(&label).bold()).add_run(run(&words)));
        Ok(())
    }
}

/// The drawing as pixels, 250 to the inch, as large as the page allows.
#[cfg(feature = "png")]
fn picture(figure: &Figure) -> Result<Option<docx_rs::Pic>, DocumentError> {
    let refuse = |error: crate::plot::PlotError| DocumentError::Figure {
        figure: figure.title.clone(),
        reason: error.to_string(),
    };
    let raster = crate::plot::rasterise(figure.on_paper(), 2.6).map_err(refuse)?;
    // 15 twentieths of a point to the pixel of a screen.
    let natural = f64::from(raster.natural_width) * 15.0;
    let shape = f64::from(raster.height) / f64::from(raster.width.max(1));
    let width = natural.min(TEXT_WIDTH as f64).min(TEXT_HEIGHT as f64 / shape.max(1e-6));
    let emu = |twentieths: f64| {
        // At most a page.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let units = (twentieths * EMU as f64).round() as u32;
        units
    };
    let picture = docx_rs::Pic::new_with_dimensions(raster.bytes, raster.width, raster.height);
    Ok(Some(picture.size(emu(width), emu(width * shape))))
}

#[cfg(not(feature = "png"))]
#[allow(clippy::unnecessary_wraps, reason = "same shape as with the feature")]
fn picture(_: &Figure) -> Result<Option<docx_rs::Pic>, DocumentError> {
    Ok(None)
}

/// Repeats the first row of each table on each page, and gives every picture its words.
fn complete(xml: &[u8], alternatives: &[String]) -> Vec<u8> {
    let text = String::from_utf8_lossy(xml);
    let mut out = String::with_capacity(text.len() + 1024);
    for (at, piece) in text.split("<w:tbl>").enumerate() {
        if at == 0 {
            out.push_str(piece);
            continue;
        }
        out.push_str("<w:tbl>");
        out.push_str(&piece.replacen("<w:cantSplit />", "<w:cantSplit /><w:tblHeader />", 1));
    }
    let mut figures = String::with_capacity(out.len() + 1024);
    for (at, piece) in out.split("<wp:docPr id=\"1\" name=\"Figure\" />").enumerate() {
        if at > 0 {
            let words = alternatives.get(at - 1).map_or("", String::as_str);
            let words = escape_xml(&printable(words));
            figures.push_str(&format!("<wp:docPr id=\"{at}\" name=\"Figure {at}\" descr=\"{words}\" />"));
        }
        figures.push_str(piece);
    }
    figures.into_bytes()
}

/// The same archive, compressed: docx-rs only stores, and the text of many tables is long.
fn packed(loose: Cursor<Vec<u8>>) -> zip::result::ZipResult<Vec<u8>> {
    let mut loose = ZipArchive::new(loose)?;
    let mut tight = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..loose.len() {
        let mut file = loose.by_index(at)?;
        if file.is_dir() {
            continue;
        }
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        tight.start_file(file.name(), options.compression_method(CompressionMethod::Deflated))?;
        std::io::copy(&mut file, &mut tight)?;
    }
    Ok(tight.finish()?.into_inner())
}

impl Document {
    /// The document as a Word file.
    ///
    /// # Errors
    /// [`DocumentError::Figure`] if a figure cannot be drawn, [`DocumentError::Word`] if the file cannot be packed.
    pub fn to_docx(&self) -> Result<Vec<u8>, DocumentError> {
        let margin = PageMargin {
            top: 1418,
            left: 1418,
            bottom: 1418,
            right: 1418,
            header: 708,
            footer: 708,
            gutter: 0,
        };
        let footer = Footer::new()
            .add_paragraph(Paragraph::new().align(AlignmentType::Center).add_page_num(PageNum::new()));
        let docx = Docx::new()
            .page_size(11_906, 16_838)
            .page_margin(margin)
            .default_fonts(fonts())
            .default_size(22)
            .default_line_spacing(LineSpacing::new().after(120).line_rule(LineSpacingType::Auto).line(252))
            .footer(footer);
        let mut builder =
            Builder { document: self, docx: styles(docx), tables: 0, figures: 0, alternatives: Vec::new() };
        builder.front();
        for part in &self.parts {
            if !part.heading.is_empty() {
                builder.add(styled("Heading1", &part.heading).keep_next(true));
            }
            for block in &part.blocks {
                builder.block(block)?;
            }
        }
        let alternatives = std::mem::take(&mut builder.alternatives);
        let mut file = builder.docx.build();
        file.document = complete(&file.document, &alternatives);
        let mut loose = Cursor::new(Vec::new());
        let packed = file.pack(&mut loose).and_then(|()| packed(loose));
        packed.map_err(|error| DocumentError::Word(error.to_string()))
    }
}
