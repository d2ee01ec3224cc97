//! A list as a workbook: one sheet, texts as texts, numbers as numbers, no formula anywhere.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use super::column::{Cell, Table};
use crate::kernel::lang::{Lang, Speech};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};

/// Most rows of a workbook; it is built in memory. Longer lists leave as CSV or NDJSON, which are streamed.
pub const WORKBOOK_ROWS: u32 = 20_000;
/// Most characters of a cell, a limit of the format.
const CELL: usize = 32_000;

/// A workbook while it is written.
pub(super) struct Book {
    sheet: Worksheet,
    rows: u32,
    columns: u16,
    text: Format,
    made: ExcelDateTime,
}

impl Book {
    /// A workbook with its first row.
    pub(super) fn new(table: &Table, speech: Speech, now: Timestamp) -> Result<Book> {
        let mut sheet = Worksheet::new();
        let names = table.header(speech);
        let bold = Format::new().set_bold();
        sheet.set_name(table.stem).map_err(Error::internal)?;
        sheet.set_freeze_panes(1, 0).map_err(Error::internal)?;
        sheet.set_right_to_left(speech == Speech::One(Lang::Ar));
        for (at, name) in (0_u16..).zip(&names) {
            sheet.write_string_with_format(0, at, name, &bold).map_err(Error::internal)?;
            sheet.set_column_width(at, 22).map_err(Error::internal)?;
        }
        let made = ExcelDateTime::from_timestamp(now.seconds()).map_err(Error::internal)?;
        // The prefix tells a spreadsheet that the cell stays a text when somebody edits it.
        let text = Format::new().set_quote_prefix();
        Ok(Book { sheet, rows: 0, columns: names.len() as u16, text, made })
    }

    /// Adds a row.
    pub(super) fn add(&mut self, cells: &[Cell]) -> Result<()> {
        self.rows += 1;
        if self.rows > WORKBOOK_ROWS {
            return Err(Error::invalid(
                "",
                "too_many_rows",
                format!("A workbook takes {WORKBOOK_ROWS} rows; narrow the filter, or take .csv or .ndjson."),
            ));
        }
        for (at, cell) in (0_u16..).zip(cells) {
            let written = match cell {
                Cell::Blank => continue,
                Cell::Text(text) => {
                    let text: String = text.chars().take(CELL).collect();
                    self.sheet.write_string_with_format(self.rows, at, text, &self.text)
                }
                Cell::Number(number) => match number.as_f64() {
                    Some(number) => self.sheet.write_number(self.rows, at, number),
                    None => self.sheet.write_string(self.rows, at, number.to_string()),
                },
            };
            written.map_err(Error::internal)?;
        }
        Ok(())
    }

    /// The bytes.
    pub(super) fn finish(mut self) -> Result<Vec<u8>> {
        let last = self.columns.saturating_sub(1);
        self.sheet.autofilter(0, 0, self.rows, last).map_err(Error::internal)?;
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_author("cybercap").set_creation_datetime(&self.made));
        book.push_worksheet(self.sheet);
        book.save_to_buffer().map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};
    use serde_json::json;

    use super::super::column::SAMPLE;
    use super::super::defuse::PAYLOADS;
    use super::*;

    #[test]
    fn a_reader_of_workbooks_finds_no_formula_and_every_word() {
        let speech = Speech::One(Lang::En);
        let mut book = Book::new(&SAMPLE, speech, Timestamp(0)).expect("a book");
        for payload in PAYLOADS {
            book.add(&SAMPLE.cells(&json!({ "title": payload, "weight": 3 }), speech)).expect("a row");
        }
        let bytes = book.finish().expect("bytes");

        let mut read: Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
        let formulas = read.worksheet_formula("programs").expect("a sheet");
        let cells = read.worksheet_range("programs").expect("a sheet");

        assert_eq!(formulas.used_cells().count(), 0);
        assert_eq!(cells.height(), 43);
        for (row, payload) in cells.rows().skip(1).zip(PAYLOADS) {
            let Data::String(text) = &row[1] else { panic!("{payload:?} is not a text: {:?}", row[1]) };
            // XML readers turn every line break into one form.
            assert_eq!(text.replace("\r\n", "\n"), payload.replace("\r\n", "\n"));
            assert_eq!(row[2], Data::Float(3.0));
        }
    }
}
