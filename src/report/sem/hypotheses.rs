//! Hypotheses and paths of a covariance-based model.

use super::super::hypotheses::{NOT_AFTER_HOLM, SUPPORTED, ranks};
use super::super::structure::spread_of_r_squared;
use super::super::words::{chain_label_in, label_in, list};
use super::super::{Section, SectionId};
use super::Material;
use crate::document::Exhibit;
use crate::model::Sign;
use crate::sem::Parameter;
use crate::stats::distribution::normal_quantile;
use crate::stats::holm::holm;
use crate::table::{Cell, Column, Table, Verdict, apa};

/// A path that stands for a hypothesis.
struct Line<'a> {
    id: String,
    expected: Option<Sign>,
    path: String,
    parameter: &'a Parameter,
    is_clear: bool,
}

impl Line<'_> {
    fn is_supported(&self) -> bool {
        let std = self.parameter.std_all;
        self.is_clear
            && match self.expected {
                Some(Sign::Positive) => std > 0.0,
                Some(Sign::Negative) => std < 0.0,
                None => true,
            }
    }

    /// `A → B .41`.
    fn shown(&self) -> String {
        format!("{} {}", self.path, apa(self.parameter.std_all, 3))
    }
}

impl Material<'_> {
    /// Paths that stand for hypotheses, in the order of their numbers.
    fn lines(&self) -> Vec<Line<'_>> {
        let model = &self.fit.model;
        let stated = model.paths().iter().any(|path| path.hypothesis.is_some());
        let paths = model.paths().iter().filter(|path| {
            path.hypothesis.is_some() || !(model.is_control(path.from) || model.is_control(path.to))
        });
        let mut lines: Vec<Line<'_>> = paths
            .filter_map(|path| Some((path, self.parameter(path)?)))
            .enumerate()
            .map(|(at, (path, parameter))| Line {
                id: match &path.hypothesis {
                    Some(hypothesis) => hypothesis.id.clone(),
                    None if stated => String::new(),
                    None => format!("H{}", at + 1),
                },
                expected: path.hypothesis.as_ref().and_then(|hypothesis| hypothesis.sign),
                path: format!("{} → {}", self.name(path.from), self.name(path.to)),
                parameter,
                is_clear: self.is_clear(parameter),
            })
            .collect();
        if stated {
            lines.sort_by_cached_key(|line| (line.id.is_empty(), ranks(&line.id)));
        }
        lines
    }

    pub(super) fn hypotheses_in_a_sentence(&self) -> Option<String> {
        let lines = self.lines();
        let judged: Vec<&Line<'_>> = lines.iter().filter(|line| !line.id.is_empty()).collect();
        if judged.is_empty() {
            return None;
        }
        let supported = judged.iter().filter(|line| line.is_supported()).count();
        let not: Vec<String> =
            judged.iter().filter(|line| !line.is_supported()).map(|line| line.id.clone()).collect();
        let rest =
            if not.is_empty() { String::new() } else { format!("; not supported: {}", list(&not, 12)) };
        Some(format!("{supported} of {} hypotheses are supported{rest}.", judged.len()))
    }

    pub(super) fn verdict(&self) -> Section {
        let mut section = Section::new(SectionId::Verdict);
        let lines = self.lines();
        if lines.is_empty() {
            section.intro.push("The model has no path, and so no hypothesis.".to_owned());
            return section;
        }
        let p_holm = holm(
            &lines
                .iter()
                .map(|line| line.parameter.pvalue.filter(|_| !line.id.is_empty()))
                .collect::<Vec<_>>(),
        );
        let tests = p_holm.iter().flatten().count();
        let mut columns = vec![
            Column::words("hypothesis", "H"),
            Column::words("path", "Path"),
            Column::numbers("std_all", "β"),
            Column::numbers("std_se", "SE"),
            Column::numbers("z", "z"),
            Column::numbers("p", "p"),
        ];
        if tests > 1 {
            columns.push(Column::numbers("p_holm", "p (Holm)"));
        }
        columns.push(Column::interval("interval", self.fit.settings.level));
        columns.insert(SUPPORTED, Column::words("supported", "Supported"));
        let reach = normal_quantile(0.5 + self.fit.settings.level / 2.0);
        let mut exhibit = Exhibit::new(Table::new("hypotheses", "Hypotheses", columns));
        for (r, line) in lines.iter().enumerate() {
            let p = line.parameter;
            let sign = line.expected.map_or_else(String::new, |sign| format!(" ({sign})"));
            let probability =
                |p: Option<f64>| p.map_or(Cell::NotApplicable(String::new()), Cell::Probability);
            let mut row = vec![
                if line.id.is_empty() { Cell::Blank } else { Cell::text(format!("{}{sign}", line.id)) },
                Cell::text(&line.path),
                Cell::bounded(p.std_all),
                Cell::of(p.std_se, 3, true),
                Cell::of(p.z, 2, false),
                probability(p.pvalue),
            ];
            if tests > 1 {
                row.push(p_holm.get(r).copied().flatten().map_or(Cell::Blank, Cell::Probability));
            }
            row.push(p.std_se.map_or(Cell::NotApplicable(String::new()), |se| Cell::Interval {
                low: p.std_all - reach * se,
                high: p.std_all + reach * se,
                digits: 3,
            }));
            let corrected = p_holm.get(r).copied().flatten().filter(|_| tests > 1);
            let lost = corrected.is_some_and(|p| p >= 1.0 - self.fit.settings.level);
            let (words, tone) = match (line.is_supported(), lost) {
                (true, true) => (NOT_AFTER_HOLM, Verdict::Ok),
                (true, false) => ("✓ yes", Verdict::Ok),
                (false, _) => ("– no", Verdict::NotApplicable),
            };
            exhibit.marks.insert((r, SUPPORTED), tone);
            row.insert(SUPPORTED, Cell::text(words));
            exhibit.table.push(row);
            if let Some(words) = chain_label_in(&self.fit.model, self.context.language, &line.path) {
                exhibit.below.insert((r, 1), words);
            }
        }
        exhibit.table.note(format!(
            "Supported: p is below {} and the sign is the expected one (either sign where none is stated).",
            apa(1.0 - self.fit.settings.level, 2)
        ));
        exhibit.table.note(
            "β: constructs and items with variance 1; its SE by the delta method, its interval normal. z and two-sided p test \
             the path in units of the items.",
        );
        if tests > 1 {
            exhibit.table.note(format!(
                "p (Holm): corrected for {tests} hypotheses that are tested at once (Holm 1979)."
            ));
        }
        section.exhibits.push(exhibit.reading(strongest(&lines)));
        section
    }

    pub(super) fn structure(&self) -> Section {
        let mut section = Section::new(SectionId::Structure);
        if self.fit.model.paths().is_empty() {
            return section;
        }
        let paths = self.fit.model.paths();
        let shown: Vec<String> = paths
            .iter()
            .filter(|path| self.parameter(path).is_some())
            .map(|path| format!("{} → {}", self.name(path.from), self.name(path.to)))
            .collect();
        let label = |path: &String| chain_label_in(&self.fit.model, self.context.language, path);
        let mut exhibit = Exhibit::new(self.fit.paths_table());
        if let Some(column) = exhibit.table.columns.iter().position(|column| column.key == "path") {
            let below = shown.iter().enumerate().filter_map(|(r, path)| Some(((r, column), label(path)?)));
            exhibit.below.extend(below);
        }
        section.exhibits.push(exhibit.reading(strongest(&self.lines())));
        let explained = self.explained();
        let mut table = Table::new(
            "explained",
            "Explained variance",
            vec![Column::words("construct", "Construct"), Column::numbers("r_squared", "R²")],
        );
        for (name, value) in &explained {
            table.push(vec![Cell::text(name), Cell::bounded(*value)]);
        }
        table.note(self.thresholds.footnote("S06"));
        let words = spread_of_r_squared(
            &explained.iter().map(|(name, value)| (name.as_str(), *value)).collect::<Vec<_>>(),
        );
        let label = |name: &str| label_in(&self.fit.model, self.context.language, name);
        let mut exhibit = Exhibit::new(table).reading(words).labelled(label);
        exhibit.judge("r_squared", |_, value| self.thresholds.judge("S06", Some(value)));
        section.exhibits.push(exhibit);
        section.exhibits.push(Exhibit::new(self.fit.definitions_table()));
        section
    }
}

/// The strongest path, and those that are not significant.
fn strongest(lines: &[Line<'_>]) -> String {
    let size = |line: &Line<'_>| line.parameter.std_all.abs();
    let Some(most) = lines.iter().max_by(|a, b| size(a).total_cmp(&size(b))) else {
        return String::new();
    };
    let open: Vec<String> =
        lines.iter().filter(|line| !line.is_clear).map(|line| line.path.clone()).collect();
    let tail = if open.is_empty() {
        format!("all {} paths are significant.", lines.len())
    } else {
        format!("not significant of {} paths: {}.", lines.len(), list(&open, 12))
    };
    format!("{} is the strongest path; {tail}", most.shown())
}
