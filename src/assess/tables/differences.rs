//! Tables of programs side by side.

use crate::assess::{Comparison, Difference, Preset};
use crate::pls::PlsFit;
use crate::table::{Cell, Column, Table};

/// Numbers that two programs give different values, worst first, at most `most` of them.
pub fn differences_table(comparison: &Comparison, most: usize) -> Table {
    let (a, b) = (&comparison.a, &comparison.b);
    let mut table = Table::new(
        "differences",
        format!(
            "{a} against {b}: {} {}, {} {}",
            comparison.agree,
            if comparison.agree == 1 { "number agrees" } else { "numbers agree" },
            comparison.differences.len(),
            if comparison.differences.len() == 1 { "differs" } else { "differ" }
        ),
        vec![
            Column::words("number", "Number"),
            Column::numbers("a", a),
            Column::numbers("b", b),
            Column::numbers("difference", "Difference"),
            Column::words("causes", "Because of"),
        ],
    );
    for difference in comparison.differences.iter().take(most) {
        table.push(row(difference));
    }
    let hidden = comparison.differences.len().saturating_sub(most);
    if hidden > 0 {
        table.note(format!("{hidden} more: `--most 0` shows all."));
    }
    table
}

/// Shares smaller than three decimals show are left to JSON.
const SHOWN: f64 = 5e-4;

fn row(difference: &Difference) -> Vec<Cell> {
    let shown: Vec<_> = difference
        .causes
        .iter()
        .enumerate()
        .filter(|(i, cause)| *i == 0 || cause.by.is_none_or(|by| by.abs() >= SHOWN))
        .map(|(_, cause)| cause)
        .collect();
    // A single cause has the whole difference.
    let several = shown.len() > 1;
    let words: Vec<String> = shown
        .iter()
        .map(|cause| match cause.by {
            Some(by) if several => format!("`{}` {}", cause.setting, crate::table::fixed(by, 3)),
            _ => format!("`{}: {} → {}`", cause.setting, cause.a, cause.b),
        })
        .collect();
    vec![
        Cell::text(&difference.number),
        Cell::of(difference.a, 3, false),
        Cell::of(difference.b, 3, false),
        Cell::of(difference.difference, 3, false),
        Cell::text(words.join("; ")),
    ]
}

/// Where the settings of two programs differ, and what that does.
pub fn settings_table(comparison: &Comparison) -> Table {
    let mut table = Table::new(
        "settings",
        format!("{} against {}: settings", comparison.a, comparison.b),
        vec![
            Column::words("setting", "Setting"),
            Column::words("a", &comparison.a),
            Column::words("b", &comparison.b),
            Column::numbers("numbers", "Changes"),
            Column::words("most", "Most of all"),
            Column::numbers("by", "By"),
        ],
    );
    for setting in &comparison.settings {
        table.push(vec![
            Cell::text(format!("`{}`", setting.setting)),
            value(&setting.a),
            value(&setting.b),
            Cell::count(setting.numbers),
            Cell::text(setting.most.clone().unwrap_or_default()),
            setting.by.map_or(Cell::Blank, Cell::number),
        ]);
    }
    table.note(
        "Changed one at a time in this order, so that the shares of a number add up to its difference.",
    );
    table
}

/// The value of a setting as it is typed.
fn value(word: &str) -> Cell {
    if word == "not set" { Cell::text(word) } else { Cell::text(format!("`{word}`")) }
}

/// Paths and explained variance, one column per program.
pub fn programs_table(presets: &[Preset], fits: &[PlsFit]) -> Table {
    let mut columns = vec![Column::words("number", "Number")];
    columns.extend(presets.iter().map(|preset| Column::numbers(&preset.name, &preset.name)));
    let mut table = Table::new("paths", "Paths and explained variance", columns);
    let Some(first) = fits.first() else { return table };
    for (at, path) in first.model.paths().iter().enumerate() {
        let name = |id| &first.model.construct(id).name;
        let mut row = vec![Cell::text(format!("{} → {}", name(path.from), name(path.to)))];
        row.extend(fits.iter().map(|fit| Cell::of(fit.estimate.paths.get(at).copied(), 3, true)));
        table.push(row);
    }
    for outcome in first.r_squared().names() {
        let mut row = vec![Cell::text(format!("R² {outcome}"))];
        row.extend(fits.iter().map(|fit| Cell::of(fit.r_squared().get(outcome), 3, true)));
        table.push(row);
    }
    table
}
