//! Settings of a bootstrap.

use serde::{Deserialize, Serialize};

use super::folds::Folds;
use super::interval::{Centre, IntervalKind};
use super::quantities::Kind;
use super::scheme::{Design, Method, Scheme};
use super::signs::SignChange;
use super::summary::{Inference, PValue};
use super::{ResampleError, invalid};
use crate::assess::{Formative, Htmt, Tails};
use crate::diagnostic::Diagnostic;
use crate::model::words;

words! {
    /// When missing answers are replaced by means.
    Imputation: "imputation" {
        /// In every resample, by the resample's means: the replacement is part of the estimator, so its uncertainty
        /// belongs into the standard error (default; seminr).
        EachResample = "each-resample",
        /// Once, by the full sample's means, before resampling.
        Once = "once",
    }
}

words! {
    /// What is done about resamples whose estimate exists but is impossible: a loading or reliability beyond 1,
    /// construct or implied correlations that are not positive semidefinite.
    Inadmissible: "treatment of inadmissible resamples" {
        /// They are left out and counted (default; cSEM).
        Drop = "drop",
        /// They are kept (seminr). Resamples without an estimate are left out all the same.
        Keep = "keep",
        /// Others are drawn in their place, from the streams that follow, until there are as many as asked for
        /// (cSEM's `replace`).
        Replace = "replace",
    }
}

/// Bootstrap settings, and with [`run`](Bootstrap::run) the bootstrap itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bootstrap {
    /// How resamples are made.
    pub method: Method,
    /// Number of resamples; at least 10,000 for final results (Streukens & Leroi-Werelds 2016,
    /// doi:10.1016/j.emj.2016.06.003). A jackknife has as many as there are cases.
    pub resamples: usize,
    /// Groups that a jackknife leaves out in turn instead of every case: the delete-a-group jackknife (Kott 2001, Journal of
    /// Official Statistics 17(4), 521–526; Shao & Tu 1995, section 5.2), `SE² = (k − 1)/k Σ (θ_i − θ̄)²` with k − 1 degrees of
    /// freedom.
    pub folds: Option<usize>,
    /// How often the cases are dealt into these groups; none is once. The variance is the mean of those of all deals, which
    /// depends less on the seed.
    pub repeats: Option<usize>,
    /// Seed; stream b of it gives resample b.
    pub seed: u64,
    /// Level of the intervals that are reported first.
    pub level: f64,
    /// Further levels.
    pub more_levels: Vec<f64>,
    /// Kinds of intervals, the one to report first. None is percentile, for a jackknife t.
    pub intervals: Vec<IntervalKind>,
    /// One tail or two.
    pub tails: Tails,
    /// Where p-values come from. None is normal, for a jackknife of groups t.
    pub p_value: Option<PValue>,
    /// Whether symmetric intervals are centred on the estimate less its bias (cSEM).
    pub bias_corrected: bool,
    /// What the acceleration of BCa is measured from.
    pub acceleration: Centre,
    /// When missing answers are replaced.
    pub imputation: Imputation,
    /// What is done about impossible estimates.
    pub inadmissible: Inadmissible,
    /// What is done about signs beyond the estimator's own rule.
    pub sign_change: SignChange,
    /// Which HTMT is recorded.
    pub htmt: Htmt,
    /// Whether HTMT of formative constructs is recorded, as in [`Conventions`](crate::assess::Conventions).
    pub formative: Formative,
    /// Families that are recorded; none is all but d_ULS, d_G and d_ML.
    pub record: Vec<Kind>,
    /// Differences of effects that are recorded, such as `A -> C - B -> C`.
    pub contrasts: Vec<String>,
    /// Most memory for the values: those recorded, those with a case left out (BCa), and standard errors inside resamples
    /// (studentized), in mebibytes. Replacing stops where it is reached.
    pub max_memory: usize,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self {
            method: Method::Bootstrap,
            resamples: 10_000,
            folds: None,
            repeats: None,
            seed: 42,
            level: 0.95,
            more_levels: Vec::new(),
            intervals: Vec::new(),
            tails: Tails::Two,
            p_value: None,
            bias_corrected: false,
            acceleration: Centre::Mean,
            imputation: Imputation::EachResample,
            inadmissible: Inadmissible::Drop,
            sign_change: SignChange::None,
            htmt: Htmt::Absolute,
            formative: Formative::NotApplicable,
            record: Vec::new(),
            contrasts: Vec::new(),
            max_memory: 2_048,
        }
    }
}

impl Bootstrap {
    /// The kind of interval that is reported first.
    pub fn interval(&self) -> IntervalKind {
        self.kinds().first().copied().unwrap_or(IntervalKind::Percentile)
    }

