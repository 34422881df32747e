//! Minimum covariance determinant: the covariance of the half of the cases that lie closest together.
//!
//! Rousseeuw & Van Driessen (1999), doi:10.1080/00401706.1999.10485670. Of `n` cases with `p` items, the subset of
//! `h = ⌊(n + p + 1)/2⌋` cases whose covariance has the smallest determinant; then the covariance of all cases whose
//! distance from that centre is usual: below the 97.5 % quantile of χ²(p), after the distances have been scaled so
//! that their `h/n` quantile is that of χ²(p).
//!
//! Search: from 500 random elemental sets, grown until their covariance is regular, two concentration steps
//! each; the ten best are concentrated until nothing changes. Above 600 cases the 500 starts run on a random subset
//! of 600, and only the ten best on all cases (the nested version of the paper with one layer fewer). The random
//! numbers are fixed, so equal data give equal results. The best subset found is not proved to be the best
//! there is; no practical algorithm is.

use super::distribution::chi_square_quantile;
use super::linear;

const STARTS: usize = 500;
const KEPT: usize = 10;
const STEPS: usize = 200;
const LARGEST: usize = 600;

/// Centre and covariance of most of the cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Mcd {
    /// Correlations after reweighting, row-major.
    pub correlation: Vec<f64>,
    /// Per case whether it counted after reweighting.
    pub kept: Vec<bool>,
    /// The subset, in ascending order.
    pub subset: Vec<usize>,
    /// Logarithm of the determinant of its covariance (divisor h − 1): what is minimised.
    pub ln_det: f64,
}

/// A small fixed generator (Steele, Lea & Flood 2014, `SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        // n is far below 2³², so the product cannot overflow and the bias is negligible.
        usize::try_from(((z >> 32) * n as u64) >> 32).unwrap_or(0)
    }
}

/// Mean, Cholesky factor and log determinant of a subset.
struct Shape {
    mean: Vec<f64>,
    covariance: Vec<f64>,
    factor: Vec<f64>,
    ln_det: f64,
}

impl Shape {
    /// `None` if the covariance is singular.
    fn of(columns: &[Vec<f64>], subset: &[usize]) -> Option<Self> {
        let p = columns.len();
        let n = subset.len() as f64;
        let mean: Vec<f64> = columns.iter().map(|x| subset.iter().map(|&i| x[i]).sum::<f64>() / n).collect();
        let mut covariance = vec![0.0; p * p];
        for j in 0..p {
            for k in 0..=j {
                let sum: f64 =
                    subset.iter().map(|&i| (columns[j][i] - mean[j]) * (columns[k][i] - mean[k])).sum();
                covariance[j * p + k] = sum / (n - 1.0).max(1.0);
                covariance[k * p + j] = covariance[j * p + k];
            }
        }
        let mut factor = covariance.clone();
        if (0..p).any(|j| covariance[j * p + j] <= 0.0) || !linear::cholesky(&mut factor, p) {
            return None;
        }
        let ratio = (0..p).map(|j| factor[j * p + j].powi(2) / covariance[j * p + j]).fold(1.0, f64::min);
        let ln_det = 2.0 * (0..p).map(|j| factor[j * p + j].ln()).sum::<f64>();
        (ratio > 1e-12 && ln_det.is_finite()).then_some(Self { mean, covariance, factor, ln_det })
    }

    /// Squared distance of a case.
    fn distance(&self, columns: &[Vec<f64>], i: usize, work: &mut [f64]) -> f64 {
        let p = columns.len();
        let mut sum = 0.0;
        for j in 0..p {
            let mut v = columns[j][i] - self.mean[j];
            for (l, known) in self.factor[j * p..].iter().zip(&work[..j]) {
                v -= l * known;
            }
            v /= self.factor[j * p + j];
            work[j] = v;
            sum += v * v;
        }
        sum
    }

    fn distances(&self, columns: &[Vec<f64>], cases: &[usize]) -> Vec<f64> {
        let mut work = vec![0.0; columns.len()];
        cases.iter().map(|&i| self.distance(columns, i, &mut work)).collect()
    }
}

