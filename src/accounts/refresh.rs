//! Refresh tokens: used once; an old one that comes back ends the session, unless only an answer was lost.

use diesel::prelude::*;

use super::caller::{Gate, Visitor};
use super::events;
use super::secrets::{Secret, hash_of};
use super::sessions::{self, Carried, Opened};
use super::store;
use crate::kernel::error::Code;
use crate::kernel::id::{RefreshId, SessionId};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::connection::Claim;
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::schema::{refresh_tokens, sessions as rows};

/// Seconds within which a used token is taken once more when its successor was never used.
const LOST_ANSWER: i64 = 60;

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = refresh_tokens)]
struct Stored {
    id: RefreshId,
    session_id: SessionId,
    state: String,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
}

/// What became of a refresh token; a refusal is committed too.
#[derive(Debug)]
enum Turn {
    On(Opened),
    Ended,
    Reused,
}

/// Gives the next pair of tokens for a refresh token.
///
/// # Errors
/// 401 when the token or its session is over; 401 `token_reused` when it was used before, which ends the session.
pub(super) async fn refresh(gate: &Gate, token: &Secret) -> Result<Opened> {
    let (hash, visitor) = (hash_of(token.expose()), gate.visitor(None));
    let issuer = gate.tokens.issuer().to_owned();
    match gate.db.write(move |tx| turn(tx, &hash, &visitor, &issuer)).await? {
        Turn::On(opened) => Ok(opened),
        Turn::Ended => {
            Err(Error::new(Code::Unauthenticated, "The refresh token is not valid any more; log in again."))
        }
        Turn::Reused => {
            gate.sessions.forget();
            Err(Error::new(Code::TokenReused, "Log in again, and look at GET /api/v1/me/sessions."))
        }
    }
}

fn find(tx: &mut Tx, hash: &str) -> Result<Option<Stored>> {
    let query = refresh_tokens::table.select(Stored::as_select()).filter(refresh_tokens::hash.eq(hash));
    Ok(query.first(tx.conn()).optional()?)
}

/// Holds the session, so that two requests with tokens of one family take turns.
fn hold(tx: &mut Tx, session: SessionId) -> Result<Carried> {
    let query = rows::table.select(Carried::as_select()).filter(rows::id.eq(session));
    Ok(query.lock_rows().get_result(tx.conn())?)
}

fn turn(tx: &mut Tx, hash: &str, visitor: &Visitor, issuer: &str) -> Result<Turn> {
    let Some(found) = find(tx, hash)? else { return Ok(Turn::Ended) };
    let session = hold(tx, found.session_id)?;
    let Some(token) = find(tx, hash)? else { return Ok(Turn::Ended) };
    let now = tx.now();
    let visitor = visitor.clone().is(session.user_id);
    let open = store::account(tx, session.user_id)?.is_open(store::today(tx));
    if session.ended_at.is_some() || session.ends_at <= now || !open {
        return Ok(Turn::Ended);
    }
    let granted = match token.state.as_str() {
        "live" if token.expires_at <= now => return Ok(Turn::Ended),
        "live" => use_up(tx, token.id)?,
        "used" => answer_was_lost(tx, &token)?,
        _ => false,
    };
    if !granted {
        sessions::end(tx, session.id)?;
        journal::record(tx, Entry::new(&visitor, "session.token_reused", "session", session.id).refused());
        events::secured(tx, session.user_id, "sessions")?;
        return Ok(Turn::Reused);
    }
    Ok(match sessions::carry_on(tx, &session, token.id, issuer)? {
        Some(opened) => {
            journal::record(tx, Entry::new(&visitor, "session.refreshed", "session", session.id));
            Turn::On(opened)
        }
        None => Turn::Ended,
    })
}

fn use_up(tx: &mut Tx, token: RefreshId) -> Result<bool> {
    let now = tx.now();
    let used = diesel::update(refresh_tokens::table.filter(refresh_tokens::id.eq(token)))
        .filter(refresh_tokens::state.eq("live"))
        .set((refresh_tokens::state.eq("used"), refresh_tokens::used_at.eq(now)))
        .execute(tx.conn())?;
    Ok(used == 1)
}

/// The answer to the first use did not arrive: within a minute, and only while the successor lies unused, the token
/// counts once more, and that successor dies.
fn answer_was_lost(tx: &mut Tx, token: &Stored) -> Result<bool> {
    let oldest = tx.now().plus_seconds(-LOST_ANSWER);
    if token.used_at.is_none_or(|at| at < oldest) {
        return Ok(false);
    }
    let died = diesel::update(refresh_tokens::table.filter(refresh_tokens::predecessor.eq(token.id)))
        .filter(refresh_tokens::state.eq("live"))
        .set(refresh_tokens::state.eq("dead"))
        .execute(tx.conn())?;
    Ok(died == 1)
}
