//! Prints a document in one canonical form.
//!
//! One statement or annotation per line, single spaces, nothing wrapped. For every document that a parse can
//! give, `parse(print(document)) == document`.

use std::fmt;

use super::document::{Annotation, Document, Item, Modifier, Name, Operator, Statement, Term};
use super::lexer::is_name;

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for item in &self.items {
            match item {
                Item::Annotation(annotation) => writeln!(f, "{annotation}")?,
                Item::Statement(statement) => writeln!(f, "{statement}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Annotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#@ {}", self.key)?;
        if !self.value.is_empty() {
            write!(f, " {}", self.value)?;
        }
        Ok(())
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        join(f, &self.left, " + ")?;
        write!(f, " {} ", self.operator)?;
        match self.operator {
            Operator::Definition => f.write_str(&self.expression),
            _ => join(f, &self.terms, " + "),
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(modifier) = &self.modifier {
            write!(f, "{modifier}*")?;
        }
        join(f, &self.names, ":")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Modifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A label spelled like the keyword `NA` is told from it by its quotes.
            Self::Label(label) if is_name(label) && label != "NA" => f.write_str(label),
            Self::Label(label) => quoted(f, label),
            Self::Fixed(value) => f.write_str(value),
            Self::Free => f.write_str("NA"),
            Self::Start(value) => write!(f, "start({value})"),
            Self::Equal(label) => {
                f.write_str("equal(")?;
                quoted(f, label)?;
                f.write_str(")")
            }
        }
    }
}

/// Quotes a text with the mark that it does not hold.
fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mark = if text.contains('"') { '\'' } else { '"' };
    write!(f, "{mark}{text}{mark}")
}

fn join<T: fmt::Display>(f: &mut fmt::Formatter<'_>, parts: &[T], between: &str) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        write!(f, "{part}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    #[test]
    fn the_canonical_form_is_spaced_and_stable() {
        let text = "#@  title   Two  words # gone\nA=~a1+\n  NA*a2;B + C~'x y'*A+start(.5)*A:D\n\
                    y~-1*1\nab:=(a+b)*exp(c) ! end\nC ~ equal('q')*B + \"NA\"*A + label(\"l\")*Z\n";
        let expected = "#@ title Two  words\nA =~ a1 + NA*a2\nB + C ~ \"x y\"*A + start(.5)*A:D\n\
                        y ~ -1*1\nab := ( a + b ) * exp ( c )\nC ~ equal(\"q\")*B + \"NA\"*A + l*Z\n";
        let printed = Document::parse(&Source::new("m", text)).map(|document| document.to_string());
        assert_eq!(printed.as_deref(), Ok(expected));
        let again = Document::parse(&Source::new("m", expected)).map(|document| document.to_string());
        assert_eq!(again.as_deref(), Ok(expected));
    }
}
