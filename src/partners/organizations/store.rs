//! Rows of the register of organizations.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::{Organization, OrganizationFilter};
use crate::kernel::error::Code;
use crate::kernel::id::{Iso2, OrganizationId, UserId};
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::search::{fold, fold_query};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::connection::MultiBackend;
use crate::platform::db::{Constraint, Tx};
use crate::platform::http::etag;
use crate::platform::keyset::row_gt;
use crate::platform::schema::{countries, organizations};
use crate::platform::trigram;

fn search_text(organization: &Organization) -> String {
    let names = organization.names.iter().map(|(_, name)| name);
    let acronym = organization.acronym.as_ref().map(|text| text.as_str());
    let id = organization.iati_id.as_ref().map(|text| text.as_str());
    fold(&names.chain(acronym).chain(id).collect::<Vec<_>>().join(" "))
}

fn taken() -> Error {
    Error::new(Code::AlreadyExists, "An organization with this iati_id is registered already; search for it.")
}

/// Enters an organization.
pub(super) fn insert(tx: &mut Tx, organization: &Organization, by: UserId) -> Result<()> {
    let o = organization;
    diesel::insert_into(organizations::table)
        .values((
            (organizations::id.eq(o.id), organizations::names.eq(&o.names)),
            (organizations::acronym.eq(&o.acronym), organizations::kind.eq(o.kind)),
            (organizations::type_code.eq(o.type_code), organizations::iati_id.eq(&o.iati_id)),
            (organizations::country.eq(o.country), organizations::website.eq(&o.website)),
            (organizations::search_text.eq(search_text(o)), organizations::version.eq(o.version)),
            (organizations::created_at.eq(o.created_at), organizations::created_by.eq(by)),
            (organizations::updated_at.eq(o.updated_at), organizations::updated_by.eq(by)),
        ))
        .execute(tx.conn())
        .on_unique(taken)?;
    Ok(())
}

/// One organization that is in the register.
pub fn find(tx: &mut Tx, id: OrganizationId) -> Result<Option<Organization>> {
    let row = organizations::table
        .select(Organization::as_select())
        .filter(organizations::id.eq(id))
        .filter(organizations::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(row)
}

/// Which of these ids are in the register: for other records that name organizations.
pub fn registered(tx: &mut Tx, ids: &[OrganizationId]) -> Result<Vec<OrganizationId>> {
    let known = organizations::table
        .select(organizations::id)
        .filter(organizations::id.eq_any(ids.to_vec()))
        .filter(organizations::deleted_at.is_null())
        .load(tx.conn())?;
    Ok(known)
}

/// Whether there is such a country.
pub(super) fn is_country(tx: &mut Tx, country: Iso2) -> Result<bool> {
    let row = countries::table.filter(countries::iso2.eq(country));
    Ok(diesel::select(exists(row)).get_result(tx.conn())?)
}

/// Writes a new version; `organization.version` is the one that was read.
pub(super) fn update(tx: &mut Tx, organization: &mut Organization, by: UserId) -> Result<()> {
    let now = tx.now();
    let o = &*organization;
    let row =
        organizations::table.filter(organizations::id.eq(o.id)).filter(organizations::version.eq(o.version));
    let changed = diesel::update(row)
        .set((
            (organizations::names.eq(&o.names), organizations::acronym.eq(&o.acronym)),
            (organizations::kind.eq(o.kind), organizations::type_code.eq(o.type_code)),
            (organizations::iati_id.eq(&o.iati_id), organizations::country.eq(o.country)),
            (organizations::website.eq(&o.website), organizations::search_text.eq(search_text(o))),
            (organizations::version.eq(o.version + 1), organizations::deleted_at.eq(o.deleted_at)),
            (organizations::updated_at.eq(now), organizations::updated_by.eq(by)),
        ))
        .execute(tx.conn())
        .on_unique(taken)?;
    if changed == 0 {
        return Err(etag::stale());
    }
    (organization.version, organization.updated_at) = (organization.version + 1, now);
    Ok(())
}

macro_rules! filtered {
    ($query:expr, $filter:expr) => {{
        let (mut query, filter) = ($query, $filter);
        if let Some(kind) = filter.kind {
            query = query.filter(organizations::kind.eq(kind));
        }
        if let Some(code) = filter.type_code {
            query = query.filter(organizations::type_code.eq(code));
        }
        if let Some(country) = filter.country {
            query = query.filter(organizations::country.eq(country));
        }
        if let Some(id) = &filter.iati_id {
            query = query.filter(organizations::iati_id.eq(id.clone()));
        }
        if let Some(folded) = filter.q.as_ref().map(|q| fold_query(q.as_str())).filter(|q| !q.is_empty()) {
            query = query.filter(trigram::contains("organizations", &folded));
        }
        match filter.updated_since {
            Some(since) => query.filter(organizations::updated_at.ge(since)),
            None => query.filter(organizations::deleted_at.is_null()),
        }
    }};
}

/// Organizations in order of their ids; with `updated_since` in order of their last change, deleted ones too.
pub(super) fn list(
    tx: &mut Tx,
    filter: &OrganizationFilter,
    page: &PageRequest,
) -> Result<Page<Organization>> {
    let query = organizations::table.select(Organization::as_select()).into_boxed::<MultiBackend>();
    let query = filtered!(query, filter).limit(page.fetch());
    let by_change = filter.updated_since.is_some();
    let mut query = match by_change {
        true => query.order((organizations::updated_at, organizations::id)),
        false => query.order(organizations::id),
    };
    if let Some(after) = &page.after {
        let (at, id) = (Timestamp(after.key.parse().unwrap_or_default()), OrganizationId(after.id));
        query = match by_change {
            true => query.filter(row_gt(
                organizations::updated_at,
                organizations::id,
                at.into_sql::<crate::kernel::sql::Instant>(),
                id.into_sql::<crate::kernel::sql::Guid>(),
            )),
            false => query.filter(organizations::id.gt(id)),
        };
    }
    let rows: Vec<Organization> = query.load(tx.conn())?;
    let mut found = Page::of(rows, page, |row| Position { key: row.updated_at.0.to_string(), id: row.id.0 });
    if page.count {
        let all = organizations::table.select(organizations::id).into_boxed::<MultiBackend>();
        let ids: Vec<OrganizationId> = filtered!(all, filter).limit(COUNT_CAP + 1).load(tx.conn())?;
        found.total = Some(ids.len() as i64);
    }
    Ok(found)
}
