//! Rows of registrations and of the seats that they take.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::numbers::standings;
use super::super::participants;
use super::model::{Registration, RegistrationStatus};
use super::reach::seen;
use crate::kernel::Error;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::error::Code;
use crate::kernel::id::{Iso2, ParticipantId, ProgramId, RegistrationId, TrainingSessionId, UserId};
use crate::on_each;
use crate::platform::among::among;
use crate::platform::connection::{IntoPortable, TOGETHER};
use crate::platform::db::{Constraint, Tx};
use crate::platform::http::etag;
use crate::platform::schema::{
    attendance, merged_registrations, programs, registrations, session_countries, session_seats,
    session_terms, training_sessions,
};

/// Registrations of sessions that are there.
macro_rules! joined {
    () => {
        registrations::table
            .inner_join(training_sessions::table.on(training_sessions::id.eq(registrations::session_id)))
            .inner_join(programs::table.on(programs::id.eq(training_sessions::program_id)))
            .filter(training_sessions::deleted_at.is_null())
            .filter(programs::deleted_at.is_null())
    };
}
pub(super) use joined;

/// A registration within reach.
pub(in super::super) fn find(tx: &mut Tx, scope: &Scope, id: RegistrationId) -> Result<Option<Registration>> {
    let found = joined!()
        .select(Registration::as_select())
        .filter(registrations::id.eq(id))
        .filter(seen(scope))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// A registration for who holds its pass; one that a merge took away leads to the one that stays.
///
/// # Errors
/// When the database refuses.
pub(in super::super) fn held(tx: &mut Tx, id: RegistrationId) -> Result<Option<Registration>> {
    let there = find(tx, &Scope::All, id)?;
    if there.is_some() {
        return Ok(there);
    }
    let stays: Option<RegistrationId> = merged_registrations::table
        .select(merged_registrations::into_id)
        .filter(merged_registrations::id.eq(id))
        .first(tx.conn())
        .optional()?;
    stays.map_or(Ok(None), |id| find(tx, &Scope::All, id))
}

/// Takes a registration away that a merge makes superfluous; passes of it lead to the one that stays. It was withdrawn or
/// declined, so its list holds days of absence at most: who was there for a minute has attended.
///
/// # Errors
/// When the database refuses.
pub(in super::super) fn merge(tx: &mut Tx, gone: RegistrationId, stays: RegistrationId) -> Result<()> {
    use merged_registrations as m;
    diesel::update(m::table.filter(m::into_id.eq(gone))).set(m::into_id.eq(stays)).execute(tx.conn())?;
    diesel::insert_into(m::table).values((m::id.eq(gone), m::into_id.eq(stays))).execute(tx.conn())?;
    diesel::delete(attendance::table.filter(attendance::registration_id.eq(gone))).execute(tx.conn())?;
    diesel::delete(registrations::table.filter(registrations::id.eq(gone))).execute(tx.conn())?;
    Ok(())
}

/// The registration of a person for a session.
pub(super) fn of_person(
    tx: &mut Tx,
    session: TrainingSessionId,
    person: ParticipantId,
) -> Result<Option<Registration>> {
    let found = registrations::table
        .select(Registration::as_select())
        .filter(registrations::session_id.eq(session))
        .filter(registrations::participant_id.eq(person))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Who stands behind some registrations.
pub(in super::super) fn people_of(
    tx: &mut Tx,
    ids: &[RegistrationId],
) -> Result<Vec<(RegistrationId, ParticipantId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = registrations::table
        .select((registrations::id, registrations::participant_id))
        .filter(among(registrations::id, ids));
    Ok(rows.load(tx.conn())?)
}

/// Every registration of a session within reach.
pub(in super::super) fn of_session(
    tx: &mut Tx,
    scope: &Scope,
    session: TrainingSessionId,
) -> Result<Vec<Registration>> {
    let rows = joined!().select(Registration::as_select()).filter(registrations::session_id.eq(session));
    Ok(rows.filter(seen(scope)).load(tx.conn())?)
}

/// Adds a registration.
pub(super) fn insert(tx: &mut Tx, registration: &Registration) -> Result<()> {
    let inserted = diesel::insert_into(registrations::table).values(registration).execute(tx.conn());
    inserted.on_unique(|| {
        Error::new(Code::AlreadyExists, "This person is registered for the session already.")
    })?;
    standings::enter(tx, registration)
}

/// Adds many registrations of a program's session that is held.
pub(super) fn insert_all(tx: &mut Tx, program: ProgramId, new: &[&Registration]) -> Result<()> {
    for some in new.chunks(TOGETHER) {
        let rows = some.to_vec();
        on_each!(tx.conn(), c => diesel::insert_into(registrations::table).values(rows).execute(c))
            .on_unique(|| Error::new(Code::AlreadyExists, participants::MEANWHILE))?;
    }
    standings::enter_all(tx, program, new)
}

/// Writes a changed registration over the version that was read.
pub(super) fn update(tx: &mut Tx, r: &mut Registration, by: UserId) -> Result<()> {
    use registrations as t;
    let read = r.version;
    (r.version, r.updated_at, r.updated_by) = (read + 1, tx.now(), by);
    let written = diesel::update(t::table)
        .filter(t::id.eq(r.id))
        .filter(t::version.eq(read))
        .set((
            (t::origin.eq(r.origin), t::rank.eq(r.rank), t::motive.eq(&r.motive), t::status.eq(r.status)),
            (t::reserve.eq(r.reserve), t::note.eq(&r.note), t::queued_at.eq(r.queued_at)),
            (t::offer_expires_at.eq(r.offer_expires_at), t::decided_by.eq(r.decided_by)),
            (t::decided_at.eq(r.decided_at), t::version.eq(r.version)),
            (t::updated_at.eq(r.updated_at), t::updated_by.eq(r.updated_by)),
        ))
        .execute(tx.conn())?;
    if written == 1 { standings::follow(tx, r) } else { Err(etag::stale()) }
}

/// Writes that people were there, of a session that is held.
pub(super) fn attend(tx: &mut Tx, ids: &[RegistrationId], by: UserId) -> Result<()> {
    use registrations as t;
    let now = tx.now();
    for some in ids.chunks(TOGETHER) {
        diesel::update(t::table.filter(among(t::id, some)))
            .set((
                (t::status.eq(RegistrationStatus::Attended), t::version.eq(t::version + 1)),
                (t::updated_at.eq(now), t::updated_by.eq(by)),
            ))
            .execute(tx.conn())?;
    }
    standings::attend(tx, ids)
}

/// Seats of a session, and the hours for which one is offered.
pub(super) fn capacity(tx: &mut Tx, session: TrainingSessionId) -> Result<(Option<i32>, i32)> {
    let row = session_terms::table
        .select((session_terms::capacity, session_terms::offer_hours))
        .filter(session_terms::session_id.eq(session));
    Ok(row.first(tx.conn())?)
}

/// The countries invited to a session, with their quotas.
pub(super) fn quotas(tx: &mut Tx, session: TrainingSessionId) -> Result<HashMap<Iso2, Option<i32>>> {
    let rows: Vec<(Iso2, Option<i32>)> = session_countries::table
        .select((session_countries::country, session_countries::quota))
        .filter(session_countries::session_id.eq(session))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// How many people of some countries are registered for a session, or wait to be; countries without any are left out.
pub(in super::super) fn registered(
    tx: &mut Tx,
    session: TrainingSessionId,
    countries: &[Iso2],
) -> Result<Vec<(Iso2, i64)>> {
    let over = [RegistrationStatus::Declined, RegistrationStatus::Withdrawn];
    let rows = registrations::table
        .group_by(registrations::country)
        .select((registrations::country, diesel::dsl::count_star()))
        .filter(registrations::session_id.eq(session))
        .filter(registrations::country.eq_any(countries.to_vec()))
        .filter(registrations::status.ne_all(over))
        .order(registrations::country);
    Ok(rows.load(tx.conn())?)
}

/// Most reserves that a country may name for a session.
pub(super) fn reserves(tx: &mut Tx, session: TrainingSessionId, country: Iso2) -> Result<Option<i32>> {
    let row: Option<Option<i32>> = session_countries::table
        .select(session_countries::reserves)
        .filter(session_countries::session_id.eq(session))
        .filter(session_countries::country.eq(country))
        .first(tx.conn())
        .optional()?;
    Ok(row.flatten())
}

/// How many reserves of a country wait for a session.
pub(super) fn waiting_reserves(tx: &mut Tx, session: TrainingSessionId, country: Iso2) -> Result<i64> {
    let rows = registrations::table
        .select(diesel::dsl::count_star())
        .filter(registrations::session_id.eq(session))
        .filter(registrations::country.eq(country))
        .filter(registrations::status.eq(RegistrationStatus::Waitlisted))
        .filter(registrations::reserve.eq(1));
    Ok(rows.first(tx.conn())?)
}

/// Seats taken by each country of a session.
pub(super) fn taken(tx: &mut Tx, session: TrainingSessionId) -> Result<HashMap<Iso2, i32>> {
    let rows: Vec<(Iso2, i32)> = session_seats::table
        .select((session_seats::country, session_seats::taken))
        .filter(session_seats::session_id.eq(session))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Writes how many seats a country has taken.
pub(super) fn count(tx: &mut Tx, session: TrainingSessionId, country: Iso2, taken: i32) -> Result<()> {
    diesel::insert_into(session_seats::table)
        .values((
            session_seats::session_id.eq(session),
            session_seats::country.eq(country),
            session_seats::taken.eq(taken),
        ))
        .on_conflict((session_seats::session_id, session_seats::country))
        .do_update()
        .set(session_seats::taken.eq(taken))
        .portable()
        .execute(tx.conn())?;
    Ok(())
}

/// Most who are looked at when a seat falls free.
const NEXT: i64 = 1_000;

/// Those who wait for a seat, the next first: accepted ones before reserves, by rank, then by time.
pub(super) fn waiting(tx: &mut Tx, session: TrainingSessionId) -> Result<Vec<Registration>> {
    let rows = registrations::table
        .select(Registration::as_select())
        .filter(registrations::session_id.eq(session))
        .filter(registrations::status.eq(RegistrationStatus::Waitlisted))
        .order((
            registrations::reserve,
            registrations::rank.is_null(),
            registrations::rank,
            registrations::queued_at,
            registrations::id,
        ))
        .limit(NEXT);
    Ok(rows.load(tx.conn())?)
}

/// Most offers that one round takes back.
const ROUND: i64 = 200;

/// Offers that have run out.
pub(super) fn lapsed(tx: &mut Tx) -> Result<Vec<RegistrationId>> {
    let now = tx.now();
    let rows = registrations::table
        .select(registrations::id)
        .filter(registrations::offer_expires_at.is_not_null())
        .filter(registrations::offer_expires_at.le(now))
        .order(registrations::offer_expires_at)
        .limit(ROUND);
    Ok(rows.load(tx.conn())?)
}

/// The session of a registration.
pub(super) fn session_of(tx: &mut Tx, id: RegistrationId) -> Result<Option<TrainingSessionId>> {
    let row = registrations::table.select(registrations::session_id).filter(registrations::id.eq(id));
    Ok(row.first(tx.conn()).optional()?)
}

/// An offer that has run out, as it stands now.
pub(super) fn lapsed_offer(tx: &mut Tx, id: RegistrationId) -> Result<Option<Registration>> {
    let now = tx.now();
    let row = registrations::table
        .select(Registration::as_select())
        .filter(registrations::id.eq(id))
        .filter(registrations::status.eq(RegistrationStatus::Offered))
        .filter(registrations::offer_expires_at.is_not_null())
        .filter(registrations::offer_expires_at.le(now));
    Ok(row.first(tx.conn()).optional()?)
}
