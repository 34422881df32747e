//! The traffic list, and what stands on top of every output.

use super::super::Finding;
use super::super::Thresholds;
use super::super::report::Assessment;
use super::super::rules::{known, rule};
use super::super::sample_size::{Tails, detectable, inverse_square_root};
use super::{has_reliability, is_formative, worse};
use crate::model::Mode;
use crate::pls::PlsFit;
use crate::table::{Cell, Column, Table, Vector, Verdict};

impl Assessment {
    /// The traffic list: one line per rule, problems first, with the worst case named.
    pub fn verdicts(&self, fit: &PlsFit) -> Table {
        let mut lines: Vec<(Verdict, Vec<Cell>)> = Vec::new();
        let mut line = |id: &'static str, values: Vec<(String, Option<f64>)>, lowest_is_worst: bool| {
            let rule = known(id);
            let Tally { verdict, words, worst } = Tally::of(&self.thresholds, id, &values, lowest_is_worst);
            lines.push((
                verdict,
                vec![
                    Cell::text(rule.id),
                    Cell::text(rule.quantity),
                    Cell::Verdict(verdict, String::new()),
                    Cell::text(words),
                    Cell::text(worst),
                ],
            ));
        };
        let own = |vector: &Vector| vector.iter().map(|(n, v)| (n.to_owned(), v)).collect::<Vec<_>>();
        let mut measured = Measured::default();
        measured.add(fit, self, &(0..fit.plan.constructs()).collect::<Vec<_>>(), &fit.told_apart());
        // Components, and constructs that the last stage knows by their scores, are measured in earlier stages.
        for (at, own) in fit.measured_before() {
            let stage = &fit.earlier()[at];
            let pairs = fit.told_apart_before(at, &own);
            measured.add(stage, &Self::of(stage, self.conventions), &own, &pairs);
        }
        line("R01", measured.loadings, true);
        line("R03", measured.alpha, true);
        line("R05", measured.rho_a, true);
        line("R04", measured.rho_c, true);
        line("R07", measured.ave, true);
        line("R08", measured.htmt, false);
        line("R11", self.fornell_larcker_gaps(), true);
        if !measured.formative_vif.is_empty() {
            line("F02", measured.formative_vif, false);
        }
        let vifs = self
            .vif_antecedents
            .iter()
            .flat_map(|(to, vif)| vif.iter().map(move |(from, v)| (format!("{from} → {to}"), v)))
            .collect();
        line("S01", vifs, false);
        line("S06", own(&fit.r_squared()), true);
        line("S11", vec![("estimated model".to_owned(), Some(self.fit.srmr()))], false);
        line("S13", vec![("estimated model".to_owned(), self.fit.nfi())], true);
        if let Some(sample) = fit.answers() {
            let n = sample.account.cases_read.max(1) as f64;
            // The account lists items with gaps only; all are judged.
            let share = |item: &String| {
                let missing = sample.account.missing_per_item.get(item).copied().unwrap_or_default();
                (item.clone(), Some(missing as f64 / n))
            };
            line("D07", sample.items.iter().map(share).collect(), false);
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
        let two_tailed = detectable(fit.n(), Tails::Two).unwrap_or(1.0);
        table.note(if two_tailed < 1.0 {
            let b = crate::table::apa(two_tailed, 3);
            format!("D01 is one-tailed at 5 %, power .80; two-tailed n shows |β| from {b} on (D03).")
        } else {
            "D01 is one-tailed at 5 %, power .80; two-tailed n shows no path (D03).".to_owned()
        });
        for id in self.thresholds.ids().filter_map(|id| rule(id).map(|rule| rule.id)) {
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

/// What a list of values comes to under a rule.
pub(crate) struct Tally {
    /// The worst verdict.
    pub(crate) verdict: Verdict,
    /// How many are fine, worth a look, broken, missing; they add up to the number of values.
    pub(crate) words: String,
    /// The worst value with its name.
    pub(crate) worst: String,
}

impl Tally {
    pub(crate) fn of(
        thresholds: &Thresholds,
        id: &'static str,
        values: &[(String, Option<f64>)],
        lowest_is_worst: bool,
    ) -> Self {
        let judged: Vec<(Verdict, &String, f64)> = values
            .iter()
            .filter_map(|(name, value)| value.map(|v| (thresholds.judge(id, Some(v)), name, v)))
            .collect();
        let verdict = judged.iter().map(|(v, _, _)| *v).fold(Verdict::NotApplicable, worse);
        let count = |v: Verdict| judged.iter().filter(|(w, _, _)| *w == v).count();
        let worst = judged
            .iter()
            .filter(|(v, _, _)| *v == verdict)
            .max_by(|a, b| if lowest_is_worst { b.2.total_cmp(&a.2) } else { a.2.total_cmp(&b.2) })
            .map_or(String::new(), |(_, name, value)| format!("{name} {}", crate::table::apa(*value, 3)));
        let missing = values.len() - judged.len() + count(Verdict::NotApplicable);
        let rest = if missing == 0 { String::new() } else { format!(", {missing} n/a") };
        let words = if judged.is_empty() {
            "not applicable".to_owned()
        } else {
            let [ok, check, fail] = [Verdict::Ok, Verdict::Check, Verdict::Fail].map(count);
            format!("{ok} ok, {check} check, {fail} fail{rest}")
        };
        Self { verdict, words, worst }
    }
}

/// Named values that may not exist.
type Values = Vec<(String, Option<f64>)>;

/// Values that rules about measurement judge.
#[derive(Default)]
struct Measured {
    loadings: Values,
    alpha: Values,
    rho_a: Values,
    rho_c: Values,
    ave: Values,
    htmt: Values,
    formative_vif: Values,
}

impl Measured {
    /// Adds what a stage says of its constructs `own`, and of pairs of constructs.
    fn add(&mut self, fit: &PlsFit, assessment: &Assessment, own: &[usize], pairs: &[(usize, usize)]) {
        let names = fit.constructs();
        for &j in own {
            let (name, block) = (&names[j], &fit.plan.blocks[j]);
            if block.len > 1 && block.mode != Mode::B {
                let items = block.start..block.start + block.len;
                let each = items.map(|i| (fit.moments.items[i].clone(), Some(fit.estimate.loadings[i])));
                self.loadings.extend(each);
            }
            if block.len > 1 && block.mode == Mode::B {
                let vif = assessment.vif_indicators.get(name).into_iter().flat_map(Vector::iter);
                self.formative_vif.extend(vif.map(|(item, value)| (item.to_owned(), value)));
            }
            // A reliability of 1 by convention, or of a formative block, is no result to judge.
            if has_reliability(fit, j) {
                for (values, of) in [
                    (&mut self.alpha, &assessment.alpha),
                    (&mut self.rho_a, &assessment.rho_a),
                    (&mut self.rho_c, &assessment.rho_c),
                    (&mut self.ave, &assessment.ave),
                ] {
                    values.push((name.clone(), of.get(name)));
                }
            }
        }
        let judged = pairs.iter().filter(|(i, j)| !is_formative(fit, *i) && !is_formative(fit, *j));
        self.htmt
            .extend(judged.map(|&(i, j)| (format!("{} ↔ {}", names[i], names[j]), assessment.htmt.at(j, i))));
    }
}

/// Larger samples than this are no advice.
const MOST_CASES: usize = 10_000;

/// What the number of cases can show, and what the smallest path would have needed.
fn sample_size_line(fit: &PlsFit) -> Vec<Cell> {
    let rule = known("D01");
    let shown = detectable(fit.n(), Tails::One);
    let smallest =
        fit.model.paths().iter().zip(&fit.estimate.paths).min_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).map(
            |(path, b)| {
                let name = |id| &fit.model.construct(id).name;
                // A path next to nothing would need more respondents than there are.
                let needs = match inverse_square_root(*b, Tails::One) {
                    Some(n) if n <= MOST_CASES => format!(" needs {n}"),
                    _ => format!(" is too small to be shown by {MOST_CASES} cases"),
                };
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
