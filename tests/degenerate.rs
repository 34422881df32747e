//! Every statistic and every table on data that break them: a defined answer or a reasoned refusal, never NaN.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use serde_json::Value;
use trustpath::assess::{
    Distance, Preset, Rivals, blindfolding, compare, numbers, redundancy, redundancy_table, sample_size_table,
};
use trustpath::model::Mode;
use trustpath::moments::Moments;
use trustpath::pls::{Pls, PlsError, PlsFit, Program};
use trustpath::resample::{
    Diagonal, MeasurementTests, TetradSet, congruence, congruence_table, hausman, hausman_table,
    tetrad_analysis, tetrad_tests_table, tetrads_table,
};
use trustpath::survey::{Sample, SampleSettings};
use trustpath::table::Cell;
use trustpath::{Assessment, Conventions, Model, Table};

/// A fixed sequence of numbers between −.5 and .5.
fn sequence(seed: u32) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1_u32 << 24) - 0.5
    }
}

const ITEMS: [&str; 8] = ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2"];

/// Answers to three constructs: A → B → C.
fn sound(cases: usize) -> Vec<Vec<f64>> {
    let mut next = sequence(11);
    let mut columns = vec![Vec::new(); ITEMS.len()];
    for _ in 0..cases {
        let a = 2.0 * next();
        let b = 0.7 * a + next();
        let c = 0.6 * b + next();
        for (j, column) in columns.iter_mut().enumerate() {
            column.push([a, a, a, b, b, b, c, c][j] + next());
        }
    }
    columns
}

fn sample(columns: Vec<Vec<f64>>) -> Sample {
    Sample::from_columns(ITEMS.map(str::to_owned).to_vec(), columns).unwrap()
}

const FACTORS: &str = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2\nB ~ A\nC ~ A + B\n";
const COMPOSITES: &str = "A <~ a1 + a2 + a3\nB <~ b1 + b2 + b3\nC <~ c1 + c2\nB ~ A\nC ~ A + B\n";
const SINGLES: &str = "A =~ a1\nB =~ b1\nC =~ c1\nB ~ A\nC ~ A + B\n";
const PAIRS: &str = "A =~ a1 + a2\nB <~ b1 + b2\nC =~ c1\nB ~ A\nC ~ A + B\n";

/// No number of a JSON value may be anything but finite or `null`; serde writes NaN as `null`, so words are looked at.
fn clean(value: &Value, place: &str) {
    match value {
        Value::Number(number) => assert!(number.as_f64().is_none_or(f64::is_finite), "{place}"),
        Value::String(words) => assert!(!words.contains("NaN") && !words.contains("inf"), "{place}: {words}"),
        Value::Array(all) => all.iter().for_each(|value| clean(value, place)),
        Value::Object(map) => map.iter().for_each(|(key, value)| clean(value, &format!("{place}.{key}"))),
        _ => {}
    }
}

fn clean_table(table: &Table, place: &str) {
    for row in &table.rows {
        assert_eq!(row.len(), table.columns.len(), "{place}: {}", table.key);
        for cell in row {
            match cell {
                Cell::Number { value, .. } | Cell::Probability(value) => {
                    assert!(value.is_finite(), "{place}: {}", table.key);
                }
                Cell::Interval { low, high, .. } => assert!(low.is_finite() && high.is_finite()),
                _ => {}
            }
        }
    }
    for text in [table.to_string(), table.to_markdown(), table.to_csv()] {
        assert!(!text.contains("NaN") && !text.contains("inf,"), "{place}: {text}");
    }
}

