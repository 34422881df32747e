//! The simulation study of `examples/recovery.rs`, smaller.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../examples/recovery.rs"]
mod recovery;

#[test]
fn means_of_estimates_lie_where_the_population_is() {
    for (name, truth, mean, error) in recovery::study(60, 500, 1).unwrap() {
        // Of seven means one in fifty would lie beyond 3 standard errors if the estimator were exactly unbiased.
        assert!((mean - truth).abs() < 3.0 * error, "{name}: {mean} ± {error} instead of {truth}");
        assert!(error < 0.008, "{name}: {error}");
    }
}
