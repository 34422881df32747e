//! Groups of respondents, each cut out of the survey and estimated by itself, as `plot --groups` does it.
//!
//! cSEM prints everything of every group; of seminr and plspm the cases hold the paths of two groups, of seminr their resampled
//! paths besides. What compares groups (PLS-MGA, permutations) is not computed here.

use std::path::{Path, PathBuf};

use serde_json::Value;
use trustpath::resample::{Bootstrap, Inadmissible, Kind};
use trustpath::survey::Sample;
use trustpath::{Survey, pls::PlsFit};

use crate::answer;
use crate::case::{Case, Comparison};
use crate::settings::{self, Run};
use crate::{correlations, resampled};

/// Cases with groups: those of the project, and those of the larger set.
const OWN: [&str; 1] = ["initial-trust-mga"];
const SHARED: [&str; 6] = [
    "csem-satisfaction-groups",
    "csem-bergami-groups-modeA",
    "seminr-corprep-mga-servicetype",
    "seminr-corprep-mga-plsc",
    "seminr-mobi-mga",
    "plspm-satisfaction-groups",
];

/// One group: its name in the case's keys, its fit.
struct Group {
    key: String,
    fit: PlsFit,
}

/// Cases of each group, and the name by which the case's keys know it.
fn cases_of(case: &Case, survey: &Survey, codes: &[f64]) -> Vec<(String, Vec<usize>)> {
    if let Some(column) = case.setting("group_column").as_str() {
        let split = survey.split(column, &[], codes).unwrap();
        let groups = split.groups.into_iter();
        // seminr's case says which answer is its first group, cSEM numbers groups by their answers.
        return groups
            .map(|(name, rows)| {
                let known = ["group1", "group2"]
                    .into_iter()
                    .find(|key| case.setting(key).as_str() == Some(name.as_str()));
                (known.map_or_else(|| format!("group_{name}"), str::to_owned), rows)
            })
            .collect();
    }
    let of: Vec<u64> = case.setting("group").as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    assert_eq!(of.len(), survey.lines.len(), "{}: a group for every case", case.name);
    let rows = |group: u64| (0..of.len()).filter(|&row| of[row] == group).collect();
    vec![("group1".to_owned(), rows(1)), ("group2".to_owned(), rows(2))]
}

fn estimate(case: &Case) -> (Run, Vec<Group>) {
    // Everything else about the case holds for each of its groups.
    let mut json = case.json.clone();
    json["settings"]["group_column"] = Value::Null;
    let single =
        Case { name: case.name.clone(), program: case.program.clone(), json, data: case.data.clone() };
    let run = settings::run(&single).unwrap();
    let survey = case.survey().unwrap();
    let groups = cases_of(case, &survey, &run.pls.data.missing_codes)
        .into_iter()
        .map(|(key, rows)| {
            let sample = Sample::draw(&run.model, &survey.of_cases(&rows), &run.pls.data).unwrap();
            assert_eq!(sample.account.cases_used, rows.len());
            Group { key, fit: correlations::fit(&single, &run, sample).unwrap() }
        })
        .collect();
    (run, groups)
}

/// Everything that cSEM prints of a group.
fn everything(case: &Case, run: &Run, group: &Group, out: &mut Comparison) {
    let answers = answer::Answers::of(run, &group.fit);
    let expected = &case.json["expected"][&group.key];
    for (key, value) in expected.as_object().unwrap() {
        // The third of its checks: correlations of the constructs that are not positive definite have no VIF here, and
        // negative ones there.
        if key == "vif_antecedents" && expected["verify"]["values"][2].as_bool() == Some(true) {
            println!("{} {}: VIF of impossible correlations are not compared", case.name, group.key);
            let outcomes = group.fit.model.endogenous().into_iter();
            let names = outcomes.map(|id| group.fit.model.construct(id).name.clone());
            let vif = trustpath::Assessment::of(&group.fit, run.conventions).vif_antecedents;
            let lost =
                names.filter_map(|name| vif.get(&name)).any(|vif| vif.iter().any(|(_, v)| v.is_none()));
            assert!(lost, "{} {}: there are VIF after all", case.name, group.key);
            continue;
        }
        answer::compare(case, key, value, &answers, out);
    }
}

/// Number of cases, paths, weights and loadings where the case has them, and resampled paths.
fn paths(case: &Case, group: &Group, out: &mut Comparison) {
    let expected = &case.json["expected"];
    let list = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let table = if expected["mga"].is_null() { &expected["group_tests"] } else { &expected["mga"] };
    let column = list(&table["cols"]).iter().position(|name| *name == group.key).unwrap();
    let found = group.fit.path_coefficients();
    for (r, name) in list(&table["rows"]).iter().enumerate() {
        let (from, to) = name.split_once(" -> ").unwrap();
        let want = table["values"][r][column].as_f64().unwrap();
        out.cell(&format!("{} {name}", group.key), want, found.get(from, to), case.tolerance("mga"));
    }
    let draws = &expected[format!("boot_paths_{}", group.key)];
    // plspm's resamples number the cases of the whole file.
    if case.program == "seminr" && !draws.is_null() {
        let given = resampled::indices(case.setting(&format!("resamples_{}", group.key)));
        let settings = Bootstrap { inadmissible: Inadmissible::Keep, ..Bootstrap::default() };
        let boot = settings.run_given(&group.fit, &given).unwrap();
        let key = format!("boot_paths_{}", group.key);
        resampled::draws(&boot, Kind::Path, &key, draws, case.tolerance("boot_paths"), out);
    }
}

fn compare(folder: &Path, data: &Path, name: &str) -> Comparison {
    let case = Case::read(&folder.join(format!("{name}.json")), data);
    let (run, groups) = estimate(&case);
    assert!(groups.len() >= 2, "{name}: {} groups", groups.len());
    let mut out = Comparison { case: name.to_owned(), ..Comparison::default() };
    for group in &groups {
        if case.program == "cSEM" {
            everything(&case, &run, group, &mut out);
        } else {
            paths(&case, group, &mut out);
        }
    }
    out
}

/// Every case with groups agrees in every cell; the list is printed.
#[test]
fn groups_agree() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut all: Vec<(&str, Comparison)> = Vec::new();
    for name in OWN {
        all.push((name, compare(&root.join("tests/reference"), &root.join("data"), name)));
    }
    if let Some(folder) = crate::shared() {
        for name in SHARED {
            all.push((name, compare(&folder.join("cases"), &folder.join("data"), name)));
        }
    }
    println!("\n| case of groups | cells agree | worst difference (share of tolerance) |\n|---|---|---|");
    for (name, one) in &all {
        let tally = &one.tally;
        println!(
            "| {name} | {} of {} | {:.1e} ({:.3}) |",
            tally.agreed, tally.cells, tally.worst, tally.share
        );
    }
    let (agreed, cells) = all
        .iter()
        .fold((0, 0), |(agreed, cells), (_, one)| (agreed + one.tally.agreed, cells + one.tally.cells));
    println!("groups: {agreed} of {cells} cells of {} cases agree", all.len());
    let failures: Vec<&String> = all.iter().flat_map(|(_, one)| &one.failures).collect();
    assert!(failures.is_empty(), "{} of {cells} cells differ: {failures:#?}", failures.len());
    // 15 paths of two groups, and 12 resamples of each.
    assert!(all[0].1.tally.cells >= 15 * 2 * 13, "{} cells of {}", all[0].1.tally.cells, all[0].0);
}
