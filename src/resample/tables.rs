//! Bootstrap results as tables.

use super::bootstrapped::Bootstrapped;
use super::interval::Interval;
use super::monte_carlo::{UNCERTAIN, of_share};
use super::p_value;
use super::quantities::Kind;
use super::reason::listed;
use super::scheme::Method;
use super::settings::Inadmissible;
use super::summary::{PValue, Summary};
use crate::assess::{FORMATIVE_HTMT, Tails};
use crate::table::{Cell, Column, Table, apa, apa_p, percent};

impl Bootstrapped {
    /// Path coefficients.
    pub fn paths(&self) -> Table {
        self.table(Kind::Path)
    }

    /// Outer weights.
    pub fn weights(&self) -> Table {
        self.table(Kind::Weight)
    }

    /// Loadings.
    pub fn loadings(&self) -> Table {
        self.table(Kind::Loading)
    }

    /// Total effects.
    pub fn total_effects(&self) -> Table {
        self.table(Kind::TotalEffect)
    }

    /// Total indirect effects.
    pub fn indirect_effects(&self) -> Table {
        self.table(Kind::IndirectEffect)
    }

    /// Specific indirect effects.
    pub fn specific_indirect_effects(&self) -> Table {
        self.table(Kind::SpecificIndirect)
    }

    /// HTMT; its hypothesis is a bound below 1, so the one-sided upper bound and the shares of resamples at or above the
    /// usual cut-offs stand in place of t and p.
    pub fn htmt(&self) -> Table {
        self.table(Kind::Htmt)
    }

    /// Quantities defined in the model file (`ab := a*b`).
    pub fn definitions(&self) -> Table {
        self.table(Kind::Defined)
    }

    /// R².
    pub fn r_squared(&self) -> Table {
        self.table(Kind::RSquared)
    }

    /// How intervals are called: `95 % percentile`, `one-tailed 95 % BCa`.
    pub fn interval_name(&self) -> String {
        let tails = if self.settings.tails == Tails::One { "one-tailed " } else { "" };
        format!("{tails}{} % {}", percent(self.settings.level), self.settings.interval().name())
    }

    /// How p-values are made, after "p-values are": `two-sided and use the normal distribution`.
    pub fn p_value_name(&self) -> String {
        let tails = if self.settings.tails == Tails::One { "one-sided" } else { "two-sided" };
        let origin = match self.settings.p_value() {
            PValue::Normal => "use the normal distribution",
            PValue::T if self.settings.folds.is_some() => "use Student's t with k − 1 degrees of freedom",
            PValue::T => "use Student's t with n − 1 degrees of freedom",
            PValue::Percentile => "come from the share of resamples on either side of 0",
        };
        format!("{tails} and {origin}")
    }

    /// What was resampled: `nonparametric bootstrap`, or the scheme in words.
    pub fn scheme_name(&self) -> String {
        if self.scheme.is_empty() { "nonparametric bootstrap".to_owned() } else { self.scheme.clone() }
    }

    /// What standard errors are, as a sentence under a table, without its full stop.
    pub fn standard_error_name(&self) -> String {
        let settings = &self.settings;
        match (settings.method, settings.folds) {
            (Method::Jackknife, Some(k)) => {
                let deals = match settings.repeats {
                    Some(repeats) if repeats > 1 => format!(", the mean over {repeats} deals"),
                    _ => String::new(),
                };
                format!(
                    "SE: root of (k − 1)/k Σ (θᵢ − θ̄)² over the estimates with each of k = {k} groups left out (Kott 2001){deals}"
                )
            }
            (Method::Jackknife, None) => {
                "SE: standard deviation of the estimates with each case left out, times (n − 1)/√n".to_owned()
            }
            _ => "SE: standard deviation over the resamples".to_owned(),
        }
    }

    /// What the columns of a table mean.
    fn reading(&self, tested: bool) -> String {
        let settings = &self.settings;
        let mut words = format!("{}.", self.standard_error_name());
        words.push_str(&format!(
            " Interval: {}, {}.",
            self.interval_name(),
            self.settings.interval().source()
        ));
        if tested {
            let tails = if settings.tails == Tails::Two { "two-sided" } else { "one-sided" };
            words.push_str(&match settings.p_value() {
                PValue::Normal => format!(" t = estimate / SE, p {tails} by the normal distribution."),
                PValue::T if settings.folds.is_some() => {
                    format!(" t = estimate / SE, p {tails} by Student's t with k − 1 degrees of freedom.")
                }
                PValue::T => {
                    format!(" t = estimate / SE, p {tails} by Student's t with n − 1 degrees of freedom.")
                }
                PValue::Percentile => {
                    format!(" t = estimate / SE, p {tails} from the share of resamples on either side of 0.")
                }
            });
        }
        words
    }

