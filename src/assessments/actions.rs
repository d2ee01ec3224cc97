//! Opening assessments, changing and removing them, and naming people on them.

use super::events::AssessmentMoved;
use super::model::{
    Assessment, AssessmentDraft, AssessmentPatch, AssessmentStatus, NamingDraft, Purpose, Tiers,
};
use super::rights::Act;
use super::sight::{Seen, wanted};
use super::{answers, store};
use crate::accounts::Permit;
use crate::disclosure::{self, Holding, HoldingKind, Part, Tlp};
use crate::frameworks::{self, Framework, Method};
use crate::kernel::access::{
    Actor, EditAssessments, NameOnAssessments, OpenAssessments, Permission, Role, Scope,
};
use crate::kernel::error::FieldError;
use crate::kernel::id::{AssessmentId, ProgramId, UserId};
use crate::kernel::stored::Stored;
use crate::kernel::{Error, Result};
use crate::partners;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;
use crate::programs;

/// Enters an assessment: by a focal point for their country, or by a coordinator in a program of theirs, who becomes its
/// facilitator. It is planned; a focal point opens it.
///
/// # Errors
/// 422 with every fault.
pub(super) fn enter(
    tx: &mut Tx,
    permit: &Permit<OpenAssessments>,
    draft: &AssessmentDraft,
) -> Result<Assessment> {
    let by_country = speaks_for(permit, draft);
    let framework = check(tx, permit, draft, by_country)?;
    let (now, user) = (tx.now(), permit.user());
    let nodes = answers::in_scope(frameworks::answerable(tx, framework.id)?, &draft.groups);
    let mut assessment = Assessment {
        id: tx.new_id(),
        framework_id: framework.id,
        country: draft.country,
        organization_id: draft.organization_id,
        program_id: draft.program_id,
        previous_id: draft.previous_id,
        title: draft.title.clone(),
        purpose: draft.purpose.unwrap_or(Purpose::SelfAssessment),
        period_from: draft.period_from,
        period_to: draft.period_to,
        due: draft.due,
        groups: Stored(draft.groups.clone()),
        tiers: Stored(draft.tiers.clone().unwrap_or_default()),
        status: AssessmentStatus::Planned,
        note: None,
        submitted_by: None,
        submitted_at: None,
        validated_by: None,
        validated_at: None,
        published_at: None,
        next_due: None,
        answered: 0,
        in_scope: i32::try_from(nodes.len()).unwrap_or(i32::MAX),
        deleted_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    };
    let holding = holding_of(&assessment, draft.tlp.unwrap_or(Tlp::AmberStrict));
    disclosure::enter(tx, &holding)?;
    store::insert(tx, &assessment)?;
    let part = if by_country { Part::Author } else { Part::Facilitator };
    disclosure::name(tx, holding.id, user, part, user, "/country")?;
    note(tx, permit, "assessment.entered", &assessment, None);
    moved(tx, permit, &assessment, &assessment)?;
    if let Some(previous) = draft.previous_id {
        assessment.answered = answers::carry(tx, permit, &assessment, previous, &nodes)?;
    }
    Ok(assessment)
}

fn holding_of(assessment: &Assessment, tlp: Tlp) -> Holding {
    Holding {
        id: assessment.id.into(),
        kind: HoldingKind::Assessment,
        country: assessment.country,
        program_id: assessment.program_id,
        tlp,
        title: assessment.title.clone(),
        published: false,
        deleted_at: None,
        created_at: assessment.created_at,
    }
}

fn speaks_for(permit: &Permit<OpenAssessments>, draft: &AssessmentDraft) -> bool {
    match permit.scope_of(Permission::NameOnAssessments) {
        Scope::All => true,
        scope @ Scope::Only(_) => scope.covers(draft.country),
    }
}

