//! Mandates over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, get, patch, post};

use super::super::rights::Rights;
use super::super::store as partner_store;
use super::model::{FocalPointDraft, FocalPointFilter, FocalPointPatch, FocalPointStep, FocalPointView};
use super::{actions, store};
use crate::accounts::{Permit, Sessions};
use crate::kernel::access::{
    Action, Actor, AppointFocalPoints, ConfirmFocalPoints, NominateFocalPoints, Permission, Scope,
    ViewFocalPoints,
};
use crate::kernel::id::{FocalPointId, Iso2, UserId};
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::{Answer, Once};
use crate::platform::http::{Filter, Json, Key, Reply, Shown, etag};

const SHOWN: &[Permission] =
    &[Permission::NominateFocalPoints, Permission::AppointFocalPoints, Permission::ConfirmFocalPoints];

/// What the caller may do: confirming is for the person themself and administrators.
struct Caller {
    rights: Rights,
    user: UserId,
    all: bool,
}

fn caller<A: Action>(permit: &Permit<A>) -> Caller {
    let all = matches!(permit.scope_of(Permission::ConfirmFocalPoints), Scope::All);
    Caller { rights: Rights::of(permit, SHOWN), user: permit.user(), all }
}

fn view(caller: &Caller, (focal_point, name, email): store::Row) -> FocalPointView {
    let country = focal_point.country;
    let mut permissions = caller.rights.over(country);
    if !caller.all && focal_point.user_id != caller.user {
        permissions.retain(|word| *word != Permission::ConfirmFocalPoints.word());
    }
    let movable = caller.rights.has(Permission::AppointFocalPoints, country);
    let allowed_transitions = if movable { focal_point.status.next().to_vec() } else { Vec::new() };
    let confirm_by = focal_point.confirm_by();
    FocalPointView { name, email, confirm_by, permissions, allowed_transitions, focal_point }
}

fn place(row: &store::Row) -> String {
    format!("/partners/{}/focal-points/{}", row.0.country, row.0.id)
}

/// List the focal points of a country, former ones too.
#[utoipa::path(tag = "focal points", params(("iso2" = Iso2, Path), FocalPointFilter),
    responses((status = 200, body = Items<FocalPointView>)))]
#[get("/partners/{iso2}/focal-points")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewFocalPoints>,
    iso2: Key<Iso2>,
    filter: Filter<FocalPointFilter>,
) -> Result<Shown<FocalPointView>> {
    let Filter { by, page, bound } = filter;
    let (scope, caller) = (permit.scope(), caller(&permit));
    let read = db.read(move |tx| {
        partner_store::find(tx, &scope, iso2.0)?.ok_or_else(Error::not_found)?;
        store::list(tx, &scope, iso2.0, &by, &page)
    });
    Ok(Shown::new(read.await?.map(|row| view(&caller, row)), bound))
}

/// Nominate a focal point of a country.
#[utoipa::path(tag = "focal points", params(("iso2" = Iso2, Path)), request_body = FocalPointDraft,
    responses((status = 201, body = FocalPointView)))]
#[post("/partners/{iso2}/focal-points")]
pub async fn nominate(
    permit: Permit<NominateFocalPoints>,
    once: Once,
    iso2: Key<Iso2>,
    draft: Json<FocalPointDraft>,
) -> Result<Answer> {
    let draft = draft.0;
    once.run(permit, move |tx, permit| {
        let row = actions::nominate(tx, permit, iso2.0, draft.clone())?;
        Ok(Reply::created(place(&row), row.0.version, view(&caller(permit), row)))
    })
    .await
}

/// Show a focal point.
#[utoipa::path(tag = "focal points", params(("iso2" = Iso2, Path), ("id" = FocalPointId, Path)),
    responses((status = 200, body = FocalPointView)))]
#[get("/partners/{iso2}/focal-points/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewFocalPoints>,
    keys: Keys<Iso2, FocalPointId>,
) -> Result<Reply<FocalPointView>> {
    let (Keys(iso2, id), scope, caller) = (keys, permit.scope(), caller(&permit));
    let row = db.read(move |tx| store::find(tx, &scope, iso2, id)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::record(row.0.version, view(&caller, row)))
}

/// Change the terms of a focal point's mandate.
#[utoipa::path(tag = "focal points", params(("iso2" = Iso2, Path), ("id" = FocalPointId, Path)),
    request_body = FocalPointPatch, responses((status = 200, body = FocalPointView)))]
#[patch("/partners/{iso2}/focal-points/{id}")]
pub async fn revise(
    db: Data<Db>,
    permit: Permit<NominateFocalPoints>,
    keys: Keys<Iso2, FocalPointId>,
    request: HttpRequest,
    changes: Json<FocalPointPatch>,
) -> Result<Reply<FocalPointView>> {
    let (Keys(iso2, id), read, changes) = (keys, etag::if_match(&request)?, changes.0);
    let caller = caller(&permit);
    let row = db.write(move |tx| actions::revise(tx, &permit, iso2, id, read, changes.clone())).await?;
    Ok(Reply::record(row.0.version, view(&caller, row)))
}

/// Appoint a nominated focal point, or end a mandate.
#[utoipa::path(tag = "focal points", params(("iso2" = Iso2, Path), ("id" = FocalPointId, Path)),
    request_body = FocalPointStep, responses((status = 200, body = FocalPointView)))]
#[post("/partners/{iso2}/focal-points/{id}/transitions")]
pub async fn step(
    permit: Permit<AppointFocalPoints>,
    sessions: Data<Sessions>,
    once: Once,
    keys: Keys<Iso2, FocalPointId>,
    body: Json<FocalPointStep>,
) -> Result<Answer> {
    let (Keys(iso2, id), to) = (keys, body.0);
    // A role comes or goes with the mandate; whose, only the record knows, and it counts at once.
    let answer = once.run(permit, move |tx, permit| {
        let row = actions::step(tx, permit, iso2, id, to.clone())?;
        Ok(Reply::record(row.0.version, view(&caller(permit), row)))
    });
    let answer = answer.await?;
    sessions.forget();
    Ok(answer)
}

/// Confirm that a focal point's mandate still holds.
#[utoipa::path(tag = "focal points", params(("iso2" = Iso2, Path), ("id" = FocalPointId, Path)),
    responses((status = 200, body = FocalPointView)))]
#[post("/partners/{iso2}/focal-points/{id}/confirmations")]
pub async fn confirm(
    permit: Permit<ConfirmFocalPoints>,
    once: Once,
    keys: Keys<Iso2, FocalPointId>,
) -> Result<Answer> {
    let Keys(iso2, id) = keys;
    once.run(permit, move |tx, permit| {
        let row = actions::confirm(tx, permit, iso2, id)?;
        Ok(Reply::record(row.0.version, view(&caller(permit), row)))
    })
    .await
}
