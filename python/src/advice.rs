//! Before the data and beside them: sample sizes, questionnaires, studies to begin with, rules explained.

use pyo3::prelude::*;
use trustpath::assess::{nearest_rule, rule, rules};
use trustpath::codes::CODES;
use trustpath::contract;
use trustpath::diagnostic::nearest;
use trustpath::plan::{Language, Questionnaire as Pages, QuestionnaireSettings, SampleSize, Study, built_in};
use trustpath::table::{Cell, Column};

use crate::errors::{PyResultExt, raise};
use crate::model::Model;
use crate::result::Plain;
use crate::settings::{bad, word};

/// How many answers a study needs.
#[pyfunction]
pub fn sample_size(model: Option<&Model>, smallest_path: f64, lang: &str) -> PyResult<Plain> {
    let size = match model {
        Some(model) => SampleSize::for_model(&model.inner, smallest_path),
        None => SampleSize::for_path(smallest_path),
    }
    .py_err()?;
    let sentence = size.sentence(language(lang)?);
    let mut table = size.table();
    let object = contract::sample_size(&table, &sentence);
    table.note(sentence);
    Ok(Plain::new(object, vec![table]))
}

fn language(lang: &str) -> PyResult<Language> {
    word(lang)
}

/// The questionnaire of a model.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Questionnaire {
    pages: Pages,
}

#[pymethods]
impl Questionnaire {
    #[staticmethod]
    fn of(
        model: &Model,
        lang: &str,
        shuffle: Option<u64>,
        attention_checks: usize,
        anchors: Option<(String, String)>,
    ) -> PyResult<Self> {
        let settings =
            QuestionnaireSettings { language: language(lang)?, shuffle, attention_checks, anchors };
        Ok(Self { pages: Pages::of(&model.inner, &settings) })
    }

    fn markdown(&self) -> String {
        self.pages.markdown()
    }

    fn xlsform(&self) -> String {
        self.pages.xlsform()
    }

    fn docx(&self) -> PyResult<Vec<u8>> {
        self.pages.docx().py_err()
    }

    /// Items without wording in this language.
    fn without_wording(&self) -> Vec<String> {
        self.pages.without_wording.clone()
    }
}

/// The files of a study to begin with.
#[pyfunction]
pub fn study(name: &str, smallest_path: f64, seed: u64, lang: &str) -> PyResult<Vec<(String, Vec<u8>)>> {
    let Some(model) = built_in::find(name) else {
        let near = nearest(name, built_in::MODELS.iter().map(|model| model.name));
        let hint = near.map_or_else(
            || "`tp.models()` lists the built-in models".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(raise("PlanError", &format!("there is no built-in model `{name}`\n  hint: {hint}"), &[]));
    };
    Ok(Study::of(model, Some(smallest_path), seed, language(lang)?).py_err()?.files)
}

/// A rule or a diagnostic code, as `trustpath explain ID --format json` prints it; without one, all rules.
#[pyfunction]
#[pyo3(signature = (id=None))]
pub fn explain(id: Option<&str>) -> PyResult<Plain> {
    let mut object = contract::object();
    let Some(id) = id else {
        object.insert("rules".into(), contract::value(&rules()));
        let mut table = trustpath::Table::new(
            "rules",
            "Rules",
            vec![
                Column::words("id", "Id"),
                Column::words("quantity", "Quantity"),
                Column::words("rule", "Rule"),
                Column::words("source", "Source"),
            ],
        );
        for rule in rules() {
            table.push([rule.id, rule.quantity, rule.rule, rule.said_by()].map(Cell::text).to_vec());
        }
        return Ok(Plain::new(object, vec![table]));
    };
    let table = |title: &str, lines: Vec<(&str, String)>| {
        let columns = vec![Column::words("key", ""), Column::words("words", "")];
        let mut table = trustpath::Table::new("page", title, columns);
        for (key, words) in lines {
            table.push(vec![Cell::text(key), Cell::text(words)]);
        }
        table
    };
    if let Some(rule) = rule(id) {
        object.insert("rule".into(), contract::value(rule));
        let title = format!("{} {}", rule.id, rule.quantity);
        return Ok(Plain::new(object, vec![table(&title, rule.lines())]));
    }
    let known = CODES.iter().find(|(code, _)| code.eq_ignore_ascii_case(id));
    let Some((code, meaning)) = known else {
        let near = nearest_rule(id).or_else(|| nearest(id, CODES.iter().map(|(code, _)| *code)));
        let hint = near.map_or_else(String::new, |near| format!("\n  hint: did you mean `{near}`?"));
        return Err(bad(&format!("there is no rule and no code `{id}`{hint}")));
    };
    object.insert("code".into(), (*code).into());
    object.insert("meaning".into(), (*meaning).into());
    Ok(Plain::new(object, vec![table(code, vec![("Meaning", (*meaning).to_owned())])]))
}