fn check(
    tx: &mut Tx,
    permit: &Permit<OpenAssessments>,
    draft: &AssessmentDraft,
    by_country: bool,
) -> Result<Framework> {
    let mut faults = days(draft.period_from, draft.period_to);
    let framework = frameworks::framework(tx, draft.framework_id)?;
    faults.extend(of_framework(framework.as_ref(), draft));
    if let Some(program) = draft.program_id {
        faults.extend(of_program(tx, permit, draft, program, by_country)?);
    } else if !by_country {
        let words = "A focal point of the country opens assessments for it; a coordinator names a program of theirs in which the country takes part.";
        faults.push(FieldError::at("/country", "not_yours", words));
    }
    if let Some(organization) = draft.organization_id {
        let found = partners::organizations::find(tx, organization)?;
        if found.is_none_or(|found| found.country != Some(draft.country)) {
            let words = "The organization is one of the country's own.";
            faults.push(FieldError::at("/organization_id", "not_of_country", words));
        }
    }
    if let Some(previous) = draft.previous_id {
        let scope = permit.scope_of(Permission::ViewAssessments);
        let found = store::find(tx, &scope, previous)?;
        if !found.is_some_and(|found| found.country == draft.country && found.status.is_validated()) {
            let words = "There is no such validated assessment of the country, or it is not yours to see.";
            faults.push(FieldError::at("/previous_id", "unknown", words));
        }
    }
    match framework {
        Some(framework) if faults.is_empty() => Ok(framework),
        _ => Err(Error::invalid_fields(faults)),
    }
}

fn days(from: crate::kernel::time::Day, to: crate::kernel::time::Day) -> Vec<FieldError> {
    match from > to {
        true => {
            vec![FieldError::at("/period_to", "before_start", "The period ends on its first day or later.")]
        }
        false => Vec::new(),
    }
}

fn of_framework(framework: Option<&Framework>, draft: &AssessmentDraft) -> Vec<FieldError> {
    let Some(framework) = framework else {
        return vec![FieldError::at("/framework_id", "unknown", "There is no such framework.")];
    };
    let mut faults = Vec::new();
    if framework.method.is_none() {
        let words = "It is a taxonomy, which only tags; use a framework that has a method of scoring.";
        faults.push(FieldError::at("/framework_id", "not_scored", words));
    }
    let known: Vec<&str> = framework.groups.0.iter().map(|group| group.code.as_str()).collect();
    for (place, code) in draft.groups.iter().enumerate() {
        if !known.contains(&code.as_str()) {
            let words = match known.is_empty() {
                true => "The framework has no groups to choose from.".to_owned(),
                false => format!("Use one of: {}.", known.join(", ")),
            };
            faults.push(FieldError::at(format!("/groups/{place}"), "unknown_value", words));
        }
    }
    if draft.tiers.as_ref().is_some_and(|tiers| *tiers != Tiers::default()) {
        faults.extend(no_tiers(framework));
    }
    faults
}

/// Tiers belong to profiles alone (domain rule B).
fn no_tiers(framework: &Framework) -> Option<FieldError> {
    let words = "Tiers belong to profiles, frameworks of the method weighted_mean.";
    (framework.method != Some(Method::WeightedMean)).then(|| FieldError::at("/tiers", "not_here", words))
}

fn of_program(
    tx: &mut Tx,
    permit: &Permit<OpenAssessments>,
    draft: &AssessmentDraft,
    program: ProgramId,
    by_country: bool,
) -> Result<Option<FieldError>> {
    let scope = permit.scope_of(Permission::ViewPrograms);
    let known = programs::find(tx, &scope, program)?.is_some()
        && programs::countries_in(tx, program)?.contains(&draft.country);
    if !known {
        let words = "There is no such program in which the country takes part, or it is not yours to see.";
        return Ok(Some(FieldError::at("/program_id", "unknown", words)));
    }
    let coordinates =
        programs::roles_in(tx, permit.user(), &[program])?.iter().any(|(_, role)| *role == Role::Coordinator);
    if by_country || coordinates {
        return Ok(None);
    }
    let words = "You coordinate another program; a coordinator opens assessments in their own.";
    Ok(Some(FieldError::at("/program_id", "not_yours", words)))
}

