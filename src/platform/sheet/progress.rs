//! How far the imports of this instance are: a client that waits asks, and the log says it every tenth.
//!
//! It is kept in memory by each instance for itself; an import that has ended is gone from here, its answer is with the client.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::id::UserId;
use crate::kernel::time::Timestamp;
use crate::platform::clock::Clock;

/// An import that is under way.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportUnderWay {
    /// What is entered: `registrations`, `milestones` and so on.
    pub what: &'static str,
    /// Nothing will be written.
    pub dry_run: bool,
    /// Rows of the file.
    pub rows: usize,
    /// Rows that are through.
    pub done: usize,
    /// When it began.
    pub began_at: Timestamp,
}

#[derive(Debug)]
struct Running {
    by: UserId,
    what: &'static str,
    dry_run: bool,
    rows: usize,
    done: Arc<AtomicUsize>,
    began_at: Timestamp,
}

/// The imports under way; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Imports(Arc<Mutex<HashMap<Uuid, Running>>>);

impl Imports {
    /// Those of a person, the first begun first.
    pub fn of(&self, by: UserId) -> Vec<ImportUnderWay> {
        self.which(|running| running.by == by)
    }

    /// Everybody's.
    pub fn all(&self) -> Vec<ImportUnderWay> {
        self.which(|_| true)
    }

    fn which(&self, wanted: impl Fn(&Running) -> bool) -> Vec<ImportUnderWay> {
        let Ok(all) = self.0.lock() else { return Vec::new() };
        let own = all.values().filter(|running| wanted(running)).map(|running| ImportUnderWay {
            what: running.what,
            dry_run: running.dry_run,
            rows: running.rows,
            done: running.done.load(Ordering::Relaxed),
            began_at: running.began_at,
        });
        let mut own: Vec<ImportUnderWay> = own.collect();
        own.sort_by_key(|import| import.began_at);
        own
    }
}

/// Who sent a file.
#[derive(Debug)]
pub(super) struct Sender(Option<(Imports, UserId, Clock)>);

impl Sender {
    pub(super) fn of(request: &HttpRequest) -> Sender {
        let parts = || {
            let imports = request.app_data::<Data<Imports>>()?.get_ref().clone();
            let clock = request.app_data::<Data<Clock>>()?.get_ref().clone();
            let by = request.extensions().get::<UserId>().copied()?;
            Some((imports, by, clock))
        };
        Sender(parts())
    }

    /// An import begins.
    pub(super) fn begin(self, what: &'static str, rows: usize, dry_run: bool) -> Progress {
        let done = Arc::new(AtomicUsize::new(0));
        let listed = self.0.and_then(|(imports, by, clock)| {
            let id = clock.new_id();
            let running = Running { by, what, dry_run, rows, done: Arc::clone(&done), began_at: clock.now() };
            imports.0.lock().ok()?.insert(id, running);
            Some((imports.clone(), id))
        });
        Progress { what, rows, done, listed }
    }
}

/// How far one import is; it leaves the list when it is dropped.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    rows: usize,
    done: Arc<AtomicUsize>,
    listed: Option<(Imports, Uuid)>,
}

/// Fewest rows of an import that the log tells of.
const LONG: usize = 1_000;

impl Progress {
    /// This many rows are through.
    pub(super) fn reached(&self, done: usize) {
        self.done.store(done, Ordering::Relaxed);
        if self.rows >= LONG && done > 0 && done.is_multiple_of(self.rows / 10) {
            tracing::info!(what = self.what, done, rows = self.rows, "import");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((imports, id)) = &self.listed
            && let Ok(mut all) = imports.0.lock()
        {
            all.remove(id);
        }
    }
}
