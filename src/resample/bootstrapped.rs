//! The result of a bootstrap, and what may be asked of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draw::GENERATOR;
use super::few::few_resamples;
use super::interval::{Interval, IntervalKind};
use super::memory::mebibytes;
use super::quantities::{Kind, Quantity};
use super::reason::{Culprit, Reason, blamed, in_words};
use super::scheme::Method;
use super::settings::{Bootstrap, Inadmissible};
use super::summary::Summary;
use crate::assess::{Formative, Thresholds};
use crate::model::Model;
use crate::table::Verdict;

/// Where the random numbers of a seed come from.
fn seeded(seed: u64) -> String {
    format!("{GENERATOR}, seed {seed}")
}

fn counted(counting: usize, drawn: usize, origin: &str) -> String {
    format!("{counting} of {drawn} resamples count ({origin}).")
}

/// How many of the resamples of a seed count, in the words that stand under every table.
pub fn counted_by_seed(counting: usize, drawn: usize, seed: u64) -> String {
    counted(counting, drawn, &seeded(seed))
}

/// Result of a bootstrap.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrapped {
    /// Settings.
    pub settings: Bootstrap,
    /// Generator, or that the resamples were given.
    pub generator: &'static str,
    /// What was resampled, in words, if not simply cases.
    pub scheme: String,
    /// Resamples asked for; if the run was interrupted, those that were finished.
    pub requested: usize,
    /// Resamples that had been asked for when the run was interrupted.
    pub interrupted: Option<usize>,
    /// Resamples that count.
    pub admissible: usize,
    /// Resamples with an impossible estimate or none, by reason. They are counted here whether or not they are kept.
    pub reasons: BTreeMap<Reason, usize>,
    /// What in the model they are lost to, most of them first.
    pub culprits: Vec<Culprit>,
    /// Numbers of the resamples that count, in the order of the draws.
    pub numbers: Vec<usize>,
    /// Per resample drawn whether its estimate exists and is possible.
    pub flags: Vec<Option<Reason>>,
    /// What was recorded.
    pub quantities: Vec<Quantity>,
    /// The full-sample value of each quantity.
    pub original: Vec<f64>,
    /// Per quantity its value in every counted resample, in the order of the resamples.
    pub draws: Vec<Vec<f64>>,
    /// Per quantity its summary.
    pub summaries: Vec<Option<Summary>>,
    /// Per quantity its intervals, kind by kind and level by level.
    pub intervals: Vec<Vec<Interval>>,
    /// Summaries under the other treatment of impossible estimates (all that exist, or the possible ones alone), where
    /// the two differ.
    pub otherwise: Option<Vec<Option<Summary>>>,
    /// Exchangeable units behind the estimate: cases, clusters, or the groups of either that are left out.
    pub units: usize,
    /// Per quantity its estimates with each case (or cluster) left out, if BCa asked for them.
    pub left_out: Vec<Vec<f64>>,
    /// The model, for names and tables.
    pub model: Arc<Model>,
    /// Constructs that their items form, of which HTMT says nothing.
    pub formative: Vec<String>,
    /// Cut-offs that HTMT is tested against, each one-sided: .85 and .90 (Henseler, Ringle & Sarstedt 2015; Franke & Sarstedt
    /// 2019) or those set by hand, and 1.
    pub htmt_bounds: Vec<f64>,
}

