//! What the clock does to acceptances: one whose last day has passed has run out, and the risk is evaluated again.

use super::super::codes::AcceptanceStatus;
use super::super::scenarios::{back_to_evaluated, by_id};
use super::actions::{note, tell};
use super::store;
use crate::kernel::Result;
use crate::kernel::access::{Actor, System};
use crate::kernel::time::Day;
use crate::platform::db::Tx;

fn today(tx: &Tx) -> Day {
    Day(tx.now().utc().date_naive())
}

/// Whether the last day of an acceptance has passed.
///
/// # Errors
/// When the database refuses.
pub fn anything_ended(tx: &mut Tx) -> Result<bool> {
    let today = today(tx);
    store::anything_ended(tx, today)
}

/// Ends acceptances whose last day has passed, a hundred at a time. Safe to run at any time and by several processes.
///
/// # Errors
/// When the database refuses.
pub fn turn(tx: &mut Tx) -> Result<()> {
    let (by, today) = (System("end of an acceptance"), today(tx));
    for before in store::ended(tx, today)? {
        let mut after = before.clone();
        (after.status, after.ended_at) = (AcceptanceStatus::Expired, Some(tx.now()));
        store::update(tx, &mut after, by.user())?;
        let Some(mut risk) = by_id(tx, after.risk_id)? else { continue };
        note(tx, &by, "acceptance.expired", &risk, &after, Some(&before));
        if risk.deleted_at.is_none() {
            tell(tx, &by, &risk, &after)?;
        }
        back_to_evaluated(tx, &by, &mut risk)?;
    }
    Ok(())
}
