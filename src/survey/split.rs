//! A survey cut into groups by one of its columns.

use std::collections::HashMap;

use super::{Column, Survey, SurveyError, Values};
use crate::diagnostic::{Diagnostic, nearest};

/// More different answers than these make no groups: the column measures something.
const MOST_GROUPS: usize = 12;

/// How many columns a hint lists.
const MOST_NAMES: usize = 12;

/// The groups of a survey's cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The column that says which case belongs where.
    pub column: String,
    /// Name and cases of each group, numbers ascending, words in the order of the alphabet, or as they were chosen.
    pub groups: Vec<(String, Vec<usize>)>,
    /// Cases without an answer in the column, which belong to no group.
    pub without: usize,
    /// Cases of groups that were not chosen.
    pub others: usize,
}

impl Survey {
    /// Cuts the cases into groups by the answers in a column; `chosen` names some of them, in the order wanted, or none
    /// for all. An empty cell and a number that means "no answer" belong to no group.
    ///
    /// # Errors
    /// [`SurveyError::Invalid`] if there is no such column, if it has fewer than two or more than twelve different
    /// answers, or if a chosen group is none of them.
    pub fn split(
        &self,
        column: &str,
        chosen: &[String],
        missing_codes: &[f64],
    ) -> Result<Split, SurveyError> {
        let problem = |message: String| Diagnostic::error("TP0244", message);
        let here = |problem: Diagnostic| problem.in_file(&self.file, None, Some(column));
        let Some(found) = self.column(column) else {
            let problem = problem(format!("`{column}` is not a column of `{}`", self.file));
            let near = nearest(column, self.columns.iter().map(|column| column.name.as_str()));
            let hint = if let Some(near) = near {
                format!("did you mean `{near}`?")
            } else {
                let names: Vec<&str> =
                    self.columns.iter().map(|column| column.name.as_str()).take(MOST_NAMES).collect();
                let more = if self.columns.len() > MOST_NAMES { ", …" } else { "" };
                format!("the columns are {}{more}", names.join(", "))
            };
            return Err(problem.hint(hint).into());
        };
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        let mut place = HashMap::new();
        let mut without = 0;
        for case in 0..self.cases {
            let coded = match &found.values {
                Values::Numbers(cells) => {
                    cells.get(case).copied().flatten().is_some_and(|x| missing_codes.contains(&x))
                }
                _ => false,
            };
            let Some(name) = found.values.show(case).filter(|_| !coded) else {
                without += 1;
                continue;
            };
            let at = *place.entry(name.clone()).or_insert_with(|| {
                groups.push((name, Vec::new()));
                groups.len() - 1
            });
            if let Some((_, cases)) = groups.get_mut(at) {
                cases.push(case);
            }
        }
        let number = |name: &str| name.parse::<f64>().ok();
        groups.sort_by(|(a, _), (b, _)| match (number(a), number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => a.cmp(b),
        });
        let names: Vec<&str> = groups.iter().map(|(name, _)| name.as_str()).collect();
        if chosen.is_empty() && groups.len() > MOST_GROUPS {
            let message = format!("`{column}` has {} different answers and makes no groups", groups.len());
            return Err(here(problem(message))
                .hint("cut it into classes in a column of its own")
                .hint(format!(
                    "or choose some: `{column}={}`",
                    names.iter().take(2).copied().collect::<Vec<_>>().join(",")
                ))
                .into());
        }
        if groups.len() < 2 {
            let message = format!("all cases have the same answer in `{column}`");
            return Err(here(problem(message)).hint("groups need at least two different answers").into());
        }
        let all = self.cases - without;
        if !chosen.is_empty() {
            let mut picked: Vec<(String, Vec<usize>)> = Vec::new();
            for name in chosen {
                let Some(group) = groups.iter().find(|(known, _)| known == name) else {
                    let shown = names.iter().take(MOST_GROUPS).copied().collect::<Vec<_>>().join(", ");
                    let message = format!("no case has the answer `{name}` in `{column}`");
                    return Err(here(problem(message)).hint(format!("the answers are {shown}")).into());
                };
                if picked.iter().any(|(known, _)| known == name) {
                    return Err(here(problem(format!("the group `{name}` is chosen twice"))).into());
                }
                picked.push(group.clone());
            }
            if picked.len() < 2 {
                let message = format!("`{column}={}` is one group", chosen.join(","));
                return Err(here(problem(message)).hint("choose at least two").into());
            }
            groups = picked;
        }
        let used: usize = groups.iter().map(|(_, cases)| cases.len()).sum();
        Ok(Split { column: column.to_owned(), groups, without, others: all - used })
    }

