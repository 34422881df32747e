//! Estimate and standard error with quantiles of the normal distribution or of Student's t.

use super::Bounds;
use crate::stats::distribution::{normal_quantile, student_t_quantile};

/// `centre ± z sd`.
pub(super) fn bounds(centre: f64, sd: f64, sd_error: f64, tail: f64) -> Bounds {
    around(centre, -normal_quantile(tail) * sd, sd_error)
}

/// `centre ± t sd` with `df` degrees of freedom; `None` if there are none.
pub(super) fn bounds_t(centre: f64, sd: f64, sd_error: f64, df: f64, tail: f64) -> Option<Bounds> {
    Some(around(centre, -student_t_quantile(tail, df)? * sd, sd_error))
}

fn around(centre: f64, reach: f64, sd_error: f64) -> Bounds {
    let error = (reach * sd_error).abs();
    Bounds { low: centre - reach, high: centre + reach, low_error: error, high_error: error }
}
