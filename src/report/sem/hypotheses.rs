//! Hypotheses and paths of a covariance-based model.

use super::super::hypotheses::{first_columns, supported, title};
use super::super::structure::spread_of_r_squared;
use super::super::words::{chain_label_in, label_in};
use super::super::{Section, SectionId};
use super::Material;
use crate::assess::{Hypotheses, Tested};
use crate::document::Exhibit;
use crate::sem::Parameter;
use crate::stats::distribution::normal_quantile;
use crate::table::{Cell, Column, Table, apa, list};

/// A path under test.
struct Line<'a> {
    tested: Tested,
    parameter: &'a Parameter,
}

impl Line<'_> {
    /// `A → B .41`.
    fn shown(&self) -> String {
        format!("{} {}", self.tested.path, apa(self.parameter.std_all, 3))
    }
}

impl Material<'_> {
    /// Hypotheses in the order of their numbers; other paths in the order of the model.
    fn lines(&self) -> Vec<Line<'_>> {
        let model = &self.fit.model;
        let paths = model.paths().iter().filter(|path| {
            path.hypothesis.is_some() || !(model.is_control(path.from) || model.is_control(path.to))
        });
        let mut lines: Vec<Line<'_>> = paths
            .filter_map(|path| Some((path, self.parameter(path)?)))
            .map(|(path, parameter)| Line {
                tested: Tested {
                    hypothesis: path.hypothesis.clone(),
                    path: format!("{} → {}", self.name(path.from), self.name(path.to)),
                    estimate: parameter.std_all,
                    leaves_zero_out: parameter.pvalue.map(|_| self.is_clear(parameter)),
                    p: parameter.pvalue,
                    p_is_bound: false,
                },
                parameter,
            })
            .collect();
        lines.sort_by_cached_key(|line| line.tested.rank());
        lines
    }

    fn hypotheses<'a>(&self, lines: &'a [Line<'_>]) -> Hypotheses<'a> {
        Hypotheses::of(lines.iter().map(|line| &line.tested), 1.0 - self.fit.settings.level)
    }

    pub(super) fn hypotheses_in_sentences(&self) -> Vec<String> {
        self.hypotheses(&self.lines()).sentences()
    }

    pub(super) fn verdict(&self) -> Section {
        let mut section = Section::new(SectionId::Verdict);
        let lines = self.lines();
        if lines.is_empty() {
            section.intro.push("The model has no path, and so no hypothesis.".to_owned());
            return section;
        }
        let hypotheses = self.hypotheses(&lines);
        let stated = hypotheses.are_stated();
        let mut columns = first_columns(stated, true);
        columns.extend([
            Column::numbers("std_all", "β"),
            Column::numbers("std_se", "SE"),
            Column::numbers("z", "z"),
            Column::numbers("p", "p"),
        ]);
        if hypotheses.are_several() {
            columns.push(Column::numbers("p_holm", "p (Holm)"));
        }
        columns.push(Column::interval("interval", self.fit.settings.level));
        let reach = normal_quantile(0.5 + self.fit.settings.level / 2.0);
        let mut exhibit = Exhibit::new(Table::new("hypotheses", title(stated), columns));
        for (r, line) in lines.iter().enumerate() {
            let p = line.parameter;
            let mut row = Vec::new();
            if stated {
                row.push(line.tested.cell());
            }
            if let Some(words) = chain_label_in(&self.fit.model, self.context.language, &line.tested.path) {
                exhibit.below.insert((r, row.len()), words);
            }
            row.push(Cell::text(&line.tested.path));
            let (cell, tone) = supported(hypotheses.support(r));
            exhibit.marks.insert((r, row.len()), tone);
            row.extend([
                cell,
                Cell::bounded(p.std_all),
                Cell::of(p.std_se, 3, true),
                Cell::of(p.z, 2, false),
                p.pvalue.map_or(Cell::NotApplicable(String::new()), Cell::Probability),
            ]);
            if hypotheses.are_several() {
                row.push(hypotheses.p_holm(r));
            }
            row.push(p.std_se.map_or(Cell::NotApplicable(String::new()), |se| Cell::Interval {
                low: p.std_all - reach * se,
                high: p.std_all + reach * se,
                digits: 3,
            }));
            exhibit.table.push(row);
        }
        let alpha = apa(1.0 - self.fit.settings.level, 2);
        exhibit.table.note(if stated {
            format!(
                "Supported: p is below {alpha} and the sign is the expected one (either sign where none is stated)."
            )
        } else {
            format!("Not 0: p is below {alpha}.")
        });
        exhibit.table.note(
            "β: constructs and items with variance 1; its SE by the delta method, its interval normal. z and two-sided p test \
             the path in units of the items.",
        );
        for note in hypotheses.notes() {
            exhibit.table.note(note);
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
    let open: Vec<String> = lines
        .iter()
        .filter(|line| line.tested.leaves_zero_out != Some(true))
        .map(|line| line.tested.path.clone())
        .collect();
    let tail = if open.is_empty() {
        format!("all {} paths are significant.", lines.len())
    } else {
        format!("not significant of {} paths: {}.", lines.len(), list(&open, 12))
    };
    format!("{} is the strongest path; {tail}", most.shown())
}
