//! Results on their way out: the JSON contract, and tables as a reader sees them.

use pyo3::prelude::*;
use serde_json::{Map, Value, json};
use trustpath::contract;

/// A table with its renderers.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Table {
    inner: trustpath::Table,
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

    fn text(&self) -> String {
        self.inner.to_string()
    }

    fn markdown(&self) -> String {
        self.inner.to_markdown()
    }

    fn csv(&self) -> String {
        self.inner.to_csv()
    }
}

/// Tables by their keys, in order.
pub fn keyed(tables: Vec<trustpath::Table>) -> Vec<(String, Table)> {
    tables.into_iter().map(|inner| (inner.key.clone(), Table { inner })).collect()
}

/// The result of a verb that leads no further: an object of the contract, and its tables.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Plain {
    object: Map<String, Value>,
    tables: Vec<trustpath::Table>,
}

impl Plain {
    /// From an object and the tables that show it.
    pub fn new(object: Map<String, Value>, tables: Vec<trustpath::Table>) -> Self {
        Self { object, tables }
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
}
