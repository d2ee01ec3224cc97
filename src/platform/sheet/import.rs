//! Carrying out an import: each row is parsed by the draft of its slice and tried in a savepoint of its own.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpRequest};
use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::Format;
use super::column::Table;
use super::progress::{Progress, Sender};
use super::read::{Read, Row, rows};
use crate::codes_enum;
use crate::kernel::error::{Code, FieldError};
use crate::kernel::flag::Flag;
use crate::kernel::lang::{Speech, speaking};
use crate::kernel::parse::{self, Faults};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::extract::{Filter, IMPORT_LIMIT, whole, written_in};
use crate::platform::http::problem::FieldProblem;
use crate::platform::statistics;

/// Rows after which the database looks at its tables anew.
const MANY: usize = 1_000;
/// Most rows of a file.
pub const IMPORT_ROWS: usize = 10_000;

/// How an import is to be carried out.
#[derive(Clone, Copy, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Order {
    /// Only tell what would happen. Default false.
    #[deserr(default)]
    #[param(inline)]
    pub dry_run: Option<Flag>,
    /// All rows or none; otherwise the valid ones. Default true.
    #[deserr(default)]
    #[param(inline)]
    pub atomic: Option<Flag>,
}

impl Order {
    fn is_rehearsal(self) -> bool {
        self.dry_run.is_some_and(Flag::is_yes)
    }

    fn is_atomic(self) -> bool {
        self.atomic.is_none_or(Flag::is_yes)
    }
}

/// A file that a client sent: JSON, NDJSON, CSV or XLSX by its `Content-Type`.
#[derive(Debug)]
pub struct Upload {
    /// The bytes, at most [`IMPORT_LIMIT`].
    pub bytes: Bytes,
    /// The form.
    pub format: Format,
    /// How it is to be carried out.
    pub order: Order,
    /// The language of plain texts in it.
    pub speech: Speech,
    /// Who sent it.
    by: Sender,
}

/// The rows of a file that is being entered.
#[derive(Debug)]
pub struct Rows {
    list: Vec<Row>,
    progress: Progress,
    grows: &'static [&'static str],
}

impl std::ops::Deref for Rows {
    type Target = [Row];

    fn deref(&self) -> &[Row] {
        &self.list
    }
}

impl Upload {
    /// The rows of the file, read beside the request threads: unpacking a workbook takes long.
    ///
    /// # Errors
    /// 400 or 422 that says where the file is no such table.
    pub async fn rows(self, table: &'static Table) -> Result<(Rows, Order, Speech)> {
        let Upload { bytes, format, order, speech, by } = self;
        let read = web::block(move || rows(table, format, &bytes));
        let list = read.await.map_err(|e| Error::internal(e.to_string()))??;
        let progress = by.begin(table.stem, list.len(), order.is_rehearsal());
        Ok((Rows { list, progress, grows: table.grows }, order, speech))
    }
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let order = Filter::<Order>::from_request(request, payload).into_inner();
        let speech = written_in(request);
        let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let format = given.and_then(Format::named);
        let bytes = whole(request, payload, IMPORT_LIMIT);
        let by = Sender::of(request);
        Box::pin(async move {
            let order = order?.by;
            let format = format.ok_or_else(|| {
                let known = [Format::Json, Format::Ndjson, Format::Csv, Format::Xlsx].map(Format::media_type);
                Error::new(Code::UnsupportedMediaType, format!("Send one of: {}.", known.join(" · ")))
            })?;
            let bytes = bytes.await?;
            Ok(Upload { bytes, format, order, speech, by })
        })
    }
}

codes_enum! {
    /// What became of a row.
    pub RowStatus {
        /// It was created.
        Created "created",
        /// It would be, without `dry_run`.
        WouldCreate "would_create",
        /// It was refused; see its errors.
        Invalid "invalid",
        /// Nothing stands there, or another row was refused and all or none was asked for.
        Skipped "skipped",
    }
}

/// What became of one row of a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowResult {
    /// Line of the file, row of the sheet, or place in the list; from 1.
    pub line: u64,
    /// What became of it.
    pub status: RowStatus,
    /// The new record.
    pub id: Option<String>,
    /// Everything wrong with it.
    pub errors: Vec<FieldProblem>,
}

/// What became of a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Imported {
    /// Nothing was written because only a rehearsal was asked for.
    pub dry_run: bool,
    /// All rows or none.
    pub atomic: bool,
    /// Rows created, or that would be.
    pub created: u64,
    /// Rows refused.
    pub invalid: u64,
    /// Rows left out.
    pub skipped: u64,
    /// Each row, in the order of the file.
    pub rows: Vec<RowResult>,
}

/// What an import does with each row, and when all of them are through.
pub trait Entering<D> {
    /// Creates what a row says; the new record's id.
    ///
    /// # Errors
    /// A refusal of the row, or a failure of our own.
    fn enter(&mut self, tx: &mut Tx, draft: D) -> Result<String>;