/// Everything that is said about a fit, under the conventions of every program.
fn everything(fit: &PlsFit, place: &str) {
    let programs = Program::ALL.iter().map(|program| Conventions::like(*program));
    for conventions in programs.chain([Conventions::default()]) {
        let a = Assessment::of(fit, conventions);
        clean(&serde_json::to_value(&a).unwrap(), place);
        for table in [
            fit.paths(),
            a.verdicts(fit),
            a.items(fit),
            a.reliability(fit),
            a.htmt_table(fit),
            a.htmt_problems(fit),
            a.fornell_larcker_table(),
            a.cross_loadings_table(fit),
            a.structure(fit),
            a.explained(fit),
            a.effects(fit),
            a.global_fit(),
            a.item_analysis_table(fit),
            a.inner_model_table(fit),
            a.fit_indices_table(),
            a.criteria_table(fit),
            a.unidimensionality_table(fit),
            a.blindfolding_table(&blindfolding(fit, Distance::Usual)),
            redundancy_table(&redundancy(fit, None, &[]).unwrap(), &a.thresholds),
            sample_size_table(fit.n()),
        ] {
            clean_table(&table, place);
        }
        for words in a.banner() {
            assert!(!words.contains("NaN"), "{place}: {words}");
        }
        for (number, value) in numbers(fit, &a) {
            assert!(value.is_none_or(f64::is_finite), "{place}: {number}");
        }
    }
}

/// What needs resamples: few of them, so that some have no estimate.
fn resampled(fit: &PlsFit, place: &str) {
    let few = MeasurementTests { resamples: 20, seed: 3, ..MeasurementTests::default() };
    for set in [TetradSet::NonRedundant, TetradSet::All] {
        let blocks = tetrad_analysis(fit, &MeasurementTests { tetrads: set, ..few.clone() })
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(blocks.len(), fit.constructs().len(), "{place}");
        for block in &blocks {
            assert_eq!(block.tetrads.is_empty(), !block.reason.is_empty(), "{place}: {}", block.construct);
        }
        clean(&serde_json::to_value(&blocks).unwrap(), place);
        clean_table(&tetrads_table(&blocks, set, 0.95), place);
        clean_table(&tetrad_tests_table(&blocks), place);
    }
    for diagonal in [Diagonal::RhoA, Diagonal::Unit] {
        let pairs = congruence(fit, &MeasurementTests { diagonal, ..few.clone() }).unwrap();
        clean_table(&congruence_table(&pairs, diagonal, 0.95), place);
    }
    let tests = hausman(fit, 20, 3, 0.95, 64).unwrap();
    clean_table(&hausman_table(&tests), place);
    let rivals = Rivals::of(&[("one".into(), fit), ("two".into(), fit)], Conventions::default());
    match rivals {
        Ok(rivals) => {
            clean_table(&rivals.outcomes_table(), place);
            clean_table(&rivals.models_table(), place);
            let weights: f64 = rivals.outcomes[0].models.iter().map(|m| m.bic_weight).sum();
            assert!((weights - 1.0).abs() < 1e-12, "{place}: {weights}");
        }
        // The one reason there is: nothing is left to compare where nothing is left unexplained.
        Err(error) => assert!(error.to_string().contains("explains it wholly"), "{place}: {error}"),
    }
}

/// Estimates under every kind of settings; a refusal must name what is wrong.
fn all(text: &str, columns: &[Vec<f64>], place: &str) -> (usize, usize) {
    let model = Model::parse(text).unwrap();
    let (mut done, mut refused) = (0, 0);
    let mut settings: Vec<Pls> = Program::ALL.iter().map(|program| Pls::like(*program)).collect();
    for mode in [None, Some(Mode::A), Some(Mode::B), Some(Mode::Unit), Some(Mode::Pca), Some(Mode::Bnnls)] {
        for consistent in [false, true] {
            settings.push(Pls { mode, consistent, ..Pls::default() });
        }
    }
    for pls in settings {
        match pls.fit_sample(&model, sample_of(&model, columns)) {
            Ok(fit) => {
                done += 1;
                if done == 1 || (pls.consistent && pls.mode.is_none()) {
                    resampled(&fit, place);
                }
                everything(&fit, &format!("{place}, {:?}, consistent {}", pls.mode, pls.consistent));
            }
            Err(PlsError::Invalid(problems)) => {
                refused += 1;
                for problem in &problems.0 {
                    assert!(problem.message.contains('`'), "{place}: {problem} names nothing");
                    assert!(!problem.hints.is_empty(), "{place}: {problem} has no hint");
                }
            }
            Err(other) => panic!("{place}: {other}"),
        }
    }
    (done, refused)
}

