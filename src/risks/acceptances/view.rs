//! Acceptances as callers see them.

use super::super::registers::words;
use super::super::scenarios::Scene;
use super::model::{Acceptance, AcceptanceRecord};
use super::rights::{Hands, refusal};
use crate::accounts::people;
use crate::kernel::id::UserId;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

impl Acceptance {
    /// Those who matter for it.
    pub(super) fn hands(&self) -> Hands {
        Hands { author: self.created_by, submitted_by: self.submitted_by, approver: self.approver }
    }
}

/// Acceptances of one scenario: one query for the names, however many.
pub(super) fn records(
    tx: &mut Tx,
    scene: &Scene,
    caller: UserId,
    rows: Vec<Acceptance>,
) -> Result<Vec<AcceptanceRecord>> {
    let of = |row: &Acceptance| [Some(row.created_by), row.approver, row.submitted_by, row.decided_by];
    let mut ids: Vec<UserId> = rows.iter().flat_map(of).flatten().collect();
    ids.sort();
    ids.dedup();
    let named = people(tx, &ids)?;
    let person = |user: Option<UserId>| user.and_then(|user| named.get(&user).cloned());
    let (held, locked) = (scene.rights(), scene.register.status.is_locked());
    let record = |a: Acceptance| {
        let steps = a.status.next().iter().copied().filter(|_| !locked);
        let allowed = steps.filter(|to| refusal(*to, held, caller, a.hands()).is_none()).collect();
        AcceptanceRecord {
            id: a.id,
            risk_id: a.risk_id,
            register_id: a.register_id,
            tlp: scene.holding.tlp,
            status: a.status,
            justification: a.justification,
            level: a.level,
            expires_on: a.expires_on,
            approver: person(a.approver),
            note: a.note,
            author: person(Some(a.created_by)),
            submitted_by: person(a.submitted_by),
            submitted_at: a.submitted_at,
            decided_by: person(a.decided_by),
            decided_at: a.decided_at,
            ended_at: a.ended_at,
            created_at: a.created_at,
            updated_at: a.updated_at,
            version: a.version,
            permissions: words(held),
            allowed_transitions: allowed,
        }
    };
    Ok(rows.into_iter().map(record).collect())
}

/// One acceptance.
pub(super) fn one(tx: &mut Tx, scene: &Scene, caller: UserId, found: Acceptance) -> Result<AcceptanceRecord> {
    let id = found.id;
    let mut records = records(tx, scene, caller, vec![found])?;
    records.pop().ok_or_else(|| Error::internal(format!("acceptance {id} has no record")))
}
