//! Attendance lists as files: out as CSV, NDJSON and XLSX; in from lists made offline and merged later, without doubling.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::super::registrations;
use super::http;
use super::model::{AttendanceDraft, AttendanceFilter, AttendanceRecord};
use super::roll::Roll;
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{RecordAttendance, ViewRegistrations};
use crate::kernel::id::TrainingSessionId;
use crate::platform::db::Db;
use crate::platform::http::Routing;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Key, Once, Reply};
use crate::platform::sheet::{self, Column, Format, Imported, Kind, Order, Table, Upload};

/// A list as a file; what leaves the house may come back as it is, and changes nothing.
const TABLE: Table = Table {
    stem: "attendance",
    grows: &["attendance", "training_standings"],
    columns: &[
        Column::text("id").shown(),
        Column::text("session_id").shown(),
        Column::text("registration_id").needed(),
        Column::text("person.name").shown(),
        Column::text("person.country").shown(),
        Column::text("day").needed(),
        Column::text("status").needed(),
        Column::new("minutes", Kind::Number),
        Column::text("client_id"),
        Column::text("noted_at"),
        Column::text("source").shown(),
        Column::text("created_at").shown(),
        Column::text("updated_at").shown(),
        Column::new("version", Kind::Number).shown(),
    ],
};

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(csv).service(ndjson).service(xlsx).service(import);
}

/// The attendance list of a session as CSV.
#[utoipa::path(tag = "attendance", params(("id" = TrainingSessionId, Path), AttendanceFilter),
    responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/training-sessions/{id}/attendance.csv")]
pub async fn csv(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(id): Key<TrainingSessionId>,
    filter: Filter<AttendanceFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, id, filter.by, Format::Csv).await
}

/// The attendance list of a session, one JSON object a line.
#[utoipa::path(tag = "attendance", params(("id" = TrainingSessionId, Path), AttendanceFilter),
    responses((status = 200, body = String, content_type = "application/x-ndjson")))]
#[get("/training-sessions/{id}/attendance.ndjson")]
pub async fn ndjson(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(id): Key<TrainingSessionId>,
    filter: Filter<AttendanceFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, id, filter.by, Format::Ndjson).await
}

/// The attendance list of a session as a workbook.
#[utoipa::path(tag = "attendance", params(("id" = TrainingSessionId, Path), AttendanceFilter),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/training-sessions/{id}/attendance.xlsx")]
pub async fn xlsx(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(id): Key<TrainingSessionId>,
    filter: Filter<AttendanceFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, id, filter.by, Format::Xlsx).await
}

async fn export(
    request: &HttpRequest,
    db: &Db,
    permit: Permit<ViewRegistrations>,
    session: TrainingSessionId,
    by: AttendanceFilter,
    format: Format,
) -> Result<HttpResponse> {
    let scope = permit.scope();
    // What can't be seen is said before the first byte of the file.
    let sight = scope.clone();
    db.read(move |tx| registrations::visible(tx, &sight, session).map(drop)).await?;
    sheet::export::<AttendanceRecord, _>(request, db, &TABLE, format, move |tx, page| {
        http::page_of(tx, &scope, session, &by, page)
    })
    .await
}

/// Merge an attendance list from a file; with `dry_run=true` only tell what would happen.
#[utoipa::path(
    tag = "attendance",
    params(("id" = TrainingSessionId, Path, description = "The session"), Order),
    request_body(content(
        (Vec<AttendanceDraft> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = Imported))
)]
#[post("/training-sessions/{id}/attendance/import")]
pub async fn import(
    once: Once,
    permit: Permit<RecordAttendance>,
    Key(session): Key<TrainingSessionId>,
    file: Upload,
) -> Result<Answer> {
    let (rows, order, speech) = file.rows(&TABLE).await?;
    once.run(permit, move |tx, permit| {
        let mut roll = Roll::open(tx, permit, session)?;
        Ok(Reply::ok(sheet::enter_all(tx, &rows, order, speech, &mut roll)?))
    })
    .await
}
