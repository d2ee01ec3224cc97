//! What people do with budget lines.

use super::model::{Budget, BudgetDraft, BudgetPatch, Line};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, EditPrograms};
use crate::kernel::id::{BudgetId, ProgramId};
use crate::kernel::time::{Day, Zone};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::programs;

/// Adds a line to a program.
pub(super) fn create(
    tx: &mut Tx,
    permit: &Permit<EditPrograms>,
    program: ProgramId,
    draft: &BudgetDraft,
) -> Result<Line> {
    permit.get(tx, |tx, scope| programs::find(tx, scope, program))?;
    let (now, by) = (tx.now(), permit.user());
    let line = Line {
        id: tx.new_id(),
        program_id: program,
        kind: draft.kind,
        status: draft.status,
        period_start: draft.period_start,
        period_end: draft.period_end,
        amount: draft.value.amount,
        currency: draft.value.currency.clone(),
        value_date: draft.value_date,
        version: 1,
        created_at: now,
        created_by: by,
        updated_at: now,
        updated_by: by,
    };
    check(tx, &line)?;
    store::insert(tx, &line)?;
    journal::record(tx, Entry::new(permit, "budget.created", "budget", line.id).program(program));
    Ok(line)
}

/// Changes a line.
pub(super) fn change(
    tx: &mut Tx,
    permit: &Permit<EditPrograms>,
    (program, id): (ProgramId, BudgetId),
    version: i32,
    patch: BudgetPatch,
) -> Result<Line> {
    permit.get(tx, |tx, scope| programs::find(tx, scope, program))?;
    let before = store::find(tx, program, id)?.ok_or_else(Error::not_found)?;
    etag::matches(version, before.version)?;
    let mut line = before.clone();
    patch.kind.apply(&mut line.kind);
    patch.status.apply(&mut line.status);
    patch.period_start.apply(&mut line.period_start);
    patch.period_end.apply(&mut line.period_end);
    patch.value_date.apply(&mut line.value_date);
    if let Some(value) = patch.value.0 {
        (line.amount, line.currency) = (value.amount, value.currency);
    }
    check(tx, &line)?;
    line.version += 1;
    (line.updated_at, line.updated_by) = (tx.now(), permit.user());
    store::update(tx, &line, version)?;
    let entry = Entry::new(permit, "budget.changed", "budget", id).program(program);
    journal::record(tx, entry.changed(&Budget::from(before), &Budget::from(line.clone())));
    Ok(line)
}

/// Removes a line.
pub(super) fn delete(
    tx: &mut Tx,
    permit: &Permit<EditPrograms>,
    (program, id): (ProgramId, BudgetId),
    version: i32,
) -> Result<()> {
    permit.get(tx, |tx, scope| programs::find(tx, scope, program))?;
    let line = store::find(tx, program, id)?.ok_or_else(Error::not_found)?;
    etag::matches(version, line.version)?;
    store::delete(tx, id, version)?;
    journal::record(tx, Entry::new(permit, "budget.deleted", "budget", id).program(program));
    Ok(())
}

fn check(tx: &Tx, line: &Line) -> Result<()> {
    let faults = line.faults(Day(tx.now().date_in(Zone::UTC)));
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}
