//! What people do with treatment actions: plan, change, work on them, verify them, give them up.

use super::super::codes::ActionStatus;
use super::super::events::ActionAssigned;
use super::super::registers::{locked, wrote};
use super::super::scenarios::{Scene, keep_owner, let_go, scene, writable};
use super::model::{ActionDraft, ActionPatch, ActionStep, Cost, TreatmentAction};
use super::store;
use super::view::refusal;
use crate::accounts::Permit;
use crate::kernel::access::{Action, Actor, EditRisks, MoveRisks};
use crate::kernel::error::{Code, FieldError};
use crate::kernel::id::{MilestoneId, RiskId, TreatmentActionId, UserId};
use crate::kernel::patch::Change;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// An action with its scenario.
pub(super) type Found = (Scene, TreatmentAction);

/// The action that a request names.
///
/// # Errors
/// 404.
pub(super) fn found<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    risk: RiskId,
    id: TreatmentActionId,
) -> Result<Found> {
    let scene = scene(tx, permit, risk)?;
    let action = store::find(tx, risk, id)?.ok_or_else(Error::not_found)?;
    Ok((scene, action))
}

fn written(tx: &mut Tx, permit: &Permit<EditRisks>, risk: RiskId, id: TreatmentActionId) -> Result<Found> {
    let scene = writable(tx, permit, risk)?;
    let action = store::find(tx, risk, id)?.ok_or_else(Error::not_found)?;
    Ok((scene, action))
}

/// Plans an action.
///
/// # Errors
/// 404, 403; 409 while the register stands still; 422 with every fault.
pub(super) fn plan(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    risk: RiskId,
    draft: ActionDraft,
) -> Result<Found> {
    let scene = writable(tx, permit, risk)?;
    check(tx, &scene, draft.owner, draft.milestone_id)?;
    let (now, user) = (tx.now(), permit.user());
    let (cost, currency) = parts(draft.cost);
    let action = TreatmentAction {
        id: tx.new_id(),
        risk_id: risk,
        register_id: scene.register.id,
        title: draft.title,
        description: draft.description,
        status: ActionStatus::Planned,
        owner: draft.owner,
        due: draft.due,
        cost,
        currency,
        effort_days: draft.effort_days.map(|days| days.0),
        milestone_id: draft.milestone_id,
        note: None,
        done_by: None,
        done_at: None,
        verified_by: None,
        verified_at: None,
        deleted_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    };
    store::insert(tx, &action)?;
    wrote(tx, scene.register.id, user)?;
    note(tx, permit, "treatment_action.created", &scene, &action, None);
    assigned(tx, permit, &scene, &action, None)?;
    Ok((scene, action))
}

fn parts(
    cost: Option<Cost>,
) -> (Option<crate::kernel::money::Amount>, Option<crate::kernel::money::Currency>) {
    match cost {
        Some(Cost { amount, currency }) => (Some(amount), Some(currency)),
        None => (None, None),
    }
}

