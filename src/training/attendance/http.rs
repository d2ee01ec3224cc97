//! Attendance lists over HTTP.

use std::collections::HashMap;

use actix_web::web::Data;
use actix_web::{get, post};

use super::super::{participants, registrations};
use super::model::{Attendance, AttendanceDraft, AttendanceFilter, AttendanceRecord, PersonNoted, Source};
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::access::{RecordAttendance, Scope, ViewRegistrations};
use crate::kernel::id::{AttendanceId, RegistrationId, TrainingSessionId};
use crate::kernel::page::{Items, Page, PageRequest};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown};

/// Who stands behind some registrations, each named once or more often: two queries, however many.
pub(in super::super) fn people(
    tx: &mut Tx,
    named: impl Iterator<Item = RegistrationId>,
) -> Result<HashMap<RegistrationId, PersonNoted>> {
    let mut ids: Vec<RegistrationId> = named.collect();
    ids.sort();
    ids.dedup();
    let rows = registrations::people_of(tx, &ids)?;
    let mut whom: Vec<_> = rows.iter().map(|(_, person)| *person).collect();
    whom.sort();
    whom.dedup();
    let known = participants::by_ids(tx, &whom)?;
    let noted = |(registration, person)| {
        let person: &participants::Participant = known.get(&person)?;
        let noted = PersonNoted { name: person.name.clone(), country: person.country };
        Some((registration, noted))
    };
    Ok(rows.into_iter().filter_map(noted).collect())
}

fn records(tx: &mut Tx, rows: Vec<Attendance>) -> Result<Vec<AttendanceRecord>> {
    let people = people(tx, rows.iter().map(|row| row.registration_id))?;
    let record = |row: Attendance| {
        let lost = || Error::internal(format!("attendance {} names nobody", row.id));
        Ok(AttendanceRecord {
            person: people.get(&row.registration_id).cloned().ok_or_else(lost)?,
            id: row.id,
            session_id: row.session_id,
            registration_id: row.registration_id,
            day: row.day,
            status: row.status,
            minutes: row.minutes,
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

fn one(tx: &mut Tx, row: Attendance) -> Result<AttendanceRecord> {
    let id = row.id;
    records(tx, vec![row])?.pop().ok_or_else(|| Error::internal(format!("attendance {id} has no record")))
}

/// A page of the list as a caller sees it; 404 when the session is not theirs to see.
pub(super) fn page_of(
    tx: &mut Tx,
    scope: &Scope,
    session: TrainingSessionId,
    by: &AttendanceFilter,
    page: &PageRequest,
) -> Result<Page<AttendanceRecord>> {
    registrations::visible(tx, scope, session)?;
    let Page { items, next, total } = store::page(tx, scope, session, by, page)?;
    Ok(Page { items: records(tx, items)?, next, total })
}

/// List who was there on which day: a country sees its own people.
#[utoipa::path(
    tag = "attendance",
    params(("id" = TrainingSessionId, Path, description = "The session"), AttendanceFilter),
    responses((status = 200, body = Items<AttendanceRecord>))
)]
#[get("/training-sessions/{id}/attendance")]
pub async fn of_session(
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(session): Key<TrainingSessionId>,
    filter: Filter<AttendanceFilter>,
) -> Result<Shown<AttendanceRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| page_of(tx, &permit.scope(), session, &by, &page));
    Ok(Shown::new(read.await?, bound))
}

/// Note whether somebody was there on a day; a later entry for the same day takes the place of the earlier.
#[utoipa::path(
    tag = "attendance",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    request_body = AttendanceDraft,
    responses((status = 201, body = AttendanceRecord), (status = 200, body = AttendanceRecord,
        description = "The day had an entry: it was changed, or was the same or a later one already."))
)]
#[post("/training-sessions/{id}/attendance")]
pub async fn note(
    once: Once,
    permit: Permit<RecordAttendance>,
    Key(session): Key<TrainingSessionId>,
    Json(draft): Json<AttendanceDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let (entry, new) = actions::note(tx, permit, session, &draft, Source::List)?;
        let (id, version) = (entry.id, entry.version);
        let record = one(tx, entry)?;
        Ok(match new {
            true => Reply::created(format!("/attendance/{id}"), version, record),
            false => Reply::record(version, record),
        })
    })
    .await
}

/// Show an entry of an attendance list.
#[utoipa::path(tag = "attendance", params(("id" = AttendanceId, Path)),
    responses((status = 200, body = AttendanceRecord)))]
#[get("/attendance/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(id): Key<AttendanceId>,
) -> Result<Reply<AttendanceRecord>> {
    let read = db.read(move |tx| {
        let entry = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
        let version = entry.version;
        Ok((version, one(tx, entry)?))
    });
    let (version, record) = read.await?;
    Ok(Reply::record(version, record))
}
