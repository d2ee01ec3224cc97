//! Proposing what to do about a gap, and seeing it through.

use super::events::RecommendationMoved;
use super::model::{
    Recommendation, RecommendationDraft, RecommendationMove, RecommendationRecord, RecommendationStatus,
};
use super::store::{self, Whole};
use crate::accounts::Permit;
use crate::assessments::results::{GapFound, gap_at};
use crate::assessments::sight::seen;
use crate::disclosure::{self, Part, Relation};
use crate::kernel::access::{Action, Actor, MoveRecommendations, Permission, ProposeRecommendations};
use crate::kernel::error::FieldError;
use crate::kernel::id::{AssessmentId, ProgramId, RecommendationId};
use crate::kernel::lang::{Lang, Titles};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;
use crate::programs::{self, milestones};
use crate::training::{courses, sessions};

/// Whether somebody may propose: who works on the assessment.
fn proposes(who: &Relation) -> bool {
    let works = [Part::Author, Part::Facilitator, Part::Reviewer];
    who.governs() || works.into_iter().any(|part| who.is(part))
}

/// Whether somebody may take a step: the country decides; who plans with it may say by what a thing is seen to.
fn may(who: &Relation, to: RecommendationStatus) -> bool {
    let plans = who.is(Part::Author) || who.is(Part::Facilitator);
    who.governs() || (to == RecommendationStatus::Planned && plans)
}

/// Proposes what to do about a gap of a validated assessment.
///
/// # Errors
/// 404; 403 for who does not work on it; 409 unless it is validated; 422 where nothing is missing.
pub(super) fn propose(
    tx: &mut Tx,
    permit: &Permit<ProposeRecommendations>,
    id: AssessmentId,
    draft: &RecommendationDraft,
) -> Result<Whole> {
    let seen = seen(tx, permit, id)?;
    seen.relation.in_detail()?;
    if !proposes(&seen.relation) {
        let words = "A focal point of the country, an author, the facilitator or a reviewer of the assessment proposes.";
        return Err(Error::not_permitted(words));
    }
    let (country, status) = (seen.assessment.country, seen.assessment.status);
    if !status.is_validated() {
        return Err(Error::conflict(format!(
            "It is {status}; recommendations follow from what is validated."
        )));
    }
    disclosure::read_of(tx, permit, &seen.holding, &seen.relation, "gaps")?;
    let Some(gap) = gap_at(tx, seen, draft.node_id)? else {
        let words =
            "Nothing is missing there; name a node of GET /api/v1/assessments/{id}/gaps, or one above it.";
        return Err(Error::invalid("/node_id", "no_gap", words));
    };
    let GapFound { code, name, recommendation, priority } = gap;
    let (now, user) = (tx.now(), permit.user());
    let named = || name.unwrap_or_else(|| Titles::one(Lang::En, code.as_str()));
    let row = Recommendation {
        id: tx.new_id(),
        assessment_id: id,
        country,
        node_id: draft.node_id,
        title: draft.title.clone().unwrap_or_else(named),
        text: draft.text.clone().or(recommendation),
        priority: draft.priority.map(|priority| priority.0).or(priority).unwrap_or(1),
        status: RecommendationStatus::Proposed,
        reason: None,
        program_id: None,
        milestone_id: None,
        course_id: None,
        session_id: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    };
    store::insert(tx, &row)?;
    told(tx, permit, "recommendation.proposed", None, &row)?;
    Ok((row, code))
}

/// Moves a recommendation one step.
///
/// # Errors
/// 404; 403 when the step is not the caller's; 409 when the state does not allow it; 422 without what the step needs.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MoveRecommendations>,
    id: RecommendationId,
    step: &RecommendationMove,
) -> Result<Whole> {
    let (before, code) = store::find(tx, &permit.sight(), id)?.ok_or_else(Error::not_found)?;
    let seen = seen(tx, permit, before.assessment_id)?;
    if !before.status.next().contains(&step.to) {
        let words: Vec<&str> = before.status.next().iter().map(|status| status.as_str()).collect();
        let way = if words.is_empty() { "nowhere".to_owned() } else { words.join(", ") };
        return Err(Error::conflict(format!("It is {}; from here it goes to: {way}.", before.status)));
    }
    if !may(&seen.relation, step.to) {
        let words = "A focal point of the country decides; an author or the facilitator may only say by what it is planned.";
        return Err(Error::not_permitted(words));
    }
    let mut after = before.clone();
    (after.status, after.reason) = (step.to, step.reason.clone());
    planned(tx, permit, step, &mut after)?;
    store::update(tx, &mut after, permit.user())?;
    told(tx, permit, "recommendation.stepped", Some(&before), &after)?;
    Ok((after, code))
}

