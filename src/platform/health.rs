//! Whether this process is ready for requests: the database answers, and nobody asked it to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::r2d2::R2D2Connection;

use super::db::Db;

/// For how long one look at the database counts, and how long it may take.
const FRESH: Duration = Duration::from_secs(1);

/// Shared by the probes and the part that stops the process; cheap to clone.
#[derive(Clone, Default)]
pub struct Health(Arc<Inner>);

#[derive(Default)]
struct Inner {
    stopping: AtomicBool,
    last: Mutex<Option<(Instant, bool)>>,
}

impl Health {
    /// From now on the process is not ready: it finishes what it has and ends.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::SeqCst);
    }

    /// True after [`stop`](Health::stop).
    pub fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::SeqCst)
    }

    /// Whether the database answers; asked at most once a second.
    pub async fn database_answers(&self, db: &Db) -> bool {
        let known = self.0.last.lock().ok().and_then(|last| *last);
        if let Some((at, answered)) = known
            && at.elapsed() < FRESH
        {
            return answered;
        }
        let ping = db.read(|tx| Ok(tx.conn().ping()?));
        let answered = matches!(tokio::time::timeout(FRESH, ping).await, Ok(Ok(())));
        if let Ok(mut last) = self.0.last.lock() {
            *last = Some((Instant::now(), answered));
        }
        answered
    }
}
