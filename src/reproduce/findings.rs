//! What a careful reader of a printed table should know before believing it.

use super::printed::Printed;
use super::refit::{Agreement, Comparison, Estimator, Quantity, square};
use super::study::{PublishedTable, Reliability, Study};
use crate::stats::eigen;
use crate::table::apa;

/// An eigenvalue below this is as good as zero in a table of two or three decimals.
const SINGULAR: f64 = 0.005;

/// Something to know about a printed table.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// No answers can have these correlations: the smallest eigenvalue is negative.
    NotPositiveDefinite {
        /// Which variables: all of the table, or those of one equation.
        what: String,
        /// The smallest eigenvalue.
        smallest: f64,
        /// Whether an equation rests on it.
        used: bool,
    },
    /// Some variable is as good as a combination of the others.
    Singular {
        /// Which variables.
        what: String,
        /// The smallest eigenvalue.
        smallest: f64,
        /// Whether an equation rests on it.
        used: bool,
    },
    /// The diagonal is not the root of the AVE.
    Diagonal {
        /// The variable.
        name: String,
        /// What is printed.
        printed: Printed,
        /// Root of the printed AVE.
        root: f64,
        /// The variable whose AVE it would fit, if there is one.
        fits: Option<String>,
    },
    /// Results fit better after division by the root of the reliabilities.
    Disattenuate {
        /// The reliability that fits best.
        by: Reliability,
        /// Mean distance of coefficients and R² as the table stands.
        raw: f64,
        /// The same after correction.
        corrected: f64,
    },
    /// The published R² is out of reach: a predictor is missing.
    MissingPredictor {
        /// The outcome.
        outcome: String,
        /// Published.
        published: f64,
        /// Reproduced.
        reproduced: f64,
        /// Predictors that the file says are missing.
        known: Vec<String>,
    },
    /// Predictors stand in the equation although their coefficients are not printed.
    Controls {
        /// The outcome.
        outcome: String,
        /// The predictors.
        names: Vec<String>,
        /// Largest difference of a coefficient without them.
        without: f64,
    },
    /// The explained variance exceeds 1.
    BeyondOne {
        /// The outcome.
        outcome: String,
        /// The R².
        r_squared: f64,
    },
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotPositiveDefinite { what, smallest, used } => {
                write!(
                    f,
                    "the correlations of {what} are not positive definite (smallest eigenvalue {}): no answers can have them, \
                     as happens when pairs come from different samples; ",
                    apa(*smallest, 3)
                )?;
                f.write_str(if *used {
                    "results from them mean little"
                } else {
                    "the equations use parts that are sound"
                })
            }
            Self::Singular { what, smallest, used } => {
                write!(
                    f,
                    "the correlations of {what} are singular to rounding (smallest eigenvalue {}): ",
                    apa(*smallest, 4)
                )?;
                f.write_str(if *used {
                    "a construct that consists of others must not stand beside them in one equation"
                } else {
                    "a construct of the table consists of others; no equation uses them together"
                })
            }
            Self::Diagonal { name, printed, root, fits } => {
                write!(
                    f,
                    "the diagonal of {name} is {}, but the root of its AVE is {}",
                    printed.show(),
                    apa(*root, 3)
                )?;
                match fits {
                    Some(other) => write!(f, "; it would fit {other}: are the labels exchanged?"),
                    None => Ok(()),
                }
            }
            Self::Disattenuate { by, raw, corrected } => write!(
                f,
                "the published results fit correlations corrected for attenuation better (mean difference {} by `{by}`, {} as \
                 printed): the paper's paths are those of latent variables; set `disattenuate = \"{by}\"`",
                apa(*corrected, 3),
                apa(*raw, 3)
            ),
            Self::MissingPredictor { outcome, published, reproduced, known } => {
                write!(
                    f,
                    "the published R² of {outcome} ({}) is out of reach ({}): ",
                    apa(*published, 3),
                    apa(*reproduced, 3)
                )?;
                if known.is_empty() {
                    f.write_str("the paper's equation has a predictor that this one lacks, such as a control variable")
                } else {
                    write!(f, "{} is in the paper's equation, but not in its table", known.join(", "))
                }
            }
            Self::Controls { outcome, names, without } => write!(
                f,
                "{} belong to the equation of {outcome}, though their coefficients are not printed; without them coefficients are \
                 up to {} off",
                names.join(", "),
                apa(*without, 3)
            ),
            Self::BeyondOne { outcome, r_squared } => {
                write!(
                    f,
                    "the R² of {outcome} is {}, above 1: the printed correlations contradict each other",
                    apa(*r_squared, 4)
                )
            }
        }
    }
}

