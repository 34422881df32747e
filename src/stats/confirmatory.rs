//! A confirmatory factor model of correlations by diagonally weighted least squares.
//!
//! Every variable belongs to one factor, and all factors correlate. With unit variances everywhere the model says
//! `ρ_ij = λ_i λ_j φ_ab`, `φ_aa = 1`, and `Σ_{i<j} w_ij (r_ij − λ_i λ_j φ_ab)²` is minimised. With polychoric correlations and
//! the inverses of their asymptotic variances as weights this is the estimator of ordinal factor models that lavaan and
//! Mplus call DWLS or WLSMV (Muthén, du Toit & Spisic 1997). A pair without a correlation has the weight 0.
//!
//! Levenberg and Marquardt's method with exact slopes: each residual depends on three parameters at most.

use super::linear;

/// The estimated model.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmatory {
    /// Loading of every variable on its factor; those of a factor have a sum that is not negative.
    pub loadings: Vec<f64>,
    /// Correlations of the factors, row-major.
    pub correlation: Vec<f64>,
    /// The weighted sum of squares at the minimum.
    pub discrepancy: f64,
}

/// More steps are not made.
const STEPS: usize = 500;
/// The search ends when no parameter moves by more.
const SETTLED: f64 = 1e-11;

/// Fits `p × p` correlations `r` under weights `w` of the same shape (only pairs below the diagonal count); `factor[i]`, from
/// 0, is the factor of variable `i`.
///
/// `None` if a factor has one variable, or two that correlate with no other factor, or if the search does not settle.
pub fn simple_structure(r: &[f64], w: &[f64], factor: &[usize]) -> Option<Confirmatory> {
    let p = factor.len();
    let m = factor.iter().max()? + 1;
    if r.len() != p * p || w.len() != p * p {
        return None;
    }
    let mut pairs: Vec<(usize, usize)> = (0..p).flat_map(|i| (0..i).map(move |j| (i, j))).collect();
    pairs.retain(|&(i, j)| w[i * p + j] > 0.0 && w[i * p + j].is_finite() && r[i * p + j].is_finite());
    for f in 0..m {
        let own = factor.iter().filter(|x| **x == f).count();
        if own < 2 || (own == 2 && m == 1) {
            return None;
        }
    }
    let search = Search { r, w, factor, pairs, p, m };
    let mut at = search.start()?;
    let mut value = search.discrepancy(&at);
    let (mut damping, q) = (1e-3, at.len());
    let (mut slope, mut curvature) = (vec![0.0; q], vec![0.0; q * q]);
    for _ in 0..STEPS {
        search.normal_equations(&at, &mut slope, &mut curvature);
        let mut left = curvature.clone();
        for i in 0..q {
            left[i * q + i] += damping * curvature[i * q + i].max(1e-12);
        }
        let mut step = slope.clone();
        if !linear::cholesky(&mut left, q) {
            damping = (damping * 10.0).max(1e-8);
            if damping > 1e12 {
                return None;
            }
            continue;
        }
        linear::cholesky_solve(&left, q, &mut step);
        let next: Vec<f64> = at.iter().zip(&step).map(|(x, d)| x + d).collect();
        let reached = search.discrepancy(&next);
        let moved = step.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        if reached <= value {
            (at, value, damping) = (next, reached, damping * 0.1);
            if damping < 1e-12 {
                damping = 0.0;
            }
        } else {
            damping = (damping * 10.0).max(1e-8);
        }
        if !moved.is_finite() || damping > 1e12 {
            return None;
        }
        if moved < SETTLED {
            // Where parameters can move without a trace, the numbers mean nothing.
            search.normal_equations(&at, &mut slope, &mut curvature);
            return linear::cholesky(&mut curvature, q).then(|| search.result(&at, value));
        }
    }
    None
}

/// Parameters are the loadings, then the correlations of the factors below the diagonal.
struct Search<'a> {
    r: &'a [f64],
    w: &'a [f64],
    factor: &'a [usize],
    pairs: Vec<(usize, usize)>,
    p: usize,
    m: usize,
}

