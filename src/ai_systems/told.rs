//! What letters tell of AI systems and their impact assessments: who answers for them and when they are looked at again.

use diesel::prelude::*;

use super::codes::ImpactStatus;
use crate::kernel::Result;
use crate::kernel::id::{AiImpactId, AiSystemId, UserId};
use crate::kernel::time::{Day, Timestamp};
use crate::platform::db::Tx;
use crate::platform::schema::{ai_impact_assessments as impacts, ai_systems};

/// An impact assessment as letters know it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = impacts)]
pub struct ToldImpact {
    /// Which.
    pub id: AiImpactId,
    /// Of which system.
    pub ai_system_id: AiSystemId,
    /// Where it stands.
    pub status: ImpactStatus,
    /// When it is looked at again.
    pub review_on: Option<Day>,
    /// Who opened it.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Who answers for a system that is not deleted; none when there is no such system.
///
/// # Errors
/// When the database refuses.
pub fn owner_of(tx: &mut Tx, id: AiSystemId) -> Result<Option<Option<UserId>>> {
    let found = ai_systems::table
        .select(ai_systems::owner)
        .filter(ai_systems::id.eq(id))
        .filter(ai_systems::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// An impact assessment that is not deleted.
///
/// # Errors
/// When the database refuses.
pub fn impact(tx: &mut Tx, id: AiImpactId) -> Result<Option<ToldImpact>> {
    let found = impacts::table
        .select(ToldImpact::as_select())
        .filter(impacts::id.eq(id))
        .filter(impacts::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Impact assessments that are to be looked at again in a span, in order of ids, after one.
///
/// # Errors
/// When the database refuses.
pub fn reviews(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: AiImpactId,
    limit: i64,
) -> Result<Vec<ToldImpact>> {
    let rows = impacts::table
        .select(ToldImpact::as_select())
        .filter(impacts::deleted_at.is_null())
        .filter(impacts::status.eq_any([ImpactStatus::Approved, ImpactStatus::DueForReview]))
        .filter(impacts::review_on.between(from, to))
        .filter(impacts::id.gt(after))
        .order(impacts::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}
