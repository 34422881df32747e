//! Heterotrait-monotrait ratios as a lower triangle with the value in every cell.
//!
//! Drawn element by element: a matrix has no continuous axes, and plotters offers neither borders of
//! different width per cell nor text that must fit one.

use std::fmt::Write as _;

use super::draw::BASELINE;
use super::measure::{Weight, widest, width, wrap};
use super::route::SMALL_TYPE;
use super::svg::Element;
use super::theme::{blend, is_dark};
use super::triangle::{Names, names, starts};
use super::{Language, PlotError, Svg, Theme};
use crate::table::apa;

/// Ratios between constructs.
#[derive(Debug, Clone, PartialEq)]
pub struct Htmt {
    /// Title above the matrix.
    pub title: String,
    /// The constructs, in the order of the model.
    pub constructs: Vec<String>,
    /// Row by row the cells below the diagonal: one for the second construct, two for the third, ...
    pub cells: Vec<HtmtCell>,
    /// From here on a cell is to be checked.
    pub check: f64,
    /// From here on a cell fails.
    pub fail: f64,
    /// What the upper bounds are, such as `one-sided 95 % bound`; may be empty.
    pub bound: String,
    /// Language of the legend.
    pub language: Language,
}

/// One ratio.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct HtmtCell {
    /// The ratio; `None` or not a number where it does not exist (single items).
    pub value: Option<f64>,
    /// Upper bound of its confidence interval, shown under the value.
    pub upper: Option<f64>,
}

impl Default for Htmt {
    /// The thresholds .85 and .90 (Henseler, Ringle and Sarstedt, 2015).
    fn default() -> Self {
        Self {
            title: String::new(),
            constructs: Vec::new(),
            cells: Vec::new(),
            check: 0.85,
            fail: 0.90,
            bound: String::new(),
            language: Language::English,
        }
    }
}

/// What a cell came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Absent,
    Fine,
    Check,
    Fail,
}

impl Level {
    fn symbol(self) -> &'static str {
        match self {
            Self::Absent => "–",
            Self::Fine => "",
            Self::Check => "!",
            Self::Fail => "✗",
        }
    }
}

/// The words of a cell; a narrow one has room for its number alone, and its border for the rest.
fn said(cell: &HtmtCell, symbol: &str, narrow: bool) -> String {
    match cell.value.filter(|value| value.is_finite()) {
        None => symbol.to_owned(),
        Some(value) if symbol.is_empty() || narrow => apa(value, 2),
        Some(value) => format!("{} {symbol}", apa(value, 2)),
    }
}

fn bound_words(upper: f64, narrow: bool) -> String {
    if narrow { format!("≤{}", apa(upper, 2)) } else { format!("≤ {}", apa(upper, 2)) }
}

