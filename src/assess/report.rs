//! Everything about a fit, gathered once; serialises to the JSON contract.

use std::collections::BTreeMap;

use serde::Serialize;

use super::admissibility::{Finding, findings};
use super::conventions::{
    Conventions, CriteriaSource, Formative, NegativeAlpha, RhoA, RhoC, SingleItem, VifSource,
};
use super::criteria::{Criteria, criteria};
use super::effects::Effects;
use super::fit_indices::GlobalFit;
use super::htmt::{Htmt, htmt};
use super::implied::Implied;
use super::thresholds::Thresholds;
use super::{alpha, ave, f_squared, fornell_larcker, gof, rho, saturated, vif};
use crate::model::Mode;
use crate::pls::PlsFit;
use crate::stats::linear;
use crate::table::{Matrix, Vector};

/// The assessment of a fit. Matrices of paths and effects have predictors as rows, outcomes as columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// Definitions used.
    pub conventions: Conventions,
    /// Thresholds that were set by hand.
    #[serde(skip_serializing_if = "Thresholds::is_empty")]
    pub thresholds: Thresholds,
    /// What stands on top of every output.
    pub findings: Vec<Finding>,
    /// Standardised Cronbach alpha per construct.
    pub alpha: Vector,
    /// Dijkstra and Henseler's rho_A per construct.
    pub rho_a: Vector,
    /// Jöreskog's rho_C per construct.
    pub rho_c: Vector,
    /// rho_C with the observed correlations of the block in its denominator.
    pub rho_c_sample_cor: Vector,
    /// Congeneric reliability of the model's score under the model-implied correlations of its block.
    pub rho_c_weighted_model_implied: Vector,
    /// Tau-equivalent reliability of the model's score.
    pub rho_t_weighted: Vector,
    /// Average variance extracted per construct.
    pub ave: Vector,
    /// HTMT as the conventions have it (by default of absolute correlations), lower triangle.
    pub htmt: Matrix,
    /// HTMT with signs kept, lower triangle.
    pub htmt_signed: Matrix,
    /// HTMT2, lower triangle.
    pub htmt2: Matrix,
    /// Fornell-Larcker table.
    pub fornell_larcker: Matrix,
    /// Correlations of items with scores.
    pub cross_loadings: Matrix,
    /// VIF of every item in its block, by construct.
    pub vif_indicators: BTreeMap<String, Vector>,
    /// VIF of every predictor, by outcome; `null` for single predictors.
    pub vif_antecedents: BTreeMap<String, Vector>,
    /// f², predictor × outcome.
    pub f_squared: Matrix,
    /// Total effects.
    pub total_effects: Matrix,
    /// Total indirect effects.
    pub indirect_effects: Matrix,
    /// Share of the total effect that is indirect.
    pub vaf: Matrix,
    /// Indirect effect along each chain.
    pub specific_indirect_effects: Vector,
    /// Information criteria per outcome.
    pub criteria: BTreeMap<String, Criteria>,
    /// Global fit.
    #[serde(flatten)]
    pub fit: GlobalFitKeys,
    /// Tenenhaus' `GoF`, for reproducing older studies only.
    pub gof: Option<f64>,
    /// `GoF` relative to the best values that the blocks allow; likewise.
    pub gof_relative: Option<f64>,
    /// First eigenvalue of each block's correlations.
    pub eigenvalue_1: Vector,
    /// Second eigenvalue of each block's correlations; 0 for single items.
    pub eigenvalue_2: Vector,
}

/// [`GlobalFit`] under the flat keys of the JSON contract.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GlobalFitKeys {
    srmr: f64,
    d_uls: f64,
    d_g: Option<f64>,
    d_g_log10: Option<f64>,
    d_ml: Option<f64>,
    chi_square: Option<f64>,
    srmr_saturated: f64,
    d_uls_saturated: f64,
    d_g_saturated: Option<f64>,
    d_g_log10_saturated: Option<f64>,
    d_ml_saturated: Option<f64>,
    chi_square_saturated: Option<f64>,
    #[serde(flatten)]
    rest: RestOfFit,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct RestOfFit {
    df: i64,
    df_null_model: i64,
    chi_square_df: Option<f64>,
    cfi: Option<f64>,
    ifi: Option<f64>,
    nfi: Option<f64>,
    nnfi: Option<f64>,
    gfi_ml: Option<f64>,
    gfi_gls: Option<f64>,
    gfi_uls: Option<f64>,
    rmsea: Option<f64>,
    hoelter_cn_05: Option<f64>,
    hoelter_cn_01: Option<f64>,
    rms_theta: f64,
}

