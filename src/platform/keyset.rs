//! `(a, b) < (x, y)`: the row comparison that serves a page by key from an index on both databases.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

use super::connection::MultiBackend;

/// A comparison of two pairs.
#[derive(Debug, Clone, Copy)]
pub struct Pair<A, B, X, Y> {
    left: (A, B),
    operator: &'static str,
    right: (X, Y),
}

/// `(a, b) > (x, y)`: rows after the position in ascending order.
pub fn row_gt<A, B, X, Y>(a: A, b: B, x: X, y: Y) -> Pair<A, B, X, Y> {
    Pair { left: (a, b), operator: ") > (", right: (x, y) }
}

/// `(a, b) < (x, y)`: rows after the position in descending order.
pub fn row_lt<A, B, X, Y>(a: A, b: B, x: X, y: Y) -> Pair<A, B, X, Y> {
    Pair { left: (a, b), operator: ") < (", right: (x, y) }
}

impl<A, B, X, Y> Expression for Pair<A, B, X, Y> {
    type SqlType = Bool;
}

impl<QS, A, B, X, Y> AppearsOnTable<QS> for Pair<A, B, X, Y>
where
    A: AppearsOnTable<QS>,
    B: AppearsOnTable<QS>,
    X: AppearsOnTable<QS>,
    Y: AppearsOnTable<QS>,
{
}

impl<QS, A, B, X, Y> SelectableExpression<QS> for Pair<A, B, X, Y> where Self: AppearsOnTable<QS> {}

impl<GB, A, B, X, Y> ValidGrouping<GB> for Pair<A, B, X, Y> {
    type IsAggregate = is_aggregate::No;
}

impl<A, B, X, Y> QueryId for Pair<A, B, X, Y> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<A, B, X, Y> QueryFragment<MultiBackend> for Pair<A, B, X, Y>
where
    A: QueryFragment<MultiBackend>,
    B: QueryFragment<MultiBackend>,
    X: QueryFragment<MultiBackend>,
    Y: QueryFragment<MultiBackend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("(");
        self.left.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.left.1.walk_ast(out.reborrow())?;
        out.push_sql(self.operator);
        self.right.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.right.1.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