/// Everything worth knowing about a study's tables and results.
pub fn findings(study: &Study, comparisons: &[Comparison]) -> Vec<Finding> {
    let mut found = Vec::new();
    for table in &study.tables {
        matrices(study, table, &mut found);
        diagonals(table, &mut found);
        controls(study, table, &mut found);
    }
    results(study, comparisons, &mut found);
    if study.disattenuate.is_none() {
        found.extend(attenuation(study, comparisons));
    }
    found
}

fn smallest(table: &PublishedTable, correlations: &[f64], which: &[usize]) -> f64 {
    let matrix = square(&table.triangle, correlations, which);
    if which.is_empty() { 1.0 } else { eigen::smallest(&matrix, which.len()) }
}

fn matrices(study: &Study, table: &PublishedTable, found: &mut Vec<Finding>) {
    let estimator = Estimator::new(table, study.disattenuate);
    let correlations = estimator.correlations(&estimator.printed());
    let mut judge = |what: String, smallest: f64, used: bool| {
        if smallest < -SINGULAR {
            found.push(Finding::NotPositiveDefinite { what, smallest, used });
        } else if smallest < SINGULAR {
            found.push(Finding::Singular { what, smallest, used });
        }
    };
    let all: Vec<usize> = (0..table.triangle.len()).collect();
    let whole = if table.name.is_empty() {
        "the whole table".to_owned()
    } else {
        format!("the table `{}`", table.name)
    };
    judge(whole, smallest(table, &correlations, &all), table.model.is_some());
    for equation in table.equations.iter().filter(|_| table.model.is_none()) {
        let which: Vec<usize> =
            equation.predictors.iter().filter_map(|(name, _)| table.triangle.position(name)).collect();
        let what = match equation.name.as_str() {
            "" => format!("the predictors of {}", equation.outcome),
            name => format!("the predictors of {} in {name}", equation.outcome),
        };
        judge(what, smallest(table, &correlations, &which), true);
    }
}

fn diagonals(table: &PublishedTable, found: &mut Vec<Finding>) {
    if table.covariances {
        return;
    }
    let root =
        |name: &str| table.reliability.get(name).and_then(|r| r.ave).map(|ave| (ave, ave.value.sqrt()));
    for (name, printed) in table.triangle.names.iter().zip(&table.triangle.diagonal) {
        let (Some(printed), Some((ave, expected))) = (printed, root(name)) else { continue };
        // A diagonal of whole ones says nothing, unless the others show roots.
        if printed.digits == 0 {
            continue;
        }
        let near = |ave: Printed, root: f64| {
            // The root of a rounded AVE is off by half a unit over twice the root.
            (printed.value - root).abs() <= printed.half_unit() + ave.half_unit() / (2.0 * root) + 1e-9
        };
        if near(ave, expected) {
            continue;
        }
        let fits = table
            .triangle
            .names
            .iter()
            .filter(|other| *other != name)
            .find(|other| root(other).is_some_and(|(ave, root)| near(ave, root)))
            .cloned();
        found.push(Finding::Diagonal { name: name.clone(), printed: *printed, root: expected, fits });
    }
}

fn controls(study: &Study, table: &PublishedTable, found: &mut Vec<Finding>) {
    let estimator = Estimator::new(table, study.disattenuate);
    let numbers = estimator.printed();
    for equation in &table.equations {
        let names: Vec<String> = equation
            .predictors
            .iter()
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| name.clone())
            .collect();
        let printed = equation.predictors.len() - names.len();
        // An equation without any printed coefficient has no controls: nothing of it is printed.
        if names.is_empty() || printed < 2 {
            continue;
        }
        let mut bare = equation.clone();
        bare.predictors.retain(|(_, value)| value.is_some());
        let Some(results) = estimator.all(&bare, &numbers) else { continue };
        let without = bare
            .predictors
            .iter()
            .zip(results)
            .filter_map(|((_, value), now)| value.map(|value| (now - value.value).abs()))
            .fold(0.0, f64::max);
        found.push(Finding::Controls { outcome: equation.outcome.clone(), names, without });
    }
}

