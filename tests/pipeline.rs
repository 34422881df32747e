//! From a text and a survey to a result: what must hold for any data.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use trustpath::model::{Mode, Scheme};
use trustpath::resample::{Imputation, Inadmissible, Kind};
use trustpath::survey::{Column, Missing, Values};
use trustpath::{Assessment, Bootstrap, Conventions, Model, Moments, Pls, PlsFit, Survey};

const MODEL: &str = "A =~ a1 + a2 + a3\nB <~ b1 + b2\nC =~ c1 + c2 + c3\nD =~ d1\nC ~ A + B\nD ~ C + A\n";
const ITEMS: [&str; 9] = ["a1", "a2", "a3", "b1", "b2", "c1", "c2", "c3", "d1"];

fn survey(cells: &[Vec<Option<f64>>]) -> Survey {
    let columns = ITEMS
        .iter()
        .enumerate()
        .map(|(j, name)| Column {
            name: (*name).to_owned(),
            values: Values::Numbers(cells.iter().map(|row| row[j]).collect()),
        })
        .collect();
    Survey::from_columns("simulated", columns).unwrap()
}

fn example() -> (Model, Survey) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    (
        Model::read(root.join("models/initial-trust.sem")).unwrap(),
        Survey::read(root.join("data/initial-trust.csv")).unwrap(),
    )
}

fn close(a: &PlsFit, b: &PlsFit, tolerance: f64) {
    for (x, y) in a.estimate.paths.iter().zip(&b.estimate.paths) {
        assert!((x - y).abs() < tolerance, "{x} {y}");
    }
    for (x, y) in a.estimate.r_squared.iter().zip(&b.estimate.r_squared) {
        assert!((x - y).abs() < tolerance, "{x} {y}");
    }
}

/// Values by their bits: one that does not exist equals itself.
fn bits(draws: &[Vec<f64>]) -> Vec<Vec<u64>> {
    draws.iter().map(|column| column.iter().map(|x| x.to_bits()).collect()).collect()
}

#[test]
fn the_order_of_cases_does_not_matter() {
    let (model, survey) = example();
    let mut reversed = survey.clone();
    for column in &mut reversed.columns {
        match &mut column.values {
            Values::Numbers(cells) => cells.reverse(),
            Values::Categories { codes, .. } => codes.reverse(),
            Values::Text(cells) => cells.reverse(),
        }
    }
    let pls = Pls { consistent: true, ..Pls::default() };
    close(&pls.fit(&model, &survey).unwrap(), &pls.fit(&model, &reversed).unwrap(), 1e-10);
}

#[test]
fn the_order_of_statements_does_not_matter() {
    let (_, survey) = example();
    let forwards =
        Model::parse("ATT =~ ATT1 + ATT2 + ATT3\nPU =~ PU1 + PU2\nMOT =~ MOT1 + MOT2\nMOT ~ ATT\nATT ~ PU");
    let backwards =
        Model::parse("MOT ~ ATT\nATT ~ PU\nMOT =~ MOT2 + MOT1\nPU =~ PU2 + PU1\nATT =~ ATT3 + ATT2 + ATT1");
    let a = Pls::default().fit(&forwards.unwrap(), &survey).unwrap();
    let b = Pls::default().fit(&backwards.unwrap(), &survey).unwrap();
    for (from, to) in [("PU", "ATT"), ("ATT", "MOT")] {
        let (x, y) =
            (a.path_coefficients().get(from, to).unwrap(), b.path_coefficients().get(from, to).unwrap());
        assert!((x - y).abs() < 1e-7, "{x} {y}");
    }
}

#[test]
fn rescaling_and_turning_an_item_changes_signs_only() {
    let (_, survey) = example();
    let model =
        Model::parse("ATT =~ ATT1 + ATT2 + ATT3\nPU =~ PU1 + PU2\nMOT =~ MOT1 + MOT2\nMOT ~ ATT\nATT ~ PU")
            .unwrap();
    let plain = Pls::default().fit(&model, &survey).unwrap();
    let mut turned = survey;
    for column in &mut turned.columns {
        if let ("PU1", Values::Numbers(cells)) = (column.name.as_str(), &mut column.values) {
            cells.iter_mut().flatten().for_each(|x| *x = 1000.0 - 12.5 * *x);
        }
    }
    let other = Pls::default().fit(&model, &turned).unwrap();
    close(&plain, &other, 1e-7);
    let (a, b) = (plain.loadings().get("PU1", "PU").unwrap(), other.loadings().get("PU1", "PU").unwrap());
    assert!((a + b).abs() < 1e-7);
}