    /// Completes what the rows began.
    ///
    /// # Errors
    /// A failure of our own.
    fn finish(&mut self, tx: &mut Tx) -> Result<()>;
}

/// Rows that have nothing to do with each other.
struct Each<F>(F);

impl<D, F: FnMut(&mut Tx, D) -> Result<String>> Entering<D> for Each<F> {
    fn enter(&mut self, tx: &mut Tx, draft: D) -> Result<String> {
        self.0(tx, draft)
    }

    fn finish(&mut self, _: &mut Tx) -> Result<()> {
        Ok(())
    }
}

/// Parses each row and creates it; a refused row leaves nothing behind. `create` returns the new record's id.
///
/// # Errors
/// Only failures of our own; a refusal of a row is its result.
pub fn carry_out<D: Deserr<Faults>>(
    tx: &mut Tx,
    rows: &Rows,
    order: Order,
    speech: Speech,
    create: impl FnMut(&mut Tx, D) -> Result<String>,
) -> Result<Imported> {
    enter_all(tx, rows, order, speech, &mut Each(create))
}

/// As [`carry_out`], where the rows have something in common.
///
/// # Errors
/// As [`carry_out`].
pub fn enter_all<D: Deserr<Faults>>(
    tx: &mut Tx,
    rows: &Rows,
    order: Order,
    speech: Speech,
    work: &mut impl Entering<D>,
) -> Result<Imported> {
    let mut results = Vec::with_capacity(rows.len());
    let run = |tx: &mut Tx| {
        results.clear();
        for (done, row) in rows.iter().enumerate() {
            rows.progress.reached(done);
            results.push(one(tx, row, speech, work)?);
        }
        rows.progress.reached(rows.len());
        work.finish(tx)?;
        let refused = results.iter().any(|row| row.status == RowStatus::Invalid);
        let spoilt = order.is_atomic() && refused;
        if results.len() >= MANY && !spoilt && !order.is_rehearsal() {
            statistics::refresh(tx, rows.grows);
        }
        Ok(spoilt)
    };
    let spoilt = match order.is_rehearsal() {
        true => tx.rehearse(run)?,
        false => all_or_valid(tx, run)?,
    };
    for row in results.iter_mut().filter(|row| row.status == RowStatus::Created) {
        match (order.is_rehearsal(), spoilt) {
            (true, false) => (row.status, row.id) = (RowStatus::WouldCreate, None),
            (_, true) => (row.status, row.id) = (RowStatus::Skipped, None),
            (false, false) => {}
        }
    }
    let count =
        |wanted: &[RowStatus]| results.iter().filter(|row| wanted.contains(&row.status)).count() as u64;
    Ok(Imported {
        dry_run: order.is_rehearsal(),
        atomic: order.is_atomic(),
        created: count(&[RowStatus::Created, RowStatus::WouldCreate]),
        invalid: count(&[RowStatus::Invalid]),
        skipped: count(&[RowStatus::Skipped]),
        rows: results,
    })
}

/// Undoes everything when the run says that it is spoilt.
fn all_or_valid(tx: &mut Tx, run: impl FnOnce(&mut Tx) -> Result<bool>) -> Result<bool> {
    let spoilt = tx.attempt(|tx| match run(tx)? {
        false => Ok(()),
        true => Err(Error::conflict("spoilt")),
    });
    match spoilt {
        Ok(()) => Ok(false),
        Err(error) if error.code == Code::Conflict => Ok(true),
        Err(error) => Err(error),
    }
}

fn one<D: Deserr<Faults>>(
    tx: &mut Tx,
    row: &Row,
    speech: Speech,
    work: &mut impl Entering<D>,
) -> Result<RowResult> {
    let value = match &row.read {
        Read::Blank => return Ok(result(row.line, RowStatus::Skipped, None, Vec::new())),
        Read::Broken(fault) => return Ok(result(row.line, RowStatus::Invalid, None, vec![fault.clone()])),
        Read::Value(value) => value.clone(),
    };
    let parsed = speaking(speech, || parse::document::<D>(value));
    let done = match parsed {
        Ok(draft) => tx.attempt(|tx| work.enter(tx, draft)),
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(result(row.line, RowStatus::Created, Some(id), Vec::new())),
        Err(error) if error.code.status() >= 500 => Err(error),
        Err(error) if error.fields.is_empty() => {
            let fault = FieldError::at("", error.code.name(), error.detail);
            Ok(result(row.line, RowStatus::Invalid, None, vec![fault]))
        }
        Err(error) => Ok(result(row.line, RowStatus::Invalid, None, error.fields)),
    }
}

fn result(line: u64, status: RowStatus, id: Option<String>, faults: Vec<FieldError>) -> RowResult {
    let errors = faults.into_iter();
    let errors = errors.map(|f| FieldProblem { pointer: f.pointer, code: f.code, detail: f.detail });
    RowResult { line, status, id, errors: errors.collect() }
}
