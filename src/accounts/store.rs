//! Rows of people, grants and sessions.

use std::collections::HashMap;

use diesel::prelude::*;

use super::api_tokens::ApiToken;
use super::model::{Credential, Machine, Somebody, Standing, User, UserStatus};
use crate::kernel::access::Role;
use crate::kernel::id::{ApiTokenId, Iso2, SessionId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::db::{Constraint, Tx};
use crate::platform::schema::{api_tokens, role_grants, second_factors, sessions, users};

/// The caller behind a session that is in force; `None` when it ended, or the person may no longer log in.
pub(super) fn standing(tx: &mut Tx, session: SessionId) -> Result<Option<Standing>> {
    let (now, today) = (tx.now(), today(tx));
    let found: Option<(UserId, Lang, Zone, Timestamp, Timestamp, Option<Timestamp>)> = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .left_join(second_factors::table.on(second_factors::user_id.eq(sessions::user_id)))
        .select((
            users::id,
            users::language,
            users::timezone,
            sessions::ends_at,
            sessions::authenticated_at,
            second_factors::confirmed_at.nullable(),
        ))
        .filter(sessions::id.eq(session))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::ends_at.gt(now))
        .filter(users::status.eq(UserStatus::Active))
        .filter(users::expires_on.is_null().or(users::expires_on.ge(today)))
        .first(tx.conn())
        .optional()?;
    let Some((user, language, timezone, ends_at, authenticated_at, confirmed)) = found else {
        return Ok(None);
    };
    let (grants, program_roles) = roles_in_force(tx, user)?;
    Ok(Some(Standing {
        user,
        credential: Credential::Session(session),
        language,
        timezone,
        grants,
        program_roles,
        ends_at,
        authenticated_at,
        second_factor: confirmed.is_some(),
    }))
}

/// People by name, for the records that name them.
///
/// # Errors
/// When the database refuses.
pub fn people(tx: &mut Tx, ids: &[UserId]) -> Result<HashMap<UserId, Somebody>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(UserId, Name)> =
        users::table.select((users::id, users::name)).filter(among(users::id, ids)).load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, name)| (id, Somebody { id, name })).collect())
}

/// What a person who is not here holds now; `None` when they may no longer log in.
pub(super) fn absent(tx: &mut Tx, id: UserId) -> Result<Option<Standing>> {
    let (now, day) = (tx.now(), today(tx));
    let open = account(tx, id)?.is_open(day);
    let Some(person) = user(tx, id)?.filter(|_| open) else { return Ok(None) };
    let (grants, program_roles) = roles_in_force(tx, id)?;
    Ok(Some(Standing {
        user: id,
        credential: Credential::Session(SessionId(uuid::Uuid::nil())),
        language: person.language,
        timezone: person.timezone,
        grants,
        program_roles,
        ends_at: now,
        authenticated_at: Timestamp(0),
        second_factor: false,
    }))
}

/// The day now in UTC: accounts end with it.
pub(super) fn today(tx: &Tx) -> Day {
    Day(tx.now().date_in(Zone::UTC))
}

type Held = Vec<(Role, Option<Iso2>, Option<Timestamp>)>;

fn roles_in_force(tx: &mut Tx, user: UserId) -> Result<(Held, Vec<Role>)> {
    let now = tx.now();
    let in_force = role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now));
    let grants = role_grants::table
        .select((role_grants::role, role_grants::country, role_grants::valid_to))
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::revoked_at.is_null())
        .filter(in_force)
        .filter(role_grants::program_id.is_null())
        .load(tx.conn())?;
    let program_roles = role_grants::table
        .select(role_grants::role)
        .distinct()
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::revoked_at.is_null())
        .filter(in_force)
        .filter(role_grants::program_id.is_not_null())
        .load(tx.conn())?;
    Ok((grants, program_roles))
}

