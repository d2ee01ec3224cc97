//! People and sessions made by the house itself: for the demo, the command line and tests.

use diesel::prelude::*;

use super::caller::Caller;
use super::links::{self, LinkKind};
use super::model::{Grant, NewGrant, UserStatus};
use super::users as users_seen;
use super::{grants, invitations, sessions, store};
use crate::kernel::access::{Actor, Scope, System};
use crate::kernel::id::{GrantId, LinkId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::{Timestamp, Zone};
use crate::kernel::{Error, Result};
use crate::platform::connection::MultiBackend;
use crate::platform::db::{Constraint, Tx};
use crate::platform::journal::{self, Entry};
use crate::platform::schema::{role_grants, users};
use crate::platform::token::Claims;

/// A person to be settled without an invitation.
#[derive(Clone, Debug)]
pub struct Person {
    /// Address.
    pub email: Email,
    /// Name.
    pub name: Name,
    /// Language of letters.
    pub language: Lang,
    /// Zone.
    pub timezone: Zone,
    /// PHC string, or none for a person who can't log in yet.
    pub password_hash: Option<String>,
    /// Roles.
    pub grants: Vec<NewGrant>,
}

/// Makes an active account with its roles.
///
/// # Errors
/// 409 when the address is taken.
pub fn settle(tx: &mut Tx, reason: &System, person: &Person) -> Result<UserId> {
    settle_by(tx, reason, person)
}

/// The same by whoever it is.
pub(super) fn settle_by(tx: &mut Tx, reason: &impl Actor, person: &Person) -> Result<UserId> {
    let (id, now) = (tx.new_id::<UserId>(), tx.now());
    diesel::insert_into(users::table)
        .values((
            (users::id.eq(id), users::email.eq(&person.email), users::email_folded.eq(person.email.folded())),
            (
                users::name.eq(&person.name),
                users::language.eq(person.language),
                users::timezone.eq(person.timezone),
            ),
            (users::status.eq(UserStatus::Active), users::password_hash.eq(&person.password_hash)),
            (users::version.eq(1), users::created_at.eq(now), users::created_by.eq(reason.user())),
            (users::updated_at.eq(now), users::updated_by.eq(reason.user())),
        ))
        .execute(tx.conn())
        .on_unique(|| {
            Error::new(
                crate::kernel::error::Code::AlreadyExists,
                "There is already an account with this address.",
            )
        })?;
    journal::record(tx, Entry::new(reason, "user.settled", "user", id));
    for grant in &person.grants {
        give(tx, reason, id, *grant)?;
    }
    Ok(id)
}

/// Whether there is an account with this address.
///
/// # Errors
/// When the database refuses.
pub fn is_settled(tx: &mut Tx, email: &str) -> Result<bool> {
    let email: Email = email.parse().map_err(|_| Error::internal("not an address"))?;
    let known: i64 =
        users::table.filter(users::email_folded.eq(email.folded())).count().get_result(tx.conn())?;
    Ok(known > 0)
}

/// Gives a role.
///
/// # Errors
/// When the database refuses.
pub fn give(tx: &mut Tx, by: &impl Actor, user: UserId, grant: NewGrant) -> Result<GrantId> {
    give_until(tx, by, user, grant, None)
}

/// Takes a role away where the person holds it; nothing happens where not.
///
/// # Errors
/// 409 for the last administrator or the last focal point of a country.
pub fn take(tx: &mut Tx, by: &impl Actor, user: UserId, grant: NewGrant) -> Result<()> {
    let same =
        |g: &Grant| g.role == grant.role && g.country == grant.country && g.program_id == grant.program_id;
    let held = users_seen::grants_within(tx, &Scope::All, &[user])?;
    match held.iter().find(|held| same(held)) {
        Some(held) => {
            grants::someone_stays(tx, user, held.role, held.country)?;
            grants::end(tx, by, held)
        }
        None => Ok(()),
    }
}

/// Invites a person without asking who may: for the command line. The letter carries the link; the caller may print it.
///
/// # Errors
/// 409 when the address is taken.
pub fn invite(tx: &mut Tx, reason: &System, person: &Person) -> Result<(UserId, LinkId)> {
    let id = settle_by(tx, reason, person)?;
    diesel::update(users::table.filter(users::id.eq(id)))
        .set(users::status.eq(UserStatus::Invited))
        .execute(tx.conn())?;
    Ok((id, invitations::send(tx, reason, id, &person.email)?))
}

/// A link for a new password: for the command line. `None` when no active account has the address.
///
/// # Errors
/// When the database refuses.
pub fn reset_link(tx: &mut Tx, reason: &System, email: &Email) -> Result<Option<LinkId>> {
    let today = store::today(tx);
    let account = store::account_at(tx, &email.folded())?.filter(|account| account.is_open(today));
    let Some(account) = account else { return Ok(None) };
    journal::record(tx, Entry::new(reason, "password.forgotten", "user", account.id));
    links::issue(tx, LinkKind::Reset, Some(account.id), None, reason.user()).map(Some)
}

/// The active account with this address, for work that an operator does in its name; noted in the audit chain.
///
/// # Errors
/// When the database refuses.
pub fn at_work(tx: &mut Tx, reason: &System, email: &Email) -> Result<Option<UserId>> {
    let today = store::today(tx);
    let account = store::account_at(tx, &email.folded())?.filter(|account| account.is_open(today));
    if let Some(account) = &account {
        journal::record(tx, Entry::new(reason, "session.opened", "user", account.id));
    }
    Ok(account.map(|account| account.id))
}

/// Gives a role that ends at an instant.
///
/// # Errors
/// 409 when the person holds it already.
pub fn give_until(
    tx: &mut Tx,
    by: &impl Actor,
    user: UserId,
    grant: NewGrant,
    valid_to: Option<Timestamp>,
) -> Result<GrantId> {
    let (id, now) = (tx.new_id::<GrantId>(), tx.now());
    close_expired(tx, user, grant)?;
    diesel::insert_into(role_grants::table)
        .values((
            role_grants::id.eq(id),
            role_grants::user_id.eq(user),
            role_grants::role.eq(grant.role),
            role_grants::country.eq(grant.country),
            (role_grants::program_id.eq(grant.program_id), role_grants::valid_to.eq(valid_to)),
            role_grants::granted_by.eq(by.user()),
            role_grants::granted_at.eq(now),
        ))
        .execute(tx.conn())
        .on_unique(|| {
            Error::new(crate::kernel::error::Code::AlreadyExists, "The person holds this role here already.")
        })?;
    let mut entry = Entry::new(by, "role.granted", "user", user);
    if let Some(country) = grant.country {
        entry = entry.country(country);
    }
    if let Some(program) = grant.program_id {
        entry = entry.program(program);
    }
    journal::record(tx, entry);
    Ok(id)
}

/// Closes grants of the same role that ran out, so that it can be given again.
fn close_expired(tx: &mut Tx, user: UserId, grant: NewGrant) -> Result<()> {
    let now = tx.now();
    let mut over = role_grants::table
        .select(role_grants::id)
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::role.eq(grant.role))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.le(now))
        .into_boxed::<MultiBackend>();
    if let Some(country) = grant.country {
        over = over.filter(role_grants::country.eq(country));
    }
    if let Some(program) = grant.program_id {
        over = over.filter(role_grants::program_id.eq(program));
    }
    let ids: Vec<GrantId> = over.load(tx.conn())?;
    if ids.is_empty() {
        return Ok(());
    }
    diesel::update(role_grants::table.filter(role_grants::id.eq_any(ids)))
        .set(role_grants::revoked_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Opens a session without a login and returns its claims, ready to be signed for `issuer`.
///
/// # Errors
/// When the database refuses.
pub fn open_session(tx: &mut Tx, user: UserId, issuer: &str) -> Result<Claims> {
    let from = Caller { source: "house".into(), agent: "house".into(), device: None };
    sessions::open(tx, user, "pwd", &from, issuer).map(|opened| opened.claims)
}
