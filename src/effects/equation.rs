//! An equation with products: slopes of one construct at values of others, and predictions.
//!
//! `y = Σ b_t (Π x_f − E Π x_f)`, one term per path, its factors a construct once per power. The slope of x is the
//! derivative `Σ b_t n_t(x) x^{n_t(x) − 1} Π_{f ≠ x} f`, `n_t(x)` how often x stands in term t (Aiken & West 1991). With
//! `y = b₁x + b₂z + b₃xz` that is `b₁ + b₃z`, with a quadratic term `b₄x²` it is `b₁ + b₃z + 2b₄x`.

/// A predictor of an equation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Position of its path.
    pub path: usize,
    /// The constructs it multiplies, by position, one once per power; a plain predictor is its own only factor.
    pub factors: Vec<usize>,
}

impl Term {
    fn power(&self, construct: usize) -> i32 {
        i32::try_from(self.factors.iter().filter(|&&f| f == construct).count()).unwrap_or(0)
    }
}

/// An equation as terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// The outcome, by position.
    pub outcome: usize,
    /// Its predictors.
    pub terms: Vec<Term>,
}

impl Equation {
    /// Slope of a construct where every construct has the value given.
    pub fn slope(&self, paths: &[f64], of: usize, at: &dyn Fn(usize) -> f64) -> f64 {
        let terms = self.terms.iter().filter(|term| term.factors.contains(&of));
        terms
            .map(|term| {
                let n = term.power(of);
                let others = term.factors.iter().filter(|&&f| f != of).map(|&f| at(f));
                paths.get(term.path).copied().unwrap_or(f64::NAN)
                    * f64::from(n)
                    * at(of).powi(n - 1)
                    * others.product::<f64>()
            })
            .sum()
    }

    /// The outcome predicted where every construct has the value given; `mean` is the mean of a term in the sample.
    pub fn predict(&self, paths: &[f64], at: &dyn Fn(usize) -> f64, mean: &dyn Fn(&Term) -> f64) -> f64 {
        let value = |term: &Term| term.factors.iter().map(|&f| at(f)).product::<f64>() - mean(term);
        self.terms.iter().map(|term| paths.get(term.path).copied().unwrap_or(f64::NAN) * value(term)).sum()
    }

    /// What the slope of a construct depends on: the other factors of its products, itself for its powers, each once.
    pub fn moderators(&self, of: usize) -> Vec<usize> {
        let mut found = Vec::new();
        for term in self.terms.iter().filter(|term| term.factors.contains(&of)) {
            let mut others = term.factors.clone();
            if let Some(at) = others.iter().position(|&f| f == of) {
                others.remove(at);
            }
            for f in others {
                if !found.contains(&f) {
                    found.push(f);
                }
            }
        }
        found
    }

    /// Highest power of `of_moderator` in the slope of `of`.
    pub fn degree(&self, of: usize, moderator: usize) -> i32 {
        let terms = self.terms.iter().filter(|term| term.factors.contains(&of));
        terms.map(|term| term.power(moderator) - i32::from(of == moderator)).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `y = .4x + .3z + .2xz − .1x² + .05xzw`, constructs x 0, z 1, w 2, y 3.
    fn equation() -> Equation {
        let term = |path, factors: &[usize]| Term { path, factors: factors.to_vec() };
        let terms =
            vec![term(0, &[0]), term(1, &[1]), term(2, &[0, 1]), term(3, &[0, 0]), term(4, &[0, 1, 2])];
        Equation { outcome: 3, terms }
    }

    const PATHS: [f64; 5] = [0.4, 0.3, 0.2, -0.1, 0.05];

    #[test]
    fn the_slope_is_the_derivative_of_the_prediction() {
        let equation = equation();
        let point = [0.7, -1.2, 2.0];
        let h = 1e-5;
        for of in 0..3 {
            let at = |shift: f64| {
                equation.predict(&PATHS, &|f| point[f] + if f == of { shift } else { 0.0 }, &|_| 0.5)
            };
            let numeric = (at(h) - at(-h)) / (2.0 * h);
            assert!((equation.slope(&PATHS, of, &|f| point[f]) - numeric).abs() < 1e-9);
        }
        // By hand: .4 + .2·(−1.2) − .2·.7 + .05·(−1.2)·2 = −.1
        assert!((equation.slope(&PATHS, 0, &|f| point[f]) + 0.1).abs() < 1e-12);
    }

    #[test]
    fn moderators_are_what_the_slope_depends_on() {
        let equation = equation();
        assert_eq!(equation.moderators(0), [1, 0, 2]);
        assert_eq!(equation.moderators(1), [0, 2]);
        assert_eq!((equation.degree(0, 1), equation.degree(0, 0), equation.degree(1, 1)), (1, 1, 0));
    }
}
