//! Lists as files: CSV, NDJSON and XLSX out, streamed page by page; the same and JSON in, row by row.
//!
//! A slice describes its list once as a [`Table`]; records are the ones of the JSON list, so a file never shows more.

mod column;
mod csv_in;
mod defuse;
mod import;
mod out;
mod progress;
mod read;
mod workbook_in;
mod workbook_out;

pub use column::{Column, Kind, Table};
pub use defuse::defused;
pub use import::{
    Entering, IMPORT_ROWS, Imported, Order, RowResult, RowStatus, Rows, Upload, carry_out, enter_all,
};
pub use out::{export, page_of_all};
pub use progress::{ImportUnderWay, Imports};
pub use read::{Read, Row, rows};
pub use workbook_out::WORKBOOK_ROWS;

/// A form in which a list leaves or enters the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON document; the ordinary form.
    Json,
    /// RFC 4180, UTF-8.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// A workbook of one sheet (Office Open XML).
    Xlsx,
}

impl Format {
    /// The ending of a file's name and of the route.
    pub fn suffix(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
            Format::Xlsx => "xlsx",
        }
    }

    /// `Content-Type` of what we send.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Json => "application/json; charset=utf-8",
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Ndjson => "application/x-ndjson; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The form that a media type names, without its parameters.
    pub fn named(media_type: &str) -> Option<Format> {
        let essence = media_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" => Some(Format::Json),
            "text/csv" => Some(Format::Csv),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Some(Format::Ndjson),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Some(Format::Xlsx),
            _ => None,
        }
    }

    /// What an `Accept` header prefers among what is offered; JSON where it takes anything. `None`: nothing of ours.
    pub fn preferred(accept: &str, offered: impl Fn(Format) -> bool) -> Option<Format> {
        let mut ranges: Vec<(u16, &str)> = accept.split(',').filter_map(weighted).collect();
        ranges.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let wanted = ranges.into_iter().filter(|(weight, _)| *weight > 0);
        let mut ours = wanted.filter_map(|(_, range)| match range {
            "*/*" | "application/*" | "application/problem+json" => Some(Format::Json),
            "text/*" => Some(Format::Csv),
            other => Format::named(other),
        });
        ours.find(|format| offered(*format))
    }
}

fn weighted(range: &str) -> Option<(u16, &str)> {
    let mut parts = range.split(';').map(str::trim);
    let media_type = parts.next().filter(|range| !range.is_empty())?;
    let weight = match parts.find_map(|part| part.strip_prefix("q=")) {
        Some(q) => (q.parse::<f32>().ok()?.clamp(0.0, 1.0) * 1000.0) as u16,
        None => 1000,
    };
    Some((weight, media_type))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accept_header_chooses_by_weight_and_falls_back_to_json() {
        let all = |accept| Format::preferred(accept, |_| true);
        assert_eq!(all("text/csv"), Some(Format::Csv));
        assert_eq!(all("application/json;q=0.5, text/csv;q=0.9"), Some(Format::Csv));
        assert_eq!(all("*/*"), Some(Format::Json));
        assert_eq!(all("application/x-ndjson, */*;q=0.1"), Some(Format::Ndjson));
        assert_eq!(all("image/png"), None);
        assert_eq!(all("text/csv;q=0"), None);
        assert_eq!(Format::preferred("text/csv, */*;q=0.1", |f| f == Format::Json), Some(Format::Json));
    }
}
