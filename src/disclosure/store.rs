//! Rows of holdings and of the persons named on them.

use diesel::prelude::*;

use super::label::Tlp;
use super::model::{Depth, Holding, Named, Part};
use super::reach::singly_disclosed;
use crate::kernel::access::{Role, Scope};
use crate::kernel::id::{HoldingId, Iso2, ProgramId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::connection::IntoPortable;
use crate::platform::db::Tx;
use crate::platform::schema::{
    holding_people, holdings, program_countries, role_grants, share_grants, users,
};

/// Enters what a country owns, in the transaction that enters the record itself.
///
/// # Errors
/// When the database refuses.
pub fn enter(tx: &mut Tx, holding: &Holding) -> Result<()> {
    diesel::insert_into(holdings::table).values(holding).execute(tx.conn())?;
    Ok(())
}

/// A holding, whoever asks: for a slice that found its own record within reach before.
///
/// # Errors
/// When the database refuses.
pub fn find(tx: &mut Tx, id: HoldingId) -> Result<Option<Holding>> {
    Ok(holdings::table.find(id).select(Holding::as_select()).first(tx.conn()).optional()?)
}

/// A holding that the caller may see.
pub(super) fn seen(tx: &mut Tx, scope: &Scope, id: HoldingId) -> Result<Option<Holding>> {
    let found = holdings::table
        .select(Holding::as_select())
        .filter(holdings::id.eq(id))
        .filter(singly_disclosed(holdings::id, scope, Depth::Summary))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Gives it another title, with the record itself.
///
/// # Errors
/// When the database refuses.
pub fn rename(tx: &mut Tx, id: HoldingId, title: &Titles) -> Result<()> {
    diesel::update(holdings::table.find(id)).set(holdings::title.eq(title)).execute(tx.conn())?;
    Ok(())
}

/// Publishes it, or takes it back: GREEN and CLEAR count only for what is published.
///
/// # Errors
/// When the database refuses.
pub fn publish(tx: &mut Tx, id: HoldingId, published: bool) -> Result<()> {
    diesel::update(holdings::table.find(id)).set(holdings::published.eq(published)).execute(tx.conn())?;
    Ok(())
}

/// Hides it from everyone, with the record itself.
///
/// # Errors
/// When the database refuses.
pub fn remove(tx: &mut Tx, id: HoldingId) -> Result<()> {
    let now = tx.now();
    diesel::update(holdings::table.find(id)).set(holdings::deleted_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Puts another label on it.
pub(super) fn relabel(tx: &mut Tx, id: HoldingId, tlp: Tlp) -> Result<()> {
    diesel::update(holdings::table.find(id)).set(holdings::tlp.eq(tlp)).execute(tx.conn())?;
    Ok(())
}

/// Names a person on a holding for a part; naming somebody twice does no harm.
///
/// # Errors
/// 422 at `pointer` for who has no active account, and for an administrator, who reads no content of countries.
pub fn name(tx: &mut Tx, id: HoldingId, user: UserId, part: Part, by: UserId, pointer: &str) -> Result<()> {
    may_be_told(tx, user, pointer)?;
    let named = Named { holding_id: id, user_id: user, part, named_by: by, named_at: tx.now() };
    diesel::insert_into(holding_people::table)
        .values(&named)
        .on_conflict_do_nothing()
        .portable()
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a person off a holding for a part.
///
/// # Errors
/// When the database refuses.
pub fn unname(tx: &mut Tx, id: HoldingId, user: UserId, part: Part) -> Result<()> {
    let row = holding_people::table
        .filter(holding_people::holding_id.eq(id))
        .filter(holding_people::user_id.eq(user))
        .filter(holding_people::part.eq(part));
    diesel::delete(row).execute(tx.conn())?;
    Ok(())
}

/// The persons named on a holding, with their parts.
///
/// # Errors
/// When the database refuses.
pub fn named(tx: &mut Tx, id: HoldingId) -> Result<Vec<(UserId, Part)>> {
    let rows = holding_people::table
        .select((holding_people::user_id, holding_people::part))
        .filter(holding_people::holding_id.eq(id))
        .order((holding_people::part, holding_people::named_at, holding_people::user_id))
        .load(tx.conn())?;
    Ok(rows)
}

/// For what a person is named on some holdings.
pub(super) fn parts(tx: &mut Tx, ids: &[HoldingId], user: UserId) -> Result<Vec<(HoldingId, Part)>> {
    let rows = holding_people::table
        .select((holding_people::holding_id, holding_people::part))
        .filter(among(holding_people::holding_id, ids))
        .filter(holding_people::user_id.eq(user))
        .load(tx.conn())?;
    Ok(rows)
}

/// Some holdings, whoever asks: for pages that were narrowed to what the caller sees before.
pub(super) fn of_ids(tx: &mut Tx, ids: &[HoldingId]) -> Result<Vec<Holding>> {
    let rows = holdings::table.select(Holding::as_select()).filter(among(holdings::id, ids));
    Ok(rows.order(holdings::id).load(tx.conn())?)
}

/// The offices that a person holds for a country.
pub(super) fn offices(tx: &mut Tx, user: UserId, country: Iso2) -> Result<Vec<Role>> {
    let now = tx.now();
    let rows = role_grants::table
        .select(role_grants::role)
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::country.eq(country))
        .filter(role_grants::program_id.is_null())
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .load(tx.conn())?;
    Ok(rows)
}

/// Refuses to disclose to who has no active account or runs the system.
///
/// # Errors
/// 422 at `pointer`.
pub(super) fn may_be_told(tx: &mut Tx, user: UserId, pointer: &str) -> Result<()> {
    let now = tx.now();
    let rules = role_grants::table
        .select(role_grants::user_id)
        .filter(role_grants::role.eq(Role::Administrator))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)));
    let found: i64 = users::table
        .filter(users::id.eq(user))
        .filter(users::status.eq("active"))
        .filter(users::id.ne_all(rules))
        .count()
        .get_result(tx.conn())?;
    if found == 1 {
        return Ok(());
    }
    let words = "Name a person with an active account who is no administrator: administrators read no content of countries.";
    Err(Error::invalid(pointer, "not_a_reader", words))
}

/// The grants in force of some holdings to a person or to a team of theirs.
pub(super) fn shared(tx: &mut Tx, ids: &[HoldingId], user: UserId) -> Result<Vec<(HoldingId, Depth)>> {
    let (now, today) = (tx.now(), Day(tx.now().utc().date_naive()));
    let teams = role_grants::table
        .select(role_grants::program_id)
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::program_id.is_not_null())
        .filter(role_grants::role.eq_any([Role::Coordinator, Role::Trainer]))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)));
    let rows = share_grants::table
        .select((share_grants::holding_id, share_grants::level))
        .filter(among(share_grants::holding_id, ids))
        .filter(share_grants::status.eq("granted"))
        .filter(share_grants::expires_on.ge(today))
        .filter(share_grants::user_id.eq(user).or(share_grants::program_id.eq_any(teams)).assume_not_null())
        .load(tx.conn())?;
    Ok(rows)
}

/// Those of some programs in which a country takes part for which the person holds an office.
pub(super) fn partner_in(tx: &mut Tx, user: UserId, programs: &[ProgramId]) -> Result<Vec<ProgramId>> {
    let now = tx.now();
    let rows = program_countries::table
        .inner_join(role_grants::table.on(role_grants::country.eq(program_countries::country.nullable())))
        .select(program_countries::program_id)
        .filter(among(program_countries::program_id, programs))
        .filter(program_countries::status.ne("deleted"))
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .distinct()
        .load(tx.conn())?;
    Ok(rows)
}
