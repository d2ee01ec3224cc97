//! Milestones as files: out as CSV, NDJSON and XLSX, in the same way as the lists; in with a rehearsal.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::filter::MilestoneFilter;
use super::model::{ListedMilestone, MilestoneDraft};
use super::{actions, http, view};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Actor, CreateMilestones, ExportMilestones};
use crate::kernel::id::ProgramId;
use crate::kernel::list::Many;
use crate::platform::db::Db;
use crate::platform::http::Routing;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Key, Once, Reply};
use crate::platform::sheet::{self, Column, Format, Imported, Kind, Order, Table, Upload};

/// A list of milestones as a file.
const TABLE: Table = Table {
    stem: "milestones",
    grows: &["milestones"],
    columns: &[
        Column::text("id").kept(),
        Column::text("program_id").kept(),
        Column::new("program_title", Kind::Texts).kept(),
        Column::new("title", Kind::Texts).needed(),
        Column::text("status").kept(),
        Column::text("due").needed(),
        Column::text("baseline_due"),
        Column::new("slip_days", Kind::Number).kept(),
        Column::new("moves", Kind::Number).kept(),
        Column::new("missed", Kind::Flag).kept(),
        Column::text("country"),
        Column::text("owner.name").kept(),
        Column::text("owner"),
        Column::text("acceptance"),
        Column::new("weight", Kind::Number),
        Column::text("predecessor"),
        Column::new("description", Kind::Texts),
        Column::new("deliverable", Kind::Texts),
        Column::text("deliverable_url"),
        Column::text("note").kept(),
        Column::text("submitted_at").kept(),
        Column::text("accepted_at").kept(),
        Column::text("updated_at").kept(),
        Column::text("deleted_at").kept(),
    ],
};

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(across_csv).service(across_ndjson).service(across_xlsx);
    config.service(program_csv).service(program_ndjson).service(program_xlsx).service(import);
}

/// Milestones across programs as CSV.
#[utoipa::path(tag = "milestones", params(MilestoneFilter),
    responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/milestones.csv")]
pub async fn across_csv(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportMilestones>,
    filter: Filter<MilestoneFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, filter.by, Format::Csv).await
}

/// Milestones across programs, one JSON object a line.
#[utoipa::path(tag = "milestones", params(MilestoneFilter),
    responses((status = 200, body = String, content_type = "application/x-ndjson")))]
#[get("/milestones.ndjson")]
pub async fn across_ndjson(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportMilestones>,
    filter: Filter<MilestoneFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, filter.by, Format::Ndjson).await
}

/// Milestones across programs as a workbook of at most 20,000 rows.
#[utoipa::path(tag = "milestones", params(MilestoneFilter),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/milestones.xlsx")]
pub async fn across_xlsx(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportMilestones>,
    filter: Filter<MilestoneFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, filter.by, Format::Xlsx).await
}

/// The milestones of a program as CSV.
#[utoipa::path(tag = "milestones", params(("id" = ProgramId, Path, description = "The program"), MilestoneFilter),
    responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/programs/{id}/milestones.csv")]
pub async fn program_csv(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportMilestones>,
    Key(id): Key<ProgramId>,
    filter: Filter<MilestoneFilter>,
) -> Result<HttpResponse> {
    export_one(&request, &db, permit, id, filter.by, Format::Csv).await
}

/// The milestones of a program, one JSON object a line.
#[utoipa::path(tag = "milestones", params(("id" = ProgramId, Path, description = "The program"), MilestoneFilter),
    responses((status = 200, body = String, content_type = "application/x-ndjson")))]
#[get("/programs/{id}/milestones.ndjson")]
pub async fn program_ndjson(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportMilestones>,
    Key(id): Key<ProgramId>,
    filter: Filter<MilestoneFilter>,
) -> Result<HttpResponse> {
    export_one(&request, &db, permit, id, filter.by, Format::Ndjson).await
}

/// The milestones of a program as a workbook.
#[utoipa::path(tag = "milestones", params(("id" = ProgramId, Path, description = "The program"), MilestoneFilter),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/programs/{id}/milestones.xlsx")]
pub async fn program_xlsx(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportMilestones>,
    Key(id): Key<ProgramId>,
    filter: Filter<MilestoneFilter>,
) -> Result<HttpResponse> {
    export_one(&request, &db, permit, id, filter.by, Format::Xlsx).await
}

async fn export_one(
    request: &HttpRequest,
    db: &Db,
    permit: Permit<ExportMilestones>,
    program: ProgramId,
    mut by: MilestoneFilter,
    format: Format,
) -> Result<HttpResponse> {
    let seen = permit.also::<ExportMilestones>();
    db.read(move |tx| seen.get(tx, |tx, scope| super::super::find(tx, scope, program)).map(drop)).await?;
    by.program = Many::one(program);
    export(request, db, permit, by, format).await
}

async fn export(
    request: &HttpRequest,
    db: &Db,
    permit: Permit<ExportMilestones>,
    by: MilestoneFilter,
    format: Format,
) -> Result<HttpResponse> {
    let (eyes, scope, user) = (view::eyes(&permit), permit.scope(), permit.user());
    sheet::export::<ListedMilestone, _>(request, db, &TABLE, format, move |tx, page| {
        http::page_of(tx, &eyes, &scope, user, &by, page)
    })
    .await
}

/// Plan many milestones of a program from a file; with `dry_run=true` only tell what would happen.
#[utoipa::path(
    tag = "milestones",
    params(("id" = ProgramId, Path, description = "The program"), Order),
    request_body(content(
        (Vec<MilestoneDraft> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = Imported))
)]
#[post("/programs/{id}/milestones/import")]
pub async fn import(
    once: Once,
    permit: Permit<CreateMilestones>,
    Key(program): Key<ProgramId>,
    file: Upload,
) -> Result<Answer> {
    let (rows, order, speech) = file.rows(&TABLE).await?;
    once.run(permit, move |tx, permit| {
        permit.get(tx, |tx, scope| super::super::find(tx, scope, program))?;
        let done = sheet::carry_out(tx, &rows, order, speech, |tx, draft: MilestoneDraft| {
            actions::create(tx, permit, program, &draft).map(|milestone| milestone.id.to_string())
        })?;
        Ok(Reply::ok(done))
    })
    .await
}
