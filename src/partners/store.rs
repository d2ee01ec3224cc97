//! Rows of partners and their holidays.

use diesel::prelude::*;

use super::countries::{Weekday, Weekend};
use super::model::{Holiday, HolidayFilter, Partner, PartnerFilter};
use super::reach;
use crate::kernel::access::Scope;
use crate::kernel::error::Code;
use crate::kernel::id::{HolidayId, Iso2, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::search::fold_query;
use crate::kernel::time::{Day, Timestamp};
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::{Constraint, Tx};
use crate::platform::http::etag;
use crate::platform::keyset::row_gt;
use crate::platform::plan;
use crate::platform::schema::{countries, partner_holidays, partners};
use crate::platform::trigram;

/// A partner with the names of its country.
pub(super) type Row = (Partner, Titles);

/// Enters a partner.
pub(super) fn insert(tx: &mut Tx, partner: &Partner, by: UserId) -> Result<()> {
    let p = partner;
    diesel::insert_into(partners::table)
        .values((
            (partners::country.eq(p.country), partners::status.eq(p.status)),
            partners::status_reason.eq(&p.status_reason),
            partners::working_languages.eq(&p.working_languages),
            (partners::disclosure.eq(p.disclosure), partners::timezone.eq(p.timezone)),
            (partners::weekend.eq(&p.weekend), partners::notes.eq(&p.notes)),
            (partners::version.eq(p.version), partners::created_at.eq(p.created_at)),
            (partners::created_by.eq(by), partners::updated_at.eq(p.updated_at), partners::updated_by.eq(by)),
        ))
        .execute(tx.conn())
        .on_unique(|| Error::new(Code::AlreadyExists, "This country is a partner already."))?;
    Ok(())
}

/// One partner within reach, with its names.
///
/// # Errors
/// When the database refuses.
pub fn find(tx: &mut Tx, scope: &Scope, country: Iso2) -> Result<Option<Row>> {
    let row = partners::table
        .inner_join(countries::table.on(countries::iso2.eq(partners::country)))
        .select((Partner::as_select(), countries::names))
        .filter(partners::country.eq(country))
        .filter(reach::within(partners::country, scope))
        .first(tx.conn())
        .optional()?;
    Ok(row)
}

/// Writes a new version; `partner.version` is the one that was read.
pub(super) fn update(tx: &mut Tx, partner: &mut Partner, by: UserId) -> Result<()> {
    let now = tx.now();
    let row = partners::table
        .filter(partners::country.eq(partner.country))
        .filter(partners::version.eq(partner.version));
    let changed = diesel::update(row)
        .set((
            (partners::status.eq(partner.status), partners::status_reason.eq(&partner.status_reason)),
            partners::working_languages.eq(&partner.working_languages),
            (partners::disclosure.eq(partner.disclosure), partners::timezone.eq(partner.timezone)),
            (partners::weekend.eq(&partner.weekend), partners::notes.eq(&partner.notes)),
            (partners::version.eq(partner.version + 1), partners::updated_at.eq(now)),
            partners::updated_by.eq(by),
        ))
        .execute(tx.conn())?;
    if changed == 0 {
        return Err(etag::stale());
    }
    (partner.version, partner.updated_at) = (partner.version + 1, now);
    Ok(())
}

macro_rules! filtered {
    ($query:expr, $scope:expr, $filter:expr) => {{
        let (mut query, filter) = ($query.filter(reach::within(partners::country, $scope)), $filter);
        if let Some(status) = filter.status {
            query = query.filter(partners::status.eq(status));
        }
        if let Some(region) = filter.region {
            query = query.filter(countries::region.eq(region));
        }
        if let Some(folded) = filter.q.as_ref().map(|q| fold_query(q.as_str())).filter(|q| !q.is_empty()) {
            query = query.filter(trigram::contains_by("countries", "iso2", &folded));
        }
        if let Some(since) = filter.updated_since {
            query = query.filter(partners::updated_at.ge(since));
        }
        query
    }};
}

/// The query of a page: in order of codes; with `updated_since` in order of the last change.
macro_rules! page_of {
    ($scope:expr, $filter:expr, $page:expr) => {{
        let (filter, page) = ($filter, $page);
        let joined = partners::table.inner_join(countries::table.on(countries::iso2.eq(partners::country)));
        let query = joined.select((Partner::as_select(), countries::names)).into_boxed::<MultiBackend>();
        let query = filtered!(query, $scope, filter).limit(page.fetch());
        let by_change = filter.updated_since.is_some();
        let after =
            page.after.as_ref().map(|position| position.key.split_once(' ').unwrap_or((&position.key, "")));
        let mut query = match by_change {
            true => query.order((partners::updated_at, partners::country)),
            false => query.order(partners::country),
        };
        if let Some((country, micros)) = after {
            let at = Timestamp(micros.parse().unwrap_or_default());
            query = match by_change {
                true => query.filter(row_gt(
                    partners::updated_at,
                    partners::country,
                    at.into_sql::<crate::kernel::sql::Instant>(),
                    country.to_owned().into_sql::<diesel::sql_types::Text>(),
                )),
                false => query.filter(partners::country.gt(country.to_owned())),
            };
        }
        query
    }};
}

/// How the database would find a page of partners, in its own words; a test holds it to the indexes.
///
/// # Errors
/// When the database refuses.
pub fn plan_of_list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &PartnerFilter,
    page: &PageRequest,
) -> Result<Vec<String>> {
    plan::of(tx, page_of!(scope, filter, page))
}

