//! A file that came in, as rows: each with its line and the JSON that a draft is parsed from.

use serde_json::{Map, Value};

use super::column::{Place, Table, put};
use super::import::IMPORT_ROWS;
use super::{Format, csv_in, workbook_in};
use crate::kernel::error::{Code, FieldError};
use crate::kernel::{Error, Result};
use crate::platform::http::extract::json;

/// A row of a file.
#[derive(Clone, Debug)]
pub struct Row {
    /// Line of the file, row of the sheet, or place in the list; from 1.
    pub line: u64,
    /// What stands there.
    pub read: Read,
}

/// What stands in a row.
#[derive(Clone, Debug)]
pub enum Read {
    /// Nothing.
    Blank,
    /// An object, not parsed yet.
    Value(Value),
    /// Something that can't be read at all.
    Broken(FieldError),
}

/// Reads the rows of a file.
///
/// # Errors
/// 400 when the file is not of its form; 413 when it has more than [`IMPORT_ROWS`] rows; 422 when its first row has a
/// column that is unknown or stands twice, or lacks one that is needed.
pub fn rows(table: &Table, format: Format, bytes: &[u8]) -> Result<Vec<Row>> {
    let rows = match format {
        Format::Json => list(bytes)?,
        Format::Ndjson => json_lines(bytes)?,
        Format::Csv => csv_in::rows(table, bytes)?,
        Format::Xlsx => workbook_in::rows(table, bytes)?,
    };
    if rows.len() > IMPORT_ROWS {
        return Err(too_many());
    }
    Ok(match format {
        Format::Json | Format::Ndjson => rows.into_iter().map(|row| without_kept(table, row)).collect(),
        Format::Csv | Format::Xlsx => rows,
    })
}

/// Leaves out what only the service writes, as it is left out of a sheet.
fn without_kept(table: &Table, mut row: Row) -> Row {
    if let Read::Value(Value::Object(fields)) = &mut row.read {
        for column in table.columns.iter().filter(|column| column.shown) {
            match column.name.split_once('.') {
                None => drop(fields.remove(column.name)),
                Some((outer, inner)) => leave_out(fields, outer, inner),
            }
        }
    }
    row
}

fn leave_out(fields: &mut Map<String, Value>, outer: &str, inner: &str) {
    let Some(Value::Object(within)) = fields.get_mut(outer) else { return };
    within.remove(inner);
    if within.is_empty() {
        fields.remove(outer);
    }
}

pub(super) fn too_many() -> Error {
    Error::new(Code::BodyTooLarge, format!("Import at most {IMPORT_ROWS} rows at a time; split the file."))
}

fn list(bytes: &[u8]) -> Result<Vec<Row>> {
    match json(bytes)? {
        Value::Array(list) => {
            Ok((1..).zip(list).map(|(line, value)| Row { line, read: Read::Value(value) }).collect())
        }
        _ => Err(Error::invalid("", "wrong_type", "Send a list of objects: [{..}, {..}].")),
    }
}

fn json_lines(bytes: &[u8]) -> Result<Vec<Row>> {
    let text = utf8(bytes)?;
    let rows = (1..).zip(text.lines()).take(IMPORT_ROWS + 1).map(|(line, text)| {
        let read = match text.trim() {
            "" => Read::Blank,
            text => match json(text.as_bytes()) {
                Ok(value) => Read::Value(value),
                Err(error) => Read::Broken(FieldError::at("", "malformed_json", error.detail)),
            },
        };
        Row { line, read }
    });
    Ok(rows.collect())
}

/// The text of a file, without a byte-order mark.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Error::new(
            Code::BadRequest,
            format!("The file is not UTF-8 (line {line}); save it as \"CSV UTF-8\"."),
        )
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The columns that the first row of a file names; `None` for a column without a name.
pub(super) fn places(table: &Table, header: &[String]) -> Result<Vec<Option<Place>>> {
    let mut faults = Vec::new();
    let mut places: Vec<Option<Place>> = Vec::with_capacity(header.len());
    for name in header.iter().map(|name| name.trim()) {
        let place = table.place(name);
        if place.is_none() && !name.is_empty() {
            let known: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            let detail = format!("There is no such column here. Known: {}.", known.join(", "));
            faults.push(FieldError::at(name, "unknown_column", detail));
        }
        if let Some(place) = place
            && places.iter().flatten().any(|seen| same(*seen, place))
        {
            faults.push(FieldError::at(name, "duplicate_column", "Name each column once."));
        }
        places.push(place);
    }
    for column in table.columns.iter().filter(|column| column.needed) {
        if !places.iter().flatten().any(|place| place.column.name == column.name) {
            faults.push(FieldError::at(column.name, "missing_column", "This column is needed."));
        }
    }
    if faults.is_empty() { Ok(places) } else { Err(Error::invalid_fields(faults)) }
}

/// `title` and `title.en` would fill the same field.
fn same(a: Place, b: Place) -> bool {
    a.column.name == b.column.name && (a.lang == b.lang || a.lang.is_none() || b.lang.is_none())
}

/// The draft that a row of texts holds.
pub(super) fn draft<'a>(places: &[Option<Place>], cells: impl Iterator<Item = &'a str>) -> Read {
    let mut draft = Map::new();
    for (place, text) in places.iter().zip(cells) {
        if let Some(place) = place {
            put(&mut draft, *place, text);
        }
    }
    if draft.is_empty() { Read::Blank } else { Read::Value(Value::Object(draft)) }
}
