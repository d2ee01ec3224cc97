//! The database as the rest of the house sees it: `db.read` and `db.write`, each one transaction on a database thread.
//!
//! SQLite: a few readers and one writer with group commit, so that a durable write costs a share of a sync. PostgreSQL:
//! a few threads for both. Queues are bounded; a full one answers 503 at once.

mod lanes;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_channel::{Sender, TrySendError, bounded};
use diesel::r2d2::{ManageConnection, Pool};
use diesel::result::{DatabaseErrorKind, Error as Sql};
use tokio::sync::{Notify, oneshot};
use uuid::Uuid;

pub use super::constraint::Constraint;

use self::lanes::{Job, Write, Writing};
use super::clock::Clock;
use super::connection::{AnyConnection, Flavor};
use super::journal;
use super::migrate::{Opener, Use};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};

/// Jobs that may wait for a database thread.
const QUEUE: usize = 1024;

/// One transaction: the connection, the clock and the id source.
pub struct Tx<'a> {
    conn: &'a mut AnyConnection,
    clock: &'a Clock,
    now: Timestamp,
    entries: Vec<journal::Entry>,
    told: bool,
}

impl<'a> Tx<'a> {
    /// A transaction over an open connection; `db` and the command line make them.
    pub(crate) fn new(conn: &'a mut AnyConnection, clock: &'a Clock) -> Self {
        let now = clock.now();
        Tx { conn, clock, now, entries: Vec::new(), told: false }
    }

    /// The connection, for the store.
    pub fn conn(&mut self) -> &mut AnyConnection {
        self.conn
    }

    /// The instant of this transaction; it does not move while it runs.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A new id; ids grow with time.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(self.clock.new_id())
    }

    /// Which database this is, for the rare query that differs.
    pub fn flavor(&self) -> Flavor {
        self.conn.flavor()
    }

    /// Notes an entry of the audit chain; it is written just before the commit, so the chain's head is locked briefly.
    pub(crate) fn note(&mut self, entry: journal::Entry) {
        self.entries.push(entry);
    }

    /// Runs `f` in a savepoint: refused, nothing of it remains and the transaction goes on. A failure of our own (500,
    /// 503) is not a refusal; the caller passes it on.
    ///
    /// # Errors
    /// What `f` returns.
    pub fn attempt<T>(&mut self, f: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.within_savepoint(f, true)
    }

    /// Runs `f` in a savepoint and undoes it, whatever it returned: a dry run.
    ///
    /// # Errors
    /// What `f` returns.
    pub fn rehearse<T>(&mut self, f: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.within_savepoint(f, false)
    }

    fn within_savepoint<T>(&mut self, f: impl FnOnce(&mut Tx) -> Result<T>, keep: bool) -> Result<T> {
        let (depth, entries) = (self.conn.depth(), self.entries.len());
        self.conn.savepoint()?;
        let outcome = f(self);
        if keep && outcome.is_ok() {
            self.conn.commit()?;
        } else {
            self.entries.truncate(entries);
            let undone = self.conn.roll_back_to(depth);
            // A transaction that the database gave up can't be rolled back to a savepoint; its own error says more.
            if outcome.is_ok() {
                undone?;
            }
        }
        outcome
    }

    /// Notes that an event was recorded; the worker hears of it after the commit.
    pub(crate) fn tell(&mut self) {
        self.told = true;
    }

    fn finish(&mut self) -> Result<()> {
        let entries = std::mem::take(&mut self.entries);
        if entries.is_empty() { Ok(()) } else { journal::append(self, entries) }
    }
}

/// Handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    readers: Sender<Job>,
    writer: Sender<Box<dyn Write>>,
    clock: Clock,
    flavor: Flavor,
    statements: Arc<AtomicU64>,
    bell: Arc<Notify>,
}

impl Db {
    /// Starts the threads over a pool of connections to `url`, which must be migrated.
    ///
    /// # Errors
    /// When no connection can be made.
    pub fn start(url: &str, threads: usize, clock: Clock) -> Result<Db> {
        Db::start_for(Use::Writing, url, threads, clock)
    }

