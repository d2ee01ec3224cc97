//! What the database knows of its tables when it plans a query.

use diesel::prelude::*;

use super::connection::Flavor;
use super::db::Tx;
use crate::on_each;

/// Has PostgreSQL look at tables that have just grown by much: until its own round comes by, a minute later, it would plan
/// pages of them as if they were small. SQLite plans without. Tables that somebody else works on are left to that round, and
/// so are all when it takes too long: nothing that was written depends on it.
#[expect(
    clippy::disallowed_methods,
    reason = "diesel has no word for ANALYZE; the names are the house's own"
)]
pub fn refresh(tx: &mut Tx, tables: &[&'static str]) {
    if tx.flavor() == Flavor::Sqlite || tables.is_empty() {
        return;
    }
    let statement = format!("ANALYZE (SKIP_LOCKED) {}", tables.join(", "));
    let looked = tx.attempt(|tx| {
        on_each!(tx.conn(), c => diesel::sql_query(statement).execute(c))?;
        Ok(())
    });
    if let Err(error) = looked {
        tracing::warn!(%error, "the tables that grew were not looked at");
    }
}
