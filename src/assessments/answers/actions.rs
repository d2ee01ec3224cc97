//! Saving answers as one goes: one or many at a time, again and again, also after hours without a link.

use std::collections::{HashMap, HashSet};

use super::super::model::Assessment;
use super::super::rights::{Act, No, may};
use super::super::sections::{self, Span};
use super::super::sight::{self, seen};
use super::super::store as assessments;
use super::history::{self, change};
use super::model::{
    Answer, AnswerAct, AnswerDraft, AnswerRecord, AnswersDraft, SaveOutcome, SavedAnswer, SavedAnswers,
};
use super::store::{self, Whole};
use crate::accounts::{Permit, Somebody, people};
use crate::disclosure::Depth;
use crate::frameworks::{self, Answerable, Framework, Method};
use crate::kernel::access::{Action, Actor, AnswerAssessments};
use crate::kernel::error::FieldError;
use crate::kernel::id::{AssessmentId, FrameworkNodeId, UserId};
use crate::kernel::patch::Change;
use crate::kernel::text::NodeCode;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};

/// Most answers that are sent together.
const MOST: usize = 500;

/// Saves answers. A change that is known by its `client_id`, or that says nothing new, does no harm; one based on an older
/// version than what is here is left out and told.
///
/// # Errors
/// 404; 403 for a node that is not the caller's; 409 while it is locked; 422 with every fault.
pub(super) fn save(
    tx: &mut Tx,
    permit: &Permit<AnswerAssessments>,
    id: AssessmentId,
    draft: &AnswersDraft,
) -> Result<SavedAnswers> {
    let seen = seen(tx, permit, id)?;
    let pen = pen(tx, permit, &seen)?;
    let a = &seen.assessment;
    let framework = frameworks::framework(tx, a.framework_id)?.ok_or_else(Error::not_found)?;
    let nodes = nodes(tx, a, &draft.items, |item| (item.node_id, item.code.as_ref()))?;
    pen.reaches(&nodes)?;
    let here = answers_of(tx, id, &nodes)?;
    let known = known(tx, id, &draft.items)?;
    let (mut outcomes, mut written, mut changes, mut faults) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (place, (item, node)) in draft.items.iter().zip(&nodes).enumerate() {
        let before = here.get(&node.id);
        if item.client_id.as_ref().is_some_and(|name| known.contains(&name.to_string())) {
            outcomes.push(SaveOutcome::Unchanged);
            continue;
        }
        if item.base_version.is_some_and(|base| base != before.map_or(0, |answer| answer.version)) {
            outcomes.push(SaveOutcome::Conflict);
            continue;
        }
        let after = applied(tx, a.id, node, before, item, permit.user());
        faults.extend(rules(&framework, node, item, &after, place));
        if before.map_or_else(|| is_blank(&after), |before| before.said() == after.said() && !before.carried)
        {
            outcomes.push(SaveOutcome::Unchanged);
            continue;
        }
        outcomes.push(SaveOutcome::Saved);
        changes.push(change(tx, &after, AnswerAct::Answered, item.client_id.clone(), permit.user()));
        written.push(after);
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    store::put(tx, id, &written)?;
    history::keep(tx, &changes)?;
    noted(tx, permit, a, "answers.saved", written.len());
    told(tx, id, a, &nodes, outcomes)
}

/// Counts, and shows what is here now.
fn told(
    tx: &mut Tx,
    id: AssessmentId,
    a: &Assessment,
    nodes: &[Answerable],
    outcomes: Vec<SaveOutcome>,
) -> Result<SavedAnswers> {
    let answered = store::count(tx, id)?;
    assessments::count_answers(tx, id, answered)?;
    let mut now = answers_of(tx, id, nodes)?;
    let wholes: Vec<Option<Whole>> =
        nodes.iter().map(|node| now.remove(&node.id).map(|answer| (answer, node.code.clone()))).collect();
    let people = writers_of(tx, wholes.iter().flatten())?;
    let items = wholes.into_iter().zip(outcomes);
    let items = items
        .map(|(whole, outcome)| SavedAnswer { outcome, answer: whole.map(|whole| record(whole, &people)) })
        .collect();
    Ok(SavedAnswers { items, answered, in_scope: a.in_scope })
}

/// Writes that answers changed; which and how stands in their history.
pub(super) fn noted(tx: &mut Tx, by: &impl Actor, a: &Assessment, action: &'static str, count: usize) {
    if count > 0 {
        let entry = Entry::new(by, action, "assessment", a.id).country(a.country);
        journal::record(tx, entry.telling(&serde_json::json!({ "answers": count })));
    }
}

/// Where somebody may write.
struct Pen {
    whole: bool,
    spans: Vec<Span>,
}

/// Where the caller may write now.
///
/// # Errors
/// 403 for who may write nowhere; 409 while nobody writes.
fn pen(tx: &mut Tx, permit: &Permit<AnswerAssessments>, seen: &sight::Seen) -> Result<Pen> {
    // Under the lock of the assessment's row: who hands it in waits for those who write, and they for who hands it in.
    let status = assessments::lock(tx, seen.assessment.id)?;
    match may(Act::Answer, &seen.relation, status) {
        Ok(()) => Ok(Pen { whole: true, spans: Vec::new() }),
        Err(No::NotNow(words)) => Err(Error::conflict(words)),
        Err(No::NotYours(words)) => {
            let spans = sections::spans_of(tx, seen.assessment.id, permit.user())?;
            if spans.is_empty() {
                return Err(Error::not_permitted(words));
            }
            match super::super::rights::writing(status) {
                None => Ok(Pen { whole: false, spans }),
                Some(words) => Err(Error::conflict(words)),
            }
        }
    }
}

impl Pen {
    fn reaches(&self, nodes: &[Answerable]) -> Result<()> {
        if self.whole {
            return Ok(());
        }
        for node in nodes {
            match self.spans.iter().find(|span| span.holds(node.position)) {
                None => {
                    return Err(Error::not_permitted(format!(
                        "{} is in no section that is assigned to you.",
                        node.code
                    )));
                }
                Some(span) if !span.writable => {
                    return Err(Error::conflict(format!(
                        "The section of {} is not open: whoever assigned it opens it or asks for changes.",
                        node.code
                    )));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// The nodes that items name, in their order.
///
/// # Errors
/// 422 with every fault.
pub(super) fn nodes<T>(
    tx: &mut Tx,
    a: &Assessment,
    items: &[T],
    named: impl Fn(&T) -> (Option<FrameworkNodeId>, Option<&NodeCode>),
) -> Result<Vec<Answerable>> {
    if items.is_empty() || items.len() > MOST {
        return Err(Error::invalid(
            "/items",
            "out_of_range",
            format!("Send 1 to {MOST} items; these are {}.", items.len()),
        ));
    }
    let ids: Vec<FrameworkNodeId> = items.iter().filter_map(|item| named(item).0).collect();
    let codes: Vec<NodeCode> = items.iter().filter_map(|item| named(item).1.cloned()).collect();
    let found = frameworks::answerable_among(tx, a.framework_id, &ids, &codes)?;
    let (mut nodes, mut faults, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for (place, item) in items.iter().enumerate() {
        match node(a, &found, named(item)) {
            Ok(node) if !seen.insert(node.id) => {
                let words = format!("{} stands twice; each node once.", node.code);
                faults.push(FieldError::at(format!("/items/{place}"), "twice", words));
            }
            Ok(node) => nodes.push(node.clone()),
            Err((code, words)) => faults.push(FieldError::at(format!("/items/{place}"), code, words)),
        }
    }
    if faults.is_empty() { Ok(nodes) } else { Err(Error::invalid_fields(faults)) }
}

fn node<'a>(
    a: &Assessment,
    found: &'a [Answerable],
    named: (Option<FrameworkNodeId>, Option<&NodeCode>),
) -> std::result::Result<&'a Answerable, (&'static str, String)> {
    let node = match named {
        (Some(id), None) => found.iter().find(|node| node.id == id),
        (None, Some(code)) => found.iter().find(|node| node.code == *code),
        _ => return Err(("one_of_two", "Name the node by `code` or by `node_id`.".into())),
    };
    let node = node.ok_or(("unknown", "The assessment's framework has no such node.".to_owned()))?;
    if !node.assessable {
        return Err((
            "not_answered",
            format!("{} is a heading; the nodes below it are answered.", node.code),
        ));
    }
    let groups = &a.groups.0;
    let chosen = groups.is_empty()
        || node.groups.0.is_empty()
        || node.groups.0.iter().any(|code| groups.contains(code));
    match chosen {
        true => Ok(node),
        false => Err((
            "out_of_scope",
            format!("{} is in none of the groups to which the assessment is narrowed.", node.code),
        )),
    }
}

/// The one node that evidence names.
///
/// # Errors
/// 422.
pub(in super::super) fn node_of(
    tx: &mut Tx,
    a: &Assessment,
    named: (Option<FrameworkNodeId>, Option<&NodeCode>),
) -> Result<Answerable> {
    let ids: Vec<FrameworkNodeId> = named.0.into_iter().collect();
    let codes: Vec<NodeCode> = named.1.cloned().into_iter().collect();
    let found = frameworks::answerable_among(tx, a.framework_id, &ids, &codes)?;
    let pointer = if named.1.is_some() { "/code" } else { "/node_id" };
    node(a, &found, named).cloned().map_err(|(code, words)| Error::invalid(pointer, code, words))
}

/// Refuses who may not write at a node now.
///
/// # Errors
/// 403, 409.
pub(in super::super) fn may_write(
    tx: &mut Tx,
    permit: &Permit<AnswerAssessments>,
    seen: &sight::Seen,
    node: &Answerable,
) -> Result<()> {
    pen(tx, permit, seen)?.reaches(std::slice::from_ref(node))
}

fn answers_of(
    tx: &mut Tx,
    id: AssessmentId,
    nodes: &[Answerable],
) -> Result<HashMap<FrameworkNodeId, Answer>> {
    let ids: Vec<FrameworkNodeId> = nodes.iter().map(|node| node.id).collect();
    let rows = store::of_nodes(tx, id, &ids)?;
    Ok(rows.into_iter().map(|answer| (answer.node_id, answer)).collect())
}

fn known(tx: &mut Tx, id: AssessmentId, items: &[AnswerDraft]) -> Result<HashSet<String>> {
    let names: Vec<String> =
        items.iter().filter_map(|item| item.client_id.as_ref()).map(ToString::to_string).collect();
    let known = history::known(tx, id, &names)?;
    Ok(known.into_iter().map(|(name, _)| name).collect())
}

/// The answer after a change: what is not named stays. An answer and "does not apply" exclude each other; what is said
/// last holds. A changed answer is to be judged again.
fn applied(
    tx: &Tx,
    assessment_id: AssessmentId,
    node: &Answerable,
    before: Option<&Answer>,
    item: &AnswerDraft,
    by: UserId,
) -> Answer {
    let mut after = match before {
        Some(before) => before.clone(),
        None => Answer {
            id: tx.new_id(),
            assessment_id,
            node_id: node.id,
            position: node.position,
            value: None,
            validated_value: None,
            target: None,
            priority: None,
            confidence: None,
            not_applicable: false,
            reason: None,
            comment: None,
            review_note: None,
            carried: false,
            version: 0,
            updated_at: tx.now(),
            updated_by: by,
        },
    };
    item.value.clone().apply(&mut after.value);
    item.target.clone().apply(&mut after.target);
    match &item.priority {
        Change::Keep => {}
        Change::Clear => after.priority = None,
        Change::Set(priority) => after.priority = Some(priority.0),
    }
    item.confidence.clone().apply(&mut after.confidence);
    item.reason.clone().apply(&mut after.reason);
    item.comment.clone().apply(&mut after.comment);
    match item.not_applicable {
        Change::Set(true) => (after.not_applicable, after.value) = (true, None),
        Change::Set(false) | Change::Clear => after.not_applicable = false,
        Change::Keep if matches!(item.value, Change::Set(_)) => after.not_applicable = false,
        Change::Keep => {}
    }
    if !after.not_applicable {
        after.reason = None;
    }
    if before
        .is_none_or(|before| (before.value, before.not_applicable) != (after.value, after.not_applicable))
    {
        after.validated_value = None;
    }
    (after.carried, after.version) = (false, after.version + 1);
    (after.updated_at, after.updated_by) = (tx.now(), by);
    after
}

fn is_blank(answer: &Answer) -> bool {
    answer.said() == super::model::Said::default()
}

/// What must hold of an answer, by the framework's method.
fn rules(
    framework: &Framework,
    node: &Answerable,
    item: &AnswerDraft,
    after: &Answer,
    place: usize,
) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let at = |field: &str| format!("/items/{place}/{field}");
    if let Change::Set(value) = item.value
        && let Err(words) = fits(framework, node, value)
    {
        faults.push(FieldError::at(at("value"), "unknown_value", words));
    }
    if let Change::Set(target) = item.target {
        match framework.method {
            Some(Method::WeightedMean) => {
                if let Err(words) = fits(framework, node, target) {
                    faults.push(FieldError::at(at("target"), "unknown_value", words));
                }
            }
            _ => faults.push(profiles_only(at("target"))),
        }
    }
    if matches!(item.priority, Change::Set(_)) && framework.method != Some(Method::WeightedMean) {
        faults.push(profiles_only(at("priority")));
    }
    if matches!(item.not_applicable, Change::Set(true)) && matches!(item.value, Change::Set(_)) {
        let words = "Either it has an answer or it does not apply.";
        faults.push(FieldError::at(at("not_applicable"), "one_of_two", words));
    }
    if after.not_applicable && after.reason.is_none() {
        faults.push(FieldError::at(at("reason"), "missing", "Say why it does not apply."));
    }
    faults
}

fn profiles_only(pointer: String) -> FieldError {
    FieldError::at(pointer, "not_here", "Only profiles (weighted_mean) have targets and priorities.")
}

/// Whether a value is one that the node can have.
///
/// # Errors
/// The values that it can have, in words.
pub(super) fn fits(framework: &Framework, node: &Answerable, value: i32) -> std::result::Result<(), String> {
    match framework.method {
        Some(Method::StageGate) => match (0..=2).contains(&value) {
            true => Ok(()),
            false => Err("Use 0 (not met), 1 (partly) or 2 (met).".into()),
        },
        Some(Method::PointsSum) => {
            let most = node.points.unwrap_or(1);
            match (0..=most).contains(&value) {
                true => Ok(()),
                false => Err(format!("{} gives 0 to {most} points.", node.code)),
            }
        }
        Some(Method::WeightedMean) | None => {
            let levels = &framework.scale.0;
            if levels.iter().any(|level| level.value == value) {
                return Ok(());
            }
            let words: Vec<String> =
                levels.iter().map(|level| format!("{} ({})", level.value, level.code)).collect();
            Err(format!("Use a level of the framework: {}.", words.join(", ")))
        }
    }
}

/// Which answers the caller sees: all, or those of their own sections.
///
/// # Errors
/// 403 for who sees the summary only and has no section.
pub(super) fn sight_of<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    seen: &sight::Seen,
) -> Result<store::Seen> {
    if seen.relation.depth() == Some(Depth::Detail) {
        return Ok(store::Seen::All);
    }
    let spans = sections::spans_of(tx, seen.assessment.id, permit.user())?;
    if spans.is_empty() {
        seen.relation.in_detail()?;
    }
    Ok(store::Seen::Within(spans))
}

/// The names of those who last wrote some answers.
pub(super) fn writers_of<'a>(
    tx: &mut Tx,
    answers: impl Iterator<Item = &'a Whole>,
) -> Result<HashMap<UserId, Somebody>> {
    let ids: Vec<UserId> = answers.map(|(answer, _)| answer.updated_by).collect();
    people(tx, &ids)
}

/// An answer as a caller sees it.
pub(super) fn record((answer, code): Whole, people: &HashMap<UserId, Somebody>) -> AnswerRecord {
    AnswerRecord {
        node_id: answer.node_id,
        code,
        position: answer.position,
        value: answer.value,
        validated_value: answer.validated_value,
        target: answer.target,
        priority: answer.priority,
        confidence: answer.confidence,
        not_applicable: answer.not_applicable,
        reason: answer.reason,
        comment: answer.comment,
        review_note: answer.review_note,
        carried: answer.carried,
        updated_at: answer.updated_at,
        updated_by: people.get(&answer.updated_by).cloned(),
        version: answer.version,
    }
}
