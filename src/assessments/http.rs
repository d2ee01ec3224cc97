//! Routes of assessments.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::list::{self as lists, AssessmentFilter};
use super::model::{AssessmentDraft, AssessmentPatch, AssessmentRecord, AssessmentStep};
use super::sight::{seen, with};
use super::view::{self, listed};
use super::{actions, lifecycle};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{
    EditAssessments, MoveAssessments, NameOnAssessments, OpenAssessments, ViewAssessments,
};
use crate::kernel::id::AssessmentId;
use crate::kernel::page::{Items, Page};
use crate::platform::db::Db;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

/// The record with a tag that also differs when its label, its disclosure or the count of its answers moved.
fn shown(record: AssessmentRecord) -> Reply<AssessmentRecord> {
    Reply::record(record.version, record).marked()
}

/// List the assessments that one may know of: those of one's own country, those on which one is named, and those disclosed.
#[utoipa::path(tag = "assessments", params(AssessmentFilter),
    responses((status = 200, body = Items<AssessmentRecord>)))]
#[get("/assessments")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    filter: Filter<AssessmentFilter>,
) -> Result<Shown<AssessmentRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        let scope = permit.scope();
        let Page { items, next, total } = lists::page(tx, &scope, &by, &page)?;
        Ok(Page { items: listed(tx, &scope, items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Plan an assessment: as a focal point for one's country, or as a coordinator in a program of one's own.
#[utoipa::path(tag = "assessments", request_body = AssessmentDraft,
    responses((status = 201, body = AssessmentRecord)))]
#[post("/assessments")]
pub async fn enter(
    once: Once,
    permit: Permit<OpenAssessments>,
    Json(draft): Json<AssessmentDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let assessment = actions::enter(tx, permit, &draft)?;
        let (id, version) = (assessment.id, assessment.version);
        let seen = with(tx, permit, assessment)?;
        let record = view::one(tx, permit, seen)?;
        Ok(Reply::created(format!("/assessments/{id}"), version, record).marked())
    })
    .await
}

/// Show an assessment: what it is and where it stands. Its answers, evidence and score have their own addresses.
#[utoipa::path(tag = "assessments", params(("id" = AssessmentId, Path)),
    responses((status = 200, body = AssessmentRecord)))]
#[get("/assessments/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Key(id): Key<AssessmentId>,
) -> Result<Reply<AssessmentRecord>> {
    let read = db.read(move |tx| {
        let seen = seen(tx, &permit, id)?;
        view::one(tx, &permit, seen)
    });
    let record = read.await?;
    Ok(shown(record))
}

/// Change what an assessment is called, its days and its tiers.
#[utoipa::path(tag = "assessments", params(("id" = AssessmentId, Path)), request_body = AssessmentPatch,
    responses((status = 200, body = AssessmentRecord)))]
#[patch("/assessments/{id}")]
pub async fn revise(
    db: Data<Db>,
    permit: Permit<EditAssessments>,
    Key(id): Key<AssessmentId>,
    request: HttpRequest,
    Json(patch): Json<AssessmentPatch>,
) -> Result<Reply<AssessmentRecord>> {
    let read = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let seen = actions::revise(tx, &permit, id, read, patch.clone())?;
        view::one(tx, &permit, seen)
    });
    let record = write.await?;
    Ok(shown(record))
}

/// Take away an assessment that was not handed in.
#[utoipa::path(tag = "assessments", params(("id" = AssessmentId, Path)), responses((status = 204)))]
#[delete("/assessments/{id}")]
pub async fn remove(
    db: Data<Db>,
    permit: Permit<NameOnAssessments>,
    Key(id): Key<AssessmentId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let read = etag::if_match(&request)?;
    db.write(move |tx| actions::remove(tx, &permit, id, read)).await?;
    Ok(Reply::nothing())
}

/// Open an assessment, hand it in, hand it back, validate it (as a reviewer who wrote nothing), publish or supersede it.
#[utoipa::path(tag = "assessments", params(("id" = AssessmentId, Path)), request_body = AssessmentStep,
    responses((status = 200, body = AssessmentRecord)))]
#[post("/assessments/{id}/transitions")]
pub async fn transition(
    once: Once,
    permit: Permit<MoveAssessments>,
    Key(id): Key<AssessmentId>,
    Json(step): Json<AssessmentStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let seen = lifecycle::step(tx, permit, id, &step)?;
        let record = view::one(tx, permit, seen)?;
        Ok(shown(record))
    })
    .await
}
