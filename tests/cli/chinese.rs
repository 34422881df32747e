//! `--lang zh`: no verb leaves an English sentence behind. What is missing stands in `src/table/chinese`.

use crate::Study;

/// Signals, usefulness, attitude, trust: enough for every verb.
const MEASURES: &str = "NAV =~ NAV1 + NAV2 + NAV3 + NAV4\nREP <~ REP1 + REP2 + REP3 + REP4\nPU =~ PU1 + PU2 + PU3 + PU4\n\
                        ATT =~ ATT1 + ATT2 + ATT3 + ATT4\nITR =~ ITR1 + ITR2 + ITR3 + ITR4\n";

fn study() -> Study {
    let data = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/initial-trust.csv")).unwrap();
    let model = |paths: &str| format!("{MEASURES}{paths}");
    Study::new()
        .with("d.csv", data)
        .with("PLAIN.sem", model("PU ~ NAV + REP\nATT ~ PU + NAV\nITR ~ ATT + PU\n#@ hypothesis H1 PU ~ NAV +\n"))
        .with("factors.sem", "NAV =~ NAV1 + NAV2 + NAV3\nPU =~ PU1 + PU2 + PU3\nATT =~ ATT1 + ATT2 + ATT3\nPU ~ a*NAV\nATT ~ b*PU + NAV\nab := a * b\n")
        .with("RIVAL.sem", model("PU ~ NAV + REP\nATT ~ PU\nITR ~ ATT\n"))
        .with("product.sem", model("PU ~ NAV + REP\nATT ~ PU + NAV + PU:NAV\nITR ~ ATT\n"))
        .with("control.sem", model("PU ~ NAV + REP\nATT ~ PU + REP\nITR ~ ATT + REP\n#@ control REP\n"))
        .with(
            "whole.sem",
            "NAV =~ NAV1 + NAV2 + NAV3 + NAV4\nPU =~ PU1 + PU2 + PU3 + PU4\nPEOU =~ PEOU1 + PEOU2 + PEOU3 + PEOU4\n\
             ATT =~ ATT1 + ATT2 + ATT3 + ATT4\nTAM =~ PU + PEOU\nTAM ~ NAV\nATT ~ a*TAM + b*NAV\nab := a * b\n",
        )
        .with("table.csv", ",x1,x2,y1,y2\nx1,1,.5,.3,.3\nx2,.5,1,.3,.3\ny1,.3,.3,1,.5\ny2,.3,.3,.5,1\n")
        .with("table.sem", "X =~ x1 + x2\nY =~ y1 + y2\nY ~ X\n")
}

/// A word of English prose: small letters only.
fn is_word(token: &str) -> bool {
    let token = token.trim_matches(|c: char| ",.;:()[]*|".contains(c));
    let names = ["et", "al", "van", "der", "unit", "smartpls4", "seminr", "csem", "adanco", "plspm"];
    token.len() > 1 && token.chars().all(|c| c.is_ascii_lowercase()) && !names.contains(&token)
}

/// Lines that hold two English words in a row, or a cell of one word that is no name and no value of a setting.
fn left_behind(text: &str) -> Vec<String> {
    let mut left = Vec::new();
    let mut skipped = false;
    for line in text.lines() {
        // Works keep their titles; commands and code are typed as they are.
        if line.starts_with('#') {
            skipped = line.contains("参考文献");
        }
        let code = line.contains('`') || line.contains("trustpath ") || line.starts_with("exit code");
        if skipped || code {
            continue;
        }
        let tokens: Vec<&str> = line.split_whitespace().collect();
        let prose = tokens.windows(2).any(|pair| pair.iter().all(|token| is_word(token)));
        let setting =
            ["估计", "数据", "评价", "自助法"].iter().any(|part| line.starts_with(&format!("| {part} |")));
        let cells = line.trim_matches(['|', ' ']).split(" | ");
        let cell = line.starts_with('|')
            && !setting
            && cells.map(str::trim).any(|cell| is_word(cell) && cell.len() > 2);
        if prose || cell {
            left.push(line.to_owned());
        }
    }
    left
}

