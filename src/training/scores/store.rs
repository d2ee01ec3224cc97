//! Rows of scores, and what each person reached by them.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::super::registrations::seen;
use super::model::{Mark, Score, ScoreFilter, Test};
use crate::kernel::access::Scope;
use crate::kernel::error::Code;
use crate::kernel::id::{RegistrationId, ScoreId, TrainingSessionId};
use crate::kernel::money::Points;
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::text::Label;
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::{Constraint, Tx};
use crate::platform::http::etag;
use crate::platform::schema::{programs, registrations, scores, training_sessions};

/// Scores of sessions that are there.
macro_rules! joined {
    () => {
        scores::table
            .inner_join(registrations::table.on(registrations::id.eq(scores::registration_id)))
            .inner_join(training_sessions::table.on(training_sessions::id.eq(scores::session_id)))
            .inner_join(programs::table.on(programs::id.eq(training_sessions::program_id)))
            .filter(training_sessions::deleted_at.is_null())
            .filter(programs::deleted_at.is_null())
    };
}

/// A score within reach.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: ScoreId) -> Result<Option<Score>> {
    let found = joined!()
        .select(Score::as_select())
        .filter(scores::id.eq(id))
        .filter(seen(scope))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// The score of a person's test.
pub(super) fn of_test(tx: &mut Tx, registration: RegistrationId, test: Test) -> Result<Option<Score>> {
    let found = scores::table
        .select(Score::as_select())
        .filter(scores::registration_id.eq(registration))
        .filter(scores::test.eq(test))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// The entry that an offline list gave this name.
pub(super) fn named(tx: &mut Tx, session: TrainingSessionId, name: &Label) -> Result<Option<Score>> {
    let found = scores::table
        .select(Score::as_select())
        .filter(scores::session_id.eq(session))
        .filter(scores::client_id.eq(name.clone()))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

fn taken() -> Error {
    Error::new(Code::AlreadyExists, "Another entry came in at the same moment; send this one again.")
}

/// Adds a score.
pub(super) fn insert(tx: &mut Tx, entry: &Score) -> Result<()> {
    diesel::insert_into(scores::table).values(entry).execute(tx.conn()).on_unique(taken)?;
    Ok(())
}

/// Writes a changed score over the version that was read.
pub(super) fn update(tx: &mut Tx, s: &mut Score) -> Result<()> {
    use scores as t;
    let read = s.version;
    (s.version, s.updated_at) = (read + 1, tx.now());
    let written = diesel::update(t::table)
        .filter(t::id.eq(s.id))
        .filter(t::version.eq(read))
        .set((
            (t::points.eq(s.points), t::max_points.eq(s.max_points), t::source.eq(s.source)),
            (t::client_id.eq(&s.client_id), t::noted_at.eq(s.noted_at), t::noted_by.eq(s.noted_by)),
            (t::version.eq(s.version), t::updated_at.eq(s.updated_at)),
        ))
        .execute(tx.conn())
        .on_unique(taken)?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

macro_rules! filtered {
    ($query:expr, $scope:expr, $session:expr, $by:expr) => {{
        let by: &ScoreFilter = $by;
        let mut query = $query.filter(scores::session_id.eq($session)).filter(seen($scope));
        if let Some(test) = by.test {
            query = query.filter(scores::test.eq(test));
        }
        if let Some(registration) = by.registration {
            query = query.filter(scores::registration_id.eq(registration));
        }
        query
    }};
}

/// A page of a session's scores within reach, in order of their ids.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    session: TrainingSessionId,
    by: &ScoreFilter,
    request: &PageRequest,
) -> Result<Page<Score>> {
    let query = joined!().select(Score::as_select()).into_boxed::<MultiBackend>();
    let mut query = filtered!(query, scope, session, by).order(scores::id).limit(request.fetch());
    if let Some(after) = request.after_id::<ScoreId>() {
        query = query.filter(scores::id.gt(after));
    }
    let rows: Vec<Score> = query.load(tx.conn())?;
    let mut page = Page::of(rows, request, |row| Position { key: String::new(), id: row.id.0 });
    if request.count {
        let all = joined!().select(count_star()).into_boxed::<MultiBackend>();
        page.total = Some(filtered!(all, scope, session, by).first(tx.conn())?);
    }
    Ok(page)
}

type Row = (RegistrationId, Test, Points, Points);

/// What each person reached before and after.
pub(in super::super) type Marks = HashMap<RegistrationId, (Option<Mark>, Option<Mark>)>;

fn by_person(rows: Vec<Row>) -> Marks {
    let mut marks = Marks::new();
    for (registration, test, points, max) in rows {
        let pair = marks.entry(registration).or_default();
        let mark = Some(Mark { points, max });
        match test {
            Test::Pre => pair.0 = mark,
            Test::Post => pair.1 = mark,
        }
    }
    marks
}

/// What some people reached before and after.
pub(in super::super) fn marks(tx: &mut Tx, ids: &[RegistrationId]) -> Result<Marks> {
    if ids.is_empty() {
        return Ok(Marks::new());
    }
    let rows = scores::table
        .select((scores::registration_id, scores::test, scores::points, scores::max_points))
        .filter(among(scores::registration_id, ids));
    Ok(by_person(rows.load(tx.conn())?))
}

/// What everybody within reach reached in a session.
pub(in super::super) fn of_session(tx: &mut Tx, scope: &Scope, session: TrainingSessionId) -> Result<Marks> {
    let rows = joined!()
        .select((scores::registration_id, scores::test, scores::points, scores::max_points))
        .filter(scores::session_id.eq(session))
        .filter(seen(scope));
    Ok(by_person(rows.load(tx.conn())?))
}
