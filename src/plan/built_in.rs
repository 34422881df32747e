//! The models that come with the program: theories of online trust and loyalty, with codebook and hypotheses.

use super::PlanError;
use super::population::Population;
use crate::diagnostic::nearest;
use crate::model::{Codebook, Model, ModelError};

/// A model that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its number in the theory list, such as `M6`.
    pub id: &'static str,
    /// Its name, which is that of its file.
    pub name: &'static str,
    /// The model file as it stands.
    pub model: &'static str,
    /// The codebook file as it stands.
    pub codebook: &'static str,
    /// The population file as it stands; empty where the defaults do.
    pub population: &'static str,
}

macro_rules! built_in {
    ($($id:literal $name:literal $codebook:literal $population:expr;)+) => {
        /// Every built-in model, in the order of the theory list.
        pub static MODELS: &[BuiltIn] = &[$(BuiltIn {
            id: $id,
            name: $name,
            model: include_str!(concat!("../../models/", $name, ".sem")),
            codebook: include_str!(concat!("../../models/", $codebook, ".codebook.csv")),
            population: $population,
        }),+];
    };
}

built_in! {
    "M1" "initial-trust" "initial-trust" INITIAL_TRUST;
    "M1a" "initial-trust-direct" "initial-trust" "";
    "M1b" "initial-trust-signals" "initial-trust" "";
    "M1c" "initial-trust-second-order" "initial-trust-second-order" "";
    "M1d" "initial-trust-objects" "initial-trust-second-order" "";
    "M2" "b2c-trust" "b2c-trust" "";
    "M3" "trust-sources" "trust-sources" "";
    "M4" "customer-trust-antecedents" "customer-trust-antecedents" "";
    "M5" "trust-service-loyalty" "trust-service-loyalty" "";
    "M5b" "loyalty-mechanisms" "loyalty-mechanisms" "";
    "M5c" "trust-over-time" "trust-over-time" "";
    "M6" "trust-levels" "trust-levels" "";
    "M6b" "reward-programme" "reward-programme" "";
    "M6c" "trust-bases" "trust-bases" "";
    "M7" "trust-online-relations" "trust-online-relations" "";
    "M8" "customer-value" "customer-value" "";
    "M9" "e-loyalty" "e-loyalty" "";
    "M10" "trust-principles" "trust-principles" "";
    "M11" "accept-identify-rely" "accept-identify-rely" "";
    "M12" "trust-foundations" "trust-foundations" "";
}

const INITIAL_TRUST: &str = include_str!("../../models/initial-trust.population.toml");

impl BuiltIn {
    /// The model with its codebook.
    ///
    /// # Errors
    /// None that a test would not have found.
    pub fn read(&self) -> Result<Model, ModelError> {
        let model = Model::parse_named(&format!("{}.sem", self.name), self.model)?;
        Ok(model.with_codebook(Codebook::parse(&self.codebook_file(), self.codebook)?))
    }

    /// A population of the model.
    ///
    /// # Errors
    /// None that a test would not have found.
    pub fn population(&self) -> Result<Population, PlanError> {
        Population::parse(&format!("{}.population.toml", self.name), self.population)
    }

    /// The file name of the codebook, as the model file calls it.
    pub fn codebook_file(&self) -> String {
        let named = self.model.lines().find_map(|line| line.strip_prefix("#@ codebook"));
        named.map_or_else(|| format!("{}.codebook.csv", self.name), |name| name.trim().to_owned())
    }
}

/// The model with this name or number, upper or lower case.
pub fn find(name: &str) -> Option<&'static BuiltIn> {
    MODELS.iter().find(|model| model.name.eq_ignore_ascii_case(name) || model.id.eq_ignore_ascii_case(name))
}

/// The name that was most likely meant.
pub fn nearest_name(name: &str) -> Option<&'static str> {
    nearest(name, MODELS.iter().map(|model| model.name))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_built_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/models");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| {
                entry.unwrap().file_name().into_string().unwrap().strip_suffix(".sem").map(str::to_owned)
            })
            .collect();
        files.sort();
        let mut names: Vec<&str> = MODELS.iter().map(|model| model.name).collect();
        names.sort_unstable();
        assert_eq!(files, names);
    }

    #[test]
    fn models_are_found_by_name_and_number() {
        assert_eq!(find("m6").map(|model| model.name), Some("trust-levels"));
        assert_eq!(find("Initial-Trust").map(|model| model.id), Some("M1"));
        assert_eq!(find("M13"), None);
        assert_eq!(nearest_name("trust-level"), Some("trust-levels"));
    }

    #[test]
    fn items_of_models_are_worded_as_in_the_library() {
        for built_in in MODELS {
            let model = built_in.read().unwrap();
            for row in &model.codebook.items {
                assert!(row.source.is_some() && row.text.is_some() && row.text_zh.is_some(), "{}", row.item);
                let same =
                    crate::model::library().iter().flat_map(|c| &c.items).find(|item| item.item == row.item);
                if let Some(same) = same {
                    assert_eq!(
                        (&row.text, &row.text_zh, row.reverse),
                        (&same.text, &same.text_zh, same.reverse)
                    );
                }
            }
            for item in model.indicator_names() {
                assert!(model.codebook.find(&item).is_some(), "{}: {item}", built_in.name);
            }
            assert!(model.paths().iter().any(|path| path.hypothesis.is_some()), "{}", built_in.name);
            for construct in model.constructs().iter().filter(|construct| !construct.name.contains(':')) {
                assert!(construct.label.is_some() && construct.label_zh.is_some(), "{}", construct.name);
            }
            let about = &model.about;
            for said in [&about.title, &about.title_zh, &about.theory, &about.source] {
                assert!(said.is_some(), "{}", built_in.name);
            }
        }
    }
}
