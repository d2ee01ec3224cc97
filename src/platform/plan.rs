//! How the database would carry out a query, in its own words: for the tests that keep lists fast.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Integer, Text};

use super::connection::{AnyConnection, Flavor, MultiBackend};
use super::db::Tx;
use crate::kernel::Result;

/// `EXPLAIN` on PostgreSQL: one column of text.
struct OnPostgres<Q>(Q);
/// `EXPLAIN QUERY PLAN` on SQLite: id, parent, unused, detail.
struct OnSqlite<Q>(Q);

macro_rules! explained {
    ($($name:ident $prefix:literal $columns:ty;)*) => { $(
        impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for $name<Q> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
                out.unsafe_to_cache_prepared();
                out.push_sql($prefix);
                self.0.walk_ast(out.reborrow())
            }
        }
        impl<Q> QueryId for $name<Q> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
        impl<Q> Query for $name<Q> {
            type SqlType = $columns;
        }
        impl<Q> RunQueryDsl<AnyConnection> for $name<Q> {}
    )* };
}

explained! {
    OnPostgres "EXPLAIN " (Text,);
    OnSqlite "EXPLAIN QUERY PLAN " (Integer, Integer, Integer, Text);
}

/// The lines of the plan. On PostgreSQL sequential scans are made dear first, as they are in a full table.
///
/// # Errors
/// When the database refuses.
pub fn of<Q: QueryFragment<MultiBackend>>(tx: &mut Tx, query: Q) -> Result<Vec<String>> {
    match tx.flavor() {
        Flavor::Postgres => {
            tx.conn().batch("SET LOCAL enable_seqscan = off")?;
            let rows: Vec<(String,)> = OnPostgres(query).load(tx.conn())?;
            Ok(rows.into_iter().map(|row| row.0).collect())
        }
        Flavor::Sqlite => {
            let rows: Vec<(i32, i32, i32, String)> = OnSqlite(query).load(tx.conn())?;
            Ok(rows.into_iter().map(|row| row.3).collect())
        }
    }
}