impl GlobalFitKeys {
    /// SRMR of the estimated model.
    pub fn srmr(&self) -> f64 {
        self.srmr
    }

    /// SRMR of the saturated model.
    pub fn srmr_saturated(&self) -> f64 {
        self.srmr_saturated
    }

    /// d_ULS of the estimated and the saturated model.
    pub fn d_uls(&self) -> (f64, f64) {
        (self.d_uls, self.d_uls_saturated)
    }

    /// d_G of the estimated and the saturated model.
    pub fn d_g(&self) -> (Option<f64>, Option<f64>) {
        (self.d_g, self.d_g_saturated)
    }

    /// d_G with logarithms to base 10, of the estimated and the saturated model.
    pub fn d_g_log10(&self) -> (Option<f64>, Option<f64>) {
        (self.d_g_log10, self.d_g_log10_saturated)
    }

    /// NFI of the estimated model.
    pub fn nfi(&self) -> Option<f64> {
        self.rest.nfi
    }
}

impl From<GlobalFit> for GlobalFitKeys {
    fn from(fit: GlobalFit) -> Self {
        let (e, s) = (fit.estimated, fit.saturated);
        Self {
            srmr: e.srmr,
            d_uls: e.d_uls,
            d_g: e.d_g,
            d_g_log10: e.d_g_log10,
            d_ml: e.d_ml,
            chi_square: e.chi_square,
            srmr_saturated: s.srmr,
            d_uls_saturated: s.d_uls,
            d_g_saturated: s.d_g,
            d_g_log10_saturated: s.d_g_log10,
            d_ml_saturated: s.d_ml,
            chi_square_saturated: s.chi_square,
            rest: RestOfFit {
                df: fit.df,
                df_null_model: fit.df_null_model,
                chi_square_df: fit.chi_square_df,
                cfi: fit.cfi,
                ifi: fit.ifi,
                nfi: fit.nfi,
                nnfi: fit.nnfi,
                gfi_ml: fit.gfi_ml,
                gfi_gls: fit.gfi_gls,
                gfi_uls: fit.gfi_uls,
                rmsea: fit.rmsea,
                hoelter_cn_05: fit.hoelter_cn_05,
                hoelter_cn_01: fit.hoelter_cn_01,
                rms_theta: fit.rms_theta,
            },
        }
    }
}

