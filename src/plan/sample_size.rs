//! How many answers a study needs, as a number and as the sentence of a Method section.
//!
//! Inverse square root and gamma-exponential method (Kock & Hadaya 2018, doi:10.1111/isj.12131), and beside them the
//! ten-times rule, which is only named because reviewers know it.

use super::{Language, PlanError};
use crate::assess::{Tails, gamma_exponential, inverse_square_root};
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Mode, Model};
use crate::table::{Cell, Column, Table, apa};

/// The number of answers a model needs.
///
/// ```
/// use trustpath::plan::{Language, SampleSize};
///
/// let size = SampleSize::for_path(0.15)?;
/// assert_eq!((size.inverse_square_root, size.gamma_exponential), (275, 262));
/// assert!(size.sentence(Language::English).contains("275"));
/// # Ok::<(), trustpath::plan::PlanError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleSize {
    /// The smallest path that the study must not miss.
    pub smallest: f64,
    /// One-tailed, level .05, power .80.
    pub inverse_square_root: usize,
    /// The same by the gamma-exponential method.
    pub gamma_exponential: usize,
    /// Inverse square root, two-tailed.
    pub two_tailed: usize,
    /// The largest number of arrows that end in one construct, if a model is given.
    pub arrows: Option<usize>,
}

impl SampleSize {
    /// For a path of this size.
    ///
    /// # Errors
    /// TP1103 for a path that is 0, not below 1 in size, or no number.
    pub fn for_path(smallest: f64) -> Result<Self, PlanError> {
        let size = smallest.abs();
        let sizes = (size < 1.0).then_some(()).and_then(|()| {
            Some(Self {
                smallest: size,
                inverse_square_root: inverse_square_root(size, Tails::One)?,
                gamma_exponential: gamma_exponential(size, Tails::One)?,
                two_tailed: inverse_square_root(size, Tails::Two)?,
                arrows: None,
            })
        });
        sizes.ok_or_else(|| {
            Diagnostic::error("TP1103", format!("no sample shows a path of {smallest}"))
                .hint("state the smallest standardised path that matters, such as 0.15")
                .into()
        })
    }

    /// For a path of this size in a model.
    ///
    /// # Errors
    /// As [`SampleSize::for_path`].
    pub fn for_model(model: &Model, smallest: f64) -> Result<Self, PlanError> {
        let into = model.endogenous().iter().map(|&id| model.predecessors(id).len()).max().unwrap_or(0);
        let formative = model
            .constructs()
            .iter()
            .filter(|c| {
                c.kind == Kind::Composite && !matches!(c.mode, Some(Mode::A | Mode::Unit | Mode::Pca))
            })
            .map(|c| c.indicators.len())
            .max()
            .unwrap_or(0);
        Ok(Self { arrows: Some(into.max(formative)), ..Self::for_path(smallest)? })
    }

    /// The sentence for the Method section.
    pub fn sentence(&self, language: Language) -> String {
        let beta = as_typed(self.smallest);
        let (root, gamma, two) = (self.inverse_square_root, self.gamma_exponential, self.two_tailed);
        match language {
            Language::English => format!(
                "The smallest path coefficient that the study should detect was set to {beta}. At a significance level of \
                 5 % (one-tailed) and a power of 80 %, the inverse square root method requires at least {root} answers, \
                 and the gamma-exponential method {gamma} (Kock & Hadaya, 2018); for two-tailed tests the inverse square \
                 root method requires {two}."
            ),
            Language::Chinese => format!(
                "本研究将需要检出的最小路径系数设为 {beta}。在 5% 的显著性水平（单尾）和 80% 的统计检验力下，\
                 逆平方根法要求的最小样本量为 {root}，伽马指数法为 {gamma}（Kock & Hadaya, 2018）；\
                 若采用双尾检验，逆平方根法要求 {two}。"
            ),
        }
    }

    /// The numbers as a table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(
            "sample_size",
            format!("Answers needed to show a path of {}", as_typed(self.smallest)),
            vec![Column::words("method", "Method"), Column::words("test", "Test"), Column::numbers("n", "n")],
        );
        let mut row = |method: &str, test: &str, n: usize| {
            table.push(vec![Cell::text(method), Cell::text(test), Cell::count(n)]);
        };
        row("Inverse square root", "one-tailed, 5 %, power 80 %", self.inverse_square_root);
        row("Gamma-exponential", "one-tailed, 5 %, power 80 %", self.gamma_exponential);
        row("Inverse square root", "two-tailed, 5 %, power 80 %", self.two_tailed);
        if let Some(arrows) = self.arrows {
            row("Ten times the arrows", &format!("{arrows} arrows, not a power analysis"), 10 * arrows);
        }
        table.note("Kock & Hadaya (2018), doi:10.1111/isj.12131.");
        table
    }
}

/// A path with two decimals, or as many more as it was given with, four at most: n refers to that very number.
fn as_typed(path: f64) -> String {
    let digits = (2..4).find(|&digits| (path * 10_f64.powi(digits)).fract().abs() < 1e-9).unwrap_or(4);
    apa(path, digits.unsigned_abs() as usize)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_names_both_methods_in_both_languages() {
        let size = SampleSize::for_path(-0.2).unwrap();
        assert_eq!(size.inverse_square_root, 155);
        for language in [Language::English, Language::Chinese] {
            let words = size.sentence(language);
            assert!(words.contains("155") && words.contains("197") && words.contains(".20"), "{words}");
        }
    }

    #[test]
    fn the_path_stands_with_the_digits_that_n_refers_to() {
        let words = SampleSize::for_path(0.197).unwrap().sentence(Language::English);
        assert!(words.contains("set to .197.") && words.contains("at least 160"), "{words}");
    }

    #[test]
    fn no_sample_shows_nothing() {
        for beta in [0.0, 1.0, f64::NAN] {
            assert!(SampleSize::for_path(beta).is_err(), "{beta}");
        }
    }

    #[test]
    fn arrows_are_those_of_the_largest_equation() {
        let model = Model::parse("A =~ a1 + a2\nB <~ b1 + b2 + b3\nC =~ c1 + c2\nC ~ A + B\n").unwrap();
        assert_eq!(SampleSize::for_model(&model, 0.2).unwrap().arrows, Some(3));
    }
}
