//! Words of the tables of assessment that stand in appendices or are asked for.

use crate::table::language::Entry;

#[rustfmt::skip]
pub(super) static ENTRIES: [Entry; 65] = [
    ("n/a: items of a formative block need not correlate, so that HTMT does not apply.", "n/a：形成性区块的题项不必相关，HTMT 不适用。"),
    ("Blindfolding Q²", "蒙眼法 Q²"),
    ("Q² (redundancy)", "Q²（冗余）"),
    ("Q² (communality)", "Q²（共同度）"),
    ("Verdict (redundancy)", "判定（冗余）"),
    (
        "Omission distance {}; one construct at a time, answers numbered item by item; means replace what is hidden.",
        "省略距离为 {0}；每次处理一个构念，作答按题项依次编号；被遮蔽的作答以均值代替。",
    ),
    (
        "Out of favour: neither in sample nor out of it. PLSpredict's Q²predict has taken its place.",
        "已不再推荐：既非样本内，也非样本外。已由 PLSpredict 的 Q²predict 取代。",
    ),
    ("Item analysis", "题项分析"),
    ("Scale, item", "量表与题项"),
    ("95 % CI", "95 % 置信区间"),
    ("mean r", "平均相关"),
    (
        "Lines of items: the coefficients of their scale without them; item-rest r below .30 deserves a look.",
        "题项行：删去该题项后量表的系数；与其余题项之相关低于 .30 时值得查看。",
    ),
    (
        "Missing answers are left out pair by pair; α (raw), made of covariances, with Feldt's interval, α (std.) made of correlations; ω of one factor, for three items or more, by maximum likelihood.",
        "缺失回答逐对剔除；α（原始）由协方差计算，附 Feldt 区间，α（标准化）由相关计算；三个及以上题项时 ω 为单因子，以最大似然估计。",
    ),
    (
        "Every case counts once here: the weights of the cases are not used.",
        "此处每个个案计一次，不使用个案权重。",
    ),
    ("No scale of two or more items with its answers at hand.", "没有含作答数据的多题项量表。"),
    ("Dimensions of blocks", "题项组的维度"),
    ("1st eigenvalue", "第一特征值"),
    ("2nd eigenvalue", "第二特征值"),
    ("ρ (Dillon-Goldstein)", "ρ（Dillon-Goldstein）"),
    ("One dimension", "单一维度"),
    (
        "Eigenvalues of the items' correlations: one dimension shows as a first above 1 and a second below.",
        "题项相关矩阵的特征值：第一个大于 1、第二个小于 1 表明单一维度。",
    ),
    (
        "ρ from the first principal component. Formative blocks need not have one dimension.",
        "ρ 由第一主成分得出。形成型题项组不必是单一维度。",
    ),
    ("Further indices of fit", "其他拟合指标"),
    (
        "Indices built on chi-square are those of covariance-based models, from the correlations that this model implies; PLS does not minimise them.",
        "基于卡方的指标取自协方差结构模型，以本模型隐含的相关计算；PLS 并不使其最小。",
    ),
    ("Information criteria by outcome", "各结果变量的信息准则"),
    ("AICc", "AICc（修正）"),
    ("AICu", "AICu（无偏）"),
    (
        "Smaller is better among models of the same outcome and cases: `trustpath compare` sets rivals side by side.",
        "对同一结果变量与同一批个案的模型，数值越小越好：`trustpath compare` 可并列比较竞争模型。",
    ),
    (
        "From {} cases with all answers: one factor per construct, fitted to polychoric correlations by diagonally weighted least squares.",
        "基于 {0} 个作答完整的个案：每个构念一个因子，以对角加权最小二乘拟合多分格相关。",
    ),
    (
        "SRMR is {} for the estimated model, below {}, and {} for the saturated one.",
        "估计模型的 SRMR 为 {0}，低于 {1}；饱和模型为 {2}。",
    ),
    (
        "SRMR is {} for the estimated model, between {} and {}, and {} for the saturated one.",
        "估计模型的 SRMR 为 {0}，介于 {1} 与 {2} 之间；饱和模型为 {3}。",
    ),
    (
        "SRMR is {} for the estimated model, at or above {}, and {} for the saturated one.",
        "估计模型的 SRMR 为 {0}，达到或超过 {1}；饱和模型为 {2}。",
    ),
    (
        "The largest VIF is {} ({}), below {}: collinearity is no concern.",
        "最大的 VIF 为 {0} ({1})，低于 {2}：无共线性之虞。",
    ),
    (
        "The largest VIF is {} ({}), between {} and {}: look at it.",
        "最大的 VIF 为 {0} ({1})，介于 {2} 与 {3} 之间：需查看。",
    ),
    (
        "The largest VIF is {} ({}), {} or more: the coefficients of collinear predictors cannot be told apart.",
        "最大的 VIF 为 {0} ({1})，达到或超过 {2}：共线预测变量的系数难以区分。",
    ),
    (
        "Of {} pairs the highest ratio is {}; no pair reaches {}.",
        "{0} 对中比率最高的是 {1}；没有一对达到 {2}。",
    ),
    (
        "Of {} pairs the highest ratio is {}; it is the only pair at or above {}.",
        "{0} 对中比率最高的是 {1}；仅此一对达到或超过 {2}。",
    ),
    (
        "Of {} pairs the highest ratio is {}; {} pairs are at or above {}.",
        "{0} 对中比率最高的是 {1}；有 {2} 对达到或超过 {3}。",
    ),
    ("{} pairs of constructs have an HTMT of {} or more.", "{0} 对构念的 HTMT 达到 {1} 或以上。"),
    ("{} pair of constructs has an HTMT of {} or more.", "{0} 对构念的 HTMT 达到 {1} 或以上。"),
    ("{} against {}: {#} numbers agree, {#} differs", "{0} 与 {1} 对照：{2} 个数值一致，{3} 个不同"),
    ("no polychoric correlation", "无多分格相关"),
    ("no factor solution", "因子模型无解"),
    ("no predictors", "无预测变量"),
    ("not reflective", "非反映型"),
    ("needs product-moment correlations", "需要积差相关"),
    ("not of this model", "不属于本模型"),
    ("distance out of range", "距离超出范围"),
    ("distance divides the cases", "距离整除个案数"),
    ("a round has no estimate", "某一轮没有估计"),
    ("2 items", "仅两个题项"),
    ("two items alone", "仅有两个题项"),
    ("items cancel out", "题项相互抵消"),
    ("2SLS", "两阶段最小二乘"),
    ("do not judge by it", "不据此判断"),
    ("blindfolding Q²", "蒙眼法 Q²"),
    (
        "above 0; .25 medium, .50 large; superseded by PLSpredict",
        "大于 0；.25 中等，.50 大；已被 PLSpredict 取代",
    ),
    ("< .12, reflective models only", "< .12，仅适用于反映型模型"),
    ("never judged: not recommended", "从不判定：不推荐使用"),
    (
        "2SLS: least squares of two stages does not split the variance of its outcome, so that there is no R² and no f².",
        "2SLS：两阶段最小二乘不分解结果变量的方差，因此没有 R² 与 f²。",
    ),
    (
        "The number {} stands {} times among the answers to {}, far from all others: does it mean that an answer is missing? Then estimate with `--missing-code {}`.",
        "数值 {0} 在 {2} 的作答中出现 {1} 次，远离其他作答：它是否表示缺失？若是，请以 `--missing-code {3}` 估计。",
    ),
    (
        "The number {} stands {} time among the answers to {}, far from all others: does it mean that an answer is missing? Then estimate with `--missing-code {}`.",
        "数值 {0} 在 {2} 的作答中出现 {1} 次，远离其他作答：它是否表示缺失？若是，请以 `--missing-code {3}` 估计。",
    ),
    ("fewer than 3 items", "少于三个题项"),
    ("items are collinear", "题项共线"),
    ("no variance", "没有变异"),
];
