//! Rows of disclosures.

use diesel::prelude::*;

use super::super::model::Holding;
use super::model::{ShareFilter, ShareGrant};
use crate::kernel::Result;
use crate::kernel::access::{Role, Scope};
use crate::kernel::id::{Iso2, ShareGrantId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::{holdings, role_grants, share_grants};

/// A disclosure and what is disclosed.
pub(super) type Whole = (ShareGrant, Holding);

/// Whose disclosures somebody sees: those of these countries, those to them or their teams, and those that they asked for.
#[derive(Clone, Debug)]
pub(super) struct Eyes {
    user: UserId,
    countries: Vec<Iso2>,
    within: Option<Vec<Iso2>>,
}

impl Eyes {
    /// Of a person, with the reach of their deciding.
    pub(super) fn of(user: UserId, decides: &Scope) -> Eyes {
        match decides {
            Scope::All => Eyes { user, countries: Vec::new(), within: None },
            Scope::Only(reach) => {
                Eyes { user, countries: reach.countries.clone(), within: reach.within.clone() }
            }
        }
    }
}

macro_rules! seen {
    ($tx:expr, $eyes:expr) => {{
        let (eyes, now) = ($eyes, $tx.now());
        let teams = role_grants::table
            .select(role_grants::program_id)
            .filter(role_grants::user_id.eq(eyes.user))
            .filter(role_grants::program_id.is_not_null())
            .filter(role_grants::role.eq_any([Role::Coordinator, Role::Trainer]))
            .filter(role_grants::revoked_at.is_null())
            .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)));
        let concerned = share_grants::user_id
            .eq(eyes.user)
            .or(share_grants::program_id.eq_any(teams))
            .assume_not_null()
            .or(share_grants::proposed_by.eq(eyes.user))
            .or(holdings::country.eq_any(&eyes.countries));
        let mut query = share_grants::table
            .inner_join(holdings::table.on(holdings::id.eq(share_grants::holding_id)))
            .filter(holdings::deleted_at.is_null())
            .filter(concerned)
            .into_boxed::<MultiBackend>();
        if let Some(within) = &eyes.within {
            query = query.filter(holdings::country.eq_any(within));
        }
        query
    }};
}

/// A disclosure that somebody sees.
pub(super) fn find(tx: &mut Tx, eyes: &Eyes, id: ShareGrantId) -> Result<Option<Whole>> {
    let query = seen!(tx, eyes).filter(share_grants::id.eq(id));
    Ok(query.select((ShareGrant::as_select(), Holding::as_select())).first(tx.conn()).optional()?)
}

/// A page of disclosures that somebody sees, as they were asked for.
pub(super) fn page(tx: &mut Tx, eyes: &Eyes, by: &ShareFilter, page: &PageRequest) -> Result<Page<Whole>> {
    let filtered = |tx: &Tx| {
        let mut query = seen!(tx, eyes);
        if let Some(holding) = by.holding {
            query = query.filter(share_grants::holding_id.eq(holding));
        }
        if let Some(country) = by.country {
            query = query.filter(holdings::country.eq(country));
        }
        if let Some(status) = by.status {
            query = query.filter(share_grants::status.eq(status));
        }
        match by.mine.map(|flag| flag.is_yes()) {
            Some(true) => query = query.filter(share_grants::user_id.eq(eyes.user)),
            Some(false) => {
                let others = share_grants::user_id.ne(eyes.user).assume_not_null();
                query = query.filter(share_grants::user_id.is_null().or(others));
            }
            None => {}
        }
        query
    };
    let mut query = filtered(tx)
        .select((ShareGrant::as_select(), Holding::as_select()))
        .order(share_grants::id)
        .limit(page.fetch());
    if let Some(after) = page.after_id::<ShareGrantId>() {
        query = query.filter(share_grants::id.gt(after));
    }
    let rows: Vec<Whole> = query.load(tx.conn())?;
    let mut found = Page::of(rows, page, |(grant, _)| Position { key: String::new(), id: grant.id.0 });
    if page.count {
        found.total = Some(filtered(tx).count().get_result(tx.conn())?);
    }
    Ok(found)
}

/// Adds a disclosure.
pub(super) fn insert(tx: &mut Tx, grant: &ShareGrant) -> Result<()> {
    diesel::insert_into(share_grants::table).values(grant).execute(tx.conn())?;
    Ok(())
}

/// Writes a step over the version that was read.
pub(super) fn update(tx: &mut Tx, grant: &mut ShareGrant, by: UserId) -> Result<()> {
    let read = grant.version;
    (grant.version, grant.updated_at, grant.updated_by) = (read + 1, tx.now(), by);
    let written = diesel::update(share_grants::table)
        .filter(share_grants::id.eq(grant.id))
        .filter(share_grants::version.eq(read))
        .set((
            share_grants::status.eq(grant.status),
            share_grants::reason.eq(&grant.reason),
            share_grants::decided_by.eq(grant.decided_by),
            share_grants::decided_at.eq(grant.decided_at),
            share_grants::version.eq(grant.version),
            share_grants::updated_at.eq(grant.updated_at),
            share_grants::updated_by.eq(grant.updated_by),
        ))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}
