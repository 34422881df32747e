//! What is drawn from a survey: the items of a model as its codebook describes them, or columns as they are.

use super::draw::{ItemSpec, draw};
use super::factors::whole_set_of_dummies;
use super::sample::{Missing, Sample, SampleSettings};
use super::{Column, Survey, SurveyError, Values};
use crate::diagnostic::Diagnostic;
use crate::model::{Model, Nature};

impl Sample {
    /// Draws the items of a model from a survey.
    ///
    /// # Errors
    /// [`SurveyError::Invalid`] with every problem found: items that are no column of the survey, hold words,
    /// have no answer at all or always the same one, leave their range, or repeat another item; or fewer than
    /// three cases. That there are fewer cases than items is no problem here.
    pub fn draw(model: &Model, survey: &Survey, settings: &SampleSettings) -> Result<Self, SurveyError> {
        let specs: Vec<ItemSpec> = model
            .indicators()
            .iter()
            .map(|item| {
                let observed = model.construct(item.construct).nature == Nature::Observed;
                let spec = ItemSpec { name: item.name.clone(), observed, ..ItemSpec::default() };
                match model.codebook.find(&item.name) {
                    Some(entry) => ItemSpec {
                        min: entry.min,
                        max: entry.max,
                        reverse: entry.reverse,
                        missing: entry.missing.clone(),
                        ..spec
                    },
                    None => spec,
                }
            })
            .collect();
        let column = settings.weight.as_ref().or(model.about.weight.as_ref());
        let settings = SampleSettings { weight: column.cloned(), ..settings.clone() };
        let sample = draw(&specs, survey, &settings)?;
        super::refuse_if_any(whole_set_of_dummies(model, &sample.columns))?;
        Ok(sample)
    }

    /// Draws every case with an answer, whatever the settings do about missing answers, so that the gaps of cases
    /// which an estimate leaves out can be looked at.
    ///
    /// # Errors
    /// As [`Sample::draw`].
    pub fn draw_all(model: &Model, survey: &Survey, settings: &SampleSettings) -> Result<Self, SurveyError> {
        Self::draw(model, survey, &SampleSettings { missing: Missing::Mean, ..settings.clone() })
    }

    /// A sample of columns that a program holds, one per item, NaN for a missing answer (kept for mean
    /// replacement).
    ///
    /// # Errors
    /// As [`Sample::draw`]; also if the columns differ in number from the names or in length, if a name stands
    /// twice, or if a number is infinite.
    pub fn from_columns(
        items: impl IntoIterator<Item = impl Into<String>>,
        columns: Vec<Vec<f64>>,
    ) -> Result<Self, SurveyError> {
        let items: Vec<String> = items.into_iter().map(Into::into).collect();
        if items.len() != columns.len() {
            let message = format!("{} items are named, but {} columns are given", items.len(), columns.len());
            return Err(Diagnostic::error("TP0212", message).into());
        }
        let specs: Vec<ItemSpec> =
            items.iter().map(|name| ItemSpec { name: name.clone(), ..ItemSpec::default() }).collect();
        let columns = items
            .into_iter()
            .zip(columns)
            .map(|(name, cells)| Column {
                name,
                values: Values::Numbers(cells.into_iter().map(Some).collect()),
            })
            .collect();
        draw(&specs, &Survey::from_columns("<columns>", columns)?, &SampleSettings::default())
    }
}
