//! Rows of acceptances.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::codes::AcceptanceStatus;
use super::model::{Acceptance, AcceptanceFilter};
use crate::kernel::Result;
use crate::kernel::id::{AcceptanceId, RiskId, RiskRegisterId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::time::Day;
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::literal::{Literal, literal};
use crate::platform::schema::risk_acceptances as acceptances;

/// In the words of the index `risk_acceptances_expiry`.
const HOLDS: Literal =
    literal("risk_acceptances.status = 'accepted' AND risk_acceptances.deleted_at IS NULL");

/// An acceptance of a scenario.
pub(super) fn find(tx: &mut Tx, risk: RiskId, id: AcceptanceId) -> Result<Option<Acceptance>> {
    let found = acceptances::table
        .select(Acceptance::as_select())
        .filter(acceptances::id.eq(id))
        .filter(acceptances::risk_id.eq(risk))
        .filter(acceptances::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Enters an acceptance.
pub(super) fn insert(tx: &mut Tx, acceptance: &Acceptance) -> Result<()> {
    diesel::insert_into(acceptances::table).values(acceptance).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed acceptance over the version that was read.
pub(super) fn update(tx: &mut Tx, a: &mut Acceptance, by: UserId) -> Result<()> {
    let read = a.version;
    (a.version, a.updated_at, a.updated_by) = (read + 1, tx.now(), by);
    let words = (
        acceptances::justification.eq(&a.justification),
        acceptances::expires_on.eq(a.expires_on),
        acceptances::approver.eq(a.approver),
        acceptances::status.eq(a.status),
        acceptances::note.eq(&a.note),
        acceptances::submitted_by.eq(a.submitted_by),
        acceptances::submitted_at.eq(a.submitted_at),
        acceptances::decided_by.eq(a.decided_by),
        acceptances::decided_at.eq(a.decided_at),
        acceptances::ended_at.eq(a.ended_at),
        acceptances::deleted_at.eq(a.deleted_at),
        acceptances::version.eq(a.version),
        acceptances::updated_at.eq(a.updated_at),
        acceptances::updated_by.eq(a.updated_by),
    );
    let written = diesel::update(acceptances::table)
        .filter(acceptances::id.eq(a.id))
        .filter(acceptances::version.eq(read))
        .set(words)
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// A page of the acceptances of a scenario, as they were drafted.
pub(super) fn page(
    tx: &mut Tx,
    risk: RiskId,
    by: &AcceptanceFilter,
    request: &PageRequest,
) -> Result<Page<Acceptance>> {
    let query = |by: &AcceptanceFilter| {
        let query = acceptances::table
            .filter(acceptances::risk_id.eq(risk))
            .filter(acceptances::deleted_at.is_null())
            .into_boxed::<MultiBackend>();
        match by.status.values() {
            [] => query,
            some => query.filter(among(acceptances::status, some)),
        }
    };
    let mut rows = query(by).select(Acceptance::as_select());
    if let Some(after) = request.after_id::<AcceptanceId>() {
        rows = rows.filter(acceptances::id.gt(after));
    }
    let rows = rows.order(acceptances::id).limit(request.fetch()).load(tx.conn())?;
    let place = |row: &Acceptance| Position { key: String::new(), id: row.id.0 };
    let mut page = Page::of(rows, request, place);
    if request.count {
        page.total = Some(query(by).count().get_result(tx.conn())?);
    }
    Ok(page)
}

/// Whether somebody accepts a scenario today.
pub fn is_accepted(tx: &mut Tx, risk: RiskId) -> Result<bool> {
    let today = Day(tx.now().utc().date_naive());
    let found: i64 = acceptances::table
        .filter(acceptances::risk_id.eq(risk))
        .filter(acceptances::deleted_at.is_null())
        .filter(acceptances::status.eq(AcceptanceStatus::Accepted))
        .filter(acceptances::expires_on.ge(today))
        .count()
        .get_result(tx.conn())?;
    Ok(found > 0)
}

/// An acceptance as the consistency checks need it: id, status, last day.
pub type Facts = (AcceptanceId, AcceptanceStatus, Day);

/// The acceptances of a register, by scenario.
pub fn facts_in(tx: &mut Tx, register: RiskRegisterId) -> Result<HashMap<RiskId, Vec<Facts>>> {
    let rows: Vec<(RiskId, AcceptanceId, AcceptanceStatus, Day)> = acceptances::table
        .select((acceptances::risk_id, acceptances::id, acceptances::status, acceptances::expires_on))
        .filter(acceptances::register_id.eq(register))
        .filter(acceptances::deleted_at.is_null())
        .order(acceptances::id)
        .load(tx.conn())?;
    let mut found: HashMap<RiskId, Vec<Facts>> = HashMap::new();
    for (risk, id, status, day) in rows {
        found.entry(risk).or_default().push((id, status, day));
    }
    Ok(found)
}

/// Whether the last day of an acceptance has passed.
pub(super) fn anything_ended(tx: &mut Tx, today: Day) -> Result<bool> {
    let ended =
        acceptances::table.select(acceptances::id).filter(acceptances::expires_on.lt(today)).filter(HOLDS);
    let first: Option<AcceptanceId> = ended.first(tx.conn()).optional()?;
    Ok(first.is_some())
}

/// Acceptances whose last day has passed, a hundred at a time.
pub(super) fn ended(tx: &mut Tx, today: Day) -> Result<Vec<Acceptance>> {
    let rows = acceptances::table
        .select(Acceptance::as_select())
        .filter(acceptances::expires_on.lt(today))
        .filter(HOLDS)
        .order((acceptances::expires_on, acceptances::id))
        .limit(100);
    Ok(rows.load(tx.conn())?)
}
