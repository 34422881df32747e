//! The codebook: what each item asks and how its answers are coded.
//!
//! A CSV file that a person edits in a spreadsheet, one row per item, with the columns `item`, `construct`,
//! `construct_label`, `construct_label_zh`, `text`, `text_zh`, `min`, `max`, `reverse`, `missing`, `source` in
//! any order. Only `item` is required; an empty cell says nothing.
//!
//! | code | meaning |
//! |---|---|
//! | TP0301 | a file that is not UTF-8 |
//! | TP0302 | an unknown column |
//! | TP0303 | a column that stands twice |
//! | TP0304 | no column `item`, or no header at all |
//! | TP0305 | a row with more cells than the header |
//! | TP0306 | a row without item name |
//! | TP0307 | an item that stands twice |
//! | TP0308 | a cell that should be a number and is none |
//! | TP0309 | `min` not below `max` |
//! | TP0310 | a word in `reverse` that means neither yes nor no |
//! | TP0311 | a reverse-coded item without `min` and `max` |

/// What the items ask and how they are coded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Codebook {
    /// The file as the user named it, or a placeholder; empty if there is no codebook.
    pub file: String,
    /// Its rows, in order.
    pub items: Vec<CodebookItem>,
}

/// What one item asks and how it is coded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CodebookItem {
    /// The column name in the data.
    pub item: String,
    /// The construct it belongs to.
    pub construct: Option<String>,
    /// The construct's label in English.
    pub construct_label: Option<String>,
    /// The construct's label in Chinese.
    pub construct_label_zh: Option<String>,
    /// The wording in English.
    pub text: Option<String>,
    /// The wording in Chinese.
    pub text_zh: Option<String>,
    /// Lowest possible answer.
    pub min: Option<f64>,
    /// Highest possible answer.
    pub max: Option<f64>,
    /// Whether a high answer means little of the construct.
    pub reverse: bool,
    /// Codes that mean "no answer".
    pub missing: Vec<f64>,
    /// The scale that inspired the item.
    pub source: Option<String>,
}

impl Codebook {
    /// What is known about an item.
    pub fn find(&self, item: &str) -> Option<&CodebookItem> {
        self.items.iter().find(|row| row.item == item)
    }

    /// The labels of a construct in English and Chinese, each from the first row that gives one; `None` if no
    /// row belongs to the construct.
    pub fn construct_label(&self, construct: &str) -> Option<(Option<String>, Option<String>)> {
        let rows = || self.items.iter().filter(|row| row.construct.as_deref() == Some(construct));
        rows().next()?;
        Some((
            rows().find_map(|row| row.construct_label.clone()),
            rows().find_map(|row| row.construct_label_zh.clone()),
        ))
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::ModelError;
    use super::*;
    use crate::diagnostic::Diagnostics;

    /// Code, line and column of every problem.
    fn found(text: &str) -> Vec<(&'static str, usize, String)> {
        match Codebook::parse("c.csv", text) {
            Err(ModelError::Invalid(Diagnostics(all))) => all
                .into_iter()
                .map(|one| {
                    let place = one.place.unwrap();
                    assert_eq!(place.file, "c.csv");
                    (one.code, place.line.unwrap(), place.column.unwrap_or_default())
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn cells_are_read_in_any_order_with_either_delimiter() {
        let text = "\u{feff}missing;reverse;max;item;min;construct;construct_label_zh;text\r\n\
                    -9 | 99;Yes;7,5;SEC4;1;SEC;安全;\"a; b\"\r\n\r\n;;;;;;;\r\n;;;SEC5;;SEC;;\r\n";
        let codebook = Codebook::parse("c.csv", text).unwrap();
        let item = codebook.find("SEC4").unwrap();
        assert_eq!((item.min, item.max, item.reverse), (Some(1.0), Some(7.5), true));
        assert_eq!(item.missing, [-9.0, 99.0]);
        assert_eq!(item.text.as_deref(), Some("a; b"));
        assert_eq!(codebook.items.len(), 2);
        assert_eq!(codebook.construct_label("SEC"), Some((None, Some("安全".to_owned()))));
        assert_eq!(codebook.construct_label("PU"), None);
        assert!(Codebook::default().is_empty() && !codebook.is_empty());
    }

    #[test]
    fn every_problem_has_its_code_line_and_column() {
        for (text, code, line, column) in [
            ("item,revers\na,no", "TP0302", 1, "revers"),
            ("item,min,min\na,1,1", "TP0303", 1, "min"),
            ("text\nq", "TP0304", 1, ""),
            ("", "TP0304", 1, ""),
            ("item,text\na,b,c", "TP0305", 2, "3"),
            ("item,text\n\n,b", "TP0306", 3, "item"),
            ("item,text\n\"a\",\"two\nlines\"\na,", "TP0307", 4, "item"),
            ("item,min\na,one", "TP0308", 2, "min"),
            ("item,max\na,inf", "TP0308", 2, "max"),
            ("item,missing\na,9 x", "TP0308", 2, "missing"),
            ("item,min,max\na,7,1", "TP0309", 2, "min"),
            ("item,reverse\na,maybe", "TP0310", 2, "reverse"),
            ("item,reverse,min\r\n\r\na,yes,1", "TP0311", 3, "reverse"),
        ] {
            assert_eq!(found(text), [(code, line, column.to_owned())], "{text}");
        }
    }

    #[test]
    fn all_problems_are_found_at_once_and_unknown_columns_name_the_nearest() {
        let text = "item,txt,min,max,reverse\na,,x,7,yes\na,,5,2,perhaps\n";
        let codes: Vec<_> = found(text).into_iter().map(|(code, ..)| code).collect();
        assert_eq!(codes, ["TP0302", "TP0308", "TP0310", "TP0307", "TP0309"]);
        let error = Codebook::parse("c", text).unwrap_err().to_string();
        assert!(error.contains("did you mean `text`?"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_utf8_or_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("c.csv");
        assert!(matches!(Codebook::read(&file), Err(ModelError::Unreadable { .. })));
        std::fs::write(&file, b"item,text\na,\xb5\xda").unwrap();
        let error = Codebook::read(&file).unwrap_err().to_string();
        assert!(error.contains("TP0301") && error.contains("line 2, column 3"), "{error}");
    }
}
