//! The table of hypotheses: the first thing a reader wants to see.

use super::words::{chain_label, excludes_zero, footnote, interval, list, with_interval};
use super::{Material, Section, SectionId};
use crate::document::Exhibit;
use crate::model::{Path, Sign};
use crate::resample::{Kind, Summary};
use crate::stats::holm::holm;
use crate::table::{Cell, Column, Table, Verdict, apa};

/// One path with everything that is known about it.
struct Line<'a> {
    id: String,
    expected: Option<Sign>,
    path: String,
    estimate: f64,
    f2: Option<f64>,
    summary: Option<&'a Summary>,
}

impl Line<'_> {
    /// Interval without 0 and the expected sign, if the interval is known.
    fn supported(&self) -> Option<bool> {
        let summary = self.summary?;
        let sign = match self.expected {
            Some(Sign::Positive) => self.estimate > 0.0,
            Some(Sign::Negative) => self.estimate < 0.0,
            None => true,
        };
        Some(excludes_zero(summary) && sign)
    }
}

/// Whether a path may be a hypothesis: one of a control is none unless it is stated, nor is what joins a construct to its
/// components.
fn is_hypothesis(m: &Material<'_>, path: &Path) -> bool {
    let model = &m.fit.model;
    let (from, to) = (&model.construct(path.from).name, &model.construct(path.to).name);
    let written = m.fit.written();
    let there =
        written.find(from).zip(written.find(to)).is_some_and(|(a, b)| written.find_path(a, b).is_some());
    let control = from.split(':').any(|name| model.about.controls.iter().any(|control| control == name));
    path.hypothesis.is_some() || (there && !control)
}

fn lines<'a>(m: &Material<'a>) -> Vec<Line<'a>> {
    let model = &m.fit.model;
    let stated = model.paths().iter().any(|path| path.hypothesis.is_some());
    let id = |at: usize, path: &Path| match &path.hypothesis {
        Some(hypothesis) => hypothesis.id.clone(),
        // Numbers beside stated ids could collide with them.
        None if stated => String::new(),
        None => format!("H{}", at + 1),
    };
    let mut lines: Vec<Line<'a>> = model
        .paths()
        .iter()
        .zip(&m.fit.estimate.paths)
        .filter(|(path, _)| is_hypothesis(m, path))
        .enumerate()
        .map(|(at, (path, estimate))| {
            let (from, to) = (&model.construct(path.from).name, &model.construct(path.to).name);
            Line {
                id: id(at, path),
                expected: path.hypothesis.as_ref().and_then(|hypothesis| hypothesis.sign),
                path: format!("{from} → {to}"),
                estimate: *estimate,
                f2: m.assessment.f_squared.get(from, to).filter(|f2| *f2 >= 0.0),
                summary: m.bootstrap.and_then(|bootstrap| bootstrap.find(Kind::Path, from, to)),
            }
        })
        .collect();
    if stated {
        // In the order of their numbers; paths without one follow in the order of the model.
        lines.sort_by_cached_key(|line| (line.id.is_empty(), ranks(&line.id)));
    }
    lines
}

/// What an id is sorted by: its words and numbers, so that H2 stands before H10 and H2a before H2b.
pub(super) fn ranks(id: &str) -> Vec<(String, u64)> {
    let mut parts: Vec<(String, u64)> = Vec::new();
    let mut digits = String::new();
    let mut words = String::new();
    for c in id.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            parts.push((std::mem::take(&mut words), digits.parse().unwrap_or(u64::MAX)));
            digits.clear();
        }
        words.push(c);
    }
    parts.push((words, digits.parse().unwrap_or(0)));
    parts
}

/// Position of the column that says whether a hypothesis is supported: where no screen is too narrow for it.
pub(super) const SUPPORTED: usize = 2;
/// What holds for one test, and not among so many.
pub(super) const NOT_AFTER_HOLM: &str = "✓ yes, not after Holm";

