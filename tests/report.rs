//! The report: the numbers it prints are those of the results, and nothing of what a person wrote can break it.
#![cfg(feature = "report")]

use std::collections::HashSet;
use std::sync::OnceLock;

use trustpath::model::{Codebook, Sign};
use trustpath::report::{Context, Figure, Report, SectionId};
use trustpath::resample::Kind;
use trustpath::survey::Screening;
use trustpath::table::{Cell, apa};
use trustpath::{Assessment, Bootstrap, Bootstrapped, Conventions, Model, Pls, PlsFit, Survey};

/// A model and everything the report wants of it.
struct Study {
    fit: PlsFit,
    assessment: Assessment,
    bootstrap: Bootstrapped,
    screening: Screening,
}

/// A value that must be there for the test to make sense.
fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| unreachable!("{error}"))
}

fn study(model: &Model, settings: &Pls, resamples: usize) -> Study {
    let survey = must(Survey::read("data/initial-trust.csv"));
    let fit = must(settings.fit(model, &survey));
    let assessment = Assessment::of(&fit, Conventions::default());
    let bootstrap = must(Bootstrap { resamples, ..Bootstrap::default() }.run(&fit));
    let screening = match &fit.sample {
        Some(sample) => Screening::of(model, &survey, sample),
        None => unreachable!("a fit from a survey has a sample"),
    };
    Study { fit, assessment, bootstrap, screening }
}

fn built_in() -> &'static Study {
    static STUDY: OnceLock<Study> = OnceLock::new();
    STUDY.get_or_init(|| study(&must(Model::read("models/initial-trust.sem")), &Pls::default(), 500))
}

fn context() -> Context {
    Context {
        data_file: "data/initial-trust.csv".into(),
        model_file: "models/initial-trust.sem".into(),
        dialect: "comma-separated, UTF-8".into(),
        command: "trustpath report models/initial-trust.sem data/initial-trust.csv --resamples 500 --seed 42"
            .into(),
        created: String::new(),
        ..Context::default()
    }
}

fn report(study: &Study) -> Report {
    Report::of(&study.fit, &study.assessment, Some(&study.bootstrap), Some(&study.screening), context())
}

/// Text between tags, character references resolved.
fn text_of(html: &str) -> String {
    let body = html.split_once("<body>").map_or(html, |(_, body)| body);
    let body = body.split("<script").next().unwrap_or(body);
    let mut out = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let pattern = format!(" {name}=\"");
    html.match_indices(&pattern)
        .filter_map(|(at, found)| html[at + found.len()..].split('"').next())
        .collect()
}

/// What holds for every report.
fn check(html: &str) {
    let ids = attributes(html, "id");
    let known: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), known.len(), "an id stands twice");
    for link in attributes(html, "href") {
        let target = link.strip_prefix('#');
        assert!(target.is_some_and(|id| known.contains(id)), "the link {link} leads nowhere");
    }
    for label in attributes(html, "aria-labelledby").iter().flat_map(|ids| ids.split(' ')) {
        assert!(known.contains(label), "nothing has the id {label}");
    }
    assert!(attributes(html, "src").is_empty());
    for loading in ["url(", "@import", "<link", "<iframe", "fetch("] {
        assert!(!html.contains(loading), "{loading} may load something");
    }
    let text = text_of(html);
    for wrong in ["NaN", "inf ", "undefined", "None", "none("] {
        assert!(!text.contains(wrong), "`{wrong}` in the text");
    }
    assert!(html.starts_with("<!doctype html>") && html.contains("<html lang=\"en\">"));
    for tag in
        ["table", "section", "div", "ul", "li", "p", "figure", "details", "span", "tr", "td", "th", "caption"]
    {
        let open = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
        assert_eq!(open, html.matches(&format!("</{tag}>")).count(), "<{tag}> is not balanced");
    }
}

fn column(table: &trustpath::Table, key: &str) -> usize {
    table
        .columns
        .iter()
        .position(|column| column.key == key)
        .unwrap_or_else(|| unreachable!("no column {key}"))
}

