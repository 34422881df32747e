//! Text that other programs read: without what their forms forbid.

/// Text without control characters and what else XML has no room for; a blank stands for each.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') { ' ' } else { c })
        .collect()
}
