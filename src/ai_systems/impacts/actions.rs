//! What people do with impact assessments: open, write, read through, approve, look at again.

use chrono::Months;

use super::super::actions::{Seen, seen};
use super::super::codes::ImpactStatus;
use super::super::events::AiImpactMoved;
use super::model::{Impact, ImpactDraft, ImpactPatch, ImpactStep, Outcomes};
use super::{rights, store};
use crate::accounts::Permit;
use crate::disclosure::Part;
use crate::frameworks::{nodes_named, unknown_nodes};
use crate::kernel::access::{Action, Actor, EditAiSystems, MoveAiSystems};
use crate::kernel::error::Code;
use crate::kernel::id::{AiImpactId, AiSystemId, UserId};
use crate::kernel::stored::Stored;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// Months after which an approved assessment is looked at again when nobody says when.
const REVIEW: u32 = 12;
/// Most months until then (our rule for the planned intervals of ISO/IEC 42001 8.4).
const LATEST: u32 = 24;

/// An assessment with its system.
pub(super) type Found = (Seen, Impact);

/// The assessment that a request names, of a system of which the caller sees all.
///
/// # Errors
/// 404; 403 for who sees only the summary of the system.
pub(super) fn found<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    system: AiSystemId,
    id: AiImpactId,
) -> Result<Found> {
    let seen = seen(tx, permit, system)?;
    seen.relation.in_detail()?;
    let impact = store::find(tx, system, id)?.ok_or_else(Error::not_found)?;
    Ok((seen, impact))
}

/// Opens an assessment of a system.
///
/// # Errors
/// 404, 403; 422 for outcomes that are none.
pub(super) fn open(
    tx: &mut Tx,
    permit: &Permit<EditAiSystems>,
    system: AiSystemId,
    draft: ImpactDraft,
) -> Result<Found> {
    let seen = seen(tx, permit, system)?;
    seen.writable()?;
    check(tx, &draft.outcomes)?;
    let (now, user) = (tx.now(), permit.user());
    let impact = Impact {
        id: tx.new_id(),
        ai_system_id: system,
        title: draft.title,
        context: draft.context,
        individuals: Stored(draft.individuals),
        groups: Stored(draft.groups),
        society: Stored(draft.society),
        mitigations: draft.mitigations,
        oversight: draft.oversight,
        conclusion: draft.conclusion,
        status: ImpactStatus::Draft,
        note: None,
        review_on: None,
        reviewed_by: None,
        reviewed_at: None,
        approved_by: None,
        approved_at: None,
        deleted_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    };
    store::insert(tx, &impact)?;
    store::put_outcomes(tx, impact.id, &draft.outcomes.0)?;
    store::wrote(tx, impact.id, user)?;
    note(tx, permit, "ai_impact.created", &seen, &impact, None);
    Ok((seen, impact))
}

