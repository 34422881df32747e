//! Roots of a score function of a correlation.

/// Beyond this Fisher z, |ρ| > 1 − 1e-8: the likelihood has its maximum at the border.
const FARTHEST: f64 = 9.6;
/// Beyond this Fisher z, a score of exactly 0 is one that has become too small for a number, not a root.
const VANISHING: f64 = 1.5;

/// The ρ in (−1, 1) where `score` falls through zero, searched from `start` on Fisher's z scale: first steps in
/// the direction of the score until its sign turns, then the Illinois variant of false position (Dowell & Jarratt
/// 1971, doi:10.1007/BF01934364). `None` if it never turns, or is not a number.
pub(super) fn of_score(start: f64, score: impl Fn(f64) -> f64) -> Option<f64> {
    let f = |z: f64| score(z.tanh());
    let mut a = start.clamp(-0.999, 0.999).atanh();
    let mut fa = f(a);
    if fa == 0.0 {
        return (a.abs() < VANISHING).then(|| a.tanh());
    }
    let step = 0.125_f64.copysign(fa);
    let mut b = a + step;
    let mut fb = f(b);
    // Signs, not products: scores near ±1 are so small that their product is 0.
    while (fb > 0.0 && fa > 0.0) || (fb < 0.0 && fa < 0.0) {
        (a, fa) = (b, fb);
        b += step;
        if b.abs() > FARTHEST {
            return None;
        }
        fb = f(b);
    }
    if fb == 0.0 && b.abs() > VANISHING {
        return None;
    }
    for _ in 0..200 {
        if fb == 0.0 || (b - a).abs() <= 1e-15 * b.abs().max(1.0) {
            break;
        }
        let c = (a * fb - b * fa) / (fb - fa);
        if !c.is_finite() {
            return None;
        }
        let fc = f(c);
        let same_side = (fc > 0.0) == (fb > 0.0);
        if same_side {
            fa *= 0.5;
        } else {
            (a, fa) = (b, fb);
        }
        let moved = (c - b).abs();
        (b, fb) = (c, fc);
        if moved <= 1e-14 * b.abs().max(1.0) {
            break;
        }
    }
    (!fb.is_nan()).then(|| b.tanh())
}

#[cfg(test)]
mod tests {
    use super::of_score;

    #[test]
    fn finds_a_root_and_knows_when_there_is_none() {
        let root = of_score(-0.5, |r| 0.3 - r * r * r).unwrap_or(f64::NAN);
        assert!((root - 0.3_f64.cbrt()).abs() < 1e-13);
        assert_eq!(of_score(0.0, |_| 1.0), None);
        assert_eq!(of_score(0.0, |_| f64::NAN), None);
    }
}
