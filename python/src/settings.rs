//! Settings from keyword arguments: what Python gives is laid over the library's own defaults, so that no default is written
//! twice and a new setting of the library is a new keyword without a line here.

use pyo3::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use trustpath::assess::Conventions;
use trustpath::diagnostic::nearest;
use trustpath::effects::{CopulaSettings, ModerationSettings};
use trustpath::resample::{Bootstrap, MeasurementTests};
use trustpath::{Pls, Sem, survey::SampleSettings};

use crate::errors::raise;
use crate::fit::Options;

/// The library's defaults as JSON, by the name of the verb.
#[pyfunction]
pub fn defaults(verb: &str) -> PyResult<String> {
    let value = match verb {
        "pls" => serde_json::to_value(Pls::default()),
        "bootstrap" => serde_json::to_value(Bootstrap::default()),
        "sem" => serde_json::to_value(Sem::default()),
        "check" => serde_json::to_value(SampleSettings::default()),
        "conventions" => serde_json::to_value(Conventions::default()),
        "moderation" => serde_json::to_value(ModerationSettings::default()),
        "endogeneity" => serde_json::to_value(CopulaSettings::default()),
        "measurement" => serde_json::to_value(MeasurementTests::default()),
        "plot" => serde_json::to_value(Options::default()),
        _ => return Err(bad(&format!("there is no verb `{verb}` with settings"))),
    };
    value.map(|value| value.to_string()).map_err(|error| bad(&error.to_string()))
}

/// `given`, a JSON object, laid over `base`. Keys of a nested object (`data`) may stand without it.
pub fn over<T: Serialize + DeserializeOwned>(base: &T, given: &str) -> PyResult<T> {
    let given: Map<String, Value> = serde_json::from_str(given).map_err(|error| bad(&error.to_string()))?;
    let mut all = serde_json::to_value(base).map_err(|error| bad(&error.to_string()))?;
    for (key, value) in given {
        let Some(slot) = slot(&mut all, &key) else { return Err(unknown(&all, &key)) };
        *slot = value;
        // One key at a time, so that the message can name it.
        serde_json::from_value::<T>(all.clone()).map_err(|error| bad(&format!("{key}: {error}")))?;
    }
    serde_json::from_value(all).map_err(|error| bad(&error.to_string()))
}

fn slot<'a>(all: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    let object = all.as_object_mut()?;
    if object.contains_key(key) {
        return object.get_mut(key);
    }
    object.values_mut().find_map(|inner| inner.as_object_mut().and_then(|inner| inner.get_mut(key)))
}

fn unknown(all: &Value, key: &str) -> PyErr {
    let mut known: Vec<&str> = Vec::new();
    for (name, value) in all.as_object().into_iter().flatten() {
        match value {
            Value::Object(inner) if !inner.is_empty() => known.extend(inner.keys().map(String::as_str)),
            _ => known.push(name),
        }
    }
    let hint = match nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", known.join(", ")),
    };
    bad(&format!("there is no setting `{key}`\n  hint: {hint}"))
}

/// Settings that cannot be used.
pub fn bad(text: &str) -> PyErr {
    raise("SettingsError", text, &[])
}

/// A choice by its word, such as `smartpls4`.
pub fn word<T: std::str::FromStr<Err = impl ToString>>(word: &str) -> PyResult<T> {
    word.parse().map_err(|error: T::Err| bad(&error.to_string()))
}