    /// The survey of some of its cases, in the order given; numbers of cases that do not exist are passed over. File,
    /// lines and fingerprint stay those of the whole.
    #[must_use]
    pub fn of_cases(&self, cases: &[usize]) -> Self {
        fn pick<T: Clone>(cells: &[T], cases: &[usize]) -> Vec<T> {
            cases.iter().filter_map(|&case| cells.get(case).cloned()).collect()
        }
        let columns: Vec<Column> = self
            .columns
            .iter()
            .map(|column| Column {
                name: column.name.clone(),
                values: match &column.values {
                    Values::Numbers(cells) => Values::Numbers(pick(cells, cases)),
                    Values::Categories { levels, codes } => {
                        Values::Categories { levels: levels.clone(), codes: pick(codes, cases) }
                    }
                    Values::Text(cells) => Values::Text(pick(cells, cases)),
                },
            })
            .collect();
        let lines = pick(&self.lines, cases);
        Self { columns, cases: lines.len(), lines, ..self.clone() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn survey() -> Survey {
        let text = "x,sex,wave,age\n1,m,2,20\n2,f,10,21\n3,,1,22\n4,f,-9,23\n5,m,2,24\n6,m,1,25\n";
        Survey::from_bytes("s.csv", text.as_bytes()).unwrap()
    }

    #[test]
    fn every_case_is_in_one_group_or_counted() {
        let split = survey().split("sex", &[], &[]).unwrap();
        assert_eq!(split.groups, [("f".to_owned(), vec![1, 3]), ("m".to_owned(), vec![0, 4, 5])]);
        assert_eq!((split.without, split.others), (1, 0));
        let waves = survey().split("wave", &[], &[-9.0]).unwrap();
        let names: Vec<&str> = waves.groups.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names, waves.without), (vec!["1", "2", "10"], 1));
        let chosen = survey().split("wave", &["2".to_owned(), "1".to_owned()], &[-9.0]).unwrap();
        assert_eq!(chosen.groups[0], ("2".to_owned(), vec![0, 4]));
        assert_eq!((chosen.without, chosen.others), (1, 1));
    }

    #[test]
    fn what_makes_no_groups_is_said() {
        let wrong = |column: &str, chosen: &[&str]| {
            let chosen: Vec<String> = chosen.iter().map(|&name| name.to_owned()).collect();
            survey().split(column, &chosen, &[]).unwrap_err().to_string()
        };
        assert!(wrong("sexe", &[]).contains("not a column"));
        assert!(wrong("sex", &["m", "d"]).contains("`d`"));
        assert!(wrong("sex", &["m"]).contains("one group"));
        assert!(wrong("sex", &["m", "m"]).contains("twice"));
        let many: String = (0..30).map(|i| format!("1,{i}\n")).collect::<Vec<_>>().concat();
        let many = Survey::from_bytes("s.csv", format!("x,id\n{many}").as_bytes()).unwrap();
        assert!(many.split("id", &[], &[]).unwrap_err().to_string().contains("30 different"));
        assert!(many.split("x", &[], &[]).unwrap_err().to_string().contains("same answer"));
    }

    #[test]
    fn some_cases_keep_their_lines_and_cells() {
        let some = survey().of_cases(&[4, 1, 99]);
        assert_eq!((some.cases, some.lines.clone()), (2, vec![6, 3]));
        let shown = |column: &str| {
            let values = &some.column(column).unwrap().values;
            (0..2).map(|case| values.show(case).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!((shown("x"), shown("sex")), (vec!["5".into(), "2".into()], vec!["m".into(), "f".into()]));
    }
}
