//! Making a label narrower at once, and wider with a second person.

use super::super::label::Tlp;
use super::super::model::{Holding, Part};
use super::super::relation::{Relation, relation};
use super::super::store as holdings;
use super::model::{DELAY, LabelChange, LabelChangeRecord, LabelDraft, LabelStatus, LabelStep};
use super::store::{self, Whole};
use crate::accounts::{Permit, people};
use crate::kernel::access::{Action, Actor, DecideDisclosure, MoveDisclosure};
use crate::kernel::id::{LabelChangeId, UserId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};

/// Puts a narrower label on a record at once, or asks for a wider one.
///
/// # Errors
/// 422 for a record that the caller does not see; 403 for who does not speak for its country; 409 when it has that label.
pub(super) fn relabel(tx: &mut Tx, permit: &Permit<DecideDisclosure>, draft: &LabelDraft) -> Result<Whole> {
    let unknown =
        || Error::invalid("/holding_id", "unknown", "There is no such record, or it is not yours to see.");
    let holding = holdings::seen(tx, &permit.sight(), draft.holding_id)?.ok_or_else(unknown)?;
    if !relation(tx, permit, &holding)?.governs() {
        return Err(Error::not_permitted(format!(
            "A focal point of {} decides how far it may be passed on.",
            holding.country
        )));
    }
    if draft.to == holding.tlp {
        return Err(Error::conflict(format!("It is labelled TLP:{} already.", holding.tlp)));
    }
    let narrower = draft.to > holding.tlp;
    if !narrower {
        permit.fresh()?;
    }
    let now = tx.now();
    let change = LabelChange {
        id: tx.new_id(),
        holding_id: holding.id,
        from_label: holding.tlp,
        to_label: draft.to,
        reason: draft.reason.clone(),
        waive_delay: draft.waive_delay,
        status: if narrower { LabelStatus::Done } else { LabelStatus::Asked },
        asked_by: permit.user(),
        decided_by: None,
        decided_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert(tx, &change)?;
    let mut labelled = holding;
    if narrower {
        put(tx, permit.user(), &mut labelled, draft.to)?;
    }
    note(tx, permit, if narrower { "label.narrowed" } else { "label.widening_asked" }, &labelled, &change);
    Ok((change, labelled))
}

/// Who puts RED on a record stays among those who see it: under RED only names count.
fn put(tx: &mut Tx, by: UserId, holding: &mut Holding, tlp: Tlp) -> Result<()> {
    if tlp == Tlp::Red {
        holdings::name(tx, holding.id, by, Part::Reader, by, "/to")?;
    }
    holding.tlp = tlp;
    holdings::relabel(tx, holding.id, tlp)
}

/// Confirms, refuses or takes back the question for a wider label.
///
/// # Errors
/// 404; 403 for who may not; 409 when it is answered, before the day is over, or when the label changed meanwhile.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MoveDisclosure>,
    id: LabelChangeId,
    step: &LabelStep,
) -> Result<Whole> {
    let (before, mut holding) = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
    let relation = relation(tx, permit, &holding)?;
    if before.status != LabelStatus::Asked {
        return Err(Error::conflict(format!("It is {}; nothing follows.", before.status)));
    }
    if !allowed(permit.user(), &relation, &before).contains(&step.to) {
        return Err(Error::not_permitted(
            "Another focal point of the country or a reviewer of the record confirms or refuses; who asked may only withdraw.",
        ));
    }
    let mut after = before.clone();
    after.status = step.to;
    (after.decided_by, after.decided_at) = (Some(permit.user()), Some(tx.now()));
    if step.to == LabelStatus::Confirmed {
        permit.fresh()?;
        let waived = before.waive_delay && step.waive_delay;
        let from = before.created_at.plus_seconds(DELAY * 3600);
        if !waived && tx.now() < from {
            return Err(Error::conflict(format!(
                "It can be confirmed from {from} on, or at once when both waive the delay."
            )));
        }
        if holding.tlp != before.from_label {
            return Err(Error::conflict(format!(
                "Its label is TLP:{} by now; withdraw this and ask again.",
                holding.tlp
            )));
        }
        put(tx, permit.user(), &mut holding, before.to_label)?;
    }
    store::update(tx, &mut after)?;
    note(tx, permit, "label.stepped", &holding, &after);
    Ok((after, holding))
}

fn allowed(user: UserId, relation: &Relation, change: &LabelChange) -> Vec<LabelStatus> {
    if change.status != LabelStatus::Asked {
        return Vec::new();
    }
    if change.asked_by == user {
        return vec![LabelStatus::Withdrawn];
    }
    match relation.governs() || relation.is(Part::Reviewer) {
        true => vec![LabelStatus::Confirmed, LabelStatus::Refused],
        false => Vec::new(),
    }
}

fn note(tx: &mut Tx, by: &impl Actor, action: &'static str, holding: &Holding, change: &LabelChange) {
    let words = serde_json::json!({
        "from": change.from_label.as_str(), "to": change.to_label.as_str(), "status": change.status.as_str()
    });
    let entry = Entry::new(by, action, holding.kind.as_str(), holding.id);
    journal::record(tx, entry.country(holding.country).telling(&words));
}

/// Changes as a caller sees them. What the caller is to each record is asked once for each record of the page.
pub(super) fn record<A: Action>(tx: &mut Tx, permit: &Permit<A>, whole: Whole) -> Result<LabelChangeRecord> {
    let relation = relation(tx, permit, &whole.1)?;
    let named = people(tx, &named(&whole.0))?;
    Ok(shown(whole, &named, |change| allowed(permit.user(), &relation, change)))
}

/// A page of changes; where one may be moved stands on the change itself.
pub(super) fn records(tx: &mut Tx, rows: Vec<Whole>) -> Result<Vec<LabelChangeRecord>> {
    let ids: Vec<UserId> = rows.iter().flat_map(|(change, _)| named(change)).collect();
    let named = people(tx, &ids)?;
    Ok(rows.into_iter().map(|whole| shown(whole, &named, |_| Vec::new())).collect())
}

fn named(change: &LabelChange) -> Vec<UserId> {
    [Some(change.asked_by), change.decided_by].into_iter().flatten().collect()
}

fn shown(
    (change, holding): Whole,
    people: &std::collections::HashMap<UserId, crate::accounts::Somebody>,
    next: impl Fn(&LabelChange) -> Vec<LabelStatus>,
) -> LabelChangeRecord {
    LabelChangeRecord {
        id: change.id,
        holding_id: holding.id,
        kind: holding.kind,
        country: holding.country,
        from: change.from_label,
        to: change.to_label,
        waive_delay: change.waive_delay,
        status: change.status,
        asked_by: people.get(&change.asked_by).cloned(),
        confirmable_from: change.created_at.plus_seconds(DELAY * 3600),
        decided_by: change.decided_by.and_then(|id| people.get(&id).cloned()),
        decided_at: change.decided_at,
        created_at: change.created_at,
        version: change.version,
        allowed_transitions: next(&change),
        title: holding.title,
        reason: change.reason,
    }
}
