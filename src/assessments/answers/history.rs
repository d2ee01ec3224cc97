//! Who wrote what of which answer: the ground on which nobody validates what they wrote.

use std::collections::HashSet;

use diesel::prelude::*;

use super::model::{Answer, AnswerAct, AnswerChange};
use crate::kernel::Result;
use crate::kernel::id::{AssessmentId, FrameworkNodeId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::text::Label;
use crate::on_each;
use crate::platform::connection::{MultiBackend, TOGETHER};
use crate::platform::db::Tx;
use crate::platform::schema::answer_changes;

/// Acts that make somebody an author.
const WRITING: [AnswerAct; 2] = [AnswerAct::Answered, AnswerAct::Carried];

/// Whether a person wrote or changed any answer of an assessment, whatever they hold today.
///
/// # Errors
/// When the database refuses.
pub(in super::super) fn wrote(tx: &mut Tx, assessment: AssessmentId, user: UserId) -> Result<bool> {
    let first = answer_changes::table
        .select(answer_changes::changed_by)
        .filter(answer_changes::assessment_id.eq(assessment))
        .filter(answer_changes::changed_by.eq(user))
        .filter(answer_changes::act.eq_any(WRITING))
        .limit(1)
        .load::<UserId>(tx.conn())?;
    Ok(!first.is_empty())
}

/// Everyone who wrote or changed an answer of an assessment.
///
/// # Errors
/// When the database refuses.
pub(in super::super) fn writers(tx: &mut Tx, assessment: AssessmentId) -> Result<HashSet<UserId>> {
    let rows: Vec<UserId> = answer_changes::table
        .select(answer_changes::changed_by)
        .filter(answer_changes::assessment_id.eq(assessment))
        .filter(answer_changes::act.eq_any(WRITING))
        .distinct()
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// What a change looks like.
pub(super) fn change(
    tx: &Tx,
    answer: &Answer,
    act: AnswerAct,
    client_id: Option<Label>,
    by: UserId,
) -> AnswerChange {
    AnswerChange {
        id: tx.new_id(),
        assessment_id: answer.assessment_id,
        node_id: answer.node_id,
        act,
        client_id,
        content: serde_json::to_string(&answer.said()).unwrap_or_default(),
        changed_by: by,
        changed_at: tx.now(),
    }
}

/// Keeps changes, together.
pub(super) fn keep(tx: &mut Tx, changes: &[AnswerChange]) -> Result<()> {
    for some in changes.chunks(TOGETHER) {
        on_each!(tx.conn(), c => diesel::insert_into(answer_changes::table).values(some).execute(c))?;
    }
    Ok(())
}

/// Those of a client's own names that are known already, with the node that they changed.
pub(super) fn known(
    tx: &mut Tx,
    assessment: AssessmentId,
    names: &[String],
) -> Result<Vec<(String, FrameworkNodeId)>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Option<String>, FrameworkNodeId)> = answer_changes::table
        .select((answer_changes::client_id, answer_changes::node_id))
        .filter(answer_changes::assessment_id.eq(assessment))
        .filter(answer_changes::client_id.eq_any(names))
        .load(tx.conn())?;
    Ok(rows.into_iter().filter_map(|(name, node)| name.map(|name| (name, node))).collect())
}

/// The changes of an answer, first to last.
pub(super) fn page(
    tx: &mut Tx,
    assessment: AssessmentId,
    node: FrameworkNodeId,
    page: &PageRequest,
) -> Result<Page<AnswerChange>> {
    let mut query = answer_changes::table
        .select(AnswerChange::as_select())
        .filter(answer_changes::assessment_id.eq(assessment))
        .filter(answer_changes::node_id.eq(node))
        .into_boxed::<MultiBackend>();
    if let Some(after) = page.after_id::<crate::kernel::id::AnswerChangeId>() {
        query = query.filter(answer_changes::id.gt(after));
    }
    let rows: Vec<AnswerChange> = query.order(answer_changes::id).limit(page.fetch()).load(tx.conn())?;
    Ok(Page::of(rows, page, |row| Position { key: String::new(), id: row.id.0 }))
}
