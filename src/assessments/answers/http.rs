//! Answers over HTTP.

use actix_web::web::Data;
use actix_web::{get, post};

use super::super::sections;
use super::super::sight::seen;
use super::actions::{self, record, sight_of, writers_of};
use super::model::{
    AnswerChangeRecord, AnswerFilter, AnswerRecord, AnswersDraft, ReviewsDraft, Said, SavedAnswers,
};
use super::{history, reviews, store};
use crate::accounts::{Permit, people};
use crate::disclosure;
use crate::kernel::access::{AnswerAssessments, ReviewAssessments, ViewAssessments};
use crate::kernel::id::{AssessmentId, FrameworkNodeId, UserId};
use crate::kernel::page::{Items, Page, PageRequest};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, Unfiltered};

/// List the answers of an assessment in the order of its framework; who is assigned a section sees the answers in it.
#[utoipa::path(tag = "answers", params(("id" = AssessmentId, Path), AnswerFilter),
    responses((status = 200, body = Items<AnswerRecord>)))]
#[get("/assessments/{id}/answers")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Key(id): Key<AssessmentId>,
    filter: Filter<AnswerFilter>,
) -> Result<Shown<AnswerRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.write(move |tx| page_of(tx, &permit, id, &by, &page));
    Ok(Shown::new(read.await?, bound))
}

fn page_of(
    tx: &mut Tx,
    permit: &Permit<ViewAssessments>,
    id: AssessmentId,
    by: &AnswerFilter,
    page: &PageRequest,
) -> Result<Page<AnswerRecord>> {
    let seen = seen(tx, permit, id)?;
    let sight = sight_of(tx, permit, &seen)?;
    let within = match by.section {
        Some(section) => Some(sections::span_of(tx, id, section)?),
        None => None,
    };
    disclosure::note(tx, permit, &seen.holding, &seen.relation, "answers");
    let Page { items, next, total } = store::page(tx, id, &sight, within, by, page)?;
    let people = writers_of(tx, items.iter())?;
    Ok(Page { items: items.into_iter().map(|whole| record(whole, &people)).collect(), next, total })
}

/// Save answers: one or up to 500 at a time, also when they were written without a link. Sent again they do no harm.
#[utoipa::path(tag = "answers", params(("id" = AssessmentId, Path)), request_body = AnswersDraft,
    responses((status = 200, body = SavedAnswers)))]
#[post("/assessments/{id}/answers")]
pub async fn save(
    once: Once,
    permit: Permit<AnswerAssessments>,
    Key(id): Key<AssessmentId>,
    Json(draft): Json<AnswersDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| actions::save(tx, permit, id, &draft).map(Reply::ok)).await
}

/// Show the answer to a node.
#[utoipa::path(tag = "answers", params(("id" = AssessmentId, Path), ("node_id" = FrameworkNodeId, Path)),
    responses((status = 200, body = AnswerRecord)))]
#[get("/assessments/{id}/answers/{node_id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Keys(id, node): Keys<AssessmentId, FrameworkNodeId>,
) -> Result<Reply<AnswerRecord>> {
    let read = db.write(move |tx| {
        let whole = found(tx, &permit, id, node)?;
        let people = writers_of(tx, std::iter::once(&whole))?;
        Ok(record(whole, &people))
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record))
}

fn found(
    tx: &mut Tx,
    permit: &Permit<ViewAssessments>,
    id: AssessmentId,
    node: FrameworkNodeId,
) -> Result<store::Whole> {
    let seen = seen(tx, permit, id)?;
    let sight = sight_of(tx, permit, &seen)?;
    let whole = store::find(tx, id, node)?.filter(|(answer, _)| sight.holds(answer.position));
    let whole = whole.ok_or_else(Error::not_found)?;
    disclosure::note(tx, permit, &seen.holding, &seen.relation, "answers");
    Ok(whole)
}

/// List who changed the answer to a node, when, and to what, first to last.
#[utoipa::path(tag = "answers", params(("id" = AssessmentId, Path), ("node_id" = FrameworkNodeId, Path)),
    responses((status = 200, body = Items<AnswerChangeRecord>)))]
#[get("/assessments/{id}/answers/{node_id}/changes")]
pub async fn changes(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Keys(id, node): Keys<AssessmentId, FrameworkNodeId>,
    filter: Filter<Unfiltered>,
) -> Result<Shown<AnswerChangeRecord>> {
    let Filter { page, bound, .. } = filter;
    let read = db.write(move |tx| {
        found(tx, &permit, id, node)?;
        let Page { items, next, total } = history::page(tx, id, node, &page)?;
        let ids: Vec<UserId> = items.iter().map(|change| change.changed_by).collect();
        let people = people(tx, &ids)?;
        let told = |change: super::model::AnswerChange| AnswerChangeRecord {
            id: change.id,
            act: change.act,
            client_id: change.client_id,
            said: serde_json::from_str::<Said>(&change.content).unwrap_or_default(),
            changed_by: people.get(&change.changed_by).cloned(),
            changed_at: change.changed_at,
        };
        Ok(Page { items: items.into_iter().map(told).collect(), next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Say as a reviewer what the answers are by the evidence, or agree; only of an assessment in which one wrote nothing.
#[utoipa::path(tag = "answers", params(("id" = AssessmentId, Path)), request_body = ReviewsDraft,
    responses((status = 200, body = SavedAnswers)))]
#[post("/assessments/{id}/reviews")]
pub async fn review(
    once: Once,
    permit: Permit<ReviewAssessments>,
    Key(id): Key<AssessmentId>,
    Json(draft): Json<ReviewsDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| reviews::review(tx, permit, id, &draft).map(Reply::ok)).await
}
