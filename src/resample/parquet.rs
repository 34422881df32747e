//! All resampled values as Parquet, which pandas, polars, R's arrow and `DuckDB` read.
//!
//! Columns are `resample` (64-bit integer), `status` (text) and one double per quantity, null where a value does not exist
//! or the resample does not count. Where the file comes from stands in its key-value metadata. Rows are written in groups,
//! so that no more than one column of one group is encoded at a time.

use std::io::{Error, Write};
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};

use super::bootstrapped::Bootstrapped;

/// Rows of a group: half a mebibyte per column.
const GROUP: usize = 1 << 16;

impl Bootstrapped {
    /// Writes every resample; `more` goes into the metadata besides [`Bootstrapped::origin`].
    ///
    /// # Errors
    /// What writing gives.
    pub fn write_parquet(&self, out: impl Write + Send, more: &[(&str, String)]) -> std::io::Result<()> {
        self.parquet(out, more, GROUP).map_err(|error| match error {
            ParquetError::External(inner) => match inner.downcast::<Error>() {
                Ok(error) => *error,
                Err(other) => Error::other(other),
            },
            other => Error::other(other),
        })
    }

    fn parquet(
        &self,
        out: impl Write + Send,
        more: &[(&str, String)],
        group: usize,
    ) -> Result<(), ParquetError> {
        let origin = self.origin();
        let pairs = origin
            .iter()
            .chain(more)
            .map(|(key, value)| KeyValue { key: (*key).to_owned(), value: Some(value.clone()) });
        let properties = WriterProperties::builder()
            .set_key_value_metadata(Some(pairs.collect()))
            // Resampled values hardly repeat.
            .set_dictionary_enabled(false)
            .set_column_dictionary_enabled("status".into(), true)
            .build();
        let mut writer = SerializedFileWriter::new(out, self.schema()?, Arc::new(properties))?;
        for start in (0..self.flags.len()).step_by(group) {
            let end = self.flags.len().min(start + group);
            let mut rows = writer.next_row_group()?;
            if let Some(mut column) = rows.next_column()? {
                let numbers: Vec<i64> = (start..end).filter_map(|b| i64::try_from(b).ok()).collect();
                column.typed::<Int64Type>().write_batch(&numbers, None, None)?;
                column.close()?;
            }
            if let Some(mut column) = rows.next_column()? {
                let status: Vec<ByteArray> = (start..end).map(|b| self.status(b).into()).collect();
                column.typed::<ByteArrayType>().write_batch(&status, None, None)?;
                column.close()?;
            }
            let from = self.numbers.partition_point(|number| *number < start);
            let to = self.numbers.partition_point(|number| *number < end);
            let (mut values, mut defined) = (Vec::new(), Vec::new());
            for draws in &self.draws {
                values.clear();
                defined.clear();
                defined.resize(end - start, 0);
                for (number, value) in self.numbers[from..to].iter().zip(&draws[from..to]) {
                    if value.is_finite() {
                        values.push(*value);
                        defined[number - start] = 1;
                    }
                }
                if let Some(mut column) = rows.next_column()? {
                    column.typed::<DoubleType>().write_batch(&values, Some(&defined), None)?;
                    column.close()?;
                }
            }
            rows.close()?;
        }
        writer.close()?;
        Ok(())
    }

