//! What a reader sees of a covariance-based model.

use super::{Information, Likelihood, Operator, Parameter, SemFit, TotalVariance};
use crate::assess::Thresholds;
use crate::table::{Cell, Column, Table};

/// Columns of every table of parameters.
fn columns(first: &[(&str, &str)]) -> Vec<Column> {
    let mut columns: Vec<Column> = first.iter().map(|(key, heading)| Column::words(key, heading)).collect();
    for (key, heading) in
        [("est", "Estimate"), ("se", "SE"), ("z", "z"), ("p", "p"), ("ci", "Interval"), ("std_all", "Std.")]
    {
        columns.push(Column::numbers(key, heading));
    }
    columns
}

/// The numbers of a parameter; one that is fixed has no error and no test.
fn cells(parameter: &Parameter) -> [Cell; 6] {
    let tested = parameter.free && parameter.se.is_some();
    [
        Cell::number(parameter.est),
        if parameter.free { Cell::of(parameter.se, 3, false) } else { Cell::Blank },
        if tested { Cell::of(parameter.z, 2, false) } else { Cell::Blank },
        parameter.pvalue.filter(|_| tested).map_or(Cell::Blank, Cell::Probability),
        if tested {
            Cell::Interval { low: parameter.ci_lower, high: parameter.ci_upper, digits: 3 }
        } else {
            Cell::Blank
        },
        Cell::of(Some(parameter.std_all), 3, true),
    ]
}

impl SemFit {
    /// How it was estimated, in one sentence.
    pub fn method(&self) -> String {
        let likelihood = match self.settings.likelihood {
            Likelihood::Normal => "Maximum likelihood",
            Likelihood::Wishart => "Maximum likelihood (Wishart)",
        };
        let information = match self.settings.information {
            Information::Expected => "expected",
            Information::Observed => "observed",
        };
        format!(
            "{likelihood} of covariances, standard errors by {information} information, n = {}, {} after {} iteration{}.",
            self.n,
            if self.converged { "converged" } else { "NOT converged" },
            self.iterations,
            if self.iterations == 1 { "" } else { "s" }
        )
    }

    /// What must be read before anything else: a heading and a line per finding; empty if there is none.
    pub fn banner(&self) -> Vec<String> {
        if self.findings.is_empty() {
            return Vec::new();
        }
        let bad = self.findings.iter().filter(|finding| finding.is_inadmissible()).count();
        let heading = match bad {
            0 => "Worth knowing before reading on:".to_owned(),
            1 => "INADMISSIBLE: 1 check of the estimate fails.".to_owned(),
            more => format!("INADMISSIBLE: {more} checks of the estimate fail."),
        };
        std::iter::once(heading).chain(self.findings.iter().map(ToString::to_string)).collect()
    }

