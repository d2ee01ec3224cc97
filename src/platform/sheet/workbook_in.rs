//! Workbooks that came in, read with limits: an archive that unpacks to far more than it is, is refused before it is read.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader, Xlsx};

use super::column::Table;
use super::import::IMPORT_ROWS;
use super::read::{Row, draft, places, too_many};
use crate::kernel::error::Code;
use crate::kernel::{Error, Result};

/// Most files in the archive of a workbook.
const ENTRIES: usize = 1_000;
/// Most bytes it may unpack to, for each byte it has.
const RATIO: u64 = 100;
/// Most bytes it may unpack to at all.
const UNPACKED: u64 = 64 << 20;
/// Most columns of a sheet.
const COLUMNS: u32 = 200;

/// The rows of the first sheet of a workbook.
pub(super) fn rows(table: &Table, bytes: &[u8]) -> Result<Vec<Row>> {
    check_archive(bytes)?;
    let broken = |e: calamine::XlsxError| refused("The workbook can't be read.").because(e.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names = book.sheet_names();
    let name = names.first().ok_or_else(|| refused("The workbook has no sheet."))?;
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    let mut grid: Vec<(u64, Vec<String>)> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= COLUMNS {
            return Err(refused(format!("Use at most {COLUMNS} columns.")));
        }
        let line = u64::from(row) + 1;
        if grid.last().is_none_or(|(at, _)| *at != line) {
            if grid.last().is_some_and(|(at, _)| *at > line) {
                return Err(refused("The rows of the sheet are out of order."));
            }
            if grid.len() > IMPORT_ROWS {
                return Err(too_many());
            }
            grid.push((line, Vec::new()));
        }
        if let Some((_, row)) = grid.last_mut() {
            let at = column as usize;
            row.resize(row.len().max(at + 1), String::new());
            row[at] = text;
        }
    }
    drafts(table, grid)
}

fn drafts(table: &Table, grid: Vec<(u64, Vec<String>)>) -> Result<Vec<Row>> {
    let mut grid = grid.into_iter();
    let (_, header) =
        grid.next().ok_or_else(|| refused("The sheet is empty; its first row names the columns."))?;
    let places = places(table, &header)?;
    let rows = grid.map(|(line, row)| Row { line, read: draft(&places, row.iter().map(String::as_str)) });
    Ok(rows.collect())
}

fn refused(detail: impl Into<String>) -> Error {
    Error::new(Code::BadRequest, detail)
}

/// Unpacks every file to nowhere, counting: what an archive says of its own size is not to be believed.
fn check_archive(bytes: &[u8]) -> Result<()> {
    let broken =
        |e: &dyn std::fmt::Display| refused("The file is not a workbook (.xlsx).").because(e.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    if archive.len() > ENTRIES {
        return Err(too_large());
    }
    let allowed = UNPACKED.min((bytes.len() as u64).saturating_mul(RATIO));
    let mut unpacked = 0;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|e| broken(&e))?;
        let rest = allowed - unpacked;
        unpacked += std::io::copy(&mut file.take(rest + 1), &mut std::io::sink()).map_err(|e| broken(&e))?;
        if unpacked > allowed {
            return Err(too_large());
        }
    }
    Ok(())
}

fn too_large() -> Error {
    Error::new(
        Code::BodyTooLarge,
        format!(
            "The workbook unpacks to too much: at most {ENTRIES} files, {RATIO} times its size, {} MiB.",
            UNPACKED >> 20
        ),
    )
}

/// A cell as the text that would stand in a CSV.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"),
            }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => format!("#{error:?}"),
        DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    use serde_json::json;

    use super::super::column::SAMPLE;
    use super::super::read::Read;
    use super::*;

    #[test]
    fn numbers_dates_and_blank_rows_of_a_sheet_are_understood() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (at, name) in (0..).zip(["title.en", "weight", "budget.amount"]) {
            sheet.write_string(0, at, name).expect("a cell");
        }
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let day = ExcelDateTime::from_ymd(2026, 12, 31).expect("a day");
        sheet.write_datetime_with_format(1, 0, &day, &date).expect("a cell");
        sheet.write_number(1, 1, 5.0).expect("a cell");
        sheet.write_string(4, 0, "=late").expect("a cell");
        sheet.write_number(4, 2, 12.5).expect("a cell");
        let bytes = book.save_to_buffer().expect("bytes");

        let rows = rows(&SAMPLE, &bytes).expect("rows");

        let read: Vec<_> = rows.iter().map(|row| (row.line, format!("{:?}", row.read))).collect();
        let value = |value: serde_json::Value| format!("{:?}", Read::Value(value));
        assert_eq!(
            read,
            vec![
                (2, value(json!({ "title": { "en": "2026-12-31" }, "weight": 5 }))),
                (5, value(json!({ "title": { "en": "=late" }, "budget": { "amount": "12.5" } }))),
            ]
        );
    }

    #[test]
    fn an_archive_that_swells_or_swarms_is_refused() {
        let archive = |files: usize, size: usize| {
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for at in 0..files {
                let options = zip::write::SimpleFileOptions::default();
                zip.start_file(format!("{at}.xml"), options).expect("a file");
                zip.write_all(&vec![b'0'; size]).expect("bytes");
            }
            zip.finish().expect("an archive").into_inner()
        };
        for bomb in [archive(1, 10 << 20), archive(1_001, 1)] {
            let error = rows(&SAMPLE, &bomb).expect_err("refused");
            assert_eq!(error.code, Code::BodyTooLarge);
        }
        assert_eq!(rows(&SAMPLE, b"PK\x03\x04 not really").expect_err("refused").code, Code::BadRequest);
    }

    #[test]
    fn a_cell_at_the_far_corner_costs_nothing() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "title").expect("a cell");
        sheet.write_string(1_048_575, 0, "far").expect("a cell");
        let bytes = book.save_to_buffer().expect("bytes");
        assert_eq!(rows(&SAMPLE, &bytes).expect("rows").len(), 1);
    }
}
