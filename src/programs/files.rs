//! Programs as files: out as CSV, NDJSON and XLSX with the filters of the list; in with a rehearsal.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::draft::{ProgramDraft, ProgramFilter};
use super::model::Listed;
use super::view::Eyes;
use super::{actions, http};
use crate::accounts::{Permit, Sessions};
use crate::kernel::Result;
use crate::kernel::access::{Actor, ExportPrograms, ImportPrograms};
use crate::platform::db::Db;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Once, Reply};
use crate::platform::sheet::{self, Column, Format, Imported, Kind, Order, Table, Upload};

/// A list of programs as a file; without the columns that only the service writes it is what an import takes.
const TABLE: Table = Table {
    stem: "programs",
    grows: &["programs", "program_countries"],
    columns: &[
        Column::text("id").kept(),
        Column::text("iati_identifier"),
        Column::new("title", Kind::Texts).needed(),
        Column::text("status").kept(),
        Column::text("planned_start"),
        Column::text("actual_start"),
        Column::text("planned_end"),
        Column::text("actual_end"),
        Column::new("countries", Kind::Pairs("country", "share")),
        Column::text("scope_note"),
        Column::new("themes", Kind::List),
        Column::new("organizations", Kind::Named("role", "name", "organization_id")),
        Column::new("tags", Kind::Pairs("vocabulary", "code")),
        Column::new("description", Kind::Texts),
        Column::new("objectives", Kind::Texts),
        Column::new("target_groups", Kind::Texts),
        Column::text("collaboration_type"),
        Column::text("flow_type"),
        Column::text("aid_type"),
        Column::text("final_report"),
        Column::text("budget_note"),
        Column::text("notes"),
        Column::text("created_at").kept(),
        Column::text("updated_at").kept(),
        Column::text("deleted_at").kept(),
    ],
};

/// Programs as CSV.
#[utoipa::path(tag = "programs", params(ProgramFilter),
    responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/programs.csv")]
pub async fn csv(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportPrograms>,
    filter: Filter<ProgramFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, filter.by, Format::Csv).await
}

/// Programs, one JSON object a line.
#[utoipa::path(tag = "programs", params(ProgramFilter),
    responses((status = 200, body = String, content_type = "application/x-ndjson")))]
#[get("/programs.ndjson")]
pub async fn ndjson(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportPrograms>,
    filter: Filter<ProgramFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, filter.by, Format::Ndjson).await
}

/// Programs as a workbook of at most 20,000 rows.
#[utoipa::path(tag = "programs", params(ProgramFilter),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/programs.xlsx")]
pub async fn xlsx(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ExportPrograms>,
    filter: Filter<ProgramFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, filter.by, Format::Xlsx).await
}

async fn export(
    request: &HttpRequest,
    db: &Db,
    permit: Permit<ExportPrograms>,
    by: ProgramFilter,
    format: Format,
) -> Result<HttpResponse> {
    let (eyes, scope, user) = (Eyes::of(&permit), permit.scope(), permit.user());
    sheet::export::<Listed, _>(request, db, &TABLE, format, move |tx, page| {
        http::page_of(tx, &eyes, &scope, user, &by, page)
    })
    .await
}

/// Enter many programs from a file; with `dry_run=true` only tell what would happen.
#[utoipa::path(
    tag = "programs",
    params(Order),
    request_body(content(
        (Vec<ProgramDraft> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = Imported))
)]
#[post("/programs/import")]
pub async fn import(
    once: Once,
    permit: Permit<ImportPrograms>,
    sessions: Data<Sessions>,
    file: Upload,
) -> Result<Answer> {
    let (rows, order, speech) = file.rows(&TABLE).await?;
    let user = permit.user();
    let imported = once.run(permit, move |tx, permit| {
        let done = sheet::carry_out(tx, &rows, order, speech, |tx, draft: ProgramDraft| {
            actions::create(tx, permit, &draft).map(|program| program.id.to_string())
        })?;
        Ok(Reply::ok(done))
    });
    let imported = imported.await?;
    sessions.forget_person(user);
    Ok(imported)
}
