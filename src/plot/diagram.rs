//! The path diagram: constructs, their items and the paths between them.
//!
//! Constructs stand in layers by causal order, causes before effects; items stand outside, in the order of
//! the questionnaire; coefficients stand on white plates on their paths, where they touch nothing else.
//! A dashed grey line is a path that is not significant, dash-dot a negative one; width follows |β|.

use super::arrange::Arrangement;
use super::layout::Layout;
use super::{Language, PlotError, Svg, Theme, draw};
use crate::table::apa;

/// A path diagram.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Diagram {
    /// Title above the figure; also its accessible name.
    pub title: String,
    /// The constructs, in the order of the model.
    pub nodes: Vec<Node>,
    /// The paths.
    pub edges: Vec<Edge>,
    /// Which way causes lead to effects.
    pub direction: Flow,
    /// Whether items are drawn.
    pub show_items: bool,
    /// Text under the legend, such as the meaning of stars; may be empty.
    pub note: String,
    /// Language of the legend.
    pub language: Language,
    /// Whether paths are curves or run along the axes.
    pub lines: Lines,
    /// Effects on paths, drawn onto the path that they change.
    pub moderations: Vec<Moderation>,
    /// What the width of paths stands for; β if empty.
    pub measure: String,
    /// Names of constructs in place of their labels, which a key below explains; everything stands closer together.
    pub codes: bool,
    /// Where the centres of constructs stand, by name; all others find their own place.
    pub arrangement: Arrangement,
}

/// How paths run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lines {
    /// Smooth curves.
    #[default]
    Curved,
    /// Along the axes, with corners.
    Orthogonal,
}

/// The effect of a moderator: an arrow from a construct onto a path.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moderation {
    /// Index of the moderator in [`Diagram::nodes`].
    pub moderator: usize,
    /// Index of the path in [`Diagram::edges`].
    pub edge: usize,
    /// What stands on the arrow; may be empty.
    pub label: String,
    /// The coefficient of the product term.
    pub value: Option<f64>,
    /// `Some(false)` draws the arrow grey and dashed.
    pub significant: Option<bool>,
    /// Further numbers, line by line, for those who point at it.
    pub details: String,
}

/// Which way a diagram runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    /// The direction in which the text stays larger on the theme's page; left to right on a screen.
    #[default]
    Auto,
    /// Causes on the left.
    LeftToRight,
    /// Causes on top.
    TopToBottom,
}

/// A construct.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// Name in the model.
    pub name: String,
    /// What the figure shows; the name if empty. Long texts wrap.
    pub label: String,
    /// What kind of construct it is.
    pub shape: Shape,
    /// A construct of constructs, drawn with a double border.
    pub higher_order: bool,
    /// Explained variance, shown under the label.
    pub r_squared: Option<f64>,
    /// What stands under the label in place of R²; may be empty.
    pub explained: String,
    /// Which way item arrows point.
    pub arrows: ItemArrows,
    /// The items, in the order of the questionnaire.
    pub items: Vec<Item>,
    /// Further numbers, line by line, for those who point at it.
    pub details: String,
}

/// The outline that tells the kind of construct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub enum Shape {
    /// A common factor: an ellipse.
    #[default]
    Factor,
    /// A composite: a hexagon.
    Composite,
    /// A construct with one item: a rounded rectangle.
    SingleItem,
}

impl Shape {
    /// The word of the drawing's data.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Factor => "factor",
            Self::Composite => "composite",
            Self::SingleItem => "single",
        }
    }
}

/// Which way the arrows between a construct and its items point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ItemArrows {
    /// From the construct to its items; values are loadings.
    #[default]
    Reflective,
    /// From the items to the construct; values are weights.
    Formative,
}

/// A questionnaire item.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    /// Name in the data.
    pub name: String,
    /// Loading or weight, shown in the item's box.
    pub value: Option<f64>,
    /// `Some(false)` draws the item's arrow dashed.
    pub significant: Option<bool>,
    /// Further words and numbers, line by line, for those who point at it.
    pub details: String,
}

/// A path.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edge {
    /// Index of the cause in [`Diagram::nodes`].
    pub from: usize,
    /// Index of the effect in [`Diagram::nodes`].
    pub to: usize,
    /// What stands on the path, such as `.31***`; a line feed starts a second line; may be empty.
    pub label: String,
    /// The coefficient, which sets width and dash pattern.
    pub value: Option<f64>,
    /// `Some(false)` draws the path grey and dashed.
    pub significant: Option<bool>,
    /// What the arrow means.
    pub kind: EdgeKind,
    /// Further numbers, line by line, for those who point at it.
    pub details: String,
}

/// What an arrow between constructs means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EdgeKind {
    /// An effect of one construct on another.
    #[default]
    Path,
    /// The tie between a higher-order construct and one of its dimensions: a thin line.
    Dimension,
}

impl Node {
    /// What the figure shows.
    pub(crate) fn shown(&self) -> &str {
        if self.label.trim().is_empty() { &self.name } else { &self.label }
    }

