//! What people do with milestones: plan, change, move the date, hand in, accept, hand back, give up.

use super::super::store::lock;
use super::super::{Program, Status};
use super::events::{MilestoneAssigned, MilestoneMoved, MilestoneStatusChanged};
use super::model::{
    Acceptance, DateMove, Milestone, MilestoneDraft, MilestonePatch, MilestoneStatus, MoveDraft, Step,
};
use super::view::{Around, eyes, may_accept};
use super::{rules, series, store};
use crate::accounts::Permit;
use crate::kernel::access::{
    Action, Actor, CreateMilestones, EditMilestones, MoveMilestones, Permission, Scope, SubmitMilestones,
};
use crate::kernel::error::Code;
use crate::kernel::id::{MilestoneId, ProgramId, SeriesId};
use crate::kernel::patch::Change;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// Plans a milestone, or a series of them; returns the first.
///
/// # Errors
/// 404, 403; 409 in a program that is over; 422 with every rule that is broken.
pub(super) fn create(
    tx: &mut Tx,
    permit: &Permit<CreateMilestones>,
    program: ProgramId,
    draft: &MilestoneDraft,
) -> Result<Milestone> {
    let program = permit.get(tx, |tx, scope| super::super::find(tx, scope, program))?;
    refuse_over(&program)?;
    lock(tx, &Scope::All, program.id)?;
    let days = match &draft.repeat {
        Some(repeat) => series::days(draft.due, repeat)?,
        None => vec![draft.due],
    };
    let first = planned(tx, permit, &program, draft);
    rules::check(tx, &first, None)?;
    let mut made = Vec::with_capacity(days.len());
    let series = draft.repeat.is_some().then(|| tx.new_id::<SeriesId>());
    for (nth, day) in days.iter().enumerate() {
        let mut milestone = first.clone();
        if nth > 0 {
            (milestone.id, milestone.predecessor) = (tx.new_id(), None);
        }
        if series.is_some() {
            milestone.title = series::numbered(&draft.title, nth + 1, days.len());
            (milestone.series_id, milestone.due, milestone.baseline_due) = (series, *day, *day);
        }
        store::insert(tx, &milestone)?;
        note(tx, permit, "milestone.created", &milestone, None);
        made.push(milestone);
    }
    let first = made.swap_remove(0);
    assigned(tx, permit, &first)?;
    Ok(first)
}

fn refuse_over(program: &Program) -> Result<()> {
    match program.status {
        Status::Closed | Status::Cancelled => Err(Error::conflict(format!(
            "The program is {}; nothing is planned in it any more.",
            program.status
        ))),
        _ => Ok(()),
    }
}

fn planned(tx: &Tx, by: &impl Actor, program: &Program, draft: &MilestoneDraft) -> Milestone {
    let (now, user) = (tx.now(), by.user());
    Milestone {
        id: tx.new_id(),
        program_id: program.id,
        series_id: None,
        country: draft.country,
        title: draft.title.clone(),
        description: draft.description.clone(),
        deliverable: draft.deliverable.clone(),
        deliverable_url: draft.deliverable_url.clone(),
        owner: draft.owner,
        acceptance: draft.acceptance.unwrap_or(Acceptance::Country),
        due: draft.due,
        baseline_due: draft.baseline_due.unwrap_or(draft.due),
        weight: draft.weight.map_or(1, |weight| weight.0),
        predecessor: draft.predecessor,
        status: MilestoneStatus::Planned,
        note: None,
        submitted_by: None,
        submitted_at: None,
        accepted_by: None,
        accepted_at: None,
        moves: 0,
        deleted_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    }
}

/// Loads a milestone for a change of the version that the client read.
fn read<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: MilestoneId, version: i32) -> Result<Milestone> {
    let milestone = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    etag::matches(version, milestone.version)?;
    Ok(milestone)
}

fn refuse_done(milestone: &Milestone) -> Result<()> {
    match milestone.status.is_over() {
        true => Err(Error::conflict(format!("It is {}; that is the end of it.", milestone.status))),
        false => Ok(()),
    }
}

