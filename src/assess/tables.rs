//! A fit and its assessment as tables.

use super::report::Assessment;
use super::rules::known;
use super::sample_size::{Tails, detectable, inverse_square_root};
use super::verdict::{f_squared_words, r_squared_words};
use super::{DgLogarithm, Finding, Htmt, htmt_pair};
use crate::model::{Kind, Mode};
use crate::moments::Correlation;
use crate::pls::{PlsFit, Weighting};
use crate::table::{Cell, Column, Matrix, Table, Vector, Verdict};

impl PlsFit {
    /// Path coefficients, one line per path, in the order of the model.
    pub fn paths(&self) -> Table {
        let mut table = Table::new(
            "paths",
            "Path coefficients",
            vec![Column::words("path", "Path"), Column::numbers("estimate", "β")],
        );
        for (path, b) in self.model.paths().iter().zip(&self.estimate.paths) {
            let name = |id| &self.model.construct(id).name;
            table.push(vec![
                Cell::text(format!("{} → {}", name(path.from), name(path.to))),
                Cell::bounded(*b),
            ]);
        }
        table.note(self.method());
        table
    }

    /// How it was estimated, in one sentence.
    pub fn method(&self) -> String {
        let corrected = self.plan.blocks.iter().any(|b| b.corrected);
        let kind = match self.plan.weighting {
            Weighting::PlsPm => {
                let kind = if corrected { "Consistent PLS" } else { "PLS" };
                format!("{kind}, {} weighting scheme", self.plan.scheme)
            }
            other => {
                let corrected = if corrected { ", corrected for attenuation" } else { "" };
                format!("Path analysis of scores with {other} weights{corrected}")
            }
        };
        let correlations = match self.settings.correlation {
            Correlation::Pearson => String::new(),
            Correlation::Quantified => ", quantified answers (non-metric)".to_owned(),
            Correlation::Mcd => ", minimum covariance determinant correlations".to_owned(),
            other => format!(", {other} correlations"),
        };
        let weighted =
            if self.sample.as_ref().is_some_and(|s| s.weights.is_some()) { ", weighted cases" } else { "" };
        format!(
            "{kind}{correlations}{weighted}, n = {}, {} after {} iteration{}.",
            self.n(),
            if self.estimate.converged { "converged" } else { "NOT converged" },
            self.estimate.iterations,
            if self.estimate.iterations == 1 { "" } else { "s" }
        )
    }
}

/// A cell of a vector: not applicable where it has no value.
fn cell(vector: &Vector, name: &str, reason: &str) -> Cell {
    vector.get(name).map_or_else(|| Cell::NotApplicable(reason.to_owned()), Cell::bounded)
}

/// The worse of two verdicts; `n/a` gives way.
fn worse(a: Verdict, b: Verdict) -> Verdict {
    let rank = |v: Verdict| match v {
        Verdict::NotApplicable => 0,
        Verdict::Info => 1,
        Verdict::Ok => 2,
        Verdict::Check => 3,
        Verdict::Fail => 4,
    };
    if rank(a) >= rank(b) { a } else { b }
}

