//! Routes of programs.

use actix_web::{get, post, web::Data};

use super::draft::{ProgramDraft, ProgramFilter};
use super::model::{Listed, ProgramRecord};
use super::view::{self, Eyes};
use super::{actions, list as lists, store};
use crate::accounts::{Permit, Sessions};
use crate::kernel::access::{Actor, CreatePrograms, Role, ViewPrograms};
use crate::kernel::id::ProgramId;
use crate::kernel::page::{Items, Page};
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown};

/// Enter a program. Only its title is needed while it is in the pipeline.
#[utoipa::path(tag = "programs", request_body = ProgramDraft, responses((status = 201, body = ProgramRecord)))]
#[post("/programs")]
pub async fn create(
    once: Once,
    permit: Permit<CreatePrograms>,
    sessions: Data<Sessions>,
    Json(draft): Json<ProgramDraft>,
) -> Result<Answer> {
    let created = once.run(permit, move |tx, permit| {
        let program = actions::create(tx, permit, &draft)?;
        let (id, version) = (program.id, program.version);
        // The caller just became its coordinator; the permit was issued before.
        let record = view::one(tx, &Eyes::of(permit).and(Role::Coordinator), program)?;
        Ok(Reply::created(format!("/programs/{id}"), version, record))
    });
    let created = created.await?;
    sessions.forget();
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
    let read = db.read(move |tx| {
        let Page { items, next, total } = lists::page(tx, &permit.scope(), &by, permit.user(), &page)?;
        Ok(Page { items: view::listed(tx, &Eyes::of(&permit), items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
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
