//! How interactions are probed, for the verbs that do.

use std::collections::BTreeMap;

use clap::Args;
use trustpath::diagnostic::Diagnostic;
use trustpath::effects::{JohnsonNeyman, ModerationSettings};

use super::Failure;
use super::words::one_of;

/// How interactions are probed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Probing")]
pub(crate) struct Probing {
    /// Values at which a moderator stands, such as DTT=-2,0,2 (repeatable), in standard deviations, or in the units of an unstandardised construct [default: -1, 0, 1, or the two values of a binary one]
    #[arg(long, value_name = "NAME=VALUES", allow_hyphen_values = true)]
    at: Vec<String>,
    /// The factor of a product that moderates [default: the second, or the binary one] (repeatable)
    #[arg(long, value_name = "NAME")]
    moderator: Vec<String>,
    /// Where the points of Johnson and Neyman come from [default: percentile]
    #[arg(long, value_parser = one_of(JohnsonNeyman::ALL, JohnsonNeyman::word), ignore_case = true)]
    johnson_neyman: Option<JohnsonNeyman>,
}

impl Probing {
    /// The settings.
    pub(crate) fn settings(&self) -> Result<ModerationSettings, Failure> {
        Ok(ModerationSettings {
            moderators: self.moderator.clone(),
            values: values(&self.at)?,
            johnson_neyman: self.johnson_neyman,
        })
    }
}

/// `NAME=VALUES` as typed.
fn values(typed: &[String]) -> Result<BTreeMap<String, Vec<f64>>, Failure> {
    let mut found = BTreeMap::new();
    for written in typed {
        let parsed = written.split_once('=').and_then(|(name, list)| {
            let numbers: Option<Vec<f64>> = list
                .split(',')
                .map(|word| word.trim().parse().ok().filter(|x: &f64| x.is_finite()))
                .collect();
            Some((name.trim().to_owned(), numbers?))
        });
        let Some((name, numbers)) = parsed else {
            return Err(Diagnostic::error("TP0804", format!("`--at {written}` names no values"))
                .hint("write a moderator and numbers: `--at DTT=-1,0,1`")
                .into());
        };
        found.insert(name, numbers);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn values_are_numbers_after_a_name() {
        let read = values(&["A=-1,0, 2".to_owned()]).ok();
        assert_eq!(read.and_then(|read| read.get("A").cloned()), Some(vec![-1.0, 0.0, 2.0]));
        for wrong in ["A", "A=", "A=x", "A=1,,2", "A=nan"] {
            assert!(values(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
