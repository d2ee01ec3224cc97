//! Opening connections and bringing a database to the schema of this binary.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{Connection, InstrumentationEvent};
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::sql_types::Text;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::clock::Clock;
use super::connection::{AnyConnection, Flavor};
use super::db::Tx;
use crate::kernel::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// Lock key for migrations, so that several instances may start at once.
const LOCK: &str = "SELECT pg_advisory_lock(4919131520)";
const LOCK_TO_END: &str = "SELECT pg_advisory_xact_lock(4919131520)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(4919131520)";
/// PostgreSQL below this is refused.
const POSTGRES_FLOOR: i64 = 14;
/// SQLite below this can corrupt a file that several connections write: the write-ahead-log reset bug.
const SQLITE_FLOOR: [u32; 3] = [3, 51, 3];

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Reads only.
    Reading,
    /// Reads and writes; a commit is on the disk before it is answered.
    Writing,
    /// Writes what could be made again, such as the demo: the system puts it on the disk when it likes.
    Filling,
}

/// Opens connections for the pool.
#[derive(Debug)]
pub struct Opener {
    /// File of SQLite or URL of PostgreSQL.
    pub url: String,
    /// Counts statements.
    pub statements: Arc<AtomicU64>,
    /// What the connections are for.
    pub of_use: Use,
}

impl ManageConnection for Opener {
    type Connection = AnyConnection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> std::result::Result<AnyConnection, Self::Error> {
        let mut conn = open(&self.url).map_err(diesel::r2d2::Error::ConnectionError)?;
        prepare(&mut conn, self.of_use).map_err(diesel::r2d2::Error::QueryError)?;
        let statements = Arc::clone(&self.statements);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                statements.fetch_add(1, Ordering::Relaxed);
                if tracing::enabled!(target: "cybercap::sql", tracing::Level::TRACE) {
                    // Values stay out of the log.
                    let text = query.to_string();
                    tracing::trace!(target: "cybercap::sql", sql = text.split(" -- binds:").next(), "statement");
                }
            }
        });
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut AnyConnection) -> std::result::Result<(), Self::Error> {
        conn.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut AnyConnection) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

/// Opens a connection by the URL's kind; the derived way would try both on any text and hide the real error.
///
/// # Errors
/// The database's own words.
pub fn open(url: &str) -> diesel::ConnectionResult<AnyConnection> {
    match Flavor::of(url) {
        Flavor::Postgres => PgConnection::establish(url).map(AnyConnection::Pg),
        Flavor::Sqlite => {
            SqliteConnection::establish(url.trim_start_matches("sqlite://")).map(AnyConnection::Sqlite)
        }
    }
}

fn prepare(conn: &mut AnyConnection, of_use: Use) -> diesel::QueryResult<()> {
    match (conn.flavor(), of_use) {
        (Flavor::Postgres, _) => conn.batch(
            "SET timezone = 'UTC'; SET statement_timeout = '5s'; SET lock_timeout = '2s'; \
             SET idle_in_transaction_session_timeout = '10s'",
        ),
        (Flavor::Sqlite, Use::Writing) => conn.batch(
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY",
        ),
        (Flavor::Sqlite, Use::Filling) => conn.batch(
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; \
             PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY",
        ),
        (Flavor::Sqlite, Use::Reading) => conn.batch(
            "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA query_only = ON",
        ),
    }
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    value: String,
}

/// One value of one row, as text; for questions about the database itself.
#[expect(clippy::disallowed_methods, reason = "the house's own questions to the database")]
pub fn ask(conn: &mut AnyConnection, sql: &'static str) -> Result<String> {
    let answer: Answer = diesel::sql_query(sql).get_result(conn)?;
    Ok(answer.value)
}