/// Takes over by what it is seen to, and refuses a step without what it needs.
fn planned(
    tx: &mut Tx,
    permit: &Permit<MoveRecommendations>,
    step: &RecommendationMove,
    after: &mut Recommendation,
) -> Result<()> {
    let named = step.milestone_id.is_some() || step.course_id.is_some() || step.training_session_id.is_some();
    if step.to != RecommendationStatus::Planned {
        if named {
            let words = "What sees to it is named in the step to `planned`.";
            return Err(Error::invalid("/milestone_id", "not_here", words));
        }
        if step.to == RecommendationStatus::Rejected && step.reason.is_none() {
            return Err(Error::invalid(
                "/reason",
                "missing",
                "Say why, so that who proposed it understands.",
            ));
        }
        return Ok(());
    }
    if !named {
        let words = "Say what sees to it: `milestone_id`, `training_session_id` or `course_id`.";
        return Err(Error::invalid("/milestone_id", "missing", words));
    }
    let faults = unknown(tx, permit, step, after)?;
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    (after.milestone_id, after.course_id) = (step.milestone_id, step.course_id);
    after.session_id = step.training_session_id;
    Ok(())
}

/// What the caller names must be theirs to see, and the country must take part in it.
fn unknown(
    tx: &mut Tx,
    permit: &Permit<MoveRecommendations>,
    step: &RecommendationMove,
    after: &mut Recommendation,
) -> Result<Vec<FieldError>> {
    let mut faults = Vec::new();
    after.program_id = None;
    let mut of_program = |tx: &mut Tx, program: Option<ProgramId>, at: &str, what: &str| -> Result<()> {
        let takes_part = match program {
            Some(program) => programs::countries_in(tx, program)?.contains(&after.country),
            None => false,
        };
        if takes_part {
            after.program_id = after.program_id.or(program);
        } else {
            let words = format!(
                "There is no such {what} of a program in which the country takes part, or it is not yours to see."
            );
            faults.push(FieldError::at(at, "unknown", words));
        }
        Ok(())
    };
    if let Some(milestone) = step.milestone_id {
        let scope = permit.scope_of(Permission::ViewMilestones);
        let program = milestones::program_of(tx, &scope, milestone)?;
        of_program(tx, program, "/milestone_id", "milestone")?;
    }
    if let Some(session) = step.training_session_id {
        let scope = permit.scope_of(Permission::ViewTraining);
        let program = sessions::program_of(tx, &scope, session)?;
        of_program(tx, program, "/training_session_id", "training session")?;
    }
    if let Some(course) = step.course_id
        && !courses::exists(tx, course)?
    {
        faults.push(FieldError::at("/course_id", "unknown", "There is no such course."));
    }
    Ok(faults)
}

/// The record of a recommendation, with the steps that the caller may take.
pub(super) fn record<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    (row, code): Whole,
) -> Result<RecommendationRecord> {
    let seen = seen(tx, permit, row.assessment_id)?;
    disclosure::read_of(tx, permit, &seen.holding, &seen.relation, "recommendations")?;
    let next = row.status.next().iter().copied().filter(|to| may(&seen.relation, *to)).collect();
    Ok(RecommendationRecord::of(row, code, next))
}

fn told(
    tx: &mut Tx,
    by: &impl Actor,
    action: &'static str,
    before: Option<&Recommendation>,
    after: &Recommendation,
) -> Result<()> {
    let entry = Entry::new(by, action, "recommendation", after.id).country(after.country);
    let entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
    let event = RecommendationMoved {
        recommendation_id: after.id,
        assessment_id: after.assessment_id,
        country: after.country,
        to: after.status,
        by: by.user(),
    };
    outbox::enqueue(tx, &event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_country_decides_and_who_plans_with_it_says_by_what() {
        let named =
            |part: Part| Relation { parts: vec![part], contributor: true, team: true, ..Relation::default() };
        let people = [
            ("focal point", Relation { focal_point: true, ..Relation::default() }),
            ("author", named(Part::Author)),
            ("facilitator", named(Part::Facilitator)),
            ("reviewer", named(Part::Reviewer)),
            ("reader", named(Part::Reader)),
            ("stranger", Relation::default()),
        ];
        let letter = |yes: bool| if yes { 'y' } else { '-' };
        let table = people.map(|(name, who)| {
            let steps: String = RecommendationStatus::ALL.iter().map(|to| letter(may(&who, *to))).collect();
            format!("{name}: {}{}", letter(proposes(&who)), steps)
        });
        // First whether they propose, then the steps: proposed, accepted, planned, done, rejected.
        let wanted = [
            "focal point: yyyyyy",
            "author: y--y--",
            "facilitator: y--y--",
            "reviewer: y-----",
            "reader: ------",
            "stranger: ------",
        ];
        assert_eq!(table, wanted);
    }
}
