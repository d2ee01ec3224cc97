//! Rows of budget lines; the program was found within reach before.

use diesel::prelude::*;

use super::model::{BudgetFilter, Line};
use crate::kernel::error::Error;
use crate::kernel::id::{BudgetId, ProgramId};
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::sql::Guid;
use crate::kernel::time::Day;
use crate::kernel::{Result, parse::FromText};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::keyset::row_gt;
use crate::platform::schema::program_budgets as budgets;

type Boxed<'a> = budgets::BoxedQuery<'a, MultiBackend>;

fn filtered<'a>(program: ProgramId, by: &BudgetFilter) -> Boxed<'a> {
    let mut query = budgets::table.into_boxed().filter(budgets::program_id.eq(program));
    if let Some(currency) = &by.currency {
        query = query.filter(budgets::currency.eq(currency.clone()));
    }
    if let Some(status) = by.status {
        query = query.filter(budgets::status.eq(status));
    }
    query
}

/// The lines of a program by the start of their periods.
pub(super) fn list(
    tx: &mut Tx,
    program: ProgramId,
    by: &BudgetFilter,
    request: &PageRequest,
) -> Result<Page<Line>> {
    let mut query = filtered(program, by);
    if let Some(after) = &request.after {
        let lost = |_| Error::invalid("cursor", "not_a_cursor", "Start again without a cursor.");
        let start = Day::from_text(&after.key).map_err(lost)?.into_sql::<diesel::sql_types::Date>();
        let id = BudgetId(after.id).into_sql::<Guid>();
        query = query.filter(row_gt(budgets::period_start, budgets::id, start, id));
    }
    let query = query.order((budgets::period_start, budgets::id)).limit(request.fetch());
    let rows = query.select(Line::as_select()).load(tx.conn())?;
    let mut page =
        Page::of(rows, request, |line| Position { key: line.period_start.to_string(), id: line.id.0 });
    if request.count {
        let total: i64 = filtered(program, by).count().get_result(tx.conn())?;
        page.total = Some(total.min(COUNT_CAP + 1));
    }
    Ok(page)
}

/// A line of a program.
pub(super) fn find(tx: &mut Tx, program: ProgramId, id: BudgetId) -> Result<Option<Line>> {
    let found = budgets::table
        .select(Line::as_select())
        .filter(budgets::id.eq(id))
        .filter(budgets::program_id.eq(program))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Adds a line.
pub(super) fn insert(tx: &mut Tx, line: &Line) -> Result<()> {
    diesel::insert_into(budgets::table).values(line).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed line over the version that was read.
pub(super) fn update(tx: &mut Tx, line: &Line, read: i32) -> Result<()> {
    let written = diesel::update(budgets::table)
        .filter(budgets::id.eq(line.id))
        .filter(budgets::version.eq(read))
        .set((
            (budgets::kind.eq(line.kind), budgets::status.eq(line.status)),
            (budgets::period_start.eq(line.period_start), budgets::period_end.eq(line.period_end)),
            (budgets::amount.eq(line.amount), budgets::currency.eq(&line.currency)),
            (budgets::value_date.eq(line.value_date), budgets::version.eq(line.version)),
            (budgets::updated_at.eq(line.updated_at), budgets::updated_by.eq(line.updated_by)),
        ))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// Removes the version that was read.
pub(super) fn delete(tx: &mut Tx, id: BudgetId, read: i32) -> Result<()> {
    let gone = diesel::delete(budgets::table.filter(budgets::id.eq(id)).filter(budgets::version.eq(read)))
        .execute(tx.conn())?;
    if gone == 1 { Ok(()) } else { Err(etag::stale()) }
}
