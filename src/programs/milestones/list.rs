//! Lists of milestones, within a program and across programs: every page by key.

use diesel::dsl::{count_star, not};
use diesel::prelude::*;

use super::filter::{MilestoneFilter, MilestoneSort};
use super::model::{Milestone, MilestoneStatus};
use super::reach::visible;
use super::today::Today;
use crate::kernel::access::Scope;
use crate::kernel::id::{MilestoneId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::time::{Day, Timestamp};
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::keyset::{row_gt, row_lt};
use crate::platform::literal::{Literal, literal};
use crate::platform::schema::{milestones, program_countries, programs};

/// In the words of the index `milestones_open`.
const OPEN: Literal = literal("milestones.status NOT IN ('accepted', 'cancelled')");
const OVER: [MilestoneStatus; 2] = [MilestoneStatus::Accepted, MilestoneStatus::Cancelled];

/// The filters of a list on a boxed query, whatever it selects.
macro_rules! filtered {
    ($query:expr, $scope:expr, $by:expr, $caller:expr, $today:expr) => {{
        let by: &MilestoneFilter = $by;
        let today: &Today = $today;
        let mut query = $query.filter(visible($scope)).filter(programs::deleted_at.is_null());
        match by.updated_since {
            Some(since) => query = query.filter(milestones::updated_at.ge(since)),
            None => query = query.filter(milestones::deleted_at.is_null()),
        }
        match by.mine.map(|flag| flag.is_yes()) {
            Some(true) => query = query.filter(milestones::owner.eq($caller)),
            Some(false) => {
                query = query
                    .filter(milestones::owner.is_null().or(milestones::owner.ne($caller).assume_not_null()))
            }
            None => {}
        }
        if let Some(owner) = by.owner {
            query = query.filter(milestones::owner.eq(owner));
        }
        if let Some(series) = by.series {
            query = query.filter(milestones::series_id.eq(series));
        }
        if !by.program.is_empty() {
            query = query.filter(among(milestones::program_id, by.program.values()));
        }
        match by.status.values() {
            [] => {}
            [one] => query = query.filter(milestones::status.eq(*one)),
            // Several are found on the walk in order, passing the others by: their parts of an index would have to be sorted.
            many => query = query.filter(not(among(milestones::status, &others(many)))),
        }
        if !by.country.is_empty() {
            let there = program_countries::table
                .select(program_countries::program_id)
                .filter(among(program_countries::country, by.country.values()));
            let shared = milestones::country.is_null().and(milestones::program_id.eq_any(there));
            let own = milestones::country
                .is_not_null()
                .and(among(milestones::country.assume_not_null(), by.country.values()));
            query = query.filter(own.or(shared));
        }
        if let Some(day) = by.due_before {
            query = query.filter(milestones::due.lt(day));
        }
        if let Some(day) = by.due_after {
            query = query.filter(milestones::due.ge(day));
        }
        if let Some(days) = by.due_within {
            query = query.filter(milestones::due.between(today.utc, today.utc.plus(days.0))).filter(OPEN);
        }
        if let Some(overdue) = by.overdue {
            let (ahead, behind) = (today.elsewhere(1), today.elsewhere(-1));
            let known = || milestones::country.is_not_null();
            let there = |list: &[crate::kernel::id::Iso2]| among(milestones::country.assume_not_null(), list);
            let others = [ahead.clone(), behind.clone()].concat();
            let passed = known()
                .and(there(&ahead))
                .and(milestones::due.lt(today.utc.plus(1)))
                .or(known().and(there(&behind)).and(milestones::due.lt(today.utc.plus(-1))))
                .or(not(known().and(there(&others))).and(milestones::due.lt(today.utc)));
            query = match overdue.is_yes() {
                true => query.filter(OPEN).filter(milestones::due.lt(today.utc.plus(1))).filter(passed),
                false => query.filter(among(milestones::status, &OVER).or(not(passed))),
            };
        }
        query
    }};
}

fn others(than: &[MilestoneStatus]) -> Vec<MilestoneStatus> {
    MilestoneStatus::ALL.iter().copied().filter(|status| !than.contains(status)).collect()
}

macro_rules! joined {
    () => {
        milestones::table.inner_join(programs::table.on(programs::id.eq(milestones::program_id)))
    };
}

/// A page of milestones within reach.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    by: &MilestoneFilter,
    caller: UserId,
    today: &Today,
    request: &PageRequest,
) -> Result<Page<Milestone>> {
    let sort = by.sort.unwrap_or(MilestoneSort::Due);
    let query = joined!().select(Milestone::as_select()).into_boxed::<MultiBackend>();
    let mut query = filtered!(query, scope, by, caller, today);
    if let Some(after) = &request.after {
        let id = MilestoneId(after.id);
        query = match sort {
            MilestoneSort::Due => query.filter(row_gt(
                milestones::due,
                milestones::id,
                day(after)?.into_sql::<diesel::sql_types::Date>(),
                id.into_sql::<crate::kernel::sql::Guid>(),
            )),
            MilestoneSort::DueDown => query.filter(row_lt(
                milestones::due,
                milestones::id,
                day(after)?.into_sql::<diesel::sql_types::Date>(),
                id.into_sql::<crate::kernel::sql::Guid>(),
            )),
            MilestoneSort::Updated => query.filter(row_gt(
                milestones::updated_at,
                milestones::id,
                instant(after)?.into_sql::<crate::kernel::sql::Instant>(),
                id.into_sql::<crate::kernel::sql::Guid>(),
            )),
            MilestoneSort::UpdatedDown => query.filter(row_lt(
                milestones::updated_at,
                milestones::id,
                instant(after)?.into_sql::<crate::kernel::sql::Instant>(),
                id.into_sql::<crate::kernel::sql::Guid>(),
            )),
        };
    }
    query = match sort {
        MilestoneSort::Due => query.order((milestones::due, milestones::id)),
        MilestoneSort::DueDown => query.order((milestones::due.desc(), milestones::id.desc())),
        MilestoneSort::Updated => query.order((milestones::updated_at, milestones::id)),
        MilestoneSort::UpdatedDown => query.order((milestones::updated_at.desc(), milestones::id.desc())),
    };
    let rows: Vec<Milestone> = query.limit(request.fetch()).load(tx.conn())?;
    let mut page = Page::of(rows, request, |milestone| position(milestone, sort));
    if request.count {
        let all = joined!().select(count_star()).into_boxed::<MultiBackend>();
        page.total = Some(filtered!(all, scope, by, caller, today).first(tx.conn())?);
    }
    Ok(page)
}

fn position(milestone: &Milestone, sort: MilestoneSort) -> Position {
    let key = match sort {
        MilestoneSort::Due | MilestoneSort::DueDown => milestone.due.to_string(),
        MilestoneSort::Updated | MilestoneSort::UpdatedDown => milestone.updated_at.0.to_string(),
    };
    Position { key, id: milestone.id.0 }
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