#[test]
fn the_hypotheses_are_those_of_the_bootstrap() {
    let study = built_in();
    let report = report(study);
    let table = report.table("hypotheses").unwrap_or_else(|| unreachable!("no table of hypotheses"));
    let paths: Vec<_> = study.bootstrap.of_kind(Kind::Path).collect();
    assert_eq!(table.rows.len(), 15);
    assert_eq!(paths.len(), 15);
    let at = column(table, "hypothesis");
    let ids: Vec<String> = table.rows.iter().map(|row| row[at].show().replace(" (+)", "")).collect();
    let numbered =
        ["H1a", "H1b", "H2a", "H2b", "H3a", "H3b", "H4a", "H4b", "H5a", "H5b", "H6", "H7", "H8", "H9", "H10"];
    assert_eq!(ids, numbered, "in the order of their numbers");
    for (r, (quantity, summary, _)) in paths.iter().enumerate() {
        let Some(summary) = summary else { unreachable!("{} has no summary", quantity.name) };
        let path = column(table, "path");
        let row = table.rows.iter().find(|row| row[path].show() == quantity.name);
        let row = row.unwrap_or_else(|| unreachable!("{} has no row", quantity.name));
        let cell = |key: &str| &row[column(table, key)];
        let stated =
            study.fit.model.paths()[r].hypothesis.as_ref().unwrap_or_else(|| unreachable!("no hypothesis"));
        let sign = if stated.sign == Some(Sign::Positive) { " (+)" } else { "" };
        assert_eq!(cell("hypothesis"), &Cell::text(format!("{}{sign}", stated.id)));
        assert_eq!(cell("path"), &Cell::text(&quantity.name));
        assert_eq!(cell("estimate").value(), Some(summary.original));
        assert_eq!(cell("sd").value(), summary.sd);
        assert_eq!(cell("t").value(), summary.t);
        assert_eq!(cell("p").value(), summary.p);
        // Corrected for 15 hypotheses: never smaller, at most 15 times as large.
        let (p, corrected) = (summary.p.unwrap_or(1.0), cell("p_holm").value().unwrap_or(0.0));
        assert!(corrected >= p && corrected <= (15.0 * p).min(1.0) + 1e-15, "{p} {corrected}");
        assert_eq!(cell("interval"), &Cell::Interval { low: summary.low, high: summary.high, digits: 3 });
        assert_eq!(cell("f_squared").value(), study.assessment.f_squared.get(&quantity.from, &quantity.to));
        let clear = summary.low > 0.0 || summary.high < 0.0;
        let supported = match (clear, corrected < 0.05) {
            (true, true) => "✓ yes",
            (true, false) => "✓ yes, not after Holm",
            (false, _) => "– no",
        };
        assert_eq!(cell("supported"), &Cell::text(supported));
    }
}

#[test]
fn the_sentence_below_the_hypotheses_counts_the_same_intervals() {
    let study = built_in();
    let report = report(study);
    let verdict = report.section(SectionId::Verdict).unwrap_or_else(|| unreachable!());
    let open: Vec<&str> = study
        .bootstrap
        .of_kind(Kind::Path)
        .filter(|(_, summary, _)| summary.is_some_and(|s| s.low <= 0.0 && s.high >= 0.0))
        .map(|(quantity, _, _)| quantity.name.as_str())
        .collect();
    let reading = &verdict.exhibits[0].reading;
    if open.is_empty() {
        assert!(reading.contains("none of the 15 intervals"), "{reading}");
    } else {
        assert!(reading.contains(&format!("{} of 15 intervals include", open.len())), "{reading}");
        assert!(open.iter().all(|name| reading.contains(name)), "{reading}");
    }
    assert!(report.summary[1].starts_with(&format!("{} of 15", 15 - open.len())), "{:?}", report.summary);
}