    /// One family: estimate, mean, standard error, test, interval.
    pub fn table(&self, kind: Kind) -> Table {
        let level = percent(self.settings.level);
        let tested = kind.is_tested();
        let ratio = matches!(kind, Kind::Htmt | Kind::Htmt2);
        let mut columns = vec![
            Column::words("name", kind.heading()),
            Column::numbers("original", "Estimate"),
            Column::numbers("mean", "Mean"),
            Column::numbers("sd", "SE"),
        ];
        if tested {
            columns.push(Column::numbers("t", "t"));
            columns.push(Column::numbers("p", "p"));
        }
        let tails = if self.settings.tails == Tails::One { " one-tailed" } else { "" };
        columns.push(Column::words("interval", &format!("{level} % interval{tails}")));
        if ratio {
            columns.push(Column::numbers("upper", &format!("one-sided {level} %")));
            for bound in &self.htmt_bounds {
                let key = format!("p_{}", percent(*bound));
                columns.push(Column::numbers(&key, &format!("P(≥ {})", cut_off(*bound))));
            }
        }
        let mut table = Table::new(kind.key(), format!("{}, {}", kind.title(), self.verb()), columns);
        for (quantity, summary, draws) in self.of_kind(kind) {
            let mut row = vec![Cell::text(&quantity.name)];
            if self.is_silent(quantity) {
                row.push(Cell::NotApplicable(String::new()));
            } else if let Some(s) = summary {
                row.extend([Cell::bounded(s.original), Cell::bounded(s.mean), Cell::of(s.sd, 3, true)]);
                if tested {
                    row.push(Cell::of(s.t, 2, false));
                    row.push(s.p_cell());
                }
                row.push(s.interval_cell());
                if ratio {
                    row.push(Cell::bounded(s.upper));
                    row.extend(self.htmt_bounds.iter().map(|bound| self.at_or_above(draws, *bound)));
                }
            } else {
                row.push(Cell::NotApplicable("undefined in every resample".to_owned()));
            }
            table.push(row);
        }
        table.note(self.reading(tested));
        if ratio {
            if self.of_kind(kind).any(|(quantity, ..)| self.is_silent(quantity)) {
                table.note(FORMATIVE_HTMT);
            }
            table
                .note("P(≥ c): share of resamples at or above c, a one-sided test of discriminant validity.");
        }
        for words in [self.contradictions(kind), self.partly(kind), self.doubt(kind)].into_iter().flatten() {
            table.note(words);
        }
        table.note(self.accounting());
        table
    }

    /// Coefficients of which p and the interval say opposite things about 0, in words; `None` if there are none.
    pub fn contradictions(&self, kind: Kind) -> Option<String> {
        let told = self.of_kind(kind).filter(|_| kind.is_tested());
        let told = told.filter_map(|(quantity, summary, _)| Some((quantity.name.clone(), summary.as_ref()?)));
        self.settings.inference(self.units).contradictions(told)
    }

    /// Quantities that exist in some of the resamples that count only, in words; `None` if there are none.
    fn partly(&self, kind: Kind) -> Option<String> {
        let found: Vec<String> = self
            .of_kind(kind)
            .filter_map(|(quantity, summary, _)| {
                let draws = summary.as_ref()?.draws;
                (draws < self.admissible).then(|| format!("{} in {draws}", quantity.name))
            })
            .collect();
        (!found.is_empty()).then(|| {
            format!(
                "Not defined in every resample that counts, and summarised over the others: {}.",
                listed(&found)
            )
        })
    }

