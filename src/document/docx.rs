//! Documents for Word: headings, APA tables (three rules, number and title above, notes below), pictures.
//!
//! docx-rs knows neither rows of headings that repeat on each page nor words for those who cannot see a picture;
//! both are written into its XML afterwards.

use docx_rs::{
    AlignmentType, BorderType, Docx, Footer, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph,
    Run, RunFonts, SpecialIndentType, Style, StyleType, Table as WordTable, TableCell, TableCellBorder,
    TableCellBorderPosition, TableCellBorders, TableCellMargins, TableLayoutType, TableRow, WidthType,
};

use unicode_width::UnicodeWidthStr;

use super::columns::{decimals, is_numeric, most_decimals, parts, widths};
use super::{Block, Document, DocumentError, Exhibit, Figure, checks_table};

/// Width of the text on A4 with margins of 25 mm, in twentieths of a point.
const TEXT_WIDTH: usize = 9070;
/// Height that a picture may take, in the same unit.
const TEXT_HEIGHT: usize = 11_600;
/// Sizes of tables in half points; the largest that fits is taken.
const SIZES: [usize; 3] = [20, 18, 16];
/// Left and right of each cell, in twentieths of a point.
const CELL_MARGIN: usize = 50;
/// A column of long words may be as narrow as this many characters.
const NARROWEST: usize = 14;
/// English Metric Units per twentieth of a point.
const EMU: usize = 635;

fn fonts() -> RunFonts {
    RunFonts::new()
        .ascii("Times New Roman")
        .hi_ansi("Times New Roman")
        .cs("Times New Roman")
        .east_asia("SimSun")
}

/// What XML forbids becomes a blank; docx-rs escapes the rest.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') { ' ' } else { c })
        .collect()
}

