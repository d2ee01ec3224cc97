//! A list as a file: pages are read by key and written one after the other, so a long list costs no more memory.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::{self, StreamExt};
use serde::Serialize;
use serde_json::Value;

use super::Format;
use super::column::{Cell, Table};
use super::defuse::defused;
use super::workbook_out::Book;
use crate::kernel::lang::{Speech, speaking};
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::extract::speech;

/// Sends the whole list as a file. `fetch` reads one page, as for the JSON list; the first page is read before the
/// reply begins, so a refusal is still a problem document.
///
/// # Errors
/// What `fetch` returns; 422 when a workbook would have more rows than [`WORKBOOK_ROWS`](super::WORKBOOK_ROWS).
pub async fn export<T, F>(
    request: &HttpRequest,
    db: &Db,
    table: &'static Table,
    format: Format,
    fetch: F,
) -> Result<HttpResponse>
where
    T: Serialize + Send + 'static,
    F: Fn(&mut Tx, &PageRequest) -> Result<Page<T>> + Clone + Send + 'static,
{
    let speech = speech(request);
    let first = page(db, &fetch, PageRequest::first()).await?;
    let name = format!("{}-{}.{}", table.stem, db.clock().now().utc().date_naive(), format.suffix());
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())));
    response.insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")));
    if format == Format::Xlsx {
        let bytes = workbook(db, table, speech, first, &fetch).await?;
        return Ok(response.body(bytes));
    }
    let mut head = Vec::new();
    if format == Format::Csv {
        if request.query_string().split('&').any(|pair| pair == "excel=1") {
            head.extend_from_slice("\u{feff}".as_bytes());
        }
        head.extend_from_slice(&line_of(&table.header(speech))?);
    }
    head.extend_from_slice(&lines(table, format, speech, &first.items)?);
    let rest = stream::try_unfold(first.next, {
        let db = db.clone();
        move |next| {
            let (db, fetch) = (db.clone(), fetch.clone());
            async move {
                let Some(after) = next else { return Ok::<_, Error>(None) };
                let wanted = PageRequest { after: Some(after), ..PageRequest::first() };
                let page = page(&db, &fetch, wanted).await?;
                Ok(Some((Bytes::from(lines(table, format, speech, &page.items)?), page.next)))
            }
        }
    });
    let body = stream::iter([Ok(Bytes::from(head))]).chain(rest);
    Ok(response.streaming(body))
}

async fn page<T, F>(db: &Db, fetch: &F, wanted: PageRequest) -> Result<Page<T>>
where
    T: Send + 'static,
    F: Fn(&mut Tx, &PageRequest) -> Result<Page<T>> + Clone + Send + 'static,
{
    let fetch = fetch.clone();
    db.read(move |tx| fetch(tx, &wanted)).await
}

/// All pages of a list that is known to be short, in one transaction; at most `cap` rows and one page more.
///
/// # Errors
/// What `fetch` returns.
pub fn page_of_all<T>(
    tx: &mut Tx,
    cap: usize,
    fetch: impl Fn(&mut Tx, &PageRequest) -> Result<Page<T>>,
) -> Result<Vec<T>> {
    let mut all = Vec::new();
    let mut wanted = PageRequest::first();
    loop {
        let page = fetch(tx, &wanted)?;
        all.extend(page.items);
        match page.next {
            Some(after) if all.len() < cap => wanted.after = Some(after),
            _ => return Ok(all),
        }
    }
}

async fn workbook<T, F>(
    db: &Db,
    table: &'static Table,
    speech: Speech,
    first: Page<T>,
    fetch: &F,
) -> Result<Vec<u8>>
where
    T: Serialize + Send + 'static,
    F: Fn(&mut Tx, &PageRequest) -> Result<Page<T>> + Clone + Send + 'static,
{
    let mut book = Book::new(table, speech, db.clock().now())?;
    let mut at = first;
    loop {
        for record in values(&at.items, speech)? {
            book.add(&table.cells(&record, speech))?;
        }
        let Some(after) = at.next else { return book.finish() };
        at = page(db, fetch, PageRequest { after: Some(after), ..PageRequest::first() }).await?;
    }
}

/// The records as the JSON list shows them.
fn values<T: Serialize>(items: &[T], speech: Speech) -> Result<Vec<Value>> {
    speaking(speech, || items.iter().map(serde_json::to_value).collect::<Result<_, _>>())
        .map_err(Error::internal)
}

fn lines<T: Serialize>(table: &Table, format: Format, speech: Speech, items: &[T]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for record in values(items, speech)? {
        match format {
            Format::Csv => {
                let cells = table.cells(&record, speech).into_iter().map(|cell| match cell {
                    Cell::Blank => String::new(),
                    Cell::Text(text) => defused(&text),
                    Cell::Number(number) => number.to_string(),
                });
                out.extend_from_slice(&line_of(&cells.collect::<Vec<_>>())?);
            }
            _ => {
                serde_json::to_writer(&mut out, &record).map_err(Error::internal)?;
                out.push(b'\n');
            }
        }
    }
    Ok(out)
}

/// One record of RFC 4180. Every cell is quoted: a spreadsheet that splits at `;` would else cut a cell in two and run
/// the second half.
fn line_of(cells: &[String]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    writer.write_record(cells).map_err(Error::internal)?;
    writer.into_inner().map_err(|e| Error::internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::column::SAMPLE;
    use super::super::defuse::PAYLOADS;
    use super::*;

    #[test]
    fn a_reader_of_csv_finds_no_live_formula_and_every_word() {
        let records: Vec<Value> = PAYLOADS.iter().map(|p| json!({ "title": p, "weight": 1 })).collect();
        let speech = Speech::One(crate::kernel::lang::Lang::En);
        let bytes = lines(&SAMPLE, Format::Csv, speech, &records).expect("lines");

        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
        let read: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("valid CSV");

        assert_eq!(read.len(), 42);
        for (record, payload) in read.iter().zip(PAYLOADS) {
            assert_eq!(record.len(), 6);
            assert_eq!(&record[1], format!("'{payload}"));
            assert_eq!(&record[2], "1");
        }
    }

    #[test]
    fn records_end_with_cr_lf_and_quotes_are_doubled() {
        let line = line_of(&["a \"b\"".into(), "c;=1".into()]).expect("a line");
        assert_eq!(line, b"\"a \"\"b\"\"\",\"c;=1\"\r\n");
    }
}
