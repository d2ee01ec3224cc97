//! Rows of sessions and of their parts.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Invited, Session, SessionDay, SessionStatus, Terms, Whole};
use super::reach::visible;
use crate::kernel::Result;
use crate::kernel::access::{Role, Scope};
use crate::kernel::id::{Iso2, ProgramId, TrainingSessionId, UserId};
use crate::kernel::lang::Titles;
use crate::on_each;
use crate::platform::among::among;
use crate::platform::connection::Claim;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::{
    program_countries, programs, role_grants, session_countries, session_days, session_terms,
    session_trainers, training_sessions, users,
};

/// A session and its terms.
pub(super) type Row = (Session, Terms);

/// Sessions of programs that are there, with their terms.
macro_rules! joined {
    () => {
        training_sessions::table
            .inner_join(programs::table.on(programs::id.eq(training_sessions::program_id)))
            .inner_join(session_terms::table.on(session_terms::session_id.eq(training_sessions::id)))
            .filter(programs::deleted_at.is_null())
    };
}
pub(super) use joined;

/// A session within reach that is not deleted.
pub(in super::super) fn find(tx: &mut Tx, scope: &Scope, id: TrainingSessionId) -> Result<Option<Whole>> {
    let found: Option<Row> = joined!()
        .select((Session::as_select(), Terms::as_select()))
        .filter(training_sessions::id.eq(id))
        .filter(training_sessions::deleted_at.is_null())
        .filter(visible(scope))
        .first(tx.conn())
        .optional()?;
    Ok(wholes(tx, found.into_iter().collect())?.pop())
}