impl Htmt {
    /// Draws the matrix.
    ///
    /// # Errors
    /// [`PlotError::Empty`] with fewer than two constructs, [`PlotError::Input`] if the number of cells does
    /// not match the number of constructs.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        let count = self.constructs.len();
        if count < 2 {
            return Err(PlotError::Empty(self.title.clone()));
        }
        let expected = count * (count - 1) / 2;
        if self.cells.len() != expected {
            return Err(PlotError::Input(format!(
                "the figure `{}` has {} cells, but {count} constructs have {expected} pairs",
                self.title,
                self.cells.len()
            )));
        }
        let small = theme.small;
        let line = small * 1.28;
        let Names { first, rows, columns, numbered, narrow } = names(&self.constructs, theme);
        let uppers = self.cells.iter().any(|cell| cell.upper.is_some());
        let left =
            rows.iter().chain(&first).map(|lines| widest(lines, small, Weight::Regular)).fold(0.0, f64::max)
                + if narrow { 14.0 } else { 26.0 };
        let inside = self.cells.iter().map(|cell| self.cell_width(cell, theme, narrow)).fold(0.0, f64::max);
        let least = if numbered { inside } else { inside.max(small * 4.6) };
        let cell_width =
            columns.iter().map(|lines| widest(lines, small, Weight::Regular)).fold(least, f64::max)
                + if narrow { 4.0 } else { 10.0 };
        let least_height = if uppers { 2.0 * line + 8.0 } else { line + 14.0 };
        // On a narrow page names take several lines, and each row is as high as its own.
        let common = rows.iter().map(Vec::len).max().unwrap_or(1);
        let heights: Vec<f64> = rows
            .iter()
            .map(|lines| if narrow { lines.len() } else { common } as f64 * line + 8.0)
            .map(|height| height.max(least_height))
            .collect();
        let starts = starts(&heights);
        let grid = cell_width * (count - 1) as f64;
        let natural = left + grid + if narrow { 6.0 } else { 16.0 };
        let legend = self.legend();
        let entry = |text: &str| width(text, small, Weight::Regular) + 48.0;
        let longest = legend.iter().map(|(_, text)| entry(text)).fold(0.0, f64::max);
        let page = natural.max(longest + 4.0).max(300.0);
        let title = wrap(&self.title, theme.heading, Weight::Bold, page - 24.0);
        let top = 14.0 + title.len() as f64 * theme.heading * 1.3;
        let x0 = left + (page - natural) / 2.0;
        let mut body = String::new();
        for (row, text) in title.iter().enumerate() {
            let y = 8.0 + (row as f64 + 0.8) * theme.heading * 1.3;
            Element::label(page / 2.0, y, "middle", theme.heading, text).bold().write(&mut body);
        }
        let top = first.map_or(top, |lines| {
            let high = lines.len() as f64 * line + 6.0;
            text_block(&lines, x0 - 10.0, top + high / 2.0, "end", small, &mut body);
            top + high
        });
        let mut cells = self.cells.iter();
        for (row, lines) in rows.iter().enumerate() {
            let (y, cell_height) = (top + starts[row], heights[row]);
            text_block(lines, x0 - 10.0, y + cell_height / 2.0, "end", small, &mut body);
            for column in 0..=row {
                let Some(cell) = cells.next() else { break };
                let x = x0 + column as f64 * cell_width;
                self.draw_cell(cell, (x, y, cell_width, cell_height), theme, narrow, &mut body);
            }
        }
        // Borders of marked cells must not be covered by their neighbours.
        let mut cells = self.cells.iter();
        for row in 0..rows.len() {
            for column in 0..=row {
                let Some(cell) = cells.next() else { break };
                let (x, y) = (x0 + column as f64 * cell_width, top + starts[row]);
                self.draw_border(cell, (x, y, cell_width, heights[row]), theme, &mut body);
            }
        }
        let below = top + heights.iter().sum::<f64>();
        for (column, lines) in columns.iter().enumerate() {
            let x = x0 + (column as f64 + 0.5) * cell_width;
            let middle = below + 8.0 + lines.len() as f64 * line / 2.0;
            text_block(lines, x, middle, "middle", small, &mut body);
        }
        let deepest = columns.iter().map(Vec::len).max().unwrap_or(1) as f64 * line;
        let mut y = below + deepest + 26.0;
        let mut widths = legend.iter().map(|(_, text)| entry(text)).peekable();
        // As many entries in a row as fit, centred.
        let mut row_of = move || {
            let (mut count, mut used) = (0_usize, 0.0);
            while let Some(next) = widths.next_if(|next| count == 0 || used + next - 20.0 < page - 20.0) {
                (count, used) = (count + 1, used + next);
            }
            (count, f64::midpoint(page - used, 20.0))
        };
        let (mut left_in_row, mut x) = row_of();
        for (level, text) in &legend {
            if left_in_row == 0 {
                (left_in_row, x) = row_of();
                y += 20.0;
            }
            left_in_row -= 1;
            let rect = (x, y - 7.0, 20.0, 14.0);
            let symbol = self.paint(*level, None, rect, theme, &mut body);
            // Cells without room for the symbol are told by their border.
            let by_border = narrow && matches!(level, Level::Check | Level::Fail);
            if !symbol.is_empty() && !by_border {
                Element::label(x + 10.0, y + small * BASELINE, "middle", small, symbol).write(&mut body);
            }
            border(*level, rect, theme, &mut body);
            Element::label(x + 27.0, y + small * BASELINE, "start", small, text).write(&mut body);
            x += entry(text);
        }
        let mut bottom = y + 18.0;
        if uppers {
            let words = self.language.words();
            let bound =
                if self.bound.is_empty() { words.upper.to_owned() } else { format!("≤ {}", self.bound) };
            for line in wrap(&bound, small, Weight::Regular, page - 20.0) {
                Element::label(page / 2.0, bottom + small * BASELINE, "middle", small, &line)
                    .write(&mut body);
                bottom += 16.0;
            }
        }
        Ok(Svg::document(theme, (page, bottom), &self.title, &self.describe(), &body))
    }

    fn level(&self, cell: &HtmtCell) -> Level {
        match cell.value.filter(|value| value.is_finite()) {
            None => Level::Absent,
            Some(value) if value >= self.fail => Level::Fail,
            Some(value) if value >= self.check => Level::Check,
            Some(_) => Level::Fine,
        }
    }

    /// Fills a cell and names its symbol.
    fn paint(
        &self,
        level: Level,
        value: Option<f64>,
        (x, y, width, height): (f64, f64, f64, f64),
        theme: &Theme,
        out: &mut String,
    ) -> &'static str {
        let fill = self.fill(level, value, theme);
        Element::new("rect")
            .num("x", x)
            .num("y", y)
            .num("width", width)
            .num("height", height)
            .attr("fill", &fill)
            .attr("stroke", &theme.palette.faint)
            .num("stroke-width", 0.8)
            .write(out);
        level.symbol()
    }

    fn fill(&self, level: Level, value: Option<f64>, theme: &Theme) -> String {
        let paper = &theme.palette.paper;
        if level == Level::Absent {
            return paper.clone();
        }
        let share = value.map_or(
            match level {
                Level::Fail => 1.0,
                Level::Check => 0.9,
                _ => 0.4,
            },
            |value| value / self.fail,
        );
        if theme.colour {
            let accent = if matches!(level, Level::Fail | Level::Check) {
                &theme.palette.negative
            } else {
                &theme.palette.accent
            };
            blend(paper, accent, share.clamp(0.0, 1.2) * 0.38)
        } else {
            blend(paper, &theme.palette.ink, share.clamp(0.0, 1.2) * 0.22)
        }
    }

    fn draw_cell(
        &self,
        cell: &HtmtCell,
        rect: (f64, f64, f64, f64),
        theme: &Theme,
        narrow: bool,
        out: &mut String,
    ) {
        let level = self.level(cell);
        let symbol = self.paint(level, cell.value, rect, theme, out);
        let (x, y, width, height) = rect;
        let ink = if is_dark(&self.fill(level, cell.value, theme)) {
            &theme.palette.paper
        } else {
            &theme.palette.ink
        };
        let centre = (x + width / 2.0, y + height / 2.0);
        let text = said(cell, symbol, narrow);
        let small = theme.small;
        let upper = cell.upper.filter(|value| value.is_finite());
        let shift = if upper.is_some() { small * 0.6 } else { 0.0 };
        let value = Element::label(centre.0, centre.1 - shift + small * BASELINE, "middle", small, &text)
            .attr("fill", ink);
        if matches!(level, Level::Fail | Level::Check) {
            value.bold().write(out);
        } else {
            value.write(out);
        }
        if let Some(upper) = upper {
            let text = bound_words(upper, narrow);
            Element::label(centre.0, centre.1 + small * 1.0, "middle", small * SMALL_TYPE, &text)
                .attr("fill", ink)
                .write(out);
        }
    }

    /// Room that the words of a cell need.
    fn cell_width(&self, cell: &HtmtCell, theme: &Theme, narrow: bool) -> f64 {
        let level = self.level(cell);
        let weight = if matches!(level, Level::Fail | Level::Check) { Weight::Bold } else { Weight::Regular };
        let value = width(&said(cell, level.symbol(), narrow), theme.small, weight);
        let upper = cell.upper.filter(|value| value.is_finite());
        let upper =
            upper.map(|upper| width(&bound_words(upper, narrow), theme.small * SMALL_TYPE, Weight::Regular));
        value.max(upper.unwrap_or_default())
    }

    fn draw_border(&self, cell: &HtmtCell, rect: (f64, f64, f64, f64), theme: &Theme, out: &mut String) {
        border(self.level(cell), rect, theme, out);
    }

    fn legend(&self) -> Vec<(Level, String)> {
        let words = self.language.words();
        let has = |level: Level| self.cells.iter().any(|cell| self.level(cell) == level);
        let mut entries = Vec::new();
        if has(Level::Fine) {
            entries.push((Level::Fine, format!("< {}: {}", apa(self.check, 2), words.acceptable)));
        }
        if has(Level::Check) {
            entries.push((Level::Check, format!("≥ {}: {}", apa(self.check, 2), words.check)));
        }
        if has(Level::Fail) {
            entries.push((Level::Fail, format!("≥ {}: {}", apa(self.fail, 2), words.fail)));
        }
        if has(Level::Absent) {
            entries.push((Level::Absent, words.none.to_owned()));
        }
        entries
    }

    fn describe(&self) -> String {
        let mut text = "HTMT:".to_owned();
        let mut cells = self.cells.iter();
        for (row, name) in self.constructs.iter().enumerate() {
            for other in &self.constructs[..row] {
                let value = cells.next().and_then(|cell| cell.value).filter(|value| value.is_finite());
                let value = value.map_or_else(|| "–".to_owned(), |value| apa(value, 2));
                let _ = write!(text, " {name} / {other} {value};");
            }
        }
        text
    }
}

