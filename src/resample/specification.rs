//! Tables of how constructs are measured: tetrads, congruence; and of endogeneity.

use super::ResampleError;
use super::congruence::{Congruence, congruence};
use super::hausman::Hausman;
use super::measurement::{Diagonal, MeasurementTests, TetradSet};
use super::summary::Summary;
use super::tetrads::{BlockTetrads, tetrad_analysis};
use crate::assess::{Thresholds, redundancy, redundancy_table, rule};
use crate::pls::PlsFit;
use crate::survey::Survey;
use crate::table::{Cell, Column, Table, Verdict};

fn footnote(id: &str) -> String {
    rule(id).map(crate::assess::Rule::footnote).unwrap_or_default()
}

fn na(why: &str) -> Cell {
    Cell::NotApplicable(why.to_owned())
}

fn interval(ci: Option<[f64; 2]>) -> Cell {
    ci.map_or_else(|| na(""), |[low, high]| Cell::interval(low, high))
}

/// One line per construct: how many tetrads differ from 0, and what that says.
pub fn tetrads_table(blocks: &[BlockTetrads], set: TetradSet, level: f64) -> Table {
    let mut table = Table::new(
        "tetrads",
        "Confirmatory tetrad analysis (CTA-PLS)",
        vec![
            Column::words("construct", "Construct"),
            Column::words("measurement", "Weighted"),
            Column::numbers("items", "Items"),
            Column::words("borrowed", "Borrowed"),
            Column::numbers("tetrads", "Tetrads"),
            Column::numbers("excluded", "Not 0"),
            Column::numbers("excluded_bh", "Not 0 (BH)"),
            Column::words("verdict", "Reflective?"),
        ],
    );
    for block in blocks {
        let own = block.items.len() - block.borrowed;
        let borrowed = match &block.donor {
            Some(donor) => format!("{} ({donor})", block.items[own..].join(", ")),
            None => String::new(),
        };
        let tested = !block.tetrads.is_empty();
        let excluded = block.tetrads.iter().filter(|t| t.excludes_zero()).count();
        let excluded_bh = block.tetrads.iter().filter(|t| t.p_bh < 1.0 - level).count();
        let verdict = match (tested, block.rejected, block.reflective) {
            (false, ..) => na(&block.reason),
            (true, false, true) => Cell::Verdict(Verdict::Ok, String::new()),
            (true, true, true) => Cell::Verdict(Verdict::Check, "tetrads differ from 0".to_owned()),
            (true, true, false) => Cell::Verdict(Verdict::Info, "no, as modelled".to_owned()),
            (true, false, false) => Cell::Verdict(Verdict::Info, "not ruled out".to_owned()),
        };
        let count = |n: usize| if tested { Cell::count(n) } else { Cell::Blank };
        table.push(vec![
            Cell::text(&block.construct),
            Cell::text(if block.reflective { "by correlation" } else { "by regression" }),
            Cell::count(own),
            Cell::text(borrowed),
            count(block.tetrads.len()),
            count(excluded),
            count(excluded_bh),
            verdict,
        ]);
    }
    table.note(footnote("R14"));
    table.note(match set {
        TetradSet::NonRedundant => {
            "Tetrads: a non-redundant set of n(n − 3)/2; the verdict stands on Bonferroni's intervals (Gudergan et al. 2008)."
        }
        TetradSet::All => {
            "Tetrads: two of every four items; the verdict stands on Bonferroni's intervals, which are strict for so many."
        }
    });
    table.note(
        "Not 0: tetrads whose Bonferroni interval leaves 0 out. BH: whose p-value after Benjamini & Hochberg is small, which happens more often.",
    );
    table.note(
        "Borrowed: a block of three items takes one of a neighbouring reflective block, all tetrads vanishing; a block of \
         two takes two of any neighbour, of which only one tetrad vanishes. Outcomes come before predictors, larger \
         blocks before smaller. A rejection may then be due to the lender.",
    );
    let few = blocks.iter().filter_map(|block| Some((block, block.resamples_needed(level)?)));
    for (block, needed) in few {
        table.note(format!(
            "{}: bounds at Bonferroni's level of {} tetrads need at least {needed} resamples.",
            block.construct,
            block.tetrads.len()
        ));
    }
    table.note(
        "A rejection asks to think the direction of measurement over; theory decides, not the test alone.",
    );
    table
}

/// Every tetrad with its test.
pub fn tetrad_tests_table(blocks: &[BlockTetrads]) -> Table {
    let mut table = Table::new(
        "tetrad_tests",
        "Tetrads",
        vec![
            Column::words("construct", "Construct"),
            Column::words("tetrad", "Tetrad"),
            Column::numbers("original", "Value"),
            Column::numbers("sd", "SE"),
            Column::numbers("t", "t"),
            Column::numbers("p", "p"),
            Column::numbers("p_bh", "p (BH)"),
            Column::words("adjusted_ci", "Bonferroni interval"),
            Column::words("verdict", "0 inside"),
        ],
    );
    for block in blocks {
        for t in &block.tetrads {
            let s = |f: fn(&Summary) -> Option<f64>| t.summary.as_ref().and_then(f);
            table.push(vec![
                Cell::text(&block.construct),
                Cell::text(&t.name),
                Cell::of(s(|s| Some(s.original)), 3, false),
                Cell::of(s(|s| s.sd), 3, false),
                Cell::of(s(|s| s.t), 2, false),
                t.p_cell(),
                Cell::Probability(t.p_bh),
                interval(t.adjusted_ci),
                match t.adjusted_ci {
                    None => na(""),
                    Some(_) if t.excludes_zero() => Cell::Verdict(Verdict::Check, String::new()),
                    Some(_) => Cell::Verdict(Verdict::Ok, String::new()),
                },
            ]);
        }
    }
    table.note("Tetrads of covariances; intervals at Bonferroni's level within the construct, shifted by the bootstrap's bias.");
    table.note("p: twice the smaller share of resamples on one side of 0; where there is none, below what so many can tell.");
    table
}