impl Assessment {
    /// Assesses a fit.
    pub fn of(fit: &PlsFit, conventions: Conventions) -> Self {
        let names = fit.constructs();
        let k = names.len();
        let p = fit.moments.len();
        let blocks = &fit.plan.blocks;
        let r = |a: usize, b: usize| fit.moments.correlation[a * p + b];
        let per_construct = |f: &dyn Fn(usize) -> Option<f64>| {
            Vector::from_pairs(names.iter().cloned().zip((0..k).map(|j| f(j).unwrap_or(f64::NAN))))
        };
        // What single items and formative blocks are given instead of a reliability.
        let reliability = |j: usize, f: &dyn Fn() -> Option<f64>| {
            // Regression weights make no use of internal consistency, unless a factor's score is corrected for it.
            let formative = matches!(blocks[j].mode, Mode::B | Mode::Bnnls) && !blocks[j].corrected;
            if formative && conventions.formative == Formative::Zero {
                Some(0.0)
            } else if blocks[j].len == 1 {
                (conventions.single_item != SingleItem::NotApplicable).then_some(1.0)
            } else if formative && conventions.formative == Formative::NotApplicable {
                None
            } else {
                f()
            }
        };
        let items = |j: usize| blocks[j].start..blocks[j].start + blocks[j].len;
        let loadings = |j: usize| &fit.estimate.loadings[items(j)];
        let alpha = per_construct(&|j| {
            let start = blocks[j].start;
            if blocks[j].len == 1 && conventions.single_item == SingleItem::OneButAlpha {
                return None;
            }
            let alpha =
                reliability(j, &|| alpha::cronbach_alpha(blocks[j].len, |a, b| r(start + a, start + b)));
            match conventions.negative_alpha {
                NegativeAlpha::Kept => alpha,
                NegativeAlpha::Zero => alpha.map(|alpha| alpha.max(0.0)),
            }
        });
        let rho_a = per_construct(&|j| {
            let start = blocks[j].start;
            if let Some(given) = blocks[j].reliability {
                return Some(given);
            }
            reliability(j, &|| match blocks[j].mode {
                _ if blocks[j].corrected || conventions.rho_a == RhoA::AsModelled => {
                    Some(fit.estimate.reliability_roots[j].powi(2))
                }
                Mode::B | Mode::Bnnls => Some(1.0),
                _ => rho::rho_a(&fit.estimate.weights[items(j)], |a, b| r(start + a, start + b)),
            })
        });
        let rho_c = per_construct(&|j| {
            reliability(j, &|| match conventions.rho_c {
                RhoC::Loadings => rho::rho_c(loadings(j), error_covariance(fit, j)),
                RhoC::FirstComponent => rho::rho_c(&first_component(fit, j), 0.0),
            })
        });
        let weights = |j: usize| &fit.estimate.weights[items(j)];
        let estimated = Implied::of(fit, false);
        let saturated = Implied::of(fit, true);
        let rho_c_sample_cor = per_construct(&|j| {
            let start = blocks[j].start;
            let equal = vec![1.0; blocks[j].len];
            reliability(j, &|| rho::congeneric(&equal, loadings(j), |a, b| r(start + a, start + b)))
        });
        let rho_c_weighted_model_implied = per_construct(&|j| {
            // The block as a common factor implies it, whatever the construct is taken for.
            let (l, start) = (loadings(j), blocks[j].start);
            let implied = |a: usize, b: usize| {
                if a == b {
                    1.0
                } else if blocks[j].correlated.contains(&(a.min(b), a.max(b))) {
                    r(start + a, start + b)
                } else {
                    l[a] * l[b]
                }
            };
            reliability(j, &|| rho::congeneric(weights(j), l, implied))
        });
        let rho_t_weighted = per_construct(&|j| {
            let start = blocks[j].start;
            reliability(j, &|| rho::tau_equivalent(weights(j), |a, b| r(start + a, start + b)))
        });
        let ave = per_construct(&|j| reliability(j, &|| ave::average_variance_extracted(loadings(j))));
        let ratio = |kind: Htmt| {
            Matrix::from_fn(names.clone(), names.clone(), |i, j| {
                if j >= i {
                    return f64::NAN;
                }
                let (one, two): (Vec<usize>, Vec<usize>) = (items(i).collect(), items(j).collect());
                htmt(kind, &one, &two, r).unwrap_or(f64::NAN)
            })
        };
        let chosen = match conventions.vif_source {
            VifSource::Constructs => &fit.estimate.construct_correlations,
            VifSource::Scores => &fit.estimate.proxy_correlations,
        };
        let ave_values: Vec<f64> = (0..k).map(|j| ave.at(j).unwrap_or(f64::NAN)).collect();
        let effects = Effects::of(fit);
        let eigenvalues: Vec<Vec<f64>> = (0..k).map(|j| block_eigenvalues(fit, j)).collect();
        Self {
            conventions,
            thresholds: Thresholds::default(),
            findings: findings(fit, &estimated),
            htmt: size(&ratio(conventions.htmt)),
            htmt_signed: ratio(Htmt::Signed),
            htmt2: ratio(Htmt::Geometric),
            fornell_larcker: fornell_larcker::fornell_larcker(
                conventions.fornell_larcker,
                &names,
                &ave_values,
                chosen,
            ),
            cross_loadings: fit.cross_loadings(),
            vif_indicators: (0..k).map(|j| (names[j].clone(), item_vif(fit, j))).collect(),
            vif_antecedents: predictor_vif(fit, chosen),
            f_squared: f_squared::f_squared(fit, conventions.f_squared),
            total_effects: effects.total,
            indirect_effects: effects.indirect,
            vaf: effects.vaf,
            specific_indirect_effects: effects.specific,
            criteria: equation_criteria(
                fit,
                match conventions.criteria_source {
                    CriteriaSource::Constructs => &fit.estimate.construct_correlations,
                    CriteriaSource::Scores => &fit.estimate.proxy_correlations,
                },
            ),
            fit: GlobalFit::of(fit, &estimated, &saturated).into(),
            gof: gof::goodness_of_fit(fit),
            gof_relative: gof::relative(fit),
            eigenvalue_1: Vector::from_pairs(names.iter().cloned().zip(eigenvalues.iter().map(|e| e[0]))),
            eigenvalue_2: Vector::from_pairs(
                names.iter().cloned().zip(eigenvalues.iter().map(|e| e.get(1).copied().unwrap_or(0.0))),
            ),
            alpha,
            rho_a,
            rho_c,
            rho_c_sample_cor,
            rho_c_weighted_model_implied,
            rho_t_weighted,
            ave,
        }
    }