/// Sessions with their parts: a fixed number of queries, however many sessions.
pub(super) fn wholes(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<Whole>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<TrainingSessionId> = rows.iter().map(|(session, _)| session.id).collect();
    let mut days: HashMap<TrainingSessionId, Vec<SessionDay>> = HashMap::new();
    for day in days_of(tx, &ids)? {
        days.entry(day.session_id).or_default().push(day);
    }
    let mut countries: HashMap<TrainingSessionId, Vec<Invited>> = HashMap::new();
    for invited in countries_of(tx, &ids)? {
        countries.entry(invited.session_id).or_default().push(invited);
    }
    let mut trainers: HashMap<TrainingSessionId, Vec<UserId>> = HashMap::new();
    for (session, user) in trainers_of(tx, &ids)? {
        trainers.entry(session).or_default().push(user);
    }
    let whole = |(session, terms): Row| Whole {
        days: days.remove(&session.id).unwrap_or_default(),
        countries: countries.remove(&session.id).unwrap_or_default(),
        trainers: trainers.remove(&session.id).unwrap_or_default(),
        session,
        terms,
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// The days of some sessions, first to last.
pub(super) fn days_of(tx: &mut Tx, ids: &[TrainingSessionId]) -> Result<Vec<SessionDay>> {
    let rows = session_days::table
        .select(SessionDay::as_select())
        .filter(among(session_days::session_id, ids))
        .order((session_days::session_id, session_days::day));
    Ok(rows.load(tx.conn())?)
}

/// The countries invited to some sessions.
pub(super) fn countries_of(tx: &mut Tx, ids: &[TrainingSessionId]) -> Result<Vec<Invited>> {
    let rows = session_countries::table
        .select(Invited::as_select())
        .filter(among(session_countries::session_id, ids))
        .order((session_countries::session_id, session_countries::country));
    Ok(rows.load(tx.conn())?)
}

/// Who trains in some sessions.
pub(super) fn trainers_of(
    tx: &mut Tx,
    ids: &[TrainingSessionId],
) -> Result<Vec<(TrainingSessionId, UserId)>> {
    let rows = session_trainers::table
        .select((session_trainers::session_id, session_trainers::user_id))
        .filter(among(session_trainers::session_id, ids))
        .order((session_trainers::session_id, session_trainers::user_id));
    Ok(rows.load(tx.conn())?)
}

/// Adds a session with its parts.
pub(super) fn insert(tx: &mut Tx, whole: &Whole) -> Result<()> {
    diesel::insert_into(training_sessions::table).values(&whole.session).execute(tx.conn())?;
    diesel::insert_into(session_terms::table).values(&whole.terms).execute(tx.conn())?;
    insert_days(tx, &whole.days)?;
    insert_countries(tx, &whole.countries)?;
    insert_trainers(tx, whole)
}

fn insert_days(tx: &mut Tx, days: &[SessionDay]) -> Result<()> {
    on_each!(tx.conn(), c => diesel::insert_into(session_days::table).values(days).execute(c))?;
    Ok(())
}

fn insert_countries(tx: &mut Tx, countries: &[Invited]) -> Result<()> {
    if !countries.is_empty() {
        on_each!(tx.conn(), c => diesel::insert_into(session_countries::table).values(countries).execute(c))?;
    }
    Ok(())
}

fn insert_trainers(tx: &mut Tx, whole: &Whole) -> Result<()> {
    let row = |user: &UserId| {
        (session_trainers::session_id.eq(whole.session.id), session_trainers::user_id.eq(*user))
    };
    let rows: Vec<_> = whole.trainers.iter().map(row).collect();
    if !rows.is_empty() {
        on_each!(tx.conn(), c => diesel::insert_into(session_trainers::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Writes a changed session over the version that was read; parts only where they changed.
pub(super) fn update(tx: &mut Tx, after: &mut Whole, before: &Whole, by: UserId) -> Result<()> {
    let id = after.session.id;
    update_row(tx, &mut after.session, by)?;
    if after.terms != before.terms {
        let row = session_terms::table.filter(session_terms::session_id.eq(id));
        diesel::update(row).set(&after.terms).execute(tx.conn())?;
    }
    if after.days != before.days {
        diesel::delete(session_days::table.filter(session_days::session_id.eq(id))).execute(tx.conn())?;
        insert_days(tx, &after.days)?;
    }
    if after.countries != before.countries {
        let rows = session_countries::table.filter(session_countries::session_id.eq(id));
        diesel::delete(rows).execute(tx.conn())?;
        insert_countries(tx, &after.countries)?;
    }
    if after.trainers != before.trainers {
        let rows = session_trainers::table.filter(session_trainers::session_id.eq(id));
        diesel::delete(rows).execute(tx.conn())?;
        insert_trainers(tx, after)?;
    }
    Ok(())
}

/// Writes the row alone over the version that was read.
pub(super) fn update_row(tx: &mut Tx, s: &mut Session, by: UserId) -> Result<()> {
    use training_sessions as t;
    let read = s.version;
    (s.version, s.updated_at, s.updated_by) = (read + 1, tx.now(), by);
    let written = diesel::update(t::table)
        .filter(t::id.eq(s.id))
        .filter(t::version.eq(read))
        .set((
            (t::course_id.eq(s.course_id), t::title.eq(&s.title), t::kind.eq(&s.kind)),
            (t::description.eq(&s.description), t::mode.eq(s.mode), t::venue.eq(&s.venue)),
            (t::city.eq(&s.city), t::country.eq(s.country), t::venue_key.eq(&s.venue_key)),
            (t::link.eq(&s.link), t::zone.eq(s.zone), t::themes.eq(&s.themes)),
            (t::languages.eq(&s.languages), t::organizer.eq(&s.organizer), t::source.eq(&s.source)),
            (t::first_day.eq(s.first_day), t::last_day.eq(s.last_day), t::status.eq(s.status)),
            (t::reason.eq(&s.reason), t::sequence.eq(s.sequence), t::deleted_at.eq(s.deleted_at)),
            (t::version.eq(s.version), t::updated_at.eq(s.updated_at), t::updated_by.eq(s.updated_by)),
        ))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// What some programs are called.
pub(super) fn program_titles(tx: &mut Tx, ids: &[ProgramId]) -> Result<HashMap<ProgramId, Titles>> {
    let rows: Vec<(ProgramId, Titles)> = programs::table
        .select((programs::id, programs::title))
        .filter(among(programs::id, ids))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// The countries of a program.
pub(super) fn program_countries(tx: &mut Tx, program: ProgramId) -> Result<Vec<Iso2>> {
    let rows = program_countries::table
        .select(program_countries::country)
        .filter(program_countries::program_id.eq(program))
        .order(program_countries::country);
    Ok(rows.load(tx.conn())?)
}

/// Which of these people are active and train in or coordinate the program.
pub(super) fn members(tx: &mut Tx, program: ProgramId, asked: &[UserId]) -> Result<Vec<UserId>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let rows = role_grants::table
        .inner_join(users::table.on(users::id.eq(role_grants::user_id)))
        .select(role_grants::user_id)
        .filter(role_grants::program_id.eq(program))
        .filter(role_grants::role.eq_any([Role::Trainer, Role::Coordinator]))
        .filter(among(role_grants::user_id, asked))
        .filter(users::status.eq("active"))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .distinct();
    Ok(rows.load(tx.conn())?)
}

/// Most sessions that one round opens or closes.
const ROUND: i64 = 200;

/// Sessions whose registration opens or closes by an instant, the first of a round.
macro_rules! turn_rows {
    ($now:expr) => {{
        let opens = training_sessions::status
            .eq(SessionStatus::Published)
            .and(session_terms::opens_at.le($now).or(session_terms::closes_at.le($now)).assume_not_null());
        let closes = training_sessions::status
            .eq(SessionStatus::RegistrationOpen)
            .and(session_terms::closes_at.le($now).assume_not_null());
        let waiting = [SessionStatus::Published, SessionStatus::RegistrationOpen];
        joined!()
            .select((Session::as_select(), Terms::as_select()))
            .filter(training_sessions::deleted_at.is_null())
            .filter(training_sessions::status.eq_any(waiting))
            .filter(opens.or(closes))
            .order(training_sessions::id)
            .limit(ROUND)
    }};
}

/// Sessions whose registration opens or closes by now, as they stand.
pub(super) fn turning(tx: &mut Tx) -> Result<Vec<Row>> {
    let now = tx.now();
    Ok(turn_rows!(now).load(tx.conn())?)
}

/// The same, each held until the transaction ends; those that another process holds are its work.
pub(super) fn claimed(tx: &mut Tx) -> Result<Vec<Row>> {
    let now = tx.now();
    Ok(turn_rows!(now).claim_rows().load(tx.conn())?)
}

/// Holds the row of a session until the transaction ends, so that two changes at a time are one after the other.
pub(in super::super) fn lock(tx: &mut Tx, id: TrainingSessionId) -> Result<()> {
    let row = training_sessions::table.select(training_sessions::id).filter(training_sessions::id.eq(id));
    row.lock_rows().load::<TrainingSessionId>(tx.conn())?;
    Ok(())
}
