//! Words of covariance-based models.

use crate::table::language::Entry;

#[rustfmt::skip]
pub(super) static ENTRIES: [Entry; 29] = [
    ("Variances and covariances", "方差与协方差"),
    ("Modification indices", "修正指数"),
    ("Defined quantities", "定义的量"),
    ("Std.", "标准化"),
    ("Std. EPC", "标准化 EPC"),
    ("Verdict (AVE)", "结论（AVE）"),
    ("Expression", "表达式"),
    ("With", "与"),
    ("Detail", "说明"),
    ("{}, a table of covariances", "{0}，协方差表"),
    ("Maximum likelihood of covariances, standard errors by {} information, n = {#}, converged after {#} iterations.", "协方差的最大似然估计，标准误取自{0~}信息矩阵，n = {1}，{2} 次迭代后收敛。"),
    ("Maximum likelihood (Wishart) of covariances, standard errors by {} information, n = {#}, converged after {#} iterations.", "协方差的最大似然估计（Wishart），标准误取自{0~}信息矩阵，n = {1}，{2} 次迭代后收敛。"),
    ("Maximum likelihood of covariances, standard errors by {} information, n = {#}, NOT converged after {#} iterations.", "协方差的最大似然估计，标准误取自{0~}信息矩阵，n = {1}，{2} 次迭代后未收敛。"),
    ("Maximum likelihood (Wishart) of covariances, standard errors by {} information, n = {#}, NOT converged after {#} iterations.", "协方差的最大似然估计（Wishart），标准误取自{0~}信息矩阵，n = {1}，{2} 次迭代后未收敛。"),
    ("expected", "期望"),
    ("observed", "观测"),
    ("Estimates in units of the items; Std.: constructs and items with variance 1. Intervals of {} %.", "估计值以题项单位计；标准化：构念与题项方差为 1。区间水平 {0} %。"),
    ("Without a standard error: fixed, which gives the construct its unit.", "无标准误者为固定值，用于确定构念的单位。"),
    ("Of errors and disturbances, where something explains an item or a construct.", "题项或构念有解释变量时，为误差与扰动的方差与协方差。"),
    ("Standard errors by the delta method.", "标准误由 delta 法求得。"),
    ("ω: reliability of the sum of the items, (Σλ)²φ / ((Σλ)²φ + Σθ). AVE: Σλ²φ / (Σλ²φ + Σθ).", "ω：题项之和的信度，(Σλ)²φ / ((Σλ)²φ + Σθ)。AVE：Σλ²φ / (Σλ²φ + Σθ)。"),
    ("MI: how much χ² is expected to fall if the parameter were free. EPC: what it is expected to become. A parameter without a theory behind it is better left out.", "MI：放开该参数后 χ² 预期的下降量。EPC：该参数预期的取值。没有理论依据的参数不宜加入。"),
    ("made of constructs", "由构念构成"),
    ("one item", "单一题项"),
    ("The likelihood did not reach its maximum within {#} steps; allow more with --max-iterations, or look for a construct that its items hardly share.", "似然在 {0} 步内未达到最大值；请用 --max-iterations 增加步数，或检查题项几乎不共享的构念。"),
    ("The variance of {} is {} of the whole, below 0 (Heywood case): too few or too unlike items, or a model that does not hold.", "{0} 的方差占总体的 {1}，小于 0（Heywood 现象）：题项过少或过于不同，或模型不成立。"),
    ("The construct correlations are not positive definite (smallest eigenvalue {}): two constructs cannot be told apart.", "构念相关矩阵非正定（最小特征值 {0}）：有两个构念无法区分。"),
    ("The data do not determine {}: there are no standard errors. Fix or leave out one of them.", "数据无法确定 {0}：没有标准误。请固定或去掉其中之一。"),
    ("{#} missing answers were replaced by means, which maximum likelihood takes for answers: standard errors are too small. Use --missing listwise.", "{0} 个缺失回答以均值代替，最大似然会把它们当作真实回答：标准误偏小。请使用 --missing listwise。"),
];