#[test]
fn every_number_of_the_model_is_printed_and_the_file_stands_alone() {
    let study = built_in();
    let html = must(report(study).to_html());
    check(&html);
    let text = text_of(&html);
    let estimate = &study.fit.estimate;
    for value in
        estimate.paths.iter().chain(&estimate.loadings).chain(&estimate.weights).chain(&estimate.r_squared)
    {
        assert!(text.contains(&apa(*value, 3)), "{value} is missing");
    }
    for value in [study.assessment.fit.srmr(), study.assessment.fit.srmr_saturated()] {
        assert!(text.contains(&apa(value, 3)));
    }
    for words in ["感知有用性", "我确信这个网站是值得信任的。", "sampling", "2.486"] {
        let wanted = matches!(words, "感知有用性" | "我确信这个网站是值得信任的。");
        assert_eq!(text.contains(words), wanted, "{words}");
    }
    // (1.960 + .842) / √480, and 2.486 / √480
    assert!(
        text.contains("|β| = .128 with 80 % power in a two-tailed test at the 5 % level (.113 one-tailed)")
    );
    let order: Vec<usize> = SectionId::ALL
        .iter()
        .filter_map(|id| html.find(&format!("<section id=\"{}\"", id.anchor())))
        .collect();
    assert!(order.is_sorted() && order.len() == 8, "{order:?}");
}

#[test]
fn problems_come_first() {
    let report = report(built_in());
    let rank = |verdict| match verdict {
        trustpath::table::Verdict::Fail => 0,
        trustpath::table::Verdict::Check => 1,
        trustpath::table::Verdict::Ok | trustpath::table::Verdict::Info => 2,
        trustpath::table::Verdict::NotApplicable => 3,
    };
    assert!(report.lights.is_sorted_by_key(|light| rank(light.verdict)));
    assert!(report.lights.len() >= 12);
    for light in &report.lights {
        assert!(
            light.table.is_empty() || report.table(&light.table).is_some(),
            "{} has no table",
            light.quantity
        );
        let problem = rank(light.verdict) < 2;
        assert_eq!(problem, !light.advice.is_empty(), "{}", light.quantity);
    }
}

#[test]
fn an_inadmissible_estimate_stands_in_a_box_on_top() {
    let study = built_in();
    let mut report = report(study);
    assert!(!must(report.to_html()).contains("do not interpret it"));
    report.problems.push("rho_A of X is 1.200, above 1".into());
    let html = must(report.to_html());
    let (banner, table) = (html.find("rho_A of X is 1.200"), html.find("<table"));
    assert!(banner.is_some() && banner < table);
    assert!(html.contains("do not interpret it"));
}

#[test]
fn what_people_write_is_escaped() {
    let evil = "<script>alert(1)</script>&\"' {{ 7 * 7 }}{% raw %}";
    let study = built_in();
    let text = format!(
        "#@ title {evil}\n#@ theory {evil}\n#@ label PU {evil}\n#@ label_zh PU {evil}\n\
         PU =~ PU1 + PU2 + PU3\nATT =~ ATT1 + ATT2\nITR =~ ITR1 + ITR2\nATT ~ PU\nITR ~ ATT"
    );
    let codebook = must(Codebook::parse(
        "<b>codebook</b>.csv",
        "item,text,text_zh\nPU1,<script>alert(1)</script>,<script>alert(2)</script>",
    ));
    let model = must(Model::parse(&text)).with_codebook(codebook);
    let Study { fit, assessment, bootstrap, screening } = self::study(&model, &Pls::default(), 50);
    let context = Context {
        data_file: evil.into(),
        model_file: evil.into(),
        dialect: evil.into(),
        command: evil.into(),
        created: evil.into(),
        ..Context::default()
    };
    let figure = Figure {
        id: evil.into(),
        title: evil.into(),
        caption: evil.into(),
        svg: "<?xml version=\"1.0\"?><svg viewBox=\"0 0 1 1\"><title>ok</title></svg>".into(),
        paper: None,
        file: None,
    };
    let report = Report::of(&fit, &assessment, Some(&bootstrap), Some(&screening), context)
        .with_figure(SectionId::Diagram, figure);
    let html = must(report.to_html());
    check(&html);
    assert!(!html.contains("<script>alert") && !html.contains("<b>codebook"));
    assert!(!html.contains("<?xml") && html.contains("<svg viewBox"));
    assert!(html.matches("&lt;script&gt;alert").count() >= 10);
    assert!(!html.contains("49{%"), "the title was read as a template");
    assert!(html.contains("{{ 7 * 7 }}{% raw %}"));
    assert_eq!(html.matches("<script>").count(), 1);
    assert!(!must(self::report(study).to_html()).contains("<svg"));
}

