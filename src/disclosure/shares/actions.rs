//! Asking for a disclosure, granting it, and taking it back.

use super::super::model::Holding;
use super::super::relation::relation;
use super::super::store as holdings;
use super::events::ShareMoved;
use super::model::{ShareDraft, ShareGrant, ShareRecord, ShareStatus, ShareStep};
use super::store::{self, Whole};
use crate::accounts::{Permit, people};
use crate::kernel::access::{Action, Actor, AskDisclosure, MoveDisclosure, Permission};
use crate::kernel::error::FieldError;
use crate::kernel::id::{ShareGrantId, UserId};
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;
use crate::programs;

/// Days for which a disclosure may hold at most.
const LONGEST: i64 = 731;

/// Asks for a disclosure; from a focal point of the country it is granted at once, after a fresh proof of who they are.
///
/// # Errors
/// 422 for a holding that the caller does not see, for both or no recipient, a day that has passed or is too far, a person
/// who may not be told, a team out of sight; 409 when its label lets nobody else see it.
pub(super) fn ask(tx: &mut Tx, permit: &Permit<AskDisclosure>, draft: &ShareDraft) -> Result<Whole> {
    let unknown =
        || Error::invalid("/holding_id", "unknown", "There is no such record, or it is not yours to see.");
    let holding = holdings::seen(tx, &permit.scope(), draft.holding_id)?.ok_or_else(unknown)?;
    let relation = relation(tx, permit, &holding)?;
    check(tx, permit, draft)?;
    if !holding.tlp.is_shareable() {
        return Err(narrow(&holding));
    }
    let granted = relation.governs();
    if granted {
        permit.fresh()?;
    }
    let (now, user) = (tx.now(), permit.user());
    let grant = ShareGrant {
        id: tx.new_id(),
        holding_id: holding.id,
        user_id: draft.user_id,
        program_id: draft.program_id,
        level: draft.level,
        purpose: draft.purpose.clone(),
        expires_on: draft.expires_on,
        status: if granted { ShareStatus::Granted } else { ShareStatus::Proposed },
        reason: None,
        proposed_by: user,
        decided_by: granted.then_some(user),
        decided_at: granted.then_some(now),
        version: 1,
        created_at: now,
        updated_at: now,
        updated_by: user,
    };
    store::insert(tx, &grant)?;
    told(tx, permit, "share_grant.asked", &holding, None, &grant)?;
    Ok((grant, holding))
}

fn narrow(holding: &Holding) -> Error {
    Error::conflict(format!(
        "It is labelled TLP:{}, which keeps it with the country. Lower the label first: POST /api/v1/label-changes.",
        holding.tlp
    ))
}

fn check(tx: &mut Tx, permit: &Permit<AskDisclosure>, draft: &ShareDraft) -> Result<()> {
    let today = Day(tx.now().utc().date_naive());
    let mut faults = Vec::new();
    if draft.user_id.is_some() == draft.program_id.is_some() {
        let words = "Name either a person (`user_id`) or the team of a program (`program_id`).";
        faults.push(FieldError::at("/user_id", "one_of_two", words));
    }
    if draft.expires_on < today || draft.expires_on > today.plus(LONGEST) {
        let words = format!("Use a day from {today} to {}: what is disclosed ends.", today.plus(LONGEST));
        faults.push(FieldError::at("/expires_on", "out_of_range", words));
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    if let Some(user) = draft.user_id {
        holdings::may_be_told(tx, user, "/user_id")?;
    }
    if let Some(program) = draft.program_id {
        let scope = permit.scope_of(Permission::ViewPrograms);
        let unknown = "There is no such program, or it is not yours to see.";
        programs::find(tx, &scope, program)?
            .ok_or_else(|| Error::invalid("/program_id", "unknown", unknown))?;
    }
    Ok(())
}

/// Moves a disclosure one step: the country grants, declines and revokes; who asked may take the question back, and who
/// receives may give it back.
///
/// # Errors
/// 404; 403 when the step is not the caller's; 409 when the state or the label does not allow it; 422 without a reason.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MoveDisclosure>,
    id: ShareGrantId,
    step: &ShareStep,
) -> Result<Whole> {
    let (before, holding) = store::find(tx, &eyes(permit), id)?.ok_or_else(Error::not_found)?;
    let relation = relation(tx, permit, &holding)?;
    let today = Day(tx.now().utc().date_naive());
    let stands = before.status_on(today);
    if !stands.next().contains(&step.to) {
        let words: Vec<&str> = stands.next().iter().map(|status| status.as_str()).collect();
        let way = if words.is_empty() { "nowhere".to_owned() } else { words.join(", ") };
        return Err(Error::conflict(format!("It is {stands}; from here it goes to: {way}.")));
    }
    if !allowed(permit.user(), relation.governs(), &before, today).contains(&step.to) {
        let words =
            "A focal point of the country decides; who asked or receives may only take it back (`revoked`).";
        return Err(Error::not_permitted(words));
    }
    if step.to != ShareStatus::Granted && step.reason.is_none() {
        return Err(Error::invalid("/reason", "missing", "Say why, so that the other side understands."));
    }
    if step.to == ShareStatus::Granted {
        permit.fresh()?;
        if !holding.tlp.is_shareable() {
            return Err(narrow(&holding));
        }
    }
    let mut after = before.clone();
    (after.status, after.reason) = (step.to, step.reason.clone());
    (after.decided_by, after.decided_at) = (Some(permit.user()), Some(tx.now()));
    store::update(tx, &mut after, permit.user())?;
    told(tx, permit, "share_grant.stepped", &holding, Some(&before), &after)?;
    Ok((after, holding))
}

