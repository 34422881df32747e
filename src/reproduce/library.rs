//! The published studies that come with the program.

use super::{ReproduceError, Study, Summary, refit};

/// A study that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Its name, which is that of its file.
    pub key: &'static str,
    /// The file as it stands.
    pub text: &'static str,
}

macro_rules! published {
    ($($key:literal)+) => {
        /// Every published study, in order.
        pub static STUDIES: &[Published] = &[$(Published {
            key: $key,
            text: include_str!(concat!("../../models/published/", $key, ".toml")),
        }),+];
    };
}

published! {
    "arazy-2010"
    "blut-2022"
    "blut-2022-trust"
    "crossler-2017"
    "kwan-2010"
    "lancelot-2019"
    "liu-2017"
    "moores-2012"
    "wang-2009"
}

impl Published {
    /// The study.
    ///
    /// # Errors
    /// None that a test would not have found.
    pub fn read(&self) -> Result<Study, ReproduceError> {
        Study::parse(&format!("{}.toml", self.key), self.key, self.text)
    }
}

/// The study of this name.
pub fn find(key: &str) -> Option<&'static Published> {
    STUDIES.iter().find(|study| study.key.eq_ignore_ascii_case(key))
}

/// The page `models/published/README.md`: every study, what comes out, and what differs.
///
/// # Errors
/// None that a test would not have found.
pub fn readme() -> Result<String, ReproduceError> {
    let mut text = String::from(
        "# Published studies, reproduced\n\n\
         Each file holds what a paper printed: correlations or covariances, reliabilities, coefficients, R², with every number as \
         it stands in print. `trustpath reproduce KEY` estimates the equations again and says for every number whether it comes \
         out, whether rounding of the printed digits explains the difference, or why it cannot. This page is made by the program; \
         a test keeps it current.\n\n\
         | study | n | numbers | same | rounding | explained | differs | largest path difference | largest R² difference |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut reasons = String::new();
    for published in STUDIES {
        let study = published.read()?;
        let comparisons = refit(&study)?;
        let summary = Summary::of(&comparisons);
        let mut n: Vec<String> = study.tables.iter().map(|table| table.n.to_string()).collect();
        n.dedup();
        let all = summary.same + summary.rounding + summary.explained + summary.differs;
        let shown = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), |x| crate::table::apa(x, 4));
        text.push_str(&format!(
            "| `{}` | {} | {all} | {} | {} | {} | {} | {} | {} |\n",
            study.key,
            n.join(", "),
            summary.same,
            summary.rounding,
            summary.explained,
            summary.differs,
            shown(summary.worst_path),
            shown(summary.worst_r_squared)
        ));
        reasons.push_str(&format!("\n## `{}`\n\n{}\n\n", study.key, study.title));
        reasons.push_str(&study.citation);
        if !study.doi.is_empty() {
            reasons.push_str(&format!(" doi:{}", study.doi));
        }
        reasons.push_str(&format!("\n\nEstimated by: {}.\n", study.method));
        let mut list: Vec<String> = Vec::new();
        list.extend(study.notes.iter().cloned());
        list.extend(study.misprints.iter().map(|words| format!("Misprint: {words}")));
        for one in comparisons.iter().filter(|one| one.agreement == super::Agreement::Explained) {
            let words = format!("Differs, {}: {}", one.outcome, one.why);
            if !list.contains(&words) {
                list.push(words);
            }
        }
        if !list.is_empty() {
            reasons.push_str(&format!("\n- {}\n", list.join("\n- ")));
        }
    }
    text.push_str("\nLargest differences are among the numbers that are not explained otherwise.\n");
    text.push_str(&reasons);
    Ok(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::reproduce::{Agreement, Quantity};

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/published");

    #[test]
    fn every_file_of_the_folder_is_here() {
        let mut files: Vec<String> = std::fs::read_dir(FOLDER)
            .unwrap()
            .filter_map(|entry| {
                entry.unwrap().file_name().into_string().unwrap().strip_suffix(".toml").map(str::to_owned)
            })
            .collect();
        files.sort();
        let keys: Vec<&str> = STUDIES.iter().map(|study| study.key).collect();
        assert_eq!(files, keys);
    }

    #[test]
    fn every_study_reproduces_or_says_why_not() {
        for published in STUDIES {
            let study = published.read().unwrap();
            assert!(!study.citation.is_empty() && study.doi.starts_with("10."), "{}", study.key);
            for one in refit(&study).unwrap() {
                let off = one.difference().unwrap_or(0.0).abs();
                // Two decimals: .005 in paths and .01 in R², besides half a unit of the print itself.
                let tolerance = if matches!(one.quantity, Quantity::Path(_)) { 0.005 } else { 0.01 };
                let good =
                    matches!(one.agreement, Agreement::Same | Agreement::Rounding | Agreement::Unpublished)
                        || (one.agreement == Agreement::Explained && !one.why.is_empty());
                assert!(good || off <= tolerance, "{}: {one:?}", study.key);
            }
        }
    }

    #[test]
    fn rounding_bounds_stay_small() {
        // A bound that allowed anything would explain everything.
        let mut all = Vec::new();
        for published in STUDIES {
            all.extend(refit(&published.read().unwrap()).unwrap().into_iter().map(|one| one.slack));
        }
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        assert!(mean < 0.02, "{mean}");
        assert!(all.iter().all(|slack| *slack < 0.1), "{all:?}");
    }

    #[test]
    fn the_page_is_current() {
        let file = format!("{FOLDER}/README.md");
        let made = readme().unwrap();
        if std::env::var_os("TRUSTPATH_WRITE_PAGES").is_some() {
            std::fs::write(&file, &made).unwrap();
        }
        let stored = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            stored == made,
            "run the tests with TRUSTPATH_WRITE_PAGES=1 to write models/published/README.md anew"
        );
    }
}
