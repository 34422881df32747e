//! Results on their way out: the JSON contract, and tables as a reader sees them.

use std::collections::HashMap;

use pyo3::prelude::*;
use serde_json::{Map, Value, json};
use trustpath::contract;

use crate::figure::language;

/// A table with its renderers.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Table {
    pub inner: trustpath::Table,
}

impl Table {
    fn translated(&self, lang: &str) -> PyResult<trustpath::Table> {
        Ok(self.inner.clone().translated(language(lang)?))
    }
}

#[pymethods]
impl Table {
    /// Key, title, columns, rows and notes as JSON; `shown` holds the cells as the renderers write them.
    fn json(&self) -> String {
        let table = &self.inner;
        let shown: Vec<Vec<String>> =
            table.rows.iter().map(|row| row.iter().map(trustpath::table::Cell::show).collect()).collect();
        let columns: Vec<Value> = table
            .columns
            .iter()
            .map(|column| json!({"key": column.key, "heading": column.heading, "align": contract::value(&column.align)}))
            .collect();
        json!({
            "key": table.key,
            "title": table.title,
            "columns": columns,
            "rows": contract::value(&table.rows),
            "shown": shown,
            "notes": table.notes,
        })
        .to_string()
    }

    fn text(&self, lang: &str) -> PyResult<String> {
        Ok(self.translated(lang)?.to_string())
    }

    fn markdown(&self, lang: &str) -> PyResult<String> {
        Ok(self.translated(lang)?.to_markdown())
    }

    fn csv(&self) -> String {
        self.inner.to_csv()
    }
}

/// Tables by their keys, in order; the second of a key is `KEY_2`.
pub fn keyed(tables: Vec<trustpath::Table>) -> Vec<(String, Table)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    tables
        .into_iter()
        .map(|inner| {
            let count = seen.entry(inner.key.clone()).or_default();
            *count += 1;
            let key = if *count == 1 { inner.key.clone() } else { format!("{}_{count}", inner.key) };
            (key, Table { inner })
        })
        .collect()
}

/// The result of a verb that leads no further: an object of the contract, its tables, and remarks.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Plain {
    object: Map<String, Value>,
    tables: Vec<trustpath::Table>,
    remarks: Vec<String>,
}

impl Plain {
    /// From an object and the tables that show it.
    pub fn new(object: Map<String, Value>, tables: Vec<trustpath::Table>) -> Self {
        Self { object, tables, remarks: Vec::new() }
    }

    /// With lines that stand above the tables.
    pub fn with_remarks(mut self, words: impl IntoIterator<Item = String>) -> Self {
        self.remarks.extend(words);
        self
    }
}

#[pymethods]
impl Plain {
    fn json(&self) -> String {
        contract::text(&self.object)
    }

    fn tables(&self) -> Vec<(String, Table)> {
        keyed(self.tables.clone())
    }

    /// Lines above the tables.
    fn remarks(&self) -> Vec<String> {
        self.remarks.clone()
    }
}
