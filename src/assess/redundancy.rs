//! Redundancy analysis of formative blocks: convergent validity (Chin 1998; Hair et al. 2022, chapter 5).
//!
//! * [`global_item_redundancy`], the textbook's: the path from the block, with regression weights, to a single item that
//!   asks for the whole. For such a pair of constructs Mode B weights are the regression of the item on the block, so the
//!   path is the multiple correlation `√(r'R⁻¹r)`; at least .70 is asked for.
//! * [`mode_a_redundancy`], what cSEM offers without such an item: the model is estimated again with the block's weights
//!   by Mode A, and the two scores of the block are correlated.

use std::collections::BTreeMap;

use serde::Serialize;

use super::thresholds::Thresholds;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::model::{Construct, Kind, Mode, Model};
use crate::moments::Moments;
use crate::pls::{Estimate, Pls, PlsError, PlsFit, Weighting};
use crate::stats::linear;
use crate::survey::{Missing, Sample, SampleSettings, Survey, SurveyError};
use crate::table::{Cell, Column, Table, Vector};

/// A column of the survey that asks for the whole of a construct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlobalItem {
    /// The construct.
    pub construct: String,
    /// The column.
    pub item: String,
}

/// Redundancy analysis of one block.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Redundancy {
    /// The construct.
    pub construct: String,
    /// Its global item, if one is named.
    pub global_item: Option<String>,
    /// Path from the block to the global item.
    pub path: Option<f64>,
    /// Its square.
    pub r_squared: Option<f64>,
    /// Correlation of the block's score with its score by Mode A; see [`mode_a_redundancy`].
    pub mode_a: Option<f64>,
}

/// Redundancy analysis of every block weighted by regression, and of those that a global item is named for.
///
/// # Errors
/// `TP0453` where a global item names no block of several items, a common factor, no other column than the block's own, or
/// there are no answers; what is wrong with the answers to it.
pub fn redundancy(
    fit: &PlsFit,
    survey: Option<&Survey>,
    globals: &[GlobalItem],
) -> Result<Vec<Redundancy>, Diagnostics> {
    let mut problems = Vec::new();
    let mut paths = BTreeMap::new();
    for global in globals {
        match path_to(fit, survey, global) {
            Ok(path) => {
                paths.insert(global.construct.clone(), (global.item.clone(), path));
            }
            Err(found) => problems.extend(found.0),
        }
    }
    if !problems.is_empty() {
        return Err(Diagnostics(problems));
    }
    let one = |construct: &Construct| {
        let (home, j) = home(fit, &construct.name)?;
        let block = &home.plan.blocks[j];
        let found = paths.get(&construct.name);
        let formative = block.mode == Mode::B && block.len > 1;
        if !formative && found.is_none() {
            return None;
        }
        let path = found.map(|(_, path)| *path);
        Some(Redundancy {
            construct: construct.name.clone(),
            global_item: found.map(|(item, _)| item.clone()),
            path,
            r_squared: path.map(|path| path * path),
            mode_a: mode_a_score(home, j).filter(|_| block.mode == Mode::B),
        })
    };
    Ok(fit.written().constructs().iter().filter_map(one).collect())
}

/// The stage that weighs the items of a construct, or its components, and its place there; products have none.
fn home<'a>(fit: &'a PlsFit, name: &str) -> Option<(&'a PlsFit, usize)> {
    let construct = fit.written().constructs().iter().find(|construct| construct.name == name)?;
    let at = |fit: &'a PlsFit| Some((fit, fit.constructs().iter().position(|known| known == name)?));
    match (construct.factors(), construct.components()) {
        (Some(_), _) => None,
        (None, None) => at(fit.first_stage()),
        // Where products are found by moments, the last stage weighs nothing.
        (None, Some(_)) if fit.is_by_moments() => fit.earlier().last().and_then(at),
        (None, Some(_)) => at(fit),
    }
}

