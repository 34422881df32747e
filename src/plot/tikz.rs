//! The path diagram as a `TikZ` picture, with everything at the same place as in the SVG.

use std::fmt::Write as _;

use super::PlotError;
use super::diagram::{Diagram, Shape};
use super::draw::look;
use super::geometry::{Point, Rect};
use super::layout::Layout;
use super::theme::{MM_PER_PX, Theme, rgb};
use crate::table::tex::escape;

/// Points of TeX per px of CSS.
const POINTS: f64 = 72.27 / 96.0;

fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// A place, with y upwards.
fn at(point: Point) -> String {
    format!("({},{})", number(point.x * POINTS), number(-point.y * POINTS))
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\\\\ ")
}

fn colour(hex: &str) -> String {
    let (r, g, b) = rgb(hex);
    format!("{{rgb,255:red,{r};green,{g};blue,{b}}}")
}

/// The outline of a shape.
fn outline(shape: Shape, rect: &Rect) -> String {
    let centre = rect.centre();
    match shape {
        Shape::Factor => format!(
            "{} ellipse [x radius={}pt, y radius={}pt]",
            at(centre),
            number(rect.width / 2.0 * POINTS),
            number(rect.height / 2.0 * POINTS)
        ),
        Shape::SingleItem => format!(
            "[rounded corners=4pt] {} rectangle {}",
            at(Point::new(rect.x, rect.y)),
            at(Point::new(rect.x + rect.width, rect.y + rect.height))
        ),
        Shape::Composite => {
            let inset = (rect.height * 0.3).min(rect.width / 4.0);
            let (right, bottom) = (rect.x + rect.width, rect.y + rect.height);
            let corners = [
                Point::new(rect.x, centre.y),
                Point::new(rect.x + inset, rect.y),
                Point::new(right - inset, rect.y),
                Point::new(right, centre.y),
                Point::new(right - inset, bottom),
                Point::new(rect.x + inset, bottom),
            ];
            format!("{} -- cycle", corners.map(at).join(" -- "))
        }
    }
}

impl Diagram {
    /// The diagram as a `TikZ` picture; it needs `\usepackage{tikz}` and the library `arrows.meta`.
    ///
    /// # Errors
    /// As [`Diagram::layout`].
    pub fn tikz(&self, theme: &Theme) -> Result<String, PlotError> {
        let layout = self.layout(theme)?;
        // Shrunk as a whole, words and all, where the page is narrower.
        let fit = theme.max_width_mm.map_or(1.0, |mm| (mm / MM_PER_PX / layout.width.max(1.0)).min(1.0));
        let shrunk = if fit < 1.0 { format!("scale={fit:.4}, transform shape, ") } else { String::new() };
        let mut out = format!(
            "% \\usepackage{{tikz}} \\usetikzlibrary{{arrows.meta}}\n\\begin{{tikzpicture}}[x=1pt, y=1pt, {shrunk}\
             every node/.style={{inner sep=0pt, align=center, font=\\sffamily\\small}}]\n",
        );
        self.items(&layout, theme, &mut out);
        self.paths(&layout, theme, &mut out);
        for (node, place) in self.nodes.iter().zip(&layout.nodes) {
            let [stroke, fill] = super::draw::colours(node.shape, theme);
            let paint = |rect: &Rect, fill: &str, out: &mut String| {
                let _ = writeln!(
                    out,
                    "\\path[draw={}, fill={fill}, line width=1pt] {};",
                    colour(stroke),
                    outline(node.shape, rect)
                );
            };
            paint(&place.rect, &colour(fill), &mut out);
            if node.higher_order {
                paint(&place.rect.grown(-3.5), "none", &mut out);
            }
            let mut words = place.lines.clone();
            words.extend(place.r_squared.clone());
            let _ = writeln!(out, "\\node at {} {{{}}};", at(place.rect.centre()), lines(&words));
        }
        for route in &layout.routes {
            if let Some([from, to]) = route.leader {
                let _ = writeln!(out, "\\draw[line width=.4pt, draw=gray] {} -- {};", at(from), at(to));
            }
            if let Some(plate) = route.label {
                let size = if route.shrunk { "scriptsize" } else { "footnotesize" };
                let _ = writeln!(
                    out,
                    "\\node[fill=white, inner sep=1.5pt, font=\\sffamily\\{size}] at {} {{{}}};",
                    at(plate.centre()),
                    lines(&route.lines)
                );
            }
        }
        let note = [self.key(), self.note.clone()].join(" ");
        if !note.trim().is_empty() {
            let _ = writeln!(
                out,
                "\\node[anchor=north west, align=left, text width={}pt, font=\\sffamily\\footnotesize] at {} {{{}}};",
                number(layout.width * POINTS),
                at(Point::new(0.0, layout.height + 4.0)),
                escape(note.trim())
            );
        }
        out.push_str("\\end{tikzpicture}\n");
        Ok(out)
    }

