//! Which holdings a caller may see, and how deep, as one SQL condition on any column that holds a holding's id.
//!
//! The rule stands once, in [`rule`]; `relation.rs` says the same of one holding and one caller, and a test compares the two.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Date, Text};

use super::model::Depth;
use crate::kernel::access::{Reach, Scope};
use crate::kernel::id::Iso2;
use crate::kernel::sql::{Guid, Instant};
use crate::kernel::time::Day;
use crate::platform::connection::MultiBackend;

/// `column` is a holding that the caller may see to a depth.
#[derive(Clone, Debug)]
pub struct Disclosed<C> {
    column: C,
    asked: Option<Asked>,
    singly: bool,
}

/// Who asks, for how much, and on which day.
#[derive(Clone, Debug)]
struct Asked {
    reach: Reach,
    depth: Depth,
    today: Day,
}

/// The scope filter for lists (`assessments::id`, `risks::register_id` ...): a set of ids that indexes answer.
pub fn disclosed<C>(column: C, scope: &Scope, depth: Depth) -> Disclosed<C> {
    Disclosed { column, asked: asked(scope, depth), singly: false }
}

/// The same for the one row that a request names: as many steps for a hidden one as for one that does not exist.
pub fn singly_disclosed<C>(column: C, scope: &Scope, depth: Depth) -> Disclosed<C> {
    Disclosed { column, asked: asked(scope, depth), singly: true }
}

fn asked(scope: &Scope, depth: Depth) -> Option<Asked> {
    match scope {
        Scope::All => None,
        Scope::Only(reach) => {
            Some(Asked { reach: reach.clone(), depth, today: Day(reach.at.utc().date_naive()) })
        }
    }
}

impl<C> Expression for Disclosed<C> {
    type SqlType = diesel::sql_types::Bool;
}

impl<QS, C: AppearsOnTable<QS>> AppearsOnTable<QS> for Disclosed<C> {}
impl<QS, C> SelectableExpression<QS> for Disclosed<C> where Self: AppearsOnTable<QS> {}

impl<GB, C> ValidGrouping<GB> for Disclosed<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C> QueryId for Disclosed<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

type Out<'a, 'b> = AstPass<'a, 'b, MultiBackend>;

impl<C: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Disclosed<C> {
    fn walk_ast<'b>(&'b self, mut out: Out<'_, 'b>) -> QueryResult<()> {
        let Some(asked) = &self.asked else {
            out.push_sql("TRUE");
            return Ok(());
        };
        if self.singly {
            out.push_sql("EXISTS (SELECT 1 FROM holdings AS h WHERE h.id = ");
            self.column.walk_ast(out.reborrow())?;
            out.push_sql(" AND ");
            rule(&mut out, asked)?;
            out.push_sql(")");
            return Ok(());
        }
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        ways(&mut out, asked)?;
        out.push_sql(")");
        Ok(())
    }
}

/// Each way by which a holding can come within reach starts at an index; the rule decides.
fn ways<'b>(out: &mut Out<'_, 'b>, asked: &'b Asked) -> QueryResult<()> {
    out.push_sql(
        "SELECT h.id FROM holdings AS h WHERE h.country IN (SELECT g.country FROM role_grants AS g WHERE ",
    );
    live(out, asked)?;
    out.push_sql(" AND g.role IN ('focal_point', 'observer')) AND ");
    rule(out, asked)?;
    out.push_sql(
        " UNION ALL SELECT h.id FROM holding_people AS n INNER JOIN holdings AS h ON h.id = n.holding_id WHERE n.user_id = ",
    );
    out.push_bind_param::<Guid, _>(&asked.reach.user)?;
    out.push_sql(" AND ");
    rule(out, asked)?;
    out.push_sql(
        " UNION ALL SELECT h.id FROM share_grants AS d INNER JOIN holdings AS h ON h.id = d.holding_id WHERE d.user_id = ",
    );
    out.push_bind_param::<Guid, _>(&asked.reach.user)?;
    out.push_sql(" AND ");
    rule(out, asked)?;
    out.push_sql(
        " UNION ALL SELECT h.id FROM share_grants AS d INNER JOIN holdings AS h ON h.id = d.holding_id WHERE d.program_id IN (",
    );
    teams(out, asked)?;
    out.push_sql(") AND ");
    rule(out, asked)?;
    out.push_sql(
        " UNION ALL SELECT h.id FROM holdings AS h WHERE h.published AND h.tlp = 'CLEAR' AND h.deleted_at IS NULL AND ",
    );
    rule(out, asked)?;
    out.push_sql(
        " UNION ALL SELECT h.id FROM holdings AS h WHERE h.published AND h.deleted_at IS NULL AND h.program_id IN (",
    );
    programs(out, asked)?;
    out.push_sql(") AND ");
    rule(out, asked)
}

