//! Polynomials of normal variables and their moments (Isserlis 1918, doi:10.1093/biomet/12.1-2.134).

use std::collections::BTreeMap;

/// Monomials of more factors than this are given up: no model asks for them.
const HIGHEST_DEGREE: usize = 12;

/// A polynomial: the factors of each monomial, ascending, and its coefficient.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Polynomial {
    terms: BTreeMap<Vec<usize>, f64>,
}

impl Polynomial {
    /// The constant 1.
    pub(super) fn one() -> Self {
        Self { terms: BTreeMap::from([(Vec::new(), 1.0)]) }
    }

    /// The product of variables.
    pub(super) fn product(variables: &[usize]) -> Self {
        let mut factors = variables.to_vec();
        factors.sort_unstable();
        Self { terms: BTreeMap::from([(factors, 1.0)]) }
    }

    /// Adds a multiple of another.
    pub(super) fn add(&mut self, other: &Self, times: f64) {
        for (factors, coefficient) in &other.terms {
            *self.terms.entry(factors.clone()).or_insert(0.0) += times * coefficient;
        }
    }

    /// The product of two.
    pub(super) fn times(&self, other: &Self) -> Self {
        let mut product = Self { terms: BTreeMap::new() };
        for (a, x) in &self.terms {
            for (b, y) in &other.terms {
                let mut factors = [a.as_slice(), b].concat();
                factors.sort_unstable();
                *product.terms.entry(factors).or_insert(0.0) += x * y;
            }
        }
        product
    }
}

/// Normal variables with mean 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gaussian {
    covariance: Vec<f64>,
    size: usize,
}

impl Gaussian {
    /// From their covariances, row-major.
    pub(super) fn new(covariance: Vec<f64>, size: usize) -> Self {
        Self { covariance, size }
    }

    /// Sets the variance of a variable.
    pub(super) fn set_variance(&mut self, at: usize, variance: f64) {
        self.covariance[at * self.size + at] = variance;
    }

    /// The expectation of a polynomial; not a number beyond the highest degree.
    pub(super) fn mean(&self, polynomial: &Polynomial) -> f64 {
        polynomial.terms.iter().map(|(factors, c)| c * self.moment(factors)).sum()
    }

    /// The covariance of two polynomials.
    pub(super) fn covariance(&self, one: &Polynomial, other: &Polynomial) -> f64 {
        self.mean(&one.times(other)) - self.mean(one) * self.mean(other)
    }

    /// `E x_1 x_2 …`: the sum over all pairings of the products of covariances.
    fn moment(&self, factors: &[usize]) -> f64 {
        if factors.len() > HIGHEST_DEGREE {
            return f64::NAN;
        }
        let Some((&first, rest)) = factors.split_first() else { return 1.0 };
        if factors.len() % 2 == 1 {
            return 0.0;
        }
        (0..rest.len())
            .map(|at| {
                let mut left = rest.to_vec();
                let partner = left.remove(at);
                let covariance = self.covariance[first * self.size + partner];
                if covariance == 0.0 { 0.0 } else { covariance * self.moment(&left) }
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_normal_variables() {
        let r = 0.3;
        let gaussian = Gaussian::new(vec![1.0, r, r, 1.0], 2);
        let (x, y) = (Polynomial::product(&[0]), Polynomial::product(&[1]));
        let xy = x.times(&y);
        assert!((gaussian.mean(&xy) - r).abs() < 1e-15);
        assert!((gaussian.covariance(&xy, &xy) - (1.0 + r * r)).abs() < 1e-15);
        let squares = gaussian.covariance(&x.times(&x), &y.times(&y));
        assert!((squares - 2.0 * r * r).abs() < 1e-15);
        let sixth = x.times(&x).times(&x);
        assert!((gaussian.covariance(&sixth, &sixth) - 15.0).abs() < 1e-15);
        assert!(gaussian.covariance(&x, &xy).abs() < 1e-15);
    }
}
