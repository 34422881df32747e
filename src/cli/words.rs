//! The library's choices as clap values: the same words, listed in the help, case ignored.

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Parses one of `all`, each known by its `word`.
pub(crate) fn one_of<T>(all: &'static [T], word: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(|choice| word(*choice))).try_map(move |typed| {
        // clap has checked the word already; this only finds the choice it stands for.
        let found = all.iter().copied().find(|choice| word(*choice).eq_ignore_ascii_case(&typed));
        found.ok_or_else(|| format!("`{typed}` is no choice"))
    })
}

/// A number that is neither infinite nor NaN.
pub(crate) fn finite(typed: &str) -> Result<f64, String> {
    typed
        .parse::<f64>()
        .ok()
        .filter(|value| value.is_finite())
        .ok_or_else(|| format!("`{typed}` is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_finite() {
        assert_eq!(finite("-99"), Ok(-99.0));
        assert!(finite("nan").is_err() && finite("inf").is_err() && finite("").is_err());
    }
}
