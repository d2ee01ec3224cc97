//! What people do with acceptances: draft, ask for, decide, take back.

use super::super::codes::AcceptanceStatus;
use super::super::events::{AcceptanceDecided, AcceptanceEnded, AcceptanceSubmitted};
use super::super::registers::{locked, wrote};
use super::super::scenarios::{Risk, Scene, back_to_evaluated, scene, writable};
use super::model::{Acceptance, AcceptanceDraft, AcceptancePatch, AcceptanceStep};
use super::rights::{refusal, window};
use super::store;
use crate::accounts::Permit;
use crate::disclosure::{self, Part};
use crate::kernel::access::{Action, Actor, EditRisks, MoveRisks};
use crate::kernel::error::{Code, FieldError};
use crate::kernel::id::{AcceptanceId, RiskId, UserId};
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// An acceptance with its scenario.
pub(super) type Found = (Scene, Acceptance);

/// The acceptance that a request names.
///
/// # Errors
/// 404.
pub(super) fn found<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    risk: RiskId,
    id: AcceptanceId,
) -> Result<Found> {
    let scene = scene(tx, permit, risk)?;
    let acceptance = store::find(tx, risk, id)?.ok_or_else(Error::not_found)?;
    Ok((scene, acceptance))
}

fn day_fault(tx: &Tx, day: Day) -> Option<FieldError> {
    let (first, last) = window(Day(tx.now().utc().date_naive()));
    let words = format!("An acceptance ends within 12 months: use a day from {first} to {last}.");
    (day < first || day > last).then(|| FieldError::at("/expires_on", "out_of_range", words))
}