    /// The line under the label.
    pub(crate) fn under(&self) -> Option<String> {
        if !self.explained.is_empty() {
            return Some(self.explained.clone());
        }
        let value = self.r_squared.filter(|value| value.is_finite())?;
        Some(format!("R² = {}", apa(value, 2)))
    }
}

impl Diagram {
    /// Finds a place for everything.
    ///
    /// # Errors
    /// [`PlotError::Empty`] without nodes; [`PlotError::Input`] naming every edge that starts or ends at a
    /// node that is not there, or that leads from a node to itself.
    pub fn layout(&self, theme: &Theme) -> Result<Layout, PlotError> {
        self.check()?;
        Ok(Layout::best(self, theme))
    }

    /// Draws the diagram.
    ///
    /// # Errors
    /// As [`Diagram::layout`].
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        Ok(draw::draw(self, &self.layout(theme)?, theme))
    }

    fn check(&self) -> Result<(), PlotError> {
        if self.nodes.is_empty() {
            return Err(PlotError::Empty(self.title.clone()));
        }
        let mut problems = Vec::new();
        for (at, edge) in self.edges.iter().enumerate() {
            let name = |node: usize| self.nodes.get(node).map_or("?", |node| node.name.as_str());
            if edge.from >= self.nodes.len() || edge.to >= self.nodes.len() {
                problems.push(format!(
                    "edge {at} joins the nodes {} and {}, but there are only {}",
                    edge.from,
                    edge.to,
                    self.nodes.len()
                ));
            } else if edge.from == edge.to {
                problems.push(format!("edge {at} leads from `{}` to itself", name(edge.from)));
            }
        }
        for (at, moderation) in self.moderations.iter().enumerate() {
            if moderation.moderator >= self.nodes.len() || moderation.edge >= self.edges.len() {
                problems.push(format!(
                    "moderation {at} leads from node {} to path {}, but there are {} nodes and {} paths",
                    moderation.moderator,
                    moderation.edge,
                    self.nodes.len(),
                    self.edges.len()
                ));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(PlotError::Input(problems.join("; "))) }
    }
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::super::samples;
    use super::*;

    /// Every sample with all that may stand on its paths, with and without items, lines, directions, themes.
    fn faults(plates: &[samples::Plates], directions: &[Flow]) -> Vec<String> {
        use rayon::prelude::*;
        let mut cases = Vec::new();
        for (name, diagram) in samples::all() {
            for &plates in plates {
                for &direction in directions {
                    for lines in [Lines::Curved, Lines::Orthogonal] {
                        for show_items in [true, false] {
                            let diagram = samples::with_plates(diagram.clone(), plates);
                            let diagram = Diagram { direction, show_items, lines, ..diagram };
                            cases.push((
                                format!("{name}, {plates:?}, {direction:?}, {lines:?}, items {show_items}"),
                                diagram,
                            ));
                        }
                    }
                }
            }
        }
        let found = cases.par_iter().flat_map(|(name, diagram)| {
            let themes = [("screen", Theme::screen()), ("journal", Theme::journal())];
            let found = themes.into_iter().flat_map(|(theme, look)| {
                let overlaps = diagram.layout(&look).unwrap().overlaps();
                overlaps.into_iter().map(move |overlap| format!("{name}, {theme}: {overlap}"))
            });
            found.collect::<Vec<String>>()
        });
        found.collect()
    }

    #[test]
    fn nothing_overlaps_in_any_sample() {
        use samples::Plates::{Coefficients, FourGroups, Intervals, TwoGroups};
        let found = faults(&[Coefficients, Intervals, TwoGroups, FourGroups], &[Flow::Auto]);
        assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
        let found = faults(&[Coefficients], &[Flow::LeftToRight, Flow::TopToBottom]);
        assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
    }

    #[test]
    fn a_plate_on_a_foreign_path_counts() {
        let diagram = samples::initial_trust(false);
        let mut layout = diagram.layout(&Theme::screen()).unwrap();
        let other = layout.routes[0].points[layout.routes[0].points.len() / 2];
        let plate = layout.routes[9].label.unwrap();
        layout.routes[9].label = Some(super::super::Rect::centred(other, plate.width, plate.height));
        let found = layout.overlaps();
        assert!(found.iter().any(|words| words.contains("covers path 0")), "{found:?}");
        let mut hidden = diagram.layout(&Theme::screen()).unwrap();
        hidden.routes[14].label = Some(super::super::geometry::around(&hidden.routes[14].points));
        assert!(hidden.overlaps().iter().any(|words| words.contains("hides its own path")));
    }

    #[test]
    fn paths_cross_no_more_than_they_must() {
        // What is known to be least: fans and chains need none, two complete layers of 5 and 2 need 10, of 4 and 2 need 6.
        for (name, most) in [
            ("two", 0),
            ("chain", 0),
            ("fan", 0),
            ("second-order", 0),
            ("moderated", 0),
            ("initial-trust", 10),
            ("corporate-reputation", 7),
        ] {
            for language in ["en", "zh"] {
                let name = format!("{name}-{language}");
                let diagram = samples::all().into_iter().find(|(known, _)| *known == name).unwrap().1;
                let crossings = diagram.layout(&Theme::screen()).unwrap().crossings;
                assert!(crossings <= most, "{name}: {crossings} crossings");
            }
        }
    }

    #[test]
    fn moderators_point_at_their_path() {
        let diagram = samples::moderated(false);
        let layout = diagram.layout(&Theme::screen()).unwrap();
        assert_eq!(layout.routes.len(), diagram.edges.len() + diagram.moderations.len());
        for (moderation, route) in diagram.moderations.iter().zip(&layout.routes[diagram.edges.len()..]) {
            let path = &layout.routes[moderation.edge];
            let near = path.points.iter().map(|p| p.distance(route.tip)).fold(f64::INFINITY, f64::min);
            assert!(near < 4.0, "{near}");
            assert!(route.label.is_some());
        }
        let svg = diagram.svg(&Theme::screen()).unwrap();
        assert_eq!(svg.as_str().matches("data-onto=\"0\"").count(), 3);
        assert!(svg.as_str().contains("SN × (ATT → INT): .12"));
    }

    #[test]
    fn everything_stands_inside_the_figure() {
        for (name, diagram) in samples::all() {
            let layout = diagram.layout(&Theme::screen()).unwrap();
            let page = super::super::Rect { x: 0.0, y: 0.0, width: layout.width, height: layout.height };
            for rect in layout.rects() {
                assert!((page.overlap(&rect) - rect.width * rect.height).abs() < 1e-6, "{name}: {rect:?}");
            }
        }
    }

    #[test]
    fn causes_stand_before_effects_and_items_in_order() {
        let diagram =
            Diagram { direction: Flow::LeftToRight, show_items: true, ..samples::initial_trust(false) };
        let layout = diagram.layout(&Theme::screen()).unwrap();
        for edge in &diagram.edges {
            assert!(layout.nodes[edge.from].rect.right() < layout.nodes[edge.to].rect.x);
        }
        let first: Vec<f64> =
            layout.items.iter().filter(|item| item.node == 0).map(|item| item.rect.y).collect();
        assert_eq!(first.len(), 4);
        assert!(first.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn the_same_diagram_gives_the_same_bytes() {
        for (_, diagram) in samples::all() {
            let once = diagram.svg(&Theme::screen()).unwrap();
            assert_eq!(once, diagram.svg(&Theme::screen()).unwrap());
        }
    }

    #[test]
    fn labels_cannot_smuggle_markup() {
        let mut diagram = samples::two(false);
        diagram.nodes[0].label = "<script>&\"'".to_owned();
        diagram.edges[0].label = "<b>&".to_owned();
        diagram.title = "a < b".to_owned();
        let svg = diagram.svg(&Theme::screen()).unwrap();
        assert!(!svg.as_str().contains("<script>"));
        assert!(!svg.as_str().contains("<b>"));
        assert!(svg.as_str().contains("&lt;script&gt;&amp;&quot;&#39;"));
    }

    #[test]
    fn wrong_edges_are_all_named() {
        let mut diagram = samples::two(false);
        diagram.edges[0].to = 7;
        diagram.edges.push(Edge { from: 1, to: 1, ..Edge::default() });
        let error = diagram.svg(&Theme::screen()).unwrap_err().to_string();
        assert!(error.contains("only 2") && error.contains("to itself"), "{error}");
        let empty = Diagram::default().layout(&Theme::screen());
        assert_eq!(empty, Err(PlotError::Empty(String::new())));
    }

    #[test]
    fn cycles_lone_nodes_and_strange_numbers_are_drawn() {
        let mut diagram = samples::two(false);
        diagram.edges.push(Edge { from: 1, to: 0, label: ".1".to_owned(), ..Edge::default() });
        diagram.nodes.push(Node { name: "alone".to_owned(), ..Node::default() });
        diagram.nodes[0].r_squared = Some(f64::NAN);
        diagram.edges[0].value = Some(f64::INFINITY);
        let layout = diagram.layout(&Theme::screen()).unwrap();
        assert_eq!(layout.overlaps(), Vec::<String>::new());
        assert!(!diagram.svg(&Theme::screen()).unwrap().as_str().contains("NaN"));
    }

    #[test]
    fn the_legend_names_only_what_is_drawn() {
        let mut diagram = samples::two(false);
        diagram.edges[0].significant = Some(true);
        diagram.edges[0].value = Some(0.4);
        assert!(!diagram.svg(&Theme::screen()).unwrap().as_str().contains(">Not significant<"));
        diagram.edges[0].significant = Some(false);
        assert!(diagram.svg(&Theme::screen()).unwrap().as_str().contains(">Not significant<"));
        assert!(!diagram.svg(&Theme::screen()).unwrap().as_str().contains(">Composite<"));
    }
}
