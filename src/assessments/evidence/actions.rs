//! Offering evidence, changing it, and judging it.

use super::super::answers;
use super::super::rights::Act;
use super::super::sections::{self, Span};
use super::super::sight::{Seen, seen};
use super::model::{
    Evidence, EvidenceDraft, EvidencePatch, EvidenceRecord, EvidenceStatus, EvidenceStep, FileRecord,
};
use super::store::{self, Whole};
use crate::accounts::{Permit, people};
use crate::disclosure::Depth;
use crate::kernel::access::{Action, Actor, AnswerAssessments, ReviewAssessments};
use crate::kernel::id::{AssessmentId, EvidenceId, UserId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};

/// Offers evidence for a node.
///
/// # Errors
/// 404, 403, 409, 422.
pub(super) fn offer(
    tx: &mut Tx,
    permit: &Permit<AnswerAssessments>,
    id: AssessmentId,
    draft: &EvidenceDraft,
) -> Result<Whole> {
    let seen = seen(tx, permit, id)?;
    let node = answers::node_of(tx, &seen.assessment, (draft.node_id, draft.code.as_ref()))?;
    answers::may_write(tx, permit, &seen, &node)?;
    let (now, user) = (tx.now(), permit.user());
    let evidence = Evidence {
        id: tx.new_id(),
        assessment_id: id,
        node_id: node.id,
        position: node.position,
        kind: draft.kind,
        title: draft.title.clone(),
        link: draft.link.clone(),
        file_name: None,
        file_type: None,
        file_size: None,
        file_digest: None,
        language: draft.language,
        dated: draft.dated,
        valid_until: draft.valid_until,
        status: EvidenceStatus::Offered,
        note: None,
        decided_by: None,
        decided_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    };
    check(&evidence)?;
    store::insert(tx, &evidence)?;
    note(tx, permit, "evidence.offered", &seen, &evidence, None);
    Ok((evidence, node.code))
}

fn check(evidence: &Evidence) -> Result<()> {
    match (evidence.dated, evidence.valid_until) {
        (Some(dated), Some(until)) if until < dated => {
            Err(Error::invalid("/valid_until", "before_start", "It can't end before the day that it is of."))
        }
        _ => Ok(()),
    }
}

/// Evidence that the caller may change now.
pub(super) fn writable(
    tx: &mut Tx,
    permit: &Permit<AnswerAssessments>,
    (id, evidence): (AssessmentId, EvidenceId),
    read: i32,
) -> Result<(Seen, Whole)> {
    let seen = seen(tx, permit, id)?;
    let spans = within(tx, permit, &seen)?;
    let (evidence, code) = found(tx, id, spans.as_deref(), evidence)?;
    let node = answers::node_of(tx, &seen.assessment, (Some(evidence.node_id), None))?;
    answers::may_write(tx, permit, &seen, &node)?;
    etag::matches(read, evidence.version)?;
    Ok((seen, (evidence, code)))
}

/// Changes evidence; it is to be judged again.
///
/// # Errors
/// 404, 403, 409, 412, 422.
pub(super) fn revise(
    tx: &mut Tx,
    permit: &Permit<AnswerAssessments>,
    place: (AssessmentId, EvidenceId),
    read: i32,
    patch: EvidencePatch,
) -> Result<Whole> {
    let (seen, (mut evidence, code)) = writable(tx, permit, place, read)?;
    let before = evidence.clone();
    patch.kind.apply(&mut evidence.kind);
    patch.title.apply(&mut evidence.title);
    patch.link.apply(&mut evidence.link);
    patch.language.apply(&mut evidence.language);
    patch.dated.apply(&mut evidence.dated);
    patch.valid_until.apply(&mut evidence.valid_until);
    check(&evidence)?;
    unjudged(&mut evidence);
    store::update(tx, &mut evidence, permit.user())?;
    note(tx, permit, "evidence.edited", &seen, &evidence, Some(&before));
    Ok((evidence, code))
}

/// What was said of it before does not hold for what it is now.
pub(super) fn unjudged(evidence: &mut Evidence) {
    evidence.status = EvidenceStatus::Offered;
    (evidence.note, evidence.decided_by, evidence.decided_at) = (None, None, None);
}

/// Takes evidence away.
///
/// # Errors
/// 404, 403, 409, 412.
pub(super) fn remove(
    tx: &mut Tx,
    permit: &Permit<AnswerAssessments>,
    place: (AssessmentId, EvidenceId),
    read: i32,
) -> Result<()> {
    let (seen, (evidence, _)) = writable(tx, permit, place, read)?;
    store::delete(tx, evidence.id)?;
    note(tx, permit, "evidence.removed", &seen, &evidence, None);
    Ok(())
}

