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

/// A piece of text that stays whole on a line; spaces at its end belong to it.
struct Piece {
    text: String,
    /// What it costs that a line ends after it, in squared letters of unevenness.
    cost: f64,
}

/// Before these words, and after those, a Chinese phrase breaks more easily than elsewhere.
const JOINING: &str = "与和及或";
const LINKING: &str = "的之";

/// Cuts a text into pieces. Chinese has no spaces: lines end rather at a mark, before a bracket or after 的 than
/// elsewhere, and rather after an even number of characters, as most words have two.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    // Characters since the last mark, and open brackets.
    let (mut run, mut depth) = (0_usize, 0_i32);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        piece.push(c);
        let is_mark = sticks_to_previous(c) || sticks_to_next(c);
        run = if is_wide(c) && !is_mark { run + 1 } else { 0 };
        if "（(【[".contains(c) {
            depth += 1;
        } else if "）)】]".contains(c) {
            depth -= 1;
        }
        let Some(&next) = characters.peek() else { break };
        if next == ' ' || sticks_to_previous(next) || sticks_to_next(c) {
            continue;
        }
        let wide = [c, next].map(is_wide);
        let cost = match wide {
            _ if c == ' ' => 0.0,
            [true, _] | [_, true] if is_mark || sticks_to_next(next) => 0.2,
            [true, _] if LINKING.contains(c) => 1.0,
            [_, true] if JOINING.contains(next) => 1.0,
            [true, true] => {
                let odd = if run % 2 == 1 { 3.0 } else { 0.0 };
                let inside = if depth > 0 { 3.0 } else { 0.0 };
                4.0 + odd + inside
            }
            [true, false] | [false, true] => 2.0,
            _ if matches!(c, '-' | '/' | '_') && next.is_alphabetic() => 1.5,
            _ => continue,
        };
        pieces.push(Piece { text: std::mem::take(&mut piece), cost });
    }
    if !piece.is_empty() {
        pieces.push(Piece { text: piece, cost: 0.0 });
    }
    pieces
}

/// What a break inside a word costs.
const INSIDE_A_WORD: f64 = 30.0;
/// A character alone on a line.
const ALONE: f64 = 100.0;

/// Breaks one piece that is longer than a line between characters, between letters with a hyphen.
fn split_long(piece: Piece, size: f64, weight: Weight, limit: f64) -> Vec<Piece> {
    if width(piece.text.trim_end(), size, weight) <= limit {
        return vec![piece];
    }
    let hyphen = advance('-', weight) * size;
    let mut parts = vec![String::new()];
    let mut used = 0.0;
    let mut last = ' ';
    for c in piece.text.chars() {
        let step = advance(c, weight) * size;
        let joined = last.is_ascii_alphabetic() && c.is_ascii_alphabetic();
        let more = if joined { hyphen } else { 0.0 };
        if used + step + more > limit && used > 0.0 {
            if joined && let Some(part) = parts.last_mut() {
                part.push('-');
            }
            parts.push(String::new());
            used = 0.0;
        }
        used += step;
        last = c;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let count = parts.len();
    let parts = parts.into_iter().enumerate();
    parts
        .map(|(at, text)| Piece { text, cost: if at + 1 == count { piece.cost } else { INSIDE_A_WORD } })
        .collect()
}

/// As many pieces in each line as fit: how many pieces each line takes.
fn greedy(widths: &[(f64, f64)], limit: f64) -> Vec<usize> {
    let mut counts = Vec::new();
    let (mut count, mut used) = (0, 0.0);
    for &(whole, shown) in widths {
        if count > 0 && used + shown > limit {
            counts.push(count);
            (count, used) = (0, 0.0);
        }
        count += 1;
        used += whole;
    }
    counts.push(count);
    counts
}

/// More pieces than this are broken as they come.
const MOST_PIECES: usize = 400;

/// The best way to set pieces into the least number of lines: of similar length, broken where it costs least.
fn best(pieces: &[Piece], widths: &[(f64, f64)], size: f64, limit: f64) -> Vec<usize> {
    let easy = greedy(widths, limit);
    let (lines, count) = (easy.len(), pieces.len());
    if lines < 2 || count > MOST_PIECES {
        return easy;
    }
    let mut sums = vec![0.0];
    for (whole, _) in widths {
        sums.push(sums.last().copied().unwrap_or(0.0) + whole);
    }
    let target = sums[count] / lines as f64;
    // What a line from one piece up to another costs; none if it is too long.
    let cost = |from: usize, to: usize| -> Option<f64> {
        let wide = sums[to - 1] - sums[from] + widths[to - 1].1;
        if wide > limit && to > from + 1 {
            return None;
        }
        let uneven = ((wide - target) / size).powi(2);
        let letters: usize = pieces[from..to].iter().map(|piece| piece.text.trim().chars().count()).sum();
        let alone = if letters < 2 { ALONE } else { 0.0 };
        Some(uneven + alone + if to < count { pieces[to - 1].cost } else { 0.0 })
    };
    // Least cost of the first pieces in so many lines, and where the last of these begins.
    let mut least = vec![vec![(f64::INFINITY, 0_usize); count + 1]; lines + 1];
    least[0][0] = (0.0, 0);
    for line in 1..=lines {
        for to in line..=count {
            for from in (line - 1..to).rev() {
                let before = least[line - 1][from].0;
                if !before.is_finite() {
                    continue;
                }
                let Some(more) = cost(from, to) else { break };
                if before + more < least[line][to].0 {
                    least[line][to] = (before + more, from);
                }
            }
        }
    }
    if !least[lines][count].0.is_finite() {
        return easy;
    }
    let mut counts = Vec::new();
    let mut to = count;
    for line in (1..=lines).rev() {
        let from = least[line][to].1;
        counts.push(to - from);
        to = from;
    }
    counts.reverse();
    counts
}

/// Breaks a text into lines no wider than `limit`: as few as possible, as even as their number allows, and broken where a
/// reader expects it.
pub(crate) fn wrap(text: &str, size: f64, weight: Weight, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for hard in text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()) {
        let pieces: Vec<Piece> = pieces(hard.trim())
            .into_iter()
            .flat_map(|piece| split_long(piece, size, weight, limit))
            .collect();
        let widths: Vec<(f64, f64)> = pieces
            .iter()
            .map(|piece| (width(&piece.text, size, weight), width(piece.text.trim_end(), size, weight)))
            .collect();
        let mut rest = pieces.iter();
        for count in best(&pieces, &widths, size, limit) {
            let line: String = rest.by_ref().take(count).map(|piece| piece.text.as_str()).collect();
            lines.push(line.trim_end().to_owned());
        }
    }
    lines
}