/// The path from a block to its global item: both drawn from the survey as the settings have it, the block weighted by
/// regression.
fn path_to(fit: &PlsFit, survey: Option<&Survey>, global: &GlobalItem) -> Result<f64, Diagnostics> {
    let refuse = |message: String| Diagnostic::error("TP0453", message);
    let Some(survey) = survey else {
        return Err(refuse("a global item needs the answers, not only their correlations".to_owned())
            .hint("give the survey file in place of the correlation table")
            .into());
    };
    let GlobalItem { construct, item } = global;
    let names = fit.written().construct_names();
    let Some((home, j)) = home(fit, construct) else {
        let problem = refuse(format!("`{construct}` is not a construct of this model"));
        return Err(match nearest(construct, names.iter().map(String::as_str)) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem,
        }
        .into());
    };
    let block = &home.plan.blocks[j];
    let items = home.moments.items.get(block.start..block.start + block.len).unwrap_or_default();
    if items.len() < 2 {
        return Err(refuse(format!("`{construct}` has a single item, which cannot be redundant"))
            .hint("leave its `--global` out: a single item asks for the whole already")
            .into());
    }
    if home.model.constructs()[j].kind == Kind::Reflective && block.mode != Mode::B {
        return Err(refuse(format!(
            "`{construct}` is a common factor (`=~`), and redundancy judges blocks that form their construct"
        ))
        .hint("leave its `--global` out: AVE and reliability judge a common factor")
        .hint(format!("or, if its items form it, write `{construct} <~ …`"))
        .into());
    }
    if items.contains(item) {
        return Err(refuse(format!("`{item}` is an item of `{construct}` itself"))
            .hint("a global item stands outside the block and asks for the whole")
            .into());
    }
    if survey.column(item).is_none() {
        let problem = refuse(format!("the survey has no column `{item}`"));
        return Err(match nearest(item, survey.columns.iter().map(|column| column.name.as_str())) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint("a global item is a column of the data file: `--global VEN=ven_overall`"),
        }
        .into());
    }
    if home.model.constructs()[j].components().is_some() {
        let columns = home.sample.as_ref().and_then(|s| s.columns.get(block.start..block.start + block.len));
        return path_of_components(fit, survey, item, columns.unwrap_or_default());
    }
    let text = format!(
        "redundancy_block <~ {}\nredundancy_global =~ {item}\nredundancy_global ~ redundancy_block",
        items.join(" + ")
    );
    let mut model = Model::parse(&text).map_err(|_| {
        refuse(format!("`{item}` cannot stand in a model: rename the column to letters, digits, `.` and `_`"))
    })?;
    model.codebook = fit.model.codebook.clone();
    let settings = Pls {
        consistent: false,
        mode: None,
        weighting: Weighting::PlsPm,
        composite_mode: Mode::B,
        fixed_weights: BTreeMap::default(),
        start_weights: BTreeMap::default(),
        reliabilities: BTreeMap::default(),
        instruments: BTreeMap::default(),
        ..fit.settings.clone()
    };
    let found = settings.fit(&model, survey).map_err(|error| match error {
        PlsError::Invalid(problems) | PlsError::Survey(SurveyError::Invalid(problems)) => problems,
        other => refuse(other.to_string()).into(),
    })?;
    Ok(found.estimate.paths.first().copied().unwrap_or(f64::NAN))
}

/// The same for a construct of constructs, whose items are the scores of its components.
fn path_of_components(
    fit: &PlsFit,
    survey: &Survey,
    item: &str,
    components: &[Vec<f64>],
) -> Result<f64, Diagnostics> {
    let refuse = |message: String| Diagnostics::from(Diagnostic::error("TP0453", message));
    let Some(sample) = fit.answers() else {
        return Err(refuse("a global item needs the answers, not only their correlations".to_owned()));
    };
    // Beside another item, because a model is more than one construct.
    let other = sample.items.iter().find(|name| *name != item).cloned().unwrap_or_default();
    let text = format!(
        "redundancy_other =~ {other}\nredundancy_global =~ {item}\nredundancy_global ~ redundancy_other"
    );
    let mut model = Model::parse(&text).map_err(|_| {
        refuse(format!("`{item}` cannot stand in a model: rename the column to letters, digits, `.` and `_`"))
    })?;
    model.codebook = fit.model.codebook.clone();
    let settings = SampleSettings { missing: Missing::Mean, ..fit.settings.data.clone() };
    let drawn = Sample::draw(&model, survey, &settings).map_err(|error| match error {
        SurveyError::Invalid(problems) => problems,
        other => refuse(other.to_string()),
    })?;
    let answers = drawn.columns.last().map(Vec::as_slice).unwrap_or_default();
    let of: BTreeMap<usize, f64> = drawn.origin.iter().copied().zip(answers.iter().copied()).collect();
    let global = sample.origin.iter().map(|case| of.get(case).copied().unwrap_or(f64::NAN)).collect();
    let columns: Vec<Vec<f64>> = components.iter().cloned().chain([global]).collect();
    let items = (0..columns.len()).map(|i| i.to_string()).collect();
    let moments = Moments::of(&Sample { items, columns, ..Sample::clone(sample) });
    let block: Vec<usize> = (0..components.len()).collect();
    Ok(global_item_redundancy(&moments, &block, components.len()).unwrap_or(f64::NAN))
}

