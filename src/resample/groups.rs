//! Cases in groups: strata, clusters, the groups of a comparison.

use super::ResampleError;
use crate::diagnostic::{Diagnostic, nearest};
use crate::survey::{Sample, Survey};

/// Which group each case of a sample belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// The column that says so.
    pub column: String,
    /// Names of the groups, in order of first appearance among the cases used.
    pub names: Vec<String>,
    /// Per case used, the position of its group.
    pub of_case: Vec<usize>,
}

impl Groups {
    /// Reads the groups of a sample's cases from a column of the survey it was drawn from.
    ///
    /// # Errors
    /// [`ResampleError::Invalid`] if there is no such column or a case used has an empty cell there.
    pub fn of(survey: &Survey, sample: &Sample, column: &str) -> Result<Self, ResampleError> {
        let Some(found) = survey.column(column) else {
            let problem =
                Diagnostic::error("TP0609", format!("`{column}` is not a column of `{}`", survey.file));
            let names = survey.columns.iter().map(|column| column.name.as_str());
            return Err(match nearest(column, names) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem,
            }
            .into());
        };
        let mut names: Vec<String> = Vec::new();
        let mut of_case = Vec::with_capacity(sample.origin.len());
        let mut place = std::collections::HashMap::new();
        for &case in &sample.origin {
            let Some(name) = found.values.show(case) else {
                let message = format!("a case has no group: its cell in `{column}` is empty");
                let line = survey.lines.get(case).copied();
                return Err(Diagnostic::error("TP0609", message)
                    .in_file(&survey.file, line, Some(column))
                    .hint("fill the cell, or leave the case out of the file")
                    .into());
            };
            let at = *place.entry(name.clone()).or_insert_with(|| {
                names.push(name);
                names.len() - 1
            });
            of_case.push(at);
        }
        Ok(Self { column: column.to_owned(), names, of_case })
    }

    /// Number of groups.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The cases of each group.
    pub fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.names.len()];
        for (case, &group) in self.of_case.iter().enumerate() {
            if let Some(cases) = members.get_mut(group) {
                cases.push(case);
            }
        }
        members
    }
}
