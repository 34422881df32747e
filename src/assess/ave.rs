//! Average variance extracted (Fornell & Larcker 1981, doi:10.1177/002224378101800104): mean squared loading.

/// AVE of a block; `None` for an empty one.
pub fn average_variance_extracted(loadings: &[f64]) -> Option<f64> {
    (!loadings.is_empty()).then(|| loadings.iter().map(|l| l * l).sum::<f64>() / loadings.len() as f64)
}
