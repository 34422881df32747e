//! Text that other programs read: without what their forms forbid.

/// Text that HTML and XML cannot read as markup, in text and in quoted attributes. Ends of lines stay; other control characters,
/// and what else XML has no room for, become blanks.
pub fn escape_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push(' '),
            c if c.is_control() && c != '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Text without control characters and what else XML has no room for; a blank stands for each.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup_and_nothing_is_forbidden() {
        assert_eq!(
            escape_xml("<a b=\"c\">&'\u{7}\n\u{FFFF}信任"),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39; \n 信任"
        );
        assert_eq!(printable("a\u{b}b\nc\u{FFFE}"), "a b c ");
    }
}