    /// As [`start`](Db::start), with writers for this use.
    ///
    /// # Errors
    /// When no connection can be made.
    pub fn start_for(of_use: Use, url: &str, threads: usize, clock: Clock) -> Result<Db> {
        let statements = Arc::new(AtomicU64::new(0));
        let flavor = Flavor::of(url);
        let opener = Opener {
            url: url.to_owned(),
            statements: Arc::clone(&statements),
            of_use: if flavor == Flavor::Postgres { of_use } else { Use::Reading },
        };
        let pool = pool(opener, threads)?;
        let (readers, jobs) = bounded::<Job>(QUEUE);
        let (writer, writes) = bounded::<Box<dyn Write>>(QUEUE);
        for _ in 0..threads {
            let (jobs, pool) = (jobs.clone(), pool.clone());
            let (writes, clock) = (writes.clone(), clock.clone());
            match flavor {
                Flavor::Sqlite => spawn("db-read", move || lanes::read_lane(&jobs, &pool))?,
                Flavor::Postgres => spawn("db", move || lanes::shared_lane(&jobs, &writes, &pool, &clock))?,
            }
        }
        if flavor == Flavor::Sqlite {
            let opener = Opener { url: url.to_owned(), statements: Arc::clone(&statements), of_use };
            let conn = opener
                .connect()
                .map_err(|e| Error::unavailable("The database can't be opened.").because(e))?;
            let clock = clock.clone();
            spawn("db-write", move || lanes::write_lane(&writes, conn, &opener, &clock))?;
        }
        Ok(Db(Arc::new(Inner { readers, writer, clock, flavor, statements, bell: Arc::default() })))
    }

    /// Runs `f` in one read transaction.
    ///
    /// # Errors
    /// What `f` returns; 503 when the database is busy or away.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (caller, answer) = oneshot::channel();
        let clock = self.0.clock.clone();
        let job: Job = Box::new(move |conn| {
            let ran = catch_unwind(AssertUnwindSafe(|| read_once(conn, &clock, f)));
            let outcome = ran.unwrap_or_else(|_| Err(Error::internal("a read panicked")));
            // Whatever happened, the next job starts clean.
            let clean = conn.roll_back_to(0);
            drop(caller.send(clean.map_err(Error::from).and(outcome)));
        });
        self.0.readers.try_send(job).map_err(|full| busy(&full))?;
        answer.await.unwrap_or_else(|_| Err(Error::unavailable("The database is away.")))
    }

    /// Runs `f` in one write transaction and returns after the commit is durable. PostgreSQL may ask for a repeat, so
    /// `f` does SQL only.
    ///
    /// # Errors
    /// What `f` returns, and then nothing was written; 503 when the database is busy or away.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (caller, answer) = oneshot::channel();
        let job = Box::new(Writing::new(f, Arc::clone(&self.0.bell), caller));
        self.0.writer.try_send(job).map_err(|full| busy(&full))?;
        answer.await.unwrap_or_else(|_| Err(Error::unavailable("The database is away.")))
    }

    /// Waits until a committed write told of an event.
    pub async fn told(&self) {
        self.0.bell.notified().await;
    }

    /// The clock of this house.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Which database it is.
    pub fn flavor(&self) -> Flavor {
        self.0.flavor
    }

    /// Jobs that wait for a database thread: reads, writes.
    pub fn waiting(&self) -> (usize, usize) {
        (self.0.readers.len(), self.0.writer.len())
    }

    /// Statements run so far; tests compare differences of it.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::SeqCst)
    }
}

fn busy<T>(full: &TrySendError<T>) -> Error {
    match full {
        TrySendError::Full(_) => Error::unavailable("Many requests are waiting; try again in a moment."),
        TrySendError::Disconnected(_) => Error::unavailable("The service is stopping."),
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<()> {
    std::thread::Builder::new().name(name.into()).spawn(run).map(drop).map_err(Error::internal)
}

fn pool(opener: Opener, threads: usize) -> Result<Pool<Opener>> {
    Pool::builder()
        .max_size(threads as u32)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(1))
        .build(opener)
        .map_err(|e| Error::unavailable("The database can't be reached.").because(e))
}

/// Runs `f` in one write transaction on a connection of its own: at start and on the command line, where no threads
/// run yet.
///
/// # Errors
/// What `f` returns, and then nothing was written; 503 when the database is away.
pub fn write_directly<T>(url: &str, clock: &Clock, f: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    let opener = Opener { url: url.to_owned(), statements: Arc::default(), of_use: Use::Writing };
    let mut conn =
        opener.connect().map_err(|e| Error::unavailable("The database can't be opened.").because(e))?;
    conn.begin()?;
    let mut tx = Tx::new(&mut conn, clock);
    let value = f(&mut tx)?;
    tx.finish()?;
    conn.commit()?;
    Ok(value)
}

fn read_once<T>(conn: &mut AnyConnection, clock: &Clock, f: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    conn.begin_read()?;
    let value = f(&mut Tx::new(conn, clock))?;
    conn.commit()?;
    Ok(value)
}

impl From<Sql> for Error {
    fn from(error: Sql) -> Self {
        match &error {
            Sql::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => {
                Error::unavailable("The database is away.").because(error)
            }
            Sql::DatabaseError(_, info) if is_lock_timeout(info.message()) => {
                Error::unavailable("The record is busy.").because(error)
            }
            _ => Error::internal(error),
        }
    }
}

fn is_lock_timeout(message: &str) -> bool {
    message.contains("lock timeout")
        || message.contains("statement timeout")
        || message.contains("database is locked")
}
