//! Exploratory factors of a correlation matrix, as far as reliability coefficients need them: minimum residuals
//! (unweighted least squares; Harman & Jones 1966, doi:10.1007/BF02289468), maximum likelihood (Jöreskog 1967,
//! doi:10.1007/BF02289658), and the direct quartimin rotation (oblimin with γ = 0; Jennrich & Sampson 1966).
//!
//! Both methods are minimised over the uniquenesses alone, the loadings being eigenvectors given these. The search
//! runs over `ln ψ`, so that no uniqueness becomes negative: a Heywood case ends with one near 0. The rotation is the
//! gradient projection algorithm of Jennrich (2002, doi:10.1007/BF02294706).

use super::linear;

/// What is minimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extraction {
    /// The squared residual correlations.
    MinimumResidual,
    /// The discrepancy of the normal likelihood.
    MaximumLikelihood,
}

/// Loadings and uniquenesses.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// Loadings, items × factors, row-major.
    pub loadings: Vec<f64>,
    /// Unique variances.
    pub uniqueness: Vec<f64>,
    /// Number of factors.
    pub factors: usize,
}

/// Extracts `m` factors of the `k × k` correlations `r`; `None` if there are too few variables (degrees of freedom
/// below 0), the correlations are singular, or the search does not settle.
pub fn extract(r: &[f64], k: usize, m: usize, by: Extraction) -> Option<Factors> {
    // Degrees of freedom ((k − m)² − k − m)/2.
    if m == 0 || m >= k || (k - m) * (k - m) < k + m {
        return None;
    }
    let inverse = linear::inverse(r, k)?;
    // Uniqueness starts at 1 − squared multiple correlation, Jöreskog's (1 − m/2k)/rⁱⁱ.
    let share = 1.0 - 0.5 * m as f64 / k as f64;
    let start: Vec<f64> = (0..k).map(|i| (share / inverse[i * k + i]).ln()).collect();
    let x = minimise(start, |x, gradient| discrepancy(r, k, m, by, x, gradient))?;
    let psi: Vec<f64> = x.iter().map(|x| x.exp()).collect();
    let (values, vectors) = reduced_eigen(r, k, &psi, by);
    let mut loadings = vec![0.0; k * m];
    for (f, (value, vector)) in values.iter().zip(&vectors).take(m).enumerate() {
        let (size, stretch): (f64, Box<dyn Fn(usize) -> f64>) = match by {
            Extraction::MinimumResidual => (value.max(0.0).sqrt(), Box::new(|_| 1.0)),
            Extraction::MaximumLikelihood => ((value - 1.0).max(0.0).sqrt(), Box::new(|i| psi[i].sqrt())),
        };
        let sign = if vector.iter().sum::<f64>() < 0.0 { -1.0 } else { 1.0 };
        for i in 0..k {
            loadings[i * m + f] = sign * size * vector[i] * stretch(i);
        }
    }
    let uniqueness = (0..k).map(|i| 1.0 - (0..m).map(|f| loadings[i * m + f].powi(2)).sum::<f64>()).collect();
    Some(Factors { loadings, uniqueness, factors: m })
}

/// Eigen decomposition of `R − Ψ` or of `Ψ^−½ R Ψ^−½`.
fn reduced_eigen(r: &[f64], k: usize, psi: &[f64], by: Extraction) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut a = r.to_vec();
    for i in 0..k {
        match by {
            Extraction::MinimumResidual => a[i * k + i] -= psi[i],
            Extraction::MaximumLikelihood => {
                for j in 0..k {
                    a[i * k + j] /= (psi[i] * psi[j]).sqrt();
                }
            }
        }
    }
    linear::symmetric_eigen(&a, k)
}

/// The function at `x = ln ψ` and its gradient.
///
/// Least squares: half the sum of squares of the eigenvalues `θ` left over, gradient `−ψᵢ Σ θ vᵢ²`. Likelihood:
/// `Σ (θ − ln θ − 1)` over those left over, gradient `Σ (1 − θ) vᵢ²`.
fn discrepancy(r: &[f64], k: usize, m: usize, by: Extraction, x: &[f64], gradient: &mut [f64]) -> f64 {
    let psi: Vec<f64> = x.iter().map(|x| x.exp()).collect();
    let (values, vectors) = reduced_eigen(r, k, &psi, by);
    gradient.fill(0.0);
    let mut f = 0.0;
    for (theta, v) in values.iter().zip(&vectors).skip(m) {
        let slope = match by {
            Extraction::MinimumResidual => {
                f += 0.5 * theta * theta;
                -theta
            }
            Extraction::MaximumLikelihood => {
                f += theta - theta.max(f64::MIN_POSITIVE).ln() - 1.0;
                1.0 - theta
            }
        };
        for i in 0..k {
            let scale = if by == Extraction::MinimumResidual { psi[i] } else { 1.0 };
            gradient[i] += scale * slope * v[i] * v[i];
        }
    }
    f
}