/// The `h` cases closest to a shape, in ascending order.
fn closest(shape: &Shape, columns: &[Vec<f64>], cases: &[usize], h: usize) -> Vec<usize> {
    let distances = shape.distances(columns, cases);
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.sort_by(|&a, &b| distances[a].total_cmp(&distances[b]).then(a.cmp(&b)));
    order.truncate(h);
    let mut subset: Vec<usize> = order.into_iter().map(|at| cases[at]).collect();
    subset.sort_unstable();
    subset
}

/// Size of the subset.
fn half(n: usize, p: usize) -> usize {
    usize::midpoint(n, p + 1).min(n)
}

/// How the subset is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// Random elemental sets to start from.
    pub starts: usize,
    /// Concentration steps from each.
    pub first_steps: usize,
    /// How many of the subsets found are concentrated further.
    pub finalists: usize,
    /// Most further steps.
    pub more_steps: usize,
    /// Seed of the random numbers.
    pub seed: u64,
}

impl Default for Search {
    fn default() -> Self {
        Self { starts: STARTS, first_steps: 2, finalists: KEPT, more_steps: STEPS, seed: 20_240_229 }
    }
}

/// Minimum covariance determinant of complete columns of equal length, by the default [`Search`].
///
/// `None` with fewer than `2p` cases, or if more than half of the cases lie on a plane, as when an item has the same
/// answer in half of them.
pub fn estimate(columns: &[Vec<f64>]) -> Option<Mcd> {
    Search::default().run(columns)
}

impl Search {
    /// [`estimate`] by this search.
    pub fn run(&self, columns: &[Vec<f64>]) -> Option<Mcd> {
        let p = columns.len();
        let n = columns.first()?.len();
        if n < 2 * p || p == 0 {
            return None;
        }
        let all: Vec<usize> = (0..n).collect();
        let mut random = Random(self.seed);
        let pool = if n > LARGEST { sample(&mut random, &all, LARGEST) } else { all.clone() };
        let h = half(pool.len(), p);
        let mut best: Vec<(f64, Vec<usize>)> = Vec::new();
        for _ in 0..self.starts {
            let Some(mut shape) = elemental(&mut random, columns, &pool) else { continue };
            let mut subset = Vec::new();
            for _ in 0..self.first_steps.max(1) {
                subset = closest(&shape, columns, &pool, h);
                shape = Shape::of(columns, &subset)?;
            }
            let at = best.partition_point(|(ln_det, _)| *ln_det <= shape.ln_det);
            if at < self.finalists && !best.iter().any(|(_, known)| *known == subset) {
                best.insert(at, (shape.ln_det, subset));
                best.truncate(self.finalists);
            }
        }
        let h = half(n, p);
        let mut winner: Option<(Shape, Vec<usize>)> = None;
        for (_, mut subset) in best {
            let mut shape = Shape::of(columns, &subset)?;
            for _ in 0..self.more_steps {
                let next = closest(&shape, columns, &all, h);
                if next == subset {
                    break;
                }
                subset = next;
                shape = Shape::of(columns, &subset)?;
            }
            if winner.as_ref().is_none_or(|(known, _)| shape.ln_det < known.ln_det) {
                winner = Some((shape, subset));
            }
        }
        let (shape, subset) = winner?;
        reweight(columns, &all, &shape, h, subset)
    }
}

/// Covariance of the cases at a usual distance.
fn reweight(columns: &[Vec<f64>], all: &[usize], shape: &Shape, h: usize, chosen: Vec<usize>) -> Option<Mcd> {
    let p = columns.len();
    let n = all.len() as f64;
    let share = h as f64 / n;
    let distances = shape.distances(columns, all);
    let seen = super::quantile::quantile(&mut distances.clone(), share)?;
    let cut = if share < 1.0 {
        chi_square_quantile(0.975, p as f64)? * seen / chi_square_quantile(share, p as f64)?
    } else {
        f64::INFINITY
    };
    let kept: Vec<bool> = distances.iter().map(|d| *d < cut).collect();
    let subset: Vec<usize> = all.iter().copied().filter(|&i| kept[i]).collect();
    let covariance = Shape::of(columns, &subset)?.covariance;
    let correlation = (0..p * p)
        .map(|at| {
            let (j, k) = (at / p, at % p);
            if j == k { 1.0 } else { covariance[at] / (covariance[j * p + j] * covariance[k * p + k]).sqrt() }
        })
        .collect();
    Some(Mcd { correlation, kept, subset: chosen, ln_det: shape.ln_det })
}

