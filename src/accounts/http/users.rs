//! Routes of people: found, invited, changed, given roles.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::bouncing;
use crate::accounts::grants::{self, Given, RoleDraft, VERSION};
use crate::accounts::guard::Permit;
use crate::accounts::identify::Sessions;
use crate::accounts::invitations::{self, UserDraft};
use crate::accounts::model::Grant;
use crate::accounts::users::{self, UserFilter, UserPatch, UserShown, UserTransition};
use crate::kernel::Error;
use crate::kernel::Result;
use crate::kernel::access::{EditUsers, GrantRoles, InviteUsers, ViewUsers};
use crate::kernel::id::{GrantId, UserId};
use crate::kernel::page::{Items, Page};
use crate::platform::db::Db;
use crate::platform::http::etag;
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, Unfiltered};
use crate::platform::journal::{self, Entry};

/// List people within reach.
#[utoipa::path(tag = "users", params(UserFilter), responses((status = 200, body = Items<UserShown>)))]
#[get("/users")]
pub async fn list_users(
    db: Data<Db>,
    permit: Permit<ViewUsers>,
    filter: Filter<UserFilter>,
) -> Result<Shown<UserShown>> {
    let Filter { by, page, bound } = filter;
    let page = db.read(move |tx| users::list(tx, &permit, &by, &page)).await?;
    Ok(Shown::new(page, bound))
}

/// Invite a person: a letter with a link goes to the address.
#[utoipa::path(tag = "users", request_body = UserDraft, responses((status = 201, body = UserShown)))]
#[post("/users")]
pub async fn invite(once: Once, permit: Permit<InviteUsers>, Json(draft): Json<UserDraft>) -> Result<Answer> {
    let invited = once.run(permit, move |tx, permit| {
        let shown = invitations::invite(tx, permit, &draft)?;
        Ok(Reply::created(format!("/users/{}", shown.user.id), shown.user.version, shown))
    });
    invited.await
}

/// Show a person.
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 200, body = UserShown))
)]
#[get("/users/{id}")]
pub async fn show_user(
    db: Data<Db>,
    permit: Permit<ViewUsers>,
    Key(id): Key<UserId>,
) -> Result<Reply<UserShown>> {
    let shown = db.read(move |tx| users::get(tx, &permit, id)).await?;
    Ok(Reply::record(shown.user.version, shown))
}

/// Change a person's name, language, zone or end.
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The person")),
    request_body = UserPatch,
    responses((status = 200, body = UserShown))
)]
#[patch("/users/{id}")]
pub async fn edit_user(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditUsers>,
    sessions: Data<Sessions>,
    Key(id): Key<UserId>,
    Json(patch): Json<UserPatch>,
) -> Result<Reply<UserShown>> {
    let read = etag::if_match(&request)?;
    let shown = db.write(move |tx| users::edit(tx, &permit, id, read, patch.clone())).await?;
    sessions.forget_person(id);
    Ok(Reply::record(shown.user.version, shown))
}

/// Deactivate a person, which ends their sessions and tokens at once, or let them back in.
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The person")),
    request_body = UserTransition,
    responses((status = 200, body = UserShown))
)]
#[post("/users/{id}/transitions")]
pub async fn move_user(
    once: Once,
    permit: Permit<EditUsers>,
    sessions: Data<Sessions>,
    Key(id): Key<UserId>,
    Json(ask): Json<UserTransition>,
) -> Result<Answer> {
    let moved = once.run(permit, move |tx, permit| {
        let shown = users::transition(tx, permit, id, &ask)?;
        Ok(Reply::record(shown.user.version, shown))
    });
    let moved = moved.await?;
    sessions.forget_person(id);
    Ok(moved)
}

/// An invitation that was sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentAgain {
    /// For whom.
    pub user_id: UserId,
}

