//! Signs of resamples. A composite is defined up to its sign, so a resample may find the mirror image of a construct.
//!
//! The estimator orients every construct by its own rule (see [`crate::pls::SignRule`]), in resamples as in the sample; by
//! default nothing more is done. The corrections that programs offer in addition compare a resample with the sample and
//! take the whole estimate again from the turned weights:
//!
//! * construct-level (Tenenhaus et al. 2005, doi:10.1016/j.csda.2004.03.005): a construct is turned where its loadings lie
//!   nearer to the mirror image of the sample's, `|Σ(λ − λ_b)| > |Σ(λ + λ_b)|`, if any weight has another sign at all;
//! * individual: every weight takes the sign of the sample's. It makes standard errors too small;
//! * dominant: a construct is turned so that the item with the sample's largest loading keeps its sign.
//!
//! A model in stages is turned stage by stage, so that scores have their sign before they become items or factors.

use crate::model::words;
use crate::pls::{Estimate, Failure, Plan};

words! {
    /// What is done about signs in resamples.
    SignChange: "sign change" {
        /// Nothing beyond the estimator's own rule (default; Hair et al. 2022).
        None = "none",
        /// Whole constructs are turned.
        Construct = "construct",
        /// Every weight takes the sample's sign.
        Individual = "individual",
        /// Constructs follow their dominant item.
        Dominant = "dominant",
    }
}

/// Turns an estimate towards the sample's, where the rule says so.
///
/// # Errors
/// [`Failure`] where the turned weights give no estimate.
pub(super) fn align(
    rule: SignChange,
    sample: &Estimate,
    plan: &Plan,
    s: &[f64],
    estimate: &mut Estimate,
) -> Result<(), Failure> {
    let differs = |w: &f64, own: &f64| w * own < 0.0;
    let any = || estimate.weights.iter().zip(&sample.weights).any(|(w, own)| differs(w, own));
    let mut turned = false;
    match rule {
        SignChange::None => {}
        SignChange::Individual => {
            for (w, own) in estimate.weights.iter_mut().zip(&sample.weights) {
                if differs(w, own) {
                    *w = -*w;
                    turned = true;
                }
            }
        }
        SignChange::Construct | SignChange::Dominant => {
            if rule == SignChange::Construct && !any() {
                return Ok(());
            }
            for block in &plan.blocks {
                let items = block.start..block.start + block.len;
                let (own, here) = (&sample.loadings[items.clone()], &estimate.loadings[items.clone()]);
                let mirrored = if rule == SignChange::Dominant {
                    let pairs = own.iter().zip(here);
                    pairs
                        .max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))
                        .is_some_and(|(own, here)| differs(here, own))
                } else {
                    let sums = |sign: f64| own.iter().zip(here).map(|(a, b)| a + sign * b).sum::<f64>().abs();
                    sums(-1.0) > sums(1.0)
                };
                if mirrored {
                    estimate.weights[items].iter_mut().for_each(|w| *w = -*w);
                    turned = true;
                }
            }
        }
    }
    if turned { estimate.follow(plan, s) } else { Ok(()) }
}
