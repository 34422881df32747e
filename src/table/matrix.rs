//! Numbers with names.

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// A matrix with named rows and columns. A cell that does not apply is `None` when read and `null` in JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: Vec<String>,
    cols: Vec<String>,
    /// Row-major; NaN stands for "does not apply" and never leaves this type.
    values: Vec<f64>,
}

impl Matrix {
    /// A matrix of cells that do not apply yet.
    pub fn empty(rows: Vec<String>, cols: Vec<String>) -> Self {
        let values = vec![f64::NAN; rows.len() * cols.len()];
        Self { rows, cols, values }
    }

    /// A matrix of zeros.
    pub fn zeros(rows: Vec<String>, cols: Vec<String>) -> Self {
        let values = vec![0.0; rows.len() * cols.len()];
        Self { rows, cols, values }
    }

    /// A matrix whose cells come from `cell(row, column)`; a value that is not finite does not apply.
    pub fn from_fn(rows: Vec<String>, cols: Vec<String>, mut cell: impl FnMut(usize, usize) -> f64) -> Self {
        let mut matrix = Self::empty(rows, cols);
        for r in 0..matrix.rows.len() {
            for c in 0..matrix.cols.len() {
                matrix.set(r, c, cell(r, c));
            }
        }
        matrix
    }

    /// Row names.
    pub fn rows(&self) -> &[String] {
        &self.rows
    }

    /// Column names.
    pub fn cols(&self) -> &[String] {
        &self.cols
    }

    /// The cell at these positions, `None` where it does not apply or lies outside.
    pub fn at(&self, row: usize, col: usize) -> Option<f64> {
        if row >= self.rows.len() || col >= self.cols.len() {
            return None;
        }
        self.values.get(row * self.cols.len() + col).copied().filter(|value| value.is_finite())
    }

    /// The cell with these names, `None` where it does not apply or the names are unknown.
    pub fn get(&self, row: &str, col: &str) -> Option<f64> {
        let r = self.rows.iter().position(|name| name == row)?;
        let c = self.cols.iter().position(|name| name == col)?;
        self.at(r, c)
    }

    /// Sets a cell; positions outside are ignored, a value that is not finite means "does not apply".
    pub fn set(&mut self, row: usize, col: usize, value: f64) {
        let width = self.cols.len();
        if col < width
            && let Some(cell) = self.values.get_mut(row * width + col)
        {
            *cell = if value.is_finite() { value } else { f64::NAN };
        }
    }
}

impl Serialize for Matrix {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values: Vec<Vec<Option<f64>>> =
            (0..self.rows.len()).map(|r| (0..self.cols.len()).map(|c| self.at(r, c)).collect()).collect();
        let mut out = serializer.serialize_struct("Matrix", 3)?;
        out.serialize_field("rows", &self.rows)?;
        out.serialize_field("cols", &self.cols)?;
        out.serialize_field("values", &values)?;
        out.end()
    }
}

/// Named numbers. A value that does not apply is `None` when read and `null` in JSON.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vector {
    names: Vec<String>,
    values: Vec<f64>,
}

impl Vector {
    /// Named numbers from pairs; a value that is not finite does not apply.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, f64)>) -> Self {
        let (names, values) = pairs.into_iter().unzip();
        Self { names, values }
    }

    /// The names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The value at a position.
    pub fn at(&self, position: usize) -> Option<f64> {
        self.values.get(position).copied().filter(|value| value.is_finite())
    }

    /// The value with this name.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.at(self.names.iter().position(|known| known == name)?)
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<f64>)> {
        self.names.iter().enumerate().map(|(i, name)| (name.as_str(), self.at(i)))
    }
}

impl Serialize for Vector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values: Vec<Option<f64>> = (0..self.names.len()).map(|i| self.at(i)).collect();
        let mut out = serializer.serialize_struct("Vector", 2)?;
        out.serialize_field("names", &self.names)?;
        out.serialize_field("values", &values)?;
        out.end()
    }
}
