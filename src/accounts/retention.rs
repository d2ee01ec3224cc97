//! What is forgotten of people's comings and goings once it has served its time.

use diesel::prelude::*;

use crate::kernel::Result;
use crate::kernel::id::{LinkId, SessionId};
use crate::kernel::time::Timestamp;
use crate::platform::db::Tx;
use crate::platform::schema::{links, refresh_tokens, sessions};

/// Days for which ended sessions and links are kept after their end; the audit chain keeps what was done with them.
const KEPT_DAYS: i64 = 90;
/// Sessions and links forgotten at a time, so that nobody waits for it.
const BATCH: i64 = 500;

fn oldest(tx: &mut Tx) -> Timestamp {
    tx.now().plus_days(-KEPT_DAYS)
}

fn old_sessions(tx: &mut Tx, limit: i64) -> Result<Vec<SessionId>> {
    let oldest = oldest(tx);
    let query = sessions::table.select(sessions::id).filter(sessions::ends_at.lt(oldest));
    Ok(query.order(sessions::ends_at).limit(limit).load(tx.conn())?)
}

fn old_links(tx: &mut Tx, limit: i64) -> Result<Vec<LinkId>> {
    let oldest = oldest(tx);
    let query = links::table.select(links::id).filter(links::expires_at.lt(oldest));
    Ok(query.order(links::expires_at).limit(limit).load(tx.conn())?)
}

/// Whether [`forget_old`] has something to do.
///
/// # Errors
/// When the database refuses.
pub fn anything_old(tx: &mut Tx) -> Result<bool> {
    Ok(!old_sessions(tx, 1)?.is_empty() || !old_links(tx, 1)?.is_empty())
}

/// Forgets sessions with their tokens, and links, `KEPT_DAYS` after their end; some at a time.
///
/// # Errors
/// When the database refuses.
pub fn forget_old(tx: &mut Tx) -> Result<()> {
    let old = old_sessions(tx, BATCH)?;
    let tokens = refresh_tokens::table.filter(refresh_tokens::session_id.eq_any(&old));
    diesel::delete(tokens).execute(tx.conn())?;
    diesel::delete(sessions::table.filter(sessions::id.eq_any(&old))).execute(tx.conn())?;
    let old = old_links(tx, BATCH)?;
    diesel::delete(links::table.filter(links::id.eq_any(&old))).execute(tx.conn())?;
    Ok(())
}