/// Changes a milestone; its date and its status have ways of their own.
///
/// # Errors
/// 404, 403, 412; 409 when it is over; 422 with every rule that is broken.
pub(super) fn edit(
    tx: &mut Tx,
    permit: &Permit<EditMilestones>,
    id: MilestoneId,
    version: i32,
    patch: MilestonePatch,
) -> Result<Milestone> {
    let before = read(tx, permit, id, version)?;
    refuse_dates(&patch)?;
    refuse_done(&before)?;
    lock(tx, &Scope::All, before.program_id)?;
    let mut after = before.clone();
    patch.title.apply(&mut after.title);
    patch.description.apply(&mut after.description);
    patch.deliverable.apply(&mut after.deliverable);
    patch.deliverable_url.apply(&mut after.deliverable_url);
    patch.owner.apply(&mut after.owner);
    patch.country.apply(&mut after.country);
    patch.acceptance.apply(&mut after.acceptance);
    if let Some(weight) = patch.weight.0 {
        after.weight = weight.0;
    }
    patch.predecessor.apply(&mut after.predecessor);
    rules::check(tx, &after, Some(&before))?;
    store::update(tx, &mut after, permit.user())?;
    note(tx, permit, "milestone.changed", &after, Some(&before));
    if after.owner != before.owner {
        assigned(tx, permit, &after)?;
    }
    Ok(after)
}

fn refuse_dates(patch: &MilestonePatch) -> Result<()> {
    let words = "A date moves with a reason, and every move is kept: POST /milestones/{id}/moves {\"due\", \"reason\"}.";
    let sent = |field: &Change<Day>, at: &str| {
        (!field.is_keep()).then(|| crate::kernel::error::FieldError::at(at, "moves_elsewhere", words))
    };
    let faults: Vec<_> = [sent(&patch.due, "/due"), sent(&patch.baseline_due, "/baseline_due")]
        .into_iter()
        .flatten()
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

/// Deletes a milestone that was never begun and that nothing waits for.
///
/// # Errors
/// 404, 403, 412; 409 otherwise.
pub(super) fn delete(
    tx: &mut Tx,
    permit: &Permit<EditMilestones>,
    id: MilestoneId,
    version: i32,
) -> Result<()> {
    let before = read(tx, permit, id, version)?;
    lock(tx, &Scope::All, before.program_id)?;
    if before.status != MilestoneStatus::Planned {
        return Err(Error::conflict(format!(
            "It is {}; only a planned milestone is deleted. Cancel it, so that its story stays.",
            before.status
        )));
    }
    if store::is_awaited(tx, id)? {
        return Err(Error::conflict("Another milestone waits for it; change that one's predecessor first."));
    }
    let mut after = before.clone();
    after.deleted_at = Some(tx.now());
    store::update(tx, &mut after, permit.user())?;
    note(tx, permit, "milestone.deleted", &after, Some(&before));
    Ok(())
}

/// Moves the date and keeps the move.
///
/// # Errors
/// 404, 403; 409 when it is over; 422 when the day is the same.
pub(super) fn move_date(
    tx: &mut Tx,
    permit: &Permit<EditMilestones>,
    id: MilestoneId,
    draft: &MoveDraft,
) -> Result<Milestone> {
    let before = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    refuse_done(&before)?;
    if draft.due == before.due {
        return Err(Error::invalid("/due", "unchanged", format!("It is due on {} already.", before.due)));
    }
    let mut after = before.clone();
    (after.due, after.moves) = (draft.due, before.moves + 1);
    store::update(tx, &mut after, permit.user())?;
    let moved = DateMove {
        id: tx.new_id(),
        milestone_id: id,
        old_due: before.due,
        new_due: after.due,
        reason: draft.reason.clone(),
        moved_by: permit.user(),
        moved_at: tx.now(),
    };
    store::insert_move(tx, &moved)?;
    note(tx, permit, "milestone.moved", &after, Some(&before));
    let event = MilestoneMoved {
        milestone_id: id,
        program_id: after.program_id,
        old_due: before.due,
        new_due: after.due,
        reason: draft.reason.as_str(),
        by: permit.user(),
    };
    outbox::enqueue(tx, &event)?;
    Ok(after)
}

/// Moves the status one step.
///
/// # Errors
/// 404; 403 when the step is not the caller's; 409 when the state or a guard does not allow it.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MoveMilestones>,
    id: MilestoneId,
    step: &Step,
) -> Result<Milestone> {
    let before = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    refuse_foreign(tx, permit, &before, step.to)?;
    let next = before.status.next();
    if !next.contains(&step.to) {
        let words: Vec<&str> = next.iter().map(|status| status.as_str()).collect();
        let way = if words.is_empty() { "nowhere".to_owned() } else { words.join(", ") };
        return Err(Error::conflict(format!("It is {}; from here it goes to: {way}.", before.status)));
    }
    let after = stepped(tx, permit, &before, step)?;
    let event = MilestoneStatusChanged {
        milestone_id: id,
        program_id: after.program_id,
        from: before.status,
        to: after.status,
        note: step.reason.as_ref(),
        by: permit.user(),
    };
    outbox::enqueue(tx, &event)?;
    Ok(after)
}

