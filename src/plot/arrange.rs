//! Arrangements: where a person put the constructs, kept in a file.
//!
//! The file is what the interactive diagram of an HTML report saves:
//!
//! ```json
//! { "trustpath_layout": 1, "nodes": { "PU": [120, 80], "ATT": [320, 80] } }
//! ```
//!
//! Numbers are the centres of the constructs in px of the drawing, to the right and downwards. A file saved from a
//! report also names its `figure`, as a diagram with items needs other places than one without.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::diagram::Diagram;
use super::geometry::{Cubic, Point, Rect, meet, sample};
use super::layout::{Layout, NodeBox, Route};
use super::route::{finished, label_size, stroke};
use super::theme::Theme;
use super::{PlotError, moderate, place, shape};

/// Version of the file's form.
const VERSION: u32 = 1;

/// Centres of constructs by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arrangement {
    places: BTreeMap<String, Point>,
    /// The figure of a report that it was saved from.
    figure: Option<String>,
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    trustpath_layout: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    figure: Option<String>,
    nodes: BTreeMap<String, [f64; 2]>,
}

impl Arrangement {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`PlotError::Input`] if it is not of the form above.
    pub fn parse(text: &str) -> Result<Self, PlotError> {
        let wrong = |reason: String| PlotError::Input(format!("the layout cannot be read: {reason}"));
        let file: File = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if file.trustpath_layout != VERSION {
            return Err(wrong(format!("its form is {}, not {VERSION}", file.trustpath_layout)));
        }
        if let Some((name, _)) = file.nodes.iter().find(|(_, at)| at.iter().any(|x| x.abs() > 1e5)) {
            return Err(wrong(format!("`{name}` lies outside of any page")));
        }
        let places = file.nodes.into_iter().map(|(name, [x, y])| (name, Point::new(x, y))).collect();
        Ok(Self { places, figure: file.figure })
    }

    /// The text of a file that says where the constructs of a layout stand.
    pub fn write(diagram: &Diagram, layout: &Layout) -> String {
        let round = |value: f64| (value * 100.0).round() / 100.0;
        let nodes = diagram
            .nodes
            .iter()
            .zip(&layout.nodes)
            .map(|(node, place)| {
                let centre = place.rect.centre();
                (node.name.clone(), [round(centre.x), round(centre.y)])
            })
            .collect();
        // Names and numbers: turning them into JSON cannot fail.
        let text = serde_json::to_string_pretty(&File { trustpath_layout: VERSION, figure: None, nodes })
            .unwrap_or_default();
        text + "\n"
    }

    /// Constructs by name with their centres.
    pub(super) fn of(places: impl Iterator<Item = (String, Point)>) -> Self {
        Self { places: places.collect(), figure: None }
    }

    /// Whether nothing is arranged.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether it is meant for the figure of a report with this name: it was saved from that one, or from none.
    pub fn is_for(&self, figure: &str) -> bool {
        let saved = self.figure.as_deref().map(|name| name.strip_prefix("figure-").unwrap_or(name));
        saved.is_none_or(|name| name == figure)
    }

    /// Names of the constructs that it places.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// Names of constructs that a diagram does not have.
    pub fn strangers(&self, diagram: &Diagram) -> Vec<String> {
        let known = |name: &String| diagram.nodes.iter().any(|node| node.name == *name);
        self.places.keys().filter(|name| !known(name)).cloned().collect()
    }
}

impl Layout {
    /// The layout with constructs where the arrangement wants them; items move along, paths run straight.
    pub(super) fn arranged(mut self, diagram: &Diagram, theme: &Theme) -> Self {
        for (at, node) in diagram.nodes.iter().enumerate() {
            let (Some(wanted), Some(place)) =
                (diagram.arrangement.places.get(&node.name), self.nodes.get_mut(at))
            else {
                continue;
            };
            let centre = place.rect.centre();
            let (dx, dy) = (wanted.x - centre.x, wanted.y - centre.y);
            place.rect = place.rect.moved(dx, dy);
            for item in self.items.iter_mut().filter(|item| item.node == at) {
                item.rect = item.rect.moved(dx, dy);
                item.arrow = item.arrow.map(|p| Point::new(p.x + dx, p.y + dy));
            }
        }
        self.routes = straight(diagram, theme, &self.nodes);
        self.routes.extend(moderate::routes(diagram, theme, &self.nodes, &self.routes));
        self.crossings = crossings(&self.routes);
        place::labels(theme, &mut self);
        self.normalise(diagram);
        self
    }
}

