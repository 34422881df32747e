//! A finished SVG document, and the small writer that makes one.

use std::fmt::{self, Display, Write as _};

use super::fitted::smallest;
use super::geometry::Rect;
use super::theme::{MM_PER_PX, Theme};
use crate::stats::fnv::Fnv;
use crate::table::escape_xml;

/// A complete SVG document.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    text: String,
    title: String,
    width: f64,
    height: f64,
    /// Height of the smallest words in points, as shown.
    letters: f64,
    /// Whether words are to be written as outlines.
    outlines: bool,
}

/// Px between figures under each other.
const STACKED_GAP: f64 = 14.0;

impl Svg {
    /// Height of its smallest words in points, on a page of the width that was asked for.
    pub fn smallest_letters(&self) -> f64 {
        self.letters
    }

    /// What a file of the figure holds: the document, for a journal with outlines in place of words.
    ///
    /// # Errors
    /// [`PlotError::NoFont`](super::PlotError::NoFont) if a character of an outlined figure cannot be drawn.
    #[cfg(feature = "png")]
    pub fn written(&self) -> Result<String, super::PlotError> {
        if self.outlines { super::outlined(self) } else { Ok(self.text.clone()) }
    }

    /// The document.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Width in px at which the figure is shown.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Height in px at which the figure is shown.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Several figures under each other as one document; `None` if there is none.
    pub fn stacked(theme: &Theme, title: &str, figures: &[Self]) -> Option<Self> {
        let [first, more @ ..] = figures else { return None };
        if more.is_empty() {
            return Some(first.clone());
        }
        let width = figures.iter().map(|figure| figure.width).fold(0.0, f64::max);
        let (mut body, mut height) = (String::new(), 0.0);
        for figure in figures {
            let rest = figure.text.strip_prefix("<svg").unwrap_or(&figure.text);
            let _ =
                write!(body, "<svg x=\"{}\" y=\"{}\"", number((width - figure.width) / 2.0), number(height));
            body.push_str(rest);
            height += figure.height + STACKED_GAP;
        }
        let titles: Vec<&str> = figures.iter().map(|figure| figure.title.as_str()).collect();
        Some(Self::document(theme, (width, height - STACKED_GAP), title, &titles.join("; "), &body))
    }

    /// Puts a body of elements, drawn on `width` × `height` px, into a document.
    pub(crate) fn document(
        theme: &Theme,
        size: (f64, f64),
        title: &str,
        description: &str,
        body: &str,
    ) -> Self {
        let (width, height) = (size.0.max(1.0), size.1.max(1.0));
        // Nothing has no name: without a title the first sentence of what it shows.
        let title = if title.trim().is_empty() { first_sentence(description) } else { title };
        let fit = |limit: Option<f64>, size: f64| limit.map_or(1.0, |mm| (mm / MM_PER_PX / size).min(1.0));
        let scale = fit(theme.max_width_mm, width).min(fit(theme.max_height_mm, height));
        let (shown_width, shown_height) = (width * scale, height * scale);
        let (css_width, css_height) = if theme.max_width_mm.is_some() {
            (
                format!("{}mm", number(shown_width * MM_PER_PX)),
                format!("{}mm", number(shown_height * MM_PER_PX)),
            )
        } else {
            (number(shown_width), number(shown_height))
        };
        // Several figures may share one page, so the names that the labels refer to must differ.
        let key = fingerprint(body, title);
        let mut text = String::with_capacity(body.len() + 1024);
        let root = Element::new("svg")
            .attr("xmlns", "http://www.w3.org/2000/svg")
            .attr("width", &css_width)
            .attr("height", &css_height)
            .attr("viewBox", &format!("0 0 {} {}", number(width), number(height)))
            .attr("role", "img")
            .attr("aria-labelledby", &format!("title-{key} desc-{key}"))
            .attr("font-family", &theme.family)
            .attr("font-size", &number(theme.small))
            .attr("fill", &theme.palette.ink);
        root.open(&mut text);
        text.push('\n');
        Element::new("title").attr("id", &format!("title-{key}")).text(title).write(&mut text);
        Element::new("desc").attr("id", &format!("desc-{key}")).text(description).write(&mut text);
        Element::new("rect")
            .num("width", width)
            .num("height", height)
            .attr("fill", &theme.palette.paper)
            .write(&mut text);
        text.push_str(body);
        text.push_str("</svg>\n");
        Self {
            text,
            title: title.to_owned(),
            width: shown_width,
            height: shown_height,
            letters: smallest(body, theme.small) * scale * 0.75,
            outlines: theme.outlines,
        }
    }
}

