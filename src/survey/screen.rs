//! What a careful reader looks at before any estimate: every item's answers, and cases that look careless.
//!
//! All statistics are of the [`Sample`]: after missing codes and reverse coding, each item on the answers that
//! were given. Two things look at the answers as they stand in the file, before reverse coding, because that is
//! where carelessness shows: straight-lining and repeated rows.
//!
//! Skewness and kurtosis are of type 2 (G₁ and G₂, as spreadsheets and SPSS print them) with type 1 beside
//! them; kurtosis is always *excess* kurtosis, 0 for a normal distribution.
//!
//! The item-rest correlation sets an item against the sum of the other items of its block, computed from
//! pairwise covariances so that no case is lost: r = Σⱼ cᵢⱼ / √(cᵢᵢ Σⱼₖ cⱼₖ). A negative one usually means a
//! reverse-coded item that the codebook does not mark.

use std::collections::HashMap;

use serde::Serialize;

use super::{Account, Sample, SampleSettings, Survey, SurveyError, SuspectCode};
use crate::model::Model;
use crate::stats::describe;

/// From which share of missing answers on an item or a case is worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MostMissing {
    /// Of the answers to an item.
    pub of_item: f64,
    /// Of the items that a case answers.
    pub of_case: f64,
}

impl MostMissing {
    /// A share from which on something is worth a look, in percent, and whether only more than it is.
    pub(crate) fn bound(share: f64) -> (bool, f64) {
        // A share that is still fine has the next number as the first that is not.
        let more = share.next_down().to_string().len() < share.to_string().len();
        let shown = if more { share.next_down() } else { share };
        (more, (shown * 1e6).round() / 1e4)
    }
}

/// 5 % of an item's answers, more than 15 % of a case's (Hair et al., 2017, ch. 2).
impl Default for MostMissing {
    fn default() -> Self {
        Self { of_item: 0.05, of_case: 0.15_f64.next_up() }
    }
}

/// Answers are counted one by one if there are at most this many different ones.
const MOST_LEVELS: usize = 15;

/// One item. Numbers that need more answers than there are (a mean of none, a shape of two) are NaN, which is `null` in JSON and
/// n/a in tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemScreen {
    /// Its name.
    pub item: String,
    /// The construct it measures.
    pub construct: String,
    /// Answers given, in the cases used.
    pub n: usize,
    /// Missing answers, in all cases read.
    pub missing: usize,
    /// Share of missing answers, in all cases read.
    pub missing_share: f64,
    /// Mean.
    pub mean: f64,
    /// Median.
    pub median: f64,
    /// Standard deviation, divisor n − 1.
    pub sd: f64,
    /// Lowest answer.
    pub min: f64,
    /// Highest answer.
    pub max: f64,
    /// Lowest possible answer, by the codebook.
    pub scale_min: Option<f64>,
    /// Highest possible answer, by the codebook.
    pub scale_max: Option<f64>,
    /// Skewness, type 2.
    pub skewness: f64,
    /// Skewness, type 1.
    pub skewness_type1: f64,
    /// Excess kurtosis, type 2.
    pub kurtosis: f64,
    /// Excess kurtosis, type 1.
    pub kurtosis_type1: f64,
    /// How often each answer was given, from the lowest to the highest. Only for whole numbers with at most 15
    /// different answers; with a codebook range of at most 15 steps, answers that nobody gave count 0.
    pub frequencies: Option<Vec<(i64, usize)>>,
    /// Share of the answers at the bottom of the scale (of the codebook; else the lowest given).
    pub floor_share: f64,
    /// Share of the answers at the top of the scale.
    pub ceiling_share: f64,
    /// Whether the item was turned by reverse coding.
    pub reversed: bool,
    /// Correlation with the sum of the other items of its block; `None` for an item alone in its block.
    pub item_rest: Option<f64>,
    /// Whether the item-rest correlation is negative: reverse-coded, but not marked so?
    pub suspect_direction: bool,
}

