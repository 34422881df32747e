//! The numbers a reviewer asks for, one statistic per file.
//!
//! Kernels take correlations, loadings or weights and return a number; [`Assessment::of`] gathers their inputs
//! from a fit and names the results as the field does. Where programs disagree, [`Conventions`] chooses; the
//! defaults are those of the literature cited in each file.

mod admissibility;
mod alpha;
mod ave;
mod blindfolding;
mod conventions;
mod criteria;
mod differences;
mod effects;
mod f_squared;
mod finding;
mod fit_indices;
mod fornell_larcker;
mod gof;
mod guttman;
mod htmt;
mod hypotheses;
mod implied;
mod inner_model;
mod item_analysis;
mod item_tables;
mod leaves;
mod model_criteria;
mod omega;
mod ordinal_reliability;
mod redundancy;
mod reliabilities;
mod report;
mod rho;
mod rivals;
mod rules;
mod sample_size;
mod saturated;
mod tables;
mod thresholds;
mod verdict;
mod vif;

pub use admissibility::Bounds;
pub(crate) use admissibility::beyond_one;
pub(crate) use alpha::alpha;
pub use alpha::{alpha_closed_form_ci, cronbach_alpha};
pub(crate) use ave::ave;
pub use ave::average_variance_extracted;
pub use blindfolding::{Blindfolding, CrossValidated, Distance, blindfolding};
pub use conventions::{
    ComponentSource, Conventions, CriteriaSource, DgLogarithm, FSquared, Formative, FornellLarcker,
    NegativeAlpha, RhoA, RhoC, SingleItem, VifSource,
};
pub use criteria::{Criteria, criteria};
pub use differences::{Cause, Comparison, Difference, Preset, Setting, compare, numbers};
pub use effects::Effects;
pub(crate) use f_squared::{effect_size, f_squared};
pub use finding::Finding;
pub(crate) use fit_indices::srmr;
pub use fit_indices::{FitIndices, GlobalFit};
pub use guttman::{Guttman, guttman, split_halves, squared_multiples};
pub(crate) use htmt::htmt_of_blocks;
pub use htmt::{Htmt, htmt, htmt_pair};
pub(crate) use hypotheses::{Hypotheses, Support, Tested};
pub use implied::Implied;
pub(crate) use implied::{implied_constructs, squared_residuals};
pub use inner_model::{Coefficient, inner_model};
pub use item_analysis::{Consistency, ItemAnalysis, ItemConsistency, feldt_interval};
pub(crate) use leaves::Answers;
pub use model_criteria::{ModelCriteria, model_criteria};
pub use omega::{
    GroupOmega, SchmidLeiman, complete_cases, one_factor as omega_from_moments,
    one_factor_of as omega_one_factor,
};
pub use ordinal_reliability::{
    OrdinalReliability, OrdinalScale, ordinal_reliability, speaks_of_ordinal_items,
};
pub use redundancy::{
    GlobalItem, Redundancy, global_item_redundancy, mode_a_redundancy, redundancy, redundancy_table,
};
pub use report::Assessment;
pub use rho::{congeneric, rho_a, rho_c, rho_dg, tau_equivalent};
pub(crate) use rho::{dijkstra_henseler, joreskog};
pub use rivals::{RivalCriteria, RivalModel, RivalOutcome, Rivals, criterion_weights};
pub use rules::{Alternative, Rule, Status, nearest_rule, rule, rules};
pub use sample_size::{Tails, detectable, gamma_exponential, inverse_square_root, inverse_square_root_at};
pub(crate) use tables::FORMATIVE_HTMT;
#[cfg(feature = "report")]
pub(crate) use tables::{Tally, has_reliability, is_formative, weighting_name};
pub use tables::{differences_table, programs_table, sample_size_table, settings_table};
pub use thresholds::Thresholds;
pub use verdict::{Bands, f_squared_words, interaction_f_squared_words, r_squared_words};
pub(crate) use vif::push_vif;
pub use vif::{antecedent_vif, indicator_vif};
