//! Work that the server does by itself: a round every few seconds, and at once when something was written that it waits for.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;

use super::db::Db;
use crate::kernel::Result;

/// Shortest time between two rounds, so that a busy server does not plan at every commit.
const BREATH: Duration = Duration::from_millis(500);

/// Longest wait for the last round.
const PATIENCE: Duration = Duration::from_secs(20);

/// Ends the worker; it finishes its round first.
#[derive(Debug)]
pub struct Stop {
    word: watch::Sender<bool>,
    done: actix_web::rt::task::JoinHandle<()>,
}

impl Stop {
    /// Asks the worker to end and waits for its round; a letter that hangs is left to its lease.
    pub async fn stop(self) {
        self.word.send_replace(true);
        if tokio::time::timeout(PATIENCE, self.done).await.is_err() {
            tracing::warn!("the worker did not end its round in time");
        }
    }
}

/// Runs `round` every `pause`, and soon after writes that told of an event where a database is given. A round that fails or panics is logged and the
/// next one comes all the same.
pub fn start<F, R>(told: Option<Db>, pause: Duration, mut round: F) -> Stop
where
    F: FnMut() -> R + 'static,
    R: Future<Output = Result<()>> + 'static,
{
    let (word, mut stopped) = watch::channel(false);
    let done = actix_web::rt::spawn(async move {
        loop {
            match AssertUnwindSafe(round()).catch_unwind().await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "a round of the worker failed"),
                Err(_) => tracing::error!("a round of the worker panicked"),
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = heard(told.as_ref()) => tokio::time::sleep(BREATH).await,
                _ = stopped.wait_for(|stopped| *stopped) => return,
            }
            if *stopped.borrow() {
                return;
            }
        }
    });
    Stop { word, done }
}

/// The next event; never, where none is listened for.
async fn heard(told: Option<&Db>) {
    match told {
        Some(db) => db.told().await,
        None => std::future::pending().await,
    }
}