impl Bootstrapped {
    /// Quantities of one family with their summaries and draws.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&Quantity, &Option<Summary>, &[f64])> {
        self.quantities
            .iter()
            .zip(&self.summaries)
            .zip(&self.draws)
            .filter(move |((quantity, _), _)| quantity.kind == kind)
            .map(|((quantity, summary), draws)| (quantity, summary, draws.as_slice()))
    }

    /// Quantities of one family with their intervals.
    pub fn intervals_of(&self, kind: Kind) -> impl Iterator<Item = (&Quantity, &[Interval])> {
        let all = self.quantities.iter().zip(&self.intervals);
        all.filter(move |(quantity, _)| quantity.kind == kind)
            .map(|(quantity, intervals)| (quantity, intervals.as_slice()))
    }

    /// Summary of the path between two constructs, by name.
    pub fn find(&self, kind: Kind, from: &str, to: &str) -> Option<&Summary> {
        self.of_kind(kind).find(|(q, _, _)| q.from == from && q.to == to).and_then(|(_, s, _)| s.as_ref())
    }

    /// The same judged by thresholds set by hand: those of rule R08 take the place of .85 and .90.
    #[must_use]
    pub fn judged_by(mut self, thresholds: &Thresholds) -> Self {
        if let Some(bands) = thresholds.by_hand("R08") {
            self.htmt_bounds = bands.check_from.into_iter().chain(bands.fail_from).chain([1.0]).collect();
            self.htmt_bounds.sort_by(f64::total_cmp);
            self.htmt_bounds.dedup();
        }
        self
    }

    /// Memory that the values take, in MiB: those of all resamples drawn, and those with a case left out.
    pub fn memory(&self) -> f64 {
        let left_out = self.left_out.iter().map(Vec::len).max().unwrap_or_default();
        mebibytes(self.quantities.len(), self.flags.len() + left_out)
    }

    /// Whether a quantity is an HTMT of which nothing is said, since one of its constructs is formative.
    pub(super) fn is_silent(&self, quantity: &Quantity) -> bool {
        matches!(quantity.kind, Kind::Htmt | Kind::Htmt2)
            && self.settings.formative == Formative::NotApplicable
            && [&quantity.from, &quantity.to].iter().any(|name| self.formative.contains(name))
    }

    /// What so few resamples cannot tell, in words; `None` where there are enough, and for a jackknife.
    pub fn few(&self) -> Option<String> {
        let settings = &self.settings;
        if settings.method == Method::Jackknife {
            return None;
        }
        let inference = settings.inference(self.units);
        let level = inference.levels.iter().copied().fold(0.0, f64::max);
        let by_ranks = |kind: &IntervalKind| !matches!(kind, IntervalKind::Normal | IntervalKind::T);
        few_resamples(self.admissible, level, settings.tails, inference.intervals.iter().any(by_ranks))
    }

    /// Whether a seed repeats the resamples.
    pub fn is_seeded(&self) -> bool {
        self.generator == GENERATOR
    }

    /// Share of the resamples drawn whose estimate is impossible or does not exist (rule X11).
    pub fn inadmissible_share(&self) -> f64 {
        self.reasons.values().sum::<usize>() as f64 / self.flags.len().max(1) as f64
    }

    /// Rule X11 about that share.
    pub fn verdict(&self, thresholds: &Thresholds) -> Verdict {
        thresholds.judge("X11", Some(self.inadmissible_share()))
    }

    /// Why resamples do not count, and what in the model causes it, in words.
    pub fn lost(&self) -> String {
        let words = in_words(&self.reasons);
        match blamed(&self.culprits) {
            Some(blamed) => format!("{words}; most often because of {blamed}"),
            None => words,
        }
    }

    /// How many resamples count, and why others do not: the note under every table.
    pub fn accounting(&self) -> String {
        let origin = if self.is_seeded() { seeded(self.settings.seed) } else { self.generator.to_owned() };
        let scheme = if self.scheme.is_empty() { String::new() } else { format!("{}; ", self.scheme) };
        let mut words = counted(self.admissible, self.flags.len(), &format!("{scheme}{origin}"));
        if let Some(asked) = self.interrupted {
            words.push_str(&format!(
                " Interrupted: {asked} were asked for; `--resamples {}` repeats what was finished.",
                self.requested
            ));
        }
        if !self.reasons.is_empty() {
            let fate = match self.settings.inadmissible {
                Inadmissible::Replace => "Replaced by others",
                _ if self.admissible + self.reasons.values().sum::<usize>() > self.flags.len() => {
                    "Inadmissible"
                }
                _ => "Left out",
            };
            words.push_str(&format!(" {fate}: {}.", in_words(&self.reasons)));
            if let Some(blamed) = blamed(&self.culprits) {
                words.push_str(&format!(" Most often because of {blamed}."));
            }
        }
        if self.settings.inadmissible == Inadmissible::Replace && self.admissible < self.requested {
            words.push_str(&format!(
                " Not all could be replaced: {} were asked for, and no more were drawn.",
                self.requested
            ));
        }
        if let Some(few) = self.few() {
            words.push_str(&format!(" {few}."));
        }
        words
    }
}
