//! Patterns of missing answers: which items are missing together, and in how many cases.

use std::fmt::Write as _;

use super::draw::BASELINE;
use super::measure::{Weight, width, wrap};
use super::svg::Element;
use super::theme::MM_PER_PX;
use super::{Language, PlotError, Svg, Theme};

/// Rarer patterns are counted together.
const MOST: usize = 24;

/// Patterns of missing answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patterns {
    /// Title above the chart.
    pub title: String,
    /// Names of all items, in the order of the questionnaire.
    pub items: Vec<String>,
    /// Number of cases without a missing answer.
    pub complete: usize,
    /// Patterns with at least one missing answer, the most frequent first.
    pub patterns: Vec<Pattern>,
    /// Language of the words.
    pub language: Language,
}

/// One pattern.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pattern {
    /// Positions of the items that are missing.
    pub items: Vec<usize>,
    /// Number of cases.
    pub cases: usize,
}

impl Patterns {
    /// Draws the chart. Items that are never missing have no column.
    ///
    /// # Errors
    /// [`PlotError::Empty`] if nothing is missing, [`PlotError::Input`] if a pattern names an item that is not there.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        if self.patterns.iter().flat_map(|pattern| &pattern.items).any(|at| *at >= self.items.len()) {
            return Err(PlotError::Input(format!(
                "the figure `{}` names an item that is not there",
                self.title
            )));
        }
        let used: Vec<usize> = (0..self.items.len())
            .filter(|at| self.patterns.iter().any(|pattern| pattern.items.contains(at)))
            .collect();
        if used.is_empty() {
            return Err(PlotError::Empty(self.title.clone()));
        }
        let small = theme.small;
        let say = |english: &'static str| self.language.say(english).into_owned();
        let shown = self.patterns.len().min(MOST);
        let rest: usize = self.patterns.iter().skip(MOST).map(|pattern| pattern.cases).sum();
        let mut patterns: Vec<(String, &[usize])> = vec![(self.complete.to_string(), &[])];
        patterns.extend(self.patterns.iter().take(shown).map(|p| (p.cases.to_string(), p.items.as_slice())));
        let name = |at: usize| self.items.get(at).cloned().unwrap_or_default();
        let counts: Vec<String> = patterns.iter().map(|(cases, _)| cases.clone()).collect();
        let names: Vec<String> = used.iter().map(|&at| name(at)).collect();
        let widest = |words: &[String]| {
            words.iter().map(|words| width(words, small, Weight::Regular)).fold(0.0, f64::max)
        };
        // Many items stand one under the other where a page has no room for them beside each other.
        let room = theme.max_width_mm.map_or(f64::INFINITY, |mm| mm / MM_PER_PX);
        let mut step = (small * 1.55).max(15.0);
        let down = used.len() as f64 * step + 80.0 > room && used.len() > patterns.len();
        if down {
            step = small * 1.25;
        }
        let (left_words, top_words) = if down { (&names, &counts) } else { (&counts, &names) };
        let is_missing = |row: usize, column: usize| {
            let (pattern, item) = if down { (column, row) } else { (row, column) };
            patterns.get(pattern).zip(used.get(item)).is_some_and(|((_, items), item)| items.contains(item))
        };
        let cases = say("Cases");
        let left = widest(left_words).max(width(&cases, small, Weight::Bold)) + 26.0;
        let page = (left + top_words.len() as f64 * step + 20.0).max(320.0_f64.min(room));
        let title = wrap(&self.title, theme.heading, Weight::Bold, page - 24.0);
        // Words on top run downwards, so that many fit beside each other.
        let top = 18.0 + title.len() as f64 * theme.heading * 1.3 + widest(top_words);
        let mut body = String::new();
        for (row, text) in title.iter().enumerate() {
            let y = 8.0 + (row as f64 + 0.8) * theme.heading * 1.3;
            Element::label(page / 2.0, y, "middle", theme.heading, text).bold().write(&mut body);
        }
        Element::label(left - 10.0, top - 6.0, "end", small, &cases).bold().write(&mut body);
        for (column, words) in top_words.iter().enumerate() {
            let x = left + (column as f64 + 0.5) * step + small * BASELINE;
            Element::label(0.0, 0.0, "start", small, words)
                .attr("transform", &format!("translate({:.1} {:.1}) rotate(-90)", x, top - 6.0))
                .write(&mut body);
        }
        let rows = left_words;
        for (row, words) in rows.iter().enumerate() {
            let y = top + row as f64 * step;
            let baseline = y + step / 2.0 + small * BASELINE;
            Element::label(left - 10.0, baseline, "end", small, words).write(&mut body);
            for column in 0..top_words.len() {
                let fill = if is_missing(row, column) { &theme.palette.accent } else { &theme.palette.paper };
                Element::new("rect")
                    .num("x", left + column as f64 * step + 1.0)
                    .num("y", y + 1.0)
                    .num("width", step - 2.0)
                    .num("height", step - 2.0)
                    .attr("fill", fill)
                    .attr("stroke", &theme.palette.faint)
                    .write(&mut body);
            }
        }
        let mut bottom = top + rows.len() as f64 * step + 8.0;
        if rest > 0 {
            let words = format!("{} {}: {rest}", self.patterns.len() - shown, say("rarer patterns, cases"));
            bottom += small * 1.3;
            Element::label(left, bottom, "start", small, &words).write(&mut body);
        }
        bottom += small * 1.5;
        Element::new("rect")
            .num("x", left)
            .num("y", bottom - small)
            .num("width", small)
            .num("height", small)
            .attr("fill", &theme.palette.accent)
            .write(&mut body);
        Element::label(
            left + small + 6.0,
            bottom - small * 0.12,
            "start",
            small,
            self.language.words().missing,
        )
        .write(&mut body);
        Ok(Svg::document(theme, (page, bottom + 14.0), &self.title, &self.describe(), &body))
    }

    fn describe(&self) -> String {
        let mut text = format!("{} {};", self.complete, self.language.say("complete cases"));
        for pattern in self.patterns.iter().take(MOST) {
            let names: Vec<&str> =
                pattern.items.iter().filter_map(|&at| self.items.get(at)).map(String::as_str).collect();
            let _ = write!(text, " {}: {};", names.join(" "), pattern.cases);
        }
        text
    }
}

