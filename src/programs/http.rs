//! Routes of programs.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::draft::{ProgramDraft, ProgramFilter, ProgramPatch};
use super::lifecycle::{self, ProgramTransition};
use super::model::{Listed, ProgramRecord};
use super::view::{self, Eyes};
use super::{actions, list as lists, store};
use crate::accounts::{Permit, Sessions};
use crate::kernel::access::{
    AcknowledgePrograms, Actor, CreatePrograms, EditPrograms, MovePrograms, Role, Scope, ViewPrograms,
};
use crate::kernel::id::{Iso2, ProgramId, UserId};
use crate::kernel::page::{Items, Page, PageRequest};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

/// Enter a program. Only its title is needed while it is in the pipeline.
#[utoipa::path(tag = "programs", request_body = ProgramDraft, responses((status = 201, body = ProgramRecord)))]
#[post("/programs")]
pub async fn create(
    once: Once,
    permit: Permit<CreatePrograms>,
    sessions: Data<Sessions>,
    Json(draft): Json<ProgramDraft>,
) -> Result<Answer> {
    let user = permit.user();
    let created = once.run(permit, move |tx, permit| {
        let program = actions::create(tx, permit, &draft)?;
        let (id, version) = (program.id, program.version);
        // The caller just became its coordinator; the permit was issued before.
        let record = view::one(tx, &Eyes::of(permit).and(Role::Coordinator), program)?;
        Ok(Reply::created(format!("/programs/{id}"), version, record))
    });
    let created = created.await?;
    sessions.gave(user, Role::Coordinator);
    Ok(created)
}

/// List programs within reach.
#[utoipa::path(tag = "programs", params(ProgramFilter), responses((status = 200, body = Items<Listed>)))]
#[get("/programs")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewPrograms>,
    filter: Filter<ProgramFilter>,
) -> Result<Shown<Listed>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| page_of(tx, &Eyes::of(&permit), &permit.scope(), permit.user(), &by, &page));
    Ok(Shown::new(read.await?, bound))
}

/// A page of programs as a caller sees them.
pub(super) fn page_of(
    tx: &mut Tx,
    eyes: &Eyes,
    scope: &Scope,
    user: UserId,
    by: &ProgramFilter,
    page: &PageRequest,
) -> Result<Page<Listed>> {
    let Page { items, next, total } = lists::page(tx, scope, by, user, page)?;
    Ok(Page { items: view::listed(tx, eyes, items)?, next, total })
}

/// Show a program.
#[utoipa::path(
    tag = "programs",
    params(("id" = ProgramId, Path, description = "The program")),
    responses((status = 200, body = ProgramRecord))
)]
#[get("/programs/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewPrograms>,
    Key(id): Key<ProgramId>,
) -> Result<Reply<ProgramRecord>> {
    let read = db.read(move |tx| {
        let program = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
        let version = program.version;
        Ok((version, view::one(tx, &Eyes::of(&permit), program)?))
    });
    let (version, record) = read.await?;
    Ok(Reply::record(version, record))
}

/// Change a program. Lists are replaced as a whole; the status moves by its transitions.
#[utoipa::path(
    tag = "programs",
    params(("id" = ProgramId, Path, description = "The program")),
    request_body(content = ProgramPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, body = ProgramRecord))
)]
#[patch("/programs/{id}")]
pub async fn change(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditPrograms>,
    Key(id): Key<ProgramId>,
    Json(patch): Json<ProgramPatch>,
) -> Result<Reply<ProgramRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let program = actions::change(tx, &permit, id, version, patch.clone())?;
        let version = program.version;
        Ok((version, view::one(tx, &Eyes::of(&permit), program)?))
    });
    let (version, record) = write.await?;
    Ok(Reply::record(version, record))
}

/// Delete a program that was entered by mistake; only in the pipeline.
#[utoipa::path(
    tag = "programs",
    params(("id" = ProgramId, Path, description = "The program")),
    responses((status = 204, description = "It is deleted."))
)]
#[delete("/programs/{id}")]
pub async fn delete(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditPrograms>,
    Key(id): Key<ProgramId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| actions::delete(tx, &permit, id, version)).await?;
    Ok(Reply::nothing())
}

/// Move a program to another status.
#[utoipa::path(
    tag = "programs",
    params(("id" = ProgramId, Path, description = "The program")),
    request_body = ProgramTransition,
    responses((status = 200, body = ProgramRecord))
)]
#[post("/programs/{id}/transitions")]
pub async fn transition(
    once: Once,
    permit: Permit<MovePrograms>,
    Key(id): Key<ProgramId>,
    Json(step): Json<ProgramTransition>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let program = lifecycle::transition(tx, permit, id, &step)?;
        let version = program.version;
        Ok(Reply::record(version, view::one(tx, &Eyes::of(permit), program)?))
    })
    .await
}

/// Acknowledge a program for one of its countries.
#[utoipa::path(
    tag = "programs",
    params(
        ("id" = ProgramId, Path, description = "The program"),
        ("iso2" = Iso2, Path, description = "The country whose focal point the caller is")
    ),
    responses((status = 201, body = ProgramRecord))
)]
#[post("/programs/{id}/countries/{iso2}/acknowledgements")]
pub async fn acknowledge(
    once: Once,
    permit: Permit<AcknowledgePrograms>,
    Keys(id, country): Keys<ProgramId, Iso2>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let program = lifecycle::acknowledge(tx, permit, id, country)?;
        let version = program.version;
        let record = view::one(tx, &Eyes::of(permit), program)?;
        Ok(Reply::created(format!("/programs/{id}"), version, record))
    })
    .await
}
