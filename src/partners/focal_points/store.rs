//! Rows of mandates, and the role grants that go with them.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::super::reach;
use super::model::{CONFIRM_EVERY_DAYS, Due, FocalPoint, FocalPointFilter, FocalPointStatus};
use crate::kernel::access::{Role, Scope};
use crate::kernel::error::Code;
use crate::kernel::id::{FocalPointId, Iso2, OrganizationId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::text::{Email, Name};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::kernel::{Error, Result};
use crate::platform::connection::{Claim, MultiBackend};
use crate::platform::db::{Constraint, Tx};
use crate::platform::http::etag;
use crate::platform::schema::{focal_points, organizations, partners, role_grants, users};

/// A mandate with the person's name and address.
pub(super) type Row = (FocalPoint, Name, Email);

/// Enters a mandate.
pub(super) fn insert(tx: &mut Tx, focal: &FocalPoint, by: UserId) -> Result<()> {
    let f = focal;
    diesel::insert_into(focal_points::table)
        .values((
            (focal_points::id.eq(f.id), focal_points::country.eq(f.country)),
            (focal_points::user_id.eq(f.user_id), focal_points::organization_id.eq(f.organization_id)),
            (focal_points::themes.eq(&f.themes), focal_points::letter_url.eq(&f.letter_url)),
            (focal_points::status.eq(f.status), focal_points::valid_from.eq(f.valid_from)),
            (focal_points::valid_to.eq(f.valid_to), focal_points::version.eq(f.version)),
            (focal_points::created_at.eq(f.created_at), focal_points::created_by.eq(by)),
            (focal_points::updated_at.eq(f.updated_at), focal_points::updated_by.eq(by)),
        ))
        .execute(tx.conn())
        .on_unique(|| {
            let detail = "This person is nominated or active for the country already.";
            Error::new(Code::AlreadyExists, detail)
        })?;
    Ok(())
}

/// One mandate of a country, with the status it has now.
pub(super) fn find(tx: &mut Tx, scope: &Scope, country: Iso2, id: FocalPointId) -> Result<Option<Row>> {
    let now = tx.now();
    let row: Option<Row> = focal_points::table
        .inner_join(users::table.on(users::id.eq(focal_points::user_id)))
        .select((FocalPoint::as_select(), users::name, users::email))
        .filter(focal_points::id.eq(id))
        .filter(focal_points::country.eq(country))
        .filter(reach::within(focal_points::country, scope))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(focal, name, email)| (focal.at(now), name, email)))
}

/// Mandates of a country, oldest first.
pub(super) fn list(
    tx: &mut Tx,
    scope: &Scope,
    country: Iso2,
    filter: &FocalPointFilter,
    page: &PageRequest,
) -> Result<Page<Row>> {
    let now = tx.now();
    let mut query = focal_points::table
        .inner_join(users::table.on(users::id.eq(focal_points::user_id)))
        .select((FocalPoint::as_select(), users::name, users::email))
        .filter(focal_points::country.eq(country))
        .filter(reach::within(focal_points::country, scope))
        .order(focal_points::id)
        .limit(page.fetch())
        .into_boxed::<MultiBackend>();
    let (stale, today) = (now.plus_days(-CONFIRM_EVERY_DAYS), today(tx));
    let lasts = focal_points::valid_to.is_null().or(focal_points::valid_to.ge(today));
    match filter.status {
        Some(FocalPointStatus::Unconfirmed) => {
            query = query
                .filter(focal_points::status.eq(FocalPointStatus::Active))
                .filter(lasts)
                .filter(focal_points::last_confirmed_at.le(stale));
        }
        Some(FocalPointStatus::Active) => {
            query = query
                .filter(focal_points::status.eq(FocalPointStatus::Active))
                .filter(lasts)
                .filter(focal_points::last_confirmed_at.gt(stale));
        }
        Some(FocalPointStatus::Ended) => {
            let over =
                focal_points::status.eq(FocalPointStatus::Active).and(focal_points::valid_to.lt(today));
            query = query.filter(focal_points::status.eq(FocalPointStatus::Ended).or(over.assume_not_null()));
        }
        Some(status) => query = query.filter(focal_points::status.eq(status)),
        None => {}
    }
    if let Some(after) = page.after_id::<FocalPointId>() {
        query = query.filter(focal_points::id.gt(after));
    }
    let rows: Vec<Row> = query.load(tx.conn())?;
    let page = Page::of(rows, page, |(focal, ..)| Position { key: String::new(), id: focal.id.0 });
    Ok(page.map(|(focal, name, email)| (focal.at(now), name, email)))
}

/// Writes a new version; `focal.version` is the one that was read.
pub(super) fn update(tx: &mut Tx, focal: &mut FocalPoint, by: UserId) -> Result<()> {
    let now = tx.now();
    let stored = match focal.status {
        FocalPointStatus::Unconfirmed => FocalPointStatus::Active,
        other => other,
    };
    let row = focal_points::table
        .filter(focal_points::id.eq(focal.id))
        .filter(focal_points::version.eq(focal.version));
    let changed = diesel::update(row)
        .set((
            focal_points::organization_id.eq(focal.organization_id),
            (focal_points::themes.eq(&focal.themes), focal_points::letter_url.eq(&focal.letter_url)),
            (focal_points::status.eq(stored), focal_points::valid_from.eq(focal.valid_from)),
            focal_points::valid_to.eq(focal.valid_to),
            focal_points::last_confirmed_at.eq(focal.last_confirmed_at),
            (focal_points::ended_at.eq(focal.ended_at), focal_points::ended_reason.eq(&focal.ended_reason)),
            (focal_points::version.eq(focal.version + 1), focal_points::updated_at.eq(now)),
            focal_points::updated_by.eq(by),
        ))
        .execute(tx.conn())?;
    if changed == 0 {
        return Err(etag::stale());
    }
    (focal.version, focal.updated_at) = (focal.version + 1, now);
    Ok(())
}

