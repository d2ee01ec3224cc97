//! The verifier: from an export, the public key and kept checkpoints alone it tells whether the chain is whole.

use std::io::BufRead;

use super::chain::PublicKey;
use super::model::{Checkpoint, CheckpointLine};
use crate::kernel::{Error, Result};
use crate::platform::journal::{self, Row};

/// Findings listed at most; one break can make many.
const LISTED: usize = 100;

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The row at which it shows; 0 when it is no row's.
    pub seq: i64,
    /// What is wrong, in English.
    pub what: String,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verdict {
    /// Rows read.
    pub rows: i64,
    /// Checkpoints checked.
    pub checkpoints: usize,
    /// Hash of the last row.
    pub hash: String,
    /// What is wrong, at most 100.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// True when nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    fn find(&mut self, seq: i64, what: impl Into<String>) {
        if self.findings.len() < LISTED {
            self.findings.push(Finding { seq, what: what.into() });
        }
    }
}

/// Walks a chain row by row.
#[derive(Default)]
pub(super) struct Walk {
    verdict: Verdict,
    previous: String,
    last: i64,
    /// Places and hashes that rows still ahead must match.
    ahead: Vec<Checkpoint>,
}

impl Walk {
    /// With checkpoints that were kept elsewhere.
    pub fn with(key: Option<&PublicKey>, kept: &[Checkpoint]) -> Walk {
        let mut walk = Walk::default();
        for checkpoint in kept {
            walk.checkpoint(key, checkpoint);
        }
        walk
    }

    /// A row, in its place.
    pub fn row(&mut self, row: &Row) {
        self.verdict.rows += 1;
        let expected = self.last + 1;
        if row.seq != expected {
            self.verdict.find(
                row.seq,
                format!("row {expected} should stand here: rows were removed, added or moved"),
            );
        }
        if journal::hash(&self.previous, row) != row.hash {
            let what = "the row does not fit its hash and the row before it: it was edited, added, or its neighbor is gone";
            self.verdict.find(row.seq, what);
        }
        let (passed, ahead) =
            std::mem::take(&mut self.ahead).into_iter().partition(|c: &Checkpoint| c.seq <= row.seq);
        self.ahead = ahead;
        for checkpoint in passed.iter().filter(|c: &&Checkpoint| c.seq != row.seq || c.hash != row.hash) {
            self.verdict
                .find(checkpoint.seq, "the row differs from a signed checkpoint: the chain was rewritten");
        }
        self.previous.clone_from(&row.hash);
        self.last = row.seq;
    }

    /// A checkpoint, before or after its row.
    pub fn checkpoint(&mut self, key: Option<&PublicKey>, checkpoint: &Checkpoint) {
        self.verdict.checkpoints += 1;
        if key.is_some_and(|key| !key.accepts(checkpoint)) {
            self.verdict.find(checkpoint.seq, "the checkpoint's signature is not by this key");
        }
        match checkpoint.seq == self.last && self.last > 0 {
            true if checkpoint.hash == self.previous => {}
            false if checkpoint.seq > self.last => self.ahead.push(checkpoint.clone()),
            _ => self.verdict.find(checkpoint.seq, "the checkpoint does not fit the row before it"),
        }
    }

    /// Something that can't be read as a row.
    pub fn broken(&mut self, what: String) {
        self.verdict.find(self.last + 1, what);
    }

    /// After the last row; `head` is what the database holds as the end of the chain.
    pub fn finish(mut self, head: Option<(i64, String)>) -> Verdict {
        for checkpoint in std::mem::take(&mut self.ahead) {
            self.verdict.find(
                checkpoint.seq,
                "a signed checkpoint names this row, and it is missing: the end was cut off",
            );
        }
        if head.is_some_and(|(seq, hash)| seq != self.last || hash != self.previous) {
            self.verdict.find(self.last, "the head of the chain names another last row");
        }
        self.verdict.hash = self.previous;
        self.verdict
    }
}

/// Verifies an export. Without a key signatures are not checked; without kept checkpoints a cut at the end that also took
/// the checkpoints of the export is not seen.
///
/// # Errors
/// When the export can't be read at all; what is wrong with the chain is in the verdict.
pub fn verify(mut export: impl BufRead, key: Option<&PublicKey>, kept: &[Checkpoint]) -> Result<Verdict> {
    let mut walk = Walk::with(key, kept);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = export.read_until(b'\n', &mut line);
        let read = read.map_err(|e| Error::unavailable("The export can't be read.").because(e))?;
        if read == 0 {
            return Ok(walk.finish(None));
        }
        match line.pop() {
            Some(b'\n') => read_line(&mut walk, &line, key),
            _ => walk.broken("the last line is not complete".into()),
        }
    }
}

/// Only the form in which the house writes a line is accepted, so that no byte can change unseen.
fn read_line(walk: &mut Walk, line: &[u8], key: Option<&PublicKey>) {
    let as_written = |value: serde_json::Result<String>| value.is_ok_and(|text| text.as_bytes() == line);
    if let Ok(CheckpointLine { checkpoint }) = serde_json::from_slice(line) {
        if !as_written(serde_json::to_string(&CheckpointLine { checkpoint: checkpoint.clone() })) {
            walk.broken("the line of a checkpoint is not as it was written".into());
        }
        return walk.checkpoint(key, &checkpoint);
    }
    match serde_json::from_slice::<Row>(line) {
        Ok(row) if as_written(serde_json::to_string(&row)) => walk.row(&row),
        Ok(row) => {
            walk.broken("the line is not as it was written".into());
            walk.row(&row);
        }
        Err(error) => walk.broken(format!("the line is no row of a chain: {error}")),
    }
}
