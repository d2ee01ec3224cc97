//! The threads behind the queues: each carries out jobs, and says so when their commit is durable.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::Receiver;
use diesel::QueryResult;
use diesel::r2d2::{ManageConnection, Pool};
use diesel::result::{DatabaseErrorKind, Error as Sql};
use tokio::sync::{Notify, oneshot};

use super::Tx;
use crate::kernel::{Error, Result};
use crate::platform::clock::Clock;
use crate::platform::connection::AnyConnection;
use crate::platform::migrate::Opener;

/// Writes that share one commit on SQLite.
const GROUP: usize = 64;
/// Attempts of a write that PostgreSQL asked to repeat.
const ATTEMPTS: u32 = 3;

/// A read with its answer.
pub(super) type Job = Box<dyn FnOnce(&mut AnyConnection) + Send>;

/// A write that waits for its commit before the caller hears of it.
pub(super) trait Write: Send {
    /// Runs the closure and flushes the audit entries.
    fn run(&mut self, conn: &mut AnyConnection, clock: &Clock) -> std::result::Result<(), Again>;
    /// Answers the caller; `committed` is an error when the commit itself failed.
    fn answer(self: Box<Self>, committed: Result<()>);
}

/// Why a write did not succeed: the database asks to repeat it, or it was refused.
pub(super) enum Again {
    Repeat,
    No,
}

/// A closure with its caller.
pub(super) struct Writing<F, T> {
    run: F,
    told: bool,
    bell: Arc<Notify>,
    outcome: Option<Result<T>>,
    caller: oneshot::Sender<Result<T>>,
}

impl<F, T> Writing<F, T> {
    /// `bell` rings when it told of an event and was committed.
    pub(super) fn new(run: F, bell: Arc<Notify>, caller: oneshot::Sender<Result<T>>) -> Self {
        Writing { run, told: false, bell, outcome: None, caller }
    }
}

impl<F, T> Write for Writing<F, T>
where
    F: FnMut(&mut Tx) -> Result<T> + Send,
    T: Send,
{
    fn run(&mut self, conn: &mut AnyConnection, clock: &Clock) -> std::result::Result<(), Again> {
        let mut tx = Tx::new(conn, clock);
        let ran = catch_unwind(AssertUnwindSafe(|| {
            let value = (self.run)(&mut tx)?;
            tx.finish()?;
            self.told = tx.told;
            Ok(value)
        }));
        let outcome = ran.unwrap_or_else(|_| Err(Error::internal("a write panicked")));
        let verdict = match &outcome {
            Ok(_) => Ok(()),
            Err(error) if wants_repeat(error) => Err(Again::Repeat),
            Err(_) => Err(Again::No),
        };
        self.outcome = Some(outcome);
        verdict
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let outcome =
            self.outcome.unwrap_or_else(|| Err(Error::unavailable("The write was not carried out.")));
        if self.told && committed.is_ok() {
            self.bell.notify_one();
        }
        // The caller may have hung up; the write stands all the same.
        drop(self.caller.send(committed.and(outcome)));
    }
}

fn wants_repeat(error: &Error) -> bool {
    let sql = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<Sql>());
    match sql {
        Some(Sql::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
        Some(Sql::DatabaseError(DatabaseErrorKind::Unknown, info)) => info.message().contains("deadlock"),
        _ => false,
    }
}

/// Reads on SQLite: one of a few threads.
pub(super) fn read_lane(jobs: &Receiver<Job>, pool: &Pool<Opener>) {
    while let Ok(job) = jobs.recv() {
        on_connection(pool, job);
    }
}

/// Dropping a job without running it closes its channel; the caller then hears 503.
fn on_connection(pool: &Pool<Opener>, job: Job) {
    match pool.get() {
        Ok(mut conn) => job(&mut conn),
        Err(error) => tracing::error!(%error, "no database connection"),
    }
}

/// Reads and writes on PostgreSQL: one of a few threads.
pub(super) fn shared_lane(
    jobs: &Receiver<Job>,
    writes: &Receiver<Box<dyn Write>>,
    pool: &Pool<Opener>,
    clock: &Clock,
) {
    loop {
        crossbeam_channel::select! {
            recv(jobs) -> job => match job { Ok(job) => on_connection(pool, job), Err(_) => return },
            recv(writes) -> write => match write {
                Ok(write) => match pool.get() {
                    Ok(mut conn) => write_alone(&mut conn, write, clock),
                    Err(error) => tracing::error!(%error, "no database connection"),
                },
                Err(_) => return,
            },
        }
    }
}

fn write_alone(conn: &mut AnyConnection, mut write: Box<dyn Write>, clock: &Clock) {
    for attempt in 1..=ATTEMPTS {
        if let Err(error) = conn.begin() {
            return write.answer(Err(error.into()));
        }
        match write.run(conn, clock) {
            Ok(()) => {
                let committed = conn.commit().map_err(Error::from);
                drop(conn.roll_back_to(0));
                return write.answer(committed);
            }
            Err(again) => {
                let rolled_back = conn.roll_back_to(0);
                if matches!(again, Again::No) || attempt == ATTEMPTS || rolled_back.is_err() {
                    return write.answer(Ok(()));
                }
                std::thread::sleep(Duration::from_millis(u64::from(attempt) * 7));
            }
        }
    }
}

/// Writes on SQLite: the only thread.
pub(super) fn write_lane(
    writes: &Receiver<Box<dyn Write>>,
    mut conn: AnyConnection,
    opener: &Opener,
    clock: &Clock,
) {
    while let Ok(first) = writes.recv() {
        let (answers, committed) = write_group(&mut conn, first, writes, clock);
        let failed = committed.is_err();
        for write in answers {
            let verdict = match &committed {
                Ok(()) => Ok(()),
                Err(error) => {
                    Err(Error::unavailable("The disk did not take the write.").because(error.to_string()))
                }
            };
            write.answer(verdict);
        }
        if failed {
            // After a failed sync the connection's state can't be trusted: start afresh.
            drop(conn.roll_back_to(0));
            match opener.connect() {
                Ok(fresh) => conn = fresh,
                Err(error) => tracing::error!(%error, "the writer can't reconnect"),
            }
        }
    }
}

fn write_group(
    conn: &mut AnyConnection,
    first: Box<dyn Write>,
    writes: &Receiver<Box<dyn Write>>,
    clock: &Clock,
) -> (Vec<Box<dyn Write>>, QueryResult<()>) {
    let mut done = Vec::with_capacity(4);
    if let Err(error) = conn.begin() {
        return (vec![first], Err(error));
    }
    let mut next = Some(first);
    while let Some(mut write) = next.take() {
        let kept = conn.savepoint().and_then(|()| match write.run(conn, clock) {
            Ok(()) if conn.depth() == 2 => conn.commit(),
            _ => conn.roll_back_to(1),
        });
        done.push(write);
        if let Err(error) = kept {
            return (done, Err(error));
        }
        if done.len() < GROUP {
            next = writes.try_recv().ok();
        }
    }
    // Never commit anything but the outermost level: diesel would only release a savepoint and report success.
    let committed = match conn.depth() {
        1 => conn.commit(),
        _ => Err(Sql::BrokenTransactionManager),
    };
    (done, committed)
}
