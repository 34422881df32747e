//! Ramsey's regression equation specification error test (RESET, 1969), doi:10.1111/j.2517-6161.1969.tb00796.x.
//!
//! If a linear equation `y = x'b + u` is right, powers of what it predicts explain nothing more. With `ŷ` its fitted values
//! the equation is estimated again with `ŷ²` and `ŷ³` among the predictors, and
//! `F = ((S₀ − S₁)/q) / (S₁/(n − k − q))` compares the residual sums of squares; `q` powers were added, `k` counts the
//! coefficients of the linear equation with its intercept.

use serde::Serialize;

use super::least_squares::CrossProducts;
use crate::stats::distribution;

/// The test of one equation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reset {
    /// F statistic.
    pub f: f64,
    /// Degrees of freedom: powers added.
    pub df1: usize,
    /// Degrees of freedom: cases less coefficients.
    pub df2: usize,
    /// Probability of an F at least as large if the equation is linear.
    pub p: f64,
}

/// Tests the regression of `y` on the columns `x` with the powers 2 and 3 of the fitted values; cases may be weighted.
///
/// `None` if there are too few cases, or if the predictors with or without the powers are collinear (a single binary
/// predictor, whose fitted values have two values only).
pub fn reset(y: &[f64], x: &[&[f64]], weights: Option<&[f64]>) -> Option<Reset> {
    let (k, q) = (x.len() + 1, 2);
    let df2 = y.len().checked_sub(k + q).filter(|df| *df > 0)?;
    let mut columns = vec![y];
    columns.extend(x);
    let linear: Vec<usize> = (1..columns.len()).collect();
    let first = CrossProducts::of(&columns, weights).regress(&linear, 0)?;
    // About their mean, where powers are least collinear with the fitted values: the same space of predictors.
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let fitted: Vec<f64> = (0..y.len())
        .map(|i| {
            first.intercept - mean + first.coefficients.iter().zip(x).map(|(b, x)| b * x[i]).sum::<f64>()
        })
        .collect();
    let squares: Vec<f64> = fitted.iter().map(|f| f * f).collect();
    let cubes: Vec<f64> = fitted.iter().map(|f| f * f * f).collect();
    columns.extend([squares.as_slice(), cubes.as_slice()]);
    let all: Vec<usize> = (1..columns.len()).collect();
    let second = CrossProducts::of(&columns, weights).regress(&all, 0)?;
    let gain = (first.residual_squares - second.residual_squares).max(0.0);
    if second.residual_squares <= 1e-12 * second.total_squares {
        return None;
    }
    let f = (gain / q as f64) / (second.residual_squares / df2 as f64);
    // P(F > f) as the lower tail of 1/F, which keeps the precision of small probabilities.
    let p = if f > 0.0 { distribution::f_cdf(1.0 / f, df2 as f64, q as f64)? } else { 1.0 };
    Some(Reset { f, df1: q, df2, p })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn data(bend: f64) -> (Vec<f64>, Vec<f64>) {
        let mut state = 7_u32;
        let mut u = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1_u32 << 24) - 0.5
        };
        let x: Vec<f64> = (0..120).map(|_| 4.0 * u()).collect();
        let y = x.iter().map(|x| x + bend * x * x + u()).collect();
        (x, y)
    }

    #[test]
    fn a_bend_is_found_and_a_line_is_not_suspected() {
        let (x, y) = data(0.5);
        assert!(reset(&y, &[&x], None).unwrap().p < 1e-6);
        let (x, y) = data(0.0);
        let straight = reset(&y, &[&x], None).unwrap();
        assert!(straight.p > 0.05 && straight.df1 == 2 && straight.df2 == 116, "{straight:?}");
    }

    #[test]
    fn with_one_predictor_it_is_the_test_of_a_quadratic_and_a_cubic() {
        // The fitted values are linear in x, so that their powers span what x² and x³ span.
        let (x, y) = data(0.1);
        let (x2, x3): (Vec<f64>, Vec<f64>) = x.iter().map(|x| (x * x, x * x * x)).unzip();
        let all = CrossProducts::of(&[&y, &x, &x2, &x3], None);
        let (small, large) = (all.regress(&[1], 0).unwrap(), all.regress(&[1, 2, 3], 0).unwrap());
        let f = (small.residual_squares - large.residual_squares) / 2.0 / (large.residual_squares / 116.0);
        assert!((reset(&y, &[&x], None).unwrap().f - f).abs() < 1e-8 * f);
    }

    #[test]
    fn where_nothing_can_be_said_there_is_no_test() {
        let (x, y) = data(0.0);
        let binary: Vec<f64> = x.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
        assert_eq!(reset(&y, &[&binary], None), None);
        assert_eq!(reset(&y[..4], &[&x[..4]], None), None);
        assert_eq!(reset(&y, &[&x, &x], None), None);
    }
}
