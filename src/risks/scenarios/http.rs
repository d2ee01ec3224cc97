//! Changing scenarios over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, patch, post, put};

use super::filter::{RatingDraft, RiskDraft, RiskPatch, RiskStep};
use super::model::RiskRecord;
use super::{actions, ratings, view};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{EditRisks, MoveRisks};
use crate::kernel::id::{RiskId, RiskRegisterId};
use crate::platform::db::Db;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Json, Key, Once, Reply, etag};

/// Enter a scenario in a register.
#[utoipa::path(tag = "risks", params(("id" = RiskRegisterId, Path)), request_body = RiskDraft,
    responses((status = 201, body = RiskRecord)))]
#[post("/risk-registers/{id}/risks")]
pub async fn enter_risk(
    once: Once,
    permit: Permit<EditRisks>,
    Key(id): Key<RiskRegisterId>,
    Json(draft): Json<RiskDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let scene = actions::enter(tx, permit, id, draft.clone())?;
        let record = view::record(tx, scene)?;
        Ok(Reply::created(format!("/risks/{}", record.id), record.version, record))
    })
    .await
}

/// Change a scenario.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path)), request_body = RiskPatch,
    responses((status = 200, body = RiskRecord)))]
#[patch("/risks/{id}")]
pub async fn edit_risk(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditRisks>,
    Key(id): Key<RiskId>,
    Json(patch): Json<RiskPatch>,
) -> Result<Reply<RiskRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let scene = actions::edit(tx, &permit, id, version, patch.clone())?;
        view::record(tx, scene)
    });
    let record = write.await?;
    Ok(Reply::record(record.version, record))
}

/// Take a scenario away that was only named.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path)), responses((status = 204)))]
#[delete("/risks/{id}")]
pub async fn remove_risk(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditRisks>,
    Key(id): Key<RiskId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| actions::delete(tx, &permit, id, version)).await?;
    Ok(Reply::nothing())
}

/// Rate a scenario: inherent, current or residual; in the place of what that rating was.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path)), request_body = RatingDraft,
    responses((status = 200, body = RiskRecord)))]
#[put("/risks/{id}/ratings")]
pub async fn rate_risk(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditRisks>,
    Key(id): Key<RiskId>,
    Json(draft): Json<RatingDraft>,
) -> Result<Reply<RiskRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let scene = ratings::rate(tx, &permit, id, version, draft.clone())?;
        view::record(tx, scene)
    });
    let record = write.await?;
    Ok(Reply::record(record.version, record))
}

/// Move a scenario one step, or open it again by a trigger.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path)), request_body = RiskStep,
    responses((status = 200, body = RiskRecord)))]
#[post("/risks/{id}/transitions")]
pub async fn step_risk(
    once: Once,
    permit: Permit<MoveRisks>,
    Key(id): Key<RiskId>,
    Json(step): Json<RiskStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let scene = actions::step(tx, permit, id, &step)?;
        let record = view::record(tx, scene)?;
        Ok(Reply::record(record.version, record))
    })
    .await
}
