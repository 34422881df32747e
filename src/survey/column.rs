//! One column of a survey.

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// Its cells.
    pub values: Values,
}

/// The cells of a column, by what they are.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; `None` is an empty cell.
    Numbers(Vec<Option<f64>>),
    /// Few distinct words: levels in order of first appearance and, per case, the level's position.
    Categories {
        /// The words.
        levels: Vec<String>,
        /// Position in `levels`, `None` for an empty cell.
        codes: Vec<Option<usize>>,
    },
    /// Free text; `None` is an empty cell.
    Text(Vec<Option<String>>),
}

impl Values {
    /// Number of cells.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(cells) => cells.len(),
            Self::Categories { codes, .. } => codes.len(),
            Self::Text(cells) => cells.len(),
        }
    }

    /// Whether there is no cell at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell as it would be written, `None` if empty.
    pub fn show(&self, case: usize) -> Option<String> {
        match self {
            Self::Numbers(cells) => cells.get(case).copied().flatten().map(|value| value.to_string()),
            Self::Categories { levels, codes } => {
                codes.get(case).copied().flatten().and_then(|code| levels.get(code).cloned())
            }
            Self::Text(cells) => cells.get(case).cloned().flatten(),
        }
    }
}