impl Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A text up to the end of its first sentence.
fn first_sentence(text: &str) -> &str {
    let end = text.char_indices().find(|&(at, mark)| {
        let after = text[at + mark.len_utf8()..].chars().next();
        // A point within a number ends nothing.
        matches!(mark, '。' | '；') || (matches!(mark, '.' | ';') && after.is_none_or(char::is_whitespace))
    });
    end.map_or(text, |(at, _)| &text[..at]).trim()
}

/// Hash of both texts, as hexadecimal.
fn fingerprint(body: &str, title: &str) -> String {
    let mut hash = Fnv::new();
    hash.add(title.as_bytes());
    hash.add(&[0]);
    hash.add(body.as_bytes());
    hash.show()
}

/// A number with at most two decimals and no superfluous zeros; 0 if it is not finite.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text that cannot be read as markup, without ends of lines.
fn in_one_line(text: &str) -> String {
    escape_xml(&text.replace('\n', " "))
}

/// One element under construction.
pub(crate) struct Element {
    tag: &'static str,
    attributes: String,
    content: String,
}

impl Element {
    pub(crate) fn new(tag: &'static str) -> Self {
        Self { tag, attributes: String::new(), content: String::new() }
    }

    /// A `<rect>` element.
    pub(crate) fn rect(rect: Rect) -> Self {
        Self::new("rect")
            .num("x", rect.x)
            .num("y", rect.y)
            .num("width", rect.width)
            .num("height", rect.height)
    }

    /// A `<text>` element whose baseline starts, centres or ends at the point.
    pub(crate) fn label(x: f64, y: f64, anchor: &str, size: f64, text: &str) -> Self {
        let element = Self::new("text").num("x", x).num("y", y).num("font-size", size);
        let element = if anchor == "start" { element } else { element.attr("text-anchor", anchor) };
        element.text(text)
    }

    pub(crate) fn attr(mut self, name: &str, value: &str) -> Self {
        self.attributes.push(' ');
        self.attributes.push_str(name);
        self.attributes.push_str("=\"");
        self.attributes.push_str(&in_one_line(value));
        self.attributes.push('"');
        self
    }

    pub(crate) fn num(mut self, name: &str, value: f64) -> Self {
        // Writing to a String cannot fail.
        let _ = write!(self.attributes, " {name}=\"{}\"", number(value));
        self
    }

    /// Adds an attribute only if there is a value.
    pub(crate) fn maybe(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    pub(crate) fn bold(self) -> Self {
        self.attr("font-weight", "bold")
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.content.push_str(&in_one_line(text));
        self
    }

    /// The same, and the ends of lines stay.
    pub(crate) fn text_lines(mut self, text: &str) -> Self {
        self.content.push_str(&escape_xml(text));
        self
    }

    pub(crate) fn open(&self, out: &mut String) {
        let _ = write!(out, "<{}{}>", self.tag, self.attributes);
    }

    pub(crate) fn write(&self, out: &mut String) {
        if self.content.is_empty() {
            let _ = writeln!(out, "<{}{}/>", self.tag, self.attributes);
        } else {
            let _ = writeln!(out, "<{0}{1}>{2}</{0}>", self.tag, self.attributes, self.content);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_escaped() {
        let mut out = String::new();
        Element::new("text").attr("class", "a\"b").text("<script>&\"'\u{7}").write(&mut out);
        assert_eq!(out, "<text class=\"a&quot;b\">&lt;script&gt;&amp;&quot;&#39; </text>\n");
    }

    #[test]
    fn a_figure_without_a_title_is_named_by_what_it_shows() {
        let named = |title: &str, said: &str| {
            let svg = Svg::document(&Theme::screen(), (10.0, 10.0), title, said, "");
            svg.as_str().split_once("</title>").unwrap().0.rsplit_once('>').unwrap().1.to_owned()
        };
        assert_eq!(named("Paths", "Ignored."), "Paths");
        assert_eq!(
            named(" ", "Path diagram: 2 constructs, 1 paths. A → B: .31;"),
            "Path diagram: 2 constructs, 1 paths"
        );
        assert_eq!(named("", "路径图：2 个构念，1 条路径。A → B: .31；"), "路径图：2 个构念，1 条路径");
        assert_eq!(named("", "β: A .31; B .2;"), "β: A .31");
    }

    #[test]
    fn numbers_are_short_and_finite() {
        assert_eq!(number(1.0), "1");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(2.345_6), "2.35");
        assert_eq!(number(f64::NAN), "0");
        assert_eq!(number(100.0), "100");
    }

    #[test]
    fn a_journal_figure_is_scaled_to_its_width() {
        let svg = Svg::document(&Theme::journal(), (2000.0, 1000.0), "t", "d", "");
        assert!(svg.as_str().contains("width=\"174mm\" height=\"87mm\""), "{svg}");
        assert!((svg.width() - 657.64).abs() < 0.01);
    }
}