/// Straight paths from border to border, bent around constructs in between.
fn straight(diagram: &Diagram, theme: &Theme, nodes: &[NodeBox]) -> Vec<Route> {
    diagram
        .edges
        .iter()
        .map(|edge| {
            let (Some(from), Some(to)) = (nodes.get(edge.from), nodes.get(edge.to)) else {
                return finished(Vec::new(), 1.0, Vec::new());
            };
            let shapes =
                [edge.from, edge.to].map(|at| diagram.nodes.get(at).map(|n| n.shape).unwrap_or_default());
            // A path back beside the way there.
            let twin = diagram.edges.iter().any(|other| other.from == edge.to && other.to == edge.from);
            let bends: &[f64] = if twin { &[36.0] } else { &[0.0, 40.0, -40.0, 80.0, -80.0, 130.0, -130.0] };
            let curve = |bend: f64| {
                let (a, b) = (from.rect.centre(), to.rect.centre());
                let length = a.distance(b).max(1e-9);
                let (nx, ny) = ((b.y - a.y) / length * bend, (a.x - b.x) / length * bend);
                let middle = a.towards(b, 0.5);
                let knee = Point::new(middle.x + nx, middle.y + ny);
                let start = shape::clip(shapes[0], &from.rect, knee);
                let end = shape::clip(shapes[1], &to.rect, knee);
                if bend == 0.0 {
                    Cubic::line(start, end)
                } else {
                    Cubic([start, start.towards(knee, 0.75), end.towards(knee, 0.75), end])
                }
            };
            let hits = |curve: &Cubic| {
                let points = sample(&[*curve], 4.0);
                let others = nodes.iter().enumerate().filter(|(at, _)| *at != edge.from && *at != edge.to);
                others
                    .filter(|(_, other)| {
                        let rect: Rect = other.rect.grown(5.0);
                        points.iter().any(|&point| rect.contains(point))
                    })
                    .count()
            };
            let best = bends.iter().map(|&bend| curve(bend)).min_by_key(&hits);
            let curves = best.map(|curve| vec![curve]).unwrap_or_default();
            finished(curves, stroke(edge.kind, edge.value), label_size(&edge.label, theme).0)
        })
        .collect()
}

/// Number of pairs of paths that cross.
fn crossings(routes: &[Route]) -> usize {
    let crosses = |a: &Route, b: &Route| {
        a.points
            .windows(2)
            .any(|one| b.points.windows(2).any(|other| meet([one[0], one[1]], [other[0], other[1]])))
    };
    routes
        .iter()
        .enumerate()
        .map(|(at, route)| routes.iter().skip(at + 1).filter(|other| crosses(route, other)).count())
        .sum()
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::super::samples;
    use super::*;

    #[test]
    fn a_layout_written_and_read_puts_constructs_where_they_were() {
        for show_items in [true, false] {
            let mut diagram = Diagram { show_items, ..samples::initial_trust(false) };
            let theme = Theme::screen();
            let before = diagram.layout(&theme).unwrap();
            diagram.arrangement = Arrangement::parse(&Arrangement::write(&diagram, &before)).unwrap();
            let after = diagram.layout(&theme).unwrap();
            // The drawing may begin elsewhere, but distances between constructs stay.
            let shift = |at: usize| {
                let (a, b) = (before.nodes[at].rect.centre(), after.nodes[at].rect.centre());
                (b.x - a.x, b.y - a.y)
            };
            for at in 1..diagram.nodes.len() {
                assert!((shift(at).0 - shift(0).0).abs() < 0.02 && (shift(at).1 - shift(0).1).abs() < 0.02);
            }
        }
    }

    #[test]
    fn moved_constructs_stand_where_they_were_put() {
        let mut diagram = samples::two(false);
        let text = r#"{"trustpath_layout": 1, "nodes": {"PU": [0, 0], "ATT": [50, 400], "X": [1, 1]}}"#;
        diagram.arrangement = Arrangement::parse(text).unwrap();
        assert_eq!(diagram.arrangement.strangers(&diagram), ["X"]);
        let layout = diagram.layout(&Theme::screen()).unwrap();
        let (a, b) = (layout.nodes[0].rect.centre(), layout.nodes[1].rect.centre());
        assert!((b.x - a.x - 50.0).abs() < 1e-6 && (b.y - a.y - 400.0).abs() < 1e-6);
        assert_eq!(layout.crossings, 0);
    }

    #[test]
    fn a_layout_is_for_the_figure_that_it_was_saved_from() {
        let of = |figure: &str| {
            Arrangement::parse(&format!("{{\"trustpath_layout\": 1, {figure} \"nodes\": {{\"A\": [1, 2]}}}}"))
                .unwrap()
        };
        let whole = of("\"figure\": \"figure-path-diagram-items\",");
        assert!(whole.is_for("path-diagram-items") && !whole.is_for("path-diagram"));
        assert!(of("").is_for("path-diagram") && of("").names().eq(["A"]));
    }

    #[test]
    fn what_is_no_layout_is_refused() {
        for text in [
            "",
            "{}",
            "[1]",
            r#"{"trustpath_layout": 2, "nodes": {}}"#,
            r#"{"trustpath_layout": 1, "nodes": {"A": [1e9, 0]}}"#,
        ] {
            assert!(matches!(Arrangement::parse(text), Err(PlotError::Input(_))), "{text}");
        }
    }
}
