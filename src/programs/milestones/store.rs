//! Rows of milestones and of the moves of their dates.

use std::collections::HashMap;

use diesel::dsl::{count_star, sum};
use diesel::prelude::*;

use super::model::{DateMove, Milestone, MilestoneStatus};
use super::reach::singly_visible;
use crate::kernel::Result;
use crate::kernel::access::{Role, Scope};
use crate::kernel::id::{DateMoveId, Iso2, MilestoneId, ProgramId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::page::{Page, PageRequest, Position};
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::{milestone_moves, milestones, program_countries, programs, role_grants, users};

/// A milestone within reach that is not deleted.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: MilestoneId) -> Result<Option<Milestone>> {
    let found = milestones::table
        .inner_join(programs::table.on(programs::id.eq(milestones::program_id)))
        .select(Milestone::as_select())
        .filter(milestones::id.eq(id))
        .filter(milestones::deleted_at.is_null())
        .filter(programs::deleted_at.is_null())
        .filter(singly_visible(scope))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Adds a milestone.
pub(super) fn insert(tx: &mut Tx, milestone: &Milestone) -> Result<()> {
    // One value at a time: `Insertable` for the whole row and the two databases agree on it.
    diesel::insert_into(milestones::table).values(milestone).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed milestone over the version that was read.
pub(super) fn update(tx: &mut Tx, m: &mut Milestone, by: UserId) -> Result<()> {
    let read = m.version;
    m.version += 1;
    m.updated_at = tx.now();
    m.updated_by = by;
    let words = (
        milestones::country.eq(m.country),
        milestones::title.eq(&m.title),
        milestones::description.eq(&m.description),
        milestones::deliverable.eq(&m.deliverable),
        milestones::deliverable_url.eq(&m.deliverable_url),
        milestones::owner.eq(m.owner),
        milestones::acceptance.eq(m.acceptance),
        milestones::due.eq(m.due),
        milestones::weight.eq(m.weight),
        milestones::predecessor.eq(m.predecessor),
    );
    let steps = (
        milestones::status.eq(m.status),
        milestones::note.eq(&m.note),
        milestones::submitted_by.eq(m.submitted_by),
        milestones::submitted_at.eq(m.submitted_at),
        milestones::accepted_by.eq(m.accepted_by),
        milestones::accepted_at.eq(m.accepted_at),
        milestones::moves.eq(m.moves),
        milestones::deleted_at.eq(m.deleted_at),
        milestones::version.eq(m.version),
        milestones::updated_at.eq(m.updated_at),
        milestones::updated_by.eq(m.updated_by),
    );
    let written = diesel::update(milestones::table)
        .filter(milestones::id.eq(m.id))
        .filter(milestones::version.eq(read))
        .set((words, steps))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// Notes a move of a date.
pub(super) fn insert_move(tx: &mut Tx, moved: &DateMove) -> Result<()> {
    diesel::insert_into(milestone_moves::table).values(moved).execute(tx.conn())?;
    Ok(())
}

/// The moves of a milestone's date, first to last.
pub(super) fn moves(tx: &mut Tx, id: MilestoneId, page: &PageRequest) -> Result<Page<DateMove>> {
    let mut query = milestone_moves::table
        .select(DateMove::as_select())
        .filter(milestone_moves::milestone_id.eq(id))
        .order(milestone_moves::id)
        .limit(page.fetch())
        .into_boxed::<crate::platform::connection::MultiBackend>();
    if let Some(after) = page.after_id::<DateMoveId>() {
        query = query.filter(milestone_moves::id.gt(after));
    }
    let rows = query.load(tx.conn())?;
    Ok(Page::of(rows, page, |moved| Position { key: String::new(), id: moved.id.0 }))
}

/// Which milestone of a program waits for which.
pub(super) fn predecessors(
    tx: &mut Tx,
    program: ProgramId,
) -> Result<HashMap<MilestoneId, Option<MilestoneId>>> {
    let rows: Vec<(MilestoneId, Option<MilestoneId>)> = milestones::table
        .select((milestones::id, milestones::predecessor))
        .filter(milestones::program_id.eq(program))
        .filter(milestones::deleted_at.is_null())
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// The countries of some programs.
pub(super) fn countries_of(tx: &mut Tx, ids: &[ProgramId]) -> Result<HashMap<ProgramId, Vec<Iso2>>> {
    let rows: Vec<(ProgramId, Iso2)> = program_countries::table
        .select((program_countries::program_id, program_countries::country))
        .filter(among(program_countries::program_id, ids))
        .order((program_countries::program_id, program_countries::country))
        .load(tx.conn())?;
    let mut found: HashMap<ProgramId, Vec<Iso2>> = HashMap::new();
    for (program, country) in rows {
        found.entry(program).or_default().push(country);
    }
    Ok(found)
}

/// What some programs are called.
pub(super) fn titles_of(tx: &mut Tx, ids: &[ProgramId]) -> Result<HashMap<ProgramId, Titles>> {
    let rows: Vec<(ProgramId, Titles)> = programs::table
        .select((programs::id, programs::title))
        .filter(among(programs::id, ids))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Whether an active person has a role in the program or for one of the countries.
pub(super) fn belongs(tx: &mut Tx, user: UserId, program: ProgramId, countries: &[Iso2]) -> Result<bool> {
    let now = tx.now();
    let officials = [Role::FocalPoint, Role::Contributor];
    let here = role_grants::program_id
        .eq(program)
        .or(role_grants::country.eq_any(countries).and(role_grants::role.eq_any(officials)));
    let found: i64 = role_grants::table
        .inner_join(users::table.on(users::id.eq(role_grants::user_id)))
        .select(count_star())
        .filter(role_grants::user_id.eq(user))
        .filter(users::status.eq("active"))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .filter(here.assume_not_null())
        .first(tx.conn())?;
    Ok(found > 0)
}

/// The weights of some programs, by status.
pub(super) fn weights(tx: &mut Tx, ids: &[ProgramId]) -> Result<Vec<(ProgramId, MilestoneStatus, i64)>> {
    let rows: Vec<(ProgramId, MilestoneStatus, Option<i64>)> = milestones::table
        .group_by((milestones::program_id, milestones::status))
        .select((milestones::program_id, milestones::status, sum(milestones::weight)))
        .filter(among(milestones::program_id, ids))
        .filter(milestones::deleted_at.is_null())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(program, status, weight)| (program, status, weight.unwrap_or(0))).collect())
}

/// How many milestones of a program are neither accepted nor cancelled.
pub(super) fn open(tx: &mut Tx, program: ProgramId) -> Result<i64> {
    let open = milestones::table
        .select(count_star())
        .filter(milestones::program_id.eq(program))
        .filter(milestones::deleted_at.is_null())
        .filter(milestones::status.ne_all([MilestoneStatus::Accepted, MilestoneStatus::Cancelled]))
        .first(tx.conn())?;
    Ok(open)
}

/// Countries for which milestones of a program are neither accepted nor cancelled.
pub(super) fn countries_with_open(tx: &mut Tx, program: ProgramId) -> Result<Vec<Iso2>> {
    let countries: Vec<Option<Iso2>> = milestones::table
        .select(milestones::country)
        .filter(milestones::program_id.eq(program))
        .filter(milestones::country.is_not_null())
        .filter(milestones::deleted_at.is_null())
        .filter(milestones::status.ne_all([MilestoneStatus::Accepted, MilestoneStatus::Cancelled]))
        .distinct()
        .load(tx.conn())?;
    Ok(countries.into_iter().flatten().collect())
}

/// Whether a milestone comes before another that is not deleted.
pub(super) fn is_awaited(tx: &mut Tx, id: MilestoneId) -> Result<bool> {
    let waiting: i64 = milestones::table
        .select(count_star())
        .filter(milestones::predecessor.eq(id))
        .filter(milestones::deleted_at.is_null())
        .first(tx.conn())?;
    Ok(waiting > 0)
}
