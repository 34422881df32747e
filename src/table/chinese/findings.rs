//! Chinese of what an estimate brings to light (`assess::Finding`).

use super::Entry;

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    (
        "INADMISSIBLE: The weights did not settle within {#} iteration{?} (last change {}); allow more with --max-iterations, or look for a construct that hardly correlates with its neighbours.",
        "不可接受：权重在 {0} 次迭代内未收敛（最后一次变化 {2}）；请用 --max-iterations 增加次数，或检查与相邻构念几乎不相关的构念。",
    ),
    (
        "The weights did not settle within {#} iteration{?} (last change {}); allow more with --max-iterations, or look for a construct that hardly correlates with its neighbours.",
        "权重在 {0} 次迭代内未收敛（最后一次变化 {2}）；请用 --max-iterations 增加次数，或检查与相邻构念几乎不相关的构念。",
    ),
    (
        "INADMISSIBLE: The loading of {} is {#}, beyond 1 (Heywood case): the measurement model of its construct does not hold in these data.",
        "不可接受：{0} 的载荷为 {1}，超过 1（Heywood 现象）：其构念的测量模型不适合这些数据。",
    ),
    (
        "The loading of {} is {#}, beyond 1 (Heywood case): the measurement model of its construct does not hold in these data.",
        "{0} 的载荷为 {1}，超过 1（Heywood 现象）：其构念的测量模型不适合这些数据。",
    ),
    (
        "INADMISSIBLE: The construct correlations are not positive semidefinite (smallest eigenvalue {#}): two constructs are more alike than their reliabilities allow.",
        "不可接受：构念相关矩阵不是半正定的（最小特征值 {0}）：有两个构念的相似程度超出其信度所允许的范围。",
    ),
    (
        "The construct correlations are not positive semidefinite (smallest eigenvalue {#}): two constructs are more alike than their reliabilities allow.",
        "构念相关矩阵不是半正定的（最小特征值 {0}）：有两个构念的相似程度超出其信度所允许的范围。",
    ),
    ("See HTMT.", "参见 HTMT。"),
    (
        "INADMISSIBLE: The item correlations are not positive semidefinite (smallest eigenvalue {#}): estimated pair by pair, they contradict each other.",
        "不可接受：题项相关矩阵不是半正定的（最小特征值 {0}）：逐对估计的相关彼此矛盾。",
    ),
    (
        "The item correlations are not positive semidefinite (smallest eigenvalue {#}): estimated pair by pair, they contradict each other.",
        "题项相关矩阵不是半正定的（最小特征值 {0}）：逐对估计的相关彼此矛盾。",
    ),
    (
        "Merge sparse categories, or compare with --correlation pearson.",
        "请合并人数过少的类别，或与 --correlation pearson 的结果比较。",
    ),
    (
        "The table of correlations is not positive semidefinite (smallest eigenvalue {#}), as rounding makes one: estimates are no more exact than its last decimal.",
        "相关表不是半正定的（最小特征值 {0}），舍入即可造成：估计的精确度不超过表中最后一位小数。",
    ),
    (
        "INADMISSIBLE: By the model's paths {} acts on instruments of its own equation ({}): they carry what disturbs it, and its paths mean nothing.",
        "不可接受：按模型的路径，{0} 作用于其自身方程的工具变量（{1}）：这些工具变量带有其扰动，其路径没有意义。",
    ),
    (
        "By the model's paths {} acts on instruments of its own equation ({}): they carry what disturbs it, and its paths mean nothing.",
        "按模型的路径，{0} 作用于其自身方程的工具变量（{1}）：这些工具变量带有其扰动，其路径没有意义。",
    ),
    (
        "The codebook counts {} among {}, the model among {}, and {#} more: labels and sources follow the codebook, estimates the model.",
        "编码簿把 {0} 归入 {1}，模型却归入 {2}，另有 {3} 处：标签与来源依编码簿，估计依模型。",
    ),
    (
        "The codebook counts {} among {}, the model among {}: labels and sources follow the codebook, estimates the model.",
        "编码簿把 {0} 归入 {1}，模型却归入 {2}：标签与来源依编码簿，估计依模型。",
    ),
    (
        "Chosen, but without effect under {} weights, which have neither an inner scheme nor modes to choose: {}.",
        "已设定，但在 {0} 权重下不起作用（这类权重既无内部方案，也无模式可选）：{1}。",
    ),
    (
        "Chosen, but without effect where nothing is corrected for attenuation: {}.",
        "已设定，但在不作衰减校正时不起作用：{0}。",
    ),
    (
        "Chosen, but without effect in a model without products of constructs: {}.",
        "已设定，但在没有构念乘积的模型中不起作用：{0}。",
    ),
    (
        "Chosen, but without effect in a model without constructs of constructs: {}.",
        "已设定，但在没有高阶构念的模型中不起作用：{0}。",
    ),
    (
        "INADMISSIBLE: rho_A of {} is {#}, above 1: its items are too few or too heterogeneous.",
        "不可接受：{0} 的 rho_A 为 {1}，大于 1：其题项过少或过于异质。",
    ),
    (
        "rho_A of {} is {#}, above 1: its items are too few or too heterogeneous.",
        "{0} 的 rho_A 为 {1}，大于 1：其题项过少或过于异质。",
    ),
    (
        "INADMISSIBLE: The model-implied correlations are not positive semidefinite (smallest eigenvalue {#}).",
        "不可接受：模型隐含的相关矩阵不是半正定的（最小特征值 {0}）。",
    ),
    (
        "The model-implied correlations are not positive semidefinite (smallest eigenvalue {#}).",
        "模型隐含的相关矩阵不是半正定的（最小特征值 {0}）。",
    ),
    (
        "{#} cases are too few to show any path (two-tailed, 5 %, power .80); read nothing into the estimates.",
        "{0} 个个案过少，无法显示任何路径（双尾，5%，检验力 .80）；不要解读这些估计值。",
    ),
    (
        "{#} cases are few: only paths of |β| ≥ {#} show (two-tailed, 5 %, power .80), and estimates and intervals are rough.",
        "个案只有 {0} 个：只有 |β| ≥ {1} 的路径能够显示（双尾，5%，检验力 .80），估计值和区间都很粗略。",
    ),
    (
        "{#} cases for the {#} regression weights of {} (Mode B) are few; weights will be unstable.",
        "{2}（模式 B）的 {1} 个回归权重只有 {0} 个个案，权重将不稳定。",
    ),
    (
        "The model has no paths: its measurement is assessed, its constructs correlate freely, and nothing is said about what depends on what.",
        "模型没有路径：只评估测量，构念自由相关，不说明何者取决于何者。",
    ),
    (
        "The standardised path to {} lies beyond 1 ({}), which no single predictor can have: its instruments tell too little about it.",
        "指向 {0} 的标准化路径超过 1（{1}），单一预测变量不可能如此：其工具变量提供的信息过少。",
    ),
    (
        "Consistent PLS does not correct {}: there is no correction for weights by {}.",
        "一致性 PLS 未校正 {0}：{1} 权重没有相应的校正。",
    ),
    (
        "Standardised paths to {} lie beyond 1 ({}): its predictors {} and {} correlate by {#}, so that their effects can hardly be told apart.",
        "指向 {0} 的标准化路径超过 1（{1}）：其预测变量 {2} 与 {3} 的相关为 {4}，两者的效应几乎无法区分。",
    ),
    (
        "{} repeats the items of its components, which explain it to the full: the effect of {} on it is the total effect, which runs through the components.",
        "{0} 重复使用其低阶构念的题项，被低阶构念完全解释：{1} 对它的效应是经由各低阶构念的总效应。",
    ),
    (
        "{} repeats the items of its components, which explain it to the full: the path from {} to it means nothing.",
        "{0} 重复使用其低阶构念的题项，被低阶构念完全解释：从 {1} 指向它的路径没有意义。",
    ),
    (
        "Choose `#@ higher-order disjoint`, or `extended-repeated` and read the total effects.",
        "请选择 `#@ higher-order disjoint`，或选择 `extended-repeated` 并解读总效应。",
    ),
    (
        "The model has more chains of paths than the {#} that are followed: specific indirect effects along the others are missing; total effects hold them all.",
        "模型的路径链条多于所追踪的 {0} 条：其余链条的特定间接效应未列出；总效应包含全部链条。",
    ),
    (
        "The number {#} stands {#} times among the answers to {}, far from all others: does it mean that an answer is missing?",
        "数字 {0} 在 {2} 的回答中出现 {1} 次，与其他回答相去甚远：它是否表示缺失？",
    ),
    (
        "The number {#} stands {#} time among the answers to {}, far from all others: does it mean that an answer is missing?",
        "数字 {0} 在 {2} 的回答中出现 {1} 次，与其他回答相去甚远：它是否表示缺失？",
    ),
    ("Then estimate with `--missing-code {#}`.", "如是，请加上 `--missing-code {0}` 再估计。"),
    ("{} of {} loads negatively: reverse-coded and not yet turned?", "{1} 的 {0} 载荷为负：是否为尚未反转的反向题？"),
    ("{} of {} load negatively: reverse-coded and not yet turned?", "{1} 的 {0} 载荷为负：是否为尚未反转的反向题？"),
    ("Mark it in the codebook (`reverse` = yes).", "请在编码簿中标明（`reverse` = yes）。"),
];