fn stepped(
    tx: &mut Tx,
    permit: &Permit<MoveMilestones>,
    before: &Milestone,
    step: &Step,
) -> Result<Milestone> {
    let mut after = before.clone();
    (after.status, after.note) = (step.to, step.reason.clone());
    if let Some(link) = &step.deliverable_url {
        if step.to != MilestoneStatus::Submitted {
            let words = "The deliverable's link comes with the step to submitted.";
            return Err(Error::invalid("/deliverable_url", "not_here", words));
        }
        after.deliverable_url = Some(link.clone());
    }
    let needs_note = matches!(step.to, MilestoneStatus::Returned | MilestoneStatus::Cancelled)
        || (step.to == MilestoneStatus::Submitted && after.deliverable_url.is_none());
    if needs_note && step.reason.is_none() {
        return Err(lacking(step.to));
    }
    match step.to {
        MilestoneStatus::Submitted => {
            (after.submitted_by, after.submitted_at) = (Some(permit.user()), Some(tx.now()));
        }
        MilestoneStatus::Accepted => {
            (after.accepted_by, after.accepted_at) = (Some(permit.user()), Some(tx.now()));
        }
        _ => {}
    }
    store::update(tx, &mut after, permit.user())?;
    note(tx, permit, "milestone.stepped", &after, Some(before));
    Ok(after)
}

fn lacking(to: MilestoneStatus) -> Error {
    let words = match to {
        MilestoneStatus::Submitted => {
            "Send `deliverable_url`, or say in `reason` what was done where there is nothing to link to."
        }
        MilestoneStatus::Returned => "Say in `reason` what is missing, so that the owner can mend it.",
        _ => "Say in `reason` why it is given up.",
    };
    let mut error = Error::invalid("/reason", "missing", words);
    (error.code, error.detail) = (Code::GuardFailed, words.to_owned());
    error
}

/// Whether the step is the caller's to take; the record says the same in `allowed_transitions`.
fn refuse_foreign(
    tx: &mut Tx,
    permit: &Permit<MoveMilestones>,
    milestone: &Milestone,
    to: MilestoneStatus,
) -> Result<()> {
    let id = milestone.id;
    match to {
        MilestoneStatus::Accepted | MilestoneStatus::Returned => {
            let around = Around::of(tx, permit.user(), std::slice::from_ref(milestone))?;
            let (countries, roles) = (around.countries_for(milestone), around.roles_in(milestone));
            if may_accept(&eyes(permit), milestone, countries, roles) {
                return Ok(());
            }
            Err(Error::not_permitted(acceptors(milestone, permit)))
        }
        MilestoneStatus::Cancelled => holding(tx, &permit.also::<EditMilestones>(), id),
        _ => holding(tx, &permit.also::<SubmitMilestones>(), id),
    }
}

fn acceptors(milestone: &Milestone, by: &impl Actor) -> String {
    if milestone.submitted_by == Some(by.user()) {
        return "You handed it in; another person accepts it or hands it back.".into();
    }
    match (milestone.acceptance, milestone.country) {
        (Acceptance::Coordinator, _) => "A coordinator of the program accepts it or hands it back.".into(),
        (_, Some(country)) => format!("A focal point of {country} accepts it or hands it back."),
        (_, None) => "A focal point of one of the program's countries accepts it or hands it back.".into(),
    }
}

fn holding<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: MilestoneId) -> Result<()> {
    match store::find(tx, &permit.scope(), id)? {
        Some(_) => Ok(()),
        None => Err(Error::not_permitted(refused(A::PERMISSION))),
    }
}

fn refused(permission: Permission) -> String {
    let roles: Vec<&str> = permission.roles().iter().map(|role| role.as_str()).collect();
    format!("`{}` needs one of these roles over the record: {}.", permission.word(), roles.join(", "))
}

fn note(tx: &mut Tx, by: &impl Actor, action: &'static str, after: &Milestone, before: Option<&Milestone>) {
    let mut entry = Entry::new(by, action, "milestone", after.id).program(after.program_id);
    if let Some(country) = after.country {
        entry = entry.country(country);
    }
    if let Some(before) = before {
        entry = entry.changed(before, after);
    }
    journal::record(tx, entry);
}

fn assigned(tx: &mut Tx, by: &impl Actor, milestone: &Milestone) -> Result<()> {
    let Some(owner_id) = milestone.owner else { return Ok(()) };
    let (milestone_id, program_id) = (milestone.id, milestone.program_id);
    outbox::enqueue(tx, &MilestoneAssigned { milestone_id, program_id, owner_id, by: by.user() })
}
