//! Numbers as the American Psychological Association sets them.

/// A number with `digits` decimals and a true minus sign.
pub fn fixed(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    // A rounded −0.000 is zero.
    if let Some(magnitude) = text.strip_prefix('-') {
        if magnitude.chars().all(|c| c == '0' || c == '.') {
            return magnitude.to_owned();
        }
        return format!("−{magnitude}");
    }
    text
}

/// A quantity that cannot exceed 1 by nature: no leading zero.
pub fn apa(value: f64, digits: usize) -> String {
    let text = fixed(value, digits);
    if let Some(rest) = text.strip_prefix("−0.") {
        format!("−.{rest}")
    } else if let Some(rest) = text.strip_prefix("0.") {
        format!(".{rest}")
    } else {
        text
    }
}

/// An interval, `[−.146, .022]`. A bound that rounds to 0 without being 0 gets the decimals that show on which side of 0 it
/// lies, five at most: whether an interval holds 0 is what it is looked at for.
pub fn interval(low: f64, high: f64, digits: usize) -> String {
    let bound = |value: f64| {
        let needed = (digits..=5).find(|&digits| {
            value == 0.0 || fixed(value.abs(), digits).contains(|c| ('1'..='9').contains(&c))
        });
        apa(value, needed.unwrap_or(digits))
    };
    format!("[{}, {}]", bound(low), bound(high))
}

/// A share as a percentage with as many decimals as it needs, four at most: `95`, `97.5`.
pub fn percent(share: f64) -> String {
    fixed((share * 1e6).round() / 1e4, 4).trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A probability: `.023`, `< .001`, `> .999`.
pub fn apa_p(p: f64) -> String {
    if p < 0.0005 {
        "< .001".to_owned()
    } else if p > 0.9995 {
        "> .999".to_owned()
    } else {
        apa(p, 3)
    }
}

/// A bound of a probability, rounded up: `< .020`.
pub(super) fn below(p: f64) -> String {
    format!("< {}", apa((p * 1000.0 - 1e-9).ceil().max(1.0) / 1000.0, 3))
}

/// `a`, `a and b`, `a, b and c`; beyond `most` only counted.
pub(crate) fn list(words: &[String], most: usize) -> String {
    let shown = words.len().min(most);
    let mut parts: Vec<String> = words.iter().take(shown).cloned().collect();
    if words.len() > shown {
        parts.push(format!("{} more", words.len() - shown));
    }
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_as_a_person_would_write_it() {
        let words: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
        assert_eq!(list(&words, 9), "a, b and c");
        assert_eq!(list(&words, 1), "a and 2 more");
        assert_eq!(list(&words[..1], 9), "a");
    }

    #[test]
    fn apa_numbers() {
        assert_eq!(apa(0.456, 3), ".456");
        assert_eq!(apa(-0.05, 2), "−.05");
        assert_eq!(apa(1.234, 2), "1.23");
        assert_eq!(apa(-0.0001, 3), ".000");
        assert_eq!(interval(-0.004, 0.151, 2), "[−.004, .15]");
        assert_eq!(interval(-0.002_3, 0.0, 3), "[−.002, .000]");
        assert_eq!(interval(-1e-9, 12.0, 2), "[.00, 12.00]");
        assert_eq!(apa_p(0.0004), "< .001");
        assert_eq!(apa_p(0.0506), ".051");
        assert_eq!(
            [0.02, 0.0041, 0.000_02, 2.0 / 11.0, 1.0].map(below),
            ["< .020", "< .005", "< .001", "< .182", "< 1.000"]
        );
        assert_eq!(fixed(-12.5, 1), "−12.5");
        assert_eq!(
            [0.95, 0.975, 0.999, 1.0, 0.0, 0.333_333].map(percent),
            ["95", "97.5", "99.9", "100", "0", "33.3333"]
        );
    }
}
