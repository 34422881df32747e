//! The path diagram as a graph of Graphviz, for those who lay it out themselves.

use std::fmt::Write as _;

use super::diagram::{Diagram, EdgeKind, Flow, ItemArrows, Shape};
use super::measure::{Weight, wrap};
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

/// A text inside a field of a record, where more characters have a meaning.
fn field(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '{' | '}' | '|' | '<' | '>' | '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Fonts that pango tries in turn; the last ones have Chinese glyphs.
const FONTS: &str = "DejaVu Sans,Helvetica,Noto Sans CJK SC,Microsoft YaHei,PingFang SC";
/// Width of the lines under the graph, in px.
const NOTE: f64 = 640.0;

impl Diagram {
    /// The diagram in the language of Graphviz. Items of a construct are the fields of one record, in the order of the
    /// questionnaire; moderations lead to a point on their path.
    pub fn dot(&self) -> String {
        let rank = if self.direction == Flow::TopToBottom { "TB" } else { "LR" };
        let mut out = format!("digraph {} {{\n", quoted(&self.title));
        let font = quoted(FONTS);
        let _ = writeln!(
            out,
            "  rankdir={rank}; node [fontname={font}]; edge [fontname={font}, fontsize=10]; graph [fontname={font}, fontsize=11];"
        );
        let mut under: Vec<String> =
            Some(self.title.clone()).filter(|title| !title.is_empty()).into_iter().collect();
        under.extend(wrap(&self.note, 11.0, Weight::Regular, NOTE));
        if !under.is_empty() {
            let _ = writeln!(out, "  label={}; labelloc=b; labeljust=l;", quoted(&under.join("\n")));
        }
        for (at, node) in self.nodes.iter().enumerate() {
            let shape = match node.shape {
                Shape::Factor => "ellipse",
                Shape::Composite => "hexagon",
                Shape::SingleItem => "box, style=rounded",
            };
            let below = node.under().map_or_else(String::new, |text| format!("\n{text}"));
            let border = if node.higher_order { ", peripheries=2" } else { "" };
            let label = quoted(&format!("{}{below}", node.shown()));
            let _ = writeln!(out, "  c{at} [label={label}, shape={shape}{border}];");
            if self.show_items && !node.items.is_empty() {
                self.dot_items(at, &mut out);
            }
        }
        self.dot_paths(&mut out);
        out.push_str("}\n");
        out
    }

    /// The items of a construct: before one that nothing leads to, behind all others.
    fn dot_items(&self, at: usize, out: &mut String) {
        let Some(node) = self.nodes.get(at) else { return };
        let fields: Vec<String> = node
            .items
            .iter()
            .enumerate()
            .map(|(i, item)| {
                let value = item.value.filter(|value| value.is_finite());
                let value = value.map_or_else(String::new, |value| format!(" {}", apa(value, 2)));
                format!("<p{i}> {}{value}", field(&item.name))
            })
            .collect();
        let _ = writeln!(out, "  i{at} [shape=record, fontsize=10, label=\"{}\"];", fields.join("|"));
        let first = !self.edges.iter().any(|edge| edge.to == at);
        for (i, item) in node.items.iter().enumerate() {
            let style = if item.significant == Some(false) { ", style=dashed" } else { "" };
            let (ends, back) = if first {
                (format!("i{at}:p{i}:e -> c{at}"), node.arrows == ItemArrows::Reflective)
            } else {
                (format!("c{at} -> i{at}:p{i}:w"), node.arrows == ItemArrows::Formative)
            };
            let back = if back { ", dir=back" } else { "" };
            let _ = writeln!(out, "  {ends} [arrowsize=0.6{back}{style}];");
        }
    }

    fn dot_paths(&self, out: &mut String) {
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
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;

    #[test]
    fn every_construct_item_and_path_is_there_and_names_are_quoted() {
        let mut diagram = samples::two(false);
        diagram.nodes[0].label = "a\"b\\ \n".to_owned();
        diagram.note = "A: {group} | \"one\"".to_owned();
        let dot = diagram.dot();
        assert!(
            dot.contains("c0 [label=\"a\\\"b\\\\ \\n\"")
                && dot.contains("c0 -> c1 [label=\".31 [.22, .40]\"")
        );
        assert_eq!(dot.matches(" -> ").count(), 1 + 7);
        // In the order of the questionnaire.
        assert!(dot.contains("<p0> PU1 .") && dot.contains("|<p1> PU2 .") && dot.contains("i0:p2:e -> c0"));
        assert_eq!(dot.matches('{').count(), dot.matches('}').count());
        assert!(dot.contains("A: {group} | \\\"one\\\"\"; labelloc=b"), "{dot}");
        diagram.nodes[0].items[0].name = "a|b{c}<d>\"".to_owned();
        assert!(diagram.dot().contains("<p0> a\\|b\\{c\\}\\<d\\>\\\" ."));
    }
}