#[test]
fn a_correlation_table_gives_the_estimates_of_its_answers() {
    let (model, survey) = example();
    let fit = Pls::default().fit(&model, &survey).unwrap();
    let items = &fit.moments.items;
    let mut table = format!(",{}\n", items.join(","));
    for (i, item) in items.iter().enumerate() {
        let row: Vec<String> = (0..items.len()).map(|j| fit.moments.r(i, j).to_string()).collect();
        table.push_str(&format!("{item},{}\n", row.join(",")));
    }
    let moments = Moments::parse_table("table.csv", &table, fit.n()).unwrap();
    let again = Pls::default().fit_moments(&model, moments).unwrap();
    close(&fit, &again, 1e-12);
    assert!(again.scores().is_none());
    assert!(Bootstrap::default().run(&again).is_err());
}

#[test]
fn a_bootstrap_is_the_same_on_any_number_of_threads() {
    let (model, survey) = example();
    let fit = Pls::default().fit(&model, &survey).unwrap();
    let settings = Bootstrap { resamples: 400, seed: 7, ..Bootstrap::default() };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| settings.run(&fit).unwrap())
    };
    let one = on(1);
    assert_eq!(bits(&one.draws), bits(&on(2).draws));
    assert_eq!(bits(&one.draws), bits(&on(8).draws));
    let other = Bootstrap { seed: 8, ..settings.clone() }.run(&fit).unwrap();
    assert_ne!(bits(&one.draws), bits(&other.draws));
    // The first resamples do not depend on how many follow.
    let fewer = Bootstrap { resamples: 100, ..settings }.run(&fit).unwrap();
    assert_eq!(fewer.draws[0], one.draws[0][..100]);
}

#[test]
fn the_bootstrap_finds_the_standard_error_of_a_correlation() {
    // One path between two single items: its standard error is (1 − r²)/√n to first order under normality.
    let mut state = 1_u64;
    let mut normal = || {
        let mut sum = 0.0;
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            sum += (state >> 11) as f64 / (1_u64 << 53) as f64;
        }
        sum - 6.0
    };
    let n = 2_000;
    let (x, y): (Vec<_>, Vec<_>) = (0..n)
        .map(|_| {
            let x = normal();
            (Some(x), Some(0.5 * x + 0.75_f64.sqrt() * normal()))
        })
        .unzip();
    let columns = vec![
        Column { name: "x".to_owned(), values: Values::Numbers(x) },
        Column { name: "y".to_owned(), values: Values::Numbers(y) },
    ];
    let survey = Survey::from_columns("simulated", columns).unwrap();
    let model = Model::parse("X =~ x\nY =~ y\nY ~ X").unwrap();
    let fit = Pls::default().fit(&model, &survey).unwrap();
    let boot = Bootstrap { resamples: 4_000, ..Bootstrap::default() }.run(&fit).unwrap();
    let path = boot.find(Kind::Path, "X", "Y").unwrap();
    let r = path.original;
    let expected = (1.0 - r * r) / f64::from(n).sqrt();
    assert!((path.sd.unwrap() / expected - 1.0).abs() < 0.08, "{:?} {expected}", path.sd);
    assert!(path.low < r && r < path.high);
}

#[test]
fn listwise_and_mean_replacement_are_accounted_for() {
    let (model, survey) = example();
    let mean = Pls::default().fit(&model, &survey).unwrap();
    let account = &mean.sample.as_ref().unwrap().account;
    assert_eq!((account.cases_read, account.cases_used, account.cells_imputed), (480, 480, 167));
    assert_eq!(account.cases_with_missing, 145);
    assert_eq!(account.reversed, ["SEC4"]);
    let mut pls = Pls::default();
    pls.data.missing = Missing::Listwise;
    let listwise = pls.fit(&model, &survey).unwrap();
    let account = &listwise.sample.as_ref().unwrap().account;
    assert_eq!((account.cases_used, account.cases_left_out, account.cells_imputed), (335, 145, 0));
    // Complete cases leave nothing to replace, so it does not matter when.
    let settings = Bootstrap { resamples: 50, ..Bootstrap::default() };
    let once = Bootstrap { imputation: Imputation::Once, ..settings.clone() };
    let (a, b) = (settings.run(&listwise).unwrap(), once.run(&listwise).unwrap());
    assert_eq!(bits(&a.draws), bits(&b.draws));
}

