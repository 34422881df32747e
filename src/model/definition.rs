//! Quantities defined over labels of paths: `ab := a*b`, `total := c + ab`.

use std::fmt;

use crate::stats::real::Real;

/// A defined quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Its name, left of `:=`.
    pub name: String,
    /// The expression as it was written, with single spaces.
    pub expression: String,
    /// The same over positions of paths.
    pub formula: Formula,
}

/// Arithmetic over path coefficients.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// A number.
    Number(f64),
    /// The coefficient of the path at this position of the model.
    Path(usize),
    /// The quantity defined at this position, before this one.
    Earlier(usize),
    /// `-x`
    Minus(Box<Formula>),
    /// `x + y`
    Sum(Box<Formula>, Box<Formula>),
    /// `x - y`
    Difference(Box<Formula>, Box<Formula>),
    /// `x * y`
    Product(Box<Formula>, Box<Formula>),
    /// `x / y`
    Ratio(Box<Formula>, Box<Formula>),
    /// `x ^ y`
    Power(Box<Formula>, Box<Formula>),
}

impl Formula {
    /// The values of all formulas at these path coefficients; not a number where a division has none.
    pub fn values<'a, R: Real>(formulas: impl IntoIterator<Item = &'a Self>, paths: &[R]) -> Vec<R> {
        let mut values = Vec::new();
        for formula in formulas {
            let value = formula.value(paths, &values);
            values.push(value);
        }
        values
    }

    fn value<R: Real>(&self, paths: &[R], earlier: &[R]) -> R {
        let of = |x: &Self| x.value::<R>(paths, earlier);
        match self {
            Self::Number(number) => R::splat(*number),
            Self::Path(at) => paths.get(*at).copied().unwrap_or_else(R::nan),
            Self::Earlier(at) => earlier.get(*at).copied().unwrap_or_else(R::nan),
            Self::Minus(x) => -of(x),
            Self::Sum(x, y) => of(x) + of(y),
            Self::Difference(x, y) => of(x) - of(y),
            Self::Product(x, y) => of(x) * of(y),
            Self::Ratio(x, y) => (of(x) / of(y)).if_finite(),
            Self::Power(x, y) => of(x).map_with(of(y), f64::powf),
        }
    }

    /// The same with every path moved to another position.
    #[must_use]
    pub fn relocated(&self, place: &dyn Fn(usize) -> usize) -> Self {
        let inner = |x: &Formula| Box::new(x.relocated(place));
        match self {
            Self::Number(number) => Self::Number(*number),
            Self::Path(at) => Self::Path(place(*at)),
            Self::Earlier(at) => Self::Earlier(*at),
            Self::Minus(x) => Self::Minus(inner(x)),
            Self::Sum(x, y) => Self::Sum(inner(x), inner(y)),
            Self::Difference(x, y) => Self::Difference(inner(x), inner(y)),
            Self::Product(x, y) => Self::Product(inner(x), inner(y)),
            Self::Ratio(x, y) => Self::Ratio(inner(x), inner(y)),
            Self::Power(x, y) => Self::Power(inner(x), inner(y)),
        }
    }
}

/// What is wrong with an expression: the word it stumbles over, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// A name that is no label and nothing defined before.
    Unknown(String),
    /// A function; there are none.
    Function(String),
    /// Longer, or brackets nested deeper, than anyone writes.
    TooDeep,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "`{name}` is not the label of a path"),
            Self::Function(name) => write!(f, "`{name}(…)` is a function, which a definition cannot use"),
            Self::TooDeep => f.write_str("it is too long"),
        }
    }
}

/// Most levels of brackets and signs.
const DEEPEST: usize = 100;
/// Most names, numbers and signs.
const LONGEST: usize = 1_000;

/// Reads an expression whose grammar the parser has checked: tokens with single spaces between them.
pub(super) fn formula(expression: &str, known: &dyn Fn(&str) -> Option<Formula>) -> Result<Formula, Fault> {
    let tokens: Vec<&str> = expression.split(' ').filter(|token| !token.is_empty()).collect();
    if tokens.len() > LONGEST {
        return Err(Fault::TooDeep);
    }
    Reader { tokens: &tokens, at: 0, depth: 0, known }.sum()
}

