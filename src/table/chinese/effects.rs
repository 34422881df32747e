//! Intervals of derived effects, charts of moderation, components of higher-order constructs.

use crate::table::language::Entry;

#[rustfmt::skip]
pub(super) static ENTRIES: [Entry; 56] = [
    ("{} intervals, {}; p {}.", "{0~}区间，{1~}；p {2~}。"),
    ("Percentile", "百分位"),
    ("Basic bootstrap", "基本自助"),
    ("Normal", "正态"),
    ("One-tailed {}", "单尾{0~}"),
    ("basic bootstrap", "基本自助"),
    ("quantiles mirrored at the estimate", "以估计值为中心镜像的分位数"),
    ("two-sided by the normal distribution", "为双侧，按正态分布计算"),
    ("one-sided by the normal distribution", "为单侧，按正态分布计算"),
    ("two-sided by Student's t with n − 1 degrees of freedom", "为双侧，按自由度为 n − 1 的 t 分布计算"),
    ("one-sided by Student's t with n − 1 degrees of freedom", "为单侧，按自由度为 n − 1 的 t 分布计算"),
    ("two-sided from the share of resamples on either side of 0", "为双侧，取自 0 两侧的重抽样比例"),
    ("one-sided from the share of resamples on either side of 0", "为单侧，取自 0 两侧的重抽样比例"),
    (
        "From the least to the greatest value of the moderator in the sample; points where a {} bound of the resampled effect crosses 0.",
        "从样本中调节变量的最小值到最大值；分界点为重抽样效应的 {0~} 界限穿过 0 处。",
    ),
    ("Simple slopes as lines", "简单斜率图"),
    (
        "The outcome over the predictor at values of the moderator, with the slope and its interval.",
        "在调节变量的各取值处，结果变量随预测变量的变化，附斜率及其区间。",
    ),
    ("Slopes over the moderator", "斜率随调节变量的变化"),
    (
        "The slope over the moderator; the band is darker where the interval leaves out 0.",
        "斜率随调节变量的变化；区间不含 0 处带状区颜色较深。",
    ),
    ("Response surface", "响应曲面"),
    (
        "The outcome over predictor and moderator; lines join points of equal height.",
        "结果变量随预测变量与调节变量的变化；曲线连接等高点。",
    ),
    ("Components of higher-order constructs", "高阶构念的组成构念"),
    ("{} (second order: {})", "{0}（二阶：{1~}）"),
    ("{} (third order: {})", "{0}（三阶：{1~}）"),
    ("{} (higher order: {})", "{0}（高阶：{1~}）"),
    ("{} is made of constructs, and estimated {}.", "{0~}由构念组成，估计方法：{1~}。"),
    ("{} are made of constructs, and estimated {}.", "{0~}由构念组成，估计方法：{1~}。"),
    (
        "by the disjoint two-stage approach: the components are estimated in its place first, and their scores are its items then",
        "分离两阶段法，先以组成构念代替它进行估计，再以其得分作为题项",
    ),
    (
        "by the embedded two-stage approach: the items of the components are repeated on it first, and the scores of the components are its items then",
        "嵌入两阶段法，先让它重复使用组成构念的题项，再以组成构念的得分作为题项",
    ),
    (
        "by repeated indicators: the items of the components are its items as well",
        "重复指标法，组成构念的题项同时也是它的题项",
    ),
    (
        "by repeated indicators, its predictors reaching the components as well (extended approach)",
        "扩展重复指标法，其预测变量同时指向组成构念",
    ),
    (
        "in two stages, the first of which joins every construct to every other; the scores of the components are its items then",
        "两阶段法，第一阶段连接所有构念，再以组成构念的得分作为题项",
    ),
    (
        "As a construct with items of its own each is assessed together with all others; here its components are assessed by their items.",
        "高阶构念作为有题项的构念与其他构念一并评价；此处按题项评价其组成构念。",
    ),
    ("HTMT of all constructs of the stage (stage {#})", "该阶段所有构念的 HTMT（第 {0} 阶段）"),
    ("Items of components and constructs by score (stage {#})", "组成构念及以得分表示的构念的题项（第 {0} 阶段）"),
    ("Reliability of components and constructs by score (stage {#})", "组成构念及以得分表示的构念的信度（第 {0} 阶段）"),
    ("made of constructs", "由构念组成"),
    ("paths follow from moments", "路径由矩估计得出"),
    ("a product", "乘积项"),
    ("Stage", "阶段"),
    (
        "In standard deviations of outcome and predictor, also where the model reports a product or an unstandardised predictor in other units.",
        "以结果与预测变量的标准差为单位；即使模型以其他单位报告乘积项或未标准化的预测变量。",
    ),
    ("Products", "乘积项"),
    ("Higher order", "高阶构念"),
    ("The product {} was estimated {} ({}).", "乘积项 {0} 采用{1~}估计（{2}）。"),
    ("The products {} were estimated {} ({}).", "乘积项 {0~} 采用{1~}估计（{2}）。"),
    ("The higher-order construct {} was estimated {} ({}).", "高阶构念 {0} 采用{1~}估计（{2}）。"),
    ("The higher-order constructs {} were estimated {} ({}).", "高阶构念 {0~} 采用{1~}估计（{2}）。"),
    (
        "by the two-stage approach, as products of the standardised scores of the model without them",
        "两阶段法（不含乘积项的模型的标准化得分之积）",
    ),
    (
        "by product indicators, as constructs whose items are the products of standardised items",
        "乘积指标法（以标准化题项之积为题项的构念）",
    ),
    (
        "by the orthogonalising approach, as constructs whose items are the products of standardised items, cleared of these items",
        "正交化法（题项为标准化题项之积，并剔除这些题项的线性部分）",
    ),
    (
        "from moments of the scores and of their products, corrected for measurement error",
        "得分及其乘积的矩（经测量误差校正）",
    ),
    ("by the disjoint two-stage approach", "分离两阶段法"),
    ("by the embedded two-stage approach", "嵌入两阶段法"),
    ("by repeated indicators", "重复指标法"),
    ("by repeated indicators in the extended form", "扩展重复指标法"),
    ("in two stages with all constructs of the first joined", "第一阶段连接所有构念的两阶段法"),
    (
        "Stage: where the items of a construct were hidden. Scores of earlier stages and products are taken as they are.",
        "阶段：隐藏构念题项的阶段。前一阶段的得分与乘积项按原值使用。",
    ),
];
