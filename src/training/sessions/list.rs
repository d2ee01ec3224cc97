//! Lists of sessions, within a program and across programs: every page by key.

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::Date;

use super::draft::{SessionFilter, SessionSort};
use super::model::{Session, Terms};
use super::reach::visible;
use super::store::{Row, joined};
use crate::kernel::access::Scope;
use crate::kernel::id::{TrainingSessionId, UserId};
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::sql::{Guid, Instant};
use crate::kernel::time::{Day, Timestamp};
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::keyset::{row_gt, row_lt};
use crate::platform::plan;
use crate::platform::schema::{
    programs, session_countries, session_terms, session_trainers, training_sessions,
};

/// The filters of a list on a boxed query, whatever it selects.
macro_rules! filtered {
    ($query:expr, $scope:expr, $by:expr, $caller:expr) => {{
        let by: &SessionFilter = $by;
        let mut query = $query.filter(visible($scope));
        match by.updated_since {
            Some(since) => query = query.filter(training_sessions::updated_at.ge(since)),
            None => query = query.filter(training_sessions::deleted_at.is_null()),
        }
        if let Some(flag) = by.mine {
            let mine = session_trainers::table
                .select(session_trainers::session_id)
                .filter(session_trainers::user_id.eq($caller));
            query = match flag.is_yes() {
                true => query.filter(training_sessions::id.eq_any(mine)),
                false => query.filter(training_sessions::id.ne_all(mine)),
            };
        }
        if !by.country.is_empty() {
            let there = session_countries::table
                .select(session_countries::session_id)
                .filter(among(session_countries::country, by.country.values()));
            query = query.filter(training_sessions::id.eq_any(there));
        }
        if let Some(country) = by.held_in {
            query = query.filter(training_sessions::country.eq(country));
        }
        if !by.status.is_empty() {
            query = query.filter(among(training_sessions::status, by.status.values()));
        }
        if !by.program.is_empty() {
            query = query.filter(among(training_sessions::program_id, by.program.values()));
        }
        if let Some(course) = by.course {
            query = query.filter(training_sessions::course_id.eq(course));
        }
        if let Some(mode) = by.mode {
            query = query.filter(training_sessions::mode.eq(mode));
        }
        if let Some(day) = by.from {
            query = query.filter(training_sessions::last_day.ge(day));
        }
        if let Some(day) = by.to {
            query = query.filter(training_sessions::first_day.le(day));
        }
        query
    }};
}

/// The order that was asked for; a client that follows changes gets them in their order.
fn order(by: &SessionFilter) -> SessionSort {
    let usual = if by.updated_since.is_some() { SessionSort::Updated } else { SessionSort::First };
    by.sort.unwrap_or(usual)
}

/// The query of a page.
macro_rules! page_of {
    ($scope:expr, $by:expr, $caller:expr, $request:expr) => {{
        use training_sessions as t;
        let (sort, request): (SessionSort, &PageRequest) = (order($by), $request);
        let query = joined!().select((Session::as_select(), Terms::as_select())).into_boxed::<MultiBackend>();
        let mut query = filtered!(query, $scope, $by, $caller);
        if let Some(after) = &request.after {
            let id = TrainingSessionId(after.id).into_sql::<Guid>();
            query = match sort {
                SessionSort::First => {
                    query.filter(row_gt(t::first_day, t::id, day(after)?.into_sql::<Date>(), id))
                }
                SessionSort::FirstDown => {
                    query.filter(row_lt(t::first_day, t::id, day(after)?.into_sql::<Date>(), id))
                }
                SessionSort::Updated => {
                    query.filter(row_gt(t::updated_at, t::id, instant(after)?.into_sql::<Instant>(), id))
                }
                SessionSort::UpdatedDown => {
                    query.filter(row_lt(t::updated_at, t::id, instant(after)?.into_sql::<Instant>(), id))
                }
            };
        }
        query = match sort {
            SessionSort::First => query.order((t::first_day, t::id)),
            SessionSort::FirstDown => query.order((t::first_day.desc(), t::id.desc())),
            SessionSort::Updated => query.order((t::updated_at, t::id)),
            SessionSort::UpdatedDown => query.order((t::updated_at.desc(), t::id.desc())),
        };
        query.limit(request.fetch())
    }};
}

/// A page of sessions within reach.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    by: &SessionFilter,
    caller: UserId,
    request: &PageRequest,
) -> Result<Page<Row>> {
    let rows: Vec<Row> = page_of!(scope, by, caller, request).load(tx.conn())?;
    let mut page = Page::of(rows, request, |(session, _)| position(session, order(by)));
    if request.count {
        let all = joined!().select(count_star()).into_boxed::<MultiBackend>();
        let total: i64 = filtered!(all, scope, by, caller).first(tx.conn())?;
        page.total = Some(total.min(COUNT_CAP + 1));
    }
    Ok(page)
}

/// How the database would find a page of sessions, in its own words; a test holds it to the indexes.
///
/// # Errors
/// When the database refuses.
pub fn plan_of_list(
    tx: &mut Tx,
    scope: &Scope,
    by: &SessionFilter,
    caller: UserId,
    page: &PageRequest,
) -> Result<Vec<String>> {
    plan::of(tx, page_of!(scope, by, caller, page))
}

fn position(session: &Session, sort: SessionSort) -> Position {
    let key = match sort {
        SessionSort::First | SessionSort::FirstDown => session.first_day.to_string(),
        SessionSort::Updated | SessionSort::UpdatedDown => session.updated_at.0.to_string(),
    };
    Position { key, id: session.id.0 }
}

fn refused() -> Error {
    Error::invalid("cursor", "not_a_cursor", "Use the cursor as this list gave it.")
}

fn day(after: &Position) -> Result<Day> {
    after.key.parse().map_err(|_| refused())
}

fn instant(after: &Position) -> Result<Timestamp> {
    after.key.parse().map(Timestamp).map_err(|_| refused())
}