/// A case that leaves out many items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseSparse {
    /// Its line in the file.
    pub line: usize,
    /// Items left out.
    pub missing: usize,
    /// Their share of the model's items.
    pub share: f64,
}

/// A case with the same answers as an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseRepeat {
    /// Its line in the file.
    pub line: usize,
    /// The line of the first case with these answers.
    pub first_line: usize,
}

/// The answers as a careful reader would check them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Screening {
    /// Every item, in the model's order.
    pub items: Vec<ItemScreen>,
    /// From where on missing answers count as many.
    pub most_missing: MostMissing,
    /// Cases used that leave out many of the items.
    pub sparse: Vec<CaseSparse>,
    /// Lines of the cases that give one and the same answer (before reverse coding) to every item they answer,
    /// two at least.
    pub straight_liners: Vec<usize>,
    /// Cases whose answers, missing ones included, are those of an earlier case in every item.
    pub repeats: Vec<CaseRepeat>,
    /// Numbers that most likely say that an answer is missing, and were taken for answers.
    pub suspect_codes: Vec<SuspectCode>,
    /// What missing answers touched.
    pub account: Account,
}

impl Screening {
    /// Screens a sample. The survey must be the one the sample was drawn from; it gives the lines.
    pub fn of(model: &Model, survey: &Survey, sample: &Sample) -> Self {
        Self::with(model, survey, sample, MostMissing::default())
    }

    /// [`Screening::of`] with shares of missing answers of one's own.
    pub fn with(model: &Model, survey: &Survey, sample: &Sample, most_missing: MostMissing) -> Self {
        let infos: Vec<ItemInfo> = sample
            .items
            .iter()
            .map(|name| {
                let indicator = model.indicators().iter().find(|indicator| indicator.name == *name);
                let entry = model.codebook.find(name);
                ItemInfo {
                    construct: indicator
                        .map(|indicator| model.construct(indicator.construct).name.clone())
                        .unwrap_or_default(),
                    min: entry.and_then(|entry| entry.min),
                    max: entry.and_then(|entry| entry.max),
                }
            })
            .collect();
        let lines: Vec<usize> =
            sample.origin.iter().map(|&case| survey.lines.get(case).copied().unwrap_or(case + 1)).collect();
        screen(&infos, sample, &lines, most_missing)
    }

    /// Screens every case with an answer, as [`Sample::draw_all`] draws them.
    ///
    /// # Errors
    /// As [`Sample::draw`].
    pub fn read(model: &Model, survey: &Survey, settings: &SampleSettings) -> Result<Self, SurveyError> {
        Self::read_with(model, survey, settings, MostMissing::default())
    }

    /// [`Screening::read`] with shares of missing answers of one's own.
    ///
    /// # Errors
    /// As [`Sample::draw`].
    pub fn read_with(
        model: &Model,
        survey: &Survey,
        settings: &SampleSettings,
        most_missing: MostMissing,
    ) -> Result<Self, SurveyError> {
        Ok(Self::with(model, survey, &Sample::draw_all(model, survey, settings)?, most_missing))
    }
}

/// What screening must know of an item besides its answers.
struct ItemInfo {
    construct: String,
    min: Option<f64>,
    max: Option<f64>,
}