/// Whether the caller may see the holding `h` (TLP 2.0 as a floor under offices, names and grants).
fn rule<'b>(out: &mut Out<'_, 'b>, asked: &'b Asked) -> QueryResult<()> {
    out.push_sql("h.deleted_at IS NULL");
    if asked.reach.machine {
        out.push_sql(" AND h.tlp <> 'RED'");
    }
    if let Some(countries) = &asked.reach.within {
        out.push_sql(" AND h.country IN (");
        listed(out, countries)?;
        out.push_sql(")");
    }
    out.push_sql(" AND (");
    by_office(out, asked)?;
    out.push_sql(" OR ");
    by_name(out, asked)?;
    out.push_sql(" OR ");
    by_grant(out, asked)?;
    out.push_sql(" OR (h.published AND (h.tlp = 'CLEAR' OR (h.tlp = 'GREEN' AND h.program_id IN (");
    programs(out, asked)?;
    out.push_sql(")))))");
    Ok(())
}

/// The focal points of the country, except for RED; its observers up to AMBER.
fn by_office<'b>(out: &mut Out<'_, 'b>, asked: &'b Asked) -> QueryResult<()> {
    out.push_sql("(h.tlp <> 'RED' AND EXISTS (SELECT 1 FROM role_grants AS g WHERE ");
    live(out, asked)?;
    out.push_sql(
        " AND g.country = h.country AND (g.role = 'focal_point' \
         OR (g.role = 'observer' AND h.tlp IN ('CLEAR', 'GREEN', 'AMBER')))))",
    );
    Ok(())
}

/// Those named on it. A reviewer and a reader need no office; the others lose sight with their office or their team.
fn by_name<'b>(out: &mut Out<'_, 'b>, asked: &'b Asked) -> QueryResult<()> {
    out.push_sql("EXISTS (SELECT 1 FROM holding_people AS p WHERE p.holding_id = h.id AND p.user_id = ");
    out.push_bind_param::<Guid, _>(&asked.reach.user)?;
    if asked.depth == Depth::Detail {
        // Who fills in a part of an assessment sees that part, which its own slice shows.
        out.push_sql(" AND (p.part <> 'contributor' OR h.kind <> 'assessment')");
    }
    out.push_sql(" AND (p.part IN ('reviewer', 'reader') OR EXISTS (SELECT 1 FROM role_grants AS g WHERE ");
    live(out, asked)?;
    out.push_sql(
        " AND ((g.country = h.country AND g.role IN ('focal_point', 'contributor')) \
         OR (p.part IN ('facilitator', 'owner') AND g.program_id = h.program_id \
         AND g.role IN ('coordinator', 'trainer'))))))",
    );
    Ok(())
}

/// Those to whom it is disclosed: never what is AMBER+STRICT or RED.
fn by_grant<'b>(out: &mut Out<'_, 'b>, asked: &'b Asked) -> QueryResult<()> {
    out.push_sql(
        "(h.tlp IN ('CLEAR', 'GREEN', 'AMBER') AND EXISTS (SELECT 1 FROM share_grants AS s \
         WHERE s.holding_id = h.id AND s.status = 'granted' AND s.expires_on >= ",
    );
    out.push_bind_param::<Date, _>(&asked.today)?;
    if asked.depth == Depth::Detail {
        out.push_sql(" AND s.level = 'detail'");
    }
    out.push_sql(" AND (s.user_id = ");
    out.push_bind_param::<Guid, _>(&asked.reach.user)?;
    out.push_sql(" OR s.program_id IN (");
    teams(out, asked)?;
    out.push_sql("))))");
    Ok(())
}

/// Programs in whose team the caller is: coordinators and trainers.
fn teams<'b>(out: &mut Out<'_, 'b>, asked: &'b Asked) -> QueryResult<()> {
    out.push_sql("SELECT g.program_id FROM role_grants AS g WHERE ");
    live(out, asked)?;
    out.push_sql(" AND g.program_id IS NOT NULL AND g.role IN ('coordinator', 'trainer')");
    Ok(())
}

/// Programs in which the caller takes part, by a role in it or as an official of one of its countries.
fn programs<'b>(out: &mut Out<'_, 'b>, asked: &'b Asked) -> QueryResult<()> {
    out.push_sql("SELECT g.program_id FROM role_grants AS g WHERE ");
    live(out, asked)?;
    out.push_sql(
        " AND g.program_id IS NOT NULL UNION ALL SELECT c.program_id FROM program_countries AS c \
         INNER JOIN role_grants AS g ON g.country = c.country WHERE c.status <> 'deleted' AND ",
    );
    live(out, asked)
}

/// A grant `g` of the caller that is in force.
fn live<'b>(out: &mut Out<'_, 'b>, asked: &'b Asked) -> QueryResult<()> {
    out.push_sql("g.user_id = ");
    out.push_bind_param::<Guid, _>(&asked.reach.user)?;
    out.push_sql(" AND g.revoked_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > ");
    out.push_bind_param::<Instant, _>(&asked.reach.at)?;
    out.push_sql(")");
    Ok(())
}

fn listed<'b>(out: &mut Out<'_, 'b>, countries: &'b [Iso2]) -> QueryResult<()> {
    if countries.is_empty() {
        out.push_sql("NULL");
    }
    for (place, country) in countries.iter().enumerate() {
        out.push_sql(if place == 0 { "" } else { ", " });
        out.push_bind_param::<Text, _>(country)?;
    }
    Ok(())
}
