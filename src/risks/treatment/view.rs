//! Treatment actions as callers see them, and who takes which step.

use super::super::codes::ActionStatus;
use super::super::registers::words;
use super::super::scenarios::Scene;
use super::model::{ActionRecord, Cost, TreatmentAction};
use crate::accounts::people;
use crate::ai_systems::Rights;
use crate::kernel::id::UserId;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// Why somebody may not take a step; none when they may. Who says that it is done does not verify it.
pub(super) fn refusal(
    to: ActionStatus,
    rights: Rights,
    caller: UserId,
    done_by: Option<UserId>,
) -> Option<&'static str> {
    match to {
        ActionStatus::Verified if done_by == Some(caller) => {
            Some("You said that it is done; somebody else sees whether it is.")
        }
        ActionStatus::Verified if rights.write || rights.review => None,
        _ if rights.write => None,
        _ => Some("Who is named on the register writes in it, and a focal point of the country."),
    }
}

/// Actions of one scenario: one query for the names, however many.
pub(super) fn records(
    tx: &mut Tx,
    scene: &Scene,
    caller: UserId,
    rows: Vec<TreatmentAction>,
) -> Result<Vec<ActionRecord>> {
    let today = Day(tx.now().utc().date_naive());
    let mut ids: Vec<UserId> =
        rows.iter().flat_map(|row| [row.owner, row.done_by, row.verified_by]).flatten().collect();
    ids.sort();
    ids.dedup();
    let named = people(tx, &ids)?;
    let person = |user: Option<UserId>| user.and_then(|user| named.get(&user).cloned());
    let (held, locked) = (scene.rights(), scene.register.status.is_locked());
    let record = |a: TreatmentAction| {
        let steps = a.status.next().iter().copied().filter(|_| !locked);
        let allowed = steps.filter(|to| refusal(*to, held, caller, a.done_by).is_none()).collect();
        ActionRecord {
            id: a.id,
            risk_id: a.risk_id,
            register_id: a.register_id,
            tlp: scene.holding.tlp,
            title: a.title,
            description: a.description,
            overdue: a.status.is_open() && a.due.is_some_and(|due| due < today),
            status: a.status,
            owner: person(a.owner),
            due: a.due,
            cost: a.cost.zip(a.currency).map(|(amount, currency)| Cost { amount, currency }),
            effort_days: a.effort_days,
            milestone_id: a.milestone_id,
            note: a.note,
            done_by: person(a.done_by),
            done_at: a.done_at,
            verified_by: person(a.verified_by),
            verified_at: a.verified_at,
            created_at: a.created_at,
            updated_at: a.updated_at,
            version: a.version,
            permissions: words(held),
            allowed_transitions: allowed,
        }
    };
    Ok(rows.into_iter().map(record).collect())
}

/// One action.
pub(super) fn one(
    tx: &mut Tx,
    scene: &Scene,
    caller: UserId,
    action: TreatmentAction,
) -> Result<ActionRecord> {
    let id = action.id;
    let mut found = records(tx, scene, caller, vec![action])?;
    found.pop().ok_or_else(|| Error::internal(format!("treatment action {id} has no record")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_that_it_is_done_does_not_verify_it() {
        let (one, other) = (UserId(uuid::Uuid::from_u128(1)), UserId(uuid::Uuid::from_u128(2)));
        let writer = Rights { write: true, review: false, govern: false };
        let reviewer = Rights { write: false, review: true, govern: false };
        let nobody = Rights { write: false, review: false, govern: false };
        let cases = [
            (ActionStatus::Verified, writer, Some(one), false),
            (ActionStatus::Verified, writer, Some(other), true),
            (ActionStatus::Verified, reviewer, Some(other), true),
            (ActionStatus::Verified, nobody, Some(other), false),
            (ActionStatus::Done, writer, None, true),
            (ActionStatus::Done, reviewer, None, false),
            (ActionStatus::Cancelled, nobody, None, false),
        ];
        for (to, rights, done_by, allowed) in cases {
            assert_eq!(refusal(to, rights, one, done_by).is_none(), allowed, "{to} {rights:?}");
        }
    }
}
