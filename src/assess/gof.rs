//! Goodness of fit of Tenenhaus et al. (2005): `√(mean communality of multi-item blocks × mean R²)`.
//!
//! It does not measure fit (Henseler & Sarstedt 2013, doi:10.1007/s00180-012-0317-1) and is given only so that older
//! studies can be reproduced.

use crate::pls::PlsFit;

pub(super) fn goodness_of_fit(fit: &PlsFit) -> Option<f64> {
    let communalities: Vec<f64> = fit
        .plan
        .blocks
        .iter()
        .filter(|block| block.len > 1)
        .flat_map(|block| &fit.estimate.loadings[block.start..block.start + block.len])
        .map(|l| l * l)
        .collect();
    let r_squared = &fit.estimate.r_squared;
    if communalities.is_empty() || r_squared.is_empty() {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    Some((mean(&communalities) * mean(r_squared)).sqrt())
}
