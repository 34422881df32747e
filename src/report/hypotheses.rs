//! The table of hypotheses: the first thing a reader wants to see.

use super::words::{chain_label, footnote, interval, with_interval};
use super::{Material, Section, SectionId};
use crate::assess::{Hypotheses, Support, Tested};
use crate::document::Exhibit;
use crate::model::Path;
use crate::resample::{Kind, Method, Summary};
use crate::table::{Cell, Column, Table, Verdict, apa, list};

/// One path with everything that is known about it.
struct Line<'a> {
    tested: Tested,
    f2: Option<f64>,
    summary: Option<&'a Summary>,
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

/// Hypotheses in the order of their numbers; other paths in the order of the model.
fn lines<'a>(m: &Material<'a>) -> Vec<Line<'a>> {
    let model = &m.fit.model;
    let mut lines: Vec<Line<'a>> = model
        .paths()
        .iter()
        .zip(&m.fit.estimate.paths)
        .filter(|(path, _)| is_hypothesis(m, path))
        .map(|(path, estimate)| {
            let (from, to) = (&model.construct(path.from).name, &model.construct(path.to).name);
            let summary = m.bootstrap.and_then(|bootstrap| bootstrap.find(Kind::Path, from, to));
            Line {
                tested: Tested {
                    hypothesis: path.hypothesis.clone(),
                    path: format!("{from} → {to}"),
                    estimate: *estimate,
                    leaves_zero_out: summary.and_then(Summary::leaves_zero_out),
                    p: summary.and_then(|summary| summary.p),
                    p_is_bound: summary.is_some_and(Summary::p_is_bound),
                },
                f2: m.assessment.f_squared.get(from, to).filter(|f2| *f2 >= 0.0),
                summary,
            }
        })
        .collect();
    lines.sort_by_cached_key(|line| line.tested.rank());
    lines
}

fn hypotheses<'a>(m: &Material<'_>, lines: &'a [Line<'_>]) -> Hypotheses<'a> {
    let level = m.bootstrap.map_or(0.95, |bootstrap| bootstrap.settings.level);
    Hypotheses::of(lines.iter().map(|line| &line.tested), 1.0 - level)
}

/// The columns a list of hypotheses begins with; where none is stated it is a list of paths.
pub(super) fn first_columns(stated: bool, tested: bool) -> Vec<Column> {
    let mut columns = vec![Column::words("path", "Path")];
    if stated {
        columns.insert(0, Column::words("hypothesis", "H"));
    }
    if tested {
        // No screen is too narrow for this place.
        columns.push(Column::words("supported", if stated { "Supported" } else { "Not 0" }));
    }
    columns
}

/// The title of that list.
pub(super) fn title(stated: bool) -> &'static str {
    if stated { "Hypotheses" } else { "Paths" }
}

/// What a test says, with its sign. What is not supported is a result, not a fault: it is not shown as a failure.
pub(super) fn supported(support: Support) -> (Cell, Verdict) {
    let (sign, tone) = match support {
        Support::Yes | Support::NotAfterHolm => ("✓", Verdict::Ok),
        Support::OppositeSign | Support::No => ("–", Verdict::NotApplicable),
        Support::Untested => ("n/a:", Verdict::NotApplicable),
    };
    (Cell::text(format!("{sign} {}", support.words())), tone)
}

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
    let hypotheses = hypotheses(m, &lines);
    let stated = hypotheses.are_stated();
    let mut columns = first_columns(stated, m.bootstrap.is_some());
    columns.push(Column::numbers("estimate", "β"));
    if let Some(bootstrap) = m.bootstrap {
        columns.extend([Column::numbers("sd", "SE"), Column::numbers("t", "t"), Column::numbers("p", "p")]);
        if hypotheses.are_several() {
            columns.push(Column::numbers("p_holm", "p (Holm)"));
        }
        columns.push(Column::interval("interval", bootstrap.settings.level));
    }
    columns.push(Column::numbers("f_squared", "f²"));
    let mut exhibit = Exhibit::new(Table::new("hypotheses", title(stated), columns));
    for (r, line) in lines.iter().enumerate() {
        let mut row = Vec::new();
        if stated {
            row.push(line.tested.cell());
        }
        if let Some(words) = chain_label(m, &line.tested.path) {
            exhibit.below.insert((r, row.len()), words);
        }
        row.push(Cell::text(&line.tested.path));
        if m.bootstrap.is_some() {
            let (cell, tone) = supported(hypotheses.support(r));
            exhibit.marks.insert((r, row.len()), tone);
            row.push(cell);
        }
        row.push(Cell::bounded(line.tested.estimate));
        if m.bootstrap.is_some() {
            let of = |value: Option<f64>, digits, bounded| Cell::of(value, digits, bounded);
            row.extend([
                of(line.summary.and_then(|s| s.sd), 3, true),
                of(line.summary.and_then(|s| s.t), 2, false),
                line.summary.map_or(Cell::NotApplicable(String::new()), Summary::p_cell),
            ]);
            if hypotheses.are_several() {
                row.push(hypotheses.p_holm(r));
            }
            row.push(line.summary.map_or(Cell::NotApplicable(String::new()), interval));
        }
        row.push(Cell::of(line.f2, 3, true));
        exhibit.table.push(row);
    }
    if let Some(bootstrap) = m.bootstrap {
        let interval = bootstrap.interval_name();
        let decides = if stated {
            format!(
                "Supported: the {interval} interval leaves 0 out and the sign is the expected one (either sign where none \
                 is stated)."
            )
        } else {
            format!("Not 0: the {interval} interval leaves 0 out.")
        };
        exhibit.table.note(format!(
            "{decides} {}; t = β / SE; p-values are {}.",
            bootstrap.standard_error_name(),
            bootstrap.p_value_name()
        ));
        for note in hypotheses.notes() {
            exhibit.table.note(note);
        }
        exhibit.table.note(footnote("S08"));
        if let Some(words) = bootstrap.contradictions(Kind::Path) {
            exhibit.table.note(words);
        }
        exhibit.table.note(bootstrap.accounting());
        if bootstrap.requested < 10_000 && bootstrap.settings.method != Method::Jackknife {
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
    let size = |line: &Line<'_>| line.tested.estimate.abs();
    let Some(strongest) = lines.iter().max_by(|a, b| size(a).total_cmp(&size(b))) else {
        return String::new();
    };
    let path = &strongest.tested.path;
    let Some(summary) = strongest.summary else {
        return format!("{path} {} is the strongest path.", apa(strongest.tested.estimate, 3));
    };
    let open: Vec<String> = lines
        .iter()
        .filter(|line| line.summary.is_some() && line.tested.leaves_zero_out != Some(true))
        .map(|line| line.tested.path.clone())
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
    format!("{path} {} is the strongest path; {tail}", with_interval(summary))
}

/// How many hypotheses are supported, in sentences.
pub(super) fn summary(m: &Material<'_>) -> Vec<String> {
    let lines = lines(m);
    m.bootstrap.map_or_else(Vec::new, |_| hypotheses(m, &lines).sentences())
}
