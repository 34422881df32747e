//! What one cell of a file says: a number, a word, or no answer.

/// Cells that mean "no answer", besides the empty cell; written exactly so.
pub(super) const MISSING_WORDS: [&str; 8] = ["NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "."];

/// The cell without surrounding space, `None` if it means "no answer".
pub(super) fn answer(cell: &str) -> Option<&str> {
    let cell = cell.trim();
    let missing = cell.is_empty() || (cell.len() <= 4 && MISSING_WORDS.contains(&cell));
    (!missing).then_some(cell)
}

/// A finite number with decimal point, as Rust and most programs write it.
pub(super) fn number(cell: &str) -> Option<f64> {
    integer(cell).or_else(|| cell.parse().ok().filter(|value: &f64| value.is_finite()))
}

/// The short way for what most cells are: a few digits.
pub(super) fn integer(cell: &str) -> Option<f64> {
    let bytes = cell.as_bytes();
    // Up to 15 digits are exact in f64.
    if bytes.is_empty() || bytes.len() > 15 {
        return None;
    }
    let mut value = 0_u64;
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u64::from(byte - b'0');
    }
    Some(value as f64)
}

/// A number with decimal comma: `-?\d+(,\d+)?`.
pub(super) fn comma_number(cell: &str) -> Option<f64> {
    let unsigned = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, fraction) = unsigned.split_once(',').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    number(&cell.replace(',', "."))
}

/// A cell as messages show it.
pub(super) fn shown(cell: &str) -> String {
    format!("`{}`", shorten(cell))
}

/// The beginning of a cell, fit for a message.
pub(super) fn shorten(cell: &str) -> String {
    const MOST: usize = 40;
    let plain: String = cell.chars().take(MOST + 1).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if plain.chars().count() > MOST { plain.chars().take(MOST).chain(['…']).collect() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_finite_and_written_plainly() {
        assert_eq!(number("7"), Some(7.0));
        assert_eq!(number("-2.5e3"), Some(-2500.0));
        assert_eq!(number("123456789012345678"), Some(123_456_789_012_345_678.0));
        for word in ["", "inf", "nan", "1e999", "1,5", "0x10", "seven", "1 2"] {
            assert_eq!(number(word), None, "{word}");
        }
    }

    #[test]
    fn decimal_commas_have_digits_on_both_sides() {
        assert_eq!(comma_number("-3,25"), Some(-3.25));
        assert_eq!(comma_number("4"), Some(4.0));
        for word in ["1,2,3", ",5", "5,", "1.5", "1.234,5", "a,b", "-"] {
            assert_eq!(comma_number(word), None, "{word}");
        }
    }

    #[test]
    fn missing_words_are_exact() {
        for word in ["", "  ", "NA", " NA ", "N/A", "NaN", "null", "."] {
            assert_eq!(answer(word), None, "{word}");
        }
        assert_eq!(answer(" NAV "), Some("NAV"));
        assert_eq!(answer(".."), Some(".."));
    }

    #[test]
    fn long_cells_are_cut() {
        assert_eq!(shorten("a\nb"), "a b");
        assert_eq!(shorten(&"x".repeat(50)).chars().count(), 41);
    }
}
