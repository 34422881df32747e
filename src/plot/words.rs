//! The few words that figures add by themselves, in the languages of the reports.

use crate::table::Language;

/// One language's words.
pub(crate) struct Words {
    pub(crate) factor: &'static str,
    pub(crate) composite: &'static str,
    pub(crate) single: &'static str,
    pub(crate) higher: &'static str,
    pub(crate) item: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) weight: &'static str,
    pub(crate) significant: &'static str,
    pub(crate) insignificant: &'static str,
    pub(crate) paths_positive: &'static str,
    pub(crate) negative: &'static str,
    pub(crate) width: &'static str,
    pub(crate) estimate: &'static str,
    pub(crate) interval: &'static str,
    pub(crate) upper: &'static str,
    pub(crate) zero: &'static str,
    pub(crate) threshold: &'static str,
    pub(crate) below: &'static str,
    pub(crate) missing: &'static str,
    pub(crate) answers: &'static str,
    pub(crate) acceptable: &'static str,
    pub(crate) check: &'static str,
    pub(crate) fail: &'static str,
    pub(crate) path_diagram: &'static str,
    pub(crate) constructs: &'static str,
    pub(crate) paths: &'static str,
    pub(crate) none: &'static str,
}

impl Language {
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Chinese => &CHINESE,
        }
    }
}

static ENGLISH: Words = Words {
    factor: "Common factor",
    composite: "Composite",
    single: "Single-item construct",
    higher: "Higher-order construct",
    item: "Item",
    loading: "Loading",
    weight: "Weight",
    significant: "Significant",
    insignificant: "Not significant",
    paths_positive: "Positive",
    negative: "Negative",
    width: "Line width grows with |β|",
    estimate: "Estimate",
    interval: "Confidence interval",
    upper: "≤ upper bound of the confidence interval",
    zero: "Zero",
    threshold: "Threshold",
    below: "Below threshold",
    missing: "Missing",
    answers: "Share of valid answers (%)",
    acceptable: "ok",
    check: "check",
    fail: "fail",
    path_diagram: "Path diagram",
    constructs: "constructs",
    paths: "paths",
    none: "n/a",
};

static CHINESE: Words = Words {
    factor: "共同因子",
    composite: "合成变量",
    single: "单题项构念",
    higher: "高阶构念",
    item: "题项",
    loading: "载荷",
    weight: "权重",
    significant: "显著",
    insignificant: "不显著",
    paths_positive: "正向",
    negative: "负向",
    width: "线宽随 |β| 增大",
    estimate: "估计值",
    interval: "置信区间",
    upper: "≤ 置信区间上限",
    zero: "零",
    threshold: "阈值",
    below: "低于阈值",
    missing: "缺失",
    answers: "有效回答占比(%)",
    acceptable: "合格",
    check: "需检查",
    fail: "不合格",
    path_diagram: "路径图",
    constructs: "个构念",
    paths: "条路径",
    none: "不适用",
};
