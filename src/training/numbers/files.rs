//! Numbers as files.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::model::{NumbersRow, Span, TrainingNumbers, Whole};
use super::reading;
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::ViewTrainingNumbers;
use crate::kernel::id::{Iso2, ProgramId, TrainingSessionId};
use crate::kernel::page::Page;
use crate::platform::db::{Db, Tx};
use crate::platform::http::{Filter, Key};
use crate::platform::sheet::{self, Column, Format, Kind, Table};

/// Numbers as a file; a number that is kept back is an empty cell.
const TABLE: Table = Table {
    stem: "training-numbers",
    grows: &[],
    columns: &[
        Column::text("country").kept(),
        Column::text("sex").kept(),
        Column::new("nominated", Kind::Number).kept(),
        Column::new("confirmed", Kind::Number).kept(),
        Column::new("attended", Kind::Number).kept(),
        Column::new("completed", Kind::Number).kept(),
        Column::new("kept_back", Kind::Flag).kept(),
    ],
};

/// The numbers of a session as CSV.
#[utoipa::path(tag = "numbers", params(("id" = TrainingSessionId, Path), Whole),
    responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/training-sessions/{id}/numbers.csv")]
pub async fn of_session_csv(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewTrainingNumbers>,
    Key(id): Key<TrainingSessionId>,
    _: Filter<Whole>,
) -> Result<HttpResponse> {
    file(&request, &db, Format::Csv, move |tx| reading::of_session(tx, &permit, id)).await
}

/// The numbers of a session as a workbook.
#[utoipa::path(tag = "numbers", params(("id" = TrainingSessionId, Path), Whole),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/training-sessions/{id}/numbers.xlsx")]
pub async fn of_session_xlsx(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewTrainingNumbers>,
    Key(id): Key<TrainingSessionId>,
    _: Filter<Whole>,
) -> Result<HttpResponse> {
    file(&request, &db, Format::Xlsx, move |tx| reading::of_session(tx, &permit, id)).await
}

/// The numbers of a program as CSV.
#[utoipa::path(tag = "numbers", params(("id" = ProgramId, Path), Span),
    responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/programs/{id}/training-numbers.csv")]
pub async fn of_program_csv(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewTrainingNumbers>,
    Key(id): Key<ProgramId>,
    span: Filter<Span>,
) -> Result<HttpResponse> {
    file(&request, &db, Format::Csv, move |tx| reading::of_program(tx, &permit, id, span.by)).await
}

/// The numbers of a program as a workbook.
#[utoipa::path(tag = "numbers", params(("id" = ProgramId, Path), Span),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/programs/{id}/training-numbers.xlsx")]
pub async fn of_program_xlsx(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewTrainingNumbers>,
    Key(id): Key<ProgramId>,
    span: Filter<Span>,
) -> Result<HttpResponse> {
    file(&request, &db, Format::Xlsx, move |tx| reading::of_program(tx, &permit, id, span.by)).await
}

/// The numbers of a country as CSV.
#[utoipa::path(tag = "numbers", params(("iso2" = Iso2, Path), Span),
    responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/partners/{iso2}/training-numbers.csv")]
pub async fn of_partner_csv(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewTrainingNumbers>,
    Key(country): Key<Iso2>,
    span: Filter<Span>,
) -> Result<HttpResponse> {
    file(&request, &db, Format::Csv, move |tx| reading::of_partner(tx, &permit, country, span.by)).await
}

/// The numbers of a country as a workbook.
#[utoipa::path(tag = "numbers", params(("iso2" = Iso2, Path), Span),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/partners/{iso2}/training-numbers.xlsx")]
pub async fn of_partner_xlsx(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewTrainingNumbers>,
    Key(country): Key<Iso2>,
    span: Filter<Span>,
) -> Result<HttpResponse> {
    file(&request, &db, Format::Xlsx, move |tx| reading::of_partner(tx, &permit, country, span.by)).await
}

async fn file(
    request: &HttpRequest,
    db: &Db,
    format: Format,
    read: impl Fn(&mut Tx) -> Result<TrainingNumbers> + Send + 'static,
) -> Result<HttpResponse> {
    let items = db.read(move |tx| read(tx)).await?.items;
    sheet::export::<NumbersRow, _>(request, db, &TABLE, format, move |_, _| {
        Ok(Page { items: items.clone(), next: None, total: None })
    })
    .await
}
