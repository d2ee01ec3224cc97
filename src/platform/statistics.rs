//! What the database knows of its tables when it plans a query.

use diesel::prelude::*;

use super::connection::Flavor;
use super::db::Tx;
use crate::kernel::Result;
use crate::on_each;

/// Has PostgreSQL look at tables that have just grown by much: until its own round comes by, a minute later, it would plan
/// pages of them as if they were small. SQLite plans without.
///
/// # Errors
/// When the database refuses.
#[expect(
    clippy::disallowed_methods,
    reason = "diesel has no word for ANALYZE; the names are the house's own"
)]
pub fn refresh(tx: &mut Tx, tables: &[&'static str]) -> Result<()> {
    if tx.flavor() == Flavor::Postgres && !tables.is_empty() {
        let statement = format!("ANALYZE {}", tables.join(", "));
        on_each!(tx.conn(), c => diesel::sql_query(statement).execute(c))?;
    }
    Ok(())
}
