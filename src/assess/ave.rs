//! Average variance extracted (Fornell & Larcker 1981, doi:10.1177/002224378101800104): mean squared loading.

use crate::stats::real::{Real, defined};

/// AVE of a block; `None` for an empty one.
pub fn average_variance_extracted(loadings: &[f64]) -> Option<f64> {
    defined(ave(loadings))
}

/// The same for one estimate or sixteen side by side; NaN for an empty block.
#[inline(always)]
#[allow(clippy::inline_always, reason = "lane code, see `stats::simd`")]
pub(crate) fn ave<R: Real>(loadings: &[R]) -> R {
    let mut squares = R::zero();
    for loading in loadings {
        squares += *loading * *loading;
    }
    squares / R::splat(loadings.len() as f64)
}
