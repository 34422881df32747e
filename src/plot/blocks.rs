//! The measurement model by itself: constructs with their items in columns, without paths, for pages on which the whole
//! model has no room.

use super::arrange::Arrangement;
use super::diagram::{Diagram, Flow, Node};
use super::geometry::{Point, Rect};
use super::layout::Layout;
use super::{PlotError, Theme};

/// More columns than this are never better.
const MOST_COLUMNS: usize = 6;
/// Between blocks of a column, and between columns.
const GAPS: [f64; 2] = [16.0, 30.0];

impl Diagram {
    /// Constructs with their items, without paths, in as many columns as leave the letters largest on the theme's page;
    /// none if nothing has items.
    ///
    /// # Errors
    /// As [`Diagram::layout`].
    pub fn measurement(&self, theme: &Theme) -> Result<Option<Self>, PlotError> {
        let with_items = self.nodes.iter().filter(|node| !node.items.is_empty()).cloned();
        // What paths explain, and what stars on them mean, is said where they are drawn.
        let without_paths = |node: Node| Node { r_squared: None, explained: String::new(), ..node };
        let nodes: Vec<Node> = with_items.map(without_paths).collect();
        if nodes.is_empty() {
            return Ok(None);
        }
        let alone = Self {
            nodes,
            edges: Vec::new(),
            moderations: Vec::new(),
            show_items: true,
            note: String::new(),
            direction: Flow::LeftToRight,
            arrangement: Arrangement::default(),
            ..self.clone()
        };
        let layout = alone.layout(theme)?;
        let blocks = blocks(&layout);
        let mut best: Option<(f64, Self)> = None;
        for columns in 1..=MOST_COLUMNS.min(blocks.len()) {
            let places = in_columns(&blocks, columns);
            let centres = alone.nodes.iter().zip(&layout.nodes).zip(&blocks).zip(places).map(
                |(((node, place), block), corner)| {
                    let centre = place.rect.centre();
                    (
                        node.name.clone(),
                        Point::new(corner.x + centre.x - block.x, corner.y + centre.y - block.y),
                    )
                },
            );
            let diagram = Self { arrangement: Arrangement::of(centres), ..alone.clone() };
            let letters = diagram.svg(theme)?.smallest_letters();
            if best.as_ref().is_none_or(|(most, _)| letters > *most) {
                best = Some((letters, diagram));
            }
        }
        Ok(best.map(|(_, diagram)| diagram))
    }
}

/// The rectangle around each construct and its items.
fn blocks(layout: &Layout) -> Vec<Rect> {
    let around = |(at, node): (usize, &super::NodeBox)| {
        let items = layout.items.iter().filter(|item| item.node == at);
        items.fold(node.rect, |all, item| all.union(&item.rect))
    };
    layout.nodes.iter().enumerate().map(around).collect()
}

/// Upper left corners of blocks in columns of similar height, in order.
fn in_columns(blocks: &[Rect], columns: usize) -> Vec<Point> {
    let [down, across] = GAPS;
    let total: f64 = blocks.iter().map(|block| block.height + down).sum();
    let (mut x, mut y, mut wide, mut used) = (0.0, 0.0_f64, 0.0_f64, 0.0);
    let mut column = 1;
    let mut corners = Vec::with_capacity(blocks.len());
    for block in blocks {
        let middle = used + block.height / 2.0;
        if y > 0.0 && column < columns && middle > total * column as f64 / columns as f64 {
            x += wide + across;
            (y, wide) = (0.0, 0.0);
            column += 1;
        }
        corners.push(Point::new(x, y));
        y += block.height + down;
        used += block.height + down;
        wide = wide.max(block.width);
    }
    corners
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::super::{LEGIBLE, samples};
    use super::*;

    #[test]
    fn every_item_has_a_place_that_can_be_read() {
        let theme = Theme { max_width_mm: Some(160.0), max_height_mm: Some(204.0), ..Theme::screen() };
        for (name, diagram) in samples::all() {
            let alone = diagram.measurement(&theme).unwrap().unwrap();
            let layout = alone.layout(&theme).unwrap();
            assert_eq!(layout.overlaps(), Vec::<String>::new(), "{name}");
            assert_eq!(layout.items.len(), diagram.nodes.iter().map(|node| node.items.len()).sum::<usize>());
            let letters = alone.svg(&theme).unwrap().smallest_letters();
            assert!(letters >= LEGIBLE, "{name}: {letters:.2} pt");
        }
        let bare = Diagram { nodes: vec![super::super::Node::default()], ..Diagram::default() };
        assert_eq!(bare.measurement(&theme).unwrap(), None);
    }
}
