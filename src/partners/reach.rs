//! Which countries are within reach of a caller, as one SQL condition on any column that holds a country.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};

use crate::kernel::access::{Reach, Scope};
use crate::kernel::id::Iso2;
use crate::kernel::sql::{Guid, Instant};
use crate::platform::connection::MultiBackend;

/// `column` is a country of the reach, or one of a program in which the caller holds a role that counts.
#[derive(Clone, Debug)]
pub struct CountryWithinReach<C> {
    column: C,
    reach: Option<Reach>,
}

/// The scope filter for a column of countries (`partners::country`, `focal_points::country` ...).
pub fn within<C>(column: C, scope: &Scope) -> CountryWithinReach<C> {
    let reach = match scope {
        Scope::All => None,
        Scope::Only(reach) => Some(reach.clone()),
    };
    CountryWithinReach { column, reach }
}

impl<C> Expression for CountryWithinReach<C> {
    type SqlType = Bool;
}

impl<QS, C: AppearsOnTable<QS>> AppearsOnTable<QS> for CountryWithinReach<C> {}
impl<QS, C> SelectableExpression<QS> for CountryWithinReach<C> where Self: AppearsOnTable<QS> {}

impl<GB, C> ValidGrouping<GB> for CountryWithinReach<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C> QueryId for CountryWithinReach<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for CountryWithinReach<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let Some(reach) = &self.reach else {
            out.push_sql("TRUE");
            return Ok(());
        };
        if reach.countries.is_empty() && reach.roles.is_empty() {
            out.push_sql("FALSE");
            return Ok(());
        }
        out.push_sql("(");
        self.column.walk_ast(out.reborrow())?;
        among(&mut out, &reach.countries)?;
        if !reach.roles.is_empty() {
            out.push_sql(" OR ");
            self.column.walk_ast(out.reborrow())?;
            of_programs(&mut out, reach)?;
        }
        out.push_sql(")");
        if let Some(within) = &reach.within {
            out.push_sql(" AND ");
            self.column.walk_ast(out.reborrow())?;
            among(&mut out, within)?;
        }
        Ok(())
    }
}

/// Countries of programs in which the caller holds a role that counts. The table belongs to a later slice; only its name
/// and these two columns are known here.
fn of_programs<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, reach: &'b Reach) -> QueryResult<()> {
    out.push_sql(
        " IN (SELECT pc.country FROM role_grants AS rg INNER JOIN program_countries AS pc \
         ON pc.program_id = rg.program_id WHERE pc.status <> 'deleted' AND rg.user_id = ",
    );
    out.push_bind_param::<Guid, _>(&reach.user)?;
    out.push_sql(" AND rg.role IN (");
    for (place, role) in reach.roles.iter().enumerate() {
        out.push_sql(if place == 0 { "" } else { ", " });
        out.push_bind_param::<Text, _>(role)?;
    }
    out.push_sql(") AND rg.revoked_at IS NULL AND (rg.valid_to IS NULL OR rg.valid_to > ");
    out.push_bind_param::<Instant, _>(&reach.at)?;
    out.push_sql("))");
    Ok(())
}

fn among<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, countries: &'b [Iso2]) -> QueryResult<()> {
    out.push_sql(" IN (");
    if countries.is_empty() {
        out.push_sql("NULL");
    }
    for (place, country) in countries.iter().enumerate() {
        out.push_sql(if place == 0 { "" } else { ", " });
        out.push_bind_param::<Text, _>(country)?;
    }
    out.push_sql(")");
    Ok(())
}