/// Walks over the tokens: sums of products of powers.
struct Reader<'a> {
    tokens: &'a [&'a str],
    at: usize,
    depth: usize,
    known: &'a dyn Fn(&str) -> Option<Formula>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).copied()
    }

    fn take(&mut self, one_of: [&str; 2]) -> Option<usize> {
        let found = one_of.iter().position(|token| self.peek() == Some(token))?;
        self.at += 1;
        Some(found)
    }

    fn sum(&mut self) -> Result<Formula, Fault> {
        let mut left = self.product()?;
        while let Some(which) = self.take(["+", "-"]) {
            let (x, y) = (Box::new(left), Box::new(self.product()?));
            left = if which == 0 { Formula::Sum(x, y) } else { Formula::Difference(x, y) };
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Formula, Fault> {
        let mut left = self.signed()?;
        while let Some(which) = self.take(["*", "/"]) {
            let (x, y) = (Box::new(left), Box::new(self.signed()?));
            left = if which == 0 { Formula::Product(x, y) } else { Formula::Ratio(x, y) };
        }
        Ok(left)
    }

    /// A sign binds less than a power: `-a^2` is `-(a^2)`.
    fn signed(&mut self) -> Result<Formula, Fault> {
        self.deeper()?;
        let value = if self.take(["-", "-"]).is_some() {
            Formula::Minus(Box::new(self.signed()?))
        } else {
            let base = self.operand()?;
            if self.take(["^", "^"]).is_some() {
                Formula::Power(Box::new(base), Box::new(self.signed()?))
            } else {
                base
            }
        };
        self.depth -= 1;
        Ok(value)
    }

    fn operand(&mut self) -> Result<Formula, Fault> {
        let Some(token) = self.tokens.get(self.at).copied() else {
            return Err(Fault::Unknown(String::new()));
        };
        self.at += 1;
        if token == "(" {
            let inside = self.sum()?;
            self.at += 1;
            return Ok(inside);
        }
        if let Ok(number) = token.parse::<f64>()
            && token.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        {
            return Ok(Formula::Number(number));
        }
        if self.peek() == Some("(") {
            return Err(Fault::Function(token.to_owned()));
        }
        (self.known)(token).ok_or_else(|| Fault::Unknown(token.to_owned()))
    }

    fn deeper(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(Fault::TooDeep) } else { Ok(()) }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, clippy::unwrap_used, reason = "exact arithmetic in tests")]
mod tests {
    use super::*;

    fn value(expression: &str) -> Result<f64, Fault> {
        let known = |name: &str| match name {
            "a" => Some(Formula::Path(0)),
            "b" => Some(Formula::Path(1)),
            _ => None,
        };
        formula(expression, &known).map(|formula| Formula::values([&formula], &[2.0, 5.0])[0])
    }

    #[test]
    fn operators_bind_as_in_school() {
        for (text, expected) in [
            ("a * b", 10.0),
            ("a + b * 2", 12.0),
            ("( a + b ) * 2", 14.0),
            ("a - b - 1", -4.0),
            ("b / a / 2", 1.25),
            ("- a ^ 2", -4.0),
            ("a ^ 2 ^ 3", 256.0),
            ("2 * - b", -10.0),
            ("1.5e1 + a", 17.0),
        ] {
            assert_eq!(value(text), Ok(expected), "{text}");
        }
        assert!(value("a / ( b - 5 )").unwrap().is_nan());
    }

    #[test]
    fn what_is_no_label_is_named() {
        assert_eq!(value("a * c"), Err(Fault::Unknown("c".to_owned())));
        assert_eq!(value("exp ( a )"), Err(Fault::Function("exp".to_owned())));
        assert_eq!(value(&format!("{}a{}", "( ".repeat(5000), " )".repeat(5000))), Err(Fault::TooDeep));
    }
}
