//! What the house does by itself: letters, refusals that wait for the audit chain, signed checkpoints, and tidying up.

use std::time::Duration;

use super::Parts;
use crate::accounts;
use crate::ai_systems;
use crate::audit::{self, Signer};
use crate::kernel::{Error, Result};
use crate::notifications;
use crate::platform::http::idempotency;
use crate::platform::worker::{self, Stop};
use crate::risks;
use crate::training;

/// Seconds between two rounds of letters when nothing happens.
const LETTERS: Duration = Duration::from_secs(5);
/// Longest time for which a refusal waits for its place in the audit chain.
const REFUSALS: Duration = Duration::from_secs(1);
/// Seconds between two looks at what the clock does by itself: registration opens and closes.
const TURNS: Duration = Duration::from_secs(10);
/// Seconds between two looks at what is to be signed or forgotten.
const KEEPING: Duration = Duration::from_secs(60);

/// The loops of a running house.
#[derive(Debug)]
pub struct Workers {
    stops: Vec<Stop>,
}

impl Workers {
    /// Starts them. Letters are another process's work where `mail.worker` says so; the rest is done by each.
    pub fn start(parts: &Parts) -> Workers {
        let mut stops = Vec::new();
        if parts.config.mail.worker {
            let wake = Some(parts.db.clone());
            stops.push(worker::start(
                wake,
                LETTERS,
                on(parts, async |parts| letters(&parts).await.map(drop)),
            ));
        }
        stops.push(worker::start(None, REFUSALS, on(parts, async |parts| refusals(&parts).await)));
        stops.push(worker::start(None, TURNS, on(parts, async |parts| turns(&parts).await)));
        stops.push(worker::start(None, KEEPING, on(parts, async |parts| keep(&parts).await)));
        Workers { stops }
    }

    /// Ends them, each after its round, and writes down the refusals of the last moment.
    pub async fn stop(self, parts: &Parts) {
        for stop in self.stops {
            stop.stop().await;
        }
        if let Err(error) = refusals(parts).await {
            tracing::error!(%error, "the last refusals were not written to the audit chain");
        }
    }
}

/// A round over its own copy of the parts, as often as it is asked for.
fn on<R: Future<Output = Result<()>> + 'static>(
    parts: &Parts,
    round: impl Fn(Parts) -> R + 'static,
) -> impl FnMut() -> R + 'static {
    let parts = parts.clone();
    move || round(parts.clone())
}

/// One round of everything, for who moves the clock.
///
/// # Errors
/// When the database is away.
pub async fn round(parts: &Parts) -> Result<notifications::Report> {
    turns(parts).await?;
    let report = letters(parts).await?;
    refusals(parts).await?;
    keep(parts).await?;
    Ok(report)
}

async fn letters(parts: &Parts) -> Result<notifications::Report> {
    let report = notifications::tick(&parts.desk).await?;
    for (outcome, count) in report.outcomes() {
        parts.metrics.letters_ended(outcome, count);
    }
    Ok(report)
}

/// Takes the steps whose time has come; an idle house only reads.
async fn turns(parts: &Parts) -> Result<()> {
    if parts.db.read(training::anything_turns).await? {
        parts.db.write(training::turn).await?;
    }
    if parts.db.read(ai_systems::anything_due).await? {
        parts.db.write(ai_systems::turn).await?;
    }
    if parts.db.read(risks::anything_ended).await? {
        parts.db.write(risks::turn).await?;
    }
    Ok(())
}

async fn refusals(parts: &Parts) -> Result<()> {
    parts.denials.flush(&parts.db).await.map(drop)
}

/// Signs the head of the audit chain when it is due, forgets what has served its time, and hands checkpoints out.
async fn keep(parts: &Parts) -> Result<()> {
    if parts.db.read(audit::is_due).await? {
        let (master, boot) = (parts.master.clone(), parts.boot);
        let signed = parts.db.write(move |tx| audit::checkpoint(tx, &Signer::of(&master)?, boot)).await?;
        if let Some(checkpoint) = signed {
            let line = serde_json::to_string(&checkpoint).map_err(Error::internal)?;
            tracing::info!(checkpoint = %line, "the head of the audit chain was signed");
        }
    }
    if parts.db.read(idempotency::anything_old).await? {
        parts.db.write(idempotency::forget_old).await?;
    }
    if parts.db.read(accounts::anything_old).await? {
        parts.db.write(accounts::forget_old).await?;
    }
    parts.kept.complete(&parts.db, &parts.config.audit.checkpoints).await
}
