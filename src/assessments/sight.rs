//! Loading an assessment for what somebody wants to do with it: 404, then 403, then 409.

use super::model::Assessment;
use super::rights::{Act, No, may};
use super::store;
use crate::accounts::Permit;
use crate::disclosure::{self, Holding, Relation};
use crate::kernel::access::Action;
use crate::kernel::id::AssessmentId;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// An assessment, its holding, and what the caller is to it.
pub(super) struct Seen {
    /// The row.
    pub assessment: Assessment,
    /// Whose it is and how far it may be passed on.
    pub holding: Holding,
    /// What the caller is to it.
    pub relation: Relation,
}

/// An assessment that the caller may know of.
///
/// # Errors
/// 404.
pub(super) fn seen<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: AssessmentId) -> Result<Seen> {
    let assessment = store::find(tx, &permit.sight(), id)?.ok_or_else(Error::not_found)?;
    with(tx, permit, assessment)
}

/// The same of a row that was found within reach.
///
/// # Errors
/// When the database refuses.
pub(super) fn with<A: Action>(tx: &mut Tx, permit: &Permit<A>, assessment: Assessment) -> Result<Seen> {
    let holding = disclosure::find(tx, assessment.id.into())?.ok_or_else(Error::not_found)?;
    let relation = disclosure::relation(tx, permit, &holding)?;
    Ok(Seen { assessment, holding, relation })
}

impl Seen {
    /// Refuses what the caller may not do, or not now.
    ///
    /// # Errors
    /// 403, 409.
    pub(super) fn may(&self, act: Act) -> Result<()> {
        may(act, &self.relation, self.assessment.status).map_err(|no| match no {
            No::NotYours(words) => Error::not_permitted(words),
            No::NotNow(words) => Error::conflict(words),
        })
    }

    /// Whether the caller may do it now.
    pub(super) fn can(&self, act: Act) -> bool {
        may(act, &self.relation, self.assessment.status).is_ok()
    }
}

/// An assessment for a change: seen, and the change is the caller's to make now.
///
/// # Errors
/// 404, 403, 409.
pub(super) fn wanted<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: AssessmentId, act: Act) -> Result<Seen> {
    let seen = seen(tx, permit, id)?;
    seen.may(act)?;
    Ok(seen)
}
