//! What letters tell of disclosures: one with what it discloses, and those that end soon.

use diesel::prelude::*;

use super::model::{ShareGrant, ShareStatus};
use crate::disclosure::Holding;
use crate::kernel::Result;
use crate::kernel::id::ShareGrantId;
use crate::kernel::time::Day;
use crate::platform::db::Tx;
use crate::platform::schema::{holdings, share_grants};

/// A disclosure and what it discloses; none when that was deleted.
///
/// # Errors
/// When the database refuses.
pub fn share(tx: &mut Tx, id: ShareGrantId) -> Result<Option<(ShareGrant, Holding)>> {
    let found = share_grants::table
        .inner_join(holdings::table.on(holdings::id.eq(share_grants::holding_id)))
        .select((ShareGrant::as_select(), Holding::as_select()))
        .filter(share_grants::id.eq(id))
        .filter(holdings::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Disclosures in force whose last day lies in a span, in order of ids, after one.
///
/// # Errors
/// When the database refuses.
pub fn ending(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: ShareGrantId,
    limit: i64,
) -> Result<Vec<ShareGrant>> {
    let rows = share_grants::table
        .select(ShareGrant::as_select())
        .filter(share_grants::status.eq(ShareStatus::Granted))
        .filter(share_grants::expires_on.between(from, to))
        .filter(share_grants::id.gt(after))
        .order(share_grants::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}
