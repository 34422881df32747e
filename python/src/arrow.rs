//! Arrow in and out through the C stream interface: what polars, pandas, pyarrow, `DuckDB` and others speak.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, DurationMicrosecondType, Float16Type, Float32Type,
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, Float64Array, PrimitiveArray, RecordBatch, RecordBatchIterator, RecordBatchReader,
    StringArray,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};
use rayon::prelude::*;
use trustpath::diagnostic::{Diagnostic, Diagnostics};
use trustpath::survey::{Column, SurveyError, Values};

/// The name that the interface gives its capsules.
const STREAM: &std::ffi::CStr = c"arrow_array_stream";

/// Everything a stream holds, and its schema (a stream may have no batch at all).
pub struct Batches {
    schema: Arc<Schema>,
    batches: Vec<RecordBatch>,
}

/// Reads a stream to its end.
#[allow(unsafe_code, reason = "a capsule of this name holds a stream: that is the Arrow PyCapsule interface")]
pub fn batches(capsule: &Bound<'_, PyCapsule>) -> PyResult<Batches> {
    let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: the name was checked; the stream is moved out, and what is left behind is released, as the
    // interface asks for.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
    let broken = |error: ArrowError| PyValueError::new_err(format!("the Arrow stream broke off: {error}"));
    let reader = RecordBatchStreamReader::try_new(stream).map_err(broken)?;
    let schema = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>().map_err(broken)?;
    Ok(Batches { schema, batches })
}

/// The columns of a survey.
pub fn columns(file: &str, all: &Batches) -> Result<Vec<Column>, SurveyError> {
    let cases = all.batches.iter().map(RecordBatch::num_rows).sum();
    let read: Vec<Result<Column, Diagnostic>> = all
        .schema
        .fields()
        .par_iter()
        .enumerate()
        .map(|(at, field)| {
            let chunks: Vec<&ArrayRef> = all.batches.iter().map(|batch| batch.column(at)).collect();
            values(&chunks, field.data_type(), cases)
                .map(|values| Column { name: field.name().clone(), values })
                .ok_or_else(|| unsupported(file, field))
        })
        .collect();
    let (columns, problems): (Vec<_>, Vec<_>) = read.into_iter().partition(Result::is_ok);
    let problems: Vec<Diagnostic> = problems.into_iter().filter_map(Result::err).collect();
    if problems.is_empty() {
        Ok(columns.into_iter().filter_map(Result::ok).collect())
    } else {
        Err(SurveyError::Invalid(Diagnostics(problems)))
    }
}

fn unsupported(file: &str, field: &Field) -> Diagnostic {
    let (name, kind) = (field.name(), field.data_type());
    Diagnostic::error("TP0213", format!("column `{name}` has the unsupported type {kind}"))
        .in_file(file, None, Some(name))
        .hint("cast it to numbers or strings, or leave it out")
}

/// The cells of a column, `None` if its type is not supported.
fn values(chunks: &[&ArrayRef], kind: &DataType, cases: usize) -> Option<Values> {
    Some(match kind {
        DataType::Null => Values::Numbers(vec![None; cases]),
        DataType::Boolean => {
            let cells = chunks.iter().flat_map(|chunk| chunk.as_boolean().iter());
            Values::Numbers(cells.map(|cell| cell.map(|yes| f64::from(u8::from(yes)))).collect())
        }
        DataType::Float64 => numbers::<Float64Type>(chunks, cases, |x| x),
        DataType::Float32 => numbers::<Float32Type>(chunks, cases, f64::from),
        DataType::Float16 => numbers::<Float16Type>(chunks, cases, f64::from),
        DataType::Int8 => numbers::<Int8Type>(chunks, cases, f64::from),
        DataType::Int16 => numbers::<Int16Type>(chunks, cases, f64::from),
        DataType::Int32 => numbers::<Int32Type>(chunks, cases, f64::from),
        DataType::UInt8 => numbers::<UInt8Type>(chunks, cases, f64::from),
        DataType::UInt16 => numbers::<UInt16Type>(chunks, cases, f64::from),
        DataType::UInt32 => numbers::<UInt32Type>(chunks, cases, f64::from),
        DataType::Int64 => numbers::<Int64Type>(chunks, cases, |x| x as f64),
        DataType::UInt64 => numbers::<UInt64Type>(chunks, cases, |x| x as f64),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => words(chunks, cases)?,
        DataType::Dictionary(_, inner) => dictionary(chunks, inner, cases)?,
        DataType::Decimal128(_, scale) => {
            let unit = 10_f64.powi(i32::from(*scale));
            numbers::<Decimal128Type>(chunks, cases, |x| x as f64 / unit)
        }
        other => times(chunks, other, cases)?,
    })
}

/// Numbers of one type; NaN is a missing answer like a null.
fn numbers<T: ArrowPrimitiveType>(
    chunks: &[&ArrayRef],
    cases: usize,
    number: impl Fn(T::Native) -> f64,
) -> Values {
    let mut cells = Vec::with_capacity(cases);
    for chunk in chunks {
        let array = chunk.as_primitive::<T>();
        let given = array.values().iter().map(|value| Some(number(*value)).filter(|number| !number.is_nan()));
        match array.nulls() {
            None => cells.extend(given),
            Some(nulls) => cells.extend(given.zip(nulls.iter()).map(|(cell, there)| cell.filter(|_| there))),
        }
    }
    Values::Numbers(cells)
}

