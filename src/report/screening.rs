//! Data and screening: what is missing, how each item was answered, which cases look careless.

use super::words::{counted, percent, thousands};
use super::{Context, Material, Section, SectionId};
use crate::assess::Thresholds;
use crate::document::Exhibit;
use crate::survey::{ItemScreen, Missing, MostMissing, Sample, Screening};
use crate::table::{Cell, Column, Language, Table, Verdict, fixed, list};

/// Beyond ±1 a distribution is called skewed or peaked (Hair et al. 2022).
const SHAPE: f64 = 1.0;

pub(super) fn section(m: &Material<'_>) -> Section {
    let mut section = Section::new(SectionId::Data);
    section.intro.push(m.fit.answers().map_or_else(
        || "The model was estimated from a table of correlations; there are no answers to screen.".to_owned(),
        |sample| account(sample, m.context),
    ));
    section.exhibits.extend(
        m.screening
            .map(|screening| exhibits(screening, m.context.language, &m.assessment.thresholds))
            .unwrap_or_default(),
    );
    section
}

/// Item statistics, and cases that look careless.
pub(super) fn exhibits(screening: &Screening, language: Language, thresholds: &Thresholds) -> Vec<Exhibit> {
    std::iter::once(items(screening, language, thresholds)).chain(careless(screening)).collect()
}

/// What happened between the file and the sample.
pub(super) fn account(sample: &Sample, context: &Context) -> String {
    let account = &sample.account;
    let from = match (context.data_file.is_empty(), context.dialect.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!(" from {}", context.data_file),
        (false, false) => format!(" from {} ({})", context.data_file, context.dialect),
    };
    let mut words = vec![format!(
        "{} read{from}, {} used, {} left out.",
        counted(account.cases_read, "case was", "cases were"),
        thousands(account.cases_used),
        thousands(account.cases_left_out)
    )];
    words.push(if account.cells_missing == 0 {
        format!("None of the {} items has a missing answer.", sample.items.len())
    } else {
        let worst = account.missing_per_item.iter().max_by_key(|(_, count)| **count);
        let treatment = match account.missing {
            Some(Missing::Listwise) => "cases with any are left out",
            _ if account.cells_pairwise == 0 => "each takes the mean of the item's answers",
            _ if account.cells_imputed == 0 => "pairs of items leave them out",
            _ => "pairs of ordinal items leave them out, others take the mean of the item's answers",
        };
        format!(
            "{} missing among {} items, in {}; {treatment}. Most are missing at {}.",
            counted(account.cells_missing, "answer is", "answers are"),
            sample.items.len(),
            counted(account.cases_with_missing, "case", "cases"),
            worst.map_or_else(String::new, |(item, count)| format!("{item} ({count})"))
        )
    });
    if !account.reversed.is_empty() {
        words.push(format!("Turned by reverse coding: {}.", list(&account.reversed, 20)));
    }
    words.join(" ")
}

