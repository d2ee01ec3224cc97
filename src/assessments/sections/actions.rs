//! Cutting an assessment into sections, assigning them, and moving them.

use super::super::events::{SectionAssigned, SectionMoved};
use super::super::lifecycle;
use super::super::model::AssessmentStatus;
use super::super::rights::Act;
use super::super::sight::{Seen, seen, wanted};
use super::model::{Section, SectionDraft, SectionPatch, SectionRecord, SectionStatus, SectionStep};
use super::store::{self, Whole};
use crate::accounts::{Permit, Somebody, people};
use crate::disclosure::{self, Depth, Part};
use crate::frameworks;
use crate::kernel::access::{Action, Actor, AnswerAssessments, AssignSections};
use crate::kernel::id::{AssessmentId, SectionId, UserId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// Makes a section of a node and all below it.
///
/// # Errors
/// 404, 403, 409; 422 for a node of another framework, one that another section holds, or who is no official.
pub(super) fn assign(
    tx: &mut Tx,
    permit: &Permit<AssignSections>,
    id: AssessmentId,
    draft: &SectionDraft,
) -> Result<(Seen, Whole)> {
    let seen = wanted(tx, permit, id, Act::Assign)?;
    super::super::store::lock(tx, id)?;
    let node = frameworks::node_of(tx, seen.assessment.framework_id, draft.node_id)?;
    let unknown = "The node is one of the assessment's framework.";
    let node = node.ok_or_else(|| Error::invalid("/node_id", "unknown", unknown))?;
    let (position_from, position_to) = frameworks::span(tx, &node)?;
    if let Some(code) = store::overlapping(tx, id, position_from, position_to)? {
        let words =
            format!("The section of {code} holds nodes of this one; each node stands in one section.");
        return Err(Error::invalid("/node_id", "taken", words));
    }
    if let Some(assignee) = draft.assignee {
        may_fill_in(tx, &seen, assignee)?;
    }
    let (now, user) = (tx.now(), permit.user());
    let section = Section {
        id: tx.new_id(),
        assessment_id: id,
        node_id: node.id,
        position_from,
        position_to,
        assignee: draft.assignee,
        due: draft.due,
        status: SectionStatus::Draft,
        note: draft.note.clone(),
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    };
    store::insert(tx, &section)?;
    if let Some(assignee) = draft.assignee {
        entrust(tx, permit, &seen, &section, assignee)?;
    }
    note(tx, permit, "section.assigned", &seen, &section, None);
    Ok((seen, (section, node.code, node.name)))
}

/// Refuses who is no official of the country, or is to judge what is written; asked before anything is written, so that an
/// account that does not exist is refused in the same words.
fn may_fill_in(tx: &mut Tx, seen: &Seen, assignee: UserId) -> Result<()> {
    let named = disclosure::named(tx, seen.assessment.id.into())?;
    let facilitates = named.contains(&(assignee, Part::Facilitator));
    if !facilitates && !store::is_official(tx, assignee, seen.assessment.country)? {
        let words = format!(
            "Sections are filled in by focal points and contributors of {}, or by the facilitator of the assessment.",
            seen.assessment.country
        );
        return Err(Error::invalid("/assignee", "not_an_official", words));
    }
    if named.contains(&(assignee, Part::Reviewer)) {
        let words = "This person is named as reviewer; who writes does not validate.";
        return Err(Error::invalid("/assignee", "is_reviewer", words));
    }
    Ok(())
}

/// Names the assignee on the assessment and tells them.
fn entrust(tx: &mut Tx, by: &impl Actor, seen: &Seen, section: &Section, assignee: UserId) -> Result<()> {
    let id = seen.assessment.id;
    disclosure::name(tx, id.into(), assignee, Part::Contributor, by.user(), "/assignee")?;
    let event =
        SectionAssigned { section_id: section.id, assessment_id: id, assignee_id: assignee, by: by.user() };
    outbox::enqueue(tx, &event)
}

/// Who has no section any more is no longer named for one.
fn release(tx: &mut Tx, id: AssessmentId, former: Option<UserId>) -> Result<()> {
    let Some(former) = former else { return Ok(()) };
    if store::spans_of(tx, id, former)?.is_empty() {
        disclosure::unname(tx, id.into(), former, Part::Contributor)?;
    }
    Ok(())
}

/// Gives a section to somebody else, or another day.
///
/// # Errors
/// 404, 403, 409, 412, 422.
pub(super) fn revise(
    tx: &mut Tx,
    permit: &Permit<AssignSections>,
    (id, section): (AssessmentId, SectionId),
    read: i32,
    patch: SectionPatch,
) -> Result<(Seen, Whole)> {
    let seen = wanted(tx, permit, id, Act::Assign)?;
    let (mut section, code, name) = store::find(tx, id, None, section)?.ok_or_else(Error::not_found)?;
    etag::matches(read, section.version)?;
    let before = section.clone();
    patch.assignee.apply(&mut section.assignee);
    patch.due.apply(&mut section.due);
    if let Some(assignee) = section.assignee.filter(|_| section.assignee != before.assignee) {
        may_fill_in(tx, &seen, assignee)?;
    }
    store::update(tx, &mut section, permit.user())?;
    if section.assignee != before.assignee {
        if let Some(assignee) = section.assignee {
            entrust(tx, permit, &seen, &section, assignee)?;
        }
        release(tx, id, before.assignee)?;
    }
    note(tx, permit, "section.edited", &seen, &section, Some(&before));
    Ok((seen, (section, code, name)))
}

/// Takes a section away; the answers in it stay.
///
/// # Errors
/// 404, 403, 409, 412.
pub(super) fn remove(
    tx: &mut Tx,
    permit: &Permit<AssignSections>,
    (id, section): (AssessmentId, SectionId),
    read: i32,
) -> Result<()> {
    let seen = wanted(tx, permit, id, Act::Assign)?;
    let (section, ..) = store::find(tx, id, None, section)?.ok_or_else(Error::not_found)?;
    etag::matches(read, section.version)?;
    store::delete(tx, section.id)?;
    release(tx, id, section.assignee)?;
    note(tx, permit, "section.removed", &seen, &section, None);
    Ok(())
}

/// Moves a section one step.
///
/// # Errors
/// 404; 403 when the step is not the caller's; 409 when a state does not allow it; 422 without words.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<AnswerAssessments>,
    (id, section): (AssessmentId, SectionId),
    step: &SectionStep,
) -> Result<(Seen, Whole)> {
    let mut seen = seen(tx, permit, id)?;
    seen.assessment.status = super::super::store::lock(tx, id)?;
    let only = only(&seen, permit);
    let (mut section, code, name) = store::find(tx, id, only, section)?.ok_or_else(Error::not_found)?;
    let next = section.status.next();
    if !next.contains(&step.to) {
        let words: Vec<&str> = next.iter().map(|status| status.as_str()).collect();
        let status = section.status;
        return Err(Error::conflict(format!("It is {status}; from here it goes to: {}.", words.join(", "))));
    }
    if !allowed(&seen, permit.user(), &section).contains(&step.to) {
        let words = match step.to {
            SectionStatus::Submitted => "Its assignee hands it in.",
            SectionStatus::ChangesRequested => {
                "A focal point of the country, an author, the facilitator or a reviewer of the assessment does this."
            }
            _ => "A focal point of the country, an author or the facilitator of the assessment does this.",
        };
        return Err(Error::not_permitted(words));
    }
    // What is in review is locked: handing back one section hands back the assessment.
    let returned = step.to == SectionStatus::ChangesRequested
        && seen.assessment.status == AssessmentStatus::InReview
        && seen.relation.is(Part::Reviewer);
    if seen.assessment.status != AssessmentStatus::InProgress && !returned {
        let words =
            format!("The assessment is {}; sections move while it is in progress.", seen.assessment.status);
        return Err(Error::conflict(words));
    }
    if step.to == SectionStatus::ChangesRequested && step.reason.is_none() {
        return Err(Error::invalid("/reason", "missing", "Say what is to be changed."));
    }
    if returned {
        lifecycle::hand_back(tx, permit, &mut seen, step.reason.clone())?;
    }
    let before = section.clone();
    (section.status, section.note) = (step.to, step.reason.clone());
    store::update(tx, &mut section, permit.user())?;
    note(tx, permit, "section.stepped", &seen, &section, Some(&before));
    let (section_id, by) = (section.id, permit.user());
    outbox::enqueue(tx, &SectionMoved { section_id, assessment_id: id, to: step.to, by })?;
    Ok((seen, (section, code, name)))
}

