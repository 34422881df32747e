//! Drawing a sample: the rules an item's answers must keep, and the account of what is missing.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::cell::{comma_number, number, shorten, shown};
use super::{Account, Missing, Sample, SampleSettings, Survey, SurveyError, Values, refuse_if_any};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};

/// Cells or names that a message lists before it counts the rest.
const MOST_SHOWN: usize = 5;
/// Items that are reported as missing from the data one by one.
const MOST_ABSENT: usize = 10;
/// The fourth power of a larger number, summed over a hundred million cases, is beyond what a number can hold.
const LARGEST: f64 = 1e75;
/// Two cases always correlate perfectly.
const FEWEST_CASES: usize = 3;

/// What must be known of an item to draw its answers.
#[derive(Debug, Clone, Default)]
pub(super) struct ItemSpec {
    pub(super) name: String,
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    pub(super) reverse: bool,
    pub(super) missing: Vec<f64>,
    /// Whether it stands in a path without being measured, so that the model's writer may not know it for an item.
    pub(super) observed: bool,
}

/// Draws the items from the survey; every problem is reported at once.
pub(super) fn draw(
    specs: &[ItemSpec],
    survey: &Survey,
    settings: &SampleSettings,
) -> Result<Sample, SurveyError> {
    let file = survey.file.as_str();
    let mut problems = Vec::new();
    if specs.is_empty() {
        problems.push(
            Diagnostic::error("TP0229", "there is no item to draw from the data")
                .hint("give a model with at least one measured construct"),
        );
    }
    problems.extend(absent_items(specs, survey));
    if survey.cases < FEWEST_CASES {
        problems.push(too_few(file, survey.cases, survey.cases));
    }

    let mut items: Vec<Answers<'_>> = Vec::with_capacity(specs.len());
    for spec in specs {
        let Some(column) = survey.column(&spec.name) else { continue };
        let Values::Numbers(cells) = &column.values else {
            problems.push(words_problem(spec, &column.values, survey));
            continue;
        };
        let mut item = Answers::new(spec, cells, survey.cases, settings);
        problems.extend(item.outside_range(survey));
        if let Some(problem) = item.beyond_squares(survey) {
            problems.push(problem);
            continue;
        }
        problems.extend(item.turn(file));
        problems.extend(item.unvarying(survey, None));
        items.push(item);
    }
    if !problems.is_empty() {
        problems.extend(repeated_items(&items, file));
        return Err(SurveyError::Invalid(Diagnostics(problems)));
    }

    let mut weights = match &settings.weight {
        Some(column) => Some(weight::read(column, survey)?),
        None => None,
    };
    let (account, origin) = account(&items, survey, settings.missing, weights.as_deref());
    if origin.len() < FEWEST_CASES {
        let few = too_few(file, origin.len(), survey.cases);
        let listwise = settings.missing == Missing::Listwise;
        return Err(if listwise {
            few.hint("keep cases with missing answers: `--missing mean`")
        } else {
            few
        }
        .into());
    }
    if origin.len() < survey.cases {
        for item in &mut items {
            item.keep(&origin);
            problems.extend(item.unvarying(survey, Some(origin.len())));
        }
    }
    if let Some(weights) = &mut weights {
        weight::normalise(weights, &origin);
    }
    problems.extend(repeated_items(&items, file));
    refuse_if_any(problems)?;
    Ok(Sample {
        items: specs.iter().map(|spec| spec.name.clone()).collect(),
        columns: items.into_iter().map(|item| item.values).collect(),
        origin,
        account,
        fingerprint: survey.fingerprint.clone(),
        weights,
    })
}

/// The answers to one item; NaN where one is missing.
struct Answers<'a> {
    spec: &'a ItemSpec,
    values: Vec<f64>,
    turned: bool,
}

impl<'a> Answers<'a> {
    fn new(spec: &'a ItemSpec, cells: &[Option<f64>], cases: usize, settings: &SampleSettings) -> Self {
        let codes: Vec<f64> = spec.missing.iter().chain(&settings.missing_codes).copied().collect();
        let answer = |cell: &Option<f64>| match cell {
            // Adding zero makes −0 a plain 0, so that equal answers have equal bits.
            Some(value) if !codes.contains(value) => value + 0.0,
            _ => f64::NAN,
        };
        let mut values: Vec<f64> = cells.iter().map(answer).collect();
        // A survey put together field by field may have a short column.
        values.resize(cases, f64::NAN);
        Self { spec, values, turned: false }
    }

