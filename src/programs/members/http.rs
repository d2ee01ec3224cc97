//! Routes of a program's members.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, post};

use super::actions::{self, VERSION};
use super::model::{Member, MemberDraft, MemberFilter};
use super::store;
use crate::accounts::{Permit, Sessions};
use crate::kernel::access::{EditMembers, ViewMembers};
use crate::kernel::id::{GrantId, ProgramId};
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};
use crate::programs;

/// List who works on a program.
#[utoipa::path(
    tag = "members",
    params(("id" = ProgramId, Path, description = "The program"), MemberFilter),
    responses((status = 200, body = Items<Member>))
)]
#[get("/programs/{id}/members")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewMembers>,
    Key(id): Key<ProgramId>,
    filter: Filter<MemberFilter>,
) -> Result<Shown<Member>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        permit.get(tx, |tx, scope| programs::find(tx, scope, id))?;
        store::list(tx, id, &by, &page)
    });
    Ok(Shown::new(read.await?, bound))
}

/// Show a member.
#[utoipa::path(
    tag = "members",
    params(
        ("id" = ProgramId, Path, description = "The program"),
        ("member_id" = GrantId, Path, description = "The grant")
    ),
    responses((status = 200, body = Member))
)]
#[get("/programs/{id}/members/{member_id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewMembers>,
    Keys(program, id): Keys<ProgramId, GrantId>,
) -> Result<Reply<Member>> {
    let read = db.read(move |tx| {
        permit.get(tx, |tx, scope| programs::find(tx, scope, program))?;
        store::find(tx, program, id)?.ok_or_else(Error::not_found)
    });
    Ok(Reply::record(VERSION, read.await?))
}

/// Add a person to a program.
#[utoipa::path(
    tag = "members",
    params(("id" = ProgramId, Path, description = "The program")),
    request_body = MemberDraft,
    responses((status = 201, body = Member))
)]
#[post("/programs/{id}/members")]
pub async fn add(
    once: Once,
    permit: Permit<EditMembers>,
    sessions: Data<Sessions>,
    Key(program): Key<ProgramId>,
    Json(draft): Json<MemberDraft>,
) -> Result<Answer> {
    let user = draft.user_id;
    let added = once.run(permit, move |tx, permit| {
        let member = actions::add(tx, permit, program, &draft)?;
        Ok(Reply::created(format!("/programs/{program}/members/{}", member.id), VERSION, member))
    });
    let added = added.await?;
    sessions.forget_person(user);
    Ok(added)
}

/// Remove a person from a program.
#[utoipa::path(
    tag = "members",
    params(
        ("id" = ProgramId, Path, description = "The program"),
        ("member_id" = GrantId, Path, description = "The grant")
    ),
    responses((status = 204, description = "The role is taken away."))
)]
#[delete("/programs/{id}/members/{member_id}")]
pub async fn remove(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditMembers>,
    sessions: Data<Sessions>,
    Keys(program, id): Keys<ProgramId, GrantId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    let user = db.write(move |tx| actions::remove(tx, &permit, (program, id), version)).await?;
    sessions.forget_person(user);
    Ok(Reply::nothing())
}
