//! The file of audit checkpoints: what it lacks is appended, so that a disk that was full or away for a while misses nothing.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::audit::{self, Checkpoint};
use crate::kernel::{Error, Result};
use crate::platform::db::Db;

/// Up to which place in the chain the file has the checkpoints, once that is known; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Kept(Arc<Mutex<Option<i64>>>);

impl Kept {
    /// Appends the checkpoints that the file does not have. A checkpoint proves something only where the house can't
    /// change it, so they are all written, from the first; without a file they stand in the log alone.
    ///
    /// # Errors
    /// 503 when the file can't be read or written: what is missing is appended next time.
    pub async fn complete(&self, db: &Db, file: &Path) -> Result<()> {
        if file.as_os_str().is_empty() {
            return Ok(());
        }
        let before = self.replace(None);
        let after = before.unwrap_or(0);
        let signed = db.read(move |tx| audit::checkpoints_after(tx, after)).await?;
        let last = signed.last().map(|checkpoint| checkpoint.seq).or(before);
        append(file, &signed, before.is_none()).map_err(|e| {
            Error::unavailable(format!("{} (audit.checkpoints) can't be written.", file.display())).because(e)
        })?;
        self.replace(last);
        Ok(())
    }

    fn replace(&self, place: Option<i64>) -> Option<i64> {
        std::mem::replace(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), place)
    }
}

/// Writes lines to the end of the file. `look`: some of them may stand there, and the last may be torn.
fn append(file: &Path, signed: &[Checkpoint], look: bool) -> std::io::Result<()> {
    if signed.is_empty() {
        return Ok(());
    }
    let there = if look { read(file)? } else { String::new() };
    let known: HashSet<&str> = there.lines().collect();
    let mut text = String::new();
    for checkpoint in signed {
        let line = serde_json::to_string(checkpoint)?;
        if !known.contains(line.as_str()) {
            text = text + &line + "\n";
        }
    }
    let torn = !there.is_empty() && !there.ends_with('\n');
    if text.is_empty() && !torn {
        return Ok(());
    }
    let mut out = std::fs::OpenOptions::new().create(true).append(true).open(file)?;
    if torn {
        text.insert(0, '\n');
    }
    out.write_all(text.as_bytes())?;
    out.sync_data()
}

/// The file so far; nothing when there is none yet, or when it is a pipe, which has no memory.
fn read(file: &Path) -> std::io::Result<String> {
    match std::fs::metadata(file) {
        Ok(known) if known.is_file() => {
            std::fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        }
        Ok(_) => Ok(String::new()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error),
    }
}
