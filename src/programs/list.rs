//! Lists of programs: every filter and order served by an index, every page by key.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date};

use super::draft::{ProgramFilter, Sort};
use super::model::Program;
use super::reach::{ListedIn, within};
use super::store::DELETED;
use crate::kernel::access::{Reach, Scope};
use crate::kernel::id::{Iso2, ProgramId, UserId};
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::search;
use crate::kernel::sql::{Guid, Instant};
use crate::kernel::time::{Day, Timestamp};
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::keyset::{row_gt, row_lt};
use crate::platform::plan;
use crate::platform::schema::{
    program_countries, program_organizations, program_tags, program_themes, programs, role_grants,
};
use crate::platform::trigram;

type Boxed<'a> = programs::BoxedQuery<'a, MultiBackend>;

/// A page of programs within reach.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    by: &ProgramFilter,
    caller: UserId,
    request: &PageRequest,
) -> Result<Page<Program>> {
    let sort = by.sort.unwrap_or(Sort::Id);
    let query = rows(scope, by, caller, tx.now(), request)?;
    let rows = query.select(Program::as_select()).load(tx.conn())?;
    let mut page = Page::of(rows, request, |program| position(program, sort));
    if request.count {
        page.total = Some(total(tx, scope, by, caller)?);
    }
    Ok(page)
}

/// How the database would find the page, in its own words.
pub(super) fn plan(
    tx: &mut Tx,
    scope: &Scope,
    by: &ProgramFilter,
    caller: UserId,
    request: &PageRequest,
) -> Result<Vec<String>> {
    let query = rows(scope, by, caller, tx.now(), request)?.select(Program::as_select());
    plan::of(tx, query)
}

fn rows<'a>(
    scope: &Scope,
    by: &ProgramFilter,
    caller: UserId,
    now: Timestamp,
    request: &PageRequest,
) -> Result<Boxed<'a>> {
    let sort = by.sort.unwrap_or(Sort::Id);
    let query = match one_country(scope, by, sort) {
        Some(country) => of_country(by, country, sort, request),
        None => in_order(filtered(scope, by, caller, now), sort, request)?,
    };
    Ok(query.limit(request.fetch()))
}

/// The country, when nothing but one country and the status decide: the index of countries then holds the page itself.
fn one_country(scope: &Scope, by: &ProgramFilter, sort: Sort) -> Option<Iso2> {
    let ProgramFilter {
        status: _,
        country,
        theme,
        organization,
        tag,
        member,
        q,
        planned_start_before,
        planned_start_after,
        planned_end_before,
        planned_end_after,
        updated_since,
        sort: _,
    } = by;
    let dates = [planned_start_before, planned_start_after, planned_end_before, planned_end_after];
    let plain = theme.is_empty()
        && organization.is_none()
        && tag.is_none()
        && member.is_none()
        && q.is_none()
        && dates.iter().all(|date| date.is_none())
        && updated_since.is_none()
        && matches!(sort, Sort::Id | Sort::IdDown);
    if !plain {
        return None;
    }
    match scope {
        Scope::All => country.only().copied(),
        Scope::Only(reach) => country_of_reach(reach, country.values()),
    }
}

fn country_of_reach(reach: &Reach, asked: &[Iso2]) -> Option<Iso2> {
    let one = match (reach.countries.as_slice(), asked) {
        ([own], []) => *own,
        (own, [asked]) if own.contains(asked) => *asked,
        _ => return None,
    };
    // With a role in some program as well, more than the country is within reach, unless only it was asked for.
    let whole = reach.roles.is_empty() || !asked.is_empty();
    let narrowed = reach.within.as_ref().is_none_or(|within| within.contains(&one));
    (whole && narrowed).then_some(one)
}

fn of_country<'a>(by: &ProgramFilter, country: Iso2, sort: Sort, request: &PageRequest) -> Boxed<'a> {
    let listed = ListedIn {
        country,
        statuses: by.status.values().to_vec(),
        after: request.after_id(),
        down: sort == Sort::IdDown,
        limit: request.fetch(),
    };
    let query = programs::table.into_boxed().filter(listed);
    if sort == Sort::IdDown { query.order(programs::id.desc()) } else { query.order(programs::id.asc()) }
}

fn filtered<'a>(scope: &Scope, by: &ProgramFilter, caller: UserId, now: Timestamp) -> Boxed<'a> {
    let mut query = programs::table.into_boxed().filter(within(programs::id, scope));
    query = match by.updated_since {
        Some(since) => query.filter(programs::updated_at.ge(since)),
        None => query.filter(programs::deleted_at.is_null()),
    };
    if !by.status.is_empty() {
        query = query.filter(among(programs::status, by.status.values()));
    }
    query = by_parts(query, by);
    if by.member.is_some() {
        let mine = role_grants::table
            .select(role_grants::program_id.assume_not_null())
            .filter(role_grants::user_id.eq(caller))
            .filter(role_grants::program_id.is_not_null())
            .filter(role_grants::revoked_at.is_null())
            .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)));
        query = query.filter(programs::id.eq_any(mine));
    }
    if let Some(q) = &by.q {
        query = match search::fold_query(q.as_str()) {
            folded if folded.is_empty() => query.filter(sql::<Bool>("FALSE")),
            folded => query.filter(trigram::contains("programs", &folded)),
        };
    }
    by_dates(query, by)
}