/// What must hold of a new end and a new approver.
fn check(
    tx: &mut Tx,
    scene: &Scene,
    author: UserId,
    day: Option<Day>,
    approver: Option<UserId>,
) -> Result<()> {
    let mut faults: Vec<FieldError> = day.and_then(|day| day_fault(tx, day)).into_iter().collect();
    if let Some(approver) = approver {
        faults.extend(scene.ties().owner_fault(tx, approver, "/approver")?);
        if approver == author {
            let words = "Who drafts an acceptance does not approve it; name somebody else.";
            faults.push(FieldError::at("/approver", "is_author", words));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

/// Drafts an acceptance.
///
/// # Errors
/// 404, 403; 409 while the register stands still; 422 with every fault.
pub(super) fn draft(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    risk: RiskId,
    draft: AcceptanceDraft,
) -> Result<Found> {
    let scene = writable(tx, permit, risk)?;
    let (now, user) = (tx.now(), permit.user());
    check(tx, &scene, user, Some(draft.expires_on), draft.approver)?;
    let acceptance = Acceptance {
        id: tx.new_id(),
        risk_id: risk,
        register_id: scene.register.id,
        status: AcceptanceStatus::Draft,
        justification: draft.justification,
        level: scene.risk.level,
        expires_on: draft.expires_on,
        approver: draft.approver,
        note: None,
        submitted_by: None,
        submitted_at: None,
        decided_by: None,
        decided_at: None,
        ended_at: None,
        deleted_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    };
    store::insert(tx, &acceptance)?;
    wrote(tx, scene.register.id, user)?;
    note(tx, permit, "acceptance.created", &scene.risk, &acceptance, None);
    Ok((scene, acceptance))
}

fn refuse_sent(acceptance: &Acceptance) -> Result<()> {
    match acceptance.status {
        AcceptanceStatus::Draft => Ok(()),
        status => Err(Error::conflict(format!("It is {status}; only a draft is changed or taken away."))),
    }
}

/// Changes a draft.
///
/// # Errors
/// 404, 403, 412; 409 when it is no draft any more; 422 with every fault.
pub(super) fn edit(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    risk: RiskId,
    id: AcceptanceId,
    version: i32,
    patch: AcceptancePatch,
) -> Result<Found> {
    let scene = writable(tx, permit, risk)?;
    let before = store::find(tx, risk, id)?.ok_or_else(Error::not_found)?;
    etag::matches(version, before.version)?;
    refuse_sent(&before)?;
    let mut after = before.clone();
    patch.justification.apply(&mut after.justification);
    patch.expires_on.apply(&mut after.expires_on);
    patch.approver.apply(&mut after.approver);
    let approver = after.approver.filter(|_| after.approver != before.approver);
    check(tx, &scene, before.created_by, Some(after.expires_on), approver)?;
    store::update(tx, &mut after, permit.user())?;
    wrote(tx, scene.register.id, permit.user())?;
    note(tx, permit, "acceptance.changed", &scene.risk, &after, Some(&before));
    Ok((scene, after))
}

/// Takes a draft away.
///
/// # Errors
/// 404, 403, 412; 409 when it is no draft any more.
pub(super) fn delete(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    risk: RiskId,
    id: AcceptanceId,
    version: i32,
) -> Result<()> {
    let scene = writable(tx, permit, risk)?;
    let before = store::find(tx, risk, id)?.ok_or_else(Error::not_found)?;
    etag::matches(version, before.version)?;
    refuse_sent(&before)?;
    let mut after = before.clone();
    after.deleted_at = Some(tx.now());
    store::update(tx, &mut after, permit.user())?;
    note(tx, permit, "acceptance.deleted", &scene.risk, &after, Some(&before));
    Ok(())
}

/// Moves an acceptance one step.
///
/// # Errors
/// 404; 403 with who may; 409 when the state or what is missing does not allow it.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MoveRisks>,
    risk: RiskId,
    id: AcceptanceId,
    step: &AcceptanceStep,
) -> Result<Found> {
    let (mut scene, before) = found(tx, permit, risk, id)?;
    let user = permit.user();
    if let Some(words) = refusal(step.to, scene.rights(), user, before.hands()) {
        return Err(Error::not_permitted(words));
    }
    locked(scene.register.status)?;
    let next = before.status.next();
    if !next.contains(&step.to) {
        let words: Vec<&str> = next.iter().map(|status| status.as_str()).collect();
        let way = if words.is_empty() { "nowhere".to_owned() } else { words.join(", ") };
        return Err(Error::conflict(format!("It is {}; from here it goes to: {way}.", before.status)));
    }
    lacking(tx, &before, step)?;
    let mut after = before.clone();
    (after.status, after.note) = (step.to, step.reason.clone());
    let now = tx.now();
    match step.to {
        AcceptanceStatus::Submitted => (after.submitted_by, after.submitted_at) = (Some(user), Some(now)),
        AcceptanceStatus::Accepted | AcceptanceStatus::Rejected => {
            (after.decided_by, after.decided_at) = (Some(user), Some(now));
        }
        _ => after.ended_at = Some(now),
    }
    store::update(tx, &mut after, user)?;
    note(tx, permit, "acceptance.stepped", &scene.risk, &after, Some(&before));
    tell(tx, permit, &scene.risk, &after)?;
    match step.to {
        // Who decides must see what it is about.
        AcceptanceStatus::Submitted => {
            if let Some(approver) = after.approver {
                disclosure::name(tx, scene.holding.id, approver, Part::Reader, user, "/approver")?;
            }
        }
        AcceptanceStatus::Revoked => back_to_evaluated(tx, permit, &mut scene.risk)?,
        _ => {}
    }
    Ok((scene, after))
}

/// What it lacks for a step: a reason, or days to hold.
fn lacking(tx: &Tx, acceptance: &Acceptance, step: &AcceptanceStep) -> Result<()> {
    let guard = |at: &str, words: String| {
        let mut error = Error::invalid(at, "missing", words.clone());
        (error.code, error.detail) = (Code::GuardFailed, words);
        Err(error)
    };
    match step.to {
        AcceptanceStatus::Rejected | AcceptanceStatus::Revoked if step.reason.is_none() => {
            guard("/reason", "Say in `reason` why.".into())
        }
        AcceptanceStatus::Submitted | AcceptanceStatus::Accepted => {
            match day_fault(tx, acceptance.expires_on) {
                Some(fault) => {
                    guard("/to", format!("It ends on {}. {}", acceptance.expires_on, fault.detail))
                }
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Tells those who wait for it.
pub(super) fn tell(tx: &mut Tx, by: &impl Actor, risk: &Risk, a: &Acceptance) -> Result<()> {
    match a.status {
        AcceptanceStatus::Submitted => outbox::enqueue(
            tx,
            &AcceptanceSubmitted {
                acceptance_id: a.id,
                risk_id: a.risk_id,
                register_id: a.register_id,
                country: risk.country,
                approver_id: a.approver,
                expires_on: a.expires_on,
                by: by.user(),
            },
        ),
        AcceptanceStatus::Accepted | AcceptanceStatus::Rejected => outbox::enqueue(
            tx,
            &AcceptanceDecided {
                acceptance_id: a.id,
                risk_id: a.risk_id,
                register_id: a.register_id,
                country: risk.country,
                owner_id: risk.owner,
                author_id: a.created_by,
                outcome: a.status,
                expires_on: a.expires_on,
                by: by.user(),
            },
        ),
        AcceptanceStatus::Revoked | AcceptanceStatus::Expired => outbox::enqueue(
            tx,
            &AcceptanceEnded {
                acceptance_id: a.id,
                risk_id: a.risk_id,
                register_id: a.register_id,
                country: risk.country,
                owner_id: risk.owner,
                approver_id: a.decided_by,
                outcome: a.status,
                by: by.user(),
            },
        ),
        AcceptanceStatus::Draft => Ok(()),
    }
}

pub(super) fn note(
    tx: &mut Tx,
    by: &impl Actor,
    action: &'static str,
    risk: &Risk,
    after: &Acceptance,
    before: Option<&Acceptance>,
) {
    let entry = Entry::new(by, action, "risk_acceptance", after.id).country(risk.country);
    let entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
}
