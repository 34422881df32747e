//! From bytes to text: which encoding a file is in.
//!
//! A byte order mark decides for UTF-8 and UTF-16. Without one, bytes that are valid UTF-8 are UTF-8; else
//! they may be GB18030 (which contains GBK and GB2312), the encoding of spreadsheets in mainland China. As
//! almost any pair of high bytes is some GB18030 character, GB18030 is believed only if the whole file decodes,
//! yields a Chinese character, and most two-byte characters are common ones (GB2312): otherwise a Latin-1 name
//! such as `Müller` would silently become Chinese. Nothing is ever replaced by question marks.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

use super::SurveyError;
use crate::diagnostic::Diagnostic;

/// The text and the name of its encoding.
pub(crate) fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<(Cow<'a, str>, &'static str), SurveyError> {
    if let Some(kind) = binary_kind(bytes) {
        return Err(Diagnostic::error("TP0202", format!("`{file}` is {kind}, not a text file"))
            .in_file(file, None, None)
            .hint("open it in the program it comes from and save it as CSV (UTF-8)")
            .into());
    }
    let text = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        let text = std::str::from_utf8(rest).map_err(|error| {
            bad_byte(file, rest, error.valid_up_to(), "UTF-8, although the file says it is")
        })?;
        (Cow::Borrowed(text), "UTF-8")
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        (utf16(file, rest, UTF_16LE)?, "UTF-16LE")
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        (utf16(file, rest, UTF_16BE)?, "UTF-16BE")
    } else {
        match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), "UTF-8"),
            Err(error) => match gb18030(bytes) {
                Some(text) => (text, "GB18030"),
                None => return Err(bad_byte(file, bytes, error.valid_up_to(), "UTF-8 nor GB18030")),
            },
        }
    };
    if let Some(at) = text.0.find('\0') {
        let line = line_of(text.0.as_bytes(), at);
        return Err(Diagnostic::error(
            "TP0202",
            format!("`{file}` holds a NUL byte, so it is not a text file"),
        )
        .in_file(file, Some(line), None)
        .hint("if it is UTF-16 without a byte order mark, save it as CSV (UTF-8)")
        .into());
    }
    Ok(text)
}

/// What the first bytes say the file is, if not text.
fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 6] = [
        (b"PK\x03\x04", "a spreadsheet workbook or zip archive"),
        (b"\xD0\xCF\x11\xE0", "an old spreadsheet workbook"),
        (b"$FL2", "an SPSS data file"),
        (b"$FL3", "a compressed SPSS data file"),
        (b"PAR1", "a Parquet file"),
        (b"\x1F\x8B", "a gzip archive"),
    ];
    KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind)
}

fn utf16<'a>(file: &str, bytes: &'a [u8], encoding: &'static Encoding) -> Result<Cow<'a, str>, SurveyError> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
        Diagnostic::error("TP0203", format!("`{file}` says it is {}, but its bytes are not", encoding.name()))
            .in_file(file, None, None)
            .hint("save the file as CSV (UTF-8)")
            .into()
    })
}

fn gb18030(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let chinese = |c: char| matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..);
    (text.chars().any(chinese) && mostly_common(bytes)).then_some(text)
}

/// Whether at least half of the two-byte characters are of GB2312, where both bytes are above 0xA0.
fn mostly_common(bytes: &[u8]) -> bool {
    let (mut common, mut rare) = (0_usize, 0_usize);
    let mut rest = bytes.iter();
    while let Some(&lead) = rest.next() {
        if lead < 0x81 {
            continue;
        }
        match rest.next() {
            // Four bytes: two are left. They are rare characters, but say nothing about Latin-1.
            Some(0x30..=0x39) => {
                rest.nth(1);
            }
            Some(&trail) if trail > 0xA0 && lead > 0xA0 => common += 1,
            _ => rare += 1,
        }
    }
    common >= rare
}

fn bad_byte(file: &str, bytes: &[u8], at: usize, what: &str) -> SurveyError {
    let line = line_of(bytes, at);
    let before = bytes.get(..at).unwrap_or_default();
    let start = before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
    // Everything before the first bad byte is valid UTF-8, so characters can be counted.
    let column = String::from_utf8_lossy(before.get(start..).unwrap_or_default()).chars().count() + 1;
    let byte = bytes.get(at).copied().unwrap_or_default();
    let neither = if what.contains(" nor ") { "neither" } else { "not" };
    Diagnostic::error(
        "TP0203",
        format!("byte 0x{byte:02X} in line {line}, character {column} of `{file}` is {neither} {what}"),
    )
    .in_file(file, Some(line), Some(&column.to_string()))
    .hint("save the file as UTF-8 (in a spreadsheet: `CSV UTF-8`)")
    .into()
}

/// The line, from 1, of the byte at `at`; CR, LF and CRLF each end a line.
pub(crate) fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + count_line_ends(bytes.get(..at).unwrap_or_default())
}

/// The number of line ends, CRLF counting once.
pub(super) fn count_line_ends(bytes: &[u8]) -> usize {
    let mut count = 0;
    let mut after_cr = false;
    for &byte in bytes {
        count += usize::from(byte == b'\r' || (byte == b'\n' && !after_cr));
        after_cr = byte == b'\r';
    }
    count
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn problem(bytes: &[u8]) -> Diagnostic {
        let SurveyError::Invalid(mut found) = decode("f", bytes).unwrap_err() else { unreachable!() };
        found.0.remove(0)
    }

    fn code(bytes: &[u8]) -> &'static str {
        problem(bytes).code
    }

    #[test]
    fn chinese_in_gb18030_is_read_and_latin_1_is_not_taken_for_it() {
        let (bytes, _, _) = GB18030.encode("性别,信任\n男,5\n");
        let (text, encoding) = decode("f", &bytes).unwrap();
        assert_eq!((text.as_ref(), encoding), ("性别,信任\n男,5\n", "GB18030"));
        // Valid GB18030 pairs by accident: 0xFC 'l' and 0xE9 'r'.
        assert_eq!(code(b"name,x\nM\xFCller,1\nG\xE9rard,2\n"), "TP0203");
        assert_eq!(code(b"name,x\nJos\xE9,1\n"), "TP0203");
    }

    #[test]
    fn the_first_bad_byte_is_located() {
        let problem = problem(b"name,x\r\nJos\xE9,1\r\n");
        let place = problem.place.unwrap();
        assert_eq!((place.line, place.column.as_deref()), (Some(2), Some("4")));
        assert!(problem.message.contains("0xE9"), "{}", problem.message);
    }

    #[test]
    fn byte_order_marks_are_obeyed() {
        assert_eq!(decode("f", b"\xEF\xBB\xBFa").unwrap().0, "a");
        assert_eq!(decode("f", b"\xFF\xFEa\0\xE1\x4F").unwrap(), ("a信".into(), "UTF-16LE"));
        assert_eq!(decode("f", b"\xFE\xFF\0a").unwrap(), ("a".into(), "UTF-16BE"));
        assert_eq!(code(b"\xFF\xFEa"), "TP0203");
        assert_eq!(code(b"\xEF\xBB\xBFa\xFF"), "TP0203");
    }

    #[test]
    fn files_of_other_programs_are_named() {
        assert_eq!(code(b"PK\x03\x04rest"), "TP0202");
        assert_eq!(code(b"a\0,\0b\0"), "TP0202");
    }

    #[test]
    fn every_kind_of_line_end_counts_once() {
        assert_eq!(count_line_ends(b"a\nb\r\nc\rd\r\r\n"), 5);
        assert_eq!(line_of(b"a\r\nb", 3), 2);
    }
}