/// What must hold of a new owner and a new milestone.
fn check(tx: &mut Tx, scene: &Scene, owner: Option<UserId>, milestone: Option<MilestoneId>) -> Result<()> {
    let mut faults = Vec::new();
    if let Some(owner) = owner {
        faults.extend(scene.ties().owner_fault(tx, owner, "/owner")?);
    }
    if let Some(milestone) = milestone {
        let register = &scene.register;
        let known = match register.program_id {
            Some(program) => store::is_of_program(tx, milestone, program, register.country)?,
            None => false,
        };
        if !known {
            let words = "There is no such milestone of the register's program for this country.";
            faults.push(FieldError::at("/milestone_id", "unknown", words));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

/// Changes an action that is not over.
///
/// # Errors
/// 404, 403, 412; 409 when it is over; 422 with every fault.
pub(super) fn edit(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    risk: RiskId,
    id: TreatmentActionId,
    version: i32,
    patch: ActionPatch,
) -> Result<Found> {
    let (scene, before) = written(tx, permit, risk, id)?;
    etag::matches(version, before.version)?;
    if before.status.next().is_empty() {
        return Err(Error::conflict(format!("It is {}; that is the end of it.", before.status)));
    }
    let mut after = before.clone();
    patch.title.apply(&mut after.title);
    patch.description.apply(&mut after.description);
    patch.owner.apply(&mut after.owner);
    patch.due.apply(&mut after.due);
    patch.milestone_id.apply(&mut after.milestone_id);
    match patch.cost {
        Change::Keep => {}
        Change::Clear => (after.cost, after.currency) = (None, None),
        Change::Set(cost) => (after.cost, after.currency) = parts(Some(cost)),
    }
    match patch.effort_days {
        Change::Keep => {}
        Change::Clear => after.effort_days = None,
        Change::Set(days) => after.effort_days = Some(days.0),
    }
    let owner = after.owner.filter(|_| after.owner != before.owner);
    let milestone = after.milestone_id.filter(|_| after.milestone_id != before.milestone_id);
    check(tx, &scene, owner, milestone)?;
    store::update(tx, &mut after, permit.user())?;
    wrote(tx, scene.register.id, permit.user())?;
    note(tx, permit, "treatment_action.changed", &scene, &after, Some(&before));
    assigned(tx, permit, &scene, &after, Some(&before))?;
    Ok((scene, after))
}

/// Takes an action away that was not begun.
///
/// # Errors
/// 404, 403, 412; 409 when it was begun.
pub(super) fn delete(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    risk: RiskId,
    id: TreatmentActionId,
    version: i32,
) -> Result<()> {
    let (scene, before) = written(tx, permit, risk, id)?;
    etag::matches(version, before.version)?;
    if before.status != ActionStatus::Planned {
        return Err(Error::conflict(format!(
            "It is {}; only a planned action is taken away. Cancel it, so that its story stays.",
            before.status
        )));
    }
    let mut after = before.clone();
    after.deleted_at = Some(tx.now());
    store::update(tx, &mut after, permit.user())?;
    note(tx, permit, "treatment_action.deleted", &scene, &after, Some(&before));
    let_go(tx, &scene.register, before.owner)
}

/// Moves an action one step.
///
/// # Errors
/// 404; 403 with who may; 409 when the state or what is missing does not allow it.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MoveRisks>,
    risk: RiskId,
    id: TreatmentActionId,
    step: &ActionStep,
) -> Result<Found> {
    let (scene, before) = found(tx, permit, risk, id)?;
    let user = permit.user();
    if let Some(words) = refusal(step.to, scene.rights(), user, before.done_by) {
        return Err(Error::not_permitted(words));
    }
    locked(scene.register.status)?;
    let next = before.status.next();
    if !next.contains(&step.to) {
        let words: Vec<&str> = next.iter().map(|status| status.as_str()).collect();
        let way = if words.is_empty() { "nowhere".to_owned() } else { words.join(", ") };
        return Err(Error::conflict(format!("It is {}; from here it goes to: {way}.", before.status)));
    }
    let back = before.status == ActionStatus::Done && step.to == ActionStatus::InProgress;
    if (back || step.to == ActionStatus::Cancelled) && step.reason.is_none() {
        let words = "Say in `reason` why.";
        let mut error = Error::invalid("/reason", "missing", words);
        (error.code, error.detail) = (Code::GuardFailed, words.to_owned());
        return Err(error);
    }
    let mut after = before.clone();
    (after.status, after.note) = (step.to, step.reason.clone());
    let now = tx.now();
    match step.to {
        ActionStatus::Done => (after.done_by, after.done_at) = (Some(user), Some(now)),
        ActionStatus::Verified => (after.verified_by, after.verified_at) = (Some(user), Some(now)),
        ActionStatus::InProgress => (after.done_by, after.done_at) = (None, None),
        _ => {}
    }
    store::update(tx, &mut after, user)?;
    note(tx, permit, "treatment_action.stepped", &scene, &after, Some(&before));
    Ok((scene, after))
}

fn note(
    tx: &mut Tx,
    by: &impl Actor,
    action: &'static str,
    scene: &Scene,
    after: &TreatmentAction,
    before: Option<&TreatmentAction>,
) {
    let entry = Entry::new(by, action, "treatment_action", after.id).country(scene.register.country);
    let entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
}

/// Who answers for it sees the register, and hears of it.
fn assigned(
    tx: &mut Tx,
    by: &impl Actor,
    scene: &Scene,
    action: &TreatmentAction,
    before: Option<&TreatmentAction>,
) -> Result<()> {
    let old = before.and_then(|before| before.owner);
    if old == action.owner {
        return Ok(());
    }
    let_go(tx, &scene.register, old)?;
    let Some(owner_id) = action.owner else { return Ok(()) };
    keep_owner(tx, by, &scene.register, owner_id)?;
    let event = ActionAssigned {
        action_id: action.id,
        risk_id: action.risk_id,
        register_id: action.register_id,
        country: scene.register.country,
        owner_id,
        due: action.due,
        by: by.user(),
    };
    outbox::enqueue(tx, &event)
}
