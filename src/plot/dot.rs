//! The path diagram as a graph of Graphviz, for those who lay it out themselves.

use std::fmt::Write as _;

use super::diagram::{Diagram, EdgeKind, Flow, ItemArrows, Shape};
use crate::table::apa;

/// A text in quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

impl Diagram {
    /// The diagram in the language of Graphviz. Moderations lead to a point on their path.
    pub fn dot(&self) -> String {
        let rank = if self.direction == Flow::TopToBottom { "TB" } else { "LR" };
        let mut out = format!("digraph {} {{\n", quoted(&self.title));
        let _ = writeln!(
            out,
            "  rankdir={rank}; node [fontname=\"Helvetica\"]; edge [fontname=\"Helvetica\", fontsize=10];"
        );
        for (at, node) in self.nodes.iter().enumerate() {
            let shape = match node.shape {
                Shape::Factor => "ellipse",
                Shape::Composite => "hexagon",
                Shape::SingleItem => "box, style=rounded",
            };
            let r_squared = node.r_squared.filter(|value| value.is_finite());
            let below = r_squared.map_or_else(String::new, |value| format!("\nR² = {}", apa(value, 2)));
            let border = if node.higher_order { ", peripheries=2" } else { "" };
            let label = quoted(&format!("{}{below}", node.shown()));
            let _ = writeln!(out, "  c{at} [label={label}, shape={shape}{border}];");
            if !self.show_items {
                continue;
            }
            for (i, item) in node.items.iter().enumerate() {
                let value = item.value.filter(|value| value.is_finite());
                let value = value.map_or_else(String::new, |value| apa(value, 2));
                let _ = writeln!(out, "  c{at}i{i} [label={}, shape=box, fontsize=10];", quoted(&item.name));
                let (from, to) = match node.arrows {
                    ItemArrows::Reflective => (format!("c{at}"), format!("c{at}i{i}")),
                    ItemArrows::Formative => (format!("c{at}i{i}"), format!("c{at}")),
                };
                let style = if item.significant == Some(false) { ", style=dashed" } else { "" };
                let _ = writeln!(out, "  {from} -> {to} [label={}{style}];", quoted(&value));
            }
        }
        let line = |value: Option<f64>, significant: Option<bool>, kind: EdgeKind| {
            let width = match (kind, value) {
                (EdgeKind::Path, Some(value)) if value.is_finite() => 1.0 + 3.0 * value.abs().min(1.0),
                _ => 1.0,
            };
            let style = if significant == Some(false) { ", style=dashed, color=\"gray45\"" } else { "" };
            format!("penwidth={width:.2}{style}")
        };
        for (at, edge) in self.edges.iter().enumerate() {
            let look = line(edge.value, edge.significant, edge.kind);
            let label = quoted(&edge.label);
            if self.moderations.iter().any(|moderation| moderation.edge == at) {
                let _ = writeln!(out, "  m{at} [shape=point, width=0.04];");
                let _ = writeln!(out, "  c{} -> m{at} [dir=none, label={label}, {look}];", edge.from);
                let _ = writeln!(out, "  m{at} -> c{} [{look}];", edge.to);
            } else {
                let _ = writeln!(out, "  c{} -> c{} [label={label}, {look}];", edge.from, edge.to);
            }
        }
        for moderation in &self.moderations {
            let look = line(moderation.value, moderation.significant, EdgeKind::Path);
            let label = quoted(&moderation.label);
            let _ =
                writeln!(out, "  c{} -> m{} [label={label}, {look}];", moderation.moderator, moderation.edge);
        }
        out.push_str("}\n");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;

    #[test]
    fn every_construct_item_and_path_is_there_and_names_are_quoted() {
        let mut diagram = samples::two(false);
        diagram.nodes[0].label = "a\"b\\ \n".to_owned();
        let dot = diagram.dot();
        assert!(
            dot.contains("c0 [label=\"a\\\"b\\\\ \\n\"")
                && dot.contains("c0 -> c1 [label=\".31 [.22, .40]\"")
        );
        assert_eq!(dot.matches(" -> ").count(), 1 + 7);
        assert_eq!(dot.matches('{').count(), dot.matches('}').count());
    }
}