/// The model's items out of all columns.
fn sample_of(model: &Model, columns: &[Vec<f64>]) -> Sample {
    let names = model.indicator_names();
    let picked = names
        .iter()
        .map(|name| columns[ITEMS.iter().position(|item| item == name).unwrap()].clone())
        .collect();
    Sample::from_columns(names, picked).unwrap()
}

#[test]
fn sound_data_are_estimated_under_every_setting() {
    for (text, name) in [(FACTORS, "factors"), (COMPOSITES, "composites")] {
        let (done, refused) = all(text, &sound(120), name);
        assert!(done > 0 && refused == 0, "{name}: {done} done, {refused} refused");
    }
}

#[test]
fn a_constant_item_is_refused_where_answers_are_read() {
    let mut columns = sound(40);
    columns[1] = vec![4.0; 40];
    match Sample::from_columns(ITEMS.map(str::to_owned).to_vec(), columns) {
        Err(error) => {
            assert!(error.to_string().contains("a2"), "{error}");
        }
        Ok(sample) => {
            let model = Model::parse(FACTORS).unwrap();
            match Pls::default().fit_sample(&model, sample) {
                Ok(fit) => everything(&fit, "constant item"),
                Err(error) => assert!(error.to_string().contains("a2"), "{error}"),
            }
        }
    }
}

#[test]
fn single_items_have_paths_and_no_reliability() {
    let (done, _) = all(SINGLES, &sound(60), "single items");
    assert!(done > 0);
    let model = Model::parse(SINGLES).unwrap();
    let fit =
        Pls { consistent: true, ..Pls::default() }.fit_sample(&model, sample_of(&model, &sound(60))).unwrap();
    let assessment = Assessment::of(&fit, Conventions::default());
    assert_eq!(assessment.alpha.get("A"), None);
    assert_eq!(assessment.rho_c.get("A"), None);
    assert!(assessment.reliability(&fit).to_string().contains("single item"));
}

#[test]
fn pairs_of_items_are_estimated() {
    let (done, _) = all(PAIRS, &sound(60), "two items");
    assert!(done > 0);
}

#[test]
fn a_negative_item_is_estimated_and_judged() {
    let mut columns = sound(80);
    for x in &mut columns[0] {
        *x = -*x;
    }
    for text in [FACTORS, COMPOSITES, PAIRS] {
        let (done, _) = all(text, &columns, "negative item");
        assert!(done > 0);
    }
}

#[test]
fn collinear_items_are_estimated_by_mode_a_and_refused_by_mode_b() {
    let mut columns = sound(50);
    columns[2] = columns[0].iter().zip(&columns[1]).map(|(x, y)| x + y).collect();
    for text in [FACTORS, COMPOSITES] {
        let (done, refused) = all(text, &columns, "collinear items");
        assert!(done > 0 && refused > 0, "{done} done, {refused} refused");
    }
    let model = Model::parse(FACTORS).unwrap();
    let fit = Pls::default().fit_sample(&model, sample(columns)).unwrap();
    let assessment = Assessment::of(&fit, Conventions::default());
    assert_eq!(assessment.vif_indicators["A"].get("a1"), None, "infinite is not a number");
    assert_eq!(assessment.fit.d_g().0.filter(|d| !d.is_finite()), None);
}

#[test]
fn fewer_cases_than_items() {
    for cases in [3, 4, 5, 6, 7] {
        for text in [FACTORS, COMPOSITES, SINGLES, PAIRS] {
            all(text, &sound(cases), &format!("{cases} cases"));
        }
    }
}

