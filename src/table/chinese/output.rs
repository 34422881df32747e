//! Words of figures without data, of empty tables, and of the document of a covariance-based model.

use super::Entry;

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    ("There is nothing to show here.", "此处没有可显示的内容。"),
    ("{} is too small to be shown by {#} cases", "{0} 太小，{1} 个个案也无法检出"),
    (
        "α is standardised alpha, made of the correlations of the items. Raw alpha, made of their covariances, stands in the item analysis, ordinal alpha with the reliability of ordinal items.",
        "α 为标准化 α，由题项相关计算。原始 α 由题项协方差计算，见题项分析；有序 α 见有序题项的信度。",
    ),
    ("the usual quantities", "常用统计量"),
    ("no bootstrap was run: there are no standard errors and intervals", "未运行自助法：没有标准误与区间"),
    ("Standardised loadings stand beside the items.", "题项旁为标准化载荷。"),
    ("CB-SEM, maximum likelihood", "CB-SEM，最大似然"),
    ("{#} % normal", "{0}% 正态"),
    ("parameters", "参数个数"),
    ("χ² is expected to fall most, by {#}, if {} were free.", "若释放 {1}，χ² 预期下降最多，为 {0}。"),
    (
        "{#} of {#} standardised loadings reach .708; the lowest is that of {}, {#}.",
        "{1} 个标准化载荷中有 {0} 个达到 .708；最低的是 {2}，为 {3}。",
    ),
    ("Correlations of the constructs, roots of AVE on the diagonal", "构念间相关，对角线为 AVE 平方根"),
    (
        "Correlations that the model implies. A construct of one item, or of constructs, has no AVE.",
        "模型隐含的相关。单题项构念和由构念组成的构念没有 AVE。",
    ),
    (
        "The model was estimated from a table of covariances; there are no answers to screen.",
        "模型由协方差表估计；没有可筛查的回答。",
    ),
    ("CFI, TLI, RMSEA and SRMR meet their rules.", "CFI、TLI、RMSEA 与 SRMR 均符合其准则。"),
    ("Fit to look at: {}.", "需检查的拟合指数：{0}。"),
    ("The model has no degree of freedom, so that it fits whatever the data are.", "模型没有自由度，因此无论数据如何都能拟合。"),
    (
        "{#} of {#} residual correlations lie beyond ±.10; the largest is that of {} and {}, {#}.",
        "{1} 个残差相关中有 {0} 个超出 ±.10；最大的是 {2} 与 {3}，为 {4}。",
    ),
    ("Largest residual correlations", "最大的残差相关"),
    ("Residual", "残差"),
    (
        "Observed less implied correlations of the items (Bollen 1989); beyond ±.10 they deserve a look.",
        "题项的观测相关减去隐含相关（Bollen 1989）；超出 ±.10 的值得检查。",
    ),
    (
        "Supported: p is below {#} and the sign is the expected one (either sign where none is stated).",
        "支持：p 小于 {0} 且符号符合预期（未声明符号时任一方向均可）。",
    ),
    (
        "β: constructs and items with variance 1; its SE by the delta method, its interval normal. z and two-sided p test the path in units of the items.",
        "β：构念与题项方差为 1；其 SE 以 delta 法得到，区间为正态区间。z 与双侧 p 检验以题项为单位的路径。",
    ),
    ("{} is the strongest path; all {#} paths are significant.", "最强的路径是 {0}；全部 {1} 条路径均显著。"),
    ("{} is the strongest path; not significant of {#} paths: {}.", "最强的路径是 {0}；{1} 条路径中不显著的有：{2}。"),
    (
        "The model was estimated with trustpath {} as a model of common factors from covariances (CB-SEM; Jöreskog, 1973; Bollen, 1989), by maximum likelihood with standard errors from expected information.",
        "模型以 trustpath {0} 估计为由协方差得到的共同因子模型（CB-SEM；Jöreskog, 1973；Bollen, 1989），采用最大似然法，标准误来自期望信息。",
    ),
    (
        "The model was estimated with trustpath {} as a model of common factors from covariances (CB-SEM; Jöreskog, 1973; Bollen, 1989), by maximum likelihood with standard errors from observed information.",
        "模型以 trustpath {0} 估计为由协方差得到的共同因子模型（CB-SEM；Jöreskog, 1973；Bollen, 1989），采用最大似然法，标准误来自观测信息。",
    ),
    (
        "The model was estimated with trustpath {} as a model of common factors from covariances (CB-SEM; Jöreskog, 1973; Bollen, 1989), by maximum likelihood (Wishart likelihood, divisor n − 1) with standard errors from expected information.",
        "模型以 trustpath {0} 估计为由协方差得到的共同因子模型（CB-SEM；Jöreskog, 1973；Bollen, 1989），采用最大似然法（Wishart 似然，除数 n − 1），标准误来自期望信息。",
    ),
    (
        "The model was estimated with trustpath {} as a model of common factors from covariances (CB-SEM; Jöreskog, 1973; Bollen, 1989), by maximum likelihood (Wishart likelihood, divisor n − 1) with standard errors from observed information.",
        "模型以 trustpath {0} 估计为由协方差得到的共同因子模型（CB-SEM；Jöreskog, 1973；Bollen, 1989），采用最大似然法（Wishart 似然，除数 n − 1），标准误来自观测信息。",
    ),
    ("The search converged after {#} steps.", "搜索经 {0} 步收敛。"),
    ("The search did NOT converge within {#} steps.", "搜索在 {0} 步内未收敛。"),
    ("Constructs take their unit from their first item, whose loading is 1.", "构念以其第一个题项为单位，该载荷为 1。"),
    (
        "Constructs take their unit from a variance of 1, their own or that of their disturbance.",
        "构念以方差 1 为单位，即其自身方差或其扰动项的方差。",
    ),
    (
        "The estimate rests on a table of covariances of {#} items from n = {#} cases.",
        "估计依据 n = {1} 个个案、{0} 个题项的协方差表。",
    ),
    (
        "Intervals of {#} % and two-sided p-values rest on the normal distribution of the estimates.",
        "{0}% 区间与双侧 p 值依据估计值的正态分布。",
    ),
    ("Model fit: {}.", "模型拟合：{0}。"),
    (
        "at this width the smallest letters are {#} pt high: give more room by `--width`",
        "按此宽度，最小的字只有 {0} pt 高：请用 `--width` 放宽",
    ),
    (
        "items are left out, as their letters would be too small to read at this width; `--items` keeps them",
        "按此宽度，题项的字会小得无法辨读，因此未画出题项；`--items` 可保留题项",
    ),
    (
        "at this width names stand in place of labels, which a key explains",
        "按此宽度以构念名称代替标签，图下附有说明",
    ),
    (
        "no font draws `{}`: words of this SVG stay text, and look as the fonts of its readers do",
        "没有字体能显示 `{0}`：此 SVG 中的文字保留为文本，外观取决于读者的字体",
    ),
    ("✓ yes, not after Holm", "✓ 是，Holm 校正后否"),
    ("yes, not after Holm", "是，Holm 校正后否"),
    ("– no: opposite sign", "– 否：符号相反"),
    ("n/a: no interval", "不适用：无区间"),
    (
        "LaTeX needs `\\usepackage{tikz}` and `\\usetikzlibrary{arrows.meta}` for it",
        "LaTeX 需要 `\\usepackage{tikz}` 与 `\\usetikzlibrary{arrows.meta}`",
    ),
];
