//! Sessions as files: out as CSV, NDJSON and XLSX with the filters of the list; in with a rehearsal.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::draft::{SessionDraft, SessionFilter};
use super::model::ListedSession;
use super::{actions, http, view};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Actor, ExportTraining, PlanTraining};
use crate::kernel::id::ProgramId;
use crate::platform::db::Db;
use crate::platform::http::Routing;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Key, Once, Reply};
use crate::platform::sheet::{self, Column, Format, Imported, Kind, Order, Table, Upload};
use crate::programs;

/// A list of sessions as a file; without the columns that only the service writes it is what an import takes.
const TABLE: Table = Table {
    stem: "training-sessions",
    grows: &["training_sessions", "session_days"],
    columns: &[
        Column::text("id").kept(),
        Column::text("program_id").kept(),
        Column::new("program_title", Kind::Texts).kept(),
        Column::new("title", Kind::Texts).needed(),
        Column::text("kind"),
        Column::text("status").kept(),
        Column::text("first_day"),
        Column::text("last_day"),
        Column::text("starts").inward(),
        Column::text("ends").inward(),
        Column::new("days", Kind::Triples(["day", "starts", "ends"], [' ', '-'])),
        Column::text("zone"),
        Column::text("mode"),
        Column::text("venue"),
        Column::text("city"),
        Column::text("country"),
        Column::text("link"),
        Column::new("themes", Kind::List),
        Column::new("languages", Kind::List),
        Column::text("organizer"),
        Column::text("source"),
        Column::new("countries", Kind::Triples(["country", "quota", "reserves"], [':', ':'])),
        Column::new("capacity", Kind::Number),
        Column::text("registration_opens"),
        Column::text("registration_closes"),
        Column::new("offer_hours", Kind::Number),
        Column::new("least_share", Kind::Number),
        Column::new("pass_mark", Kind::Number),
        Column::text("course_id"),
        Column::new("course_title", Kind::Texts).kept(),
        Column::new("description", Kind::Texts),
        Column::new("sequence", Kind::Number).kept(),
        Column::text("reason").kept(),
        Column::text("updated_at").kept(),
        Column::text("deleted_at").kept(),
    ],
};

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(csv).service(ndjson).service(xlsx).service(import);
}

/// Training sessions as CSV.
#[utoipa::path(tag = "training", params(SessionFilter),
    responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/training-sessions.csv")]
pub async fn csv(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportTraining>,
    filter: Filter<SessionFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, filter.by, Format::Csv).await
}

/// Training sessions, one JSON object a line.
#[utoipa::path(tag = "training", params(SessionFilter),
    responses((status = 200, body = String, content_type = "application/x-ndjson")))]
#[get("/training-sessions.ndjson")]
pub async fn ndjson(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportTraining>,
    filter: Filter<SessionFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, filter.by, Format::Ndjson).await
}

/// Training sessions as a workbook of at most 20,000 rows.
#[utoipa::path(tag = "training", params(SessionFilter),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/training-sessions.xlsx")]
pub async fn xlsx(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportTraining>,
    filter: Filter<SessionFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, filter.by, Format::Xlsx).await
}

async fn export(
    request: &HttpRequest,
    db: &Db,
    permit: Permit<ExportTraining>,
    by: SessionFilter,
    format: Format,
) -> Result<HttpResponse> {
    let (eyes, scope, user) = (view::eyes(&permit), permit.scope(), permit.user());
    sheet::export::<ListedSession, _>(request, db, &TABLE, format, move |tx, page| {
        http::page_of(tx, &eyes, &scope, user, &by, page)
    })
    .await
}

/// Plan many training sessions of a program from a file; with `dry_run=true` only tell what would happen.
#[utoipa::path(
    tag = "training",
    params(("id" = ProgramId, Path, description = "The program"), Order),
    request_body(content(
        (Vec<SessionDraft> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = Imported))
)]
#[post("/programs/{id}/training-sessions/import")]
pub async fn import(
    once: Once,
    permit: Permit<PlanTraining>,
    Key(program): Key<ProgramId>,
    file: Upload,
) -> Result<Answer> {
    let (rows, order, speech) = file.rows(&TABLE).await?;
    once.run(permit, move |tx, permit| {
        permit.get(tx, |tx, scope| programs::find(tx, scope, program))?;
        let done = sheet::carry_out(tx, &rows, order, speech, |tx, draft: SessionDraft| {
            actions::plan(tx, permit, program, &draft).map(|whole| whole.session.id.to_string())
        })?;
        Ok(Reply::ok(done))
    })
    .await
}
