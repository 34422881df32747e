//! Diagrams on a page of some width: what is left out so that every letter can be read.

use super::arrange::Arrangement;
use super::diagram::Diagram;
use super::theme::MM_PER_PX;
use super::{Language, PlotError, Svg, Theme};

/// Letters on paper, in points: journals take no smaller ones.
pub const LEGIBLE: f64 = 6.0;

/// Room for a figure on a sheet of A4, in mm.
const PAPER: [f64; 2] = [160.0, 200.0];

/// What a diagram gives up for letters that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concession {
    /// Items are left out.
    Items,
    /// Names stand in place of labels, which a key explains; everything stands closer together.
    Labels,
}

impl Diagram {
    /// The diagram as it can be read on the theme's page, and what it gives up for that: first the items, if that is
    /// allowed, then the labels. Without a page, with constructs that have their places, or where letters are large enough,
    /// it stays as it is; where nothing helps, it is the one with the largest letters.
    ///
    /// # Errors
    /// As [`Diagram::layout`].
    pub fn fitted(&self, theme: &Theme, without_items: bool) -> Result<(Self, Vec<Concession>), PlotError> {
        let mut best = (self.clone(), Vec::new());
        if theme.max_width_mm.is_none() || !self.arrangement.is_empty() {
            return Ok(best);
        }
        let mut letters = self.svg(theme)?.smallest_letters();
        let has_items = self.show_items && self.nodes.iter().any(|node| !node.items.is_empty());
        let mut given: Vec<Vec<Concession>> = Vec::new();
        if without_items && has_items {
            given.push(vec![Concession::Items]);
            given.push(vec![Concession::Items, Concession::Labels]);
        } else {
            given.push(vec![Concession::Labels]);
        }
        for concessions in given {
            if letters >= LEGIBLE {
                break;
            }
            let diagram = Self {
                show_items: self.show_items && !concessions.contains(&Concession::Items),
                codes: self.codes || concessions.contains(&Concession::Labels),
                ..self.clone()
            };
            let found = diagram.svg(theme)?.smallest_letters();
            if found > letters {
                letters = found;
                best = (diagram, concessions);
            }
        }
        Ok(best)
    }

    /// Another drawing for a page of paper, if the one of this theme would be too small to read there: turned and fitted,
    /// and where even that does not help, constructs with their items alone ([`Diagram::measurement`]).
    ///
    /// # Errors
    /// As [`Diagram::layout`].
    pub fn for_paper(&self, theme: &Theme) -> Result<Option<Svg>, PlotError> {
        let [width, height] = PAPER.map(|mm| mm / MM_PER_PX);
        let drawn = self.svg(theme)?;
        let shrunk = (width / drawn.width()).min(height / drawn.height()).min(1.0);
        if drawn.smallest_letters() * shrunk >= LEGIBLE {
            return Ok(None);
        }
        let page = Theme { max_width_mm: Some(PAPER[0]), max_height_mm: Some(PAPER[1]), ..theme.clone() };
        let (fitted, _) = self.fitted(&page, false)?;
        let found = fitted.svg(&page)?;
        if self.show_items && found.smallest_letters() < LEGIBLE {
            let free = Self { arrangement: Arrangement::default(), ..self.clone() };
            if let Some(alone) = free.measurement(&page)? {
                return alone.svg(&page).map(Some);
            }
        }
        Ok(Some(found))
    }

    /// What the names mean, where they stand in place of labels; empty if nothing needs explaining.
    pub(super) fn key(&self) -> String {
        if !self.codes {
            return String::new();
        }
        let (is, and, end) = match self.language {
            Language::English => (": ", "; ", "."),
            Language::Chinese => ("：", "；", "。"),
        };
        let explained = self.nodes.iter().filter(|node| node.shown() != node.name);
        let entries: Vec<String> =
            explained.map(|node| format!("{}{is}{}", node.name, node.shown())).collect();
        if entries.is_empty() { String::new() } else { entries.join(and) + end }
    }
}

/// The smallest letters of a drawing in px, from its elements.
pub(super) fn smallest(body: &str, otherwise: f64) -> f64 {
    let sizes = body.split("font-size=\"").skip(1);
    let sizes = sizes.filter_map(|rest| rest.split('"').next()?.trim_end_matches("px").parse::<f64>().ok());
    sizes.filter(|size| *size > 0.0).fold(otherwise, f64::min)
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::super::samples;
    use super::*;

    fn page(mm: f64) -> Theme {
        Theme { max_width_mm: Some(mm), ..Theme::journal() }
    }

    #[test]
    fn every_letter_can_be_read_on_one_and_two_columns() {
        for (name, diagram) in samples::all() {
            // Fourteen paths into one construct, or fifteen layers, are more than a column holds.
            let wide = name.starts_with("chain") || name.starts_with("fan");
            for mm in [84.0, 174.0] {
                let (fitted, given) = diagram.fitted(&page(mm), true).unwrap();
                let svg = fitted.svg(&page(mm)).unwrap();
                assert!(svg.width() * super::super::theme::MM_PER_PX <= mm + 0.1, "{name}");
                assert!(
                    svg.smallest_letters() >= LEGIBLE || wide,
                    "{name} on {mm} mm: {:.2} pt with {given:?}",
                    svg.smallest_letters()
                );
                assert_eq!(
                    fitted.layout(&page(mm)).unwrap().overlaps(),
                    Vec::<String>::new(),
                    "{name} on {mm} mm"
                );
            }
        }
    }

    #[test]
    fn on_paper_every_letter_can_be_read() {
        let screen = Theme::screen();
        assert!(samples::two(false).for_paper(&screen).unwrap().is_none());
        for (name, diagram) in samples::all() {
            // Fifteen layers are more than a page holds.
            for show_items in [true, false] {
                let diagram = Diagram { show_items, ..diagram.clone() };
                let Some(svg) = diagram.for_paper(&screen).unwrap() else { continue };
                let legible = svg.smallest_letters() >= LEGIBLE || (name.starts_with("chain") && !show_items);
                assert!(legible, "{name}, items {show_items}: {:.2} pt", svg.smallest_letters());
                // Every item is there.
                let shown = diagram.nodes.iter().flat_map(|node| &node.items);
                let gone = shown.filter(|item| !svg.as_str().contains(&format!(">{}<", item.name)));
                assert_eq!(gone.count() == 0, show_items, "{name}");
            }
        }
    }

    #[test]
    fn labels_that_are_left_out_stand_in_a_key() {
        for chinese in [false, true] {
            let diagram = samples::initial_trust(chinese);
            let (fitted, given) = diagram.fitted(&page(84.0), true).unwrap();
            assert_eq!(given, [Concession::Items, Concession::Labels]);
            let svg = fitted.svg(&page(84.0)).unwrap().to_string();
            assert!(svg.contains(if chinese { ">NAV：" } else { ">NAV: " }), "{svg}");
            assert!(svg.contains(">PEOU<"));
            // What is asked for stays.
            assert!(diagram.fitted(&page(84.0), false).unwrap().0.show_items);
            assert_eq!(diagram.fitted(&Theme::screen(), true).unwrap().1, []);
        }
    }
}
