//! Addresses that refuse letters: since when and why, and how they get another chance.

use diesel::dsl::count_star;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::guard::Permit;
use super::model::User;
use super::users::{self, UserShown};
use crate::kernel::Result;
use crate::kernel::access::EditUsers;
use crate::kernel::id::{ObjectId, UserId};
use crate::kernel::time::Timestamp;
use crate::platform::connection::IntoPortable;
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::schema::{address_refusals, letter_suppressions, users as people};

/// Refusals within [`DAYS`], with no letter taken in between, that are as good as one for good.
const OFTEN: i64 = 5;
/// Days for which a refusal counts.
const DAYS: i64 = 14;

/// An address that refuses letters. None go there but those that somebody asked for just now, with a link; where it is
/// not for good, those on security too. It ends with the first letter that is taken, with another address, or when an
/// administrator says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = letter_suppressions)]
pub struct Bouncing {
    /// The address in lower case.
    #[serde(skip)]
    pub address: String,
    /// Since when.
    #[diesel(column_name = at)]
    pub since: Timestamp,
    /// What the mail server said.
    pub reason: String,
    /// The server said that there is no such address; else it refused five letters within 14 days.
    pub for_good: bool,
}

/// What is held against an address, in lower case.
///
/// # Errors
/// When the database refuses.
pub fn bouncing(tx: &mut Tx, address: &str) -> Result<Option<Bouncing>> {
    Ok(marks(tx, vec![address.to_owned()])?.pop())
}

fn marks(tx: &mut Tx, addresses: Vec<String>) -> Result<Vec<Bouncing>> {
    let found = letter_suppressions::table
        .select(Bouncing::as_select())
        .filter(letter_suppressions::address.eq_any(addresses));
    Ok(found.load(tx.conn())?)
}

/// What is held against the addresses of people.
pub(super) fn of(tx: &mut Tx, people: &[&User]) -> Result<Vec<Bouncing>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    marks(tx, people.iter().map(|user| user.email.folded()).collect())
}

/// Notes that an address refused a letter, for good or only this one; tells whether that makes it bounce from now on.
///
/// # Errors
/// When the database refuses.
pub fn refused(tx: &mut Tx, address: &str, for_good: bool, reason: &str) -> Result<bool> {
    let now = tx.now();
    if !for_good && refusals(tx, address)? < OFTEN {
        return Ok(false);
    }
    if for_good {
        // What is for good takes the place of what was not.
        diesel::delete(letter_suppressions::table.filter(letter_suppressions::address.eq(address)))
            .filter(letter_suppressions::for_good.eq(false))
            .execute(tx.conn())?;
    }
    let added = diesel::insert_into(letter_suppressions::table)
        .values((
            letter_suppressions::address.eq(address),
            letter_suppressions::reason.eq(reason),
            letter_suppressions::at.eq(now),
            letter_suppressions::for_good.eq(for_good),
        ))
        .on_conflict_do_nothing()
        .portable()
        .execute(tx.conn())?;
    if added == 1 {
        touch(tx, address)?;
    }
    Ok(added == 1)
}

/// Counts one more refusal; how many there are now.
fn refusals(tx: &mut Tx, address: &str) -> Result<i64> {
    let (id, now) = (tx.new_id::<ObjectId>(), tx.now());
    let oldest = now.plus_days(-DAYS);
    diesel::delete(address_refusals::table.filter(address_refusals::at.le(oldest))).execute(tx.conn())?;
    diesel::insert_into(address_refusals::table)
        .values((
            address_refusals::id.eq(id),
            address_refusals::address.eq(address),
            address_refusals::at.eq(now),
        ))
        .execute(tx.conn())?;
    let counted = address_refusals::table.filter(address_refusals::address.eq(address)).select(count_star());
    Ok(counted.first(tx.conn())?)
}

/// Forgets what is held against an address: it took a letter, or somebody vouches for it. Tells whether it bounced.
///
/// # Errors
/// When the database refuses.
pub fn takes_letters(tx: &mut Tx, address: &str) -> Result<bool> {
    diesel::delete(address_refusals::table.filter(address_refusals::address.eq(address)))
        .execute(tx.conn())?;
    let marks = diesel::delete(letter_suppressions::table.filter(letter_suppressions::address.eq(address)))
        .execute(tx.conn())?;
    if marks == 1 {
        touch(tx, address)?;
    }
    Ok(marks == 1)
}

/// Lets letters go to a person's address again; nothing happens where none are held back.
///
/// # Errors
/// 404, 403.
pub(super) fn release(tx: &mut Tx, permit: &Permit<EditUsers>, id: UserId) -> Result<UserShown> {
    let user = users::editable(tx, permit, id)?;
    if takes_letters(tx, &user.email.folded())? {
        journal::record(tx, Entry::new(permit, "address.released", "user", id));
    }
    users::get(tx, permit, id)
}

/// The record that administrators read says something else now.
fn touch(tx: &mut Tx, address: &str) -> Result<()> {
    let now = tx.now();
    diesel::update(people::table.filter(people::email_folded.eq(address)))
        .set((people::version.eq(people::version + 1), people::updated_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}