impl Assessment {
    /// Items: weight, loading, VIF and verdict.
    pub fn items(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "items",
            "Items",
            vec![
                Column::words("item", "Item"),
                Column::words("construct", "Construct"),
                Column::numbers("weight", "Weight"),
                Column::numbers("loading", "Loading"),
                Column::numbers("vif", "VIF"),
                Column::words("verdict", "Verdict"),
            ],
        );
        let names = fit.constructs();
        for (i, item) in fit.moments.items.iter().enumerate() {
            let j = fit.block_of(i);
            let vif = self.vif_indicators.get(&names[j]).and_then(|vif| vif.get(item));
            let single = fit.plan.blocks[j].len == 1;
            let verdict = if single {
                Cell::NotApplicable("single item".to_owned())
            } else if fit.plan.blocks[j].mode == Mode::B {
                Cell::Verdict(self.thresholds.judge("F02", vif), String::new())
            } else {
                Cell::Verdict(self.thresholds.judge("R01", Some(fit.estimate.loadings[i])), String::new())
            };
            table.push(vec![
                Cell::text(item),
                Cell::text(&names[j]),
                Cell::bounded(fit.estimate.weights[i]),
                Cell::bounded(fit.estimate.loadings[i]),
                Cell::of(vif, 2, false),
                verdict,
            ]);
        }
        table.note("Weights are those of unit-variance scores.");
        if fit.modes().iter().any(|mode| *mode != Mode::B) {
            table.note(self.thresholds.footnote("R01"));
        }
        if fit.modes().contains(&Mode::B) {
            table.note(self.thresholds.footnote("F02"));
        }
        table
    }

    /// Reliability and convergent validity per construct.
    pub fn reliability(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "reliability",
            "Reliability and convergent validity",
            vec![
                Column::words("construct", "Construct"),
                Column::numbers("items", "Items"),
                Column::words("mode", "Mode"),
                Column::numbers("alpha", "α"),
                Column::numbers("rho_a", "ρA"),
                Column::numbers("rho_c", "ρC"),
                Column::numbers("ave", "AVE"),
                Column::words("verdict", "Verdict"),
            ],
        );
        for (j, construct) in fit.model.constructs().iter().enumerate() {
            let name = &construct.name;
            let block = &fit.plan.blocks[j];
            let judged = [
                (known("R03"), self.alpha.get(name), "α"),
                (known("R05"), self.rho_a.get(name), "ρA"),
                (known("R04"), self.rho_c.get(name), "ρC"),
                (known("R07"), self.ave.get(name), "AVE"),
            ];
            let verdict =
                judged.iter().map(|(rule, value, _)| rule.judge(*value)).fold(Verdict::NotApplicable, worse);
            let culprits: Vec<&str> = judged
                .iter()
                .filter(|(rule, value, _)| matches!(rule.judge(*value), Verdict::Check | Verdict::Fail))
                .map(|(_, _, word)| *word)
                .collect();
            let reason = if verdict == Verdict::NotApplicable {
                if block.len == 1 { "single item".to_owned() } else { "formative".to_owned() }
            } else {
                culprits.join(", ")
            };
            table.push(vec![
                Cell::text(name),
                Cell::count(block.len),
                Cell::text(format!(
                    "{} {}",
                    if construct.kind == Kind::Reflective { "=~" } else { "<~" },
                    block.mode
                )),
                cell(&self.alpha, name, ""),
                cell(&self.rho_a, name, ""),
                cell(&self.rho_c, name, ""),
                cell(&self.ave, name, ""),
                Cell::Verdict(verdict, reason),
            ]);
        }
        for id in ["R03", "R05", "R04", "R07"] {
            table.note(self.thresholds.footnote(id));
        }
        table
    }

    /// HTMT as a lower triangle.
    pub fn htmt_table(&self) -> Table {
        let mut table = lower_triangle("htmt", "Heterotrait-monotrait ratio (HTMT)", &self.htmt);
        table.note(self.thresholds.footnote("R08"));
        table.note(match self.conventions.htmt {
            Htmt::Absolute => "Absolute correlations; a single item counts as a monotrait correlation of 1.",
            Htmt::Signed => "Size of the ratio of signed correlations; a single item counts as 1.",
            Htmt::Geometric => "HTMT2: geometric means; a single item counts as 1.",
        });
        table
    }

    /// Pairs of constructs whose HTMT is worth a look, worst first, with the item pair to look at.
    pub fn htmt_problems(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "htmt_problems",
            "Pairs to look at",
            vec![
                Column::words("pair", "Pair"),
                Column::numbers("htmt", "HTMT"),
                Column::words("items", "Most correlated items"),
                Column::numbers("r", "r"),
                Column::words("verdict", "Verdict"),
            ],
        );
        let names = fit.constructs();
        let items = |j: usize| -> Vec<usize> {
            let block = &fit.plan.blocks[j];
            (block.start..block.start + block.len).collect()
        };
        let mut found = Vec::new();
        for i in 0..names.len() {
            for j in 0..i {
                let value = self.htmt.at(i, j);
                let verdict = self.thresholds.judge("R08", value);
                if let (Some(value), Verdict::Check | Verdict::Fail) = (value, verdict) {
                    found.push((value, i, j, verdict));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (value, i, j, verdict) in found {
            let pair = htmt_pair(&items(i), &items(j), |a, b| fit.moments.r(a, b));
            let (words, r) = pair.map_or((String::new(), None), |(a, b)| {
                (format!("{} ↔ {}", fit.moments.items[a], fit.moments.items[b]), Some(fit.moments.r(a, b)))
            });
            table.push(vec![
                Cell::text(format!("{} ↔ {}", names[j], names[i])),
                Cell::bounded(value),
                Cell::text(words),
                Cell::of(r, 3, true),
                Cell::Verdict(verdict, String::new()),
            ]);
        }
        table
    }

    /// Fornell-Larcker as a lower triangle.
    pub fn fornell_larcker_table(&self) -> Table {
        let mut table = lower_triangle("fornell_larcker", "Fornell-Larcker criterion", &self.fornell_larcker);
        table.note("Diagonal: root of AVE; below: construct correlations.");
        table.note(self.thresholds.footnote("R11"));
        table
    }

    /// Cross-loadings.
    pub fn cross_loadings_table(&self) -> Table {
        let mut columns = vec![Column::words("item", "Item")];
        columns.extend(self.cross_loadings.cols().iter().map(|name| Column::numbers(name, name)));
        let mut table = Table::new("cross_loadings", "Cross-loadings", columns);
        for (r, item) in self.cross_loadings.rows().iter().enumerate() {
            let mut row = vec![Cell::text(item)];
            row.extend(
                (0..self.cross_loadings.cols().len())
                    .map(|c| Cell::of(self.cross_loadings.at(r, c), 3, true)),
            );
            table.push(row);
        }
        table.note("Correlations of items with scores; the own construct should have the largest.");
        table
    }

    /// Structural model: β, f², VIF per path.
    pub fn structure(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "structure",
            "Structural model",
            vec![
                Column::words("path", "Path"),
                Column::numbers("estimate", "β"),
                Column::numbers("f_squared", "f²"),
                Column::words("size", "Size"),
                Column::numbers("vif", "VIF"),
                Column::words("verdict", "Collinearity"),
            ],
        );
        for (path, b) in fit.model.paths().iter().zip(&fit.estimate.paths) {
            let (from, to) = (&fit.model.construct(path.from).name, &fit.model.construct(path.to).name);
            let f2 = self.f_squared.get(from, to);
            let vif = self.vif_antecedents.get(to).and_then(|vif| vif.get(from));
            let reason = if vif.is_none() { "single predictor" } else { "" };
            table.push(vec![
                Cell::text(format!("{from} → {to}")),
                Cell::bounded(*b),
                Cell::of(f2, 3, true),
                Cell::text(f2.map_or("", f_squared_words)),
                Cell::of(vif, 2, false),
                Cell::Verdict(self.thresholds.judge("S01", vif), reason.to_owned()),
            ]);
        }
        table.note(self.thresholds.footnote("S01"));
        table.note(self.thresholds.footnote("S08"));
        table
    }

    /// R² and adjusted R² per outcome.
    pub fn explained(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "explained",
            "Explained variance",
            vec![
                Column::words("construct", "Outcome"),
                Column::numbers("r_squared", "R²"),
                Column::numbers("adj_r_squared", "adj. R²"),
                Column::numbers("predictors", "Predictors"),
                Column::words("size", "Size"),
                Column::words("verdict", "Verdict"),
            ],
        );
        let (r2, adjusted) = (fit.r_squared(), fit.adj_r_squared());
        for (name, value) in r2.iter() {
            let predictors = fit.model.find(name).map_or(0, |id| fit.model.predecessors(id).len());
            table.push(vec![
                Cell::text(name),
                Cell::of(value, 3, true),
                cell(&adjusted, name, "too few cases"),
                Cell::count(predictors),
                Cell::text(value.map_or("", r_squared_words)),
                Cell::Verdict(self.thresholds.judge("S06", value), String::new()),
            ]);
        }
        table.note(self.thresholds.footnote("S06"));
        table
    }

    /// Total, direct and indirect effects of every joined pair.
    pub fn effects(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "effects",
            "Effects",
            vec![
                Column::words("pair", "From → to"),
                Column::numbers("direct", "Direct"),
                Column::numbers("indirect", "Indirect"),
                Column::numbers("total", "Total"),
            ],
        );
        let direct = fit.path_coefficients();
        let names = fit.constructs();
        for (i, from) in names.iter().enumerate() {
            for (j, to) in names.iter().enumerate() {
                let total = self.total_effects.at(i, j).filter(|t| *t != 0.0);
                if let Some(total) = total {
                    table.push(vec![
                        Cell::text(format!("{from} → {to}")),
                        Cell::of(direct.at(i, j), 3, true),
                        Cell::of(self.indirect_effects.at(i, j), 3, true),
                        Cell::bounded(total),
                    ]);
                }
            }
        }
        table
    }

    /// Global fit.
    pub fn global_fit(&self) -> Table {
        let mut table = Table::new(
            "fit",
            "Model fit",
            vec![
                Column::words("index", "Index"),
                Column::numbers("saturated", "Saturated"),
                Column::numbers("estimated", "Estimated"),
                Column::words("verdict", "Verdict (estimated)"),
            ],
        );
        let fit = &self.fit;
        let d_g = match self.conventions.d_g {
            DgLogarithm::Natural => fit.d_g(),
            DgLogarithm::Decimal => fit.d_g_log10(),
        };
        table.push(vec![
            Cell::text("SRMR"),
            Cell::bounded(fit.srmr_saturated()),
            Cell::bounded(fit.srmr()),
            Cell::Verdict(self.thresholds.judge("S11", Some(fit.srmr())), String::new()),
        ]);
        table.push(vec![
            Cell::text("d_ULS"),
            Cell::number(fit.d_uls().1),
            Cell::number(fit.d_uls().0),
            Cell::Blank,
        ]);
        table.push(vec![
            Cell::text("d_G"),
            Cell::of(d_g.1, 3, false),
            Cell::of(d_g.0, 3, false),
            Cell::Blank,
        ]);
        table.push(vec![
            Cell::text("NFI"),
            Cell::Blank,
            Cell::of(fit.nfi(), 3, true),
            Cell::Verdict(self.thresholds.judge("S13", fit.nfi()), String::new()),
        ]);
        table.note(self.thresholds.footnote("S11"));
        table.note(self.thresholds.footnote("S13"));
        if self.conventions.d_g == DgLogarithm::Decimal {
            table.note("d_G with logarithms to base 10.");
        }
        table.note("Saturated: constructs free to correlate. Estimated: only the paths of the model.");
        table
    }

    /// The traffic list: one line per rule, problems first, with the worst case named.
    pub fn verdicts(&self, fit: &PlsFit) -> Table {
        let mut lines: Vec<(Verdict, Vec<Cell>)> = Vec::new();
        let mut line = |id: &'static str, values: Vec<(String, Option<f64>)>, lowest_is_worst: bool| {
            let rule = known(id);
            let judged: Vec<(Verdict, &String, f64)> = values
                .iter()
                .filter_map(|(name, value)| value.map(|v| (self.thresholds.judge(id, Some(v)), name, v)))
                .collect();
            let verdict = judged.iter().map(|(v, _, _)| *v).fold(Verdict::NotApplicable, worse);
            let count = |v: Verdict| judged.iter().filter(|(w, _, _)| *w == v).count();
            let worst = judged
                .iter()
                .filter(|(v, _, _)| *v == verdict)
                .max_by(|a, b| if lowest_is_worst { b.2.total_cmp(&a.2) } else { a.2.total_cmp(&b.2) })
                .map_or(String::new(), |(_, name, value)| format!("{name} {}", crate::table::apa(*value, 3)));
            let tally = format!(
                "{} ok, {} check, {} fail",
                count(Verdict::Ok),
                count(Verdict::Check),
                count(Verdict::Fail)
            );
            lines.push((
                verdict,
                vec![
                    Cell::text(rule.id),
                    Cell::text(rule.quantity),
                    Cell::Verdict(verdict, String::new()),
                    Cell::text(if judged.is_empty() { "not applicable".to_owned() } else { tally }),
                    Cell::text(worst),
                ],
            ));
        };
        let own = |vector: &Vector| vector.iter().map(|(n, v)| (n.to_owned(), v)).collect::<Vec<_>>();
        let block = |i: usize| &fit.plan.blocks[fit.block_of(i)];
        let loadings = fit
            .moments
            .items
            .iter()
            .enumerate()
            .filter(|(i, _)| block(*i).len > 1 && block(*i).mode != Mode::B)
            .map(|(i, item)| (item.clone(), Some(fit.estimate.loadings[i])))
            .collect();
        line("R01", loadings, true);
        line("R03", own(&self.alpha), true);
        line("R05", own(&self.rho_a), true);
        line("R04", own(&self.rho_c), true);
        line("R07", own(&self.ave), true);
        let names = fit.constructs();
        let pairs: Vec<(usize, usize)> = (0..names.len()).flat_map(|i| (0..i).map(move |j| (i, j))).collect();
        let ratios = pairs
            .iter()
            .map(|&(i, j)| (format!("{} ↔ {}", names[j], names[i]), self.htmt.at(i, j)))
            .collect();
        line("R08", ratios, false);
        let formative: Vec<(String, Option<f64>)> = names
            .iter()
            .enumerate()
            .filter(|(j, _)| fit.plan.blocks[*j].mode == Mode::B && fit.plan.blocks[*j].len > 1)
            .flat_map(|(_, name)| self.vif_indicators.get(name).map(own).unwrap_or_default())
            .collect();
        if !formative.is_empty() {
            line("F02", formative, false);
        }
        let vifs = self
            .vif_antecedents
            .iter()
            .flat_map(|(to, vif)| vif.iter().map(move |(from, v)| (format!("{from} → {to}"), v)))
            .collect();
        line("S01", vifs, false);
        line("S06", own(&fit.r_squared()), true);
        line("S11", vec![("estimated model".to_owned(), Some(self.fit.srmr()))], false);
        if let Some(sample) = &fit.sample {
            let n = sample.account.cases_read.max(1) as f64;
            let shares: Vec<(String, Option<f64>)> = sample
                .account
                .missing_per_item
                .iter()
                .map(|(i, c)| (i.clone(), Some(*c as f64 / n)))
                .collect();
            if !shares.is_empty() {
                line("D07", shares, false);
            }
        }
        lines.push((Verdict::Info, sample_size_line(fit)));
        // Fail, then check, then the rest; the order of a results section within each.
        lines.sort_by_key(|(verdict, _)| match verdict {
            Verdict::Fail => 0,
            Verdict::Check => 1,
            Verdict::Ok | Verdict::Info => 2,
            Verdict::NotApplicable => 3,
        });
        let mut table = Table::new(
            "verdicts",
            "Verdicts",
            vec![
                Column::words("rule", "Rule"),
                Column::words("quantity", "Quantity"),
                Column::words("verdict", "Verdict"),
                Column::words("tally", "Tally"),
                Column::words("worst", "Worst case"),
            ],
        );
        for (_, row) in lines {
            table.push(row);
        }
        table.note("Thresholds are rules of thumb; each rule and its source stands under its table.");
        table.note(format!(
            "D01 is one-tailed at 5 %, power .80; two-tailed n shows |β| from {} on (D03).",
            crate::table::apa(detectable(fit.n(), Tails::Two).unwrap_or(1.0), 3)
        ));
        for id in self.thresholds.ids().filter_map(|id| super::rules::rule(id).map(|rule| rule.id)) {
            table.note(self.thresholds.footnote(id));
        }
        table
    }

    /// Findings in words, inadmissible ones first.
    pub fn banner(&self) -> Vec<String> {
        let mut words: Vec<String> = self
            .findings
            .iter()
            .filter(|f| f.is_inadmissible())
            .map(|f| format!("INADMISSIBLE: {f}"))
            .collect();
        words.extend(self.findings.iter().filter(|f| !Finding::is_inadmissible(f)).map(ToString::to_string));
        words
    }
}

