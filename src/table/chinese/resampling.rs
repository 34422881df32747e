//! Chinese of resampling: schemes, what does not count and why, the test of exact fit.

use crate::table::language::Entry;

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    ("Hypothesis", "假设"),
    ("Bayesian bootstrap of cases", "个案的贝叶斯自助法"),
    ("bootstrap of {#} clusters ({})", "{0} 个群（{1!}）的自助法"),
    ("Bayesian bootstrap of {#} clusters ({})", "{0} 个群（{1!}）的贝叶斯自助法"),
    ("bootstrap of cases within {#} strata ({})", "{0} 个层（{1!}）内的个案自助法"),
    ("Bayesian bootstrap of cases within {#} strata ({})", "{0} 个层（{1!}）内的个案贝叶斯自助法"),
    ("bootstrap of {#} clusters ({}) within {#} strata ({})", "{2} 个层（{3!}）内 {0} 个群（{1!}）的自助法"),
    (
        "{#} of {#} resamples count ({}; ChaCha8, one stream per resample, seed {#}).",
        "{1} 次重抽样中 {0} 次有效（{2~}；ChaCha8，每次重抽样一个随机流，种子 {3}）。",
    ),
    (
        "{#} of {#} resamples count ({}; ChaCha8, one stream per resample, seed {#})",
        "{1} 次重抽样中 {0} 次有效（{2~}；ChaCha8，每次重抽样一个随机流，种子 {3}）",
    ),
    ("Path coefficients with and without impossible estimates", "含与不含不可能估计的路径系数"),
    ("SE, possible only", "标准误，仅可能者"),
    ("SE, all", "标准误，全部"),
    ("{#} % interval, possible only", "{0} % 区间，仅可能者"),
    ("{#} % interval, all", "{0} % 区间，全部"),
    ("Impossible estimates: {#} % of the resamples.", "不可能的估计：占重抽样的 {0} %。"),
    (
        "Leaving them out makes intervals too narrow, keeping them uses numbers that cannot be (rule X11).",
        "剔除它们会使区间过窄，保留它们则用了不可能的数值（规则 X11）。",
    ),
    (
        "P(≥ c): share of resamples at or above c, a one-sided test of discriminant validity.",
        "P(≥ c)：不小于 c 的重抽样所占比例，即区分效度的单侧检验。",
    ),
    ("an item or score without variance", "某题项或得分没有方差"),
    ("an item without any answer", "某题项没有任何回答"),
    ("collinear items or predictors", "题项或自变量共线"),
    ("weights that did not settle", "权重未收敛"),
    ("a block without a reliability", "某构念没有信度"),
    ("a correlation that does not exist", "某相关不存在"),
    ("a reliability above 1", "信度大于 1"),
    ("construct correlations that are not positive semidefinite", "构念相关矩阵不是半正定的"),
    ("estimated model", "估计模型"),
    ("saturated model", "饱和模型"),
    ("Test of exact fit", "精确拟合检验"),
    ("Distance", "距离"),
    ("Mean if exact", "精确拟合时的均值"),
    (
        "Below HI95 ok, up to HI99 check, above fail (rule S12; Dijkstra & Henseler 2015; Benitez et al. 2020): quantiles of the distance in resamples of answers transformed so that the model holds.",
        "低于 HI95 为合格，不超过 HI99 为需检查，高于则不合格（规则 S12；Dijkstra & Henseler 2015；Benitez et al. 2020）：将回答变换到模型成立之后，重抽样中距离的分位数。",
    ),
    ("p: share of resamples at least as far away.", "p：距离不小于样本的重抽样所占比例。"),
    (
        "Of {#} resamples each count {#} of the estimated model and {#} of the saturated model (seed {#}).",
        "各 {0} 次重抽样中，估计模型 {1} 次有效，饱和模型 {2} 次有效（种子 {3}）。",
    ),
    (
        "From the least to the greatest value of the moderator in the sample; points from variances and covariance of the resampled coefficients (Bauer & Curran 2005).",
        "从样本中调节变量的最小值到最大值；临界点由重抽样系数的方差与协方差得出（Bauer & Curran 2005）。",
    ),
    (
        "No block of several items is weighted by regression, and no global item is named.",
        "没有由多个题项回归加权的构念，也未指定总体题项。",
    ),
    (
        "Name a column that asks for the whole in one item: `--global CONSTRUCT=COLUMN`.",
        "请指定以单一题项询问整体的列：`--global CONSTRUCT=COLUMN`。",
    ),
];