    fn schema(&self) -> Result<TypePtr, ParquetError> {
        let field = |name: &str, physical: Physical, text: bool, repetition: Repetition| {
            Type::primitive_type_builder(name, physical)
                .with_repetition(repetition)
                .with_logical_type(text.then_some(LogicalType::String))
                .build()
                .map(Arc::new)
        };
        let mut fields = vec![
            field("resample", Physical::INT64, false, Repetition::REQUIRED)?,
            field("status", Physical::BYTE_ARRAY, true, Repetition::REQUIRED)?,
        ];
        for name in self.column_names() {
            fields.push(field(&name, Physical::DOUBLE, false, Repetition::OPTIONAL)?);
        }
        Ok(Arc::new(Type::group_type_builder("resamples").with_fields(fields).build()?))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use crate::model::Model;
    use crate::resample::{Bootstrap, Bootstrapped, Kind};
    use crate::survey::Survey;
    use crate::{Pls, assess::Htmt};

    fn bootstrapped() -> Bootstrapped {
        let mut text = "a1,a2,b1,b2\n".to_owned();
        for i in 0..14_u32 {
            let (a, b) = (i * 7 % 5, i * 5 % 7 % 4);
            text.push_str(&format!("{},{},{},{}\n", a, (a + i % 3) % 6, b + i % 2, (b + a) % 5));
        }
        let survey = Survey::from_bytes("<test>", text.as_bytes()).unwrap();
        let model = Model::parse("A =~ a1 + a2\nB =~ b1 + b2\nB ~ A").unwrap();
        let fit = Pls { consistent: true, ..Pls::default() }.fit(&model, &survey).unwrap();
        let record = vec![Kind::Path, Kind::Htmt2, Kind::RSquared];
        let settings = Bootstrap { resamples: 100, record, htmt: Htmt::Signed, ..Bootstrap::default() };
        settings.run(&fit).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_to_the_last_bit() {
        let boot = bootstrapped();
        assert!(boot.admissible < 100, "some resamples must not count for the test to mean anything");
        let more = [("model", "B ~ A".to_owned())];
        for group in [super::GROUP, 100, 33, 1] {
            let mut bytes = Vec::new();
            boot.parquet(&mut bytes, &more, group).unwrap();
            let mut file = tempfile::tempfile().unwrap();
            std::io::Write::write_all(&mut file, &bytes).unwrap();
            let reader = SerializedFileReader::new(file).unwrap();
            let metadata = reader.metadata();
            assert_eq!(metadata.num_row_groups(), 100_usize.div_ceil(group));
            let pairs = metadata.file_metadata().key_value_metadata().unwrap();
            let value = |key: &str| pairs.iter().find(|pair| pair.key == key).unwrap().value.clone().unwrap();
            assert_eq!(value("seed"), "42");
            assert_eq!(value("model"), "B ~ A");
            assert_eq!(value("trustpath"), env!("CARGO_PKG_VERSION"));
            assert_eq!(value("fingerprint"), boot.fingerprint());
            let (mut rows, mut at, mut empty) = (0, 0, 0);
            for (b, row) in reader.get_row_iter(None).unwrap().enumerate() {
                let row = row.unwrap();
                let columns: Vec<(&String, &Field)> = row.get_column_iter().collect();
                let names: Vec<String> = columns[2..].iter().map(|(name, _)| (*name).clone()).collect();
                assert_eq!(names, boot.column_names());
                assert_eq!(*columns[0].1, Field::Long(i64::try_from(b).unwrap()));
                assert_eq!(*columns[1].1, Field::Str(boot.status(b).to_owned()));
                let counts = boot.numbers.get(at) == Some(&b);
                assert_eq!(counts, boot.status(b) == "ok");
                for ((_, field), draws) in columns[2..].iter().zip(&boot.draws) {
                    match field {
                        Field::Double(value) => assert_eq!(value.to_bits(), draws[at].to_bits()),
                        Field::Null => {
                            empty += 1;
                            assert!(!counts || draws[at].is_nan());
                        }
                        other => panic!("{other:?}"),
                    }
                }
                rows += 1;
                at += usize::from(counts);
            }
            assert_eq!((rows, at), (100, boot.admissible));
            assert!(empty > 0);
        }
    }

    #[test]
    fn a_full_disk_is_an_error() {
        struct Full;
        impl std::io::Write for Full {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::Error::new(std::io::ErrorKind::StorageFull, "no space left"))
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let error = bootstrapped().write_parquet(Full, &[]).unwrap_err();
        assert!(error.to_string().contains("no space left"), "{error}");
    }
}
