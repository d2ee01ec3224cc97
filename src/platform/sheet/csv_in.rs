//! CSV that came in: UTF-8 with or without byte-order mark, separated by commas or, as some spreadsheets do, semicolons.

use super::column::Table;
use super::defuse::restored;
use super::import::IMPORT_ROWS;
use super::read::{Read, Row, draft, places, too_many, utf8};
use crate::kernel::error::{Code, FieldError};
use crate::kernel::{Error, Result};

/// The rows of a CSV file.
pub(super) fn rows(table: &Table, bytes: &[u8]) -> Result<Vec<Row>> {
    let text = utf8(bytes)?;
    let first = text.lines().next().unwrap_or("");
    let delimiter = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let malformed = |e: csv::Error| Error::new(Code::BadRequest, format!("The CSV can't be read: {e}."));
    let mut records = reader.records();
    let header = match records.next() {
        Some(record) => record.map_err(malformed)?,
        None => {
            return Err(Error::new(Code::BadRequest, "The file is empty; its first row names the columns."));
        }
    };
    let places = places(table, &header.iter().map(str::to_owned).collect::<Vec<_>>())?;
    let mut rows = Vec::new();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    for record in records {
        let record = record.map_err(malformed)?;
        if rows.len() >= IMPORT_ROWS {
            return Err(too_many());
        }
        let line = lines.of(record.position().map_or(0, |position| position.byte() as usize));
        let read = match record.len() > places.len() {
            true => Read::Broken(FieldError::at(
                "",
                "wrong_length",
                format!("The row has {} cells, the first row {}.", record.len(), places.len()),
            )),
            false => draft(&places, record.iter().map(restored)),
        };
        rows.push(Row { line, read });
    }
    Ok(rows)
}

/// Counts lines up to a place. The reader's own count is one short where lines end with CR LF, as it takes the LF for the
/// start of the next record.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, place: usize) -> u64 {
        let blank = self.text.iter().skip(place).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let place = (place + blank).min(self.text.len());
        let passed = self.text.get(self.at..place).unwrap_or_default();
        self.line += passed.iter().filter(|b| **b == b'\n').count() as u64;
        self.at = self.at.max(place);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::column::SAMPLE;
    use super::*;

    fn read(text: &str) -> Vec<(u64, serde_json::Value)> {
        let rows = rows(&SAMPLE, text.as_bytes()).expect("rows");
        let value = |read| match read {
            Read::Value(value) => value,
            Read::Blank => json!("blank"),
            Read::Broken(fault) => json!(fault.code),
        };
        rows.into_iter().map(|row| (row.line, value(row.read))).collect()
    }

    #[test]
    fn rows_keep_their_lines_and_defused_cells_their_words() {
        let text = "title.en,title.fr,weight,tags\r\n\"'=1+1\",\"deux\r\nlignes\",2,a;b\r\n,,,\r\nx,,y,\r\na,b,c,d,e\r\n";
        assert_eq!(
            read(text),
            vec![
                (
                    2,
                    json!({ "title": { "en": "=1+1", "fr": "deux\r\nlignes" }, "weight": 2, "tags": ["a", "b"] })
                ),
                (4, json!("blank")),
                (5, json!({ "title": { "en": "x" }, "weight": "y" })),
                (6, json!("wrong_length")),
            ]
        );
    }

    #[test]
    fn semicolons_and_a_mark_are_understood() {
        assert_eq!(read("\u{feff}title;weight\nx;3\n"), vec![(2, json!({ "title": "x", "weight": 3 }))]);
    }

    #[test]
    fn wrong_columns_are_named_all_at_once() {
        let error = rows(&SAMPLE, b"weight,weight,colour\n1,2,3\n").expect_err("refused");
        let faults: Vec<(&str, &str)> = error.fields.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
        assert_eq!(
            faults,
            vec![("weight", "duplicate_column"), ("colour", "unknown_column"), ("title", "missing_column")]
        );
    }
}
