//! Scores over HTTP.

use actix_web::web::Data;
use actix_web::{get, post};

use super::super::attendance::{Source, people};
use super::super::registrations;
use super::model::{Mark, Score, ScoreDraft, ScoreFilter, ScoreRecord};
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::access::{RecordScores, Scope, ViewRegistrations};
use crate::kernel::id::{ScoreId, TrainingSessionId};
use crate::kernel::page::{Items, Page, PageRequest};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown};

fn records(tx: &mut Tx, rows: Vec<Score>) -> Result<Vec<ScoreRecord>> {
    let people = people(tx, rows.iter().map(|row| row.registration_id))?;
    let record = |row: Score| {
        let lost = || Error::internal(format!("score {} names nobody", row.id));
        Ok(ScoreRecord {
            person: people.get(&row.registration_id).cloned().ok_or_else(lost)?,
            share: Mark { points: row.points, max: row.max_points }.share(),
            id: row.id,
            session_id: row.session_id,
            registration_id: row.registration_id,
            test: row.test,
            points: row.points,
            max: row.max_points,
            source: row.source,
            client_id: row.client_id,
            noted_at: row.noted_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    };
    rows.into_iter().map(record).collect()
}

fn one(tx: &mut Tx, row: Score) -> Result<ScoreRecord> {
    let id = row.id;
    records(tx, vec![row])?.pop().ok_or_else(|| Error::internal(format!("score {id} has no record")))
}

fn page_of(
    tx: &mut Tx,
    scope: &Scope,
    session: TrainingSessionId,
    by: &ScoreFilter,
    page: &PageRequest,
) -> Result<Page<ScoreRecord>> {
    registrations::visible(tx, scope, session)?;
    let Page { items, next, total } = store::page(tx, scope, session, by, page)?;
    Ok(Page { items: records(tx, items)?, next, total })
}

/// List what people reached in the tests of a session: a country sees its own people.
#[utoipa::path(
    tag = "scores",
    params(("id" = TrainingSessionId, Path, description = "The session"), ScoreFilter),
    responses((status = 200, body = Items<ScoreRecord>))
)]
#[get("/training-sessions/{id}/scores")]
pub async fn of_session(
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(session): Key<TrainingSessionId>,
    filter: Filter<ScoreFilter>,
) -> Result<Shown<ScoreRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| page_of(tx, &permit.scope(), session, &by, &page));
    Ok(Shown::new(read.await?, bound))
}

/// Note what somebody reached in a test; a later entry for the same test takes the place of the earlier.
#[utoipa::path(
    tag = "scores",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    request_body = ScoreDraft,
    responses((status = 201, body = ScoreRecord), (status = 200, body = ScoreRecord,
        description = "The test had an entry: it was changed, or was the same or a later one already."))
)]
#[post("/training-sessions/{id}/scores")]
pub async fn note(
    once: Once,
    permit: Permit<RecordScores>,
    Key(session): Key<TrainingSessionId>,
    Json(draft): Json<ScoreDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let (entry, new) = actions::note(tx, permit, session, &draft, Source::List)?;
        let (id, version) = (entry.id, entry.version);
        let record = one(tx, entry)?;
        Ok(match new {
            true => Reply::created(format!("/scores/{id}"), version, record),
            false => Reply::record(version, record),
        })
    })
    .await
}

/// Show a score.
#[utoipa::path(tag = "scores", params(("id" = ScoreId, Path)),
    responses((status = 200, body = ScoreRecord)))]
#[get("/scores/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(id): Key<ScoreId>,
) -> Result<Reply<ScoreRecord>> {
    let read = db.read(move |tx| {
        let entry = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
        let version = entry.version;
        Ok((version, one(tx, entry)?))
    });
    let (version, record) = read.await?;
    Ok(Reply::record(version, record))
}
