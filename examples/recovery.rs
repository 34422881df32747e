//! Does the estimator find what is there? 200 data sets of 500 cases from a population with mediation, an interaction and a
//! second-order construct, estimated one by one; the means are set against the population.
//!
//! Every construct of the population is the sum of its three parts with equal weights, and whatever else the parts hold is
//! unrelated to everything outside of them. Then correlation weights (Mode A) are consistent for these sums, and the two
//! stages of the second-order construct and of the product are as well: the paths of the population are what the estimates
//! must approach. Run it with `cargo run --release --example recovery`.

#![allow(clippy::print_stdout, reason = "an example shows its results")]

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};
use trustpath::stats::distribution::normal_quantile;
use trustpath::survey::Sample;
use trustpath::{Model, Pls};

/// X reaches Y directly and by way of M, which a second-order construct H explains too; W strengthens what M does.
const MODEL: &str = "#@ mode A
X <~ x1 + x2 + x3
A <~ a1 + a2 + a3
B <~ b1 + b2 + b3
C <~ c1 + c2 + c3
H <~ A + B + C
M <~ m1 + m2 + m3
W <~ w1 + w2 + w3
Y <~ y1 + y2 + y3
M ~ X + H
Y ~ M + W + X + M:W
";

/// Paths of the population; all constructs have variance 1.
pub(crate) const TRUTH: [(&str, f64); 7] = [
    ("X → M", 0.4),
    ("H → M", 0.3),
    ("M → Y", 0.3),
    ("W → Y", 0.25),
    ("X → Y", 0.2),
    ("M:W → Y", 0.15),
    ("X → M → Y", 0.4 * 0.3),
];

/// Share of a part that is its sum; the rest cancels out among the three parts.
const COMMON: f64 = 0.8;

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    // The middles of 2^53 equal shares are never 0 or 1.
    normal_quantile(((rng.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64)
}

/// Three parts of variance 1 whose mean is `COMMON` times the construct.
fn parts(rng: &mut ChaCha8Rng, construct: f64) -> [f64; 3] {
    let z = [normal(rng), normal(rng), normal(rng)];
    let mean = z.iter().sum::<f64>() / 3.0;
    let spread = ((1.0 - COMMON * COMMON) * 1.5).sqrt();
    z.map(|z| COMMON * construct + spread * (z - mean))
}

/// Answers of `cases` people, case by case in the order of the model.
fn draw(cases: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let truth = TRUTH.map(|(_, value)| value);
    let [xm, hm, my, wy, xy, mwy, _] = truth;
    // Residual variances that leave variance 1: X, H and W are uncorrelated, M and W are, too, so that their product has
    // variance 1 and correlates with nothing else.
    let rest_m = (1.0 - xm * xm - hm * hm).sqrt();
    let rest_y = (1.0 - my * my - wy * wy - xy * xy - mwy * mwy - 2.0 * my * xy * xm).sqrt();
    let mut columns: Vec<Vec<f64>> = (0..21).map(|_| Vec::with_capacity(cases)).collect();
    for _ in 0..cases {
        let (x, h, w) = (normal(&mut rng), normal(&mut rng), normal(&mut rng));
        let m = xm * x + hm * h + rest_m * normal(&mut rng);
        let y = my * m + wy * w + xy * x + mwy * m * w + rest_y * normal(&mut rng);
        let components = parts(&mut rng, h);
        let constructs = [x, components[0], components[1], components[2], m, w, y];
        let row = constructs.map(|construct| parts(&mut rng, construct));
        for (column, value) in columns.iter_mut().zip(row.iter().flatten()) {
            column.push(*value);
        }
    }
    columns
}

/// A quantity: its name, true value, mean of its estimates and the Monte Carlo standard error of that mean.
pub(crate) type Recovered = (&'static str, f64, f64, f64);

/// What the study finds of every quantity.
pub(crate) fn study(
    sets: u64,
    cases: usize,
    seed: u64,
) -> Result<Vec<Recovered>, Box<dyn std::error::Error>> {
    let model = Model::parse(MODEL)?;
    let mut estimates = vec![Vec::new(); TRUTH.len()];
    for set in 0..sets {
        let sample = Sample::from_columns(model.indicator_names(), draw(cases, seed + set))?;
        let fit = Pls::default().fit_sample(&model, sample)?;
        let paths = fit.path_coefficients();
        let path = |from: &str, to: &str| paths.get(from, to).unwrap_or(f64::NAN);
        let found = [
            path("X", "M"),
            path("H", "M"),
            path("M", "Y"),
            path("W", "Y"),
            path("X", "Y"),
            path("M:W", "Y"),
            path("X", "M") * path("M", "Y"),
        ];
        estimates.iter_mut().zip(found).for_each(|(list, value)| list.push(value));
    }
    let summary = |(&(name, truth), list): (&(&'static str, f64), &Vec<f64>)| {
        let n = list.len() as f64;
        let mean = list.iter().sum::<f64>() / n;
        let variance = list.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (name, truth, mean, (variance / n).sqrt())
    };
    Ok(TRUTH.iter().zip(&estimates).map(summary).collect())
}

#[allow(dead_code, reason = "a test uses the study without it")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{:<12}{:>8}{:>10}{:>10}{:>12}", "", "truth", "mean", "MC error", "distance");
    for (name, truth, mean, error) in study(200, 500, 1)? {
        println!("{name:<12}{truth:>8.3}{mean:>10.4}{error:>10.4}{:>9.2} SE", (mean - truth) / error);
    }
    Ok(())
}