/// Changes what an assessment is called, its days and tiers.
///
/// # Errors
/// 404, 403, 409, 412, 422.
pub(super) fn revise(
    tx: &mut Tx,
    permit: &Permit<EditAssessments>,
    id: AssessmentId,
    read: i32,
    patch: AssessmentPatch,
) -> Result<Seen> {
    let mut seen = wanted(tx, permit, id, Act::Edit)?;
    etag::matches(read, seen.assessment.version)?;
    let before = seen.assessment.clone();
    let a = &mut seen.assessment;
    let retitled = patch.title.0.as_ref().is_some_and(|title| *title != a.title);
    let tiers_said = patch.tiers.0.as_ref().is_some_and(|tiers| *tiers != Tiers::default());
    patch.title.apply(&mut a.title);
    patch.purpose.apply(&mut a.purpose);
    patch.period_from.apply(&mut a.period_from);
    patch.period_to.apply(&mut a.period_to);
    patch.due.apply(&mut a.due);
    patch.next_due.apply(&mut a.next_due);
    patch.tiers.apply(&mut a.tiers.0);
    let mut faults = days(a.period_from, a.period_to);
    if tiers_said {
        let framework = frameworks::framework(tx, a.framework_id)?.ok_or_else(Error::not_found)?;
        faults.extend(no_tiers(&framework));
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    store::update(tx, a, permit.user())?;
    if retitled {
        disclosure::rename(tx, a.id.into(), &a.title)?;
    }
    note(tx, permit, "assessment.edited", &seen.assessment, Some(&before));
    Ok(seen)
}

/// Takes an assessment away that was not handed in; its answers are never shown again.
///
/// # Errors
/// 404, 403, 409, 412.
pub(super) fn remove(
    tx: &mut Tx,
    permit: &Permit<NameOnAssessments>,
    id: AssessmentId,
    read: i32,
) -> Result<()> {
    let mut seen = wanted(tx, permit, id, Act::Remove)?;
    etag::matches(read, seen.assessment.version)?;
    let before = seen.assessment.clone();
    seen.assessment.deleted_at = Some(tx.now());
    store::update(tx, &mut seen.assessment, permit.user())?;
    disclosure::remove(tx, id.into())?;
    note(tx, permit, "assessment.removed", &seen.assessment, Some(&before));
    Ok(())
}

/// Names a person on an assessment.
///
/// # Errors
/// 404, 403, 409; 422 for who may not be told, or a part that follows from sections.
pub(super) fn name(
    tx: &mut Tx,
    permit: &Permit<NameOnAssessments>,
    id: AssessmentId,
    draft: &NamingDraft,
) -> Result<Seen> {
    let seen = wanted(tx, permit, id, Act::Name)?;
    if matches!(draft.part, Part::Contributor | Part::Owner) {
        let words = "Use author, facilitator, reviewer or reader; contributors are named by the sections assigned to them.";
        return Err(Error::invalid("/part", "not_here", words));
    }
    if draft.part == Part::Reviewer && answers::wrote(tx, id, draft.user_id)? {
        let words =
            "This person wrote answers of it; who wrote does not validate. Name somebody else as reviewer.";
        return Err(Error::invalid("/user_id", "wrote_answers", words));
    }
    disclosure::name(tx, id.into(), draft.user_id, draft.part, permit.user(), "/user_id")?;
    named(tx, permit, &seen, "assessment.person_named", draft.user_id, draft.part);
    Ok(seen)
}

/// Takes a person off an assessment, for every part but what sections assign.
///
/// # Errors
/// 404, 403, 409; 412 for another version of the assessment.
pub(super) fn unname(
    tx: &mut Tx,
    permit: &Permit<NameOnAssessments>,
    (id, user): (AssessmentId, UserId),
    read: i32,
) -> Result<()> {
    let seen = wanted(tx, permit, id, Act::Name)?;
    let held = disclosure::named(tx, id.into())?;
    let parts: Vec<Part> = held
        .into_iter()
        .filter(|(named, part)| *named == user && *part != Part::Contributor)
        .map(|(_, part)| part)
        .collect();
    if parts.is_empty() {
        return Err(Error::not_found());
    }
    etag::matches(read, seen.assessment.version)?;
    for part in parts {
        disclosure::unname(tx, id.into(), user, part)?;
        named(tx, permit, &seen, "assessment.person_taken_off", user, part);
    }
    Ok(())
}

fn named(tx: &mut Tx, by: &impl Actor, seen: &Seen, action: &'static str, user: UserId, part: Part) {
    let words = serde_json::json!({ "part": part.as_str(), "user": user.to_string() });
    let entry = Entry::new(by, action, "assessment", seen.assessment.id);
    journal::record(tx, entry.country(seen.assessment.country).telling(&words));
}

/// Writes the audit entry of a change.
pub(super) fn note(
    tx: &mut Tx,
    by: &impl Actor,
    action: &'static str,
    after: &Assessment,
    before: Option<&Assessment>,
) {
    let entry = Entry::new(by, action, "assessment", after.id).country(after.country);
    let entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
}

/// Tells those who write letters that it moved.
pub(super) fn moved(tx: &mut Tx, by: &impl Actor, before: &Assessment, after: &Assessment) -> Result<()> {
    let event = AssessmentMoved {
        assessment_id: after.id,
        country: after.country,
        from: before.status,
        to: after.status,
        by: by.user(),
    };
    outbox::enqueue(tx, &event)
}
