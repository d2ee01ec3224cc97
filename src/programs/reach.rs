//! Which programs are within reach of a caller, as one SQL condition on any column that holds a program's id.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Text};

use super::codes::Status;
use crate::kernel::access::{Reach, Scope};
use crate::kernel::id::{Iso2, ProgramId};
use crate::kernel::sql::{Guid, Instant};
use crate::platform::connection::MultiBackend;

/// `column` is a program within reach: of the reach's countries, or one in which the caller holds a role that counts.
#[derive(Clone, Debug)]
pub struct WithinReach<C> {
    column: C,
    reach: Option<Reach>,
    way: Way,
}

/// Two ways to ask the same.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// All ids within reach, from which a list is made: cheap for many rows.
    Together,
    /// This one id: cheap for one row, in a house of any size.
    Singly,
}

/// The scope filter for a column of program ids (`programs::id`, `milestones::program_id` ...). The sub-selects are
/// answered by indexes; no list of ids leaves the database.
pub fn within<C>(column: C, scope: &Scope) -> WithinReach<C> {
    WithinReach { column, reach: reach_of(scope), way: Way::Together }
}

/// The same for the one row that a request names. How long it takes does not tell how much is within reach.
pub fn singly_within<C>(column: C, scope: &Scope) -> WithinReach<C> {
    WithinReach { column, reach: reach_of(scope), way: Way::Singly }
}

fn reach_of(scope: &Scope) -> Option<Reach> {
    match scope {
        Scope::All => None,
        Scope::Only(reach) => Some(reach.clone()),
    }
}

impl<C> Expression for WithinReach<C> {
    type SqlType = Bool;
}

impl<QS, C: AppearsOnTable<QS>> AppearsOnTable<QS> for WithinReach<C> {}
impl<QS, C> SelectableExpression<QS> for WithinReach<C> where Self: AppearsOnTable<QS> {}

impl<GB, C> ValidGrouping<GB> for WithinReach<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C> QueryId for WithinReach<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for WithinReach<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let Some(reach) = &self.reach else {
            out.push_sql("TRUE");
            return Ok(());
        };
        let (by_country, by_grant) = (!reach.countries.is_empty(), !reach.roles.is_empty());
        if !by_country && !by_grant {
            out.push_sql("FALSE");
            return Ok(());
        }
        match self.way {
            Way::Together => self.together(&mut out, reach),
            Way::Singly => self.singly(&mut out, reach),
        }
    }
}

impl<C: QueryFragment<MultiBackend>> WithinReach<C> {
    fn together<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>, reach: &'b Reach) -> QueryResult<()> {
        let (by_country, by_grant) = (!reach.countries.is_empty(), !reach.roles.is_empty());
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        if by_country {
            in_countries(out, &reach.countries)?;
        }
        if by_country && by_grant {
            out.push_sql(" UNION ALL ");
        }
        if by_grant {
            by_grants(out, reach)?;
        }
        out.push_sql(")");
        if let Some(within) = &reach.within {
            out.push_sql(" AND ");
            self.column.walk_ast(out.reborrow())?;
            out.push_sql(" IN (");
            in_countries(out, within)?;
            out.push_sql(")");
        }
        Ok(())
    }

    fn singly<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>, reach: &'b Reach) -> QueryResult<()> {
        let (by_country, by_grant) = (!reach.countries.is_empty(), !reach.roles.is_empty());
        out.push_sql("(");
        if by_country {
            out.push_sql("EXISTS (");
            in_countries(out, &reach.countries)?;
            self.this(out, " AND program_countries.program_id = ")?;
        }
        if by_country && by_grant {
            out.push_sql(" OR ");
        }
        if by_grant {
            out.push_sql("EXISTS (");
            by_grants(out, reach)?;
            self.this(out, " AND role_grants.program_id = ")?;
        }
        out.push_sql(")");
        if let Some(within) = &reach.within {
            out.push_sql(" AND EXISTS (");
            in_countries(out, within)?;
            self.this(out, " AND program_countries.program_id = ")?;
        }
        Ok(())
    }

    /// Ends a sub-select with this one id.
    fn this<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>, words: &'static str) -> QueryResult<()> {
        out.push_sql(words);
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

fn in_countries<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, countries: &'b [Iso2]) -> QueryResult<()> {
    out.push_sql(
        "SELECT program_countries.program_id FROM program_countries WHERE program_countries.country IN (",
    );
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

fn by_grants<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, reach: &'b Reach) -> QueryResult<()> {
    out.push_sql("SELECT role_grants.program_id FROM role_grants WHERE role_grants.user_id = ");
    out.push_bind_param::<Guid, _>(&reach.user)?;
    out.push_sql(" AND role_grants.role IN (");
    for (place, role) in reach.roles.iter().enumerate() {
        out.push_sql(if place == 0 { "" } else { ", " });
        out.push_bind_param::<Text, _>(role)?;
    }
    out.push_sql(") AND role_grants.program_id IS NOT NULL AND role_grants.revoked_at IS NULL");
    out.push_sql(" AND (role_grants.valid_to IS NULL OR role_grants.valid_to > ");
    out.push_bind_param::<Instant, _>(&reach.at)?;
    out.push_sql(")");
    Ok(())
}

/// The ids of one page of a country, read from the index of countries alone: `programs.id` is among them.
#[derive(Clone, Debug)]
pub(super) struct ListedIn {
    /// Programs of this country.
    pub country: Iso2,
    /// In any of these statuses; in any but deleted when there are none.
    pub statuses: Vec<Status>,
    /// Beyond this program.
    pub after: Option<ProgramId>,
    /// From the last to the first.
    pub down: bool,
    /// At most so many.
    pub limit: i64,
}

crate::platform::condition::condition!(ListedIn);

impl QueryFragment<MultiBackend> for ListedIn {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("programs.id IN (SELECT c.program_id FROM program_countries AS c WHERE c.country = ");
        out.push_bind_param::<Text, _>(&self.country)?;
        match self.statuses.as_slice() {
            [] => out.push_sql(" AND c.status <> 'deleted'"),
            [one] => {
                out.push_sql(" AND c.status = ");
                out.push_bind_param::<Text, _>(one)?;
            }
            many => {
                out.push_sql(" AND c.status IN (");
                for (place, status) in many.iter().enumerate() {
                    out.push_sql(if place == 0 { "" } else { ", " });
                    out.push_bind_param::<Text, _>(status)?;
                }
                out.push_sql(")");
            }
        }
        if let Some(after) = &self.after {
            out.push_sql(if self.down { " AND c.program_id < " } else { " AND c.program_id > " });
            out.push_bind_param::<Guid, _>(after)?;
        }
        out.push_sql(if self.down {
            " ORDER BY c.program_id DESC LIMIT "
        } else {
            " ORDER BY c.program_id LIMIT "
        });
        out.push_bind_param::<BigInt, _>(&self.limit)?;
        out.push_sql(")");
        Ok(())
    }
}
