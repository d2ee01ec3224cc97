//! Moving an assessment: opened, handed in, handed back, validated by somebody who wrote nothing, published, superseded.

use super::actions::{moved, note};
use super::model::{Assessment, AssessmentStatus, AssessmentStep};
use super::rights::Act;
use super::sight::{Seen, seen, with};
use super::{answers, kept, sections, store};
use crate::accounts::Permit;
use crate::disclosure::{self, Part};
use crate::kernel::access::{Actor, MoveAssessments, Scope};
use crate::kernel::error::Code;
use crate::kernel::id::AssessmentId;
use crate::kernel::text::Note;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// Days after which an assessment is made again when nobody says otherwise: 24 months.
const AGAIN: i64 = 730;

/// Moves an assessment one step.
///
/// # Errors
/// 404; 403 when the step is not the caller's, with the reason; 409 when the state or a guard does not allow it.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MoveAssessments>,
    id: AssessmentId,
    step: &AssessmentStep,
) -> Result<Seen> {
    let mut seen = seen(tx, permit, id)?;
    seen.assessment.status = store::lock(tx, id)?;
    let next = seen.assessment.status.next();
    if !next.contains(&step.to) {
        let words: Vec<&str> = next.iter().map(|status| status.as_str()).collect();
        let way = if words.is_empty() { "nowhere".to_owned() } else { words.join(", ") };
        let status = seen.assessment.status;
        return Err(Error::conflict(format!("It is {status}; from here it goes to: {way}.")));
    }
    seen.may(Act::Step(step.to))?;
    guard(tx, permit, &seen.assessment, step)?;
    let before = seen.assessment.clone();
    write(tx, permit, &mut seen.assessment, step)?;
    if step.to == AssessmentStatus::Validated {
        let validated = with(tx, permit, seen.assessment.clone())?;
        kept::keep(tx, validated)?;
    }
    note(tx, permit, "assessment.stepped", &seen.assessment, Some(&before));
    moved(tx, permit, &before, &seen.assessment)?;
    seen.holding = disclosure::find(tx, id.into())?.ok_or_else(Error::not_found)?;
    Ok(seen)
}

/// Hands back what is in review, with words about what is to be done.
///
/// # Errors
/// When the database refuses.
pub(super) fn hand_back(tx: &mut Tx, by: &impl Actor, seen: &mut Seen, words: Option<Note>) -> Result<()> {
    let before = seen.assessment.clone();
    (seen.assessment.status, seen.assessment.note) = (AssessmentStatus::InProgress, words);
    store::update(tx, &mut seen.assessment, by.user())?;
    note(tx, by, "assessment.stepped", &seen.assessment, Some(&before));
    moved(tx, by, &before, &seen.assessment)
}

fn write(
    tx: &mut Tx,
    permit: &Permit<MoveAssessments>,
    a: &mut Assessment,
    step: &AssessmentStep,
) -> Result<()> {
    let (now, user) = (tx.now(), permit.user());
    (a.status, a.note) = (step.to, step.reason.clone());
    match step.to {
        AssessmentStatus::InReview => (a.submitted_by, a.submitted_at) = (Some(user), Some(now)),
        AssessmentStatus::Validated => {
            answers::agree_with_rest(tx, a.id)?;
            (a.validated_by, a.validated_at) = (Some(user), Some(now));
            a.next_due = a.next_due.or(Some(Day(now.utc().date_naive()).plus(AGAIN)));
        }
        AssessmentStatus::Published => {
            a.published_at = Some(now);
            disclosure::publish(tx, a.id.into(), true)?;
        }
        AssessmentStatus::Superseded => disclosure::publish(tx, a.id.into(), false)?,
        AssessmentStatus::Planned | AssessmentStatus::InProgress => {}
    }
    store::update(tx, a, user)?;
    if step.to == AssessmentStatus::Validated {
        supersede(tx, permit, a)?;
    }
    Ok(())
}

/// The one whose answers were carried over has had its time.
fn supersede(tx: &mut Tx, permit: &Permit<MoveAssessments>, by: &Assessment) -> Result<()> {
    let Some(previous) = by.previous_id else { return Ok(()) };
    let Some(mut earlier) = store::find(tx, &Scope::All, previous)? else { return Ok(()) };
    if !matches!(earlier.status, AssessmentStatus::Validated | AssessmentStatus::Published) {
        return Ok(());
    }
    let before = earlier.clone();
    (earlier.status, earlier.next_due) = (AssessmentStatus::Superseded, None);
    store::update(tx, &mut earlier, permit.user())?;
    disclosure::publish(tx, previous.into(), false)?;
    note(tx, permit, "assessment.stepped", &earlier, Some(&before));
    moved(tx, permit, &before, &earlier)
}

/// What must hold before a step, in words.
fn guard(tx: &mut Tx, permit: &Permit<MoveAssessments>, a: &Assessment, step: &AssessmentStep) -> Result<()> {
    let refused = |words: String| Err(Error::new(Code::GuardFailed, words));
    match (a.status, step.to) {
        (AssessmentStatus::InProgress, AssessmentStatus::InReview) => {
            let open = sections::open(tx, a.id)?;
            if open > 0 {
                return refused(format!(
                    "{open} section(s) are still with their contributors; close them first."
                ));
            }
            if a.answered == 0 {
                return refused("Nothing is answered yet.".into());
            }
            reviewer_is_free(tx, a.id)
        }
        (AssessmentStatus::InReview, AssessmentStatus::InProgress) if step.reason.is_none() => {
            Err(Error::invalid("/reason", "missing", "Say what is to be done, so that it can be done."))
        }
        (AssessmentStatus::InReview, AssessmentStatus::Validated) => {
            permit.fresh()?;
            // By the history of answers, not by role: contributing and then losing the role does not help.
            if answers::wrote(tx, a.id, permit.user())? {
                return Err(Error::not_permitted(
                    "You wrote or changed an answer of this assessment; who wrote does not validate. Another reviewer does.",
                ));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Somebody must be named who may validate it.
fn reviewer_is_free(tx: &mut Tx, id: AssessmentId) -> Result<()> {
    let named = disclosure::named(tx, id.into())?;
    let reviewers: Vec<_> =
        named.into_iter().filter(|(_, part)| *part == Part::Reviewer).map(|(user, _)| user).collect();
    let writers = answers::writers(tx, id)?;
    match reviewers.iter().any(|user| !writers.contains(user)) {
        true => Ok(()),
        false => Err(Error::new(
            Code::GuardFailed,
            "Nobody is named who may validate it: POST .../people with part reviewer, for a person who wrote none of its answers.",
        )),
    }
}
