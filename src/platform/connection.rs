//! One connection type over SQLite and PostgreSQL, and the few places where they differ.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::ExecuteDsl;
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel::{Connection, QueryResult, RunQueryDsl, Selectable};

/// A connection to whichever database the URL names.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// PostgreSQL 14 or later.
    Pg(PgConnection),
    /// Bundled SQLite.
    Sqlite(SqliteConnection),
}

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// PostgreSQL, several instances.
    Postgres,
    /// SQLite, one process.
    Sqlite,
}

impl Flavor {
    /// By the URL: `postgres://` or `postgresql://` is PostgreSQL, anything else a file of SQLite.
    pub fn of(url: &str) -> Flavor {
        match url.starts_with("postgres://") || url.starts_with("postgresql://") {
            true => Flavor::Postgres,
            false => Flavor::Sqlite,
        }
    }
}

impl AnyConnection {
    /// Which database this is.
    pub fn flavor(&self) -> Flavor {
        match self {
            AnyConnection::Pg(_) => Flavor::Postgres,
            AnyConnection::Sqlite(_) => Flavor::Sqlite,
        }
    }

    /// Opens a transaction. SQLite takes the write lock at once: a deferred read-to-write upgrade fails under load
    /// without waiting for the busy timeout.
    pub fn begin(&mut self) -> QueryResult<()> {
        match self {
            AnyConnection::Pg(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
            AnyConnection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        }
    }

    /// Opens a transaction for reading: every query sees the same state, and writing fails.
    pub fn begin_read(&mut self) -> QueryResult<()> {
        match self {
            AnyConnection::Pg(c) => AnsiTransactionManager::begin_transaction_sql(
                c,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            ),
            AnyConnection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED"),
        }
    }

    /// Transactions and savepoints open now.
    pub fn depth(&mut self) -> u32 {
        type Manager = <AnyConnection as Connection>::TransactionManager;
        match Manager::transaction_manager_status_mut(self) {
            diesel::connection::TransactionManagerStatus::Valid(status) => {
                status.transaction_depth().map_or(0, |depth| depth.get())
            }
            diesel::connection::TransactionManagerStatus::InError => 0,
        }
    }

    /// Opens a savepoint inside a transaction.
    pub fn savepoint(&mut self) -> QueryResult<()> {
        <Self as Connection>::TransactionManager::begin_transaction(self)
    }

    /// Commits the innermost transaction or savepoint.
    pub fn commit(&mut self) -> QueryResult<()> {
        <Self as Connection>::TransactionManager::commit_transaction(self)
    }

    /// Rolls back until only `depth` levels are open: a panic leaves diesel's own savepoints behind.
    pub fn roll_back_to(&mut self, depth: u32) -> QueryResult<()> {
        while self.depth() > depth {
            <Self as Connection>::TransactionManager::rollback_transaction(self)?;
        }
        Ok(())
    }

    /// Runs several statements given as text; only the house's own constants.
    pub fn batch(&mut self, sql: &'static str) -> QueryResult<()> {
        self.batch_execute(sql)
    }
}

/// A statement that is valid on both databases, on [`AnyConnection`], where the derive lacks the feature
/// (`on_conflict`, filtered aggregates, windows).
#[derive(Debug, Clone, Copy)]
pub struct Portable<Q>(Q);

impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Portable<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, out)
    }
}

impl<Q: QueryId> QueryId for Portable<Q> {
    type QueryId = Portable<Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for Portable<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<AnyConnection> for Portable<Q> {}

/// `.portable()` for statements.
pub trait IntoPortable: Sized {
    /// Makes the statement run on [`AnyConnection`].
    fn portable(self) -> Portable<Self> {
        Portable(self)
    }
}

impl<Q> IntoPortable for Q where Portable<Q>: QueryFragment<MultiBackend> {}

/// `FOR UPDATE SKIP LOCKED` where there are row locks; nothing where there is one writer.
#[derive(Debug, Clone, Copy)]
pub struct Claimed<Q> {
    query: Q,
    skip: bool,
}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Claimed<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        if let MultiBackend::Pg(_) = out.backend() {
            out.push_sql(if self.skip { " FOR UPDATE SKIP LOCKED" } else { " FOR UPDATE" });
        }
        Ok(())
    }
}

impl<Q> QueryId for Claimed<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Claimed<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<AnyConnection> for Claimed<Q> {}

/// Row locks for select statements.
pub trait Claim: Sized {
    /// Locks the rows found, leaving out those that another worker holds.
    fn claim_rows(self) -> Claimed<Self> {
        Claimed { query: self, skip: true }
    }

    /// Locks the rows found, waiting for others.
    fn lock_rows(self) -> Claimed<Self> {
        Claimed { query: self, skip: false }
    }
}

impl<Q: QueryFragment<MultiBackend>> Claim for Q {}

/// Rows of one statement where many are written: PostgreSQL takes 65,535 values, SQLite half of it.
pub const TOGETHER: usize = 512;

/// Compiles one expression for each database: batch inserts, which the derive can't carry.
#[macro_export]
macro_rules! on_each {
    ($conn:expr, $c:ident => $e:expr) => {
        match $conn {
            $crate::platform::connection::AnyConnection::Pg($c) => $e,
            $crate::platform::connection::AnyConnection::Sqlite($c) => $e,
        }
    };
}

/// The columns of a row type, for `returning` clauses (`as_returning` does not compile over two databases).
pub trait Columns: Selectable<MultiBackend> {
    /// The selection.
    fn columns() -> Self::SelectExpression {
        Self::construct_selection()
    }
}

impl<T: Selectable<MultiBackend>> Columns for T {}

/// Statements that can be executed on [`AnyConnection`].
pub trait Executes: ExecuteDsl<AnyConnection> {}
impl<T: ExecuteDsl<AnyConnection>> Executes for T {}
