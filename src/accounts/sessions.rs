//! Sessions: opened by a proof of who one is, listed, closed one by one or all at once.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::events;
use super::guard::Permit;
use super::secrets;
use super::store;
use crate::kernel::access::{Actor, Role, SecureAccount};
use crate::kernel::id::{RefreshId, SessionId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::schema::{refresh_tokens, role_grants, sessions};
use crate::platform::token::{Claims, LIFETIME};

/// Hours after which a session ends, whatever its use; of an administrator.
const OVERALL: (i64, i64) = (24, 12);
/// Minutes without use after which it ends; of an administrator.
const IDLE: (i64, i64) = (60, 30);

/// A session just opened or carried on: what becomes the access token, and the refresh token in clear.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) claims: Claims,
    pub(super) refresh: String,
}

/// A login of the caller on some device.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Last login or refresh.
    pub last_used_at: Timestamp,
    /// When it ends at the latest.
    pub ends_at: Timestamp,
    /// When the person last proved who they are.
    pub authenticated_at: Timestamp,
    /// How: `pwd`, `otp`.
    pub methods: String,
    /// `User-Agent` of the device.
    pub agent: String,
    /// Network it was opened from.
    pub source: String,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnSession {
    /// The session.
    #[serde(flatten)]
    pub session: Session,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Seconds that a session of the person may last, and lie idle.
fn limits(tx: &mut Tx, user: UserId) -> Result<(i64, i64)> {
    let now = tx.now();
    let administrators: i64 = role_grants::table
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::role.eq(Role::Administrator))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .count()
        .get_result(tx.conn())?;
    match administrators {
        0 => Ok((OVERALL.0 * 3600, IDLE.0 * 60)),
        _ => Ok((OVERALL.1 * 3600, IDLE.1 * 60)),
    }
}

/// Whether the person had a session from the same program and network lately: scripts and command lines keep no cookie.
pub(super) fn came_before(tx: &mut Tx, user: UserId, from: &Caller) -> Result<bool> {
    let known: Option<SessionId> = sessions::table
        .select(sessions::id)
        .filter(sessions::user_id.eq(user))
        .filter(sessions::agent.eq(&from.agent))
        .filter(sessions::source.eq(&from.source))
        .order(sessions::id.desc())
        .first(tx.conn())
        .optional()?;
    Ok(known.is_some())
}

/// Opens a session of a person who just proved who they are by `methods`.
pub(super) fn open(tx: &mut Tx, user: UserId, methods: &str, from: &Caller, issuer: &str) -> Result<Opened> {
    let (id, now) = (tx.new_id::<SessionId>(), tx.now());
    let (overall, idle) = limits(tx, user)?;
    let ends_at = now.plus_seconds(overall);
    diesel::insert_into(sessions::table)
        .values((
            (sessions::id.eq(id), sessions::user_id.eq(user), sessions::created_at.eq(now)),
            (sessions::last_used_at.eq(now), sessions::ends_at.eq(ends_at)),
            (sessions::authenticated_at.eq(now), sessions::methods.eq(methods)),
            (sessions::agent.eq(&from.agent), sessions::source.eq(&from.source)),
        ))
        .execute(tx.conn())?;
    store::seen(tx, user)?;
    let refresh = add_refresh(tx, id, None, now.plus_seconds(idle))?;
    Ok(Opened { claims: claims(tx, user, id, now, methods, issuer), refresh })
}

/// A session that is carried on: until when, and what its tokens say.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(super) struct Carried {
    pub(super) id: SessionId,
    pub(super) user_id: UserId,
    created_at: Timestamp,
    pub(super) ends_at: Timestamp,
    pub(super) ended_at: Option<Timestamp>,
    authenticated_at: Timestamp,
    methods: String,
}

/// Carries a session on with a new refresh token after `predecessor`; `None` when it is too old for the person's role.
pub(super) fn carry_on(
    tx: &mut Tx,
    session: &Carried,
    predecessor: RefreshId,
    issuer: &str,
) -> Result<Option<Opened>> {
    let now = tx.now();
    let (overall, idle) = limits(tx, session.user_id)?;
    let ends_at = session.ends_at.min(session.created_at.plus_seconds(overall));
    if ends_at <= now {
        return Ok(None);
    }
    diesel::update(sessions::table.filter(sessions::id.eq(session.id)))
        .set((sessions::last_used_at.eq(now), sessions::ends_at.eq(ends_at)))
        .execute(tx.conn())?;
    store::seen(tx, session.user_id)?;
    let expires = now.plus_seconds(idle).min(ends_at);
    let refresh = add_refresh(tx, session.id, Some(predecessor), expires)?;
    let claims = claims(tx, session.user_id, session.id, session.authenticated_at, &session.methods, issuer);
    Ok(Some(Opened { claims, refresh }))
}

