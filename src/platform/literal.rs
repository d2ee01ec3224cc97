//! A condition in so many words: the predicate of a partial index must stand in the query as it stands in the index.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};

use super::connection::MultiBackend;

/// A condition without values.
#[derive(Debug, Clone, Copy)]
pub struct Literal(&'static str);

/// The condition as it is written; both databases must understand it. Unlike diesel's `sql` it may be kept prepared.
pub const fn literal(condition: &'static str) -> Literal {
    Literal(condition)
}

crate::platform::condition::condition!(Literal);

impl QueryFragment<MultiBackend> for Literal {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}