/// What the number of cases can show, and what the smallest path would have needed.
fn sample_size_line(fit: &PlsFit) -> Vec<Cell> {
    let rule = known("D01");
    let shown = detectable(fit.n(), Tails::One);
    let smallest =
        fit.model.paths().iter().zip(&fit.estimate.paths).min_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).map(
            |(path, b)| {
                let name = |id| &fit.model.construct(id).name;
                let needs =
                    inverse_square_root(*b, Tails::One).map_or(String::new(), |n| format!(" needs {n}"));
                format!("{} → {}{needs}", name(path.from), name(path.to))
            },
        );
    vec![
        Cell::text(rule.id),
        Cell::text("sample size"),
        Cell::Verdict(Verdict::Info, String::new()),
        Cell::text(
            shown.map_or("not applicable".to_owned(), |b| format!("shows |β| ≥ {}", crate::table::apa(b, 3))),
        ),
        Cell::text(smallest.unwrap_or_default()),
    ]
}

fn lower_triangle(key: &str, title: &str, matrix: &Matrix) -> Table {
    let mut columns = vec![Column::words("construct", "")];
    columns.extend(matrix.cols().iter().map(|name| Column::numbers(name, name)));
    let mut table = Table::new(key, title, columns);
    for (r, name) in matrix.rows().iter().enumerate() {
        let mut row = vec![Cell::text(name)];
        row.extend((0..=r).map(|c| matrix.at(r, c).map_or(Cell::Blank, Cell::bounded)));
        table.push(row);
    }
    table
}
