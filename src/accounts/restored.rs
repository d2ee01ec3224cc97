//! After a backup was put back: nothing that was ended since then may live again.

use diesel::prelude::*;

use super::keys;
use crate::kernel::Result;
use crate::kernel::access::Actor;
use crate::platform::db::Tx;
use crate::platform::keys::Master;
use crate::platform::schema::sessions;

/// Ends every session and replaces the signing keys: people log in anew. How many sessions ended. API tokens that were
/// revoked after the backup can't be known here; the operator revokes them again.
///
/// # Errors
/// When the database refuses.
pub fn after_restore(tx: &mut Tx, by: &impl Actor, master: &Master) -> Result<usize> {
    for kid in keys::in_force(tx)? {
        keys::revoke(tx, by, master, &kid)?;
    }
    let now = tx.now();
    let open = sessions::table.filter(sessions::ended_at.is_null());
    Ok(diesel::update(open).set(sessions::ended_at.eq(now)).execute(tx.conn())?)
}