fn screen(infos: &[ItemInfo], sample: &Sample, lines: &[usize], most_missing: MostMissing) -> Screening {
    let account = &sample.account;
    let answers: Vec<(&String, &ItemInfo, &Vec<f64>)> = sample
        .items
        .iter()
        .zip(infos)
        .zip(&sample.columns)
        .map(|((name, info), column)| (name, info, column))
        .collect();
    let items = answers
        .iter()
        .enumerate()
        .map(|(position, (name, info, column))| {
            let rest: Vec<&[f64]> = answers
                .iter()
                .enumerate()
                .filter(|(other, (_, of, _))| *other != position && of.construct == info.construct)
                .map(|(_, (_, _, column))| column.as_slice())
                .collect();
            item_screen(name, info, column, &rest, account)
        })
        .collect();

    let raw: Vec<Vec<f64>> = answers
        .iter()
        .map(|(name, info, column)| match (info.min, info.max) {
            (Some(min), Some(max)) if account.reversed.contains(name) => {
                column.iter().map(|value| min + max - value).collect()
            }
            _ => (*column).clone(),
        })
        .collect();
    let (mut sparse, mut straight_liners, mut repeats) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen: HashMap<Vec<u64>, usize> = HashMap::new();
    for (case, &line) in lines.iter().enumerate() {
        let row: Vec<f64> = raw.iter().filter_map(|column| column.get(case).copied()).collect();
        let given: Vec<f64> = row.iter().copied().filter(|value| !value.is_nan()).collect();
        let missing = row.len() - given.len();
        let share = missing as f64 / row.len() as f64;
        if share >= most_missing.of_case {
            sparse.push(CaseSparse { line, missing, share });
        }
        if given.len() > 1 && given.windows(2).all(|pair| matches!(pair, [a, b] if a == b)) {
            straight_liners.push(line);
        }
        let bits = row.iter().map(|value| if value.is_nan() { u64::MAX } else { value.to_bits() }).collect();
        let first_line = *seen.entry(bits).or_insert(line);
        if first_line != line {
            repeats.push(CaseRepeat { line, first_line });
        }
    }
    let suspect_codes = sample.suspect_codes();
    Screening {
        items,
        most_missing,
        sparse,
        straight_liners,
        repeats,
        suspect_codes,
        account: account.clone(),
    }
}

fn item_screen(
    name: &str,
    info: &ItemInfo,
    column: &[f64],
    rest: &[&[f64]],
    account: &Account,
) -> ItemScreen {
    let given: Vec<f64> = column.iter().copied().filter(|value| !value.is_nan()).collect();
    let missing = account.missing_per_item.get(name).copied().unwrap_or_default();
    let min = given.iter().copied().reduce(f64::min).unwrap_or(f64::NAN);
    let max = given.iter().copied().reduce(f64::max).unwrap_or(f64::NAN);
    let share_of =
        |answer: f64| given.iter().filter(|value| **value == answer).count() as f64 / given.len() as f64;
    let item_rest = (!rest.is_empty()).then(|| item_rest(column, rest));
    ItemScreen {
        item: name.to_owned(),
        construct: info.construct.clone(),
        n: given.len(),
        missing,
        missing_share: missing as f64 / account.cases_read as f64,
        mean: describe::mean(&given),
        median: describe::median(&given),
        sd: describe::sd(&given),
        min,
        max,
        scale_min: info.min,
        scale_max: info.max,
        skewness: describe::skewness_type2(&given),
        skewness_type1: describe::skewness(&given),
        kurtosis: describe::excess_kurtosis_type2(&given),
        kurtosis_type1: describe::kurtosis(&given) - 3.0,
        frequencies: frequencies(&given, info),
        floor_share: share_of(info.min.unwrap_or(min)),
        ceiling_share: share_of(info.max.unwrap_or(max)),
        reversed: account.reversed.iter().any(|reversed| reversed == name),
        item_rest,
        suspect_direction: item_rest.is_some_and(|r| r < 0.0),
    }
}

/// The value as a whole number, if it is one.
#[allow(clippy::cast_possible_truncation)] // Checked: whole, and far inside the range of i64.
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i64)
}

fn frequencies(given: &[f64], info: &ItemInfo) -> Option<Vec<(i64, usize)>> {
    let mut counts: Vec<(i64, usize)> = Vec::new();
    if let (Some(min), Some(max)) = (info.min.and_then(whole), info.max.and_then(whole))
        && usize::try_from(max - min).is_ok_and(|steps| steps < MOST_LEVELS)
    {
        counts.extend((min..=max).map(|level| (level, 0)));
    }
    for value in given {
        let value = whole(*value)?;
        match counts.binary_search_by_key(&value, |(level, _)| *level) {
            Ok(at) => counts.get_mut(at)?.1 += 1,
            Err(_) if counts.len() == MOST_LEVELS => return None,
            Err(at) => counts.insert(at, (value, 1)),
        }
    }
    Some(counts)
}

