//! Rows of people, grants and sessions.

use diesel::prelude::*;

use super::model::{Grant, Standing, User};
use crate::kernel::Result;
use crate::kernel::access::Role;
use crate::kernel::id::{Iso2, SessionId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::time::{Timestamp, Zone};
use crate::platform::db::Tx;
use crate::platform::schema::{role_grants, sessions, users};

/// The caller behind a session that is in force; `None` when it ended, or the person may no longer log in.
pub(super) fn standing(tx: &mut Tx, session: SessionId) -> Result<Option<Standing>> {
    let now = tx.now();
    let found: Option<(UserId, Lang, Zone, Timestamp)> = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .select((users::id, users::language, users::timezone, sessions::ends_at))
        .filter(sessions::id.eq(session))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::ends_at.gt(now))
        .filter(users::status.eq("active"))
        .first(tx.conn())
        .optional()?;
    let Some((user, language, timezone, ends_at)) = found else { return Ok(None) };
    let in_force = role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now));
    let grants: Vec<(Role, Option<Iso2>, Option<Timestamp>)> = role_grants::table
        .select((role_grants::role, role_grants::country, role_grants::valid_to))
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::revoked_at.is_null())
        .filter(in_force)
        .filter(role_grants::program_id.is_null())
        .load(tx.conn())?;
    let program_roles: Vec<Role> = role_grants::table
        .select(role_grants::role)
        .distinct()
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::revoked_at.is_null())
        .filter(in_force)
        .filter(role_grants::program_id.is_not_null())
        .load(tx.conn())?;
    Ok(Some(Standing { user, session, language, timezone, grants, program_roles, ends_at }))
}

/// A person by id.
pub(super) fn user(tx: &mut Tx, id: UserId) -> Result<Option<User>> {
    Ok(users::table.select(User::as_select()).filter(users::id.eq(id)).first(tx.conn()).optional()?)
}

/// The grants in force of a person.
pub(super) fn grants_of(tx: &mut Tx, id: UserId) -> Result<Vec<Grant>> {
    let now = tx.now();
    let rows = role_grants::table
        .select(Grant::as_select())
        .filter(role_grants::user_id.eq(id))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .order(role_grants::id)
        .load(tx.conn())?;
    Ok(rows)
}
