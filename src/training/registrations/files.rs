//! Registrations as files: the roster of a session out as CSV, NDJSON and XLSX; people in with a rehearsal.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::draft::{NominationDraft, RegistrationDraft, RegistrationFilter};
use super::model::RegistrationRecord;
use super::roster::Roster;
use super::{http, view};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{EnterRegistrations, Nominate, ViewRegistrations};
use crate::kernel::id::TrainingSessionId;
use crate::platform::db::Db;
use crate::platform::http::Routing;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Key, Once, Reply};
use crate::platform::sheet::{self, Column, Format, Imported, Kind, Order, Table, Upload};

/// The roster of a session as a file; what the service does not write is what an import takes.
const TABLE: Table = Table {
    stem: "registrations",
    grows: &["participants", "registrations", "training_standings"],
    columns: &[
        Column::text("id").kept(),
        Column::text("country").needed(),
        Column::text("person.name").needed(),
        Column::text("person.email").needed(),
        Column::text("person.organization"),
        Column::text("person.job"),
        Column::text("person.sex"),
        Column::text("person.language"),
        Column::text("person.access_needs"),
        Column::text("person.diet"),
        Column::text("person.consent_version"),
        Column::new("rank", Kind::Number),
        Column::text("motive"),
        Column::text("status").kept(),
        Column::new("reserve", Kind::Flag).kept(),
        Column::text("note").kept(),
        Column::text("queued_at").kept(),
        Column::text("offer_expires_at").kept(),
        Column::text("created_at").kept(),
        Column::text("updated_at").kept(),
    ],
};

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(csv).service(ndjson).service(xlsx).service(import).service(import_nominations);
}

/// The registrations of a session as CSV.
#[utoipa::path(tag = "registrations", params(("id" = TrainingSessionId, Path), RegistrationFilter),
    responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/training-sessions/{id}/registrations.csv")]
pub async fn csv(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(id): Key<TrainingSessionId>,
    filter: Filter<RegistrationFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, id, filter.by, Format::Csv).await
}

/// The registrations of a session, one JSON object a line.
#[utoipa::path(tag = "registrations", params(("id" = TrainingSessionId, Path), RegistrationFilter),
    responses((status = 200, body = String, content_type = "application/x-ndjson")))]
#[get("/training-sessions/{id}/registrations.ndjson")]
pub async fn ndjson(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(id): Key<TrainingSessionId>,
    filter: Filter<RegistrationFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, id, filter.by, Format::Ndjson).await
}

/// The registrations of a session as a workbook.
#[utoipa::path(tag = "registrations", params(("id" = TrainingSessionId, Path), RegistrationFilter),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/training-sessions/{id}/registrations.xlsx")]
pub async fn xlsx(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(id): Key<TrainingSessionId>,
    filter: Filter<RegistrationFilter>,
) -> Result<HttpResponse> {
    export(&request, &db, permit, id, filter.by, Format::Xlsx).await
}

async fn export(
    request: &HttpRequest,
    db: &Db,
    permit: Permit<ViewRegistrations>,
    session: TrainingSessionId,
    by: RegistrationFilter,
    format: Format,
) -> Result<HttpResponse> {
    let (eyes, scope) = (view::eyes(&permit), permit.scope());
    // What can't be seen is said before the first byte of the file.
    let sight = scope.clone();
    db.read(move |tx| http::visible(tx, &sight, session).map(drop)).await?;
    sheet::export::<RegistrationRecord, _>(request, db, &TABLE, format, move |tx, page| {
        http::page_of(tx, &eyes, &scope, session, &by, page)
    })
    .await
}

/// Enter many people for a session from a file, as coordinator; with `dry_run=true` only tell what would happen.
#[utoipa::path(
    tag = "registrations",
    params(("id" = TrainingSessionId, Path, description = "The session"), Order),
    request_body(content(
        (Vec<RegistrationDraft> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = Imported))
)]
#[post("/training-sessions/{id}/registrations/import")]
pub async fn import(
    once: Once,
    permit: Permit<EnterRegistrations>,
    Key(session): Key<TrainingSessionId>,
    file: Upload,
) -> Result<Answer> {
    let (rows, order, speech) = file.rows(&TABLE).await?;
    once.run(permit, move |tx, permit| {
        let mut roster = Roster::of_people(tx, permit, session)?;
        Ok(Reply::ok(sheet::enter_all(tx, &rows, order, speech, &mut roster)?))
    })
    .await
}

/// Nominate many people of one's own country from a file; with `dry_run=true` only tell what would happen.
#[utoipa::path(
    tag = "registrations",
    params(("id" = TrainingSessionId, Path, description = "The session"), Order),
    request_body(content(
        (Vec<NominationDraft> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = Imported))
)]
#[post("/training-sessions/{id}/nominations/import")]
pub async fn import_nominations(
    once: Once,
    permit: Permit<Nominate>,
    Key(session): Key<TrainingSessionId>,
    file: Upload,
) -> Result<Answer> {
    let (rows, order, speech) = file.rows(&TABLE).await?;
    once.run(permit, move |tx, permit| {
        let mut roster = Roster::of_nominees(tx, permit, session)?;
        Ok(Reply::ok(sheet::enter_all(tx, &rows, order, speech, &mut roster)?))
    })
    .await
}