/// Accepts evidence or rejects it, as a reviewer who wrote nothing.
///
/// # Errors
/// 404, 403, 409; 422 without words to reject.
pub(super) fn judge(
    tx: &mut Tx,
    permit: &Permit<ReviewAssessments>,
    (id, evidence): (AssessmentId, EvidenceId),
    step: &EvidenceStep,
) -> Result<Whole> {
    let seen = seen(tx, permit, id)?;
    let spans = within(tx, permit, &seen)?;
    let (mut evidence, code) = found(tx, id, spans.as_deref(), evidence)?;
    seen.may(Act::Review)?;
    if answers::wrote(tx, id, permit.user())? {
        let words = "You wrote or changed an answer of this assessment; another reviewer judges it.";
        return Err(Error::not_permitted(words));
    }
    if evidence.created_by == permit.user() {
        return Err(Error::not_permitted("You offered it; another reviewer judges it."));
    }
    match step.to {
        EvidenceStatus::Offered => {
            return Err(Error::conflict(
                "Evidence goes to accepted or rejected; changed, it is offered again.",
            ));
        }
        EvidenceStatus::Rejected if step.reason.is_none() => {
            return Err(Error::invalid("/reason", "missing", "Say what it does not prove."));
        }
        EvidenceStatus::Accepted if evidence.link.is_none() && evidence.file_name.is_none() => {
            return Err(Error::conflict("It has neither a link nor a file; there is nothing to accept."));
        }
        _ => {}
    }
    let before = evidence.clone();
    (evidence.status, evidence.note) = (step.to, step.reason.clone());
    (evidence.decided_by, evidence.decided_at) = (Some(permit.user()), Some(tx.now()));
    store::update(tx, &mut evidence, permit.user())?;
    note(tx, permit, "evidence.judged", &seen, &evidence, Some(&before));
    Ok((evidence, code))
}

/// Whose evidence the caller sees: all of it, or that of their own sections.
///
/// # Errors
/// 403 for who sees the summary only and has no section.
pub(super) fn within<A: Action>(tx: &mut Tx, permit: &Permit<A>, seen: &Seen) -> Result<Option<Vec<Span>>> {
    if seen.relation.depth() == Some(Depth::Detail) {
        return Ok(None);
    }
    let spans = sections::spans_of(tx, seen.assessment.id, permit.user())?;
    if spans.is_empty() {
        seen.relation.in_detail()?;
    }
    Ok(Some(spans))
}

/// Evidence that is seen.
///
/// # Errors
/// 404.
pub(super) fn found(
    tx: &mut Tx,
    assessment: AssessmentId,
    spans: Option<&[Span]>,
    id: EvidenceId,
) -> Result<Whole> {
    let whole = store::find(tx, assessment, id)?;
    let seen = |row: &Whole| spans.is_none_or(|spans| spans.iter().any(|span| span.holds(row.0.position)));
    whole.filter(seen).ok_or_else(Error::not_found)
}

/// Evidence as a caller sees it.
pub(super) fn records(tx: &mut Tx, rows: Vec<Whole>) -> Result<Vec<EvidenceRecord>> {
    let named = rows.iter().flat_map(|(evidence, _)| [Some(evidence.created_by), evidence.decided_by]);
    let ids: Vec<UserId> = named.flatten().collect();
    let people = people(tx, &ids)?;
    let record = |(evidence, code): Whole| EvidenceRecord {
        file: file(&evidence),
        id: evidence.id,
        assessment_id: evidence.assessment_id,
        node_id: evidence.node_id,
        code,
        kind: evidence.kind,
        title: evidence.title,
        link: evidence.link,
        language: evidence.language,
        dated: evidence.dated,
        valid_until: evidence.valid_until,
        status: evidence.status,
        note: evidence.note,
        decided_by: evidence.decided_by.and_then(|id| people.get(&id).cloned()),
        decided_at: evidence.decided_at,
        created_by: people.get(&evidence.created_by).cloned(),
        created_at: evidence.created_at,
        updated_at: evidence.updated_at,
        version: evidence.version,
    };
    Ok(rows.into_iter().map(record).collect())
}

/// One of them.
pub(super) fn one(tx: &mut Tx, whole: Whole) -> Result<EvidenceRecord> {
    records(tx, vec![whole])?.pop().ok_or_else(Error::not_found)
}

fn file(evidence: &Evidence) -> Option<FileRecord> {
    Some(FileRecord {
        name: evidence.file_name.clone()?,
        media_type: evidence.file_type.clone()?,
        size: evidence.file_size?,
        sha256: evidence.file_digest.clone()?,
    })
}

/// Writes the audit entry of a change.
pub(super) fn note(
    tx: &mut Tx,
    by: &impl Actor,
    action: &'static str,
    seen: &Seen,
    after: &Evidence,
    before: Option<&Evidence>,
) {
    let entry = Entry::new(by, action, "evidence", after.id).country(seen.assessment.country);
    let entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
}
