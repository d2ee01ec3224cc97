//! Signing checkpoints, writing the export, and verifying the chain where it lives.

use super::chain::{PublicKey, Signer};
use super::model::{Checkpoint, CheckpointLine};
use super::store;
use super::verify::{Verdict, Walk};
use crate::kernel::id::EventId;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// A checkpoint is due after this many rows.
pub const CHECKPOINT_ROWS: i64 = 1000;
/// A checkpoint is due this many seconds after the last, when there are new rows.
pub const CHECKPOINT_SECONDS: i64 = 15 * 60;
/// Rows read at a time.
const BATCH: i64 = 1000;

/// Signs the head of the chain when a checkpoint is due; gives it, so that the caller can push it out of the house.
/// Safe to run at any time and by several workers. `boot` names this run of the service.
///
/// # Errors
/// When the database refuses.
pub fn checkpoint(tx: &mut Tx, signer: &Signer, boot: EventId) -> Result<Option<Checkpoint>> {
    if !is_due(tx)? {
        return Ok(None);
    }
    let (seq, hash) = store::head(tx)?;
    let checkpoint = signer.sign(Checkpoint { seq, hash, at: tx.now(), boot, signature: String::new() });
    store::insert_checkpoint(tx, &checkpoint)?;
    Ok(Some(checkpoint))
}

/// The checkpoints of rows after a place in the chain, in order.
///
/// # Errors
/// When the database refuses.
pub fn checkpoints_after(tx: &mut Tx, seq: i64) -> Result<Vec<Checkpoint>> {
    store::checkpoints_between(tx, seq, i64::MAX)
}

/// Whether the head of the chain is to be signed.
///
/// # Errors
/// When the database refuses.
pub fn is_due(tx: &mut Tx) -> Result<bool> {
    let (seq, _) = store::head(tx)?;
    let Some(last) = store::last_checkpoint(tx)? else { return Ok(seq > 0) };
    let aged = tx.now() >= last.at.plus_seconds(CHECKPOINT_SECONDS);
    Ok(seq - last.seq >= CHECKPOINT_ROWS || (aged && seq > last.seq))
}

/// The next part of the export after a place in the chain: lines of NDJSON, each checkpoint after its row, and the place
/// from which to go on; `None` at the end.
///
/// # Errors
/// When the database refuses.
pub fn export(tx: &mut Tx, after: i64) -> Result<Option<(String, i64)>> {
    let rows = store::rows_after(tx, after, BATCH)?;
    let Some((last, _)) = rows.last() else { return Ok(None) };
    let last = last.seq;
    let mut checkpoints = store::checkpoints_between(tx, after, last)?.into_iter().peekable();
    let mut text = String::new();
    for (row, _) in rows {
        text.push_str(&serde_json::to_string(&row).map_err(Error::internal)?);
        text.push('\n');
        while let Some(checkpoint) = checkpoints.next_if(|c| c.seq <= row.seq) {
            let line = serde_json::to_string(&CheckpointLine { checkpoint }).map_err(Error::internal)?;
            text.push_str(&line);
            text.push('\n');
        }
    }
    Ok(Some((text, last)))
}

/// Verifies the chain in the database: rows, head, checkpoints there and those that were kept elsewhere.
///
/// # Errors
/// When the database can't be asked; what is wrong with the chain is in the verdict.
pub fn verify_database(tx: &mut Tx, key: &PublicKey, kept: &[Checkpoint]) -> Result<Verdict> {
    let head = store::head(tx)?;
    let mut walk = Walk::with(Some(key), kept);
    for checkpoint in store::checkpoints_between(tx, 0, i64::MAX)? {
        walk.checkpoint(Some(key), &checkpoint);
    }
    let mut after = i64::MIN;
    loop {
        let rows = match store::rows_after(tx, after, BATCH) {
            Ok(rows) => rows,
            Err(error) => {
                walk.broken(format!("rows can't be read: {error}"));
                break;
            }
        };
        let Some((last, _)) = rows.last() else { break };
        after = last.seq;
        for (row, country) in &rows {
            if row.country.map(|iso2| iso2.to_string()) != *country {
                walk.broken(format!("the country of row {} is not as it was written", row.seq));
            }
            walk.row(row);
        }
    }
    Ok(walk.finish(Some(head)))
}