    /// Answers below the minimum or above the maximum of the codebook.
    fn outside_range(&self, survey: &Survey) -> Option<Diagnostic> {
        let ItemSpec { name, min, max, .. } = self.spec;
        let outside = |value: f64| min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max);
        let cells: Vec<(usize, f64)> =
            self.values.iter().copied().enumerate().filter(|(_, value)| outside(*value)).collect();
        let &(first, value) = cells.first()?;
        let range = match (min, max) {
            (Some(min), Some(max)) => format!("outside {min} to {max}"),
            (Some(min), None) => format!("below {min}"),
            _ => format!("above {}", max.unwrap_or_default()),
        };
        let listed = listing(&cells, |(case, value)| format!("`{value}` in line {}", line(survey, *case)));
        let message = format!("`{name}` has answers {range}: {listed}");
        let flag =
            if value < 0.0 { format!("--missing-code={value}") } else { format!("--missing-code {value}") };
        Some(
            Diagnostic::error("TP0223", message)
                .in_file(&survey.file, Some(line(survey, first)), Some(name))
                .hint(format!("if {value} means that no answer was given: `{flag}`"))
                .hint("otherwise mend the cells, or the range in the codebook"),
        )
    }

    /// Numbers whose squares, or the squares of whose differences, are no numbers any more: moments need both, and kurtosis
    /// their squares again.
    fn beyond_squares(&self, survey: &Survey) -> Option<Diagnostic> {
        let name = &self.spec.name;
        let given = self.values.iter().copied().enumerate().filter(|(_, value)| !value.is_nan());
        let huge: Vec<(usize, f64)> = given.clone().filter(|(_, value)| value.abs() > LARGEST).collect();
        if let Some(&(first, value)) = huge.first() {
            let listed =
                listing(&huge, |(case, value)| format!("`{value:e}` in line {}", line(survey, *case)));
            let message = format!("`{name}` holds numbers beyond 1e75 in size: {listed}");
            return Some(
                Diagnostic::error("TP0232", message)
                    .in_file(&survey.file, Some(line(survey, first)), Some(name))
                    .hint(format!("if {value:e} means that no answer was given: `--missing-code={value:e}`"))
                    .hint("otherwise write the column in another unit"),
            );
        }
        let (low, high) =
            given.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, x)| (low.min(x), high.max(x)));
        (high > low && high - low < 1.0 / LARGEST).then(|| {
            Diagnostic::error("TP0232", format!("the answers to `{name}` differ by less than 1e-75"))
                .in_file(&survey.file, None, Some(name))
                .hint("write the column in another unit")
        })
    }

    /// Turns a reverse-coded item.
    fn turn(&mut self, file: &str) -> Option<Diagnostic> {
        if !self.spec.reverse {
            return None;
        }
        let (Some(min), Some(max)) = (self.spec.min, self.spec.max) else {
            let message =
                format!("`{}` is reverse-coded, but the codebook gives no `min` and `max`", self.spec.name);
            return Some(
                Diagnostic::error("TP0228", message)
                    .in_file(file, None, Some(&self.spec.name))
                    .hint("write the lowest and the highest possible answer into the codebook"),
            );
        };
        for value in &mut self.values {
            *value = min + max - *value;
        }
        self.turned = true;
        None
    }

    /// An item without an answer, or with always the same one. `kept` is the number of cases that are left.
    fn unvarying(&self, survey: &Survey, kept: Option<usize>) -> Option<Diagnostic> {
        let name = &self.spec.name;
        let cases = kept.unwrap_or(survey.cases);
        let Some(first) = self.values.iter().copied().find(|value| !value.is_nan()) else {
            let message = format!("`{name}` has no answer in any of the {cases} cases");
            return Some(
                Diagnostic::error("TP0224", message)
                    .in_file(&survey.file, None, Some(name))
                    .hint("fill the column, or leave the item out of the model"),
            );
        };
        // With one or two cases nothing can be said of variation; that there are so few is reported.
        if survey.cases < FEWEST_CASES || varies(&self.values) {
            return None;
        }
        let value = if self.turned {
            self.spec.min.unwrap_or_default() + self.spec.max.unwrap_or_default() - first
        } else {
            first
        };
        let among = match kept {
            Some(kept) => format!(" in the {kept} cases left after those with missing answers"),
            None => String::new(),
        };
        let message =
            format!("every answer to `{name}` is {value}{among}: a constant item cannot be standardised");
        let problem = Diagnostic::error("TP0225", message).in_file(&survey.file, None, Some(name));
        Some(if kept.is_some() {
            problem
                .hint("keep cases with missing answers: `--missing mean`")
                .hint("leave the item out of the model")
        } else {
            problem.hint("leave the item out of the model")
        })
    }

    fn keep(&mut self, origin: &[usize]) {
        self.values = origin.iter().map(|&case| self.values.get(case).copied().unwrap_or(f64::NAN)).collect();
    }
}