/// `size` of the cases, each at most once, by a partial shuffle.
fn sample(random: &mut Random, cases: &[usize], size: usize) -> Vec<usize> {
    let mut cases = cases.to_vec();
    for i in 0..size.min(cases.len()) {
        let j = i + random.below(cases.len() - i);
        cases.swap(i, j);
    }
    cases.truncate(size);
    cases
}

/// The shape of `p + 1` random cases, more where those lie on a plane.
fn elemental(random: &mut Random, columns: &[Vec<f64>], pool: &[usize]) -> Option<Shape> {
    let p = columns.len();
    let order = sample(random, pool, pool.len());
    let mut size = p + 1;
    while size <= order.len() {
        if let Some(shape) = Shape::of(columns, &order[..size]) {
            return Some(shape);
        }
        // Whole-number answers of many items need some more cases: larger steps save time.
        size += 1 + size / 8;
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// A correlated pair with every tenth case far off the line.
    fn spoilt() -> (Vec<Vec<f64>>, Vec<bool>) {
        let mut random = Random(7);
        let mut normal =
            || (0..12).map(|_| random.below(1 << 20) as f64 / f64::from(1 << 20)).sum::<f64>() - 6.0;
        let (mut x, mut y, mut bad) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..200 {
            let (a, e) = (normal(), normal());
            let spoil = i % 10 == 0;
            x.push(if spoil { a + 8.0 } else { a });
            y.push(if spoil { e - 8.0 } else { 0.8 * a + 0.6 * e });
            bad.push(spoil);
        }
        (vec![x, y], bad)
    }

    #[test]
    fn outliers_are_left_out() {
        let (columns, bad) = spoilt();
        let result = estimate(&columns).unwrap();
        assert!(bad.iter().zip(&result.kept).all(|(bad, kept)| !(*bad && *kept)));
        assert!((result.correlation[1] - 0.8).abs() < 0.08, "{}", result.correlation[1]);
        assert_eq!(result, estimate(&columns).unwrap());
    }

    #[test]
    fn correlations_ignore_units() {
        let (mut columns, _) = spoilt();
        let before = estimate(&columns).unwrap();
        columns[0].iter_mut().for_each(|x| *x = 5.0 - 30.0 * *x);
        let after = estimate(&columns).unwrap();
        assert!((before.correlation[1] + after.correlation[1]).abs() < 1e-9);
        assert_eq!(before.kept, after.kept);
    }

    #[test]
    fn a_small_set_is_searched_to_the_end() {
        // All subsets of 12 cases, by brute force.
        let (columns, _) = spoilt();
        let columns: Vec<Vec<f64>> = columns.iter().map(|x| x[..12].to_vec()).collect();
        let h = half(12, 2);
        let best = (0_u32..1 << 12)
            .filter(|set| set.count_ones() as usize == h)
            .filter_map(|set| {
                let subset: Vec<usize> = (0..12).filter(|i| set >> i & 1 == 1).collect();
                Shape::of(&columns, &subset)
            })
            .min_by(|a, b| a.ln_det.total_cmp(&b.ln_det))
            .unwrap();
        let all: Vec<usize> = (0..12).collect();
        let brute = reweight(&columns, &all, &best, h, all.clone()).unwrap();
        assert_eq!(estimate(&columns).unwrap().kept, brute.kept);
    }

    #[test]
    fn a_plane_or_too_few_cases_have_none() {
        let x: Vec<f64> = (0..20).map(f64::from).collect();
        assert_eq!(estimate(&[x.clone(), x.clone()]), None);
        assert_eq!(estimate(&[x[..3].to_vec(), x[2..5].to_vec()]), None);
        let mostly_one: Vec<f64> = (0..20).map(|i| if i < 15 { 1.0 } else { f64::from(i) }).collect();
        assert_eq!(estimate(&[x, mostly_one]), None);
    }
}