#[cfg(test)]
pub(super) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    pub(crate) fn sample() -> Patterns {
        Patterns {
            title: "Missing answers".to_owned(),
            items: (1..=9).map(|i| format!("ITEM{i}")).collect(),
            complete: 300,
            patterns: (0..30).map(|i| Pattern { items: vec![i % 8, 7], cases: 31 - i }).collect(),
            language: Language::English,
        }
    }

    #[test]
    fn many_items_stand_under_each_other_on_a_narrow_page() {
        let many = Patterns {
            items: (1..=43).map(|i| format!("ITEM{i}")).collect(),
            patterns: (0..30).map(|i| Pattern { items: vec![i % 43, i, 42 - i], cases: 31 - i }).collect(),
            ..sample()
        };
        let theme = Theme { max_width_mm: Some(84.0), ..Theme::journal() };
        let (narrow, wide) = (many.svg(&theme).unwrap(), many.svg(&Theme::screen()).unwrap());
        assert!(narrow.smallest_letters() >= super::super::LEGIBLE, "{:.2} pt", narrow.smallest_letters());
        assert!(narrow.height() > narrow.width() && wide.height() < wide.width());
        // The same fields are filled.
        let filled = |svg: &Svg, theme: &Theme| {
            svg.as_str().matches(&format!("fill=\"{}\" stroke", theme.palette.accent)).count()
        };
        assert_eq!(filled(&narrow, &theme), filled(&wide, &Theme::screen()));
    }

    #[test]
    fn rare_patterns_are_counted_and_items_without_gaps_left_out() {
        let svg = sample().svg(&Theme::screen()).unwrap();
        assert!(svg.as_str().contains("6 rarer patterns, cases: 27"), "{svg}");
        assert!(!svg.as_str().contains(">ITEM9<") && svg.as_str().contains(">ITEM8<"));
        assert!(matches!(Patterns::default().svg(&Theme::screen()), Err(PlotError::Empty(_))));
        let wrong = Patterns { patterns: vec![Pattern { items: vec![99], cases: 1 }], ..sample() };
        assert!(matches!(wrong.svg(&Theme::screen()), Err(PlotError::Input(_))));
    }
}