/// Covariance with divisor n − 1 over the cases with both answers.
fn covariance(x: &[f64], y: &[f64]) -> f64 {
    let both: Vec<(f64, f64)> =
        x.iter().copied().zip(y.iter().copied()).filter(|(x, y)| !x.is_nan() && !y.is_nan()).collect();
    let n = both.len() as f64;
    let mean_x = both.iter().map(|(x, _)| x).sum::<f64>() / n;
    let mean_y = both.iter().map(|(_, y)| y).sum::<f64>() / n;
    both.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / (n - 1.0)
}

fn item_rest(item: &[f64], rest: &[&[f64]]) -> f64 {
    let with_rest: f64 = rest.iter().map(|other| covariance(item, other)).sum();
    let of_rest: f64 = rest.iter().map(|a| rest.iter().map(|b| covariance(a, b)).sum::<f64>()).sum();
    with_rest / (covariance(item, item) * of_rest).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::SampleSettings;
    use super::super::draw::{ItemSpec, draw};
    use super::*;
    use approx::assert_relative_eq;

    /// All items `min` to `max`; the block is the name without its last character.
    fn screened(text: &str, items: &[&str], reverse: &[&str], range: (f64, f64)) -> Screening {
        let survey = Survey::from_bytes("s.csv", text.as_bytes()).unwrap();
        let specs: Vec<ItemSpec> = items
            .iter()
            .map(|name| ItemSpec {
                name: (*name).into(),
                min: Some(range.0),
                max: Some(range.1),
                reverse: reverse.contains(name),
                missing: Vec::new(),
                observed: false,
            })
            .collect();
        let sample = draw(&specs, &survey, &SampleSettings::default()).unwrap();
        let infos: Vec<ItemInfo> = items
            .iter()
            .map(|name| ItemInfo {
                construct: name.trim_end_matches(|c: char| c.is_ascii_digit()).into(),
                min: Some(range.0),
                max: Some(range.1),
            })
            .collect();
        let lines: Vec<usize> = sample.origin.iter().map(|&case| survey.lines[case]).collect();
        screen(&infos, &sample, &lines, MostMissing::default())
    }

    fn reference(name: &str) -> serde_json::Value {
        let text = std::fs::read_to_string(format!("tests/reference/{name}.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn value(table: &serde_json::Value, row: usize, col: &str) -> f64 {
        let cols = table["cols"].as_array().unwrap();
        let at = cols.iter().position(|of| of.as_str() == Some(col)).unwrap();
        table["values"][row][at].as_f64().unwrap()
    }

    #[test]
    fn every_item_of_the_built_in_study_agrees_with_the_reference() {
        let expected = reference("initial-trust-psych-describe");
        let alpha = reference("initial-trust-psych-alpha");
        let expected = &expected["expected"];
        let alpha = &alpha["expected"]["item_statistics"];
        let text = std::fs::read_to_string("data/initial-trust.csv").unwrap();
        let items: Vec<&str> = expected["describe"]["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        let screening = screened(&text, &items, &["SEC4"], (1.0, 7.0));
        assert_eq!(screening.items.len(), 43);
        for (row, item) in screening.items.iter().enumerate() {
            let describe = &expected["describe"];
            assert_eq!(item.n as f64, value(describe, row, "n"), "{}", item.item);
            // The reference's own type 1 counts missing cells into n; its type 3, (g₂ + 3) (1 − 1/n)² − 3, does not.
            let n = item.n as f64;
            let type3 = value(&expected["kurtosis_excess"], row, "type3");
            let kurtosis_type1 = (type3 + 3.0) * (n / (n - 1.0)).powi(2) - 3.0;
            for (ours, theirs) in [
                (item.mean, value(describe, row, "mean")),
                (item.sd, value(describe, row, "sd")),
                (item.median, value(describe, row, "median")),
                (item.min, value(describe, row, "min")),
                (item.max, value(describe, row, "max")),
                (item.skewness, value(&expected["skew"], row, "type2")),
                (item.skewness_type1, value(&expected["skew"], row, "type1")),
                (item.kurtosis, value(&expected["kurtosis_excess"], row, "type2")),
                (item.kurtosis_type1, kurtosis_type1),
                (item.missing as f64, expected["missing_cells"]["values"][row].as_f64().unwrap()),
            ] {
                assert_relative_eq!(ours, theirs, epsilon = 1e-9, max_relative = 1e-9);
            }
            let counts: Vec<u64> =
                item.frequencies.as_ref().unwrap().iter().map(|(_, count)| *count as u64).collect();
            let theirs = expected["frequencies"]["values"][row].as_array().unwrap();
            assert_eq!(counts, theirs.iter().map(|count| count.as_u64().unwrap()).collect::<Vec<_>>());
            let at = alpha["rows"].as_array().unwrap().iter().position(|of| of.as_str() == Some(&item.item));
            let r_drop = value(alpha, at.unwrap(), "r_drop");
            assert_relative_eq!(item.item_rest.unwrap(), r_drop, epsilon = 1e-9);
            assert!(!item.suspect_direction, "{}", item.item);
        }
        assert!(screening.items[18].reversed && screening.items[18].item == "SEC4");
    }

    #[test]
    fn a_forgotten_reverse_coded_item_is_suspected() {
        let text = std::fs::read_to_string("data/initial-trust.csv").unwrap();
        let screening = screened(&text, &["SEC1", "SEC2", "SEC3", "SEC4", "PU1"], &[], (1.0, 7.0));
        let suspects: Vec<&str> = screening
            .items
            .iter()
            .filter(|item| item.suspect_direction)
            .map(|item| item.item.as_str())
            .collect();
        assert_eq!(suspects, ["SEC4"]);
        assert_eq!(screening.items[4].item_rest, None);
    }

    #[test]
    fn careless_cases_are_listed_by_line() {
        let text = "A1,A2,A3,B1\n1,2,3,4\n5,5,5,5\n\n1,2,3,4\n2,,,1\n3,4,1,\n3,3,,3\n";
        let screening = screened(text, &["A1", "A2", "A3", "B1"], &["B1"], (1.0, 5.0));
        assert_eq!(screening.straight_liners, [3, 8]);
        assert_eq!(screening.repeats, [CaseRepeat { line: 5, first_line: 2 }]);
        let sparse: Vec<(usize, usize)> =
            screening.sparse.iter().map(|case| (case.line, case.missing)).collect();
        assert_eq!(sparse, [(6, 2), (7, 1), (8, 1)]);
        assert_relative_eq!(screening.sparse[0].share, 0.5);
    }

    #[test]
    fn floors_ceilings_and_frequencies_follow_the_scale() {
        let text = "A1,A2\n1,1.5\n1,2\n4,3\n2,4\n";
        let screening = screened(text, &["A1", "A2"], &[], (1.0, 5.0));
        let first = &screening.items[0];
        assert_eq!(first.frequencies.as_deref(), Some([(1, 2), (2, 1), (3, 0), (4, 1), (5, 0)].as_slice()));
        assert_relative_eq!(first.floor_share, 0.5);
        assert_relative_eq!(first.ceiling_share, 0.0);
        assert_eq!(screening.items[1].frequencies, None);
    }

    #[test]
    fn more_than_fifteen_answers_are_not_counted() {
        let rows: String = (0..16)
            .map(|i| [i.to_string(), ",".into(), ((i * 7) % 15).to_string(), "\n".into()].concat())
            .collect();
        let screening = screened(&format!("A1,A2\n{rows}"), &["A1", "A2"], &[], (0.0, 100.0));
        assert_eq!(screening.items[0].frequencies, None);
        assert_eq!(screening.items[1].frequencies.as_ref().map(Vec::len), Some(15));
    }
}
