//! People and sessions made by the house itself: for the demo, the command line and tests.

use diesel::prelude::*;

use super::caller::Caller;
use super::model::{NewGrant, UserStatus};
use super::sessions;
use crate::kernel::access::{Actor, System};
use crate::kernel::id::{GrantId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::Zone;
use crate::kernel::{Error, Result};
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
    let (id, now) = (tx.new_id::<GrantId>(), tx.now());
    diesel::insert_into(role_grants::table)
        .values((
            role_grants::id.eq(id),
            role_grants::user_id.eq(user),
            role_grants::role.eq(grant.role),
            role_grants::country.eq(grant.country),
            role_grants::program_id.eq(grant.program_id),
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

/// Opens a session without a login and returns its claims, ready to be signed for `issuer`.
///
/// # Errors
/// When the database refuses.
pub fn open_session(tx: &mut Tx, user: UserId, issuer: &str) -> Result<Claims> {
    let from = Caller { source: "house".into(), agent: "house".into(), device: None };
    sessions::open(tx, user, "pwd", &from, issuer).map(|opened| opened.claims)
}