#[test]
fn without_a_bootstrap_the_report_says_so() {
    let study = built_in();
    let report = Report::of(&study.fit, &study.assessment, None, None, Context::default());
    let html = must(report.to_html());
    check(&html);
    let text = text_of(&html);
    assert!(text.contains("needs the bootstrap"));
    assert!(!text.contains("resamples count") && !text.contains("Supported"));
    let table = report.table("hypotheses").unwrap_or_else(|| unreachable!());
    assert_eq!(table.columns.len(), 4);
    for (path, b) in study.fit.model.paths().iter().zip(&study.fit.estimate.paths) {
        let name = |id| study.fit.model.construct(id).name.as_str();
        let name = format!("{} → {}", name(path.from), name(path.to));
        let row = table.rows.iter().find(|row| row[1].show() == name);
        let at = column(table, "estimate");
        assert_eq!(row.and_then(|row| row[at].value()), Some(*b), "{name}");
    }
    let settings = report.table("settings").unwrap_or_else(|| unreachable!());
    let said =
        |row: &&Vec<Cell>| row[0].show() == "bootstrap" && row[2].show().starts_with("no bootstrap was run");
    assert_eq!(settings.rows.iter().filter(said).count(), 1);
    assert!(report.table("screening").is_none());
}

#[test]
fn formative_blocks_have_their_own_section() {
    let text = "SEC <~ SEC1 + SEC2 + SEC3 + SEC4\nPU =~ PU1 + PU2 + PU3\nATT =~ ATT1 + ATT2 + ATT3\n\
                GEN =~ shopping_years\nATT ~ PU + SEC + GEN\n#@ hypothesis H3 ATT ~ SEC -\n#@ hypothesis H7 ATT ~ PU +";
    let Study { fit, assessment, bootstrap, screening } =
        study(&must(Model::parse(text)), &Pls::default(), 200);
    let report = Report::of(&fit, &assessment, Some(&bootstrap), Some(&screening), context());
    // Figures leave out what the tables do.
    let english = trustpath::plot::Language::English;
    let htmt = trustpath::plot::results::htmt(&fit, &assessment, Some(&bootstrap), english);
    assert_eq!(htmt.constructs, ["PU", "ATT", "GEN"]);
    assert_eq!(htmt.cells.len(), 3);
    let loadings = trustpath::plot::results::loadings(&fit, Some(&bootstrap), english);
    assert!(loadings.groups.iter().all(|group| group.construct != "SEC"));
    let html = must(report.to_html());
    check(&html);
    assert!(html.contains("<section id=\"formative\""));
    assert!(!must(self::report(built_in()).to_html()).contains("<section id=\"formative\""));
    let table = report.table("formative").unwrap_or_else(|| unreachable!());
    assert_eq!(table.rows.len(), 4);
    for (row, item) in table.rows.iter().zip(["SEC1", "SEC2", "SEC3", "SEC4"]) {
        let Some(summary) = bootstrap.find(Kind::Weight, item, "SEC") else { unreachable!("{item}") };
        assert_eq!(row[0], Cell::text(item));
        assert_eq!(row[column(table, "weight")].value(), Some(summary.original));
        assert_eq!(
            row[column(table, "interval")],
            Cell::Interval { low: summary.low, high: summary.high, digits: 3 }
        );
        assert_eq!(
            row[column(table, "vif")].value(),
            assessment.vif_indicators.get("SEC").and_then(|vif| vif.get(item))
        );
    }
    // Formative items stand there only.
    let items = report.table("items").unwrap_or_else(|| unreachable!());
    assert_eq!(items.rows.len(), 7);
    // Stated ids are kept, and an expected sign counts.
    let table = report.table("hypotheses").unwrap_or_else(|| unreachable!());
    let row = |path: &str| table.rows.iter().find(|row| row[1] == Cell::text(path));
    let Some(security) = row("SEC → ATT") else { unreachable!() };
    assert_eq!(security[0], Cell::text("H3 (−)"));
    assert!(fit.path_coefficients().get("SEC", "ATT").is_some_and(|b| b > 0.0));
    assert_eq!(security[column(table, "supported")], Cell::text("– no: opposite sign"));
    assert_eq!(row("GEN → ATT").map(|row| row[0].clone()), Some(Cell::Blank));
}

