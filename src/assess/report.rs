//! Everything about a fit, gathered once; serialises to the JSON contract.

use std::collections::BTreeMap;

use serde::Serialize;

use super::admissibility::{Bounds, findings};
use super::conventions::{Conventions, CriteriaSource, Formative, VifSource};
use super::criteria::{Criteria, criteria};
use super::effects::Effects;
use super::finding::Finding;
use super::fit_indices::GlobalFit;
use super::htmt::{Htmt, htmt};
use super::implied::Implied;
use super::inner_model::{Coefficient, inner_model};
use super::item_analysis::ItemAnalysis;
use super::model_criteria::{self, ModelCriteria};
use super::reliabilities::{Reliabilities, block_correlations};
use super::thresholds::Thresholds;
use super::{f_squared, fornell_larcker, gof, saturated, vif};
use crate::pls::PlsFit;
use crate::stats::{eigen, linear};
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
    /// Dillon-Goldstein's rho from each block's first principal component.
    pub rho_dg: Vector,
    /// Item analysis of every scale whose items should hang together; empty without answers.
    pub item_analysis: BTreeMap<String, ItemAnalysis>,
    /// Least squares on scores per outcome; without outcomes whose equation is corrected for attenuation.
    pub inner_model: BTreeMap<String, Vec<Coefficient>>,
    /// Information criteria of the paths as a whole.
    pub model_criteria_structural: Option<ModelCriteria>,
    /// Information criteria of the whole model.
    pub model_criteria_full: Option<ModelCriteria>,
    /// How near the estimate is to being impossible.
    #[serde(flatten)]
    pub bounds: Bounds,
}

/// Label, value, decimals, whether bounded by 1, and the rule that judges it.
pub(super) type FitIndex = (&'static str, Option<f64>, usize, bool, Option<&'static str>);

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
    rms_theta: Option<f64>,
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

    /// The indices of the estimated model that no other method names.
    pub(super) fn further(&self) -> Vec<FitIndex> {
        let rest = &self.rest;
        vec![
            ("χ²", self.chi_square, 2, false, None),
            ("df", Some(rest.df as f64), 0, false, None),
            ("χ²/df", rest.chi_square_df, 2, false, None),
            ("d_ML", self.d_ml, 3, false, None),
            ("NFI", rest.nfi, 3, true, Some("S13")),
            ("NNFI (TLI)", rest.nnfi, 3, true, None),
            ("CFI", rest.cfi, 3, true, None),
            ("IFI", rest.ifi, 3, true, None),
            ("GFI (ML)", rest.gfi_ml, 3, true, None),
            ("GFI (GLS)", rest.gfi_gls, 3, true, None),
            ("GFI (ULS)", rest.gfi_uls, 3, true, None),
            ("RMSEA", rest.rmsea, 3, true, None),
            ("RMS_theta", rest.rms_theta.filter(|x| x.is_finite()), 3, true, Some("S14")),
            ("Hoelter's CN, 5 %", rest.hoelter_cn_05, 0, false, None),
            ("Hoelter's CN, 1 %", rest.hoelter_cn_01, 0, false, None),
        ]
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
        let items = |j: usize| blocks[j].start..blocks[j].start + blocks[j].len;
        let Reliabilities {
            alpha,
            rho_a,
            rho_c,
            rho_c_sample_cor,
            rho_c_weighted_model_implied,
            rho_t_weighted,
            rho_dg,
            ave,
        } = Reliabilities::of(fit, conventions);
        let estimated = Implied::of(fit, false, conventions.component_source);
        let saturated = Implied::of(fit, true, conventions.component_source);
        let ratio = |kind: Htmt| {
            Matrix::from_fn(names.clone(), names.clone(), |i, j| {
                let silent = conventions.formative == Formative::NotApplicable
                    && [i, j].iter().any(|&at| fit.is_formative(&names[at]));
                if j >= i || silent || !fit.comparable(i, j) {
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
        let global = GlobalFit::of(fit, &estimated, &saturated);
        let (model_criteria_structural, model_criteria_full) = model_criteria::of(fit, &estimated, global.df);
        Self {
            item_analysis: item_analyses(fit, &alpha),
            inner_model: (0..fit.plan.equations.len())
                .filter_map(|at| Some((names[fit.plan.equations[at].outcome].clone(), inner_model(fit, at)?)))
                .collect(),
            bounds: Bounds::of(fit, &estimated),
            model_criteria_structural,
            model_criteria_full,
            rho_dg,
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
            fit: global.into(),
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

/// Item analysis of every multi-item block that has an alpha.
fn item_analyses(fit: &PlsFit, alpha: &Vector) -> BTreeMap<String, ItemAnalysis> {
    let Some(sample) = &fit.sample else { return BTreeMap::new() };
    let names = fit.constructs();
    let blocks = names.into_iter().zip(&fit.plan.blocks);
    blocks
        .filter(|(name, block)| block.len > 1 && alpha.get(name).is_some())
        .filter_map(|(name, block)| {
            let range = block.start..block.start + block.len;
            let columns: Vec<&[f64]> = sample.columns.get(range.clone())?.iter().map(Vec::as_slice).collect();
            Some((name, ItemAnalysis::of(fit.moments.items.get(range)?, &columns, 0.95)?))
        })
        .collect()
}

fn block_eigenvalues(fit: &PlsFit, j: usize) -> Vec<f64> {
    eigen::values(&block_correlations(fit, j), fit.plan.blocks[j].len)
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