#[test]
fn cyclic_settings_are_refused_and_named() {
    let (model, survey) = example();
    let error = Pls { tolerance: -1.0, ..Pls::default() }.fit(&model, &survey).unwrap_err().to_string();
    assert!(error.contains("TP0401"), "{error}");
    let mut pls = Pls::default();
    pls.fixed_weights.insert("PU".to_owned(), vec![1.0]);
    assert!(pls.fit(&model, &survey).unwrap_err().to_string().contains("`PU`"));
}

/// Everything a user can ask of a fit; nothing may panic, every number is finite or absent.
fn exercise(fit: &PlsFit) {
    let assessment = Assessment::of(fit, Conventions::default());
    let json = serde_json::to_string(&assessment).unwrap();
    assert!(!json.contains("NaN"));
    for table in [
        fit.paths(),
        assessment.items(fit),
        assessment.reliability(fit),
        assessment.htmt_table(fit),
        assessment.htmt_problems(fit),
        assessment.fornell_larcker_table(),
        assessment.cross_loadings_table(fit),
        assessment.structure(fit),
        assessment.explained(fit),
        assessment.effects(fit),
        assessment.global_fit(),
        assessment.verdicts(fit),
    ] {
        let text = table.to_string();
        let infinite = |word: &str| matches!(word.trim_matches(|c| "[],−-".contains(c)), "inf" | "NaN");
        assert!(!text.split_whitespace().any(infinite), "{text}");
        assert!(!table.to_markdown().contains("NaN"));
        assert!(!table.to_csv().contains("NaN"));
    }
    assessment.banner();
    for (j, block) in fit.plan.blocks.iter().enumerate() {
        let sum: f64 = (block.start..block.start + block.len)
            .map(|i| fit.cross_loadings().at(i, j).unwrap_or(0.0))
            .sum();
        assert!(sum > -1e-9, "construct {j} points the wrong way");
    }
    let settings = Bootstrap { resamples: 20, inadmissible: Inadmissible::Keep, ..Bootstrap::default() };
    if let Ok(boot) = settings.run(fit) {
        let counted: usize = boot.flags.iter().filter(|flag| flag.is_none()).count();
        assert!(boot.admissible >= counted);
        for summary in boot.summaries.iter().flatten() {
            // A single value makes no interval.
            assert!(summary.low <= summary.high || (summary.draws < 2 && summary.low.is_nan()));
        }
        assert!(!boot.paths().to_string().contains("NaN"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// Small data sets of any kind, every estimator: an answer or an error, never a panic or a NaN.
    #[test]
    fn any_small_data_set_has_an_answer_or_a_reason(
        cells in prop::collection::vec(
            prop::collection::vec(prop_oneof![
                4 => (1_i32..=5).prop_map(|x| Some(f64::from(x))),
                1 => Just(None),
                1 => (-1e6_f64..1e6).prop_map(Some),
            ], 9),
            0..25,
        ),
        scheme in prop::sample::select(Scheme::ALL),
        mode in prop::option::of(prop::sample::select(Mode::ALL)),
        consistent in any::<bool>(),
        listwise in any::<bool>(),
    ) {
        let model = Model::parse(MODEL).unwrap();
        let mut pls = Pls { scheme: Some(scheme), mode, consistent, max_iterations: 200, ..Pls::default() };
        if listwise {
            pls.data.missing = Missing::Listwise;
        }
        if cells.is_empty() {
            return Ok(());
        }
        if let Ok(fit) = pls.fit(&model, &survey(&cells)) {
            exercise(&fit);
        }
    }

    /// Data made by a model: the estimate exists and its numbers are where they must be.
    #[test]
    fn well_behaved_data_give_well_behaved_numbers(
        noise in prop::collection::vec(prop::collection::vec(-1.0_f64..1.0, 10), 30..60),
        consistent in any::<bool>(),
    ) {
        let cells: Vec<Vec<Option<f64>>> = noise
            .iter()
            .map(|e| {
                let (a, b) = (e[9], 0.4 * e[9] + e[8]);
                let c = 0.5 * a + 0.4 * b + 0.5 * e[7];
                let own = [a, a, a, b, b, c, c, c, c];
                own.iter().zip(e).map(|(t, e)| Some(t + 0.5 * e)).collect()
            })
            .collect();
        let model = Model::parse(MODEL).unwrap();
        let fit = Pls { consistent, ..Pls::default() }.fit(&model, &survey(&cells)).unwrap();
        prop_assert!(fit.estimate.converged);
        exercise(&fit);
        if !consistent {
            for r2 in &fit.estimate.r_squared {
                prop_assert!((0.0..=1.0).contains(r2));
            }
            for w in &fit.estimate.loadings {
                prop_assert!(w.abs() <= 1.0 + 1e-9);
            }
        }
    }
}