/// Counts what is missing and decides which cases stay.
fn account(
    items: &[Answers<'_>],
    survey: &Survey,
    treatment: Missing,
    weights: Option<&[f64]>,
) -> (Account, Vec<usize>) {
    let weightless = |case: usize| weights.is_some_and(|weights| weights.get(case) == Some(&0.0));
    let mut missing_of_case = vec![0_usize; survey.cases];
    let mut missing_per_item = BTreeMap::new();
    for item in items {
        let mut count = 0;
        for (of_case, value) in missing_of_case.iter_mut().zip(&item.values) {
            let missing = usize::from(value.is_nan());
            *of_case += missing;
            count += missing;
        }
        if count > 0 {
            missing_per_item.insert(item.spec.name.clone(), count);
        }
    }
    let most = match treatment {
        Missing::Mean => items.len().saturating_sub(1),
        Missing::Listwise => 0,
    };
    let origin: Vec<usize> = (0..)
        .zip(&missing_of_case)
        .filter(|(case, missing)| **missing <= most && !weightless(*case))
        .map(|(case, _)| case)
        .collect();
    let cases_empty = missing_of_case.iter().filter(|missing| **missing == items.len()).count();
    let cells_missing: usize = missing_of_case.iter().sum();
    let account = Account {
        cases_read: survey.cases,
        cases_used: origin.len(),
        cases_left_out: missing_of_case.iter().filter(|missing| **missing > most).count(),
        cases_empty,
        cases_with_missing: missing_of_case.iter().filter(|missing| **missing > 0).count(),
        cells_missing,
        cells_pairwise: 0,
        cells_imputed: match treatment {
            Missing::Mean => origin.iter().filter_map(|&case| missing_of_case.get(case)).sum(),
            Missing::Listwise => 0,
        },
        missing_per_item,
        reversed: items.iter().filter(|item| item.turned).map(|item| item.spec.name.clone()).collect(),
        cases_without_weight: (0..)
            .zip(&missing_of_case)
            .filter(|(case, missing)| **missing <= most && weightless(*case))
            .count(),
        columns_unused: survey.columns.len().saturating_sub(items.len()),
        missing: Some(treatment),
    };
    (account, origin)
}

/// Items that are no column, with the column each may have been meant for.
fn absent_items(specs: &[ItemSpec], survey: &Survey) -> Vec<Diagnostic> {
    let file = survey.file.as_str();
    let absent: Vec<&ItemSpec> = specs.iter().filter(|spec| survey.column(&spec.name).is_none()).collect();
    let is_item = |name: &str| specs.iter().any(|spec| spec.name == name);
    let names = || survey.columns.iter().map(|column| column.name.as_str());
    // A file without any of several items is another file, not one with many misspelt names.
    let near = |spec: &&ItemSpec| nearest(&spec.name, names()).is_some();
    if absent.len() == specs.len() && specs.len() > MOST_ABSENT && !absent.iter().any(near) {
        let shown: Vec<&str> = names().collect();
        let message = format!("none of the {} items of the model is a column of the data", specs.len());
        return vec![
            Diagnostic::error("TP0221", message)
                .in_file(file, None, None)
                .hint(format!("the columns are {}", listing(&shown, |name| format!("`{}`", shorten(name)))))
                .hint("is this the file of the model's answers?"),
        ];
    }
    let mut problems = Vec::new();
    for spec in absent.iter().take(MOST_ABSENT) {
        let message = if spec.observed {
            format!(
                "`{}` stands in a path, but nothing measures it, and it is not a column of the data",
                spec.name
            )
        } else {
            format!("item `{}` is not a column of the data", spec.name)
        };
        let mut problem = Diagnostic::error("TP0221", message).in_file(file, None, None);
        if spec.observed {
            problem = problem.hint(format!("measure it by items: `{0} =~ {0}1 + {0}2`", spec.name));
        }
        let lower = spec.name.to_lowercase();
        // A column that no other item of the model takes is the better guess.
        let guess = nearest(&spec.name, names().filter(|name| !is_item(name)));
        problems.push(if let Some(twin) = names().find(|name| name.to_lowercase() == lower) {
            problem.hint(format!("did you mean `{twin}`? Capital and small letters differ"))
        } else if let Some(guess) = guess.or_else(|| nearest(&spec.name, names())) {
            problem.hint(format!("did you mean `{guess}`?"))
        } else {
            let shown: Vec<&str> = names().collect();
            problem
                .hint(format!("the columns are {}", listing(&shown, |name| format!("`{}`", shorten(name)))))
        });
    }
    if let Some(rest) = absent.get(MOST_ABSENT..).filter(|rest| !rest.is_empty()) {
        let listed: Vec<String> = rest.iter().map(|spec| format!("`{}`", spec.name)).collect();
        let message = format!("further items that are not columns of the data: {}", listed.join(", "));
        problems.push(Diagnostic::error("TP0221", message).in_file(file, None, None));
    }
    problems
}

/// An item whose column holds words.
fn words_problem(spec: &ItemSpec, values: &Values, survey: &Survey) -> Diagnostic {
    let cells: Vec<(usize, String)> =
        (0..values.len()).filter_map(|case| values.show(case).map(|cell| (case, cell))).collect();
    let is_number = |cell: &str| number(cell).is_some();
    let wrong: Vec<&(usize, String)> = cells.iter().filter(|(_, cell)| !is_number(cell)).collect();
    // A column of words made by a program may look like numbers throughout.
    let wrong = if wrong.is_empty() { cells.iter().collect() } else { wrong };
    let listed = listing(&wrong, |(case, cell)| format!("{} in line {}", shown(cell), line(survey, *case)));
    let message = format!("`{}` must be numbers but holds {listed}", spec.name);
    let first = wrong.first().map(|(case, _)| line(survey, *case));
    let problem = Diagnostic::error("TP0222", message).in_file(&survey.file, first, Some(&spec.name));
    if wrong.iter().all(|(_, cell)| is_number(cell)) {
        problem.hint("these are numbers written as words: give the column as numbers")
    } else if wrong.iter().all(|(_, cell)| comma_number(cell).is_some()) {
        problem.hint("write decimal points, or separate the columns by semicolons so that decimal commas are understood")
    } else if wrong.len() * 2 > cells.len() {
        problem.hint("export answers as codes (1, 2, 3 …), not as labels")
    } else {
        problem.hint("mend these cells, or leave them empty if no answer was given")
    }
}

/// Items with the same answers in every case: they correlate perfectly.
fn repeated_items(items: &[Answers<'_>], file: &str) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut seen: HashMap<u64, Vec<&Answers<'_>>> = HashMap::new();
    for item in items.iter().filter(|item| varies(&item.values)) {
        let mut hash = DefaultHasher::new();
        item.values.iter().for_each(|value| bits(*value).hash(&mut hash));
        let alike = seen.entry(hash.finish()).or_default();
        let same = |other: &&&Answers<'_>| {
            other.values.iter().map(|value| bits(*value)).eq(item.values.iter().map(|value| bits(*value)))
        };
        let Some(first) = alike.iter().find(same) else {
            alike.push(item);
            continue;
        };
        let turned = if first.turned == item.turned { "" } else { " after reverse coding" };
        let message = format!(
            "`{}` and `{}` have identical answers in all {} cases{turned}",
            first.spec.name,
            item.spec.name,
            item.values.len()
        );
        problems.push(
            Diagnostic::error("TP0226", message)
                .in_file(file, None, Some(&item.spec.name))
                .hint("one may be a copy of the other: mend the data, or leave one of them out of the model"),
        );
    }
    problems
}

/// Whether two answers that were given differ.
fn varies(values: &[f64]) -> bool {
    let mut given = values.iter().filter(|value| !value.is_nan());
    given.next().is_some_and(|first| given.any(|value| value != first))
}

/// The same for every missing answer; answers are never −0.
fn bits(value: f64) -> u64 {
    if value.is_nan() { u64::MAX } else { value.to_bits() }
}

fn too_few(file: &str, left: usize, read: usize) -> Diagnostic {
    let cases = if left == 1 { "case" } else { "cases" };
    let of = if left < read {
        format!(" of {read} left after those with missing answers or a weight of 0")
    } else {
        String::new()
    };
    let message = format!("`{file}` has {left} {cases}{of}, and at least {FEWEST_CASES} are needed");
    let problem = Diagnostic::error("TP0227", message).in_file(file, None, None);
    if left < read {
        return problem;
    }
    problem.hint("collect more answers; `trustpath sample-size` says how many")
}

fn line(survey: &Survey, case: usize) -> usize {
    survey.lines.get(case).copied().unwrap_or(case + 1)
}

/// The first few, comma-separated, and how many more there are.
fn listing<T>(all: &[T], show: impl Fn(&T) -> String) -> String {
    let total = all.len();
    let mut text = all.iter().take(MOST_SHOWN).map(show).collect::<Vec<_>>().join(", ");
    if total > MOST_SHOWN {
        // Writing to a string cannot fail.
        let _ = write!(text, " and {} more", total - MOST_SHOWN);
    }
    text
}

mod weight;

#[cfg(test)]
mod tests;
