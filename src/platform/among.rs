//! `column IN (..)` for the ids of a page, in a few sizes only, so that the database keeps the prepared statements.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType};

/// A membership test.
#[derive(Debug, Clone)]
pub struct Among<C, T> {
    column: C,
    values: Vec<T>,
}

/// Rows whose column has one of the values. diesel's `eq_any` writes a statement for each number of values and has it
/// parsed at every use; here the last value is repeated up to the next power of two.
pub fn among<C, T: Copy>(column: C, values: &[T]) -> Among<C, T> {
    let mut values = values.to_vec();
    if let Some(last) = values.last().copied() {
        values.resize(values.len().next_power_of_two(), last);
    }
    Among { column, values }
}

impl<C, T> Expression for Among<C, T> {
    type SqlType = Bool;
}

impl<QS, C: AppearsOnTable<QS>, T> AppearsOnTable<QS> for Among<C, T> {}
impl<QS, C, T> SelectableExpression<QS> for Among<C, T> where Self: AppearsOnTable<QS> {}

impl<GB, C, T> ValidGrouping<GB> for Among<C, T> {
    type IsAggregate = is_aggregate::No;
}

impl<C, T> QueryId for Among<C, T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB, C, T> QueryFragment<DB> for Among<C, T>
where
    DB: Backend + HasSqlType<C::SqlType>,
    C: Expression + QueryFragment<DB>,
    T: ToSql<C::SqlType, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.values.is_empty() {
            out.push_sql("FALSE");
            return Ok(());
        }
        self.column.walk_ast(out.reborrow())?;
        for (place, value) in self.values.iter().enumerate() {
            out.push_sql(if place == 0 { " IN (" } else { ", " });
            out.push_bind_param::<C::SqlType, T>(value)?;
        }
        out.push_sql(")");
        Ok(())
    }
}