    fn verb(&self) -> &'static str {
        if self.settings.method == Method::Jackknife { "jackknifed" } else { "bootstrapped" }
    }

    /// Share of the resamples at or above a bound; a jackknife has none.
    fn at_or_above(&self, draws: &[f64], bound: f64) -> Cell {
        let defined = draws.iter().filter(|x| x.is_finite()).count();
        if defined == 0 || self.settings.method == Method::Jackknife {
            return Cell::NotApplicable(String::new());
        }
        let having = draws.iter().filter(|x| **x >= bound).count();
        match p_value::of_share(having, defined) {
            (share, true) => Cell::ProbabilityBelow(share),
            // All of a few resamples are no more than that share.
            (share, false) if having == defined => Cell::bounded(share),
            (share, false) => Cell::Probability(share),
        }
    }

    /// Rule X12: verdicts that another seed could turn, in words; `None` if there is none in this family.
    ///
    /// A coefficient is judged by whether its interval holds 0 and whether p lies below 1 − level, HTMT by whether its
    /// one-sided upper bound lies below .85 and .90.
    pub fn doubt(&self, kind: Kind) -> Option<String> {
        let alpha = 1.0 - self.settings.level;
        let near = |value: f64, cut: f64, error: Option<f64>| {
            error.is_some_and(|error| error > 0.0 && (value - cut).abs() <= UNCERTAIN * error)
        };
        let mut cases = Vec::new();
        for (quantity, summary, draws) in self.of_kind(kind) {
            let Some(s) = summary else { continue };
            let mut say = |what: &str, value: String, error: f64| {
                cases.push(format!("{} ({what} {value} ± {})", quantity.name, apa(error, 3)));
            };
            if kind.is_tested() {
                if near(s.low, 0.0, s.low_error) {
                    say("lower bound", apa(s.low, 3), s.low_error.unwrap_or(0.0));
                } else if near(s.high, 0.0, s.high_error) {
                    say("upper bound", apa(s.high, 3), s.high_error.unwrap_or(0.0));
                } else if let Some(p) =
                    s.p.filter(|p| near(*p, alpha, s.p_error) && s.p_least.is_none_or(|least| *p > least))
                {
                    say("p", apa_p(p), s.p_error.unwrap_or(0.0));
                }
            } else if matches!(kind, Kind::Htmt | Kind::Htmt2)
                && let Some(cut) = self
                    .htmt_bounds
                    .iter()
                    .filter(|cut| **cut < 1.0)
                    .find(|cut| near(s.upper, **cut, s.upper_error))
            {
                let error = s.upper_error.unwrap_or_else(|| of_share(alpha, draws.len()));
                say(&format!("upper bound at cut-off {}:", cut_off(*cut)), apa(s.upper, 3), error);
            }
        }
        (!cases.is_empty()).then(|| {
            format!(
                "Monte Carlo error: another seed could turn {}. Draw more resamples (rule X12).",
                listed(&cases)
            )
        })
    }

    /// All kinds and levels of intervals of one family, if more than one was asked for.
    pub fn intervals_table(&self, kind: Kind) -> Option<Table> {
        // The quantity with most kinds shows which there are: what does not exist for all is n/a for some.
        let first = self.intervals_of(kind).map(|(_, intervals)| intervals).max_by_key(|list| list.len())?;
        if first.len() < 2 {
            return None;
        }
        let tails = if self.settings.tails == Tails::One { ", one-tailed" } else { "" };
        let mut columns = vec![Column::words("name", kind.heading())];
        let heading = |i: &Interval| format!("{} % {}", percent(i.level), i.kind.name());
        for interval in first {
            let key = format!("{}_{}", interval.kind, percent(interval.level));
            columns.push(Column::words(&key, &heading(interval)));
        }
        let title = format!("{}: intervals{tails}", kind.title());
        let mut table = Table::new(&format!("{}_intervals", kind.key()), title, columns);
        for (quantity, intervals) in self.intervals_of(kind) {
            let mut row = vec![Cell::text(&quantity.name)];
            for wanted in first {
                let same = |i: &&Interval| i.kind == wanted.kind && i.level == wanted.level;
                let none = Cell::NotApplicable(String::new());
                row.push(intervals.iter().find(same).map_or(none, |i| Cell::interval(i.low, i.high)));
            }
            table.push(row);
        }
        Some(table)
    }

    /// Path coefficients under both treatments of impossible estimates, where the two differ (rule X11).
    pub fn both_treatments(&self) -> Option<Table> {
        let otherwise = self.otherwise.as_ref()?;
        let level = percent(self.settings.level);
        let (one, other) = match self.settings.inadmissible {
            Inadmissible::Keep => ("all", "possible only"),
            _ => ("possible only", "all"),
        };
        let columns = vec![
            Column::words("name", Kind::Path.heading()),
            Column::numbers("original", "Estimate"),
            Column::numbers("sd", &format!("SE, {one}")),
            Column::words("interval", &format!("{level} % interval, {one}")),
            Column::numbers("sd_otherwise", &format!("SE, {other}")),
            Column::words("interval_otherwise", &format!("{level} % interval, {other}")),
        ];
        let title = "Path coefficients with and without impossible estimates";
        let mut table = Table::new("both_treatments", title, columns);
        let pairs = self.quantities.iter().zip(self.summaries.iter().zip(otherwise));
        for (quantity, (here, there)) in pairs.filter(|(quantity, _)| quantity.kind == Kind::Path) {
            let mut row = vec![Cell::text(&quantity.name)];
            row.push(Cell::of(here.as_ref().or(there.as_ref()).map(|s| s.original), 3, true));
            for summary in [here, there] {
                row.push(Cell::of(summary.as_ref().and_then(|s| s.sd), 3, true));
                row.push(summary.as_ref().map_or(Cell::NotApplicable(String::new()), Summary::interval_cell));
            }
            table.push(row);
        }
        table.note(format!(
            "Impossible estimates: {} % of the resamples. Leaving them out makes intervals too narrow, keeping them \
             uses numbers that cannot be (rule X11).",
            percent((self.inadmissible_share() * 1000.0).round() / 1000.0)
        ));
        Some(table)
    }
}

/// A cut-off with two decimals, or as many as it needs.
fn cut_off(bound: f64) -> String {
    let (short, long) = (format!("{bound:.2}"), format!("{bound}"));
    if long.len() > short.len() { long } else { short }
}