    /// The same numbers, judged by thresholds of one's own.
    #[must_use]
    pub fn with_thresholds(self, thresholds: Thresholds) -> Self {
        Self { thresholds, ..self }
    }

    /// Whether the estimate is a possible one.
    pub fn is_admissible(&self) -> bool {
        !self.findings.iter().any(Finding::is_inadmissible)
    }
}

/// Sum of the error covariances that the model frees within a block.
fn error_covariance(fit: &PlsFit, j: usize) -> f64 {
    let block = &fit.plan.blocks[j];
    let loading = &fit.estimate.loadings;
    let pairs = block.correlated.iter().map(|(a, b)| (block.start + a, block.start + b));
    pairs.map(|(a, b)| fit.moments.r(a, b) - loading[a] * loading[b]).sum()
}

/// VIF of the predictors of every outcome.
fn predictor_vif(fit: &PlsFit, correlations: &[f64]) -> BTreeMap<String, Vector> {
    let (k, names) = (fit.plan.constructs(), fit.constructs());
    fit.plan
        .equations
        .iter()
        .map(|equation| {
            let vif = vif::antecedent_vif(&equation.predictors, |a, b| correlations[a * k + b]);
            let value = |at: usize| vif.as_ref().map_or(f64::NAN, |vif| vif[at]);
            let pairs = equation.predictors.iter().enumerate().map(|(at, &x)| (names[x].clone(), value(at)));
            (names[equation.outcome].clone(), Vector::from_pairs(pairs))
        })
        .collect()
}

fn item_vif(fit: &PlsFit, j: usize) -> Vector {
    let block = &fit.plan.blocks[j];
    let items: Vec<usize> = (block.start..block.start + block.len).collect();
    let vif = vif::indicator_vif(&items, |a, b| fit.moments.r(a, b));
    let value = |at: usize| vif.as_ref().map_or(f64::NAN, |vif| vif[at]);
    Vector::from_pairs(items.iter().enumerate().map(|(at, &i)| (fit.moments.items[i].clone(), value(at))))
}

/// Correlations of a block's items.
fn block_correlations(fit: &PlsFit, j: usize) -> Vec<f64> {
    let block = &fit.plan.blocks[j];
    let range = block.start..block.start + block.len;
    range.clone().flat_map(|a| range.clone().map(move |b| (a, b))).map(|(a, b)| fit.moments.r(a, b)).collect()
}

fn block_eigenvalues(fit: &PlsFit, j: usize) -> Vec<f64> {
    linear::symmetric_eigen(&block_correlations(fit, j), fit.plan.blocks[j].len).0
}

/// Correlations of a block's items with its first principal component, `√λ v`.
fn first_component(fit: &PlsFit, j: usize) -> Vec<f64> {
    let k = fit.plan.blocks[j].len;
    let (values, vectors) = linear::symmetric_eigen(&block_correlations(fit, j), k);
    let root = values.first().copied().unwrap_or(0.0).max(0.0).sqrt();
    vectors.first().into_iter().flatten().map(|v| root * v).collect()
}

/// The sizes of a matrix.
fn size(matrix: &Matrix) -> Matrix {
    Matrix::from_fn(matrix.rows().to_vec(), matrix.cols().to_vec(), |i, j| {
        matrix.at(i, j).map_or(f64::NAN, f64::abs)
    })
}

/// Criteria per outcome, from the R² that the chosen correlations give.
fn equation_criteria(fit: &PlsFit, correlations: &[f64]) -> BTreeMap<String, Criteria> {
    let k = fit.plan.constructs();
    let names = fit.constructs();
    let saturated = saturated::saturated_r_squared(fit);
    fit.plan
        .equations
        .iter()
        .filter_map(|equation| {
            let (_, r2) =
                linear::regress(|a, b| correlations[a * k + b], &equation.predictors, equation.outcome)?;
            let full = saturated.iter().find(|(outcome, _)| *outcome == equation.outcome).map(|(_, r2)| *r2);
            Some((names[equation.outcome].clone(), criteria(r2, fit.n(), equation.predictors.len(), full)))
        })
        .collect()
}