/// Breaks a text into at most `most` lines, starting at `from` and allowing wider lines as needed, so that words up to
/// twice as long as a line stay whole.
pub(crate) fn wrap_to(text: &str, size: f64, weight: Weight, from: f64, most: usize) -> Vec<String> {
    let words = text.split_whitespace().flat_map(pieces);
    let longest = words.map(|word| width(&word.text, size, weight)).fold(0.0, f64::max);
    let mut limit = from.max(longest.min(2.0 * from) + 0.01);
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
        assert!(widths.iter().all(|&w| w > 55.0), "{lines:?}");
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
        assert_eq!(lines.concat().replace('-', ""), text);
        assert!(lines[..lines.len() - 1].iter().all(|line| line.ends_with('-')), "{lines:?}");
        assert!(widest(&lines, 10.0, Weight::Regular) <= 80.0);
        // Where there is room, a word stays whole.
        assert_eq!(wrap_to("Trustworthiness", 10.0, Weight::Regular, 60.0, 3), ["Trustworthiness"]);
        assert_eq!(wrap("ITEM_NUMBER_1", 10.0, Weight::Regular, 60.0), ["ITEM_", "NUMBER_1"]);
    }

    #[test]
    fn chinese_breaks_where_a_reader_expects_it() {
        let lines = |text: &str| wrap(text, 10.0, Weight::Regular, 85.0);
        assert_eq!(lines("信任倾向（主观规范）"), ["信任倾向", "（主观规范）"]);
        assert_eq!(lines("对商家的初始信任程度"), ["对商家的", "初始信任程度"]);
        assert_eq!(lines("感知网站信息质量与安全"), ["感知网站信息", "质量与安全"]);
        assert_eq!(lines("顾客在线初始信任"), ["顾客在线初始信任"]);
        // Nine characters on lines of eight: none stands alone.
        assert!(
            wrap("顾客在线的初始信任", 10.0, Weight::Regular, 80.0)
                .iter()
                .all(|line| line.chars().count() > 1)
        );
    }

    #[test]
    fn empty_text_has_no_lines() {
        assert!(wrap("", 10.0, Weight::Regular, 80.0).is_empty());
        assert!(wrap(" \n ", 10.0, Weight::Regular, 80.0).is_empty());
    }
}
