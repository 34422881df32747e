//! Data frames in and out of a survey (feature `polars`).
//!
//! Numbers become `Float64`; categories and free text become strings; missing answers become nulls. The other
//! way, whole numbers, floats and truth values (as 0 and 1) become numbers, strings become categories or free
//! text by the rules of [`Survey::read`], and nulls, NaN, empty strings and words such as `NA` become missing
//! answers. Strings are not searched for numbers: a frame knows its types.

use polars::prelude::{Column as FrameColumn, DataFrame, DataType, NamedFrom, Series};

use super::{Column, Survey, SurveyError, Values, refuse_if_any};
use crate::diagnostic::Diagnostic;

impl Survey {
    /// The survey as a data frame.
    ///
    /// # Errors
    /// [`SurveyError::Invalid`] if columns put together by hand differ in length or share a name.
    pub fn frame(&self) -> Result<DataFrame, SurveyError> {
        let columns = self
            .columns
            .iter()
            .map(|column| {
                let name = column.name.as_str().into();
                let series = match &column.values {
                    Values::Numbers(cells) => Series::new(name, cells.as_slice()),
                    Values::Categories { levels, codes } => {
                        let cells: Vec<Option<&str>> = codes
                            .iter()
                            .map(|code| code.and_then(|code| levels.get(code)).map(String::as_str))
                            .collect();
                        Series::new(name, cells)
                    }
                    Values::Text(cells) => Series::new(name, cells.as_slice()),
                };
                FrameColumn::from(series)
            })
            .collect();
        DataFrame::new(self.cases, columns).map_err(|error| {
            Diagnostic::error("TP0212", format!("`{}` does not fit into a data frame: {error}", self.file))
                .into()
        })
    }

    /// A survey from a data frame; `name` is what messages call it.
    ///
    /// # Errors
    /// [`SurveyError::Invalid`] if a column has a type that is neither a number, a truth value nor a string, and
    /// as [`Survey::from_columns`].
    pub fn from_frame(name: impl Into<String>, frame: &DataFrame) -> Result<Self, SurveyError> {
        let file = name.into();
        let mut columns = Vec::new();
        let mut problems = Vec::new();
        for column in frame.columns() {
            match values(column) {
                Some(values) => columns.push(Column { name: column.name().to_string(), values }),
                None => problems.push(
                    Diagnostic::error(
                        "TP0213",
                        format!("column `{}` has the unsupported type {}", column.name(), column.dtype()),
                    )
                    .in_file(&file, None, Some(column.name()))
                    .hint("cast it to numbers or strings, or leave it out"),
                ),
            }
        }
        refuse_if_any(problems)?;
        Self::from_columns(file, columns)
    }
}

/// The cells of a frame's column, `None` if its type is not supported.
fn values(column: &FrameColumn) -> Option<Values> {
    let dtype = column.dtype();
    if *dtype == DataType::Null {
        return Some(Values::Numbers(vec![None; column.len()]));
    }
    if *dtype == DataType::String {
        return Some(Values::from_words(column.len(), column.str().ok()?.iter()));
    }
    if *dtype == DataType::Boolean {
        let cells = column.bool().ok()?.iter().map(|cell| cell.map(|yes| f64::from(u8::from(yes))));
        return Some(Values::Numbers(cells.collect()));
    }
    if !dtype.is_primitive_numeric() {
        return None;
    }
    let numbers = column.cast(&DataType::Float64).ok()?;
    Some(Values::Numbers(numbers.f64().ok()?.iter().collect()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_survey_survives_the_way_through_a_frame() {
        let text = "id,sex,note,x,empty\n1,f,one,1.5,\n2,m,two,,\n3,,three,-2,NA\n4,f,,7,\n";
        let survey = Survey::from_bytes("s.csv", text.as_bytes()).unwrap();
        let frame = survey.frame().unwrap();
        assert_eq!((frame.height(), frame.columns().len()), (4, 5));
        let back = Survey::from_frame("s.csv", &frame).unwrap();
        assert_eq!(back.columns, survey.columns);
        assert_eq!(back.cases, 4);
    }

    #[test]
    fn numbers_of_every_kind_and_truth_values_are_numbers() {
        let frame = DataFrame::new(
            3,
            vec![
                Series::new("i".into(), [1_i64, 2, 3]).into(),
                Series::new("u".into(), [Some(1_u32), None, Some(3)]).into(),
                Series::new("f".into(), [1.5_f32, f32::NAN, 2.5]).into(),
                Series::new("b".into(), [true, false, true]).into(),
                Series::new("s".into(), ["NA", "x", "x"]).into(),
            ],
        )
        .unwrap();
        let survey = Survey::from_frame("f", &frame).unwrap();
        let cells = |name: &str| match &survey.column(name).unwrap().values {
            Values::Numbers(cells) => cells.clone(),
            _ => Vec::new(),
        };
        assert_eq!(cells("i"), [Some(1.0), Some(2.0), Some(3.0)]);
        assert_eq!(cells("u"), [Some(1.0), None, Some(3.0)]);
        assert_eq!(cells("f"), [Some(1.5), None, Some(2.5)]);
        assert_eq!(cells("b"), [Some(1.0), Some(0.0), Some(1.0)]);
        let words = Values::Categories { levels: vec!["x".into()], codes: vec![None, Some(0), Some(0)] };
        assert_eq!(survey.column("s").unwrap().values, words);
    }

    #[test]
    fn other_types_are_refused_by_name() {
        let inner = Series::new("".into(), [1.0]);
        let frame = DataFrame::new(1, vec![Series::new("lists".into(), [inner]).into()]).unwrap();
        let SurveyError::Invalid(found) = Survey::from_frame("f", &frame).unwrap_err() else {
            unreachable!()
        };
        assert_eq!(found.0[0].code, "TP0213");
        assert!(found.0[0].message.contains("`lists`"), "{}", found.0[0].message);
    }
}