fn results(study: &Study, comparisons: &[Comparison], found: &mut Vec<Finding>) {
    for one in comparisons.iter().filter(|one| one.quantity == Quantity::RSquared) {
        if one.reproduced > 1.0 {
            found.push(Finding::BeyondOne { outcome: one.outcome.clone(), r_squared: one.reproduced });
        }
        let off = matches!(one.agreement, Agreement::Differs | Agreement::Explained);
        if let (Some(published), true) = (one.published, off)
            && published.value > one.reproduced + 0.02
        {
            let equations =
                study.tables.iter().filter(|table| table.name == one.table).flat_map(|t| &t.equations);
            let known = equations
                .filter(|equation| equation.outcome == one.outcome && equation.name == one.model)
                .flat_map(|equation| equation.unprinted.clone())
                .collect();
            found.push(Finding::MissingPredictor {
                outcome: one.outcome.clone(),
                published: published.value,
                reproduced: one.reproduced,
                known,
            });
        }
    }
}

/// Whether corrected correlations fit the published coefficients better.
fn attenuation(study: &Study, comparisons: &[Comparison]) -> Option<Finding> {
    let mean = |comparisons: &[Comparison]| {
        let off: Vec<f64> = comparisons.iter().filter_map(Comparison::difference).map(f64::abs).collect();
        (!off.is_empty()).then(|| off.iter().sum::<f64>() / off.len() as f64)
    };
    let raw = mean(comparisons)?;
    // What rounding explains needs no other explanation.
    if raw < 0.005 {
        return None;
    }
    let best = Reliability::ALL
        .iter()
        .filter(|by| {
            study.tables.iter().all(|table| {
                table.model.is_none()
                    && table.equations.iter().all(|e| {
                        let mut all = e.predictors.iter().map(|(name, _)| name).chain([&e.outcome]);
                        all.all(|name| table.reliability.get(name).is_some_and(|r| r.get(**by).is_some()))
                    })
            })
        })
        .filter_map(|by| {
            let corrected = Study { disattenuate: Some(*by), ..study.clone() };
            Some((*by, mean(&super::refit(&corrected).ok()?)?))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 < 0.7 * raw).then_some(Finding::Disattenuate { by: best.0, raw, corrected: best.1 })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::reproduce::{library, refit};

    fn words(study: &Study) -> Vec<String> {
        let comparisons = refit(study).unwrap();
        findings(study, &comparisons).iter().map(ToString::to_string).collect()
    }

    fn published(key: &str) -> Study {
        library::find(key).unwrap().read().unwrap()
    }

    #[test]
    fn a_matrix_pooled_from_pairs_is_not_positive_definite() {
        let words = words(&published("blut-2022-trust"));
        assert!(words.iter().any(|w| w.contains("not positive definite") && w.contains("−.74")), "{words:?}");
    }

    #[test]
    fn a_second_order_construct_beside_its_dimensions_is_singular() {
        let study = published("crossler-2017");
        let all = words(&study);
        assert!(all.iter().any(|w| w.contains("COMPR, EDU, GEN, INC belong to the equation")), "{all:?}");
        let mut wrong = study;
        wrong.tables[0].equations[0].predictors =
            ["TRUST", "ABI", "BEN", "INTEG"].map(|name| (name.to_owned(), None)).to_vec();
        wrong.tables[0].equations[0].r_squared = None;
        let all = words(&wrong);
        assert!(
            all.iter().any(|w| w.contains("the predictors of BI are singular")
                || w.contains("the predictors of BI are not positive")),
            "{all:?}"
        );
    }

    #[test]
    fn exchanged_labels_show_on_the_diagonal() {
        // As printed: the diagonal of TRU is the root of the AVE of BEN, and the other way round.
        let study = published("lancelot-2019");
        let mut printed = study.clone();
        let names = &mut printed.tables[0].triangle.names;
        let (a, b) =
            (names.iter().position(|n| n == "BEN").unwrap(), names.iter().position(|n| n == "TRU").unwrap());
        names.swap(a, b);
        let all = words(&printed);
        assert!(
            all.iter()
                .any(|w| w.starts_with("the diagonal of TRU is .828") && w.contains("it would fit BEN")),
            "{all:?}"
        );
        assert!(!words(&study).iter().any(|w| w.starts_with("the diagonal")));
    }

    #[test]
    fn latent_paths_ask_for_correction_and_missing_predictors_are_named() {
        let mut study = published("liu-2017");
        study.disattenuate = None;
        let all = words(&study);
        assert!(all.iter().any(|w| w.contains("set `disattenuate = ")), "{all:?}");
        let all = words(&published("lancelot-2019"));
        assert!(all.iter().any(|w| w.contains("published R² of FAL") && w.contains("GENDER")), "{all:?}");
    }
}
