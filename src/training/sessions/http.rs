//! Sessions over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::draft::{SessionDraft, SessionFilter, SessionPatch, SessionStep};
use super::model::{ListedSession, SessionRecord};
use super::view::{self, eyes};
use super::{actions, lifecycle, list as lists, store};
use crate::accounts::Permit;
use crate::kernel::access::{Actor, EditTraining, MoveTraining, PlanTraining, Scope, ViewTraining};
use crate::kernel::id::{ProgramId, TrainingSessionId, UserId};
use crate::kernel::list::Many;
use crate::kernel::page::{Items, Page, PageRequest};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};
use crate::programs::{self, Eyes};

/// Plan a training session of a program.
#[utoipa::path(
    tag = "training",
    params(("id" = ProgramId, Path, description = "The program")),
    request_body = SessionDraft,
    responses((status = 201, body = SessionRecord))
)]
#[post("/programs/{id}/training-sessions")]
pub async fn plan(
    once: Once,
    permit: Permit<PlanTraining>,
    Key(program): Key<ProgramId>,
    Json(draft): Json<SessionDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let whole = actions::plan(tx, permit, program, &draft)?;
        let (id, version) = (whole.session.id, whole.session.version);
        let record = view::one(tx, &eyes(permit), whole)?;
        Ok(Reply::created(format!("/training-sessions/{id}"), version, record))
    })
    .await
}

/// A page of sessions as a caller sees them.
pub(super) fn page_of(
    tx: &mut Tx,
    eyes: &Eyes,
    scope: &Scope,
    user: UserId,
    by: &SessionFilter,
    page: &PageRequest,
) -> Result<Page<ListedSession>> {
    let Page { items, next, total } = lists::page(tx, scope, by, user, page)?;
    Ok(Page { items: view::listed(tx, eyes, items)?, next, total })
}

/// List training sessions across programs.
#[utoipa::path(tag = "training", params(SessionFilter), responses((status = 200, body = Items<ListedSession>)))]
#[get("/training-sessions")]
pub async fn across(
    db: Data<Db>,
    permit: Permit<ViewTraining>,
    filter: Filter<SessionFilter>,
) -> Result<Shown<ListedSession>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| page_of(tx, &eyes(&permit), &permit.scope(), permit.user(), &by, &page));
    Ok(Shown::new(read.await?, bound))
}

/// List the training sessions of a program.
#[utoipa::path(
    tag = "training",
    params(("id" = ProgramId, Path, description = "The program"), SessionFilter),
    responses((status = 200, body = Items<ListedSession>))
)]
#[get("/programs/{id}/training-sessions")]
pub async fn of_program(
    db: Data<Db>,
    permit: Permit<ViewTraining>,
    Key(program): Key<ProgramId>,
    filter: Filter<SessionFilter>,
) -> Result<Shown<ListedSession>> {
    let Filter { mut by, page, bound } = filter;
    let read = db.read(move |tx| {
        permit.get(tx, |tx, scope| programs::find(tx, scope, program))?;
        by.program = Many::one(program);
        page_of(tx, &eyes(&permit), &permit.scope(), permit.user(), &by, &page)
    });
    Ok(Shown::new(read.await?, bound))
}

/// Show a training session.
#[utoipa::path(
    tag = "training",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    responses((status = 200, body = SessionRecord))
)]
#[get("/training-sessions/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewTraining>,
    Key(id): Key<TrainingSessionId>,
) -> Result<Reply<SessionRecord>> {
    let read = db.read(move |tx| {
        let whole = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
        let version = whole.session.version;
        Ok((version, view::one(tx, &eyes(&permit), whole)?))
    });
    let (version, record) = read.await?;
    Ok(Reply::record(version, record))
}

/// Change a training session; the status moves by `/transitions`.
#[utoipa::path(
    tag = "training",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    request_body = SessionPatch,
    responses((status = 200, body = SessionRecord))
)]
#[patch("/training-sessions/{id}")]
pub async fn revise(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditTraining>,
    Key(id): Key<TrainingSessionId>,
    Json(patch): Json<SessionPatch>,
) -> Result<Reply<SessionRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let whole = actions::revise(tx, &permit, id, version, patch.clone())?;
        let version = whole.session.version;
        Ok((version, view::one(tx, &eyes(&permit), whole)?))
    });
    let (version, record) = write.await?;
    Ok(Reply::record(version, record))
}

/// Delete a training session that was never published.
#[utoipa::path(
    tag = "training",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    responses((status = 204, description = "It is gone; lists with `updated_since` show a tombstone."))
)]
#[delete("/training-sessions/{id}")]
pub async fn remove(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditTraining>,
    Key(id): Key<TrainingSessionId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| actions::delete(tx, &permit, id, version)).await?;
    Ok(Reply::nothing())
}

/// Publish a training session, open and close its registration, run it, complete it, postpone it or give it up.
#[utoipa::path(
    tag = "training",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    request_body = SessionStep,
    responses((status = 200, body = SessionRecord))
)]
#[post("/training-sessions/{id}/transitions")]
pub async fn transition(
    once: Once,
    permit: Permit<MoveTraining>,
    Key(id): Key<TrainingSessionId>,
    Json(step): Json<SessionStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let whole = lifecycle::transition(tx, permit, id, &step)?;
        let version = whole.session.version;
        Ok(Reply::record(version, view::one(tx, &eyes(permit), whole)?))
    })
    .await
}
