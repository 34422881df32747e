//! Which bootstraps derived effects can be read off.

use super::EffectError;
use crate::diagnostic::Diagnostic;
use crate::resample::{Bootstrap, IntervalKind, Method};
use crate::table::percent;

/// What derived effects cannot have of a bootstrap with these settings, in words: they have one interval each, and no standard
/// error within a resample.
///
/// # Errors
/// `TP0003` for a jackknife, which has no distribution.
pub fn suits(settings: &Bootstrap) -> Result<Vec<String>, EffectError> {
    if settings.method == Method::Jackknife {
        return Err(Diagnostic::error(
            "TP0003",
            "effects derived from paths need a distribution, which a jackknife has not",
        )
        .hint("leave the method out: it is `bootstrap`, unless another is asked for")
        .into());
    }
    let kinds: Vec<IntervalKind> =
        settings.intervals.iter().copied().filter(|kind| *kind != IntervalKind::Studentized).collect();
    let kind = kinds.first().copied().unwrap_or(IntervalKind::Percentile);
    if settings.intervals.contains(&IntervalKind::Studentized) {
        return Ok(vec![format!(
            "effects derived from paths have no standard error in every resample, so that they have no studentized \
             interval; theirs are {}",
            kind.name()
        )]);
    }
    if kinds.len() > 1 || !settings.more_levels.is_empty() {
        return Ok(vec![format!(
            "effects derived from paths have one interval each, the first that was asked for ({}, {} %); `bootstrap` has all",
            kind.name(),
            percent(settings.level)
        )]);
    }
    Ok(Vec::new())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_said() {
        let of = |intervals: &[IntervalKind], more_levels: &[f64]| {
            let intervals = intervals.to_vec();
            suits(&Bootstrap {
                intervals,
                more_levels: more_levels.to_vec(),
                level: 0.975,
                ..Bootstrap::default()
            })
            .unwrap()
            .join("")
        };
        assert_eq!(of(&[], &[]), "");
        assert_eq!(of(&[IntervalKind::Bca], &[]), "");
        assert!(of(&[IntervalKind::Bca, IntervalKind::Normal], &[]).contains("(BCa, 97.5 %)"));
        assert!(of(&[], &[0.99]).contains("(percentile, 97.5 %)"));
        assert!(of(&[IntervalKind::Studentized, IntervalKind::Bca], &[]).ends_with("theirs are BCa"));
        let jackknife = Bootstrap { method: Method::Jackknife, ..Bootstrap::default() };
        assert!(suits(&jackknife).unwrap_err().to_string().contains("jackknife"));
    }
}