/// BFGS with backtracking; `None` if no number comes out or the gradient stays large.
fn minimise(mut x: Vec<f64>, f: impl Fn(&[f64], &mut [f64]) -> f64) -> Option<Vec<f64>> {
    let k = x.len();
    let mut gradient = vec![0.0; k];
    let mut value = f(&x, &mut gradient);
    let mut h: Vec<f64> = (0..k * k).map(|at| f64::from(u8::from(at / k == at % k))).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let largest = |g: &[f64]| g.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
    for _ in 0..500 {
        if largest(&gradient) < 1e-10 {
            break;
        }
        let mut step: Vec<f64> = (0..k).map(|i| -dot(&h[i * k..(i + 1) * k], &gradient)).collect();
        if dot(&step, &gradient) >= 0.0 {
            step = gradient.iter().map(|g| -g).collect();
        }
        // A factor of e² in one step is plenty on the scale of ln ψ.
        let cap = (2.0 / largest(&step).max(1e-300)).min(1.0);
        for s in &mut step {
            *s *= cap;
        }
        let slope = dot(&step, &gradient);
        let mut share = 1.0;
        let mut next_gradient = vec![0.0; k];
        let moved = loop {
            let next: Vec<f64> = x.iter().zip(&step).map(|(x, s)| (x + share * s).max(-30.0)).collect();
            let next_value = f(&next, &mut next_gradient);
            if next_value <= value + 1e-4 * share * slope {
                break Some((next, next_value));
            }
            share *= 0.5;
            if share < 1e-12 {
                break None;
            }
        };
        let Some((next, next_value)) = moved else { break };
        let s: Vec<f64> = next.iter().zip(&x).map(|(a, b)| a - b).collect();
        let y: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let sy = dot(&s, &y);
        if sy > 1e-300 {
            let hy: Vec<f64> = (0..k).map(|i| dot(&h[i * k..(i + 1) * k], &y)).collect();
            let factor = (1.0 + dot(&y, &hy) / sy) / sy;
            for i in 0..k {
                for j in 0..k {
                    h[i * k + j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
                }
            }
        }
        (x, value) = (next, next_value);
        gradient = next_gradient;
    }
    (value.is_finite() && largest(&gradient) < 1e-5).then_some(x)
}

/// A rotated solution.
#[derive(Debug, Clone, PartialEq)]
pub struct Rotated {
    /// Pattern loadings, items × factors, row-major.
    pub loadings: Vec<f64>,
    /// Correlations of the factors, row-major.
    pub correlation: Vec<f64>,
}

/// Direct quartimin rotation of `k × m` loadings, without Kaiser's normalisation; every factor points to where its
/// loadings sum to a positive number. `None` if the factors collapse.
pub fn quartimin(loadings: &[f64], k: usize, m: usize) -> Option<Rotated> {
    // Columns of `t` are the factor axes: unit vectors, pattern `L = A (T')⁻¹`.
    let mut t: Vec<f64> = (0..m * m).map(|at| f64::from(u8::from(at / m == at % m))).collect();
    let (mut l, mut f, mut g) = criterion(loadings, k, m, &t)?;
    let mut size = 1.0;
    for _ in 0..5_000 {
        // Gradient projected on the unit columns.
        let mut projected = g.clone();
        for c in 0..m {
            let along: f64 = (0..m).map(|i| t[i * m + c] * g[i * m + c]).sum();
            for i in 0..m {
                projected[i * m + c] -= t[i * m + c] * along;
            }
        }
        let norm: f64 = projected.iter().map(|x| x * x).sum();
        if norm.sqrt() < 1e-10 {
            break;
        }
        size *= 2.0;
        let mut best = None;
        for _ in 0..40 {
            let mut next: Vec<f64> = t.iter().zip(&projected).map(|(t, p)| t - size * p).collect();
            for c in 0..m {
                let length = (0..m).map(|i| next[i * m + c].powi(2)).sum::<f64>().sqrt();
                (0..m).for_each(|i| next[i * m + c] /= length);
            }
            if let Some(found) = criterion(loadings, k, m, &next)
                && found.1 < f - 0.5 * norm * size
            {
                best = Some((next, found));
                break;
            }
            size *= 0.5;
        }
        let Some((next, found)) = best else { break };
        t = next;
        (l, f, g) = found;
    }
    let mut phi = vec![0.0; m * m];
    for a in 0..m {
        for b in 0..m {
            phi[a * m + b] = (0..m).map(|i| t[i * m + a] * t[i * m + b]).sum();
        }
    }
    for c in 0..m {
        if (0..k).map(|i| l[i * m + c]).sum::<f64>() < 0.0 {
            (0..k).for_each(|i| l[i * m + c] *= -1.0);
            for other in (0..m).filter(|&other| other != c) {
                phi[c * m + other] *= -1.0;
                phi[other * m + c] *= -1.0;
            }
        }
    }
    Some(Rotated { loadings: l, correlation: phi })
}

/// Pattern, criterion `¼ Σᵢ Σ_{a≠b} l²ᵢₐ l²ᵢ_b` and its gradient by the axes.
fn criterion(a: &[f64], k: usize, m: usize, t: &[f64]) -> Option<(Vec<f64>, f64, Vec<f64>)> {
    let inverse = general_inverse(t, m)?;
    // L = A (T⁻¹)'
    let mut l = vec![0.0; k * m];
    for i in 0..k {
        for c in 0..m {
            l[i * m + c] = (0..m).map(|j| a[i * m + j] * inverse[c * m + j]).sum();
        }
    }
    let mut f = 0.0;
    let mut slope = vec![0.0; k * m];
    for i in 0..k {
        let row: f64 = (0..m).map(|c| l[i * m + c].powi(2)).sum();
        for c in 0..m {
            let own = l[i * m + c];
            let others = row - own * own;
            f += 0.25 * own * own * others;
            slope[i * m + c] = own * others;
        }
    }
    // G = −(L' dQ T⁻¹)'
    let mut inner = vec![0.0; m * m];
    for a in 0..m {
        for b in 0..m {
            inner[a * m + b] = (0..k).map(|i| l[i * m + a] * slope[i * m + b]).sum();
        }
    }
    let product = linear::product(&inner, &inverse, m);
    let g = (0..m * m).map(|at| -product[(at % m) * m + at / m]).collect();
    Some((l, f, g))
}

/// Inverse of any regular matrix, column by column.
fn general_inverse(a: &[f64], k: usize) -> Option<Vec<f64>> {
    let mut inverse = vec![0.0; k * k];
    for c in 0..k {
        let mut b: Vec<f64> = (0..k).map(|i| f64::from(u8::from(i == c))).collect();
        if !linear::eliminate(&mut a.to_vec(), k, &mut b) {
            return None;
        }
        (0..k).for_each(|i| inverse[i * k + c] = b[i]);
    }
    Some(inverse)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn implied(l: &[f64], k: usize, m: usize, phi: &[f64]) -> Vec<f64> {
        let mut r = vec![1.0; k * k];
        for i in 0..k {
            for j in (0..k).filter(|&j| j != i) {
                r[i * k + j] = (0..m)
                    .flat_map(|a| (0..m).map(move |b| (a, b)))
                    .map(|(a, b)| l[i * m + a] * phi[a * m + b] * l[j * m + b])
                    .sum();
            }
        }
        r
    }

    #[test]
    fn both_methods_recover_one_exact_factor() {
        let l = [0.9, 0.8, 0.7, 0.6, 0.3];
        let r = implied(&l, 5, 1, &[1.0]);
        for by in [Extraction::MinimumResidual, Extraction::MaximumLikelihood] {
            let found = extract(&r, 5, 1, by).unwrap();
            for (got, want) in found.loadings.iter().zip(l) {
                assert!((got - want).abs() < 1e-7, "{by:?}: {:?}", found.loadings);
            }
        }
    }

    #[test]
    fn oblique_simple_structure_is_found_again() {
        let mut l = vec![0.0; 18];
        for (i, size) in [0.8, 0.7, 0.6, 0.9, 0.7, 0.5, 0.8, 0.6, 0.7].into_iter().enumerate() {
            if i < 6 {
                l[i * 2] = size;
            } else {
                l[i * 2 + 1] = size;
            }
        }
        let r = implied(&l, 9, 2, &[1.0, 0.4, 0.4, 1.0]);
        let found = extract(&r, 9, 2, Extraction::MinimumResidual).unwrap();
        let turned = quartimin(&found.loadings, 9, 2).unwrap();
        assert!((turned.correlation[1] - 0.4).abs() < 1e-6, "{:?}", turned.correlation);
        let first = usize::from(turned.loadings[0] < 0.5);
        assert!((turned.loadings[first] - 0.8).abs() < 1e-6);
        assert!(turned.loadings[1 - first].abs() < 1e-6);
    }

    #[test]
    fn too_few_variables_have_no_factors() {
        assert!(extract(&[1.0, 0.5, 0.5, 1.0], 2, 1, Extraction::MaximumLikelihood).is_none());
        assert!(extract(&[1.0; 16], 4, 1, Extraction::MinimumResidual).is_none());
    }
}
