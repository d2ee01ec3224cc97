//! Rows of treatment actions.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::codes::ActionStatus;
use super::model::{ActionFilter, TreatmentAction};
use crate::kernel::Result;
use crate::kernel::id::{Iso2, MilestoneId, ProgramId, RiskId, RiskRegisterId, TreatmentActionId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::time::Day;
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::{milestones, treatment_actions as actions};

/// An action of a scenario.
pub(super) fn find(tx: &mut Tx, risk: RiskId, id: TreatmentActionId) -> Result<Option<TreatmentAction>> {
    let found = actions::table
        .select(TreatmentAction::as_select())
        .filter(actions::id.eq(id))
        .filter(actions::risk_id.eq(risk))
        .filter(actions::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Enters an action.
pub(super) fn insert(tx: &mut Tx, action: &TreatmentAction) -> Result<()> {
    diesel::insert_into(actions::table).values(action).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed action over the version that was read.
pub(super) fn update(tx: &mut Tx, a: &mut TreatmentAction, by: UserId) -> Result<()> {
    let read = a.version;
    (a.version, a.updated_at, a.updated_by) = (read + 1, tx.now(), by);
    let words = (
        actions::title.eq(&a.title),
        actions::description.eq(&a.description),
        actions::owner.eq(a.owner),
        actions::due.eq(a.due),
        actions::cost.eq(a.cost),
        actions::currency.eq(&a.currency),
        actions::effort_days.eq(a.effort_days),
        actions::milestone_id.eq(a.milestone_id),
    );
    let steps = (
        actions::status.eq(a.status),
        actions::note.eq(&a.note),
        actions::done_by.eq(a.done_by),
        actions::done_at.eq(a.done_at),
        actions::verified_by.eq(a.verified_by),
        actions::verified_at.eq(a.verified_at),
        actions::deleted_at.eq(a.deleted_at),
        actions::version.eq(a.version),
        actions::updated_at.eq(a.updated_at),
        actions::updated_by.eq(a.updated_by),
    );
    let written = diesel::update(actions::table)
        .filter(actions::id.eq(a.id))
        .filter(actions::version.eq(read))
        .set((words, steps))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// A page of the actions of a scenario, as they were entered.
pub(super) fn page(
    tx: &mut Tx,
    risk: RiskId,
    by: &ActionFilter,
    request: &PageRequest,
) -> Result<Page<TreatmentAction>> {
    let query = |by: &ActionFilter| {
        let query = actions::table
            .filter(actions::risk_id.eq(risk))
            .filter(actions::deleted_at.is_null())
            .into_boxed::<MultiBackend>();
        match by.status.values() {
            [] => query,
            some => query.filter(among(actions::status, some)),
        }
    };
    let mut rows = query(by).select(TreatmentAction::as_select());
    if let Some(after) = request.after_id::<TreatmentActionId>() {
        rows = rows.filter(actions::id.gt(after));
    }
    let rows = rows.order(actions::id).limit(request.fetch()).load(tx.conn())?;
    let place = |row: &TreatmentAction| Position { key: String::new(), id: row.id.0 };
    let mut page = Page::of(rows, request, place);
    if request.count {
        page.total = Some(query(by).count().get_result(tx.conn())?);
    }
    Ok(page)
}

/// Where the actions of a scenario stand.
pub fn statuses(tx: &mut Tx, risk: RiskId) -> Result<Vec<ActionStatus>> {
    let rows = actions::table
        .select(actions::status)
        .filter(actions::risk_id.eq(risk))
        .filter(actions::deleted_at.is_null());
    Ok(rows.load(tx.conn())?)
}

/// An action as the consistency checks need it: id, status, owner, date.
pub type Facts = (TreatmentActionId, ActionStatus, Option<UserId>, Option<Day>);

/// The actions of a register, by scenario.
pub fn facts_in(tx: &mut Tx, register: RiskRegisterId) -> Result<HashMap<RiskId, Vec<Facts>>> {
    let rows: Vec<(RiskId, Facts)> = actions::table
        .select((actions::risk_id, (actions::id, actions::status, actions::owner, actions::due)))
        .filter(actions::register_id.eq(register))
        .filter(actions::deleted_at.is_null())
        .order(actions::id)
        .load(tx.conn())?;
    let mut found: HashMap<RiskId, Vec<Facts>> = HashMap::new();
    for (risk, facts) in rows {
        found.entry(risk).or_default().push(facts);
    }
    Ok(found)
}

/// Whether a milestone is one of a program, for a country or for all of its countries.
pub(super) fn is_of_program(tx: &mut Tx, id: MilestoneId, program: ProgramId, country: Iso2) -> Result<bool> {
    let found: i64 = milestones::table
        .filter(milestones::id.eq(id))
        .filter(milestones::program_id.eq(program))
        .filter(milestones::deleted_at.is_null())
        .filter(milestones::country.is_null().or(milestones::country.eq(country).assume_not_null()))
        .count()
        .get_result(tx.conn())?;
    Ok(found > 0)
}
