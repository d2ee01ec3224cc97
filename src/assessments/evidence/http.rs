//! Evidence over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::super::sight::seen;
use super::actions::{self, found, one, records, within};
use super::model::{EvidenceDraft, EvidenceFilter, EvidencePatch, EvidenceRecord, EvidenceStep};
use super::store;
use crate::accounts::Permit;
use crate::disclosure;
use crate::kernel::Result;
use crate::kernel::access::{AnswerAssessments, ReviewAssessments, ViewAssessments};
use crate::kernel::id::{AssessmentId, EvidenceId};
use crate::kernel::page::{Items, Page};
use crate::platform::db::Db;
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

/// List evidence in the order of the framework; who is assigned a section sees what is offered in it.
#[utoipa::path(tag = "evidence", params(("id" = AssessmentId, Path), EvidenceFilter),
    responses((status = 200, body = Items<EvidenceRecord>)))]
#[get("/assessments/{id}/evidence")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Key(id): Key<AssessmentId>,
    filter: Filter<EvidenceFilter>,
) -> Result<Shown<EvidenceRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.write(move |tx| {
        let seen = seen(tx, &permit, id)?;
        let spans = within(tx, &permit, &seen)?;
        disclosure::note(tx, &permit, &seen.holding, &seen.relation, "evidence");
        let Page { items, next, total } = store::page(tx, id, spans.as_deref(), &by, &page)?;
        Ok(Page { items: records(tx, items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Offer evidence for the answer to a node.
#[utoipa::path(tag = "evidence", params(("id" = AssessmentId, Path)), request_body = EvidenceDraft,
    responses((status = 201, body = EvidenceRecord)))]
#[post("/assessments/{id}/evidence")]
pub async fn offer(
    once: Once,
    permit: Permit<AnswerAssessments>,
    Key(id): Key<AssessmentId>,
    Json(draft): Json<EvidenceDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let whole = actions::offer(tx, permit, id, &draft)?;
        let (evidence, version) = (whole.0.id, whole.0.version);
        Ok(Reply::created(format!("/assessments/{id}/evidence/{evidence}"), version, one(tx, whole)?))
    })
    .await
}

/// Show evidence.
#[utoipa::path(tag = "evidence", params(("id" = AssessmentId, Path), ("evidence_id" = EvidenceId, Path)),
    responses((status = 200, body = EvidenceRecord)))]
#[get("/assessments/{id}/evidence/{evidence_id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Keys(id, evidence): Keys<AssessmentId, EvidenceId>,
) -> Result<Reply<EvidenceRecord>> {
    let read = db.write(move |tx| {
        let seen = seen(tx, &permit, id)?;
        let spans = within(tx, &permit, &seen)?;
        let whole = found(tx, id, spans.as_deref(), evidence)?;
        disclosure::note(tx, &permit, &seen.holding, &seen.relation, "evidence");
        one(tx, whole)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record))
}

/// Change evidence; it is to be judged again.
#[utoipa::path(tag = "evidence", params(("id" = AssessmentId, Path), ("evidence_id" = EvidenceId, Path)),
    request_body = EvidencePatch, responses((status = 200, body = EvidenceRecord)))]
#[patch("/assessments/{id}/evidence/{evidence_id}")]
pub async fn revise(
    db: Data<Db>,
    permit: Permit<AnswerAssessments>,
    Keys(id, evidence): Keys<AssessmentId, EvidenceId>,
    request: HttpRequest,
    Json(patch): Json<EvidencePatch>,
) -> Result<Reply<EvidenceRecord>> {
    let read = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let whole = actions::revise(tx, &permit, (id, evidence), read, patch.clone())?;
        one(tx, whole)
    });
    let record = write.await?;
    Ok(Reply::record(record.version, record))
}

/// Take evidence away, with its file.
#[utoipa::path(tag = "evidence", params(("id" = AssessmentId, Path), ("evidence_id" = EvidenceId, Path)),
    responses((status = 204)))]
#[delete("/assessments/{id}/evidence/{evidence_id}")]
pub async fn remove(
    db: Data<Db>,
    permit: Permit<AnswerAssessments>,
    Keys(id, evidence): Keys<AssessmentId, EvidenceId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let read = etag::if_match(&request)?;
    db.write(move |tx| actions::remove(tx, &permit, (id, evidence), read)).await?;
    Ok(Reply::nothing())
}

/// Accept evidence or reject it, as a reviewer who wrote nothing of the assessment.
#[utoipa::path(tag = "evidence", params(("id" = AssessmentId, Path), ("evidence_id" = EvidenceId, Path)),
    request_body = EvidenceStep, responses((status = 200, body = EvidenceRecord)))]
#[post("/assessments/{id}/evidence/{evidence_id}/transitions")]
pub async fn judge(
    once: Once,
    permit: Permit<ReviewAssessments>,
    Keys(id, evidence): Keys<AssessmentId, EvidenceId>,
    Json(step): Json<EvidenceStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let whole = actions::judge(tx, permit, (id, evidence), &step)?;
        let version = whole.0.version;
        Ok(Reply::record(version, one(tx, whole)?))
    })
    .await
}