/// The machine client behind an API token that is in force, with the roles of its owner.
pub(super) fn machine(tx: &mut Tx, token: ApiTokenId) -> Result<Option<Standing>> {
    let (now, today) = (tx.now(), today(tx));
    let found: Option<(Owner, ApiToken, String, Option<Timestamp>)> = api_tokens::table
        .inner_join(users::table.on(users::id.eq(api_tokens::user_id)))
        .left_join(second_factors::table.on(second_factors::user_id.eq(api_tokens::user_id)))
        .select((
            (users::id, users::language, users::timezone),
            ApiToken::as_select(),
            api_tokens::hash,
            second_factors::confirmed_at.nullable(),
        ))
        .filter(api_tokens::id.eq(token))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.gt(now))
        .filter(users::status.eq(UserStatus::Active))
        .filter(users::expires_on.is_null().or(users::expires_on.ge(today)))
        .first(tx.conn())
        .optional()?;
    let Some(((user, language, timezone), token, hash, confirmed)) = found else { return Ok(None) };
    let (grants, program_roles) = roles_in_force(tx, user)?;
    let machine = Machine {
        token: token.id,
        hash,
        permissions: token.permissions.0,
        countries: token.countries.map(|countries| countries.0),
        last_used_at: token.last_used_at,
    };
    Ok(Some(Standing {
        user,
        credential: Credential::Machine(machine),
        language,
        timezone,
        grants,
        program_roles,
        ends_at: token.expires_at,
        authenticated_at: token.created_at,
        second_factor: confirmed.is_some(),
    }))
}

type Owner = (UserId, Lang, Zone);

/// Notes the use of a token.
pub(super) fn token_used(tx: &mut Tx, token: ApiTokenId) -> Result<()> {
    let now = tx.now();
    diesel::update(api_tokens::table.filter(api_tokens::id.eq(token)))
        .set(api_tokens::last_used_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// What a login needs to know of an address.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct Account {
    /// The person.
    pub(super) id: UserId,
    /// Address for letters.
    pub(super) email: Email,
    /// Name.
    pub(super) name: Name,
    /// Where the account stands.
    pub(super) status: UserStatus,
    /// PHC string of the password.
    pub(super) password_hash: Option<String>,
    /// The account ends after this day.
    pub(super) expires_on: Option<Day>,
    /// Last login or refresh.
    pub(super) last_seen_at: Option<Timestamp>,
}

impl Account {
    /// Whether the person may log in on a day.
    pub(super) fn is_open(&self, today: Day) -> bool {
        self.status == UserStatus::Active && self.expires_on.is_none_or(|last| last >= today)
    }
}

/// The account of an address.
pub(super) fn account_at(tx: &mut Tx, folded: &str) -> Result<Option<Account>> {
    let query = users::table.select(Account::as_select()).filter(users::email_folded.eq(folded));
    Ok(query.first(tx.conn()).optional()?)
}

/// The account of a person.
pub(super) fn account(tx: &mut Tx, id: UserId) -> Result<Account> {
    let query = users::table.select(Account::as_select()).filter(users::id.eq(id));
    query.first(tx.conn()).optional()?.ok_or_else(Error::not_found)
}

/// Sets the password.
pub(super) fn set_password(tx: &mut Tx, id: UserId, hash: Option<&str>) -> Result<()> {
    let now = tx.now();
    diesel::update(users::table.filter(users::id.eq(id)))
        .set((users::password_hash.eq(hash), users::updated_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// Replaces the hash of a password by one at another cost, unless the password was changed meanwhile.
pub(super) fn renew_password(tx: &mut Tx, id: UserId, old: Option<&str>, hash: &str) -> Result<()> {
    diesel::update(users::table.filter(users::id.eq(id)).filter(users::password_hash.eq(old)))
        .set(users::password_hash.eq(hash))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that a person was here.
pub(super) fn seen(tx: &mut Tx, id: UserId) -> Result<()> {
    let now = tx.now();
    diesel::update(users::table.filter(users::id.eq(id)))
        .set(users::last_seen_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// A person by id.
pub(super) fn user(tx: &mut Tx, id: UserId) -> Result<Option<User>> {
    Ok(users::table.select(User::as_select()).filter(users::id.eq(id)).first(tx.conn()).optional()?)
}

/// Sets the address.
///
/// # Errors
/// 409 when somebody else took it meanwhile.
pub(super) fn set_email(tx: &mut Tx, id: UserId, email: &Email) -> Result<()> {
    let now = tx.now();
    diesel::update(users::table.filter(users::id.eq(id)))
        .set((
            (users::email.eq(email), users::email_folded.eq(email.folded())),
            (users::updated_at.eq(now), users::updated_by.eq(id), users::version.eq(users::version + 1)),
        ))
        .execute(tx.conn())
        .map(drop)
        .on_unique(|| Error::conflict("The address can't be used any more; ask for another change."))
}