/// Send the invitation again; the older link stops working.
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 202, body = SentAgain))
)]
#[post("/users/{id}/invitations")]
pub async fn invite_again(once: Once, permit: Permit<InviteUsers>, Key(id): Key<UserId>) -> Result<Answer> {
    let sent = once.run(permit, move |tx, permit| {
        let user = users::invited(tx, permit, id)?;
        invitations::send(tx, permit, id, &user.email)?;
        journal::record(tx, Entry::new(permit, "user.invited", "user", id));
        Ok(Reply::accepted(SentAgain { user_id: id }))
    });
    sent.await
}

/// Let letters go to a person's address again that refused them.
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 200, body = UserShown))
)]
#[post("/users/{id}/address-releases")]
pub async fn release_address(once: Once, permit: Permit<EditUsers>, Key(id): Key<UserId>) -> Result<Answer> {
    let released = once.run(permit, move |tx, permit| {
        let shown = bouncing::release(tx, permit, id)?;
        Ok(Reply::record(shown.user.version, shown))
    });
    released.await
}

/// List a person's roles, as far as within reach.
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 200, body = Items<Grant>))
)]
#[get("/users/{id}/grants")]
pub async fn list_grants(
    db: Data<Db>,
    permit: Permit<ViewUsers>,
    Key(id): Key<UserId>,
    filter: Filter<Unfiltered>,
) -> Result<Shown<Grant>> {
    let Filter { page, bound, .. } = filter;
    let read = db.read(move |tx| {
        let mut rows = users::grants_of(tx, &permit, id)?;
        if let Some(after) = page.after_id::<GrantId>() {
            rows.retain(|grant| grant.id > after);
        }
        let place = |grant: &Grant| crate::kernel::page::Position { key: String::new(), id: grant.id.0 };
        Ok(Page::of(rows, &page, place))
    });
    Ok(Shown::new(read.await?, bound))
}

/// Give a role. Where there are two administrators, the role of administrator waits until a second one asks for the
/// same (202).
#[utoipa::path(
    tag = "users",
    params(("id" = UserId, Path, description = "The person")),
    request_body = RoleDraft,
    responses((status = 201, body = Given), (status = 202, body = Given))
)]
#[post("/users/{id}/grants")]
pub async fn give(
    once: Once,
    permit: Permit<GrantRoles>,
    sessions: Data<Sessions>,
    Key(id): Key<UserId>,
    Json(draft): Json<RoleDraft>,
) -> Result<Answer> {
    let given = once.run(permit, move |tx, permit| {
        Ok(match grants::give(tx, permit, id, draft)? {
            Given::Now(grant) => {
                let location = format!("/users/{id}/grants/{}", grant.id);
                Reply::created(location, VERSION, Given::Now(grant))
            }
            waiting => Reply::accepted(waiting),
        })
    });
    let given = given.await?;
    sessions.forget_person(id);
    Ok(given)
}

/// Show a role of a person.
#[utoipa::path(
    tag = "users",
    params(
        ("id" = UserId, Path, description = "The person"),
        ("grant_id" = GrantId, Path, description = "The role")
    ),
    responses((status = 200, body = Grant))
)]
#[get("/users/{id}/grants/{grant_id}")]
pub async fn show_grant(
    db: Data<Db>,
    permit: Permit<ViewUsers>,
    Keys(id, grant): Keys<UserId, GrantId>,
) -> Result<Reply<Grant>> {
    let read = db.read(move |tx| {
        let rows = users::grants_of(tx, &permit, id)?;
        rows.into_iter().find(|row| row.id == grant).ok_or_else(Error::not_found)
    });
    Ok(Reply::record(VERSION, read.await?))
}

/// Take a role away; it ends at once.
#[utoipa::path(
    tag = "users",
    params(
        ("id" = UserId, Path, description = "The person"),
        ("grant_id" = GrantId, Path, description = "The role")
    ),
    responses((status = 204))
)]
#[delete("/users/{id}/grants/{grant_id}")]
pub async fn revoke(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<GrantRoles>,
    sessions: Data<Sessions>,
    Keys(id, grant): Keys<UserId, GrantId>,
) -> Result<Reply<()>> {
    let read = etag::if_match(&request)?;
    db.write(move |tx| grants::revoke(tx, &permit, id, grant, read)).await?;
    sessions.forget_person(id);
    Ok(Reply::nothing())
}
