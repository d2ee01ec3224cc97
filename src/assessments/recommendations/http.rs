//! Recommendations over HTTP. Each reading is noted for the country's access log before it is answered, hence the writes.

use actix_web::web::Data;
use actix_web::{get, post};

use super::actions;
use super::model::{RecommendationDraft, RecommendationFilter, RecommendationMove, RecommendationRecord};
use super::store;
use crate::accounts::Permit;
use crate::disclosure;
use crate::kernel::access::{MoveRecommendations, ProposeRecommendations, ViewRecommendations};
use crate::kernel::id::{AssessmentId, HoldingId, RecommendationId};
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown};

/// List recommendations from the assessments that one sees in detail: of a country, of a milestone ...
#[utoipa::path(tag = "recommendations", params(RecommendationFilter),
    responses((status = 200, body = Items<RecommendationRecord>)))]
#[get("/recommendations")]
pub async fn across(
    db: Data<Db>,
    permit: Permit<ViewRecommendations>,
    filter: Filter<RecommendationFilter>,
) -> Result<Shown<RecommendationRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.write(move |tx| {
        let found = store::page(tx, &permit.scope(), &by, &page)?;
        let holdings: Vec<HoldingId> = found.items.iter().map(|(row, _)| row.assessment_id.into()).collect();
        disclosure::note_all(tx, &permit, &holdings, "recommendations")?;
        Ok(found.map(|(row, code)| RecommendationRecord::of(row, code, Vec::new())))
    });
    Ok(Shown::new(read.await?, bound))
}

/// Propose what to do about a gap of a validated assessment.
#[utoipa::path(tag = "recommendations", params(("id" = AssessmentId, Path)), request_body = RecommendationDraft,
    responses((status = 201, body = RecommendationRecord)))]
#[post("/assessments/{id}/recommendations")]
pub async fn propose(
    once: Once,
    permit: Permit<ProposeRecommendations>,
    Key(id): Key<AssessmentId>,
    Json(draft): Json<RecommendationDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let whole = actions::propose(tx, permit, id, &draft)?;
        let (id, version) = (whole.0.id, whole.0.version);
        let record = actions::record(tx, permit, whole)?;
        Ok(Reply::created(format!("/recommendations/{id}"), version, record))
    })
    .await
}

/// Show a recommendation.
#[utoipa::path(tag = "recommendations", params(("id" = RecommendationId, Path)),
    responses((status = 200, body = RecommendationRecord)))]
#[get("/recommendations/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewRecommendations>,
    Key(id): Key<RecommendationId>,
) -> Result<Reply<RecommendationRecord>> {
    let read = db.write(move |tx| {
        let whole = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
        actions::record(tx, &permit, whole)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record))
}

/// Accept, plan, finish or reject a recommendation.
#[utoipa::path(tag = "recommendations", params(("id" = RecommendationId, Path)), request_body = RecommendationMove,
    responses((status = 200, body = RecommendationRecord)))]
#[post("/recommendations/{id}/transitions")]
pub async fn transition(
    once: Once,
    permit: Permit<MoveRecommendations>,
    Key(id): Key<RecommendationId>,
    Json(step): Json<RecommendationMove>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let whole = actions::step(tx, permit, id, &step)?;
        let record = actions::record(tx, permit, whole)?;
        Ok(Reply::record(record.version, record))
    })
    .await
}