    /// Kinds of intervals, each once.
    fn kinds(&self) -> Vec<IntervalKind> {
        let mut kinds = Vec::new();
        for &kind in &self.intervals {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if kinds.is_empty() {
            kinds.push(if self.method == Method::Jackknife {
                IntervalKind::T
            } else {
                IntervalKind::Percentile
            });
        }
        kinds
    }

    /// Where p-values come from. So few groups as a jackknife leaves out have no normal distribution.
    pub fn p_value(&self) -> PValue {
        self.p_value.unwrap_or(if self.folds.is_some() { PValue::T } else { PValue::Normal })
    }

    /// The groups that a jackknife leaves out in turn.
    fn dealt(&self) -> Option<Folds> {
        let groups = |k| Folds { k, repeats: self.repeats.unwrap_or(1), seed: self.seed };
        self.folds.filter(|_| self.method == Method::Jackknife).map(groups)
    }

    /// Whether a kind of interval is asked for.
    pub fn wants(&self, kind: IntervalKind) -> bool {
        self.kinds().contains(&kind)
    }

    /// The part that summaries are made by, with `units` exchangeable units behind the estimate.
    pub fn inference(&self, units: usize) -> Inference {
        let mut levels = vec![self.level];
        for &level in &self.more_levels {
            if !levels.contains(&level) {
                levels.push(level);
            }
        }
        Inference {
            method: self.method,
            intervals: self.kinds(),
            levels,
            tails: self.tails,
            p_value: self.p_value(),
            bias_corrected: self.bias_corrected,
            acceleration: self.acceleration,
            df: units as f64 - 1.0,
            folds: self.folds,
        }
    }

    /// The scheme these settings describe, cases grouped by a design.
    pub fn scheme(&self, design: Design) -> Scheme {
        match self.dealt() {
            Some(folds) => Scheme::Folds(folds, design),
            None => Scheme::Drawn(self.method, design),
        }
    }

    /// Refuses settings that cannot be.
    pub(super) fn check(&self, requested: usize, scheme: &Scheme) -> Result<(), ResampleError> {
        let dealt = if let Scheme::Folds(folds, _) = scheme { Some(folds.k) } else { None };
        if self.folds != dealt || (dealt.is_some() && self.method != Method::Jackknife) {
            return Err(invalid(
                Diagnostic::error("TP0603", "folds are left out in turn, which only a jackknife does")
                    .hint("ask for `--method jackknife` with `--folds`, or leave out `--folds`"),
            ));
        }
        if self.repeats.is_some() && dealt.is_none() {
            return Err(invalid(
                Diagnostic::error("TP0603", "repeats deal cases into folds anew, and there are no folds")
                    .hint("ask for `--method jackknife --folds 10 --repeats 5`, or leave out `--repeats`"),
            ));
        }
        let levels = std::iter::once(&self.level).chain(&self.more_levels);
        let wrong = levels.copied().find(|level| !(*level > 0.0 && *level < 1.0));
        // Folds are checked where the number of cases is known.
        if (requested < 2 && dealt.is_none()) || wrong.is_some() {
            let level = wrong.unwrap_or(self.level);
            return Err(invalid(
                Diagnostic::error(
                    "TP0603",
                    format!("{requested} resamples at level {level} cannot be summarised"),
                )
                .hint("ask for at least 2 resamples and a level between 0 and 1, such as 0.95"),
            ));
        }
        let jackknife = matches!(scheme, Scheme::Drawn(Method::Jackknife, _) | Scheme::Folds(..));
        let only_by_error = |kind: &IntervalKind| matches!(kind, IntervalKind::Normal | IntervalKind::T);
        if let Some(kind) = self.kinds().into_iter().find(|kind| jackknife && !only_by_error(kind)) {
            return Err(invalid(
                Diagnostic::error("TP0603", format!("a jackknife gives no {kind} interval"))
                    .hint("choose `--intervals t` or `normal`, or leave out `--method jackknife`"),
            ));
        }
        let drawn = matches!(scheme, Scheme::Drawn(Method::Bootstrap, _) | Scheme::Indices(_));
        if self.wants(IntervalKind::Studentized) && !drawn {
            return Err(invalid(
                Diagnostic::error("TP0603", "studentized intervals need cases that are drawn, not weighted")
                    .hint("choose other `--intervals`, or `--method bootstrap`"),
            ));
        }
        if let Scheme::Drawn(Method::Jackknife, Design { strata: Some(strata), .. }) = scheme {
            let message = format!("a jackknife takes no strata (`{}`)", strata.column);
            return Err(invalid(
                Diagnostic::error("TP0603", message)
                    .hint("leave out `--strata`: each case is left out once, whichever stratum it is in")
                    .hint("or leave out groups that are dealt within strata: `--folds 10`")
                    .hint("or draw within strata: leave out `--method jackknife`"),
            ));
        }
        let given = matches!(scheme, Scheme::Indices(_) | Scheme::Weights(_));
        if given && self.inadmissible == Inadmissible::Replace {
            return Err(invalid(
                Diagnostic::error("TP0603", "given resamples cannot be replaced by others")
                    .hint("choose `--inadmissible drop` or `keep`, or give more resamples"),
            ));
        }
        if jackknife && self.inadmissible == Inadmissible::Replace {
            return Err(invalid(
                Diagnostic::error("TP0603", "a jackknife has no more resamples to replace some by")
                    .hint("choose `--inadmissible drop` or `keep`"),
            ));
        }
        Ok(())
    }
}