/// One string array as cells.
fn strings(array: &dyn Array) -> Option<Vec<Option<&str>>> {
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().collect(),
        DataType::Utf8View => array.as_string_view().iter().collect(),
        _ => return None,
    })
}

fn words(chunks: &[&ArrayRef], cases: usize) -> Option<Values> {
    let cells: Option<Vec<_>> = chunks.iter().map(|chunk| strings(chunk.as_ref())).collect();
    Some(Values::from_words(cases, cells?.into_iter().flatten()))
}

/// Categoricals: words by their codes, or the numbers behind them.
fn dictionary(chunks: &[&ArrayRef], inner: &DataType, cases: usize) -> Option<Values> {
    let mut positions: Vec<Vec<Option<usize>>> = Vec::new();
    let mut levels: Vec<&ArrayRef> = Vec::new();
    for chunk in chunks {
        let array = chunk.as_any_dictionary_opt()?;
        let keys = array.normalized_keys();
        let nulls = array.keys().nulls();
        positions.push(
            keys.into_iter()
                .enumerate()
                .map(|(case, key)| (nulls.is_none_or(|nulls| nulls.is_valid(case))).then_some(key))
                .collect(),
        );
        levels.push(array.values());
    }
    if matches!(inner, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) {
        let named: Option<Vec<_>> = levels.iter().map(|level| strings(level.as_ref())).collect();
        let named = named?;
        let cells = positions.iter().zip(&named).flat_map(|(keys, names)| {
            keys.iter().map(|key| key.and_then(|key| names.get(key).copied().flatten()))
        });
        return Some(Values::from_words(cases, cells));
    }
    let mut cells = Vec::with_capacity(cases);
    for (keys, level) in positions.iter().zip(&levels) {
        let Values::Numbers(known) = values(&[level], inner, level.len())? else { return None };
        cells.extend(keys.iter().map(|key| key.and_then(|key| known.get(key).copied().flatten())));
    }
    Some(Values::Numbers(cells))
}

/// Dates and times as words: no item, but no reason to refuse the frame they stand in.
fn times(chunks: &[&ArrayRef], kind: &DataType, cases: usize) -> Option<Values> {
    let cells: Option<Vec<Option<String>>> = match kind {
        DataType::Date32 => {
            shown::<Date32Type>(chunks, |array, at| array.value_as_date(at).map(|x| x.to_string()))
        }
        DataType::Timestamp(TimeUnit::Second, _) => shown::<TimestampSecondType>(chunks, |array, at| {
            array.value_as_datetime(at).map(|x| x.to_string())
        }),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            shown::<TimestampMillisecondType>(chunks, |array, at| {
                array.value_as_datetime(at).map(|x| x.to_string())
            })
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            shown::<TimestampMicrosecondType>(chunks, |array, at| {
                array.value_as_datetime(at).map(|x| x.to_string())
            })
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            shown::<TimestampNanosecondType>(chunks, |array, at| {
                array.value_as_datetime(at).map(|x| x.to_string())
            })
        }
        DataType::Time64(TimeUnit::Nanosecond) => {
            shown::<Time64NanosecondType>(chunks, |array, at| array.value_as_time(at).map(|x| x.to_string()))
        }
        DataType::Duration(TimeUnit::Microsecond) => {
            shown::<DurationMicrosecondType>(chunks, |array, at| Some(array.value(at).to_string()))
        }
        _ => None,
    };
    cells.map(|cells| Values::from_words(cases, cells.iter().map(Option::as_deref)))
}

/// Every value of every chunk in words.
fn shown<T: ArrowPrimitiveType>(
    chunks: &[&ArrayRef],
    show: impl Fn(&PrimitiveArray<T>, usize) -> Option<String>,
) -> Option<Vec<Option<String>>> {
    let mut cells = Vec::new();
    for chunk in chunks {
        let array = chunk.as_primitive_opt::<T>()?;
        cells.extend((0..array.len()).map(|at| if array.is_valid(at) { show(array, at) } else { None }));
    }
    Some(cells)
}

/// A column as Python hands it over for export.
#[derive(FromPyObject)]
pub enum Cells {
    Numbers(Vec<Option<f64>>),
    Words(Vec<Option<String>>),
}

/// Named columns as an Arrow C stream, for `__arrow_c_stream__`.
#[pyfunction]
pub fn arrow_stream(py: Python<'_>, columns: Vec<(String, Cells)>) -> PyResult<Bound<'_, PyCapsule>> {
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (name, cells) in columns {
        let array: ArrayRef = match cells {
            Cells::Numbers(cells) => Arc::new(Float64Array::from(cells)),
            Cells::Words(cells) => Arc::new(StringArray::from(cells)),
        };
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)
        .map_err(|error| PyValueError::new_err(error.to_string()))?;
    let reader = RecordBatchIterator::new([Ok(batch)], schema);
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}
