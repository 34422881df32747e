//! Polychoric, polyserial and Pearson correlations, as fits each pair of items.
//!
//! Missing answers: an ordinal item has no mean to put in their place, so a pair with an ordinal item is
//! correlated over the cases that answer both; two numeric items keep mean replacement. The resulting matrix need not be
//! positive semidefinite, which is then a finding.

use super::Moments;
use super::correlation::{NoCorrelation, Polyserial, Recipe};
use crate::stats::polychoric;
use crate::stats::polyserial::{self, Pairs};
use crate::survey::Sample;

/// Puts the correlations of all pairs with an ordinal item into `moments`.
pub(super) fn correlate(
    recipe: &Recipe,
    sample: &Sample,
    weights: Option<&[f64]>,
    moments: &mut Moments,
) -> Result<(), NoCorrelation> {
    let p = sample.columns.len();
    let coded: Vec<Vec<Option<usize>>> = sample
        .columns
        .iter()
        .zip(&recipe.categories)
        .map(|(column, categories)| {
            column.iter().map(|x| categories.iter().position(|category| category == x)).collect()
        })
        .collect();
    let weight = |i: usize| weights.and_then(|w| w.get(i)).copied().unwrap_or(1.0);
    // Cases that count: a bootstrap leaves out a third of them.
    let cases: Vec<(usize, f64)> = (0..coded.first().map_or(0, Vec::len))
        .map(|i| (i, weight(i)))
        .filter(|(_, weight)| *weight != 0.0)
        .collect();
    let ordinal = |j: usize| recipe.categories.get(j).is_some_and(|categories| !categories.is_empty());
    let mut failed = Vec::new();
    for j in 0..p {
        for k in 0..j {
            let rho = match (ordinal(j), ordinal(k)) {
                (false, false) => continue,
                (true, true) => {
                    let (rows, columns) = (recipe.categories[j].len(), recipe.categories[k].len());
                    let mut table = vec![0.0; rows * columns];
                    let (first, second) = (&coded[j], &coded[k]);
                    for &(i, weight) in &cases {
                        if let (Some(a), Some(b)) = (first[i], second[i]) {
                            table[a * columns + b] += weight;
                        }
                    }
                    polychoric::correlation(&table, columns)
                }
                (first, _) => {
                    let (o, x) = if first { (j, k) } else { (k, j) };
                    mixed(recipe, &coded[o], &sample.columns[x], recipe.categories[o].len(), weight)
                }
            };
            match rho.filter(|rho| rho.abs() < 1.0) {
                Some(rho) => {
                    moments.correlation[j * p + k] = rho;
                    moments.correlation[k * p + j] = rho;
                }
                None => failed.push((k, j)),
            }
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(NoCorrelation::Pairs(failed)) }
}

/// Polyserial correlation over the cases that answer both.
fn mixed(
    recipe: &Recipe,
    coded: &[Option<usize>],
    numbers: &[f64],
    categories: usize,
    weight: impl Fn(usize) -> f64,
) -> Option<f64> {
    let (mut x, mut category, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for (i, (code, number)) in coded.iter().zip(numbers).enumerate() {
        if let Some(code) = code
            && !number.is_nan()
            && weight(i) > 0.0
        {
            x.push(*number);
            category.push(*code);
            weights.push(weight(i));
        }
    }
    let pairs = Pairs { x: &x, category: &category, weight: &weights, categories };
    match recipe.polyserial {
        Polyserial::Likelihood => polyserial::maximum_likelihood(pairs),
        Polyserial::AdHoc => polyserial::ad_hoc(pairs),
    }
}