fn run(text: &str) -> Run {
    Run::new().add_text(clean(text))
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
                self.table(&Exhibit::new(checks_table(lights, self.document.language)), None);
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
    let raster = crate::plot::rasterise(&figure.svg, 2.6).map_err(refuse)?;
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

fn border(position: TableCellBorderPosition, size: usize) -> TableCellBorder {
    TableCellBorder::new(position).border_type(BorderType::Single).size(size).color("000000")
}

/// Widths of columns in letters of this size: as wide as their text wants, and as narrow as it may be.
fn room(exhibit: &Exhibit, size: usize) -> Vec<(usize, usize)> {
    // A letter is a little more than half as wide as the size is high; half points are ten twentieths.
    let room = |chars: usize| chars * size * 10 * 56 / 100 + 2 * CELL_MARGIN;
    widths(exhibit)
        .into_iter()
        .enumerate()
        .map(|(c, chars)| {
            let numeric = is_numeric(exhibit.table.columns.get(c));
            let narrow = if numeric { chars } else { chars.min(NARROWEST.max(longest_word(exhibit, c))) };
            (room(chars + 1), room(narrow + 1))
        })
        .collect()
}

/// Longest word of a column; words beyond a line's length are broken anyway.
fn longest_word(exhibit: &Exhibit, column: usize) -> usize {
    let table = &exhibit.table;
    let heading = table.columns.get(column).map_or("", |column| column.heading.as_str()).to_owned();
    (0..table.rows.len())
        .map(|r| table.shown(r, column))
        .chain([heading])
        .flat_map(|text| text.split(' ').map(UnicodeWidthStr::width).collect::<Vec<_>>())
        .max()
        .unwrap_or(0)
        .min(22)
}

/// The size of letters, and the columns in parts that fit on the page.
fn fit(exhibit: &Exhibit) -> (usize, Vec<Vec<usize>>) {
    let narrow = |size: usize| room(exhibit, size).into_iter().map(|(_, narrow)| narrow).collect::<Vec<_>>();
    for size in SIZES {
        if narrow(size).iter().sum::<usize>() <= TEXT_WIDTH {
            return (size, vec![(0..exhibit.table.columns.len()).collect()]);
        }
    }
    (SIZES[2], parts(&narrow(SIZES[2]), 0, TEXT_WIDTH))
}

/// What each column of a part gets: its wish if there is room, else a share of what is left beyond the narrowest.
fn grid(exhibit: &Exhibit, part: &[usize], size: usize) -> Vec<usize> {
    let rooms = room(exhibit, size);
    let of = |c: &usize| rooms.get(*c).copied().unwrap_or((1, 1));
    let wish: usize = part.iter().map(|c| of(c).0).sum();
    let least: usize = part.iter().map(|c| of(c).1).sum();
    if wish <= TEXT_WIDTH || wish == least {
        return part.iter().map(|c| of(c).0).collect();
    }
    let spare = TEXT_WIDTH.saturating_sub(least);
    part.iter()
        .map(|c| {
            let (wide, narrow) = of(c);
            narrow + (wide - narrow) * spare / (wish - least)
        })
        .collect()
}

/// Some columns of a table as a table of Word.
fn set(exhibit: &Exhibit, part: &[usize], size: usize, marked: bool) -> WordTable {
    let table = &exhibit.table;
    let grid = grid(exhibit, part, size);
    let total: usize = grid.iter().sum();
    let cell = |at: usize, lines: Vec<Run>, numeric: bool, top: usize, bottom: usize| {
        let align = if numeric { AlignmentType::Right } else { AlignmentType::Left };
        let mut borders = TableCellBorders::with_empty();
        if top > 0 {
            borders = borders.set(border(TableCellBorderPosition::Top, top));
        }
        if bottom > 0 {
            borders = borders.set(border(TableCellBorderPosition::Bottom, bottom));
        }
        let mut cell =
            TableCell::new().width(grid.get(at).copied().unwrap_or(0), WidthType::Dxa).set_borders(borders);
        for line in lines {
            cell =
                cell.add_paragraph(Paragraph::new().style("TableText").align(align).add_run(line.size(size)));
        }
        cell
    };
    let heading = part.iter().enumerate().map(|(at, &c)| {
        let column = table.columns.get(c);
        let words = column.map_or("", |column| column.heading.as_str());
        cell(at, vec![run(words)], is_numeric(column), 8, 4)
    });
    let mut rows = vec![TableRow::new(heading.collect()).cant_split()];
    let last = table.rows.len().saturating_sub(1);
    for r in 0..table.rows.len() {
        let top = if exhibit.begins_group(r) { 2 } else { 0 };
        let bottom = if r == last { 8 } else { 0 };
        let cells = part.iter().enumerate().map(|(at, &c)| {
            let numeric = is_numeric(table.columns.get(c));
            let shown = table.shown(r, c);
            let sign = if marked { exhibit.sign(r, c) } else { "" };
            let text = if numeric { aligned(&shown, most_decimals(exhibit, c)) } else { shown };
            let text = run(&format!("{sign}{text}"));
            let mut lines = vec![if sign.is_empty() { text } else { text.bold() }];
            if let Some(below) = exhibit.below.get(&(r, c)) {
                lines.push(run(below).color("595959"));
            }
            cell(at, lines, numeric, top, bottom)
        });
        rows.push(TableRow::new(cells.collect()).cant_split());
    }
    WordTable::without_borders(rows)
        .set_grid(grid)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(0, CELL_MARGIN, 0, CELL_MARGIN))
        .width(total, WidthType::Dxa)
}

/// A number with blanks as wide as the digits that it lacks, so that a right-aligned column stands on the point.
fn aligned(shown: &str, most: usize) -> String {
    if !shown.chars().any(|c| c.is_ascii_digit()) {
        return shown.to_owned();
    }
    let own = decimals(shown);
    let point = if own == 0 && most > 0 { "\u{2008}" } else { "" };
    format!("{shown}{point}{}", "\u{2007}".repeat(most.saturating_sub(own)))
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
            let words = clean(words)
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;");
            figures.push_str(&format!("<wp:docPr id=\"{at}\" name=\"Figure {at}\" descr=\"{words}\" />"));
        }
        figures.push_str(piece);
    }
    figures.into_bytes()
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
        let mut bytes = std::io::Cursor::new(Vec::new());
        file.pack(&mut bytes).map_err(|error| DocumentError::Word(error.to_string()))?;
        Ok(bytes.into_inner())
    }
}
