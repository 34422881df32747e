//! What few resamples cannot tell.

use super::p_value;
use crate::assess::Tails;
use crate::table::{apa, percent};

/// Standard errors from fewer resamples than this err by more than 7 %, which is worth a warning.
const FEW: usize = 100;

/// What `count` resamples cannot tell, in words; `None` where there are enough.
///
/// * A standard error errs by `1/√(2(B − 1))` of its size, as that of normal values does.
/// * A bound that leaves `α` outside is the rank `αB` of the resampled values: below `1/α` of them there is none, and the
///   bound is their least or greatest.
/// * No p from the share of resamples beyond 0 falls below `2/(B + 1)`, with one tail `1/(B + 1)`.
///
/// `by_ranks` says whether bounds at `level` are ranks, as all are but those by the normal distribution and by t.
pub fn few_resamples(count: usize, level: f64, tails: Tails, by_ranks: bool) -> Option<String> {
    let outside = if tails == Tails::One { 1.0 - level } else { (1.0 - level) / 2.0 };
    let needed = (1.0 / outside - 1e-6).ceil();
    let bounds = by_ranks && (count as f64) < needed;
    if !bounds && count >= FEW {
        return None;
    }
    let mut lacks = Vec::new();
    if count < 2 {
        lacks.push("there is no standard error".to_owned());
    } else if count < FEW {
        let error = (0.5 / (count as f64 - 1.0)).sqrt();
        lacks.push(format!("standard errors are off by about {:.0} %", 100.0 * error));
    }
    if bounds {
        lacks.push(format!("bounds at {} % need at least {needed:.0}", percent(level)));
    }
    if count < FEW {
        let least = p_value::least(count, tails);
        lacks.push(format!("no p by the share of resamples beyond 0 falls below {}", apa(least, 3)));
    }
    let lacks = lacks.join(", ");
    Some(match count {
        1 => format!("1 resample is few: {lacks}"),
        _ => format!("{count} resamples are few: {lacks}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_few_cannot_tell_is_said() {
        let few = |count, level, tails| few_resamples(count, level, tails, true).unwrap_or_default();
        let ten = few(10, 0.95, Tails::Two);
        for part in ["10 resamples are few", "about 24 %", "bounds at 95 % need at least 40", "below .182"] {
            assert!(ten.contains(part), "{ten}");
        }
        assert!(few(10, 0.95, Tails::One).contains("at least 20,"));
        assert!(
            few(39, 0.95, Tails::Two).contains("bounds") && !few(40, 0.95, Tails::Two).contains("bounds")
        );
        assert!(!few(99, 0.95, Tails::Two).is_empty() && few(100, 0.95, Tails::Two).is_empty());
        // A high level needs more, and has nothing to say about standard errors.
        assert_eq!(few(150, 0.99, Tails::Two), "150 resamples are few: bounds at 99 % need at least 200");
        assert_eq!(few_resamples(150, 0.99, Tails::Two, false), None);
        assert!(few(1, 0.95, Tails::Two).starts_with("1 resample is few: there is no standard error"));
    }
}
