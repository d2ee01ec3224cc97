//! What the clock does to impact assessments: an approved one is due for review when its day has come.

use super::super::codes::ImpactStatus;
use super::super::events::AiImpactDue;
use super::super::store as systems;
use super::store;
use crate::kernel::Result;
use crate::kernel::access::{Actor, System};
use crate::kernel::time::Day;
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

fn today(tx: &Tx) -> Day {
    Day(tx.now().utc().date_naive())
}

/// Whether the review day of an impact assessment has come.
///
/// # Errors
/// When the database refuses.
pub fn anything_due(tx: &mut Tx) -> Result<bool> {
    let today = today(tx);
    store::anything_due(tx, today)
}

/// Marks impact assessments whose review day has come, a hundred at a time. Safe to run at any time and by several processes.
///
/// # Errors
/// When the database refuses.
pub fn turn(tx: &mut Tx) -> Result<()> {
    let (by, today) = (System("review day"), today(tx));
    for before in store::due(tx, today)? {
        let mut after = before.clone();
        after.status = ImpactStatus::DueForReview;
        store::update(tx, &mut after, by.user())?;
        let Some(system) = systems::by_id(tx, after.ai_system_id)? else { continue };
        let entry = Entry::new(&by, "ai_impact.due", "ai_impact_assessment", after.id);
        journal::record(tx, entry.country(system.country).changed(&before, &after));
        let event = AiImpactDue {
            impact_id: after.id,
            ai_system_id: system.id,
            country: system.country,
            owner_id: system.owner,
            author_id: after.created_by,
            review_on: after.review_on,
        };
        if system.deleted_at.is_none() {
            outbox::enqueue(tx, &event)?;
        }
    }
    Ok(())
}
