//! Published beside reproduced, as tables and as a figure.

use super::refit::{Agreement, Comparison, Quantity};
use super::study::Study;
#[cfg(feature = "plots")]
use crate::table::Language;
use crate::table::{Cell, Column, Table};

/// The comparison number by number.
pub fn comparison(study: &Study, comparisons: &[Comparison]) -> Table {
    let several_tables = study.tables.len() > 1;
    let several_models = comparisons.iter().any(|one| !one.model.is_empty());
    let mut columns = Vec::new();
    if several_tables {
        columns.push(Column::words("table", "Table"));
    }
    if several_models {
        columns.push(Column::words("model", "Model"));
    }
    columns.extend([
        Column::words("quantity", "Quantity"),
        Column::numbers("published", "Published"),
        Column::numbers("reproduced", "Reproduced"),
        Column::numbers("difference", "Difference"),
        Column::numbers("rounding", "Rounding allows"),
        Column::words("agreement", "Agreement"),
    ]);
    let mut table = Table::new("reproduction", "Published and reproduced", columns);
    for one in comparisons {
        let mut row = Vec::new();
        if several_tables {
            row.push(Cell::text(&one.table));
        }
        if several_models {
            row.push(Cell::text(&one.model));
        }
        let half = one.published.map_or(0.0, |published| published.half_unit());
        row.extend([
            Cell::text(quantity(one)),
            one.published.map_or(Cell::Blank, |p| Cell::Number {
                value: p.value,
                digits: p.digits,
                bounded: true,
            }),
            Cell::Number { value: one.reproduced, digits: 4, bounded: true },
            one.difference().map_or(Cell::Blank, |d| Cell::Number { value: d, digits: 4, bounded: true }),
            Cell::Number { value: half + one.slack, digits: 4, bounded: true },
            Cell::text(match one.agreement {
                Agreement::Same => "same",
                Agreement::Rounding => "rounding",
                Agreement::Explained => "explained",
                Agreement::Differs => "differs",
                Agreement::Unpublished => "",
            }),
        ]);
        table.push(row);
    }
    table.note(
        "same: rounds to the printed value. rounding: within what the rounding of all printed numbers allows (three standard \
         deviations). explained: differs, for the reason given. differs: by more than that.",
    );
    let mut reasons: Vec<(&str, &str)> = Vec::new();
    for one in comparisons.iter().filter(|one| one.agreement == Agreement::Explained) {
        let pair = (one.outcome.as_str(), one.why.as_str());
        if !reasons.contains(&pair) {
            reasons.push(pair);
        }
    }
    for (outcome, why) in reasons {
        table.note(format!("{outcome}: {why}."));
    }
    table
}

/// `PU → BI`, `R² of BI`.
fn quantity(one: &Comparison) -> String {
    match &one.quantity {
        Quantity::Path(from) => format!("{from} → {}", one.outcome),
        Quantity::RSquared => format!("R² of {}", one.outcome),
        Quantity::AdjustedRSquared => format!("adjusted R² of {}", one.outcome),
    }
}

/// How many numbers of a study come to which agreement, and the largest differences.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Summary {
    /// Numbers that round to the printed value.
    pub same: usize,
    /// Numbers that rounding explains.
    pub rounding: usize,
    /// Numbers that differ for a known reason.
    pub explained: usize,
    /// Numbers that differ.
    pub differs: usize,
    /// Largest difference of a path, explained ones not among them.
    pub worst_path: Option<f64>,
    /// Largest difference of an R², explained ones not among them.
    pub worst_r_squared: Option<f64>,
}

impl Summary {
    /// Of a study's comparisons.
    pub fn of(comparisons: &[Comparison]) -> Self {
        let mut out = Self::default();
        for one in comparisons {
            match one.agreement {
                Agreement::Same => out.same += 1,
                Agreement::Rounding => out.rounding += 1,
                Agreement::Explained => out.explained += 1,
                Agreement::Differs => out.differs += 1,
                Agreement::Unpublished => continue,
            }
            if one.agreement == Agreement::Explained {
                continue;
            }
            let Some(off) = one.difference().map(f64::abs) else { continue };
            let worst = match one.quantity {
                Quantity::Path(_) => &mut out.worst_path,
                Quantity::RSquared | Quantity::AdjustedRSquared => &mut out.worst_r_squared,
            };
            *worst = Some(worst.map_or(off, |known| known.max(off)));
        }
        out
    }
}

/// The path diagram of a study: published coefficients above, reproduced ones below.
#[cfg(feature = "plots")]
pub fn diagram(study: &Study, comparisons: &[Comparison], language: Language) -> crate::plot::Diagram {
    use crate::plot::{Diagram, Edge, Node};
    // The first table and, where a paper has several models, the first of them.
    let first = comparisons.first();
    let chosen: Vec<&Comparison> = comparisons
        .iter()
        .filter(|one| first.is_some_and(|first| (&first.table, &first.model) == (&one.table, &one.model)))
        .collect();
    let mut nodes: Vec<Node> = Vec::new();
    let mut place = |name: &str| {
        nodes.iter().position(|node: &Node| node.name == name).unwrap_or_else(|| {
            let label = study.label(name).to_owned();
            nodes.push(Node { name: name.to_owned(), label, ..Node::default() });
            nodes.len() - 1
        })
    };
    let mut edges = Vec::new();
    for one in &chosen {
        if let Quantity::Path(from) = &one.quantity {
            let (from, to) = (place(from), place(&one.outcome));
            let published = one.published.map_or("–".to_owned(), |published| published.show());
            let digits = one.published.map_or(2, |published| published.digits);
            let label = format!("{published}\n{}", crate::table::apa(one.reproduced, digits));
            edges.push(Edge { from, to, label, value: Some(one.reproduced), ..Edge::default() });
        }
    }
    for one in chosen.iter().filter(|one| one.quantity == Quantity::RSquared) {
        if let Some(node) = nodes.iter_mut().find(|node| node.name == one.outcome) {
            node.r_squared = Some(one.reproduced);
        }
    }
    Diagram {
        title: language.say(&study.title).into_owned(),
        nodes,
        edges,
        show_items: false,
        note: language.say("On each path: published above, reproduced below").into_owned(),
        language,
        ..Diagram::default()
    }
}
