//! A screening as tables.

use super::{MostMissing, Screening};
use crate::table::{Cell, Column, Table, Verdict, apa};

/// Places that a line of the table names before it says how many more there are.
const MOST_PLACES: usize = 8;

impl Screening {
    /// One line per thing to look for, what was found first.
    pub fn suspicious(&self) -> Table {
        let screening = self;
        let mut table = Table::new(
            "suspicious",
            "Look at this first",
            vec![
                Column::words("check", "Check"),
                Column::words("verdict", "Verdict"),
                Column::numbers("found", "Found"),
                Column::words("places", "Where"),
            ],
        );
        let items = &screening.items;
        let turned = items
            .iter()
            .filter(|item| item.suspect_direction)
            .filter_map(|item| Some(format!("{} ({})", item.item, apa(item.item_rest?, 2))))
            .collect();
        let gaps = items
            .iter()
            .filter(|item| item.missing_share >= screening.most_missing.of_item)
            .map(|item| format!("{} ({:.0} %)", item.item, item.missing_share * 100.0))
            .collect();
        let lines = screening.straight_liners.iter().map(ToString::to_string).collect();
        let repeats = screening.repeats.iter().map(|r| format!("{} = {}", r.line, r.first_line)).collect();
        let sparse = screening.sparse.iter().map(|s| format!("{} ({} missing)", s.line, s.missing)).collect();
        let codes = screening
            .suspect_codes
            .iter()
            .map(|found| format!("{}: {} × in {}", found.code, found.answers, found.items.join(", ")))
            .collect();
        let from = |share: f64| {
            let (more, percent) = MostMissing::bound(share);
            format!("{} {percent} %", if more { ">" } else { "≥" })
        };
        let most = screening.most_missing;
        let checks: [(String, Vec<String>); 6] = [
            ("number like a code for missing answers".to_owned(), codes),
            ("item runs against its block".to_owned(), turned),
            ("line with one and the same answer".to_owned(), lines),
            ("line repeats an earlier one".to_owned(), repeats),
            (format!("item with {} missing", from(most.of_item)), gaps),
            (format!("line with {} missing", from(most.of_case)), sparse),
        ];
        let (found, clean): (Vec<_>, Vec<_>) = checks.into_iter().partition(|(_, places)| !places.is_empty());
        for (what, places) in found.into_iter().chain(clean) {
            let verdict = if places.is_empty() { Verdict::Ok } else { Verdict::Check };
            let mut words = places.iter().take(MOST_PLACES).cloned().collect::<Vec<_>>().join(", ");
            if places.len() > MOST_PLACES {
                words = format!("{words} and {} more", places.len() - MOST_PLACES);
            }
            table.push(vec![
                Cell::text(what),
                Cell::Verdict(verdict, String::new()),
                Cell::count(places.len()),
                Cell::text(words),
            ]);
        }
        table.note(
            "Against its block: the item correlates negatively with the sum of the others; reverse-coded, but not \
             marked `reverse` in the codebook? A code for missing answers among answers spoils everything: name it by \
             `--missing-code`, or in the codebook. Same and repeated answers are looked for before reverse coding.",
        );
        table
    }

    /// Every item in one line.
    pub fn item_table(&self) -> Table {
        let mut table = Table::new(
            "items",
            "Items",
            vec![
                Column::words("item", "Item"),
                Column::numbers("n", "n"),
                Column::numbers("missing", "Missing"),
                Column::numbers("mean", "Mean"),
                Column::numbers("sd", "SD"),
                Column::numbers("skewness", "Skew"),
                Column::numbers("kurtosis", "Kurt"),
                Column::words("range", "Range"),
                Column::numbers("floor_share", "Floor"),
                Column::numbers("ceiling_share", "Ceiling"),
                Column::numbers("item_rest", "r rest"),
                Column::words("reversed", "Reversed"),
            ],
        );
        for item in &self.items {
            table.push(vec![
                Cell::text(&item.item),
                Cell::count(item.n),
                Cell::count(item.missing),
                Cell::of(Some(item.mean), 2, false),
                Cell::of(Some(item.sd), 2, false),
                Cell::of(Some(item.skewness), 2, false),
                Cell::of(Some(item.kurtosis), 2, false),
                Cell::text(format!("{}–{}", item.min, item.max)),
                Cell::of(Some(item.floor_share), 2, true),
                Cell::of(Some(item.ceiling_share), 2, true),
                Cell::of(item.item_rest, 2, true),
                Cell::text(if item.reversed { "yes" } else { "" }),
            ]);
        }
        table.note(
            "Missing in all cases read, the rest in the cases used, after reverse coding. Skew and excess kurtosis: \
             type 2. Floor and ceiling: share of answers at the ends of the scale. r rest: correlation with the sum \
             of the other items of the construct.",
        );
        table
    }
}
