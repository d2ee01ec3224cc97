//! Routes of impact assessments.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::super::actions::read;
use super::actions::{self, Found};
use super::model::{ImpactDraft, ImpactFilter, ImpactPatch, ImpactRecord, ImpactStep};
use super::{store, view};
use crate::accounts::Permit;
use crate::disclosure;
use crate::kernel::Result;
use crate::kernel::access::{Actor, EditAiSystems, MoveAiSystems, ViewAiSystems};
use crate::kernel::id::{AiImpactId, AiSystemId, UserId};
use crate::kernel::page::{Items, Page};
use crate::platform::db::{Db, Tx};
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

fn shown(tx: &mut Tx, caller: UserId, (seen, impact): Found) -> Result<ImpactRecord> {
    view::one(tx, &seen, caller, impact)
}

/// List the impact assessments of an AI system.
#[utoipa::path(tag = "ai-systems", params(("id" = AiSystemId, Path), ImpactFilter),
    responses((status = 200, body = Items<ImpactRecord>)))]
#[get("/ai-systems/{id}/impact-assessments")]
pub async fn impacts(
    db: Data<Db>,
    permit: Permit<ViewAiSystems>,
    Key(id): Key<AiSystemId>,
    filter: Filter<ImpactFilter>,
) -> Result<Shown<ImpactRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.write(move |tx| {
        let seen = read(tx, &permit, id)?;
        let Page { items, next, total } = store::page(tx, id, &by, &page)?;
        Ok(Page { items: view::records(tx, &seen, permit.user(), items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Open an impact assessment of an AI system.
#[utoipa::path(tag = "ai-systems", params(("id" = AiSystemId, Path)), request_body = ImpactDraft,
    responses((status = 201, body = ImpactRecord)))]
#[post("/ai-systems/{id}/impact-assessments")]
pub async fn open_impact(
    once: Once,
    permit: Permit<EditAiSystems>,
    Key(id): Key<AiSystemId>,
    Json(draft): Json<ImpactDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let found = actions::open(tx, permit, id, draft.clone())?;
        let record = shown(tx, permit.user(), found)?;
        let place = format!("/ai-systems/{id}/impact-assessments/{}", record.id);
        Ok(Reply::created(place, record.version, record))
    })
    .await
}

/// Show an impact assessment.
#[utoipa::path(tag = "ai-systems", params(("id" = AiSystemId, Path), ("impact_id" = AiImpactId, Path)),
    responses((status = 200, body = ImpactRecord)))]
#[get("/ai-systems/{id}/impact-assessments/{impact_id}")]
pub async fn show_impact(
    db: Data<Db>,
    permit: Permit<ViewAiSystems>,
    Keys(id, impact): Keys<AiSystemId, AiImpactId>,
) -> Result<Reply<ImpactRecord>> {
    let read = db.write(move |tx| {
        let found = actions::found(tx, &permit, id, impact)?;
        disclosure::read_of(tx, &permit, &found.0.holding, &found.0.relation, "impact_assessment")?;
        shown(tx, permit.user(), found)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record))
}

/// Change an impact assessment while it is a draft.
#[utoipa::path(tag = "ai-systems", params(("id" = AiSystemId, Path), ("impact_id" = AiImpactId, Path)),
    request_body = ImpactPatch, responses((status = 200, body = ImpactRecord)))]
#[patch("/ai-systems/{id}/impact-assessments/{impact_id}")]
pub async fn edit_impact(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditAiSystems>,
    Keys(id, impact): Keys<AiSystemId, AiImpactId>,
    Json(patch): Json<ImpactPatch>,
) -> Result<Reply<ImpactRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let found = actions::edit(tx, &permit, id, impact, version, patch.clone())?;
        shown(tx, permit.user(), found)
    });
    let record = write.await?;
    Ok(Reply::record(record.version, record))
}

/// Take away an impact assessment that is still a draft.
#[utoipa::path(tag = "ai-systems", params(("id" = AiSystemId, Path), ("impact_id" = AiImpactId, Path)),
    responses((status = 204)))]
#[delete("/ai-systems/{id}/impact-assessments/{impact_id}")]
pub async fn remove_impact(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditAiSystems>,
    Keys(id, impact): Keys<AiSystemId, AiImpactId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| actions::delete(tx, &permit, id, impact, version)).await?;
    Ok(Reply::nothing())
}

/// Have an impact assessment reviewed, approve it, send it back, or look at it again.
#[utoipa::path(tag = "ai-systems", params(("id" = AiSystemId, Path), ("impact_id" = AiImpactId, Path)),
    request_body = ImpactStep, responses((status = 200, body = ImpactRecord)))]
#[post("/ai-systems/{id}/impact-assessments/{impact_id}/transitions")]
pub async fn step_impact(
    once: Once,
    permit: Permit<MoveAiSystems>,
    Keys(id, impact): Keys<AiSystemId, AiImpactId>,
    Json(step): Json<ImpactStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let found = actions::step(tx, permit, id, impact, &step)?;
        let record = shown(tx, permit.user(), found)?;
        Ok(Reply::record(record.version, record))
    })
    .await
}
