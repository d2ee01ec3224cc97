//! Rows of assessments.

use diesel::prelude::*;

use super::model::{Assessment, AssessmentStatus};
use crate::disclosure::{Depth, singly_disclosed};
use crate::kernel::access::Scope;
use crate::kernel::id::{AssessmentId, UserId};
use crate::kernel::{Error, Result};
use crate::platform::connection::Claim;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::assessments;

/// An assessment that the caller may know of and that is not deleted.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: AssessmentId) -> Result<Option<Assessment>> {
    let found = assessments::table
        .select(Assessment::as_select())
        .filter(assessments::id.eq(id))
        .filter(assessments::deleted_at.is_null())
        .filter(singly_disclosed(assessments::id, scope, Depth::Summary))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Adds an assessment.
pub(super) fn insert(tx: &mut Tx, assessment: &Assessment) -> Result<()> {
    diesel::insert_into(assessments::table).values(assessment).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed assessment over the version that was read.
pub(super) fn update(tx: &mut Tx, a: &mut Assessment, by: UserId) -> Result<()> {
    let read = a.version;
    (a.version, a.updated_at, a.updated_by) = (read + 1, tx.now(), by);
    let words = (
        assessments::title.eq(&a.title),
        assessments::purpose.eq(a.purpose),
        assessments::period_from.eq(a.period_from),
        assessments::period_to.eq(a.period_to),
        assessments::due.eq(a.due),
        assessments::next_due.eq(a.next_due),
        assessments::tiers.eq(&a.tiers),
    );
    let steps = (
        assessments::status.eq(a.status),
        assessments::note.eq(&a.note),
        assessments::submitted_by.eq(a.submitted_by),
        assessments::submitted_at.eq(a.submitted_at),
        assessments::validated_by.eq(a.validated_by),
        assessments::validated_at.eq(a.validated_at),
        assessments::published_at.eq(a.published_at),
        assessments::deleted_at.eq(a.deleted_at),
        assessments::version.eq(a.version),
        assessments::updated_at.eq(a.updated_at),
        assessments::updated_by.eq(a.updated_by),
    );
    let written = diesel::update(assessments::table)
        .filter(assessments::id.eq(a.id))
        .filter(assessments::version.eq(read))
        .set((words, steps))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// Takes the lock of an assessment's row: answers wait for a step that is under way, and a step for answers.
pub(super) fn lock(tx: &mut Tx, id: AssessmentId) -> Result<AssessmentStatus> {
    let row = assessments::table.select(assessments::status).filter(assessments::id.eq(id));
    let rows: Vec<AssessmentStatus> = row.lock_rows().load(tx.conn())?;
    rows.first().copied().ok_or_else(Error::not_found)
}

/// Writes how many nodes have an answer; the version stays, answers have their own.
pub(super) fn count_answers(tx: &mut Tx, id: AssessmentId, answered: i32) -> Result<()> {
    let now = tx.now();
    diesel::update(assessments::table.filter(assessments::id.eq(id)))
        .set((assessments::answered.eq(answered), assessments::updated_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}