/// A page of partners.
pub(super) fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &PartnerFilter,
    page: &PageRequest,
) -> Result<Page<Row>> {
    let rows: Vec<Row> = page_of!(scope, filter, page).load(tx.conn())?;
    let mut found = Page::of(rows, page, |(partner, _)| Position {
        key: format!("{} {}", partner.country, partner.updated_at.0),
        id: uuid::Uuid::nil(),
    });
    if page.count {
        let joined = partners::table.inner_join(countries::table.on(countries::iso2.eq(partners::country)));
        let all = joined.select(partners::country).into_boxed::<MultiBackend>();
        let codes: Vec<Iso2> = filtered!(all, scope, filter).limit(COUNT_CAP).load(tx.conn())?;
        found.total = Some(codes.len() as i64);
    }
    Ok(found)
}

/// Enters a holiday.
pub(super) fn insert_holiday(tx: &mut Tx, holiday: &Holiday) -> Result<()> {
    diesel::insert_into(partner_holidays::table).values(holiday).execute(tx.conn()).on_unique(|| {
        let detail = format!("{} is entered as a holiday already.", holiday.day);
        Error::new(Code::AlreadyExists, detail)
    })?;
    Ok(())
}

/// One holiday of a country.
pub(super) fn find_holiday(tx: &mut Tx, country: Iso2, id: HolidayId) -> Result<Option<Holiday>> {
    let row = partner_holidays::table
        .select(Holiday::as_select())
        .filter(partner_holidays::id.eq(id))
        .filter(partner_holidays::country.eq(country))
        .first(tx.conn())
        .optional()?;
    Ok(row)
}

/// Takes a holiday away.
pub(super) fn delete_holiday(tx: &mut Tx, id: HolidayId) -> Result<()> {
    diesel::delete(partner_holidays::table.filter(partner_holidays::id.eq(id))).execute(tx.conn())?;
    Ok(())
}

/// Holidays of a country by day; the country was found within reach before.
pub(super) fn holidays(
    tx: &mut Tx,
    country: Iso2,
    filter: &HolidayFilter,
    page: &PageRequest,
) -> Result<Page<Holiday>> {
    let mut query = partner_holidays::table
        .select(Holiday::as_select())
        .filter(partner_holidays::country.eq(country))
        .order(partner_holidays::day)
        .limit(page.fetch())
        .into_boxed::<MultiBackend>();
    if let Some(from) = filter.from {
        query = query.filter(partner_holidays::day.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(partner_holidays::day.le(to));
    }
    if let Some(day) = page.after.as_ref().and_then(|position| position.key.parse::<Day>().ok()) {
        query = query.filter(partner_holidays::day.gt(day));
    }
    let rows: Vec<Holiday> = query.load(tx.conn())?;
    Ok(Page::of(rows, page, |holiday| Position { key: holiday.day.to_string(), id: holiday.id.0 }))
}

/// Days in a span on which the country does not work: for planning letters and dates.
pub fn holidays_between(tx: &mut Tx, country: Iso2, from: Day, to: Day) -> Result<Vec<Day>> {
    let days = partner_holidays::table
        .select(partner_holidays::day)
        .filter(partner_holidays::country.eq(country))
        .filter(partner_holidays::day.between(from, to))
        .order(partner_holidays::day)
        .load(tx.conn())?;
    Ok(days)
}

/// Which of some days each of some countries does not work on: its weekend (the partner's, else the reference table's) and
/// its holidays. Countries that work on all of them are left out.
///
/// # Errors
/// When the database refuses.
pub fn days_of_rest(tx: &mut Tx, asked: &[Iso2], days: &[Day]) -> Result<Vec<(Iso2, Vec<Day>)>> {
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { return Ok(Vec::new()) };
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let weekends: Vec<(Iso2, Weekend, Option<Weekend>)> = countries::table
        .left_join(partners::table.on(partners::country.eq(countries::iso2)))
        .select((countries::iso2, countries::weekend, partners::weekend.nullable()))
        .filter(among(countries::iso2, asked))
        .order(countries::iso2)
        .load(tx.conn())?;
    let holidays: Vec<(Iso2, Day)> = partner_holidays::table
        .select((partner_holidays::country, partner_holidays::day))
        .filter(among(partner_holidays::country, asked))
        .filter(partner_holidays::day.between(*first, *last))
        .load(tx.conn())?;
    let resting = |(country, usual, chosen): (Iso2, Weekend, Option<Weekend>)| {
        let weekend = chosen.unwrap_or(usual);
        let rests =
            |day: &&Day| weekend.0.contains(&Weekday::of(**day)) || holidays.contains(&(country, **day));
        let found: Vec<Day> = days.iter().filter(rests).copied().collect();
        (!found.is_empty()).then_some((country, found))
    };
    Ok(weekends.into_iter().filter_map(resting).collect())
}
