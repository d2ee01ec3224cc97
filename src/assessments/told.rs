//! What letters tell of assessments, their sections and their evidence: where they stand and when they are due, no content.

use diesel::prelude::*;

use super::evidence::EvidenceStatus;
use super::model::AssessmentStatus;
use super::sections::SectionStatus;
use crate::kernel::Result;
use crate::kernel::id::{AssessmentId, EvidenceId, SectionId, UserId};
use crate::kernel::time::{Day, Timestamp};
use crate::platform::db::Tx;
use crate::platform::schema::{assessment_evidence, assessment_sections, assessments};

/// An assessment as letters know it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = assessments)]
pub struct ToldAssessment {
    /// Which.
    pub id: AssessmentId,
    /// Where it stands.
    pub status: AssessmentStatus,
    /// By when it is to be handed in.
    pub due: Option<Day>,
    /// By when it is to be made again.
    pub next_due: Option<Day>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl ToldAssessment {
    /// Whether it is still to be handed in.
    pub fn is_open(&self) -> bool {
        matches!(self.status, AssessmentStatus::Planned | AssessmentStatus::InProgress)
    }
}

/// A section as letters know it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = assessment_sections)]
pub struct ToldSection {
    /// Which.
    pub id: SectionId,
    /// Of which assessment.
    pub assessment_id: AssessmentId,
    /// Who fills it in.
    pub assignee: Option<UserId>,
    /// By when.
    pub due: Option<Day>,
    /// Where it stands.
    pub status: SectionStatus,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Evidence as letters know it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = assessment_evidence)]
pub struct ToldEvidence {
    /// Which.
    pub id: EvidenceId,
    /// Of which assessment.
    pub assessment_id: AssessmentId,
    /// The last day on which it proves anything.
    pub valid_until: Option<Day>,
    /// What a reviewer thinks of it.
    pub status: EvidenceStatus,
    /// Who offered it.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// States of an assessment that is still to be handed in.
const OPEN: [AssessmentStatus; 2] = [AssessmentStatus::Planned, AssessmentStatus::InProgress];

/// An assessment that is not deleted.
///
/// # Errors
/// When the database refuses.
pub fn assessment(tx: &mut Tx, id: AssessmentId) -> Result<Option<ToldAssessment>> {
    let found = assessments::table
        .select(ToldAssessment::as_select())
        .filter(assessments::id.eq(id))
        .filter(assessments::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// A section with its assessment, unless that is deleted.
///
/// # Errors
/// When the database refuses.
pub fn section(tx: &mut Tx, id: SectionId) -> Result<Option<(ToldSection, ToldAssessment)>> {
    let found = assessment_sections::table
        .inner_join(assessments::table.on(assessments::id.eq(assessment_sections::assessment_id)))
        .select((ToldSection::as_select(), ToldAssessment::as_select()))
        .filter(assessment_sections::id.eq(id))
        .filter(assessments::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Evidence with its assessment, unless that is deleted.
///
/// # Errors
/// When the database refuses.
pub fn evidence(tx: &mut Tx, id: EvidenceId) -> Result<Option<(ToldEvidence, ToldAssessment)>> {
    let found = assessment_evidence::table
        .inner_join(assessments::table.on(assessments::id.eq(assessment_evidence::assessment_id)))
        .select((ToldEvidence::as_select(), ToldAssessment::as_select()))
        .filter(assessment_evidence::id.eq(id))
        .filter(assessments::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Whether an assessment is being made again: another one carries its answers on.
///
/// # Errors
/// When the database refuses.
pub fn is_made_again(tx: &mut Tx, id: AssessmentId) -> Result<bool> {
    let found: i64 = assessments::table
        .filter(assessments::previous_id.eq(id))
        .filter(assessments::deleted_at.is_null())
        .count()
        .get_result(tx.conn())?;
    Ok(found > 0)
}

/// Open assessments that are due in a span, in order of ids, after one.
///
/// # Errors
/// When the database refuses.
pub fn due(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: AssessmentId,
    limit: i64,
) -> Result<Vec<ToldAssessment>> {
    let rows = assessments::table
        .select(ToldAssessment::as_select())
        .filter(assessments::deleted_at.is_null())
        .filter(assessments::status.eq_any(OPEN))
        .filter(assessments::due.between(from, to))
        .filter(assessments::id.gt(after))
        .order(assessments::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}

/// Validated assessments that are to be made again in a span, in order of ids, after one.
///
/// # Errors
/// When the database refuses.
pub fn due_again(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: AssessmentId,
    limit: i64,
) -> Result<Vec<ToldAssessment>> {
    let rows = assessments::table
        .select(ToldAssessment::as_select())
        .filter(assessments::deleted_at.is_null())
        .filter(assessments::status.eq_any([AssessmentStatus::Validated, AssessmentStatus::Published]))
        .filter(assessments::next_due.between(from, to))
        .filter(assessments::id.gt(after))
        .order(assessments::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}

/// Sections that somebody still has to hand in and that are due in a span, in order of ids, after one.
///
/// # Errors
/// When the database refuses.
pub fn sections_due(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: SectionId,
    limit: i64,
) -> Result<Vec<ToldSection>> {
    use assessment_sections as s;
    let done = [SectionStatus::Submitted, SectionStatus::Closed];
    let rows = s::table
        .inner_join(assessments::table.on(assessments::id.eq(s::assessment_id)))
        .select(ToldSection::as_select())
        .filter(assessments::deleted_at.is_null())
        .filter(assessments::status.eq_any(OPEN))
        .filter(s::status.ne_all(done))
        .filter(s::due.between(from, to))
        .filter(s::id.gt(after))
        .order(s::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}

/// Evidence of assessments that still count whose last day lies in a span, in order of ids, after one.
///
/// # Errors
/// When the database refuses.
pub fn evidence_ending(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: EvidenceId,
    limit: i64,
) -> Result<Vec<ToldEvidence>> {
    use assessment_evidence as e;
    let rows = e::table
        .inner_join(assessments::table.on(assessments::id.eq(e::assessment_id)))
        .select(ToldEvidence::as_select())
        .filter(assessments::deleted_at.is_null())
        .filter(assessments::status.ne(AssessmentStatus::Superseded))
        .filter(e::valid_until.between(from, to))
        .filter(e::id.gt(after))
        .order(e::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}