/// Where a caller may move a disclosure.
fn allowed(user: UserId, governs: bool, grant: &ShareGrant, today: Day) -> Vec<ShareStatus> {
    let next = grant.status_on(today).next().iter().copied();
    let party = grant.proposed_by == user || grant.user_id == Some(user);
    next.filter(|to| governs || (party && *to == ShareStatus::Revoked)).collect()
}

/// What a caller holds over disclosures: those of the countries for which they decide, and those that concern them.
pub(super) fn eyes<A: Action>(permit: &Permit<A>) -> store::Eyes {
    let decides = permit.scope_of(Permission::DecideDisclosure);
    store::Eyes::of(permit.user(), &decides)
}

/// A page's or one disclosure's records.
pub(super) fn records<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    rows: Vec<Whole>,
) -> Result<Vec<ShareRecord>> {
    let today = Day(tx.now().utc().date_naive());
    let named = rows.iter().flat_map(|(grant, _)| [Some(grant.proposed_by), grant.decided_by, grant.user_id]);
    let ids: Vec<_> = named.flatten().collect();
    let people = people(tx, &ids)?;
    let decides = permit.scope_of(Permission::DecideDisclosure);
    let record = |(grant, holding): Whole| {
        let governs = decides.covers(holding.country);
        let status = grant.status_on(today);
        let told = governs || (status == ShareStatus::Granted && holding.tlp.is_shareable());
        ShareRecord {
            id: grant.id,
            holding_id: holding.id,
            kind: holding.kind,
            country: holding.country,
            tlp: told.then_some(holding.tlp),
            user: grant.user_id.and_then(|id| people.get(&id).cloned()),
            program_id: grant.program_id,
            level: grant.level,
            expires_on: grant.expires_on,
            status,
            proposed_by: people.get(&grant.proposed_by).cloned(),
            decided_by: grant.decided_by.and_then(|id| people.get(&id).cloned()),
            decided_at: grant.decided_at,
            created_at: grant.created_at,
            updated_at: grant.updated_at,
            version: grant.version,
            allowed_transitions: allowed(permit.user(), governs, &grant, today),
            title: told.then_some(holding.title),
            purpose: grant.purpose,
            reason: grant.reason,
        }
    };
    Ok(rows.into_iter().map(record).collect())
}

fn told(
    tx: &mut Tx,
    by: &impl Actor,
    action: &'static str,
    holding: &Holding,
    before: Option<&ShareGrant>,
    after: &ShareGrant,
) -> Result<()> {
    let entry = Entry::new(by, action, "share_grant", after.id).country(holding.country);
    let entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
    outbox::enqueue(
        tx,
        &ShareMoved {
            share_grant_id: after.id,
            holding_id: holding.id,
            country: holding.country,
            to: after.status,
            by: by.user(),
        },
    )
}