fn by_parts<'a>(mut query: Boxed<'a>, by: &ProgramFilter) -> Boxed<'a> {
    if !by.country.is_empty() {
        let there = program_countries::table
            .select(program_countries::program_id)
            .filter(among(program_countries::country, by.country.values()));
        query = query.filter(programs::id.eq_any(there));
    }
    if !by.theme.is_empty() {
        let on = program_themes::table
            .select(program_themes::program_id)
            .filter(among(program_themes::theme, by.theme.values()));
        query = query.filter(programs::id.eq_any(on));
    }
    if let Some(organization) = by.organization {
        let with = program_organizations::table
            .select(program_organizations::program_id)
            .filter(program_organizations::organization_id.eq(organization));
        query = query.filter(programs::id.eq_any(with));
    }
    if let Some(tag) = &by.tag {
        let tagged = program_tags::table
            .select(program_tags::program_id)
            .filter(program_tags::code.eq(tag.as_str().to_owned()));
        query = query.filter(programs::id.eq_any(tagged));
    }
    query
}

fn by_dates<'a>(mut query: Boxed<'a>, by: &ProgramFilter) -> Boxed<'a> {
    if let Some(day) = by.planned_start_before {
        query = query.filter(programs::planned_start_on.lt(day));
    }
    if let Some(day) = by.planned_start_after {
        query = query.filter(programs::planned_start_on.ge(day));
    }
    if let Some(day) = by.planned_end_before {
        query = query.filter(programs::planned_end_on.lt(day));
    }
    if let Some(day) = by.planned_end_after {
        query = query.filter(programs::planned_end_on.ge(day));
    }
    query
}

fn in_order<'a>(query: Boxed<'a>, sort: Sort, request: &PageRequest) -> Result<Boxed<'a>> {
    let after = request.after.as_ref();
    let id = after.map(|position| ProgramId(position.id));
    let lost = |_| Error::invalid("cursor", "not_a_cursor", "Start again without a cursor.");
    let updated = || after.map(|position| position.key.parse::<Timestamp>().map_err(lost)).transpose();
    let start = || after.map(|position| start_key(&position.key)).transpose();
    Ok(match sort {
        Sort::Id => match id {
            Some(id) => query.filter(programs::id.gt(id)).order(programs::id.asc()),
            None => query.order(programs::id.asc()),
        },
        Sort::IdDown => match id {
            Some(id) => query.filter(programs::id.lt(id)).order(programs::id.desc()),
            None => query.order(programs::id.desc()),
        },
        Sort::Updated | Sort::UpdatedDown => by_updated(query, updated()?.zip(id), sort),
        Sort::Start | Sort::StartDown => by_start(query, start()?.zip(id), sort),
    })
}

fn by_updated<'a>(query: Boxed<'a>, after: Option<(Timestamp, ProgramId)>, sort: Sort) -> Boxed<'a> {
    let (at, id) = (programs::updated_at, programs::id);
    match (sort, after.map(|(x, y)| (x.into_sql::<Instant>(), y.into_sql::<Guid>()))) {
        (Sort::Updated, Some((x, y))) => query.filter(row_gt(at, id, x, y)).order((at.asc(), id.asc())),
        (Sort::Updated, None) => query.order((at.asc(), id.asc())),
        (_, Some((x, y))) => query.filter(row_lt(at, id, x, y)).order((at.desc(), id.desc())),
        (_, None) => query.order((at.desc(), id.desc())),
    }
}

fn by_start<'a>(query: Boxed<'a>, after: Option<(Day, ProgramId)>, sort: Sort) -> Boxed<'a> {
    let (on, id) = (programs::start_on, programs::id);
    match (sort, after.map(|(x, y)| (x.into_sql::<Date>(), y.into_sql::<Guid>()))) {
        (Sort::Start, Some((x, y))) => query.filter(row_gt(on, id, x, y)).order((on.asc(), id.asc())),
        (Sort::Start, None) => query.order((on.asc(), id.asc())),
        (_, Some((x, y))) => query.filter(row_lt(on, id, x, y)).order((on.desc(), id.desc())),
        (_, None) => query.order((on.desc(), id.desc())),
    }
}

/// The day in a cursor; the one for an unknown start lies beyond the years that clients may state.
fn start_key(key: &str) -> Result<Day> {
    let day = chrono::NaiveDate::parse_from_str(key, "%Y-%m-%d");
    day.map(Day).map_err(|_| Error::invalid("cursor", "not_a_cursor", "Start again without a cursor."))
}

fn position(program: &Program, sort: Sort) -> Position {
    let key = match sort {
        Sort::Id | Sort::IdDown => String::new(),
        Sort::Updated | Sort::UpdatedDown => program.updated_at.to_string(),
        Sort::Start | Sort::StartDown => program.start_on().to_string(),
    };
    Position { key, id: program.id.0 }
}

/// The exact number up to the cap.
fn total(tx: &mut Tx, scope: &Scope, by: &ProgramFilter, caller: UserId) -> Result<i64> {
    let counted: i64 = match one_country(scope, by, Sort::Id) {
        Some(country) => {
            let rows = program_countries::table.filter(program_countries::country.eq(country));
            match by.status.values() {
                [] => rows.filter(program_countries::status.ne(DELETED)).count().get_result(tx.conn())?,
                [one] => rows.filter(program_countries::status.eq(*one)).count().get_result(tx.conn())?,
                many => {
                    let many = many.to_vec();
                    rows.filter(program_countries::status.eq_any(many)).count().get_result(tx.conn())?
                }
            }
        }
        None => {
            let now = tx.now();
            filtered(scope, by, caller, now).count().get_result(tx.conn())?
        }
    };
    Ok(counted.min(COUNT_CAP + 1))
}