    /// Model fit with the field's rules.
    pub fn fit_table(&self, thresholds: &Thresholds) -> Table {
        let m = &self.measures;
        let mut table = Table::new(
            "fit_measures",
            "Model fit",
            vec![
                Column::words("index", "Index"),
                Column::numbers("value", "Value"),
                Column::words("what", "Detail"),
                Column::words("verdict", "Verdict"),
            ],
        );
        // No verdict on what does not exist: no maximum was found, or nothing is left to be wrong.
        let sound = self.converged && m.df > 0;
        let judged = |id: &'static str, value: Option<f64>| {
            Cell::Verdict(thresholds.judge(id, value.filter(|_| sound)), String::new())
        };
        let p = m.pvalue.map_or_else(|| "saturated".to_owned(), |p| format!("p {}", crate::table::apa_p(p)));
        let p = if p.starts_with("p .") { p.replace("p .", "p = .") } else { p };
        let ratio = (m.df > 0).then(|| m.chisq / m.df as f64);
        let rows = [
            ("χ²", Cell::of(Some(m.chisq), 2, false), format!("df = {}, {p}", m.df), Cell::Blank),
            ("χ² / df", Cell::of(ratio, 2, false), String::new(), judged("C04", ratio)),
            ("CFI", Cell::bounded(m.cfi), String::new(), judged("C01", Some(m.cfi))),
            ("TLI", Cell::bounded(m.tli), String::new(), judged("C01", Some(m.tli))),
            (
                "RMSEA",
                Cell::bounded(m.rmsea),
                match (m.rmsea_ci_lower, m.rmsea_ci_upper) {
                    (Some(low), Some(high)) => {
                        format!("90 % {}", crate::table::interval(low, high, 3))
                    }
                    _ => String::new(),
                },
                judged("C02", Some(m.rmsea)),
            ),
            ("SRMR", Cell::bounded(m.srmr), String::new(), judged("C03", Some(m.srmr))),
            ("AIC", Cell::of(Some(m.aic), 1, false), format!("{} parameters", m.npar), Cell::Blank),
            ("BIC", Cell::of(Some(m.bic), 1, false), String::new(), Cell::Blank),
        ];
        for (index, value, detail, verdict) in rows {
            table.push(vec![Cell::text(index), value, Cell::text(detail), verdict]);
        }
        for id in ["C01", "C02", "C03", "C04"] {
            table.note(thresholds.footnote(id));
        }
        table
    }

    /// Paths with the hypotheses that they stand for.
    pub fn paths_table(&self) -> Table {
        let stated = self.model.paths().iter().any(|path| path.hypothesis.is_some());
        let first: &[(&str, &str)] =
            if stated { &[("hypothesis", "H"), ("path", "Path")] } else { &[("path", "Path")] };
        let mut table = Table::new("sem_paths", "Paths", columns(first));
        for path in self.model.paths() {
            let (from, to) = (&self.model.construct(path.from).name, &self.model.construct(path.to).name);
            let Some(parameter) = self.parameter(to, Operator::Path, from) else { continue };
            let mut row = Vec::new();
            if stated {
                row.push(path.hypothesis.as_ref().map_or(Cell::Blank, |h| Cell::text(&h.id)));
            }
            row.push(Cell::text(format!("{from} → {to}")));
            row.extend(cells(parameter));
            table.push(row);
        }
        self.explain_units(&mut table);
        table
    }

    /// Loadings of items and of components.
    pub fn loadings_table(&self) -> Table {
        let mut table =
            Table::new("sem_loadings", "Loadings", columns(&[("construct", "Construct"), ("item", "Item")]));
        for parameter in self.parameters.iter().filter(|p| p.op == Operator::Loading) {
            let mut row = vec![Cell::text(&parameter.lhs), Cell::text(&parameter.rhs)];
            row.extend(cells(parameter));
            table.push(row);
        }
        table.note("Without a standard error: fixed, which gives the construct its unit.");
        self.explain_units(&mut table);
        table
    }

    /// Variances and covariances of constructs, disturbances and errors.
    pub fn covariances_table(&self) -> Table {
        let mut table =
            Table::new("sem_covariances", "Variances and covariances", columns(&[("a", "Of"), ("b", "And")]));
        for parameter in self.parameters.iter().filter(|p| p.op == Operator::Covariance) {
            let mut row = vec![Cell::text(&parameter.lhs), Cell::text(&parameter.rhs)];
            row.extend(cells(parameter));
            table.push(row);
        }
        table.note("Of errors and disturbances, where something explains an item or a construct.");
        self.explain_units(&mut table);
        table
    }

    /// Reliability, average variance extracted and explained variance of the constructs.
    pub fn constructs_table(&self, thresholds: &Thresholds) -> Table {
        let mut table = Table::new(
            "sem_constructs",
            "Constructs",
            vec![
                Column::words("construct", "Construct"),
                Column::numbers("items", "Items"),
                Column::numbers("omega", "ω"),
                Column::numbers("ave", "AVE"),
                Column::words("verdict", "Verdict (AVE)"),
                Column::numbers("r_squared", "R²"),
            ],
        );
        let explained = self.r_squared();
        for construct in self.model.constructs() {
            let reliability = self.reliability(&construct.name, TotalVariance::Implied);
            let reason = match construct.indicators.len() {
                0 => "made of constructs",
                _ => "one item",
            };
            let number = |value: Option<f64>| match value {
                Some(value) => Cell::bounded(value),
                None => Cell::NotApplicable(reason.to_owned()),
            };
            table.push(vec![
                Cell::text(&construct.name),
                Cell::count(construct.indicators.len()),
                number(reliability.map(|(omega, _)| omega)),
                number(reliability.map(|(_, ave)| ave)),
                Cell::Verdict(thresholds.judge("R07", reliability.map(|(_, ave)| ave)), String::new()),
                explained.get(&construct.name).map_or(Cell::Blank, Cell::bounded),
            ]);
        }
        table
            .note("ω: reliability of the sum of the items, (Σλ)²φ / ((Σλ)²φ + Σθ). AVE: Σλ²φ / (Σλ²φ + Σθ).");
        table.note(thresholds.footnote("R07"));
        table
    }

    /// Quantities defined in the model file.
    pub fn definitions_table(&self) -> Table {
        let mut table = Table::new(
            "sem_definitions",
            "Defined quantities",
            columns(&[("name", "Name"), ("expression", "Expression")]),
        );
        for parameter in &self.definitions {
            let mut row = vec![Cell::text(&parameter.lhs), Cell::text(&parameter.rhs)];
            row.extend(cells(parameter));
            table.push(row);
        }
        table.note("Standard errors by the delta method.");
        self.explain_units(&mut table);
        table
    }

    /// The `most` largest modification indices.
    pub fn modifications_table(&self, most: usize) -> Table {
        let mut table = Table::new(
            "modification_indices",
            "Modification indices",
            vec![
                Column::words("parameter", "Parameter"),
                Column::numbers("mi", "MI"),
                Column::numbers("epc", "EPC"),
                Column::numbers("sepc_all", "Std. EPC"),
            ],
        );
        for m in self.modifications().iter().take(most) {
            table.push(vec![
                Cell::text(format!("{} {} {}", m.lhs, m.op, m.rhs)),
                Cell::of(Some(m.mi), 2, false),
                Cell::number(m.epc),
                Cell::bounded(m.sepc_all),
            ]);
        }
        table.note(
            "MI: how much χ² is expected to fall if the parameter were free. EPC: what it is expected to become. \
             A parameter without a theory behind it is better left out.",
        );
        table
    }

    fn explain_units(&self, table: &mut Table) {
        table.note(format!(
            "Estimates in units of the items; Std.: constructs and items with variance 1. Intervals of {} %.",
            crate::table::percent(self.settings.level)
        ));
    }
}
