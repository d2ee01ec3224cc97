//! `q=` over a folded column: a trigram table of FTS5 on SQLite, a pg_trgm index on PostgreSQL.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::Text;

use super::connection::MultiBackend;

/// Rows of `table` whose folded text contains the folded query.
///
/// By the house's convention the table `x` has a column `search_text`, and on SQLite a twin `x_search(id, search_text)`
/// of FTS5 with the trigram tokenizer, kept by triggers.
#[derive(Debug, Clone)]
pub struct Contains {
    table: &'static str,
    key: &'static str,
    like: String,
    phrase: String,
}

/// The filter for a query that is already folded ([`crate::kernel::search::fold_query`]).
pub fn contains(table: &'static str, folded: &str) -> Contains {
    contains_by(table, "id", folded)
}

/// The same for a table whose key has another name than `id`.
pub fn contains_by(table: &'static str, key: &'static str, folded: &str) -> Contains {
    // A folded text is letters, digits and spaces: nothing in it needs escaping in LIKE or in an FTS5 phrase.
    Contains { table, key, like: format!("%{folded}%"), phrase: format!("\"{folded}\"") }
}

crate::platform::condition::condition!(Contains);

impl QueryFragment<MultiBackend> for Contains {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        match out.backend() {
            MultiBackend::Pg(_) => {
                out.push_identifier(self.table)?;
                out.push_sql(".search_text LIKE ");
                out.push_bind_param::<Text, _>(&self.like)?;
            }
            MultiBackend::Sqlite(_) => {
                out.push_identifier(self.table)?;
                out.push_sql(".");
                out.push_identifier(self.key)?;
                out.push_sql(" IN (SELECT id FROM ");
                out.push_sql(self.table);
                out.push_sql("_search WHERE search_text MATCH ");
                out.push_bind_param::<Text, _>(&self.phrase)?;
                out.push_sql(")");
            }
        }
        Ok(())
    }
}