/// Lines of text around a vertical middle.
fn text_block(lines: &[String], x: f64, middle: f64, anchor: &str, size: f64, out: &mut String) {
    let line = size * 1.28;
    let first = middle - (lines.len() as f64 - 1.0) * line / 2.0 + size * BASELINE;
    for (row, text) in lines.iter().enumerate() {
        Element::label(x, first + row as f64 * line, anchor, size, text).write(out);
    }
}

/// The border that marks a cell without colour: dashed to check, solid and thick for a failure.
fn border(level: Level, (x, y, width, height): (f64, f64, f64, f64), theme: &Theme, out: &mut String) {
    let (stroke, dash) = match level {
        Level::Check => (1.6, Some("4 2.5")),
        Level::Fail => (2.2, None),
        Level::Fine | Level::Absent => return,
    };
    Element::new("rect")
        .num("x", x + stroke / 2.0)
        .num("y", y + stroke / 2.0)
        .num("width", width - stroke)
        .num("height", height - stroke)
        .attr("fill", "none")
        .attr("stroke", &theme.palette.ink)
        .num("stroke-width", stroke)
        .maybe("stroke-dasharray", dash)
        .write(out);
}

#[cfg(test)]
pub(crate) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    pub(crate) fn sample() -> Htmt {
        let values = [0.41, 0.86, 0.33, 0.52, 0.93, 0.28, 0.61, 0.72, 0.15, 0.44];
        let cell = |value: f64| HtmtCell { value: Some(value), upper: Some(value + 0.05) };
        let mut cells: Vec<HtmtCell> = values.into_iter().map(cell).collect();
        cells[8] = HtmtCell::default();
        Htmt {
            title: "Heterotrait-monotrait ratios (HTMT)".to_owned(),
            constructs: [
                "Perceived usefulness",
                "Perceived ease of use",
                "态度",
                "Trust propensity",
                "ITR & more",
            ]
            .map(str::to_owned)
            .to_vec(),
            cells,
            ..Htmt::default()
        }
    }

    #[test]
    fn cells_over_a_threshold_carry_a_symbol() {
        for theme in [Theme::screen(), Theme::journal()] {
            let svg = sample().svg(&theme).unwrap();
            assert!(svg.as_str().contains(".86 !") && svg.as_str().contains(".93 ✗"));
            assert!(svg.as_str().contains("≥ .90: fail") && svg.as_str().contains("n/a"));
            assert!(svg.as_str().contains("ITR &amp; more"));
            assert_eq!(svg, sample().svg(&theme).unwrap());
        }
    }

    /// As many constructs as the example has, with its labels.
    pub(crate) fn eleven() -> Htmt {
        let diagram = super::super::samples::initial_trust(false);
        let constructs: Vec<String> = diagram.nodes.iter().map(|node| node.label.clone()).collect();
        let cells = (0..55).map(|at| {
            let value = 0.35 + f64::from(at) * 0.011;
            HtmtCell { value: Some(value), upper: Some(value + 0.05) }
        });
        let bound = "95 % upper bound, one-sided (percentile)".to_owned();
        Htmt { title: "HTMT".to_owned(), constructs, cells: cells.collect(), bound, ..Htmt::default() }
    }

    #[test]
    fn many_constructs_are_numbered_and_fit_a_column() {
        for mm in [84.0, 174.0] {
            let theme = Theme { max_width_mm: Some(mm), ..Theme::journal() };
            let svg = eleven().svg(&theme).unwrap();
            assert!(
                svg.smallest_letters() >= super::super::LEGIBLE,
                "{mm} mm: {:.2} pt",
                svg.smallest_letters()
            );
            // The first has no row of pairs, and still a name; its column shows its number.
            for words in [">1. Site", ">10<", "one-sided"] {
                assert!(svg.as_str().contains(words), "{words}");
            }
            let heat = super::super::Heat {
                title: "Correlations".to_owned(),
                names: eleven().constructs,
                cells: eleven().cells.iter().map(|cell| cell.value.map(|value| -value)).collect(),
                ..super::super::Heat::default()
            };
            let svg = heat.svg(&theme).unwrap();
            assert!(
                svg.smallest_letters() >= super::super::LEGIBLE,
                "{mm} mm: {:.2} pt",
                svg.smallest_letters()
            );
        }
    }

    #[test]
    fn a_wrong_number_of_cells_is_named() {
        let mut htmt = sample();
        htmt.cells.pop();
        let error = htmt.svg(&Theme::screen()).unwrap_err().to_string();
        assert!(error.contains("9 cells") && error.contains("10 pairs"), "{error}");
        htmt.constructs.truncate(1);
        assert!(matches!(htmt.svg(&Theme::screen()), Err(PlotError::Empty(_))));
    }
}