#[test]
fn no_verb_leaves_english_behind() {
    let study = study();
    let few = "--resamples 80 --seed 3";
    let mut left = Vec::new();
    for words in [
        "check PLAIN.sem d.csv".to_owned(),
        "fit PLAIN.sem d.csv".to_owned(),
        "fit PLAIN.sem d.csv --consistent".to_owned(),
        "fit product.sem d.csv".to_owned(),
        "fit whole.sem d.csv".to_owned(),
        "fit table.sem --correlations table.csv --n 90".to_owned(),
        "sem factors.sem d.csv --tables fit,paths,definitions,loadings,constructs,covariances,modifications"
            .to_owned(),
        "sem table.sem --correlations table.csv --n 90".to_owned(),
        format!("bootstrap PLAIN.sem d.csv {few}"),
        format!("bootstrap whole.sem d.csv {few} --intervals bca,bc,basic,normal,t --tails one"),
        "bootstrap RIVAL.sem d.csv --method jackknife".to_owned(),
        format!("bootstrap PLAIN.sem d.csv {few} --tables all --fit-test --intervals percentile,normal"),
        "bootstrap RIVAL.sem d.csv --method jackknife --tables all --intervals normal".to_owned(),
        "bootstrap RIVAL.sem d.csv --method jackknife --folds 10".to_owned(),
        "bootstrap RIVAL.sem d.csv --method jackknife --folds 10 --repeats 2 --tables all --tails one"
            .to_owned(),
        format!("mediation PLAIN.sem d.csv {few}"),
        format!("measurement PLAIN.sem d.csv {few}"),
        format!("measurement PLAIN.sem d.csv {few} --tables tetrads,tetrad-tests,redundancy"),
        format!("endogeneity PLAIN.sem d.csv {few}"),
        format!("moderation product.sem d.csv {few}"),
        format!("nonlinearity PLAIN.sem d.csv {few}"),
        format!("controls control.sem d.csv {few}"),
        "compare PLAIN.sem RIVAL.sem d.csv".to_owned(),
        "sample-size PLAIN.sem".to_owned(),
        "explain".to_owned(),
        "models".to_owned(),
        "models construct".to_owned(),
        "models construct PU PRIV".to_owned(),
        "reproduce".to_owned(),
        "differences PLAIN.sem d.csv --most 0".to_owned(),
        "differences PLAIN.sem d.csv --between seminr,csem".to_owned(),
    ] {
        let shown = study.run(&format!("{words} --lang zh -f markdown -q"));
        assert!(shown.contains("| :---") || shown.contains("| ---:"), "{words}: {shown}");
        // The library shows its wording in both languages, side by side.
        let both = |line: &String| words.starts_with("models construct") && line.starts_with("| ");
        let found = left_behind(&shown).into_iter().filter(|line| !both(line));
        left.extend(found.map(|line| format!("{words}: {line}")));
    }
    assert!(left.is_empty(), "add these to src/table/chinese:\n{}", left.join("\n"));
}

#[test]
fn every_rule_code_and_study_is_explained_in_chinese() {
    let study = study();
    let rules: Vec<String> = trustpath::assess::rules().iter().map(|rule| rule.id.to_owned()).collect();
    let studies: Vec<String> =
        trustpath::reproduce::library::STUDIES.iter().map(|study| study.key.to_owned()).collect();
    assert!(rules.len() > 90 && studies.len() > 8, "{rules:?} {studies:?}");
    let codes = trustpath::codes::CODES.iter().map(|(code, _)| (*code).to_owned());
    let pages = rules.into_iter().chain(codes).map(|id| format!("explain {id}"));
    let mut left = Vec::new();
    for words in pages.chain(studies.into_iter().map(|name| format!("reproduce {name}"))) {
        let shown = study.run(&format!("{words} --lang zh -f markdown -q"));
        assert!(shown.contains("含义") || shown.contains("结果"), "{words}: {shown}");
        // Citations keep their titles, and paths of files are typed as they are.
        let own = shown.lines().filter(|line| !line.starts_with("- 来源") && !line.starts_with("- 发表于"));
        // Names of tables and models are those of the paper; the last six cells of a row are ours.
        let ours = |line: &str| match line.strip_prefix("| ") {
            Some(row) if words.starts_with("reproduce") => {
                let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
                format!("| {} |", cells[cells.len().saturating_sub(6)..].join(" | "))
            }
            _ => line.to_owned(),
        };
        let own: Vec<String> = own.map(ours).collect();
        left.extend(left_behind(&own.join("\n")).into_iter().map(|line| format!("{words}: {line}")));
    }
    assert!(left.is_empty(), "add these to src/table/chinese:\n{}", left.join("\n"));
}

#[cfg(feature = "report")]
#[test]
fn no_report_leaves_english_behind() {
    let study = study();
    let few = "--resamples 80 --seed 3";
    let mut left = Vec::new();
    for words in [
        format!("PLAIN.sem d.csv {few}"),
        format!("PLAIN.sem d.csv {few} --consistent --purpose explanation"),
        "PLAIN.sem d.csv --no-bootstrap --purpose prediction --missing listwise".to_owned(),
        format!("product.sem d.csv {few} --intervals bca --tails one --p-value t"),
        format!("whole.sem d.csv {few} --weighting unit"),
        "RIVAL.sem d.csv --method jackknife --correlation spearman".to_owned(),
        "RIVAL.sem d.csv --method jackknife --folds 10".to_owned(),
        "RIVAL.sem d.csv --method jackknife --folds 10 --repeats 2 --tails one".to_owned(),
        "table.sem --correlations table.csv --n 90".to_owned(),
    ] {
        let run = study.run(&format!("report {words} --lang zh -o r.md -q"));
        let report = study.read("r.md");
        assert!(report.contains("## 方法"), "{words}: {run}");
        left.extend(left_behind(&report).into_iter().map(|line| format!("{words}: {line}")));
    }
    for words in [
        "factors.sem d.csv",
        "factors.sem d.csv --identification variance --likelihood wishart --information observed --purpose prediction",
        "table.sem --correlations table.csv --n 90",
    ] {
        let run = study.run(&format!("sem {words} --lang zh -o s.md -q"));
        let report = study.read("s.md");
        assert!(report.contains("## 方法"), "{words}: {run}");
        left.extend(left_behind(&report).into_iter().map(|line| format!("sem {words}: {line}")));
    }
    assert!(left.is_empty(), "add these to src/table/chinese:\n{}", left.join("\n"));
}

#[test]
fn the_scan_sees_prose_and_lone_words_but_no_names() {
    assert_eq!(left_behind("标准误 over the resamples").len(), 1);
    assert_eq!(left_behind("| NAV → PU | complementary | .25 |").len(), 1);
    assert!(
        left_behind("| 估计 | scheme | path |\n（Hair et al. 2019; Hulland 1999）\nNAV → PU .30 [.20, .40]")
            .is_empty()
    );
}