/// Where a caller may move a section, by who they are; the state of the assessment is asked besides.
pub(super) fn allowed(seen: &Seen, user: UserId, section: &Section) -> Vec<SectionStatus> {
    let relation = &seen.relation;
    let assigns = relation.governs() || relation.is(Part::Author) || relation.is(Part::Facilitator);
    let fills = section.assignee == Some(user);
    let theirs = |to: &SectionStatus| match to {
        SectionStatus::Submitted => fills,
        SectionStatus::ChangesRequested => assigns || relation.is(Part::Reviewer),
        _ => assigns,
    };
    section.status.next().iter().copied().filter(theirs).collect()
}

/// Who sees the summary only sees the sections that are their own.
pub(super) fn only<A: Action>(seen: &Seen, permit: &Permit<A>) -> Option<UserId> {
    (seen.relation.depth() != Some(Depth::Detail)).then(|| permit.user())
}

/// Sections as a caller sees them.
pub(super) fn records(
    tx: &mut Tx,
    seen: &Seen,
    user: UserId,
    rows: Vec<Whole>,
) -> Result<Vec<SectionRecord>> {
    let ids: Vec<UserId> = rows.iter().filter_map(|(section, ..)| section.assignee).collect();
    let people = people(tx, &ids)?;
    let named = |id: UserId| people.get(&id).cloned();
    Ok(rows.into_iter().map(|whole| record(seen, user, whole, named)).collect())
}

fn record(
    seen: &Seen,
    user: UserId,
    (section, node_code, node_name): Whole,
    named: impl Fn(UserId) -> Option<Somebody>,
) -> SectionRecord {
    SectionRecord {
        id: section.id,
        assessment_id: section.assessment_id,
        node_id: section.node_id,
        node_code,
        node_name,
        positions: [section.position_from, section.position_to],
        assignee: section.assignee.and_then(named),
        due: section.due,
        status: section.status,
        created_at: section.created_at,
        updated_at: section.updated_at,
        version: section.version,
        allowed_transitions: allowed(seen, user, &section),
        note: section.note,
    }
}

fn note(
    tx: &mut Tx,
    by: &impl Actor,
    action: &'static str,
    seen: &Seen,
    after: &Section,
    before: Option<&Section>,
) {
    let entry = Entry::new(by, action, "section", after.id).country(seen.assessment.country);
    let entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
}
