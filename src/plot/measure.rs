//! How wide a text is, and where it may be broken.
//!
//! Widths come from the advances of the bundled family for ASCII and from the character's class for the
//! rest, so no font has to be loaded to lay out a figure. They are never smaller than what the common
//! fallback families draw, because the bundled family is a wide one.

use unicode_width::UnicodeWidthChar;

/// Advances of U+0020..U+007E in thousandths of an em, regular.
#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656,
    557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613,
    635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818,
    592, 592, 525, 636, 337, 636, 838,
];

/// The same, bold.
#[rustfmt::skip]
const BOLD: [u16; 95] = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775,
    637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675,
    716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924,
    645, 652, 582, 712, 365, 712, 838,
];

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// Width of one character in em.
fn advance(c: char, weight: Weight) -> f64 {
    let table = if weight == Weight::Bold { &BOLD } else { &REGULAR };
    if let Some(&units) = (c as usize).checked_sub(0x20).and_then(|at| table.get(at)) {
        return f64::from(units) / 1000.0;
    }
    match c.width() {
        Some(0) | None => 0.0,
        Some(1) if ('\u{2190}'..='\u{22FF}').contains(&c) => 0.84,
        Some(1) => {
            if weight == Weight::Bold {
                0.74
            } else {
                0.66
            }
        }
        Some(_) => 1.0,
    }
}

/// Width of a text on one line, in the unit of `size`.
pub(crate) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    text.chars().map(|c| advance(c, weight)).sum::<f64>() * size
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

/// Closing marks never begin a line.
fn sticks_to_previous(c: char) -> bool {
    "，。、；：？！）】》」』”’,.;:?!)]}%…".contains(c)
}

/// Opening marks never end a line.
fn sticks_to_next(c: char) -> bool {
    "（【《「『“‘([{".contains(c)
}

/// Cuts a text into pieces that stay whole on a line; trailing spaces belong to the piece before.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        piece.push(c);
        let Some(&next) = characters.peek() else { break };
        let may_break = if next == ' ' || sticks_to_previous(next) || sticks_to_next(c) {
            false
        } else {
            c == ' ' || is_wide(c) || is_wide(next) || (matches!(c, '-' | '/' | '_') && next.is_alphabetic())
        };
        if may_break {
            pieces.push(std::mem::take(&mut piece));
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// Breaks one piece that is longer than a line between characters.
fn split_long(piece: &str, size: f64, weight: Weight, limit: f64) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut used = 0.0;
    for c in piece.chars() {
        let step = advance(c, weight) * size;
        if used + step > limit && used > 0.0 {
            parts.push(String::new());
            used = 0.0;
        }
        used += step;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

fn greedy(text: &str, size: f64, weight: Weight, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for hard in text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()) {
        let mut line = String::new();
        for piece in pieces(hard.trim()) {
            let parts = if width(piece.trim_end(), size, weight) > limit {
                split_long(&piece, size, weight, limit)
            } else {
                vec![piece]
            };
            for part in parts {
                let together = width(line.as_str(), size, weight) + width(part.trim_end(), size, weight);
                if !line.is_empty() && together > limit {
                    lines.push(line.trim_end().to_owned());
                    line.clear();
                }
                line.push_str(&part);
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Breaks a text into lines no wider than `limit`, as even as the number of lines allows.
pub(crate) fn wrap(text: &str, size: f64, weight: Weight, limit: f64) -> Vec<String> {
    let lines = greedy(text, size, weight, limit);
    let mut best = lines;
    let mut narrower = limit;
    // The narrowest limit that still needs the same number of lines gives lines of similar length.
    for _ in 0..30 {
        narrower *= 0.96;
        let trial = greedy(text, size, weight, narrower);
        let whole_words = trial.iter().all(|line| width(line, size, weight) <= narrower);
        if trial.len() > best.len() || !whole_words || breaks_words(&trial, &best) {
            break;
        }
        best = trial;
    }
    best
}

/// Whether the trial cuts more words in two than the best so far.
fn breaks_words(trial: &[String], best: &[String]) -> bool {
    let words = |lines: &[String]| lines.iter().map(|line| line.split(' ').count()).sum::<usize>();
    words(trial) > words(best)
}

/// Breaks a text into at most `most` lines, starting at `from` and allowing wider lines as needed.
pub(crate) fn wrap_to(text: &str, size: f64, weight: Weight, from: f64, most: usize) -> Vec<String> {
    let mut limit = from;
    loop {
        let lines = wrap(text, size, weight, limit);
        if lines.len() <= most || limit > 60.0 * size {
            return lines;
        }
        limit *= 1.15;
    }
}

/// Width of the widest line.
pub(crate) fn widest(lines: &[String], size: f64, weight: Weight) -> f64 {
    lines.iter().map(|line| width(line, size, weight)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_one_em() {
        assert_eq!(width("信任", 10.0, Weight::Regular), 20.0);
        assert!((width("AB", 10.0, Weight::Regular) - 13.70).abs() < 1e-9);
        assert!(width("AB", 10.0, Weight::Bold) > width("AB", 10.0, Weight::Regular));
    }

    #[test]
    fn wrapping_keeps_all_text_and_balances() {
        let text = "Trust propensity (plays the subjective-norm role)";
        let lines = wrap_to(text, 12.0, Weight::Regular, 100.0, 3);
        assert!(lines.len() <= 3, "{lines:?}");
        assert_eq!(lines.join(" ").replace("- ", "-"), text);
        let widths: Vec<f64> = lines.iter().map(|line| width(line, 12.0, Weight::Regular)).collect();
        assert!(widths.iter().all(|&w| w > 60.0), "{lines:?}");
    }

    #[test]
    fn chinese_breaks_between_characters_but_not_before_a_mark() {
        let lines = wrap("信任倾向，主观规范", 10.0, Weight::Regular, 45.0);
        assert!(lines.len() >= 2);
        assert!(lines.iter().all(|line| !line.starts_with('，')), "{lines:?}");
        assert_eq!(lines.concat(), "信任倾向，主观规范");
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken() {
        let text = "Pneumonoultramicroscopicsilicovolcanoconiosis";
        let lines = wrap(text, 10.0, Weight::Regular, 80.0);
        assert!(lines.len() > 2);
        assert_eq!(lines.concat(), text);
        assert!(widest(&lines, 10.0, Weight::Regular) <= 80.0);
    }

    #[test]
    fn empty_text_has_no_lines() {
        assert!(wrap("", 10.0, Weight::Regular, 80.0).is_empty());
        assert!(wrap(" \n ", 10.0, Weight::Regular, 80.0).is_empty());
    }
}