#[test]
fn perfect_correlations() {
    let base = sound(40);
    // Two constructs with the same answers: their scores are one.
    let mut twins = base.clone();
    for j in 0..3 {
        twins[3 + j] = twins[j].iter().map(|x| 2.0 * x + 1.0).collect();
    }
    for text in [FACTORS, COMPOSITES, SINGLES] {
        all(text, &twins, "twins");
    }
    // All items of a construct the same.
    let mut same = base.clone();
    same[1] = same[0].iter().map(|x| 3.0 * x).collect();
    same[2] = same[0].iter().map(|x| 1.0 + x).collect();
    for text in [FACTORS, COMPOSITES, PAIRS] {
        all(text, &same, "one answer thrice");
    }
    // Mirrored items: their sum has no variance.
    let mut mirrored = base;
    mirrored[1] = mirrored[0].iter().map(|x| -x).collect();
    for text in [FACTORS, COMPOSITES, PAIRS] {
        all(text, &mirrored, "mirrored items");
    }
    let everything_one: Vec<Vec<f64>> =
        (1..=8).map(|scale| (0..30).map(|x| f64::from(scale * x)).collect()).collect();
    for text in [FACTORS, COMPOSITES, SINGLES] {
        all(text, &everything_one, "one variable");
    }
}

#[test]
fn instruments_on_data_that_break_them() {
    let text = format!("{}#@ instruments C A\n", FACTORS.replace("C ~ A + B", "C ~ B"));
    let twins = |columns: &[Vec<f64>]| {
        let mut twins = columns.to_vec();
        for j in 0..3 {
            twins[3 + j] = twins[j].iter().map(|x| 2.0 * x + 1.0).collect();
        }
        twins
    };
    let mut next = sequence(5);
    let noise: Vec<Vec<f64>> = (0..8).map(|_| (0..30).map(|_| next()).collect()).collect();
    // A sound instrument, one that is its predictor, one that explains next to nothing, few cases.
    for (columns, place) in
        [(sound(60), "sound"), (twins(&sound(60)), "twins"), (noise, "noise"), (sound(6), "few cases")]
    {
        all(&text, &columns, &format!("instruments, {place}"));
    }
    let fit = Pls::default()
        .fit_sample(&Model::parse(&text).unwrap(), sample_of(&Model::parse(&text).unwrap(), &sound(200)))
        .unwrap();
    let tests = hausman(&fit, 200, 1, 0.95, 64).unwrap();
    assert_eq!((tests.len(), tests[0].df), (1, 1));
    // The coefficient of the predictor is that of two-stage least squares.
    let b = tests[0].coefficients[0].summary.unwrap().original;
    assert!((b - fit.estimate.paths[1]).abs() < 1e-12, "{b} {:?}", fit.estimate.paths);
}

#[test]
fn uncorrelated_items() {
    let mut next = sequence(3);
    let columns: Vec<Vec<f64>> = (0..8).map(|_| (0..30).map(|_| next()).collect()).collect();
    for text in [FACTORS, COMPOSITES, SINGLES, PAIRS] {
        all(text, &columns, "noise");
    }
}

#[test]
fn a_table_of_correlations_of_zero_is_answered() {
    let p = ITEMS.len();
    let mut correlation = vec![0.0; p * p];
    for j in 0..p {
        correlation[j * p + j] = 1.0;
    }
    let moments = Moments {
        items: ITEMS.map(str::to_owned).to_vec(),
        cases: 100,
        mean: vec![0.0; p],
        sd: vec![1.0; p],
        correlation,
    };
    for text in [FACTORS, COMPOSITES] {
        let model = Model::parse(text).unwrap();
        for program in Program::ALL {
            match Pls::like(*program).fit_moments(&model, moments.clone()) {
                Ok(fit) => everything(&fit, "nothing correlates"),
                Err(error) => assert!(error.to_string().contains('`'), "{error}"),
            }
        }
    }
}

#[test]
fn programs_are_compared_on_poor_data_without_nan() {
    let mut columns = sound(30);
    for x in &mut columns[4] {
        *x = -*x;
    }
    let model = Model::parse(PAIRS).unwrap();
    for (i, a) in Program::ALL.iter().enumerate() {
        for b in &Program::ALL[i + 1..] {
            let preset = |program: &Program| Preset::of(*program, &model, &SampleSettings::default());
            let found = compare(&preset(a), &preset(b), 5e-4, |pls| {
                pls.fit_sample(&model, sample_of(&model, &columns))
            });
            if let Ok(found) = found {
                clean(&serde_json::to_value(&found).unwrap(), "comparison");
                assert!(found.differences.iter().all(|difference| !difference.causes.is_empty()));
            }
        }
    }
}
