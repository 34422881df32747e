//! One case: what it says, and how its numbers are compared.

use std::path::{Path, PathBuf};

use serde_json::Value;
use trustpath::survey::{Column, Sample, Values};
use trustpath::{Model, Survey};

use crate::{answer, correlations, extras, lavaan, moderation, ordinal, psych, resampled, settings, stages};

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) program: String,
    pub(crate) json: Value,
    pub(crate) data: PathBuf,
}

/// How many cells were compared, and how far off the worst was.
#[derive(Default, Clone)]
pub(crate) struct Tally {
    pub(crate) cells: usize,
    pub(crate) agreed: usize,
    pub(crate) worst: f64,
    /// Worst difference as a share of its tolerance.
    pub(crate) share: f64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.cells += other.cells;
        self.agreed += other.agreed;
        self.worst = self.worst.max(other.worst);
        self.share = self.share.max(other.share);
    }
}

#[derive(Default)]
pub(crate) struct Comparison {
    pub(crate) case: String,
    pub(crate) tally: Tally,
    pub(crate) failures: Vec<String>,
    pub(crate) missing_keys: Vec<String>,
}

impl Comparison {
    /// Compares one cell.
    pub(crate) fn cell(&mut self, place: &str, expected: f64, got: Option<f64>, tolerance: f64) {
        self.tally.cells += 1;
        let difference = got.map_or(f64::INFINITY, |got| (got - expected).abs());
        // Tolerances are absolute; numbers of size 10 and more are compared relative to their size.
        let allowed = tolerance * (expected.abs() / 10.0).max(1.0) + 1e-12;
        if difference <= allowed {
            self.tally.agreed += 1;
            // Iteration counts are whole numbers with a tolerance of 1 or 2: no measure of precision.
            if !place.ends_with("iterations") {
                self.tally.worst = self.tally.worst.max(difference);
                self.tally.share = self.tally.share.max(difference / allowed);
            }
        } else {
            self.failures.push(format!("{} {place}: expected {expected}, got {got:?}", self.case));
        }
    }
}

impl Case {
    pub(crate) fn read(file: &Path, data: &Path) -> Self {
        let mut json: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let name = json["case"].as_str().unwrap().to_owned();
        let program = json["source"]["package"].as_str().unwrap_or("unknown").to_owned();
        stages::rename(&mut json, &program);
        let data = data.join(json["data"].as_str().unwrap_or_default());
        Self { name, program, json, data }
    }

    pub(crate) fn setting(&self, key: &str) -> &Value {
        &self.json["settings"][key]
    }

    /// Tolerance of a key: the case's own.
    pub(crate) fn tolerance(&self, key: &str) -> f64 {
        let tolerance = &self.json["tolerance"];
        tolerance
            .as_f64()
            .or_else(|| tolerance[key].as_f64())
            .or_else(|| tolerance["default"].as_f64())
            .unwrap_or(1e-6)
    }

    /// The model text with the case's modes as annotations.
    pub(crate) fn model(&self, annotations: &str) -> Result<Model, String> {
        let text = format!("{}\n{annotations}", self.json["model"].as_str().ok_or("no model text")?);
        Model::parse(&text).map_err(|error| {
            let message = error.to_string();
            let first = message.lines().next().unwrap_or_default();
            let kind = first.split_once("]: ").map_or(first, |(_, rest)| rest);
            // Names differ from case to case; the kind of construct does not.
            let words: Vec<&str> = kind.split('`').step_by(2).map(str::trim).collect();
            format!("model: {}", words.join(" … ").trim())
        })
    }

    /// The survey with the case's reverse coding applied.
    pub(crate) fn survey(&self) -> Result<Survey, String> {
        let mut survey = Survey::read(&self.data).map_err(|error| error.to_string())?;
        let reverse: Vec<&str> =
            self.setting("reverse").as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let ends = self.setting("min").as_f64().zip(self.setting("max").as_f64());
        for Column { name, values } in &mut survey.columns {
            if let (true, Values::Numbers(cells), Some((min, max))) =
                (reverse.contains(&name.as_str()), values, ends)
            {
                cells.iter_mut().flatten().for_each(|x| *x = min + max - *x);
            }
        }
        let turned: Vec<&str> = self
            .setting("reverse_coded")
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if !turned.is_empty() {
            assert_eq!(self.setting("reverse_rule").as_str(), Some("10 - x"));
        }
        for Column { name, values } in &mut survey.columns {
            if let (true, Values::Numbers(cells)) = (turned.contains(&name.as_str()), values) {
                cells.iter_mut().flatten().for_each(|x| *x = 10.0 - *x);
            }
        }
        Ok(survey)
    }

    /// Only the rows that the case names, if it does.
    fn rows(&self, mut sample: Sample) -> Sample {
        if let Value::Array(rows) = self.setting("rows") {
            let rows: Vec<usize> =
                rows.iter().map(|r| usize::try_from(r.as_u64().unwrap()).unwrap()).collect();
            for column in &mut sample.columns {
                *column = rows.iter().map(|&i| column[i]).collect();
            }
            sample.origin = rows;
        }
        sample
    }

    /// Eigenvectors have no sign: turns all scores of MAXVAR and MINVAR together if the case has them the other way.
    fn turn(&self, fit: &mut trustpath::pls::PlsFit) {
        use trustpath::pls::Weighting;
        let first = self.json["expected"]["weights"]["values"][0].as_array();
        let sum = first.into_iter().flatten().filter_map(Value::as_f64).sum::<f64>();
        if matches!(fit.plan.weighting, Weighting::Maxvar | Weighting::Minvar)
            && sum * fit.estimate.weights[0] < 0.0
        {
            let estimate = &mut fit.estimate;
            for values in [&mut estimate.weights, &mut estimate.cross, &mut estimate.loadings] {
                for x in values.iter_mut() {
                    *x = -*x;
                }
            }
        }
    }

    /// Compares everything trustpath computes.
    ///
    /// The error says why nothing can be compared.
    pub(crate) fn compare(&self) -> Result<Comparison, String> {
        let mut out = Comparison { case: self.name.clone(), ..Comparison::default() };
        if ordinal::compare(self, &mut out)? {
            return Ok(out);
        }
        if self.program == "psych" {
            if !correlations::compare(self, &mut out)? {
                psych::compare(self, &mut out)?;
            }
            return Ok(out);
        }
        if self.program == "polycor" {
            correlations::compare(self, &mut out)?;
            return Ok(out);
        }
        if self.program == "lavaan" {
            lavaan::compare(self, &mut out)?;
            return Ok(out);
        }
        let run = settings::run(self)?;
        let survey = self.survey()?;
        let sample = Sample::draw(&run.model, &survey, &run.pls.data).map_err(|error| error.to_string())?;
        let sample = self.rows(sample);
        let mut fit = correlations::fit(self, &run, sample)?;
        self.turn(&mut fit);
        let expected = self.json["expected"].as_object().ok_or("no expected values")?;
        if resampled::applies(self) && resampled::compare(self, &run, &fit, &mut out)? {
            return Ok(out);
        }
        let answers = answer::Answers::of(&run, &fit);
        for (key, value) in expected {
            if resampled::handles(key) {
                continue;
            }
            if extras::compare(self, key, value, &fit, &mut out)
                || moderation::compare(self, key, value, &fit, &mut out)
                || stages::compare(self, key, value, &run, &fit, &mut out)
            {
                continue;
            }
            if !answer::compare(self, key, value, &answers, &mut out) {
                out.missing_keys.push(key.clone());
            }
        }
        Ok(out)
    }
}