fn add_refresh(
    tx: &mut Tx,
    session: SessionId,
    predecessor: Option<RefreshId>,
    expires_at: Timestamp,
) -> Result<String> {
    let (id, now, token) = (tx.new_id::<RefreshId>(), tx.now(), secrets::token()?);
    diesel::insert_into(refresh_tokens::table)
        .values((
            (refresh_tokens::id.eq(id), refresh_tokens::session_id.eq(session)),
            refresh_tokens::hash.eq(secrets::hash_of(&token)),
            refresh_tokens::state.eq("live"),
            refresh_tokens::predecessor.eq(predecessor),
            (refresh_tokens::created_at.eq(now), refresh_tokens::expires_at.eq(expires_at)),
        ))
        .execute(tx.conn())?;
    Ok(token)
}

/// What an access token of a session says now.
pub(super) fn claims(
    tx: &Tx,
    user: UserId,
    session: SessionId,
    authenticated_at: Timestamp,
    methods: &str,
    issuer: &str,
) -> Claims {
    let now = tx.now().seconds();
    Claims {
        iss: issuer.into(),
        aud: issuer.into(),
        sub: user.0,
        sid: session.0,
        jti: tx.new_id(),
        iat: now,
        nbf: now,
        exp: now + LIFETIME,
        auth_time: authenticated_at.seconds(),
        amr: methods.split(' ').map(str::to_owned).collect(),
    }
}

/// The caller's sessions in force, in order of ids.
pub(super) fn list(
    tx: &mut Tx,
    permit: &Permit<SecureAccount>,
    page: &PageRequest,
) -> Result<Page<OwnSession>> {
    let (now, current) = (tx.now(), permit.session());
    let mut query = sessions::table
        .select(Session::as_select())
        .filter(sessions::user_id.eq(permit.user()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::ends_at.gt(now))
        .order(sessions::id)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after_id::<SessionId>() {
        query = query.filter(sessions::id.gt(after));
    }
    let page =
        Page::of(query.load(tx.conn())?, page, |row: &Session| Position { key: String::new(), id: row.id.0 });
    Ok(page.map(|session| OwnSession { current: current == Some(session.id), session }))
}

/// Closes one of the caller's sessions.
///
/// # Errors
/// 404 for a session that is not the caller's or has ended; 401 without a fresh proof, unless it is the one that asks.
pub(super) fn close(tx: &mut Tx, permit: &Permit<SecureAccount>, id: SessionId) -> Result<()> {
    if permit.session() != Some(id) {
        permit.fresh()?;
    }
    let now = tx.now();
    let closed = diesel::update(sessions::table.filter(sessions::id.eq(id)))
        .filter(sessions::user_id.eq(permit.user()))
        .filter(sessions::ended_at.is_null())
        .set(sessions::ended_at.eq(now))
        .execute(tx.conn())?;
    if closed == 0 {
        return Err(Error::not_found());
    }
    journal::record(tx, Entry::new(permit, "session.ended", "session", id));
    Ok(())
}

/// Closes all of the caller's sessions but the one that asks.
pub(super) fn close_others(tx: &mut Tx, permit: &Permit<SecureAccount>) -> Result<()> {
    permit.fresh()?;
    end_all(tx, permit.user(), permit.session())?;
    journal::record(tx, Entry::new(permit, "session.others_ended", "user", permit.user()));
    events::secured(tx, permit.user(), "sessions")
}

/// Ends every session of a person, except one.
pub(super) fn end_all(tx: &mut Tx, user: UserId, except: Option<SessionId>) -> Result<()> {
    let now = tx.now();
    let nil = SessionId(uuid::Uuid::nil());
    diesel::update(sessions::table.filter(sessions::user_id.eq(user)))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::id.ne(except.unwrap_or(nil)))
        .set(sessions::ended_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Ends one session, whoever asks.
pub(super) fn end(tx: &mut Tx, id: SessionId) -> Result<()> {
    let now = tx.now();
    diesel::update(sessions::table.filter(sessions::id.eq(id)))
        .filter(sessions::ended_at.is_null())
        .set(sessions::ended_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}