fn check(tx: &mut Tx, outcomes: &Outcomes) -> Result<()> {
    let known = nodes_named(tx, &outcomes.0)?;
    let named: Vec<_> =
        outcomes.0.iter().enumerate().map(|(place, id)| (format!("/outcomes/{place}"), *id)).collect();
    let faults = unknown_nodes(&known, &named);
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

/// Changes a draft.
///
/// # Errors
/// 404, 403, 412; 409 when it is no draft any more; 422.
pub(super) fn edit(
    tx: &mut Tx,
    permit: &Permit<EditAiSystems>,
    system: AiSystemId,
    id: AiImpactId,
    version: i32,
    patch: ImpactPatch,
) -> Result<Found> {
    let (seen, before) = found(tx, permit, system, id)?;
    seen.writable()?;
    etag::matches(version, before.version)?;
    if before.status != ImpactStatus::Draft {
        return Err(Error::conflict(format!(
            "It is {}; only a draft is changed. Somebody who did not write it sends it back first.",
            before.status
        )));
    }
    let mut after = before.clone();
    patch.title.apply(&mut after.title);
    patch.context.apply(&mut after.context);
    patch.individuals.apply(&mut after.individuals.0);
    patch.groups.apply(&mut after.groups.0);
    patch.society.apply(&mut after.society.0);
    patch.mitigations.apply(&mut after.mitigations);
    patch.oversight.apply(&mut after.oversight);
    patch.conclusion.apply(&mut after.conclusion);
    if let Some(outcomes) = patch.outcomes.0 {
        check(tx, &outcomes)?;
        store::put_outcomes(tx, id, &outcomes.0)?;
    }
    store::update(tx, &mut after, permit.user())?;
    store::wrote(tx, id, permit.user())?;
    note(tx, permit, "ai_impact.changed", &seen, &after, Some(&before));
    Ok((seen, after))
}

/// Takes a draft away.
///
/// # Errors
/// 404, 403, 412; 409 when it is no draft any more.
pub(super) fn delete(
    tx: &mut Tx,
    permit: &Permit<EditAiSystems>,
    system: AiSystemId,
    id: AiImpactId,
    version: i32,
) -> Result<()> {
    let (seen, before) = found(tx, permit, system, id)?;
    seen.writable()?;
    if !seen.rights().govern && !seen.relation.is(Part::Author) && before.created_by != permit.user() {
        return Err(Error::not_permitted(
            "Who opened it, an author of the system or a focal point takes it away.",
        ));
    }
    etag::matches(version, before.version)?;
    if before.status != ImpactStatus::Draft {
        return Err(Error::conflict(format!("It is {}; only a draft is taken away.", before.status)));
    }
    let mut after = before.clone();
    after.deleted_at = Some(tx.now());
    store::update(tx, &mut after, permit.user())?;
    note(tx, permit, "ai_impact.deleted", &seen, &after, Some(&before));
    Ok(())
}

/// Moves it one step.
///
/// # Errors
/// 404; 403 with who may; 409 when the state or what is missing does not allow it; 422 for a day that is none.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MoveAiSystems>,
    system: AiSystemId,
    id: AiImpactId,
    step: &ImpactStep,
) -> Result<Found> {
    let (seen, before) = found(tx, permit, system, id)?;
    if !before.status.next().contains(&step.to) {
        let words: Vec<&str> = before.status.next().iter().map(|status| status.as_str()).collect();
        return Err(Error::conflict(format!(
            "It is {}; from here it goes to: {}.",
            before.status,
            words.join(", ")
        )));
    }
    let user = permit.user();
    let wrote = store::writers_of(tx, &[id])?.remove(&id).unwrap_or_default().contains(&user);
    if let Some(words) = rights::refusal(before.status, step.to, seen.rights(), wrote) {
        return Err(Error::not_permitted(words));
    }
    lacking(&before, step)?;
    let mut after = before.clone();
    (after.status, after.note) = (step.to, step.reason.clone());
    let now = tx.now();
    match step.to {
        ImpactStatus::Reviewed => (after.reviewed_by, after.reviewed_at) = (Some(user), Some(now)),
        ImpactStatus::Approved => {
            after.review_on = Some(review_day(Day(now.utc().date_naive()), step.review_on)?);
            (after.approved_by, after.approved_at) = (Some(user), Some(now));
        }
        ImpactStatus::Draft => {
            (after.reviewed_by, after.reviewed_at) = (None, None);
            (after.approved_by, after.approved_at) = (None, None);
        }
        ImpactStatus::DueForReview => {}
    }
    store::update(tx, &mut after, user)?;
    note(tx, permit, "ai_impact.stepped", &seen, &after, Some(&before));
    moved(tx, &seen, &before, &after, user)?;
    Ok((seen, after))
}

/// What it lacks for a step.
fn lacking(impact: &Impact, step: &ImpactStep) -> Result<()> {
    let guard = |at: &str, words: &str| {
        let mut error = Error::invalid(at, "missing", words);
        (error.code, error.detail) = (Code::GuardFailed, words.to_owned());
        Err(error)
    };
    let stated =
        [&impact.individuals, &impact.groups, &impact.society].iter().all(|effect| effect.0.is_some());
    match (impact.status, step.to) {
        (_, ImpactStatus::Reviewed) if !stated => guard(
            "/to",
            "Say first what it does to individuals, to groups and to society (ISO/IEC 42001 6.1.4).",
        ),
        (ImpactStatus::Reviewed, ImpactStatus::Draft) | (_, ImpactStatus::DueForReview)
            if step.reason.is_none() =>
        {
            guard("/reason", "Say in `reason` why.")
        }
        (_, to) if step.review_on.is_some() && to != ImpactStatus::Approved => {
            Err(Error::invalid("/review_on", "not_here", "The review day comes with the step to approved."))
        }
        _ => Ok(()),
    }
}

fn review_day(today: Day, asked: Option<Day>) -> Result<Day> {
    let later = |months| Day(today.0.checked_add_months(Months::new(months)).unwrap_or(today.0));
    let day = asked.unwrap_or_else(|| later(REVIEW));
    match day > today && day <= later(LATEST) {
        true => Ok(day),
        false => Err(Error::invalid(
            "/review_on",
            "out_of_range",
            format!("Use a day from {} to {}.", today.plus(1), later(LATEST)),
        )),
    }
}

fn moved(tx: &mut Tx, seen: &Seen, before: &Impact, after: &Impact, by: UserId) -> Result<()> {
    let event = AiImpactMoved {
        impact_id: after.id,
        ai_system_id: after.ai_system_id,
        country: seen.holding.country,
        author_id: after.created_by,
        from: before.status,
        to: after.status,
        by,
    };
    outbox::enqueue(tx, &event)
}

fn note(
    tx: &mut Tx,
    by: &impl Actor,
    action: &'static str,
    seen: &Seen,
    after: &Impact,
    before: Option<&Impact>,
) {
    let entry = Entry::new(by, action, "ai_impact_assessment", after.id).country(seen.holding.country);
    let entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
}
