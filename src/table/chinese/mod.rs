//! The catalogue of Simplified Chinese, by where the English stands.
//!
//! # Glossary
//!
//! One term for one thing, as Chinese papers on PLS-SEM have it (mainland usage). A test refuses the others, here and
//! in the guides and models.
//!
//! | English | Chinese | not |
//! |---|---|---|
//! | construct, item | 构念，题项 | 测量项 |
//! | reflective, formative | 反映型，形成型 | 反映性，形成性 |
//! | common factor, composite | 共同因子，合成变量 | 组合变量，复合变量 |
//! | block of items | 题项组 | 区块 |
//! | component of a higher-order construct | 低阶构念 | 组成构念 |
//! | predictor, outcome | 预测变量，结果变量 | 自变量，因变量 |
//! | categorical predictor (`#@ factor`) | 分类变量 | |
//! | case, answer, missing answer | 个案，回答，缺失值 | 案例，答案，缺失回答 |
//! | codebook | 编码簿 | 编码手册 |
//! | mean replacement, listwise deletion | 均值替代，成列删除 | 均值替换，列表删除，整例删除 |
//! | consistent PLS | 一致性 PLS（一致性偏最小二乘） | 一致 PLS |
//! | maximum likelihood | 最大似然 | 极大似然 |
//! | bootstrap, resample | 自助法，重抽样 | 自助抽样 |
//! | loading, weight | 载荷，权重 | |
//! | composite reliability, AVE | 组合信度，平均方差提取量 | 平均方差抽取量 |
//! | discriminant, convergent validity | 区分效度，收敛效度 | 区别效度，聚合效度 |
//! | fit index | 拟合指数 | 拟合指标 |
//! | effect size | 效应量 | 效应大小 |
//! | moderated mediation | 有调节的中介 | 被调节的中介 |
//! | polychoric, polyserial correlation | 多分格相关，多列相关 | |
//! | inverse square root, gamma-exponential method | 逆平方根法，伽马指数法 | 反平方根法 |
//! | copula | Copula | copula |
//! | verdict: ok, check, fail | 判定：合格，需检查，不合格 | |
//!
//! Numbers stand against their per cent sign (5%); brackets and marks of a Chinese sentence are full-width; file
//! names, code in backticks and sources keep their own.

mod assess;
mod codes;
mod effects;
mod errors_cli;
mod errors_estimation;
mod errors_model;
mod errors_resampling;
mod errors_survey;
mod explain_measurement;
mod explain_prediction;
mod explain_robustness;
mod explain_structure;
mod explain_study;
mod findings;
mod output;
mod report;
mod resampling;
mod rules;
mod sem;
mod studies;
mod tables;
mod usage;
mod verbs;

/// A text and its translation.
pub(super) type Entry = (&'static str, &'static str);

/// Words of results.
pub(super) fn entries() -> impl Iterator<Item = &'static Entry> {
    [
        tables::ENTRIES,
        report::ENTRIES,
        rules::ENTRIES,
        verbs::ENTRIES,
        effects::ENTRIES,
        assess::ENTRIES,
        sem::ENTRIES,
        studies::ENTRIES,
        codes::ENTRIES,
        explain_study::ENTRIES,
        explain_measurement::ENTRIES,
        explain_structure::ENTRIES,
        explain_prediction::ENTRIES,
        explain_robustness::ENTRIES,
        findings::ENTRIES,
        resampling::ENTRIES,
        output::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

/// What goes to standard error: errors, warnings, notes, and how the command line is used.
pub(super) fn problems() -> impl Iterator<Item = &'static Entry> {
    [
        errors_model::ENTRIES,
        errors_survey::ENTRIES,
        errors_estimation::ENTRIES,
        errors_resampling::ENTRIES,
        errors_cli::ENTRIES,
        usage::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::HashMap;
    use std::path::{Path, PathBuf};

    use super::*;

    /// Spellings that the glossary above refuses.
    fn refused() -> Vec<&'static str> {
        let rows = include_str!("mod.rs").lines().filter_map(|line| line.strip_prefix("//! | "));
        let words = rows.filter_map(|row| row.trim_end_matches(" |").split(" | ").nth(2));
        words
            .skip(1)
            .flat_map(|words| words.split('，'))
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .collect()
    }

    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else if ["rs", "md", "sem", "csv", "toml"]
                .iter()
                .any(|end| path.extension().is_some_and(|e| e == *end))
            {
                found.push(path);
            }
        }
    }

    #[test]
    fn one_thing_has_one_term() {
        let refused = refused();
        assert!(refused.len() > 20 && refused.contains(&"编码手册"), "{refused:?}");
        for (english, chinese) in entries().chain(problems()) {
            let wrong = refused.iter().find(|word| chinese.contains(**word));
            assert!(wrong.is_none(), "{english}: {chinese} has {wrong:?}");
            let blank = chinese.contains(" %") && !chinese.ends_with(" %");
            assert!(!blank, "{english}: {chinese}: no blank before %");
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut all = vec![root.join("GUIDE.zh.md"), root.join("README.zh.md")];
        for folder in ["src", "models", "examples", "docs"] {
            files(&root.join(folder), &mut all);
        }
        for file in all.iter().filter(|file| !file.ends_with("chinese/mod.rs")) {
            let text = std::fs::read_to_string(file).unwrap();
            // Small letters of `copula` are English; 答案 has its place in questionnaires.
            let wrong =
                refused.iter().find(|word| !["copula", "答案"].contains(word) && text.contains(**word));
            assert!(wrong.is_none(), "{}: {wrong:?}", file.display());
        }
    }

    #[test]
    fn no_text_is_translated_twice() {
        for all in [entries().collect::<Vec<_>>(), problems().collect()] {
            let mut seen = HashMap::new();
            for (english, chinese) in all {
                let first = seen.insert(english.replace("{#}", "{}"), chinese);
                assert!(first.is_none(), "{english}: {first:?} and {chinese}");
            }
        }
    }
}
