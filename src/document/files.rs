//! A document as the files that it takes: one, or one with its figures beside it.

use std::path::{Path, PathBuf};

use super::{Document, DocumentError};
use crate::model::words;

words! {
    /// What a document is set as. The words are the extensions of the files.
    Form: "form of a document" {
        /// One page for a browser that needs nothing else.
        Html = "html",
        /// A document for Word.
        Docx = "docx",
        /// A workbook for Excel, one sheet per table.
        Xlsx = "xlsx",
        /// Markdown, its figures as SVG beside it.
        Markdown = "md",
        /// A document for LaTeX, its figures as PDF beside it.
        Latex = "tex",
    }
}

impl Form {
    /// The form that the extension of a file names.
    pub fn of_file(file: &Path) -> Option<Self> {
        let extension = file.extension()?.to_str()?.to_lowercase();
        extension.parse().ok()
    }
}

impl Document {
    /// The document in a form.
    ///
    /// # Errors
    /// [`DocumentError::Unbuilt`] in a build without the form; what the writer of the form says.
    pub fn set(&self, form: Form) -> Result<Vec<u8>, DocumentError> {
        match form {
            #[cfg(feature = "report")]
            Form::Html => self.to_html().map(String::into_bytes),
            #[cfg(not(feature = "report"))]
            Form::Html => Err(DocumentError::Unbuilt { form: "HTML", feature: "report" }),
            #[cfg(feature = "office")]
            Form::Docx => self.to_docx(),
            #[cfg(not(feature = "office"))]
            Form::Docx => Err(DocumentError::Unbuilt { form: "Word files", feature: "office" }),
            #[cfg(feature = "office")]
            Form::Xlsx => self.to_xlsx(),
            #[cfg(not(feature = "office"))]
            Form::Xlsx => Err(DocumentError::Unbuilt { form: "workbooks", feature: "office" }),
            Form::Markdown => Ok(self.to_markdown().into_bytes()),
            Form::Latex => Ok(self.to_latex().into_bytes()),
        }
    }

    /// Every file that a document under the name `file` takes, the document last. Markdown and LaTeX cannot hold
    /// figures: these lie beside it, as `NAME-FIGURE.svg` and `NAME-FIGURE.pdf`.
    ///
    /// # Errors
    /// As [`Document::set`]; [`DocumentError::Figure`] if a figure cannot be made a PDF.
    pub fn files(mut self, file: &Path, form: Form) -> Result<Vec<(PathBuf, Vec<u8>)>, DocumentError> {
        let mut files = Vec::new();
        if matches!(form, Form::Markdown | Form::Latex) {
            let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            for figure in self.figures_mut() {
                let (extension, bytes) = match form {
                    Form::Latex => ("pdf", pdf(&figure.title, figure.on_paper())?),
                    _ => ("svg", figure.svg.clone().into_bytes()),
                };
                let name = format!("{stem}-{}.{extension}", figure.id);
                files.push((file.with_file_name(&name), bytes));
                figure.file = Some(name);
            }
        }
        files.push((file.to_owned(), self.set(form)?));
        Ok(files)
    }
}

#[cfg(feature = "png")]
fn pdf(title: &str, svg: &str) -> Result<Vec<u8>, DocumentError> {
    crate::plot::pdf(svg)
        .map_err(|error| DocumentError::Figure { figure: title.to_owned(), reason: error.to_string() })
}

#[cfg(not(feature = "png"))]
fn pdf(_: &str, _: &str) -> Result<Vec<u8>, DocumentError> {
    Err(DocumentError::Unbuilt { form: "PDF", feature: "png" })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::document::{Block, Figure, Part};

    #[test]
    fn an_extension_names_a_form() {
        assert_eq!(Form::of_file(Path::new("a/b.HTML")), Some(Form::Html));
        assert_eq!(Form::of_file(Path::new("b.tex")), Some(Form::Latex));
        assert_eq!(Form::of_file(Path::new("tex")), None);
        assert_eq!(Form::of_file(Path::new("b.txt")), None);
    }

    #[test]
    fn figures_lie_beside_a_document_that_cannot_hold_them_and_are_named_in_it() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"></svg>".to_owned();
        let figure =
            Figure { id: "paths".into(), title: "Paths".into(), svg: svg.clone(), ..Figure::default() };
        let part = Part { blocks: vec![Block::Figure(figure)], ..Part::default() };
        let document = Document { parts: vec![part], ..Document::default() };
        let files = document.files(Path::new("out/study.md"), Form::Markdown).unwrap();
        assert_eq!(files.len(), 2);
        assert_eq!(files[0], (PathBuf::from("out/study-paths.svg"), svg.into_bytes()));
        assert_eq!(files[1].0, Path::new("out/study.md"));
        assert!(String::from_utf8_lossy(&files[1].1).contains("study-paths.svg"));
    }
}
