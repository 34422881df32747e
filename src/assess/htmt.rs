//! Heterotrait-monotrait ratio of correlations (Henseler, Ringle & Sarstedt 2015, doi:10.1007/s11747-014-0403-8).
//!
//! Mean correlation between the items of two constructs over the geometric mean of the mean correlations within
//! each. HTMT2 (Roemer, Schuberth & Henseler 2021, doi:10.1108/IMDS-02-2021-0082) takes geometric means instead of
//! arithmetic ones and needs congeneric items only. A single item counts as a monotrait correlation of 1.

use crate::model::words;

words! {
    /// Which means, and what is done about negative correlations.
    Htmt: "HTMT convention" {
        /// Arithmetic means of absolute correlations (default; seminr, SmartPLS).
        Absolute = "absolute",
        /// Arithmetic means, signs kept (cSEM, which prints the absolute value of the ratio).
        Signed = "signed",
        /// Geometric means (HTMT2); undefined where signs are mixed.
        Geometric = "geometric",
    }
}

/// HTMT of two disjoint sets of items; `None` where it is undefined.
///
/// `r(a, b)` gives the correlation of any two items.
pub fn htmt(kind: Htmt, one: &[usize], two: &[usize], r: impl Fn(usize, usize) -> f64) -> Option<f64> {
    let across =
        mean(kind, one.iter().flat_map(|&a| two.iter().map(move |&b| (a, b))).map(|(a, b)| r(a, b)))?;
    let within = |set: &[usize]| {
        if set.len() == 1 {
            return Some(1.0);
        }
        mean(
            kind,
            set.iter()
                .enumerate()
                .flat_map(|(i, &a)| set[..i].iter().map(move |&b| (a, b)))
                .map(|(a, b)| r(a, b)),
        )
    };
    let ratio = across / (within(one)? * within(two)?).sqrt();
    ratio.is_finite().then_some(ratio)
}

/// The pair of items across the constructs with the largest absolute correlation: where to look first.
pub fn htmt_pair(one: &[usize], two: &[usize], r: impl Fn(usize, usize) -> f64) -> Option<(usize, usize)> {
    one.iter()
        .flat_map(|&a| two.iter().map(move |&b| (a, b)))
        .max_by(|x, y| r(x.0, x.1).abs().total_cmp(&r(y.0, y.1).abs()))
}

fn mean(kind: Htmt, values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut count = 0_usize;
    let mut sum = 0.0;
    let mut negative = 0_usize;
    for value in values {
        count += 1;
        negative += usize::from(value < 0.0);
        sum += match kind {
            Htmt::Absolute => value.abs(),
            Htmt::Signed => value,
            Htmt::Geometric => value.abs().ln(),
        };
    }
    if count == 0 {
        return None;
    }
    let mean = sum / count as f64;
    match kind {
        // All signs alike: the mean of the sizes with the sign put back. Mixed: undefined.
        Htmt::Geometric if negative == 0 => Some(mean.exp()),
        Htmt::Geometric if negative == count => Some(-mean.exp()),
        Htmt::Geometric => None,
        _ => Some(mean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parallel_items_give_the_construct_correlation() {
        // Loadings .8, construct correlation .5: within .64, across .32.
        let r = |a: usize, b: usize| if (a < 3) == (b < 3) { 0.64 } else { 0.32 };
        for kind in [Htmt::Absolute, Htmt::Signed, Htmt::Geometric] {
            let value = htmt(kind, &[0, 1, 2], &[3, 4], r);
            assert!(value.is_some_and(|v| (v - 0.5).abs() < 1e-14));
        }
        let flipped = |a: usize, b: usize| if (a < 3) == (b < 3) { 0.64 } else { -0.32 };
        assert!(htmt(Htmt::Signed, &[0, 1], &[3, 4], flipped).is_some_and(|v| (v + 0.5).abs() < 1e-14));
        assert!(htmt(Htmt::Absolute, &[0, 1], &[3, 4], flipped).is_some_and(|v| (v - 0.5).abs() < 1e-14));
        let mixed = |a: usize, b: usize| if (a, b) == (0, 3) { -0.3 } else { 0.4 };
        assert_eq!(htmt(Htmt::Geometric, &[0, 1], &[3, 4], mixed), None);
    }
}