/// Redundancy analyses as a table.
pub fn redundancy_table(found: &[Redundancy], thresholds: &Thresholds) -> Table {
    let mut table = Table::new(
        "redundancy",
        "Redundancy analysis of formative blocks",
        vec![
            Column::words("construct", "Construct"),
            Column::words("global_item", "Global item"),
            Column::numbers("path", "Path"),
            Column::numbers("r_squared", "R²"),
            Column::words("verdict", "Verdict"),
            Column::numbers("mode_a", "r with Mode A score"),
        ],
    );
    for one in found {
        let cell = |x: Option<f64>| Cell::of(x, 3, true);
        table.push(vec![
            Cell::text(&one.construct),
            Cell::text(one.global_item.clone().unwrap_or_default()),
            cell(one.path),
            cell(one.r_squared),
            match one.path {
                Some(path) => Cell::Verdict(thresholds.judge("F01", Some(path)), String::new()),
                None => Cell::NotApplicable("no global item".to_owned()),
            },
            cell(one.mode_a),
        ]);
    }
    if found.is_empty() {
        table.note("No block of several items is weighted by regression, and no global item is named.");
    } else {
        table.note(thresholds.footnote("F01"));
        table.note("Name a column that asks for the whole in one item: `--global CONSTRUCT=COLUMN`.");
        table.note(
            "r with Mode A score: the same items weighted by correlation, for want of a global item (cSEM); near 1 by \
             nature, and no evidence of validity.",
        );
    }
    table
}

/// Path from a formative block to a global single item, by their positions in the moments; `None` where the block is
/// empty or collinear, or a position does not exist.
pub fn global_item_redundancy(moments: &Moments, block: &[usize], global: usize) -> Option<f64> {
    if block.is_empty() || block.iter().chain([&global]).any(|&i| i >= moments.len()) {
        return None;
    }
    linear::regress(|a, b| moments.r(a, b), block, global).map(|(_, r2)| r2.max(0.0).sqrt())
}

/// Per Mode B block the correlation of its score with its score by Mode A, everything else being equal. A block without
/// such an estimate is not applicable.
pub fn mode_a_redundancy(fit: &PlsFit) -> Vector {
    let names = fit.constructs();
    let formative = (0..names.len()).filter(|&j| fit.plan.blocks[j].mode == Mode::B);
    Vector::from_pairs(formative.map(|j| (names[j].clone(), mode_a_score(fit, j).unwrap_or(f64::NAN))))
}

fn mode_a_score(fit: &PlsFit, j: usize) -> Option<f64> {
    let mut plan = (*fit.plan).clone();
    plan.blocks.get_mut(j)?.mode = Mode::A;
    let mut estimate = Estimate::default();
    estimate.run(&plan, &fit.moments.correlation).ok()?;
    let block = &fit.plan.blocks[j];
    let items = block.start..block.start + block.len;
    let pairs = items.clone().flat_map(|a| items.clone().map(move |b| (a, b)));
    Some(pairs.map(|(a, b)| fit.estimate.weights[a] * fit.moments.r(a, b) * estimate.weights[b]).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_to_a_global_item_is_a_multiple_correlation() {
        let moments = Moments {
            items: ["a", "b", "g"].map(str::to_owned).to_vec(),
            cases: 100,
            mean: vec![0.0; 3],
            sd: vec![1.0; 3],
            correlation: vec![1.0, 0.0, 0.6, 0.0, 1.0, 0.3, 0.6, 0.3, 1.0],
        };
        let path = global_item_redundancy(&moments, &[0, 1], 2);
        assert!(path.is_some_and(|r| (r - 0.45_f64.sqrt()).abs() < 1e-14));
        assert_eq!(global_item_redundancy(&moments, &[0, 7], 2), None);
        assert_eq!(global_item_redundancy(&moments, &[], 2), None);
    }
}
