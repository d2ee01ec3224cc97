//! Lists of scenarios, within a register and across registers: every page by key.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Integer};

use super::super::codes::RiskStatus;
use super::filter::{RiskFilter, RiskSort};
use super::model::Risk;
use crate::disclosure::{Depth, disclosed};
use crate::kernel::access::Scope;
use crate::kernel::id::{RiskId, UserId};
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::sql::{Guid, Instant};
use crate::kernel::time::{Day, Timestamp};
use crate::kernel::{Error, Result, search};
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::keyset::{row_gt, row_lt};
use crate::platform::plan;
use crate::platform::schema::risks;
use crate::platform::trigram;

type Boxed<'a> = risks::BoxedQuery<'a, MultiBackend>;

/// The order of a list.
pub(super) fn sort(by: &RiskFilter) -> RiskSort {
    let usual = if by.register.is_some() { RiskSort::Number } else { RiskSort::LevelDown };
    by.sort.unwrap_or(usual)
}

/// A page of scenarios of which the caller sees all.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    by: &RiskFilter,
    caller: UserId,
    request: &PageRequest,
) -> Result<Page<Risk>> {
    let sort = sort(by);
    let rows = rows(scope, by, caller, request)?.select(Risk::as_select()).load(tx.conn())?;
    let mut page = Page::of(rows, request, |risk| position(risk, sort));
    if request.count {
        let counted: i64 = filtered(scope, by, caller).count().get_result(tx.conn())?;
        page.total = Some(counted.min(COUNT_CAP + 1));
    }
    Ok(page)
}

/// How the database would find the page, in its own words; a test holds it to the indexes.
///
/// # Errors
/// When the database refuses.
pub fn plan(
    tx: &mut Tx,
    scope: &Scope,
    by: &RiskFilter,
    caller: UserId,
    request: &PageRequest,
) -> Result<Vec<String>> {
    let query = rows(scope, by, caller, request)?.select(Risk::as_select());
    plan::of(tx, query)
}

fn rows<'a>(scope: &Scope, by: &RiskFilter, caller: UserId, request: &PageRequest) -> Result<Boxed<'a>> {
    if by.sort == Some(RiskSort::Number) && by.register.is_none() {
        let words = "Numbers are given within a register: name it, or sort by -level.";
        return Err(Error::invalid("sort", "needs_register", words));
    }
    let query = in_order(filtered(scope, by, caller), sort(by), request)?;
    Ok(query.limit(request.fetch()))
}

fn filtered<'a>(scope: &Scope, by: &RiskFilter, caller: UserId) -> Boxed<'a> {
    let mut query = risks::table
        .into_boxed()
        .filter(disclosed(risks::register_id, scope, Depth::Detail))
        .filter(risks::deleted_at.is_null());
    if let Some(register) = by.register {
        query = query.filter(risks::register_id.eq(register));
    }
    if !by.country.is_empty() {
        query = query.filter(among(risks::country, by.country.values()));
    }
    if let Some(category) = by.category {
        query = query.filter(risks::category.eq(category));
    }
    match by.status.values() {
        [] => {}
        [one] => query = query.filter(risks::status.eq(*one)),
        many => {
            let others = RiskStatus::ALL.iter().copied().filter(|status| !many.contains(status));
            query = query.filter(diesel::dsl::not(among(risks::status, &others.collect::<Vec<_>>())));
        }
    }
    if let Some(level) = by.level_at_least {
        query = query.filter(risks::level.ge(level.0));
    }
    if let Some(above) = by.above_tolerance {
        query = query.filter(risks::within_tolerance.eq(!above.is_yes()));
    }
    by_people(query, by, caller)
}

fn by_people<'a>(mut query: Boxed<'a>, by: &RiskFilter, caller: UserId) -> Boxed<'a> {
    if let Some(owner) = by.owner {
        query = query.filter(risks::owner.eq(owner));
    }
    match by.mine.map(|flag| flag.is_yes()) {
        Some(true) => query = query.filter(risks::owner.eq(caller)),
        Some(false) => {
            query = query.filter(risks::owner.is_null().or(risks::owner.ne(caller).assume_not_null()));
        }
        None => {}
    }
    if let Some(day) = by.review_before {
        query = query.filter(risks::next_review_on.lt(day));
    }
    if let Some(system) = by.ai_system {
        query = query.filter(risks::ai_system_id.eq(system));
    }
    if let Some(q) = &by.q {
        query = match search::fold_query(q.as_str()) {
            folded if folded.is_empty() => query.filter(sql::<Bool>("FALSE")),
            folded => query.filter(trigram::contains("risks", &folded)),
        };
    }
    query
}

fn in_order<'a>(query: Boxed<'a>, sort: RiskSort, request: &PageRequest) -> Result<Boxed<'a>> {
    let after = request.after.as_ref();
    let id = after.map(|position| RiskId(position.id).into_sql::<Guid>());
    let lost = || Error::invalid("cursor", "not_a_cursor", "Start again without a cursor.");
    let number = || after.map(|at| at.key.parse::<i32>().map_err(|_| lost())).transpose();
    Ok(match sort {
        RiskSort::Number => {
            let query = query.order((risks::number.asc(), risks::id.asc()));
            match number()?.map(|number| number.into_sql::<Integer>()).zip(id) {
                Some((x, y)) => query.filter(row_gt(risks::number, risks::id, x, y)),
                None => query,
            }
        }
        RiskSort::LevelDown => {
            let query = query.order((risks::level.desc(), risks::id.desc()));
            match number()?.map(|level| level.into_sql::<Integer>()).zip(id) {
                Some((x, y)) => query.filter(row_lt(risks::level, risks::id, x, y)),
                None => query,
            }
        }
        RiskSort::Review => {
            let query = query
                .filter(risks::next_review_on.is_not_null())
                .order((risks::next_review_on.asc(), risks::id.asc()));
            let day = after.map(|at| at.key.parse::<Day>().map_err(|_| lost())).transpose()?;
            match day.map(|day| day.into_sql::<Date>()).zip(id) {
                Some((x, y)) => query.filter(row_gt(risks::next_review_on, risks::id, x, y)),
                None => query,
            }
        }
        RiskSort::UpdatedDown => {
            let query = query.order((risks::updated_at.desc(), risks::id.desc()));
            let at = after.map(|at| at.key.parse::<i64>().map(Timestamp).map_err(|_| lost())).transpose()?;
            match at.map(|at| at.into_sql::<Instant>()).zip(id) {
                Some((x, y)) => query.filter(row_lt(risks::updated_at, risks::id, x, y)),
                None => query,
            }
        }
    })
}

fn position(risk: &Risk, sort: RiskSort) -> Position {
    let key = match sort {
        RiskSort::Number => risk.number.to_string(),
        RiskSort::LevelDown => risk.level.to_string(),
        RiskSort::Review => risk.next_review_on.map_or_else(String::new, |day| day.to_string()),
        RiskSort::UpdatedDown => risk.updated_at.0.to_string(),
    };
    Position { key, id: risk.id.0 }
}