/// The verdict section's table.
pub(super) fn section(m: &Material<'_>) -> Section {
    let mut section = Section::new(SectionId::Verdict);
    let lines = lines(m);
    if lines.is_empty() {
        let words = if m.fit.model.paths().is_empty() {
            "The model has no path, and so no hypothesis."
        } else {
            "The model has paths of controls only, and so no hypothesis."
        };
        section.intro.push(words.to_owned());
        return section;
    }
    let mut columns = vec![
        Column::words("hypothesis", "H"),
        Column::words("path", "Path"),
        Column::numbers("estimate", "β"),
    ];
    let tests = lines.iter().map(|line| line.summary.filter(|_| !line.id.is_empty())?.p);
    let p_holm = holm(&tests.collect::<Vec<_>>());
    let tests = p_holm.iter().flatten().count();
    if let Some(bootstrap) = m.bootstrap {
        columns.extend([Column::numbers("sd", "SE"), Column::numbers("t", "t"), Column::numbers("p", "p")]);
        if tests > 1 {
            columns.push(Column::numbers("p_holm", "p (Holm)"));
        }
        columns.push(Column::interval("interval", bootstrap.settings.level));
    }
    columns.push(Column::numbers("f_squared", "f²"));
    if m.bootstrap.is_some() {
        columns.insert(SUPPORTED, Column::words("supported", "Supported"));
    }
    let mut exhibit = Exhibit::new(Table::new("hypotheses", "Hypotheses", columns));
    for (r, line) in lines.iter().enumerate() {
        let sign = line.expected.map_or_else(String::new, |sign| format!(" ({sign})"));
        let mut row = vec![
            if line.id.is_empty() { Cell::Blank } else { Cell::text(format!("{}{sign}", line.id)) },
            Cell::text(&line.path),
            Cell::bounded(line.estimate),
        ];
        if m.bootstrap.is_some() {
            let of = |value: Option<f64>, digits, bounded| Cell::of(value, digits, bounded);
            row.extend([
                of(line.summary.and_then(|s| s.sd), 3, true),
                of(line.summary.and_then(|s| s.t), 2, false),
                line.summary.map_or(Cell::NotApplicable(String::new()), Summary::p_cell),
            ]);
            if tests > 1 {
                let corrected = p_holm.get(r).copied().flatten();
                row.push(corrected.map_or(Cell::Blank, Cell::Probability));
            }
            row.push(line.summary.map_or(Cell::NotApplicable(String::new()), interval));
        }
        row.push(Cell::of(line.f2, 3, true));
        if m.bootstrap.is_some() {
            // What is not supported is a result, not a fault: it is not shown as a failure.
            let level = m.bootstrap.map_or(0.95, |bootstrap| bootstrap.settings.level);
            let corrected = p_holm.get(r).copied().flatten().filter(|_| tests > 1);
            let (words, tone) = match line.supported() {
                Some(true) if corrected.is_some_and(|p| p >= 1.0 - level) => (NOT_AFTER_HOLM, Verdict::Ok),
                Some(true) => ("✓ yes", Verdict::Ok),
                Some(false) => ("– no", Verdict::NotApplicable),
                None => ("n/a", Verdict::NotApplicable),
            };
            exhibit.marks.insert((r, SUPPORTED), tone);
            row.insert(SUPPORTED, Cell::text(words));
        }
        exhibit.table.push(row);
        if let Some(words) = chain_label(m, &line.path) {
            exhibit.below.insert((r, 1), words);
        }
    }
    if let Some(bootstrap) = m.bootstrap {
        exhibit.table.note(format!(
            "Supported: the {} interval leaves 0 out and the sign is the expected one (either sign where none is stated). \
             SE: standard deviation over the resamples; t = β / SE; p-values are {}.",
            bootstrap.interval_name(),
            bootstrap.p_value_name()
        ));
        if tests > 1 {
            exhibit.table.note(format!(
                "p (Holm): corrected for {tests} hypotheses that are tested at once (Holm 1979)."
            ));
        }
        exhibit.table.note(footnote("S08"));
        if let Some(words) = bootstrap.contradictions(Kind::Path) {
            exhibit.table.note(words);
        }
        exhibit.table.note(bootstrap.accounting());
        if bootstrap.requested < 10_000 {
            exhibit
                .table
                .note("For final results draw at least 10,000 resamples (Streukens & Leroi-Werelds 2016).");
        }
    } else {
        exhibit.table.note(footnote("S08"));
        section.intro.push(
            "There are no standard errors here: whether a path differs from 0 needs the bootstrap. The table shows the \
             estimates and their effect sizes only."
                .to_owned(),
        );
    }
    let controls = &m.fit.model.about.controls;
    if !controls.is_empty() {
        exhibit.table.note(format!(
            "Controls ({}) are no hypotheses; their paths stand with the structural model.",
            controls.join(", ")
        ));
    }
    section.exhibits.push(exhibit.reading(reading(&lines)));
    section
}

/// The strongest path and the intervals that include 0.
fn reading(lines: &[Line<'_>]) -> String {
    let Some(strongest) = lines.iter().max_by(|a, b| a.estimate.abs().total_cmp(&b.estimate.abs())) else {
        return String::new();
    };
    let Some(summary) = strongest.summary else {
        return format!("{} {} is the strongest path.", strongest.path, apa(strongest.estimate, 3));
    };
    let open: Vec<String> = lines
        .iter()
        .filter(|line| line.summary.is_some_and(|summary| !excludes_zero(summary)))
        .map(|line| line.path.clone())
        .collect();
    let tail = if open.is_empty() {
        format!("none of the {} intervals includes 0.", lines.len())
    } else {
        format!(
            "{} of {} intervals include{} 0: {}.",
            open.len(),
            lines.len(),
            if open.len() == 1 { "s" } else { "" },
            list(&open, 12)
        )
    };
    format!("{} {} is the strongest path; {tail}", strongest.path, with_interval(summary))
}

/// How many hypotheses are supported, in a sentence.
pub(super) fn summary(m: &Material<'_>) -> Option<String> {
    let lines = lines(m);
    m.bootstrap?;
    let judged: Vec<&Line<'_>> = lines.iter().filter(|line| !line.id.is_empty()).collect();
    if judged.is_empty() {
        return None;
    }
    let supported = judged.iter().filter(|line| line.supported() == Some(true)).count();
    let not: Vec<String> =
        judged.iter().filter(|line| line.supported() != Some(true)).map(|line| line.id.clone()).collect();
    let rest = if not.is_empty() { String::new() } else { format!("; not supported: {}", list(&not, 12)) };
    Some(format!("{supported} of {} hypotheses are supported{rest}.", judged.len()))
}

#[cfg(test)]
mod tests {
    use super::ranks;

    #[test]
    fn hypotheses_stand_in_the_order_of_their_numbers() {
        let mut ids = ["H10", "H2b", "H1", "H2", "H2a", "H11", "M1", "H3"];
        ids.sort_by_key(|id| ranks(id));
        assert_eq!(ids, ["H1", "H2", "H2a", "H2b", "H3", "H10", "H11", "M1"]);
    }
}
