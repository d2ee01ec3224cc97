//! What a reviewer finds: another value, or words; never of an assessment that they wrote in.

use super::super::rights::Act;
use super::super::sight::wanted;
use super::super::store as assessments;
use super::actions::{fits, nodes, noted, record, writers_of};
use super::history::{self, change, wrote};
use super::model::{AnswerAct, ReviewsDraft, SaveOutcome, SavedAnswer, SavedAnswers};
use super::store;
use crate::accounts::Permit;
use crate::frameworks;
use crate::kernel::access::{Actor, ReviewAssessments};
use crate::kernel::error::FieldError;
use crate::kernel::id::{AssessmentId, FrameworkNodeId};
use crate::kernel::patch::Change;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// Keeps what a reviewer found.
///
/// # Errors
/// 404; 403 for who is no reviewer or wrote answers; 409 while it is not in review; 422 with every fault.
pub(super) fn review(
    tx: &mut Tx,
    permit: &Permit<ReviewAssessments>,
    id: AssessmentId,
    draft: &ReviewsDraft,
) -> Result<SavedAnswers> {
    let seen = wanted(tx, permit, id, Act::Review)?;
    assessments::lock(tx, id)?;
    if wrote(tx, id, permit.user())? {
        let words = "You wrote or changed an answer of this assessment; another reviewer judges it.";
        return Err(Error::not_permitted(words));
    }
    let a = &seen.assessment;
    let framework = frameworks::framework(tx, a.framework_id)?.ok_or_else(Error::not_found)?;
    let nodes = nodes(tx, a, &draft.items, |item| (item.node_id, item.code.as_ref()))?;
    let ids: Vec<FrameworkNodeId> = nodes.iter().map(|node| node.id).collect();
    let here = store::of_nodes(tx, id, &ids)?;
    let (mut judged, mut changes, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (place, (item, node)) in draft.items.iter().zip(&nodes).enumerate() {
        let at = format!("/items/{place}");
        let Some(mut answer) = here.iter().find(|answer| answer.node_id == node.id).cloned() else {
            let words = format!("{} has no answer; hand the assessment back to have one.", node.code);
            faults.push(FieldError::at(at, "unanswered", words));
            continue;
        };
        if let Change::Set(value) = item.validated_value
            && let Err(words) = fits(&framework, node, value)
        {
            faults.push(FieldError::at(format!("{at}/validated_value"), "unknown_value", words));
        }
        item.validated_value.clone().apply(&mut answer.validated_value);
        item.review_note.clone().apply(&mut answer.review_note);
        answer.version += 1;
        changes.push(change(tx, &answer, AnswerAct::Reviewed, None, permit.user()));
        judged.push(answer);
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    store::put(tx, id, &judged)?;
    history::keep(tx, &changes)?;
    noted(tx, permit, a, "answers.reviewed", judged.len());
    let wholes: Vec<_> = judged.into_iter().zip(nodes.into_iter().map(|node| node.code)).collect();
    let people = writers_of(tx, wholes.iter())?;
    let items = wholes
        .into_iter()
        .map(|whole| SavedAnswer { outcome: SaveOutcome::Saved, answer: Some(record(whole, &people)) })
        .collect();
    Ok(SavedAnswers { items, answered: a.answered, in_scope: a.in_scope })
}