impl Search<'_> {
    /// Position of the correlation of two factors; `None` for a factor with itself.
    fn phi(&self, a: usize, b: usize) -> Option<usize> {
        let (high, low) = (a.max(b), a.min(b));
        (high != low).then(|| self.p + high * (high - 1) / 2 + low)
    }

    /// First principal components, and the correlations of factors that suit them best.
    fn start(&self) -> Option<Vec<f64>> {
        let mut at = vec![0.0; self.p + self.m * (self.m - 1) / 2];
        for f in 0..self.m {
            let own: Vec<usize> = (0..self.p).filter(|&i| self.factor[i] == f).collect();
            let k = own.len();
            let block: Vec<f64> = own
                .iter()
                .flat_map(|&i| own.iter().map(move |&j| (i, j)))
                .map(|(i, j)| self.r[i * self.p + j])
                .collect();
            if block.iter().any(|r| !r.is_finite()) {
                return None;
            }
            let (values, vectors) = linear::symmetric_eigen(&block, k);
            let size = 0.9 * values.first()?.max(0.0).sqrt();
            for (&i, x) in own.iter().zip(vectors.first()?) {
                at[i] = size * x;
            }
        }
        let (mut up, mut down) = (vec![0.0; at.len()], vec![0.0; at.len()]);
        for &(i, j) in &self.pairs {
            if let Some(phi) = self.phi(self.factor[i], self.factor[j]) {
                let (l, w) = (at[i] * at[j], self.w[i * self.p + j]);
                up[phi] += w * l * self.r[i * self.p + j];
                down[phi] += w * l * l;
            }
        }
        for phi in self.p..at.len() {
            at[phi] = if down[phi] > 0.0 { (up[phi] / down[phi]).clamp(-0.99, 0.99) } else { 0.0 };
        }
        Some(at)
    }

    fn discrepancy(&self, at: &[f64]) -> f64 {
        self.pairs
            .iter()
            .map(|&(i, j)| {
                let phi = self.phi(self.factor[i], self.factor[j]).map_or(1.0, |phi| at[phi]);
                self.w[i * self.p + j] * (self.r[i * self.p + j] - at[i] * at[j] * phi).powi(2)
            })
            .sum()
    }

    /// `J'We` and `J'WJ`.
    fn normal_equations(&self, at: &[f64], slope: &mut [f64], curvature: &mut [f64]) {
        let q = at.len();
        slope.fill(0.0);
        curvature.fill(0.0);
        for &(i, j) in &self.pairs {
            let place = self.phi(self.factor[i], self.factor[j]);
            let phi = place.map_or(1.0, |phi| at[phi]);
            let w = self.w[i * self.p + j];
            let e = self.r[i * self.p + j] - at[i] * at[j] * phi;
            let touched = [(i, at[j] * phi), (j, at[i] * phi), (place.unwrap_or(i), at[i] * at[j])];
            let touched = &touched[..if place.is_some() { 3 } else { 2 }];
            for &(a, by_a) in touched {
                slope[a] += w * by_a * e;
                for &(b, by_b) in touched {
                    curvature[a * q + b] += w * by_a * by_b;
                }
            }
        }
    }

    fn result(&self, at: &[f64], discrepancy: f64) -> Confirmatory {
        let (p, m) = (self.p, self.m);
        let turned: Vec<f64> = (0..m)
            .map(|f| {
                let sum: f64 = (0..p).filter(|&i| self.factor[i] == f).map(|i| at[i]).sum();
                if sum < 0.0 { -1.0 } else { 1.0 }
            })
            .collect();
        Confirmatory {
            loadings: (0..p).map(|i| at[i] * turned[self.factor[i]]).collect(),
            correlation: (0..m * m)
                .map(|c| self.phi(c / m, c % m).map_or(1.0, |phi| at[phi] * turned[c / m] * turned[c % m]))
                .collect(),
            discrepancy,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn implied(l: &[f64], factor: &[usize], phi: &[f64]) -> Vec<f64> {
        let (p, m) = (l.len(), 1 + factor.iter().max().unwrap());
        (0..p * p)
            .map(|c| (c / p, c % p))
            .map(|(i, j)| if i == j { 1.0 } else { l[i] * l[j] * phi[factor[i] * m + factor[j]] })
            .collect()
    }

    #[test]
    fn an_exact_model_is_found_again_under_any_weights() {
        let (l, factor) = ([0.8, 0.7, -0.3, 0.9, 0.6, 0.5, 0.7], [0, 0, 0, 1, 1, 2, 2]);
        let phi = [1.0, 0.4, -0.3, 0.4, 1.0, 0.6, -0.3, 0.6, 1.0];
        let r = implied(&l, &factor, &phi);
        let w: Vec<f64> = (0..49).map(|c| 1.0 + f64::from((c / 7 + c % 7) % 5)).collect();
        let found = simple_structure(&r, &w, &factor).unwrap();
        for (got, want) in found.loadings.iter().zip(l).chain(found.correlation.iter().zip(phi)) {
            assert!((got - want).abs() < 1e-9, "{found:?}");
        }
        assert!(found.discrepancy < 1e-18);
    }

    #[test]
    fn at_the_minimum_the_slope_is_zero() {
        let factor = [0, 0, 0, 0];
        let r = [1.0, 0.5, 0.3, 0.6, 0.5, 1.0, 0.4, 0.2, 0.3, 0.4, 1.0, 0.5, 0.6, 0.2, 0.5, 1.0];
        let w: Vec<f64> = (0..16).map(|c| 1.0 + f64::from(c % 3)).collect();
        let symmetric: Vec<f64> = (0..16).map(|c| w[c] + w[(c % 4) * 4 + c / 4]).collect();
        let found = simple_structure(&r, &symmetric, &factor).unwrap();
        let f = |l: &[f64]| -> f64 {
            (0..4)
                .flat_map(|i| (0..i).map(move |j| (i, j)))
                .map(|(i, j)| symmetric[i * 4 + j] * (r[i * 4 + j] - l[i] * l[j]).powi(2))
                .sum()
        };
        for i in 0..4 {
            let moved = |by: f64| {
                let mut l = found.loadings.clone();
                l[i] += by;
                f(&l)
            };
            assert!((moved(1e-5) - moved(-1e-5)).abs() < 1e-13);
            assert!(moved(1e-3) > found.discrepancy && moved(-1e-3) > found.discrepancy);
        }
    }

    #[test]
    fn what_is_not_identified_has_no_solution() {
        assert_eq!(simple_structure(&[1.0, 0.5, 0.5, 1.0], &[1.0; 4], &[0, 0]), None);
        assert_eq!(simple_structure(&[1.0; 9], &[1.0; 9], &[0, 0, 1]), None);
        assert_eq!(simple_structure(&[], &[], &[]), None);
        assert_eq!(simple_structure(&[f64::NAN; 9], &[1.0; 9], &[0, 0, 0]), None);
        // Two pairs that have nothing to do with each other.
        let r = [1.0, 0.5, 0.0, 0.0, 0.5, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.4, 0.0, 0.0, 0.4, 1.0];
        assert_eq!(simple_structure(&r, &[1.0; 16], &[0, 0, 1, 1]), None);
    }
}
