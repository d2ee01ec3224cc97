//! Registrations over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, get, patch, post};

use super::super::sessions;
use super::draft::{
    NominationDraft, RegistrationDraft, RegistrationFilter, RegistrationPatch, RegistrationStep,
};
use super::model::RegistrationRecord;
use super::view::{self, eyes};
use super::{actions, list as lists, store};
use crate::accounts::Permit;
use crate::kernel::access::{
    EditNominations, EnterRegistrations, MoveRegistrations, Nominate, Scope, ViewRegistrations,
};
use crate::kernel::id::{RegistrationId, TrainingSessionId};
use crate::kernel::page::{Items, Page, PageRequest};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};
use crate::programs::Eyes;

/// The session, where the caller may see who comes to it.
pub(in super::super) fn visible(
    tx: &mut Tx,
    scope: &Scope,
    session: TrainingSessionId,
) -> Result<sessions::Whole> {
    sessions::find(tx, scope, session)?.ok_or_else(Error::not_found)
}

/// A page of a session's registrations as a caller sees them; 404 when the session is not theirs to see.
pub(super) fn page_of(
    tx: &mut Tx,
    eyes: &Eyes,
    scope: &Scope,
    session: TrainingSessionId,
    by: &RegistrationFilter,
    page: &PageRequest,
) -> Result<Page<RegistrationRecord>> {
    let program = visible(tx, scope, session)?.session.program_id;
    let Page { items, next, total } = lists::page(tx, scope, session, by, page)?;
    Ok(Page { items: view::records(tx, eyes, program, items)?, next, total })
}

/// List the registrations of a session: a country sees its own people.
#[utoipa::path(
    tag = "registrations",
    params(("id" = TrainingSessionId, Path, description = "The session"), RegistrationFilter),
    responses((status = 200, body = Items<RegistrationRecord>))
)]
#[get("/training-sessions/{id}/registrations")]
pub async fn of_session(
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(session): Key<TrainingSessionId>,
    filter: Filter<RegistrationFilter>,
) -> Result<Shown<RegistrationRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| page_of(tx, &eyes(&permit), &permit.scope(), session, &by, &page));
    Ok(Shown::new(read.await?, bound))
}

/// Nominate a person of one's own country for a session.
#[utoipa::path(
    tag = "registrations",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    request_body = NominationDraft,
    responses((status = 201, body = RegistrationRecord))
)]
#[post("/training-sessions/{id}/nominations")]
pub async fn nominate(
    once: Once,
    permit: Permit<Nominate>,
    Key(session): Key<TrainingSessionId>,
    Json(draft): Json<NominationDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let (session, registration) = actions::nominate(tx, permit, session, &draft)?;
        let (id, version) = (registration.id, registration.version);
        let record = view::one(tx, &eyes(permit), session.session.program_id, registration)?;
        Ok(Reply::created(format!("/registrations/{id}"), version, record))
    })
    .await
}

/// Enter a person for a session as coordinator.
#[utoipa::path(
    tag = "registrations",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    request_body = RegistrationDraft,
    responses((status = 201, body = RegistrationRecord))
)]
#[post("/training-sessions/{id}/registrations")]
pub async fn enter(
    once: Once,
    permit: Permit<EnterRegistrations>,
    Key(session): Key<TrainingSessionId>,
    Json(draft): Json<RegistrationDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let (session, registration) = actions::enter(tx, permit, session, &draft)?;
        let (id, version) = (registration.id, registration.version);
        let record = view::one(tx, &eyes(permit), session.session.program_id, registration)?;
        Ok(Reply::created(format!("/registrations/{id}"), version, record))
    })
    .await
}

fn program_of(tx: &mut Tx, session: TrainingSessionId) -> Result<crate::kernel::id::ProgramId> {
    let whole = sessions::find(tx, &Scope::All, session)?.ok_or_else(Error::not_found)?;
    Ok(whole.session.program_id)
}

/// Show a registration.
#[utoipa::path(tag = "registrations", params(("id" = RegistrationId, Path)),
    responses((status = 200, body = RegistrationRecord)))]
#[get("/registrations/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(id): Key<RegistrationId>,
) -> Result<Reply<RegistrationRecord>> {
    let read = db.read(move |tx| {
        let registration = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
        let (version, program) = (registration.version, program_of(tx, registration.session_id)?);
        Ok((version, view::one(tx, &eyes(&permit), program, registration)?))
    });
    let (version, record) = read.await?;
    Ok(Reply::record(version, record))
}

/// Change the rank or the motive of a nominee on whom nobody has decided.
#[utoipa::path(tag = "registrations", params(("id" = RegistrationId, Path)), request_body = RegistrationPatch,
    responses((status = 200, body = RegistrationRecord)))]
#[patch("/registrations/{id}")]
pub async fn revise(
    db: Data<Db>,
    permit: Permit<EditNominations>,
    Key(id): Key<RegistrationId>,
    request: HttpRequest,
    Json(patch): Json<RegistrationPatch>,
) -> Result<Reply<RegistrationRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let registration = actions::revise(tx, &permit, id, version, patch.clone())?;
        let (version, program) = (registration.version, program_of(tx, registration.session_id)?);
        Ok((version, view::one(tx, &eyes(&permit), program, registration)?))
    });
    let (version, record) = write.await?;
    Ok(Reply::record(version, record))
}

/// Decide on a registration, take an offered seat, or withdraw; a seat that falls free goes to the next who waits.
#[utoipa::path(tag = "registrations", params(("id" = RegistrationId, Path)), request_body = RegistrationStep,
    responses((status = 200, body = RegistrationRecord)))]
#[post("/registrations/{id}/transitions")]
pub async fn transition(
    once: Once,
    permit: Permit<MoveRegistrations>,
    Key(id): Key<RegistrationId>,
    Json(step): Json<RegistrationStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let (session, registration) = actions::step(tx, permit, id, &step)?;
        let version = registration.version;
        let record = view::one(tx, &eyes(permit), session.session.program_id, registration)?;
        Ok(Reply::record(version, record))
    })
    .await
}
