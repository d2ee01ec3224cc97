//! Rows of attendance lists.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::super::registrations::seen;
use super::model::{Attendance, AttendanceFilter};
use crate::kernel::access::Scope;
use crate::kernel::error::Code;
use crate::kernel::id::{AttendanceId, RegistrationId, TrainingSessionId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::text::Label;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::{Constraint, Tx};
use crate::platform::http::etag;
use crate::platform::schema::{attendance, programs, registrations, training_sessions};

/// Entries of sessions that are there.
macro_rules! joined {
    () => {
        attendance::table
            .inner_join(registrations::table.on(registrations::id.eq(attendance::registration_id)))
            .inner_join(training_sessions::table.on(training_sessions::id.eq(attendance::session_id)))
            .inner_join(programs::table.on(programs::id.eq(training_sessions::program_id)))
            .filter(training_sessions::deleted_at.is_null())
            .filter(programs::deleted_at.is_null())
    };
}

/// An entry within reach.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: AttendanceId) -> Result<Option<Attendance>> {
    let found = joined!()
        .select(Attendance::as_select())
        .filter(attendance::id.eq(id))
        .filter(seen(scope))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// The entry of a person's day.
pub(super) fn of_day(tx: &mut Tx, registration: RegistrationId, day: Day) -> Result<Option<Attendance>> {
    let found = attendance::table
        .select(Attendance::as_select())
        .filter(attendance::registration_id.eq(registration))
        .filter(attendance::day.eq(day))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// The entry that an offline list gave this name.
pub(super) fn named(tx: &mut Tx, session: TrainingSessionId, name: &Label) -> Result<Option<Attendance>> {
    let found = attendance::table
        .select(Attendance::as_select())
        .filter(attendance::session_id.eq(session))
        .filter(attendance::client_id.eq(name.clone()))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

fn taken() -> Error {
    Error::new(Code::AlreadyExists, "Another entry came in at the same moment; send this one again.")
}

/// Adds an entry.
pub(super) fn insert(tx: &mut Tx, entry: &Attendance) -> Result<()> {
    diesel::insert_into(attendance::table).values(entry).execute(tx.conn()).on_unique(taken)?;
    Ok(())
}

/// Writes a changed entry over the version that was read.
pub(super) fn update(tx: &mut Tx, a: &mut Attendance) -> Result<()> {
    use attendance as t;
    let read = a.version;
    (a.version, a.updated_at) = (read + 1, tx.now());
    let written = diesel::update(t::table)
        .filter(t::id.eq(a.id))
        .filter(t::version.eq(read))
        .set((
            (t::status.eq(a.status), t::minutes.eq(a.minutes), t::source.eq(a.source)),
            (t::client_id.eq(&a.client_id), t::noted_at.eq(a.noted_at), t::noted_by.eq(a.noted_by)),
            (t::version.eq(a.version), t::updated_at.eq(a.updated_at)),
        ))
        .execute(tx.conn())
        .on_unique(taken)?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

macro_rules! filtered {
    ($query:expr, $scope:expr, $session:expr, $by:expr) => {{
        let by: &AttendanceFilter = $by;
        let mut query = $query.filter(attendance::session_id.eq($session)).filter(seen($scope));
        if let Some(day) = by.day {
            query = query.filter(attendance::day.eq(day));
        }
        if !by.status.is_empty() {
            query = query.filter(among(attendance::status, by.status.values()));
        }
        if let Some(registration) = by.registration {
            query = query.filter(attendance::registration_id.eq(registration));
        }
        query
    }};
}

/// A page of a session's list within reach, in order of the entries' ids.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    session: TrainingSessionId,
    by: &AttendanceFilter,
    request: &PageRequest,
) -> Result<Page<Attendance>> {
    let query = joined!().select(Attendance::as_select()).into_boxed::<MultiBackend>();
    let mut query = filtered!(query, scope, session, by).order(attendance::id).limit(request.fetch());
    if let Some(after) = request.after_id::<AttendanceId>() {
        query = query.filter(attendance::id.gt(after));
    }
    let rows: Vec<Attendance> = query.load(tx.conn())?;
    let mut page = Page::of(rows, request, |row| Position { key: String::new(), id: row.id.0 });
    if request.count {
        let all = joined!().select(count_star()).into_boxed::<MultiBackend>();
        page.total = Some(filtered!(all, scope, session, by).first(tx.conn())?);
    }
    Ok(page)
}

/// Minutes attended, entry by entry, of some registrations.
pub(super) fn minutes(tx: &mut Tx, ids: &[RegistrationId]) -> Result<Vec<(RegistrationId, i32)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = attendance::table
        .select((attendance::registration_id, attendance::minutes))
        .filter(among(attendance::registration_id, ids));
    Ok(rows.load(tx.conn())?)
}
