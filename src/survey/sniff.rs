//! Which delimiter a file uses, and whether its quotation marks close.
//!
//! Every candidate (`,` `;` tab) is tried on the first records, with quotation marks respected. A candidate
//! that does not split the header is out; of the others, the one whose records most often have as many
//! fields as the header wins, and of equals, the one that splits the header into more fields.

/// The delimiters a file may use, the commonest first.
pub(super) const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

const RECORDS: usize = 100;
const BYTES: usize = 1 << 20;

/// The delimiter, or `None` if none splits the first record.
pub(super) fn delimiter(text: &str) -> Option<u8> {
    let mut best: Option<(f64, usize, u8)> = None;
    for candidate in DELIMITERS {
        let counts = field_counts(text, candidate);
        let Some((&header, rest)) = counts.split_first() else { continue };
        if header < 2 {
            continue;
        }
        let agree = rest.iter().filter(|count| **count == header).count();
        let share = agree as f64 / rest.len().max(1) as f64;
        if best.is_none_or(|(best_share, fields, _)| (share, header) > (best_share, fields)) {
            best = Some((share, header, candidate));
        }
    }
    best.map(|(_, _, candidate)| candidate)
}

/// Whether some delimiter splits later records although none splits the first: a title above the header.
pub(super) fn title_above_header(text: &str) -> bool {
    DELIMITERS.into_iter().any(|candidate| {
        let counts = field_counts(text, candidate);
        counts.len() > 2 && counts.iter().skip(1).all(|count| *count > 1)
    })
}

/// The offset of a quotation mark that opens a field of this text and is never closed.
pub(super) fn unclosed_quote(text: &str, delimiter: u8) -> Option<usize> {
    scan(text, delimiter, usize::MAX).1
}

fn field_counts(text: &str, delimiter: u8) -> Vec<usize> {
    let mut cut = BYTES.min(text.len());
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let (head, _) = text.split_at(cut);
    let (mut counts, _) = scan(head, delimiter, RECORDS);
    // A record that the cut went through says nothing, unless it is all there is.
    if head.len() < text.len() && counts.len() > 1 && counts.len() < RECORDS {
        counts.pop();
    }
    counts
}

/// Where in a field the scanner is.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// After a quotation mark inside a quoted field: the end of it, or the first half of a doubled one.
    Closing,
}

/// Fields per record that is not blank, and the offset of a quotation mark still open at the end.
fn scan(text: &str, delimiter: u8, most_records: usize) -> (Vec<usize>, Option<usize>) {
    let mut counts = Vec::new();
    let (mut state, mut opened, mut fields, mut blank) = (State::Start, 0, 1, true);
    for (at, byte) in text.bytes().enumerate() {
        if state == State::Quoted {
            if byte == b'"' {
                state = State::Closing;
            }
            continue;
        }
        match byte {
            b'"' if state == State::Start => {
                (state, opened, blank) = (State::Quoted, at, false);
            }
            b'"' if state == State::Closing => state = State::Quoted,
            b'\n' | b'\r' => {
                if !blank {
                    counts.push(fields);
                    if counts.len() == most_records {
                        return (counts, None);
                    }
                }
                (state, fields, blank) = (State::Start, 1, true);
            }
            _ if byte == delimiter => {
                (state, blank) = (State::Start, false);
                fields += 1;
            }
            _ => {
                blank &= byte.is_ascii_whitespace();
                state = State::Plain;
            }
        }
    }
    if !blank {
        counts.push(fields);
    }
    (counts, (state == State::Quoted).then_some(opened))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_consistent_delimiter_wins_over_the_frequent_one() {
        assert_eq!(delimiter("a,b,c\n1,2,3\n"), Some(b','));
        assert_eq!(delimiter("a;b\n1,5;2,5\n3,5;4\n"), Some(b';'));
        assert_eq!(delimiter("a\tb\n1\t2\n"), Some(b'\t'));
        assert_eq!(delimiter("age, in years;sex\n23;m\n31;f\n"), Some(b';'));
        assert_eq!(delimiter("a,b\n\"x;y;z\",1\n\"u;v;w\",2\n"), Some(b','));
    }

    #[test]
    fn equals_are_decided_by_the_header() {
        assert_eq!(delimiter("a,b,c;d\n1,2,3;4\n"), Some(b','));
        assert_eq!(delimiter("a;b, c;d\n1,5;2;3\n"), Some(b';'));
    }

    #[test]
    fn one_column_has_no_delimiter_and_a_title_is_noticed() {
        assert_eq!(delimiter("a\n1\n2\n"), None);
        assert!(!title_above_header("a\n1\n2\n"));
        assert!(title_above_header("My survey\na,b\n1,2\n"));
    }

    #[test]
    fn an_open_quotation_mark_is_found_where_it_opens() {
        assert_eq!(unclosed_quote("a,\"b\nc,d\n", b','), Some(2));
        assert_eq!(unclosed_quote("a,\"b\"\"c\"\n", b','), None);
        assert_eq!(unclosed_quote("a,b\"c\n", b','), None);
    }
}