/// Congruence of all pairs, the most congruent first.
pub fn congruence_table(pairs: &[Congruence], diagonal: Diagonal, level: f64) -> Table {
    let mut table = Table::new(
        "congruence",
        "Congruence of constructs",
        vec![
            Column::words("pair", "Pair"),
            Column::numbers("congruence", "Congruence"),
            Column::numbers("sd", "SE"),
            Column::interval("ci", level),
            Column::numbers("distance", "1 − |c|"),
            Column::numbers("t", "t"),
            Column::words("verdict", "Verdict"),
        ],
    );
    let mut sorted: Vec<&Congruence> = pairs.iter().collect();
    sorted.sort_by(|a, b| b.congruence.abs().total_cmp(&a.congruence.abs()));
    for pair in sorted {
        let bounds =
            pair.summary.map(|s| [s.low, s.high]).filter(|bounds| bounds.iter().all(|x| x.is_finite()));
        table.push(vec![
            Cell::text(format!("{} ↔ {}", pair.from, pair.to)),
            Cell::bounded(pair.congruence),
            Cell::of(pair.summary.and_then(|s| s.sd), 3, true),
            interval(bounds),
            Cell::bounded(pair.distance),
            Cell::of(pair.t, 2, false),
            match bounds {
                None => na("nothing varies"),
                // No coefficient exceeds 1 in size, so that an interval never holds it; a t-value tells how far it stays below.
                Some([low, high]) => {
                    let near = low.abs().max(high.abs()) > 1.0 - 1e-9 || pair.t.is_none_or(|t| t < 1.645);
                    Cell::Verdict(if near { Verdict::Fail } else { Verdict::Ok }, String::new())
                }
            },
        ]);
    }
    table.note(footnote("R15"));
    table.note(match diagonal {
        Diagonal::RhoA => "Construct score correlations with ρA on the diagonal (as SmartPLS).",
        Diagonal::Unit => "Construct score correlations with 1 on the diagonal.",
    });
    table.note("t: distance from 1 over its standard error, one-sided at 5 % from 1.645 on: below, the two may be one.");
    table
}

/// The regressions of Hausman's test.
pub fn hausman_table(tests: &[Hausman]) -> Table {
    let mut table = Table::new(
        "hausman",
        "Hausman test of endogeneity",
        vec![
            Column::words("outcome", "Outcome"),
            Column::words("term", "Term"),
            Column::numbers("estimate", "Estimate"),
            Column::numbers("std_error", "SE"),
            Column::numbers("t", "t"),
            Column::numbers("p", "p"),
            Column::words("verdict", "Verdict"),
        ],
    );
    for test in tests {
        for c in &test.coefficients {
            let s = |f: fn(&Summary) -> Option<f64>| c.summary.as_ref().and_then(f);
            let p = s(|s| s.p);
            let term = if c.residual { format!("residual of {}", c.construct) } else { c.construct.clone() };
            table.push(vec![
                Cell::text(&test.outcome),
                Cell::text(term),
                Cell::of(s(|s| Some(s.original)), 3, true),
                Cell::of(s(|s| s.sd), 3, true),
                Cell::of(s(|s| s.t), 2, false),
                p.map_or_else(|| na("no estimate"), Cell::Probability),
                if c.residual { verdict(p) } else { Cell::Blank },
            ]);
        }
        if test.df == 0 {
            table.note(format!(
                "{}: every predictor is an instrument, so that nothing is tested.",
                test.outcome
            ));
        }
        if test.df > 1 {
            table.push(vec![
                Cell::text(&test.outcome),
                Cell::text(format!("all {} residuals (Wald, χ²)", test.df)),
                Cell::of(test.wald, 2, false),
                Cell::Blank,
                Cell::Blank,
                test.p.map_or_else(|| na("no estimate"), Cell::Probability),
                verdict(test.p),
            ]);
        }
    }
    if tests.is_empty() {
        table.note(
            "No equation has instruments: name them in the model file, `#@ instruments OUTCOME Z1 Z2`.",
        );
    }
    table.note(
        "A residual with p < .05 says that its predictor correlates with the error: keep two-stage least squares. Else \
         ordinary least squares would do (Hausman 1978).",
    );
    table.note("Standard errors from the bootstrap. The test is as good as the instruments: they must not belong into the equation.");
    table
}

fn verdict(p: Option<f64>) -> Cell {
    match p {
        None => na(""),
        Some(p) if p < 0.05 => Cell::Verdict(Verdict::Check, "endogenous".to_owned()),
        Some(_) => Cell::Verdict(Verdict::Ok, String::new()),
    }
}

impl MeasurementTests {
    /// Runs all of them on a fit: the tables of tetrads, redundancy (by Mode A) and congruence.
    ///
    /// # Errors
    /// As of [`tetrad_analysis`], [`redundancy`] and [`congruence`].
    pub fn tables(
        &self,
        fit: &PlsFit,
        survey: Option<&Survey>,
        thresholds: &Thresholds,
    ) -> Result<[Table; 3], ResampleError> {
        let blocks = tetrad_analysis(fit, self)?;
        let pairs = congruence(fit, self)?;
        Ok([
            tetrads_table(&blocks, self.tetrads, self.level),
            redundancy_table(&redundancy(fit, survey, &[])?, thresholds),
            congruence_table(&pairs, self.diagonal, self.level),
        ])
    }
}
