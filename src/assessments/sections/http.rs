//! Sections over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::super::sight::{Seen, seen};
use super::actions::{self, only, records};
use super::model::{SectionDraft, SectionFilter, SectionPatch, SectionRecord, SectionStep};
use super::store::{self, Whole};
use crate::accounts::Permit;
use crate::kernel::access::{Actor, AnswerAssessments, AssignSections, ViewAssessments};
use crate::kernel::id::{AssessmentId, SectionId, UserId};
use crate::kernel::page::{Items, Page};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

fn one(tx: &mut Tx, seen: &Seen, user: UserId, whole: Whole) -> Result<SectionRecord> {
    records(tx, seen, user, vec![whole])?.pop().ok_or_else(Error::not_found)
}

/// List the sections of an assessment; who sees the summary only sees their own.
#[utoipa::path(tag = "sections", params(("id" = AssessmentId, Path), SectionFilter),
    responses((status = 200, body = Items<SectionRecord>)))]
#[get("/assessments/{id}/sections")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Key(id): Key<AssessmentId>,
    filter: Filter<SectionFilter>,
) -> Result<Shown<SectionRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        let (seen, user) = (seen(tx, &permit, id)?, permit.user());
        let Page { items, next, total } = store::page(tx, id, only(&seen, &permit), user, &by, &page)?;
        Ok(Page { items: records(tx, &seen, user, items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Make a section of a node and all below it, and assign it.
#[utoipa::path(tag = "sections", params(("id" = AssessmentId, Path)), request_body = SectionDraft,
    responses((status = 201, body = SectionRecord)))]
#[post("/assessments/{id}/sections")]
pub async fn assign(
    once: Once,
    permit: Permit<AssignSections>,
    Key(id): Key<AssessmentId>,
    Json(draft): Json<SectionDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let (seen, whole) = actions::assign(tx, permit, id, &draft)?;
        let (section, version) = (whole.0.id, whole.0.version);
        let record = one(tx, &seen, permit.user(), whole)?;
        Ok(Reply::created(format!("/assessments/{id}/sections/{section}"), version, record))
    })
    .await
}

/// Show a section.
#[utoipa::path(tag = "sections", params(("id" = AssessmentId, Path), ("section_id" = SectionId, Path)),
    responses((status = 200, body = SectionRecord)))]
#[get("/assessments/{id}/sections/{section_id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Keys(id, section): Keys<AssessmentId, SectionId>,
) -> Result<Reply<SectionRecord>> {
    let read = db.read(move |tx| {
        let seen = seen(tx, &permit, id)?;
        let whole = store::find(tx, id, only(&seen, &permit), section)?.ok_or_else(Error::not_found)?;
        one(tx, &seen, permit.user(), whole)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record))
}

/// Give a section to somebody else, or another day.
#[utoipa::path(tag = "sections", params(("id" = AssessmentId, Path), ("section_id" = SectionId, Path)),
    request_body = SectionPatch, responses((status = 200, body = SectionRecord)))]
#[patch("/assessments/{id}/sections/{section_id}")]
pub async fn revise(
    db: Data<Db>,
    permit: Permit<AssignSections>,
    Keys(id, section): Keys<AssessmentId, SectionId>,
    request: HttpRequest,
    Json(patch): Json<SectionPatch>,
) -> Result<Reply<SectionRecord>> {
    let read = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let (seen, whole) = actions::revise(tx, &permit, (id, section), read, patch.clone())?;
        one(tx, &seen, permit.user(), whole)
    });
    let record = write.await?;
    Ok(Reply::record(record.version, record))
}

/// Take a section away; the answers in it stay.
#[utoipa::path(tag = "sections", params(("id" = AssessmentId, Path), ("section_id" = SectionId, Path)),
    responses((status = 204)))]
#[delete("/assessments/{id}/sections/{section_id}")]
pub async fn remove(
    db: Data<Db>,
    permit: Permit<AssignSections>,
    Keys(id, section): Keys<AssessmentId, SectionId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let read = etag::if_match(&request)?;
    db.write(move |tx| actions::remove(tx, &permit, (id, section), read)).await?;
    Ok(Reply::nothing())
}

/// Open a section, hand it in, ask for changes, or close it. In review, a reviewer who asks for changes hands the whole
/// assessment back with it.
#[utoipa::path(tag = "sections", params(("id" = AssessmentId, Path), ("section_id" = SectionId, Path)),
    request_body = SectionStep, responses((status = 200, body = SectionRecord)))]
#[post("/assessments/{id}/sections/{section_id}/transitions")]
pub async fn transition(
    once: Once,
    permit: Permit<AnswerAssessments>,
    Keys(id, section): Keys<AssessmentId, SectionId>,
    Json(step): Json<SectionStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let (seen, whole) = actions::step(tx, permit, (id, section), &step)?;
        let record = one(tx, &seen, permit.user(), whole)?;
        Ok(Reply::record(record.version, record))
    })
    .await
}
