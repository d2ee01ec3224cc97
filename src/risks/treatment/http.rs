//! Routes of treatment actions.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::super::scenarios::scene;
use super::actions::{self as acts, Found};
use super::model::{ActionDraft, ActionFilter, ActionPatch, ActionRecord, ActionStep};
use super::{store, view};
use crate::accounts::Permit;
use crate::disclosure;
use crate::kernel::Result;
use crate::kernel::access::{Actor, EditRisks, MoveRisks, ViewRisks};
use crate::kernel::id::{RiskId, TreatmentActionId, UserId};
use crate::kernel::page::{Items, Page};
use crate::platform::db::{Db, Tx};
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

fn shown(tx: &mut Tx, caller: UserId, (scene, found): Found) -> Result<ActionRecord> {
    view::one(tx, &scene, caller, found)
}

/// List the treatment actions of a scenario.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path), ActionFilter),
    responses((status = 200, body = Items<ActionRecord>)))]
#[get("/risks/{id}/actions")]
pub async fn actions(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    Key(id): Key<RiskId>,
    filter: Filter<ActionFilter>,
) -> Result<Shown<ActionRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.write(move |tx| {
        let scene = scene(tx, &permit, id)?;
        disclosure::read_of(tx, &permit, &scene.holding, &scene.relation, "actions")?;
        let Page { items, next, total } = store::page(tx, id, &by, &page)?;
        Ok(Page { items: view::records(tx, &scene, permit.user(), items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Plan what is done about a scenario.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path)), request_body = ActionDraft,
    responses((status = 201, body = ActionRecord)))]
#[post("/risks/{id}/actions")]
pub async fn plan_action(
    once: Once,
    permit: Permit<EditRisks>,
    Key(id): Key<RiskId>,
    Json(draft): Json<ActionDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let found = acts::plan(tx, permit, id, draft.clone())?;
        let record = shown(tx, permit.user(), found)?;
        Ok(Reply::created(format!("/risks/{id}/actions/{}", record.id), record.version, record))
    })
    .await
}

/// Show a treatment action.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path), ("action_id" = TreatmentActionId, Path)),
    responses((status = 200, body = ActionRecord)))]
#[get("/risks/{id}/actions/{action_id}")]
pub async fn show_action(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    Keys(id, action): Keys<RiskId, TreatmentActionId>,
) -> Result<Reply<ActionRecord>> {
    let read = db.write(move |tx| {
        let found = acts::found(tx, &permit, id, action)?;
        disclosure::read_of(tx, &permit, &found.0.holding, &found.0.relation, "actions")?;
        shown(tx, permit.user(), found)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record))
}

/// Change a treatment action that is not over.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path), ("action_id" = TreatmentActionId, Path)),
    request_body = ActionPatch, responses((status = 200, body = ActionRecord)))]
#[patch("/risks/{id}/actions/{action_id}")]
pub async fn edit_action(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditRisks>,
    Keys(id, action): Keys<RiskId, TreatmentActionId>,
    Json(patch): Json<ActionPatch>,
) -> Result<Reply<ActionRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let found = acts::edit(tx, &permit, id, action, version, patch.clone())?;
        shown(tx, permit.user(), found)
    });
    let record = write.await?;
    Ok(Reply::record(record.version, record))
}

/// Take away a treatment action that was not begun.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path), ("action_id" = TreatmentActionId, Path)),
    responses((status = 204)))]
#[delete("/risks/{id}/actions/{action_id}")]
pub async fn remove_action(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditRisks>,
    Keys(id, action): Keys<RiskId, TreatmentActionId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| acts::delete(tx, &permit, id, action, version)).await?;
    Ok(Reply::nothing())
}

/// Begin an action, say that it is done, verify it, or give it up.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path), ("action_id" = TreatmentActionId, Path)),
    request_body = ActionStep, responses((status = 200, body = ActionRecord)))]
#[post("/risks/{id}/actions/{action_id}/transitions")]
pub async fn step_action(
    once: Once,
    permit: Permit<MoveRisks>,
    Keys(id, action): Keys<RiskId, TreatmentActionId>,
    Json(step): Json<ActionStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let found = acts::step(tx, permit, id, action, &step)?;
        let record = shown(tx, permit.user(), found)?;
        Ok(Reply::record(record.version, record))
    })
    .await
}
