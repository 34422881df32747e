//! Text for LaTeX.

/// Text that LaTeX sets as it is: its special characters escaped, mathematical signs in mathematics.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' | '}' | '$' | '&' | '#' | '%' | '_' => {
                out.push('\\');
                out.push(c);
            }
            // Two hyphens would become a dash.
            '-' if out.ends_with('-') => out.push_str("{}-"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("$<$"),
            '>' => out.push_str("$>$"),
            '|' => out.push_str("$|$"),
            '"' => out.push_str("\\textquotedbl{}"),
            '\u{2212}' => out.push_str("$-$"),
            '–' => out.push_str("--"),
            '—' => out.push_str("---"),
            '‘' => out.push('`'),
            '’' => out.push('\''),
            '“' => out.push_str("``"),
            '”' => out.push_str("''"),
            '…' => out.push_str("\\ldots{}"),
            '\u{a0}' => out.push('~'),
            '·' => out.push_str("$\\cdot$"),
            c if c.is_control() => out.push(' '),
            c => match mathematical(c) {
                Some(name) => out.push_str(&format!("${name}$")),
                None => out.push(c),
            },
        }
    }
    out
}

fn mathematical(c: char) -> Option<&'static str> {
    Some(match c {
        '→' => "\\rightarrow",
        '←' => "\\leftarrow",
        '↔' => "\\leftrightarrow",
        '×' => "\\times",
        '±' => "\\pm",
        '≤' => "\\leq",
        '≥' => "\\geq",
        '≠' => "\\neq",
        '√' => "\\surd",
        'α' => "\\alpha",
        'β' => "\\beta",
        'γ' => "\\gamma",
        'Δ' => "\\Delta",
        'δ' => "\\delta",
        'λ' => "\\lambda",
        'ξ' => "\\xi",
        'η' => "\\eta",
        'ρ' => "\\rho",
        'χ' => "\\chi",
        'ω' => "\\omega",
        '⁰' => "^0",
        '¹' => "^1",
        '²' => "^2",
        '³' => "^3",
        '⁴' => "^4",
        '⁵' => "^5",
        '⁶' => "^6",
        '⁷' => "^7",
        '⁸' => "^8",
        '⁹' => "^9",
        '⁻' => "^-",
        '✓' => "\\checkmark",
        '✗' => "\\otimes",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_latex_reads_as_commands_is_escaped() {
        assert_eq!(
            escape("\\input{x} 50 % of $a_b$ & c#~^"),
            "\\textbackslash{}input\\{x\\} 50 \\% of \\$a\\_b\\$ \\& c\\#\\textasciitilde{}\\textasciicircum{}"
        );
        assert_eq!(escape("A → B −.05 < .001"), "A $\\rightarrow$ B $-$.05 $<$ .001");
    }
}
