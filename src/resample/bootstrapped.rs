//! The result of a bootstrap, and what may be asked of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::interval::Interval;
use super::quantities::{Kind, Quantity};
use super::reason::Reason;
use super::settings::{Bootstrap, Inadmissible};
use super::summary::Summary;
use crate::assess::Thresholds;
use crate::model::Model;

/// Memory of the values of so many quantities in so many resamples, in MiB.
pub(super) fn mebibytes(quantities: usize, resamples: usize) -> f64 {
    quantities as f64 * resamples as f64 * 8.0 / 1_048_576.0
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
    /// Exchangeable units behind the estimate: cases, or clusters.
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

    /// Memory that the recorded values take, in MiB.
    pub fn memory(&self) -> f64 {
        mebibytes(self.quantities.len(), self.flags.len())
    }

    /// Whether a seed repeats the resamples.
    pub fn is_seeded(&self) -> bool {
        self.generator == super::draw::GENERATOR
    }

    /// Share of the resamples drawn whose estimate is impossible or does not exist (rule X11).
    pub fn inadmissible_share(&self) -> f64 {
        self.reasons.values().sum::<usize>() as f64 / self.flags.len().max(1) as f64
    }

    /// How many resamples count, and why others do not: the note under every table.
    pub fn accounting(&self) -> String {
        let origin = if self.is_seeded() {
            format!("{}, seed {}", self.generator, self.settings.seed)
        } else {
            self.generator.to_owned()
        };
        let scheme = if self.scheme.is_empty() { String::new() } else { format!("{}; ", self.scheme) };
        let mut words =
            format!("{} of {} resamples count ({scheme}{origin}).", self.admissible, self.flags.len());
        if let Some(asked) = self.interrupted {
            words.push_str(&format!(
                " Interrupted: {asked} were asked for; `--resamples {}` repeats what was finished.",
                self.requested
            ));
        }
        if !self.reasons.is_empty() {
            let listed: Vec<String> = self
                .reasons
                .iter()
                .map(|(reason, count)| format!("{count} with {}", reason.words()))
                .collect();
            let fate = match self.settings.inadmissible {
                Inadmissible::Replace => "Replaced by others",
                _ if self.admissible + self.reasons.values().sum::<usize>() > self.flags.len() => {
                    "Inadmissible"
                }
                _ => "Left out",
            };
            words.push_str(&format!(" {fate}: {}.", listed.join(", ")));
        }
        words
    }
}