/// Locks the country's row, so that its mandates are counted and changed by one at a time.
pub(super) fn lock_country(tx: &mut Tx, country: Iso2) -> Result<()> {
    let query = partners::table.select(partners::country).filter(partners::country.eq(country));
    query.lock_rows().get_result::<Iso2>(tx.conn())?;
    Ok(())
}

fn today(tx: &Tx) -> Day {
    Day(tx.now().date_in(Zone::UTC))
}

/// How many people speak for the country now, confirmed or not.
pub(in crate::partners) fn active_in(tx: &mut Tx, country: Iso2) -> Result<i64> {
    let today = today(tx);
    let count = focal_points::table
        .filter(focal_points::country.eq(country))
        .filter(focal_points::status.eq(FocalPointStatus::Active))
        .filter(focal_points::valid_to.is_null().or(focal_points::valid_to.ge(today)))
        .count()
        .get_result(tx.conn())?;
    Ok(count)
}

/// Whether the person can be nominated: has an account that is in use and, for callers who speak for a country, belongs
/// to that country, so that nobody can probe for accounts elsewhere.
pub(super) fn is_eligible(tx: &mut Tx, scope: &Scope, country: Iso2, user: UserId) -> Result<bool> {
    let person = users::table.filter(users::id.eq(user)).filter(users::status.eq_any(["invited", "active"]));
    let known: bool = diesel::select(exists(person)).get_result(tx.conn())?;
    // As many statements for nobody as for somebody elsewhere.
    let near = matches!(scope, Scope::All) || belongs(tx, country, user, None)?;
    Ok(known && near)
}

/// Whether the person holds a role over the country; this role, when one is named.
pub(super) fn belongs(tx: &mut Tx, country: Iso2, user: UserId, role: Option<Role>) -> Result<bool> {
    let now = tx.now();
    let mut grants = role_grants::table
        .select(role_grants::role)
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::country.eq(country))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .limit(1)
        .into_boxed::<MultiBackend>();
    if let Some(role) = role {
        grants = grants.filter(role_grants::role.eq(role));
    }
    let held: Option<Role> = grants.first(tx.conn()).optional()?;
    Ok(held.is_some())
}

/// Writes down that mandates of a person whose last day has passed are over, so that they can be nominated anew.
pub(super) fn close_over(tx: &mut Tx, country: Iso2, user: UserId) -> Result<()> {
    let (now, today) = (tx.now(), today(tx));
    let over = focal_points::table
        .filter(focal_points::country.eq(country))
        .filter(focal_points::user_id.eq(user))
        .filter(focal_points::status.eq(FocalPointStatus::Active))
        .filter(focal_points::valid_to.lt(today));
    diesel::update(over)
        .set((
            (focal_points::status.eq(FocalPointStatus::Ended), focal_points::ended_at.eq(now)),
            focal_points::ended_reason.eq("Its last day passed."),
            (focal_points::version.eq(focal_points::version + 1), focal_points::updated_at.eq(now)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Lets the role of a focal point end with the mandate.
pub(super) fn limit_role(tx: &mut Tx, country: Iso2, user: UserId, to: Option<Timestamp>) -> Result<()> {
    let grant = role_grants::table
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::country.eq(country))
        .filter(role_grants::role.eq(Role::FocalPoint))
        .filter(role_grants::revoked_at.is_null());
    diesel::update(grant).set(role_grants::valid_to.eq(to)).execute(tx.conn())?;
    Ok(())
}

/// Takes the role of a focal point over the country away; the mandate that carried it has ended.
pub(super) fn revoke(tx: &mut Tx, country: Iso2, user: UserId) -> Result<()> {
    let now = tx.now();
    let grant = role_grants::table
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::country.eq(country))
        .filter(role_grants::role.eq(Role::FocalPoint))
        .filter(role_grants::revoked_at.is_null());
    diesel::update(grant).set(role_grants::revoked_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Whether an organization is in the register.
pub(super) fn is_registered(tx: &mut Tx, organization: OrganizationId) -> Result<bool> {
    let row = organizations::table
        .filter(organizations::id.eq(organization))
        .filter(organizations::deleted_at.is_null());
    Ok(diesel::select(exists(row)).get_result(tx.conn())?)
}

/// Active mandates that were last confirmed at or before an instant, longest ago first: for reminders, pass now less
/// [`CONFIRM_EVERY_DAYS`] plus the days of warning.
pub fn due_for_confirmation(tx: &mut Tx, confirmed_before: Timestamp, limit: i64) -> Result<Vec<Due>> {
    let today = today(tx);
    let due = focal_points::table
        .select(Due::as_select())
        .filter(focal_points::status.eq(FocalPointStatus::Active))
        .filter(focal_points::valid_to.is_null().or(focal_points::valid_to.ge(today)))
        .filter(focal_points::last_confirmed_at.le(confirmed_before))
        .order((focal_points::last_confirmed_at, focal_points::id))
        .limit(limit)
        .load(tx.conn())?;
    Ok(due)
}

/// The people who speak for a country now.
pub fn speakers(tx: &mut Tx, country: Iso2) -> Result<Vec<UserId>> {
    let today = today(tx);
    let people = focal_points::table
        .select(focal_points::user_id)
        .filter(focal_points::country.eq(country))
        .filter(focal_points::status.eq(FocalPointStatus::Active))
        .filter(focal_points::valid_to.is_null().or(focal_points::valid_to.ge(today)))
        .order(focal_points::id)
        .load(tx.conn())?;
    Ok(people)
}
