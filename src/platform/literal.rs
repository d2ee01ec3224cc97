//! A condition in so many words: the predicate of a partial index must stand in the query as it stands in the index.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

use super::connection::MultiBackend;

/// A condition without values.
#[derive(Debug, Clone, Copy)]
pub struct Literal(&'static str);

/// The condition as it is written; both databases must understand it. Unlike diesel's `sql` it may be kept prepared.
pub const fn literal(condition: &'static str) -> Literal {
    Literal(condition)
}

impl Expression for Literal {
    type SqlType = Bool;
}

impl<QS> AppearsOnTable<QS> for Literal {}
impl<QS> SelectableExpression<QS> for Literal {}

impl<GB> ValidGrouping<GB> for Literal {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for Literal {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<MultiBackend> for Literal {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}