fn items(screening: &Screening, language: Language, thresholds: &Thresholds) -> Exhibit {
    let mut table = Table::new(
        "screening",
        "Item statistics",
        vec![
            Column::words("item", "Item"),
            Column::words("construct", "Construct"),
            Column::numbers("missing", "Missing"),
            Column::numbers("missing_share", "%"),
            Column::numbers("mean", "Mean"),
            Column::numbers("median", "Median"),
            Column::numbers("sd", "SD"),
            Column::numbers("min", "Min"),
            Column::numbers("max", "Max"),
            Column::numbers("skewness", "Skew"),
            Column::numbers("kurtosis", "Kurtosis"),
            Column::numbers("floor", "Floor %"),
            Column::numbers("ceiling", "Ceiling %"),
            Column::numbers("item_rest", "Item-rest r"),
        ],
    );
    for item in &screening.items {
        table.push(vec![
            Cell::text(&item.item),
            Cell::text(&item.construct),
            Cell::count(item.missing),
            Cell::of(Some(item.missing_share * 100.0), 1, false),
            Cell::of(Some(item.mean), 2, false),
            Cell::of(Some(item.median), 1, false),
            Cell::of(Some(item.sd), 2, false),
            Cell::of(Some(item.min), 0, false),
            Cell::of(Some(item.max), 0, false),
            Cell::of(Some(item.skewness), 2, false),
            Cell::of(Some(item.kurtosis), 2, false),
            Cell::of(Some(item.floor_share * 100.0), 1, false),
            Cell::of(Some(item.ceiling_share * 100.0), 1, false),
            Cell::of(item.item_rest, 3, true),
        ]);
    }
    table.note(
        "Skewness and excess kurtosis of type 2. Floor and ceiling: share of the answers at the ends of the scale. \
         Item-rest r: correlation with the sum of the block's other items.",
    );
    table.note(thresholds.footnote("D07"));
    let turned = |name: &str| screening.items.iter().any(|item| item.item == name && item.reversed);
    let mut exhibit = Exhibit::new(table)
        .grouped("construct")
        .reading(reading(&screening.items))
        .labelled(|name| turned(name).then(|| language.say("turned").into_owned()));
    exhibit.judge("missing_share", |_, share| thresholds.judge("D07", Some(share / 100.0)));
    exhibit.judge("item_rest", |_, r| if r < 0.0 { Verdict::Fail } else { Verdict::Ok });
    exhibit
}

fn reading(items: &[ItemScreen]) -> String {
    let mut words = Vec::new();
    if let (Some(low), Some(high)) = (
        items.iter().min_by(|a, b| a.mean.total_cmp(&b.mean)),
        items.iter().max_by(|a, b| a.mean.total_cmp(&b.mean)),
    ) {
        words.push(format!(
            "Means run from {} ({}) to {} ({}).",
            fixed(low.mean, 2),
            low.item,
            fixed(high.mean, 2),
            high.item
        ));
    }
    let shaped: Vec<String> = items
        .iter()
        .filter(|item| item.skewness.abs() > SHAPE || item.kurtosis.abs() > SHAPE)
        .map(|item| item.item.clone())
        .collect();
    words.push(if shaped.is_empty() {
        "No item has a skewness or excess kurtosis beyond ±1.".to_owned()
    } else {
        format!("Skewness or excess kurtosis lies beyond ±1 for {}.", list(&shaped, 12))
    });
    let suspects: Vec<String> =
        items.iter().filter(|item| item.suspect_direction).map(|item| item.item.clone()).collect();
    if !suspects.is_empty() {
        words.push(format!(
            "Against the direction of {} block: {}; reverse-coded and not marked so?",
            if suspects.len() == 1 { "its" } else { "their" },
            list(&suspects, 12)
        ));
    }
    words.join(" ")
}

/// Cases that look careless, if there are any.
fn careless(screening: &Screening) -> Option<Exhibit> {
    let mut table = Table::new(
        "careless",
        "Cases to look at",
        vec![Column::numbers("line", "Line"), Column::words("reason", "Why")],
    );
    for line in &screening.straight_liners {
        table.push(vec![Cell::count(*line), Cell::text("the same answer to every item")]);
    }
    for case in &screening.sparse {
        table.push(vec![
            Cell::count(case.line),
            Cell::text(format!("{} items left out ({} %)", case.missing, percent(case.share, 0))),
        ]);
    }
    for case in &screening.repeats {
        table.push(vec![
            Cell::count(case.line),
            Cell::text(format!("repeats line {} in every item", case.first_line)),
        ]);
    }
    if table.rows.is_empty() {
        return None;
    }
    table.note(
        "Lines of the data file. Answers as given, before reverse coding. No case is left out for this.",
    );
    let (more, least) = MostMissing::bound(screening.most_missing.of_case);
    let reading = format!(
        "{} the same answer to every item, {} out {} {least} % of the items, {} an earlier case.",
        counted(screening.straight_liners.len(), "case gives", "cases give"),
        counted(screening.sparse.len(), "case leaves", "cases leave"),
        if more { "more than" } else { "at least" },
        counted(screening.repeats.len(), "case repeats", "cases repeat")
    );
    Some(Exhibit::new(table).reading(reading).folded_beyond(12))
}
