//! Routes of acceptances.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::super::scenarios::scene;
use super::actions::{self as acts, Found};
use super::model::{AcceptanceDraft, AcceptanceFilter, AcceptancePatch, AcceptanceRecord, AcceptanceStep};
use super::{store, view};
use crate::accounts::Permit;
use crate::disclosure;
use crate::kernel::Result;
use crate::kernel::access::{Actor, EditRisks, MoveRisks, ViewRisks};
use crate::kernel::id::{AcceptanceId, RiskId, UserId};
use crate::kernel::page::{Items, Page};
use crate::platform::db::{Db, Tx};
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

fn shown(tx: &mut Tx, caller: UserId, (scene, found): Found) -> Result<AcceptanceRecord> {
    view::one(tx, &scene, caller, found)
}

/// List the acceptances of a scenario.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path), AcceptanceFilter),
    responses((status = 200, body = Items<AcceptanceRecord>)))]
#[get("/risks/{id}/acceptances")]
pub async fn acceptances(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    Key(id): Key<RiskId>,
    filter: Filter<AcceptanceFilter>,
) -> Result<Shown<AcceptanceRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.write(move |tx| {
        let scene = scene(tx, &permit, id)?;
        disclosure::read_of(tx, &permit, &scene.holding, &scene.relation, "acceptances")?;
        let Page { items, next, total } = store::page(tx, id, &by, &page)?;
        Ok(Page { items: view::records(tx, &scene, permit.user(), items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Draft the acceptance of a risk as it is, with an end within 12 months.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path)), request_body = AcceptanceDraft,
    responses((status = 201, body = AcceptanceRecord)))]
#[post("/risks/{id}/acceptances")]
pub async fn draft_acceptance(
    once: Once,
    permit: Permit<EditRisks>,
    Key(id): Key<RiskId>,
    Json(draft): Json<AcceptanceDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let found = acts::draft(tx, permit, id, draft.clone())?;
        let record = shown(tx, permit.user(), found)?;
        Ok(Reply::created(format!("/risks/{id}/acceptances/{}", record.id), record.version, record))
    })
    .await
}

/// Show an acceptance.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path), ("acceptance_id" = AcceptanceId, Path)),
    responses((status = 200, body = AcceptanceRecord)))]
#[get("/risks/{id}/acceptances/{acceptance_id}")]
pub async fn show_acceptance(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    Keys(id, acceptance): Keys<RiskId, AcceptanceId>,
) -> Result<Reply<AcceptanceRecord>> {
    let read = db.write(move |tx| {
        let found = acts::found(tx, &permit, id, acceptance)?;
        disclosure::read_of(tx, &permit, &found.0.holding, &found.0.relation, "acceptances")?;
        shown(tx, permit.user(), found)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record))
}

/// Change an acceptance that is a draft.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path), ("acceptance_id" = AcceptanceId, Path)),
    request_body = AcceptancePatch, responses((status = 200, body = AcceptanceRecord)))]
#[patch("/risks/{id}/acceptances/{acceptance_id}")]
pub async fn edit_acceptance(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditRisks>,
    Keys(id, acceptance): Keys<RiskId, AcceptanceId>,
    Json(patch): Json<AcceptancePatch>,
) -> Result<Reply<AcceptanceRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let found = acts::edit(tx, &permit, id, acceptance, version, patch.clone())?;
        shown(tx, permit.user(), found)
    });
    let record = write.await?;
    Ok(Reply::record(record.version, record))
}

/// Take away an acceptance that is a draft.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path), ("acceptance_id" = AcceptanceId, Path)),
    responses((status = 204)))]
#[delete("/risks/{id}/acceptances/{acceptance_id}")]
pub async fn remove_acceptance(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditRisks>,
    Keys(id, acceptance): Keys<RiskId, AcceptanceId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| acts::delete(tx, &permit, id, acceptance, version)).await?;
    Ok(Reply::nothing())
}

/// Ask for the acceptance of a risk, accept or reject it, or take it back.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path), ("acceptance_id" = AcceptanceId, Path)),
    request_body = AcceptanceStep, responses((status = 200, body = AcceptanceRecord)))]
#[post("/risks/{id}/acceptances/{acceptance_id}/transitions")]
pub async fn step_acceptance(
    once: Once,
    permit: Permit<MoveRisks>,
    Keys(id, acceptance): Keys<RiskId, AcceptanceId>,
    Json(step): Json<AcceptanceStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let found = acts::step(tx, permit, id, acceptance, &step)?;
        let record = shown(tx, permit.user(), found)?;
        Ok(Reply::record(record.version, record))
    })
    .await
}