#[test]
fn consistent_pls_is_named_and_cited() {
    let model = must(Model::read("models/initial-trust.sem"));
    let study = study(&model, &Pls { consistent: true, ..Pls::default() }, 100);
    let report = report(&study);
    assert!(report.method.contains("consistent partial least squares"));
    assert!(report.references.iter().any(|work| work.starts_with("Dijkstra, T. K., & Henseler, J. (2015).")));
    let html = must(report.to_html());
    check(&html);
    let counted: usize = study.bootstrap.reasons.values().sum();
    let light = report.lights.iter().find(|light| light.rule == "X11");
    assert!(light.is_some_and(|light| light.tally.starts_with(&format!("{counted} of 100"))));
}

#[test]
fn figures_stand_where_they_belong() {
    let svg = |name: &str| Figure {
        id: name.into(),
        title: format!("Title of {name}"),
        caption: "Caption.".into(),
        svg: format!("<svg viewBox=\"0 0 2 1\"><desc>{name}</desc></svg>"),
        paper: None,
        file: None,
    };
    let report = report(built_in())
        .with_figure(SectionId::Diagram, svg("paths"))
        .with_figure(SectionId::Reflective, svg("htmt"))
        .with_figure(SectionId::Data, svg("answers"));
    let html = must(report.to_html());
    check(&html);
    let at = |what: &str| html.find(what).unwrap_or_else(|| unreachable!("{what} is missing"));
    assert!(
        at("id=\"verdict\"") < at("id=\"figure-paths\"") && at("id=\"figure-paths\"") < at("id=\"method\"")
    );
    assert!(at("id=\"table-htmt\"") < at("id=\"figure-htmt\""));
    assert!(at("id=\"figure-htmt\"") < at("id=\"table-fornell_larcker\""));
    assert!(at("id=\"figure-answers\"") < at("id=\"table-screening\""));
}

#[test]
fn two_runs_give_the_same_file() {
    let study = built_in();
    let first = must(report(study).to_html());
    assert_eq!(first, must(report(study).to_html()));
    // For a look at it: `TRUSTPATH_REPORT=file.html cargo test --test report two_runs`.
    if let Ok(file) = std::env::var("TRUSTPATH_REPORT") {
        must(std::fs::write(file, first));
    }
}

#[test]
fn the_method_paragraph_names_the_estimator_that_was_used() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = Model::read(root.join("models/initial-trust.sem")).unwrap();
    let survey = Survey::read(root.join("data/initial-trust.csv")).unwrap();
    let method = |pls: Pls| {
        let fit = pls.fit(&model, &survey).unwrap();
        let assessment = Assessment::of(&fit, Conventions::default());
        Report::of(&fit, &assessment, None, None, Context::default()).method
    };
    assert!(method(Pls::default()).contains("partial least squares path modelling (PLS-SEM)"));
    let maxvar = method(Pls { weighting: "maxvar".parse().unwrap(), ..Pls::default() });
    assert!(maxvar.contains("MAXVAR weights") && !maxvar.contains("partial least squares"), "{maxvar}");
    let ranks = method(Pls { correlation: "spearman".parse().unwrap(), ..Pls::default() });
    assert!(ranks.contains("Spearman rank correlations"), "{ranks}");
}

/// What the command line does: every figure of a report is drawn by the library.
#[test]
fn a_report_draws_its_own_figures() {
    let study = built_in();
    let theme = trustpath::plot::Theme::screen();
    let report =
        must(report(study).with_figures(&study.fit, &study.assessment, Some(&study.bootstrap), &theme));
    let document = report.document(&[]);
    let drawn: Vec<&str> = document.figures().map(|figure| figure.id.as_str()).collect();
    let expected = [
        "path-diagram",
        "path-diagram-items",
        "answers",
        "missing",
        "loadings-chart",
        "htmt-chart",
        "forest",
        "distributions",
        "construct_correlations",
    ];
    assert_eq!(drawn, expected);
    assert!(document.figures().all(|figure| figure.svg.starts_with("<svg")));
    let named: Vec<SectionId> =
        report.sections.iter().filter(|s| !s.figures.is_empty()).map(|s| s.id).collect();
    assert_eq!(
        named,
        [
            SectionId::Diagram,
            SectionId::Data,
            SectionId::Reflective,
            SectionId::Structure,
            SectionId::Appendix
        ]
    );
}
