//! Carrying answers over from an earlier assessment, for review: of the same edition, or by a crosswalk.

use std::collections::HashMap;

use super::super::model::Assessment;
use super::super::store as assessments;
use super::actions::noted;
use super::history::{self, change};
use super::model::{Answer, AnswerAct};
use super::store;
use crate::frameworks::{self, Answerable, Framework, NodeRelation};
use crate::kernel::access::{Actor, Scope};
use crate::kernel::id::{AssessmentId, FrameworkNodeId};
use crate::kernel::text::Urn;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// Carries over what an earlier assessment says. Answers go where the other node asks for the same, or for less; where the
/// two only have something in common, or the scales differ, the words go and the answer is left to be given. Who wrote an
/// answer there counts as its writer here: carrying over makes nobody free to validate their own words.
///
/// # Errors
/// 422 when no crosswalk leads from one framework to the other.
pub(in super::super) fn carry(
    tx: &mut Tx,
    by: &impl Actor,
    to: &Assessment,
    from: AssessmentId,
    nodes: &[Answerable],
) -> Result<i32> {
    let unknown = || Error::invalid("/previous_id", "unknown", "There is no such assessment.");
    let earlier = assessments::find(tx, &Scope::All, from)?.ok_or_else(unknown)?;
    let answers = store::all(tx, from)?;
    let found = match earlier.framework_id == to.framework_id {
        true => same(&answers, nodes),
        false => mapped(tx, &earlier, to, &answers, nodes)?,
    };
    let carried: Vec<Answer> =
        found.iter().map(|(answer, node, whole)| copy(tx, to, answer, node, *whole)).collect();
    // Changes are theirs who wrote the words.
    let changes: Vec<_> = carried
        .iter()
        .map(|answer| change(tx, answer, AnswerAct::Carried, None, answer.updated_by))
        .collect();
    store::put(tx, to.id, &carried)?;
    history::keep(tx, &changes)?;
    noted(tx, by, to, "answers.carried", carried.len());
    let answered = store::count(tx, to.id)?;
    assessments::count_answers(tx, to.id, answered)?;
    Ok(answered)
}

type Found<'a> = Vec<(&'a Answer, &'a Answerable, bool)>;

fn same<'a>(answers: &'a [Answer], nodes: &'a [Answerable]) -> Found<'a> {
    let by_node: HashMap<FrameworkNodeId, &Answer> = answers.iter().map(|a| (a.node_id, a)).collect();
    nodes.iter().filter_map(|node| by_node.get(&node.id).map(|answer| (*answer, node, true))).collect()
}

fn mapped<'a>(
    tx: &mut Tx,
    earlier: &Assessment,
    to: &Assessment,
    answers: &'a [Answer],
    nodes: &'a [Answerable],
) -> Result<Found<'a>> {
    let gone = || Error::not_found();
    let (source, target) = (
        frameworks::framework(tx, earlier.framework_id)?.ok_or_else(gone)?,
        frameworks::framework(tx, to.framework_id)?.ok_or_else(gone)?,
    );
    let lines = frameworks::between(tx, &source.urn, &target.urn)?;
    if lines.is_empty() {
        let words = format!(
            "No crosswalk maps {} to {}; bring one in (POST /api/v1/frameworks/import) or start without it.",
            source.urn, target.urn
        );
        return Err(Error::invalid("/previous_id", "no_crosswalk", words));
    }
    let urns: HashMap<FrameworkNodeId, Urn> =
        frameworks::answerable(tx, source.id)?.into_iter().map(|node| (node.id, node.urn)).collect();
    let by_urn: HashMap<&Urn, &Answer> =
        answers.iter().filter_map(|answer| urns.get(&answer.node_id).map(|urn| (urn, answer))).collect();
    let alike = same_scale(&source, &target);
    let mut found = Vec::new();
    for node in nodes {
        let best = lines
            .iter()
            .filter(|(_, to, _)| *to == node.urn)
            .filter_map(|(from, _, relation)| by_urn.get(from).map(|answer| (*relation, *answer)))
            .min_by_key(|(relation, _)| *relation);
        if let Some((relation, answer)) = best {
            let whole = alike && matches!(relation, NodeRelation::Equal | NodeRelation::Superset);
            found.push((answer, node, whole));
        }
    }
    Ok(found)
}

fn same_scale(a: &Framework, b: &Framework) -> bool {
    let values =
        |framework: &Framework| framework.scale.0.iter().map(|level| level.value).collect::<Vec<_>>();
    a.method == b.method && values(a) == values(b)
}

/// The answer in its new place. `whole`: the other node asks for nothing that this one did not.
fn copy(tx: &Tx, to: &Assessment, answer: &Answer, node: &Answerable, whole: bool) -> Answer {
    Answer {
        id: tx.new_id(),
        assessment_id: to.id,
        node_id: node.id,
        position: node.position,
        value: answer.validated_value.or(answer.value).filter(|_| whole),
        validated_value: None,
        target: answer.target.filter(|_| whole),
        priority: answer.priority.filter(|_| whole),
        confidence: None,
        not_applicable: answer.not_applicable && whole,
        reason: answer.reason.clone().filter(|_| whole),
        comment: answer.comment.clone(),
        review_note: None,
        carried: true,
        version: 1,
        updated_at: tx.now(),
        updated_by: answer.updated_by,
    }
}