/// Refuses versions that are known to lose data or to lack what we need.
///
/// # Errors
/// 503 with the version found and the one needed.
pub fn check_version(conn: &mut AnyConnection) -> Result<String> {
    match conn.flavor() {
        Flavor::Postgres => {
            let number = ask(conn, "SELECT current_setting('server_version_num') AS value")?;
            let major = number.parse::<i64>().unwrap_or(0) / 10_000;
            match major >= POSTGRES_FLOOR {
                true => Ok(format!("PostgreSQL {major}")),
                false => Err(Error::unavailable(format!("PostgreSQL {major} is too old; use 14 or later."))),
            }
        }
        Flavor::Sqlite => {
            let version = ask(conn, "SELECT sqlite_version() AS value")?;
            let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
            match parts.as_slice() >= SQLITE_FLOOR.as_slice() {
                true => Ok(format!("SQLite {version}")),
                false => {
                    Err(Error::unavailable(format!("SQLite {version} is too old; use 3.51.3 or later.")))
                }
            }
        }
    }
}

/// Brings the database at `url` to this binary's schema; several processes may do so at once. Returns the names of the
/// migrations that ran.
///
/// # Errors
/// 503 when the database can't be reached or a migration failed; then nothing of that migration remains.
pub fn migrate(url: &str) -> Result<Vec<String>> {
    let mut conn = connect(url)?;
    let failed =
        |e: Box<dyn std::error::Error + Send + Sync>| Error::unavailable("A migration failed.").because(e);
    match &mut conn {
        AnyConnection::Pg(c) => {
            diesel::connection::SimpleConnection::batch_execute(c, LOCK)?;
            let ran = c.run_pending_migrations(POSTGRES).map(named).map_err(failed);
            diesel::connection::SimpleConnection::batch_execute(c, UNLOCK)?;
            ran
        }
        AnyConnection::Sqlite(c) => c
            .immediate_transaction(|c| c.run_pending_migrations(SQLITE).map(named).map_err(Migration))
            .map_err(|Migration(e)| failed(e)),
    }
}

/// Undoes every migration and runs them again; for tests of the migrations themselves.
///
/// # Errors
/// 503 when one of them failed.
pub fn down_and_up(url: &str) -> Result<()> {
    let mut conn = connect(url)?;
    let failed =
        |e: Box<dyn std::error::Error + Send + Sync>| Error::unavailable("A migration failed.").because(e);
    match &mut conn {
        AnyConnection::Pg(c) => c.revert_all_migrations(POSTGRES).map(drop).map_err(failed)?,
        AnyConnection::Sqlite(c) => c.revert_all_migrations(SQLITE).map(drop).map_err(failed)?,
    }
    migrate(url).map(drop)
}

/// Names of the migrations that [`migrate`] would run.
///
/// # Errors
/// 503 when the database can't be reached.
pub fn pending(url: &str) -> Result<Vec<String>> {
    let mut conn = connect(url)?;
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| {
        Error::unavailable("Migrations can't be read.").because(e)
    };
    let names = match &mut conn {
        AnyConnection::Pg(c) => {
            c.pending_migrations(POSTGRES).map(|list| list.iter().map(|m| m.name().to_string()).collect())
        }
        AnyConnection::Sqlite(c) => {
            c.pending_migrations(SQLITE).map(|list| list.iter().map(|m| m.name().to_string()).collect())
        }
    };
    names.map_err(failed)
}

/// Opens a connection of its own for the command line and the start.
///
/// # Errors
/// 503 that says what was tried.
pub fn connect(url: &str) -> Result<AnyConnection> {
    let mut conn = open(url).map_err(|e| Error::unavailable("The database can't be opened.").because(e))?;
    check_version(&mut conn)?;
    prepare(&mut conn, Use::Writing)?;
    Ok(conn)
}

/// Runs `f` in one write transaction on a connection of its own: for the start, before the database threads.
///
/// # Errors
/// What `f` returns, and then nothing was written.
pub fn write<T>(url: &str, clock: &Clock, f: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    let mut conn = connect(url)?;
    conn.begin()?;
    // Instances that start together load one after the other; SQLite has one writer anyway.
    if let AnyConnection::Pg(_) = &conn {
        conn.batch(LOCK_TO_END)?;
    }
    let value = f(&mut Tx::new(&mut conn, clock))?;
    conn.commit()?;
    Ok(value)
}

fn named(versions: Vec<diesel::migration::MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

/// Carries a migration's error through diesel's transaction.
struct Migration(Box<dyn std::error::Error + Send + Sync>);

impl From<diesel::result::Error> for Migration {
    fn from(error: diesel::result::Error) -> Self {
        Migration(Box::new(error))
    }
}
