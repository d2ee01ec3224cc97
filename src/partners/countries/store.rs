//! Rows of the reference table.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Country, CountryFilter};
use crate::kernel::Result;
use crate::kernel::id::Iso2;
use crate::kernel::lang::Titles;
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::search::fold_query;
use crate::kernel::time::{Day, Zone};
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::countries;
use crate::platform::trigram;

/// One country as it stands today (UTC).
pub fn find(tx: &mut Tx, iso2: Iso2) -> Result<Option<Country>> {
    let today = today(tx);
    let row = countries::table
        .select(Country::as_select())
        .filter(countries::iso2.eq(iso2))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|country: Country| country.on(today)))
}

/// What some countries are called.
///
/// # Errors
/// When the database refuses.
pub fn names(tx: &mut Tx, iso2s: &[Iso2]) -> Result<HashMap<Iso2, Titles>> {
    if iso2s.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Iso2, Titles)> = countries::table
        .select((countries::iso2, countries::names))
        .filter(among(countries::iso2, iso2s))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

fn today(tx: &Tx) -> Day {
    Day(tx.now().date_in(Zone::UTC))
}

macro_rules! filtered {
    ($query:expr, $filter:expr, $today:expr) => {{
        let (mut query, filter) = ($query, $filter);
        if let Some(region) = filter.region {
            query = query.filter(countries::region.eq(region));
        }
        if let Some(flag) = filter.g77 {
            query = query.filter(countries::g77.eq(flag.is_yes()));
        }
        if let Some(flag) = filter.lldc {
            query = query.filter(countries::lldc.eq(flag.is_yes()));
        }
        if let Some(flag) = filter.sids {
            query = query.filter(countries::sids.eq(flag.is_yes()));
        }
        let left = countries::ldc_until.is_not_null().and(countries::ldc_until.assume_not_null().le($today));
        match filter.ldc.map(crate::kernel::flag::Flag::is_yes) {
            Some(true) => query = query.filter(countries::ldc.eq(true)).filter(diesel::dsl::not(left)),
            Some(false) => query = query.filter(countries::ldc.eq(false).or(left)),
            None => {}
        }
        if let Some(folded) = filter.q.as_ref().map(|q| fold_query(q.as_str())).filter(|q| !q.is_empty()) {
            query = query.filter(trigram::contains_by("countries", "iso2", &folded));
        }
        query
    }};
}

/// Countries in order of their codes.
pub(super) fn list(tx: &mut Tx, filter: &CountryFilter, page: &PageRequest) -> Result<Page<Country>> {
    let today = today(tx);
    let query = countries::table.select(Country::as_select()).into_boxed::<MultiBackend>();
    let mut query = filtered!(query, filter, today).order(countries::iso2).limit(page.fetch());
    if let Some(after) = &page.after {
        query = query.filter(countries::iso2.gt(after.key.clone()));
    }
    let rows: Vec<Country> = query.load(tx.conn())?;
    let mut page_of =
        Page::of(rows, page, |country| Position { key: country.iso2.to_string(), id: uuid::Uuid::nil() })
            .map(|country| country.on(today));
    if page.count {
        let all = countries::table.select(countries::iso2).into_boxed::<MultiBackend>();
        let codes: Vec<Iso2> = filtered!(all, filter, today).limit(COUNT_CAP).load(tx.conn())?;
        page_of.total = Some(codes.len() as i64);
    }
    Ok(page_of)
}