    fn items(&self, layout: &Layout, theme: &Theme, out: &mut String) {
        for place in &layout.items {
            let item = self.nodes.get(place.node).and_then(|node| node.items.get(place.item));
            let dim = item.is_some_and(|item| item.significant == Some(false));
            let style =
                if dim { format!(", dashed, draw={}", colour(&theme.palette.muted)) } else { String::new() };
            let [start, tip] = place.arrow;
            let _ = writeln!(
                out,
                "\\draw[-{{Latex[length=4pt]}}, line width=.6pt{style}] {} -- {};",
                at(start),
                at(tip)
            );
            let rect = place.rect;
            let _ = writeln!(
                out,
                "\\draw[line width=.6pt, fill=white] {} rectangle {};",
                at(Point::new(rect.x, rect.y)),
                at(Point::new(rect.x + rect.width, rect.y + rect.height))
            );
            let value = place.value.clone().unwrap_or_default();
            let words = if place.flat {
                format!("{}\\enspace {}", lines(&place.lines), escape(&value))
            } else {
                let mut rows = place.lines.clone();
                rows.extend(place.value.clone());
                lines(&rows)
            };
            let _ =
                writeln!(out, "\\node[font=\\sffamily\\footnotesize] at {} {{{words}}};", at(rect.centre()));
        }
    }

    fn paths(&self, layout: &Layout, theme: &Theme, out: &mut String) {
        let judged = self.edges.iter().map(|edge| (edge.significant, edge.value));
        let judged = judged.chain(self.moderations.iter().map(|m| (m.significant, m.value)));
        for ((significant, value), route) in judged.zip(&layout.routes) {
            let look = look(significant, value, theme);
            let dash = look.dash.map_or_else(String::new, |dash| {
                let parts: Vec<&str> = dash.split(' ').collect();
                let pattern: Vec<String> = parts
                    .iter()
                    .enumerate()
                    .map(|(at, length)| format!("{} {length}pt", if at % 2 == 0 { "on" } else { "off" }))
                    .collect();
                format!(", dash pattern={}", pattern.join(" "))
            });
            let mut data = String::new();
            let last = route.curves.len().saturating_sub(1);
            for (i, curve) in route.curves.iter().enumerate() {
                let [a, b, c, mut d] = curve.0;
                if i == 0 {
                    data.push_str(&at(a));
                }
                if i == last {
                    d = route.tip;
                }
                let _ = write!(data, " .. controls {} and {} .. {}", at(b), at(c), at(d));
            }
            let _ = writeln!(
                out,
                "\\draw[-{{Latex[length=6pt]}}, line width={}pt, draw={}{dash}] {data};",
                number(route.stroke * POINTS),
                colour(look.colour)
            );
        }
    }
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::super::samples;
    use super::*;

    #[test]
    fn every_part_of_a_diagram_is_drawn() {
        for (name, mut diagram) in samples::all() {
            diagram.nodes[0].label = "50 % {of} $x_1$".to_owned();
            let text = diagram.tikz(&Theme::journal()).unwrap();
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{name}");
            let items: usize = diagram.nodes.iter().map(|node| node.items.len()).sum();
            assert_eq!(
                text.matches("\\draw[-{Latex").count(),
                items + diagram.edges.len() + diagram.moderations.len(),
                "{name}"
            );
            assert!(text.contains("\\%") && text.contains("\\_1\\$"), "{name}");
            assert!(!text.contains("NaN"));
        }
    }

    #[test]
    fn a_narrow_page_shrinks_the_picture() {
        let (_, diagram) = samples::all().swap_remove(0);
        let wide = Theme { max_width_mm: None, ..Theme::journal() };
        let narrow = Theme { max_width_mm: Some(20.0), ..Theme::journal() };
        assert!(!diagram.tikz(&wide).unwrap().contains("scale="));
        let text = diagram.tikz(&narrow).unwrap();
        let (_, rest) = text.split_once("scale=").unwrap();
        let scale: f64 = rest.split(',').next().unwrap().parse().unwrap();
        let width = diagram.layout(&narrow).unwrap().width * MM_PER_PX;
        assert!(
            (scale * width - 20.0).abs() < 0.01 && text.contains("transform shape"),
            "{scale} of {width}"
        );
    }
}
