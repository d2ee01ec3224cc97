//! `audit verify`, `audit export` and `audit key`.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::audit::{self, Checkpoint, PublicKey, Signer, Verdict};
use crate::config::Config;
use crate::kernel::{Error, Result};
use crate::platform::clock::Clock;
use crate::platform::db::Db;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Checks the audit chain: in an export, or in the database when no file is named.
    Verify {
        /// An export of `audit export` or GET /api/v1/audit-chain.
        file: Option<PathBuf>,
        /// Public key of the checkpoints, from `audit key`; needed with a file, else signatures are not checked.
        #[arg(long, value_name = "HEX")]
        key: Option<String>,
        /// Checkpoints that were kept elsewhere, one JSON object a line; with them a cut at the end is found.
        #[arg(long, value_name = "FILE")]
        checkpoints: Option<PathBuf>,
    },
    /// Writes the whole chain with its checkpoints to standard output.
    Export,
    /// Prints the public key of the checkpoints; keep it with those who keep the checkpoints.
    Key,
}

/// Runs `audit ...`.
///
/// # Errors
/// When something can't be read, or the chain is not sound.
pub(super) fn run(command: AuditCommand, config: impl FnOnce() -> Result<Config>) -> Result<()> {
    match command {
        AuditCommand::Verify { file, key, checkpoints } => {
            let kept = checkpoints.as_deref().map(kept).transpose()?.unwrap_or_default();
            let key = key.as_deref().map(PublicKey::from_hex).transpose()?;
            let verdict = match file {
                Some(file) => audit::verify(BufReader::new(open(&file)?), key.as_ref(), &kept)?,
                None => live(&config()?, key, kept)?,
            };
            tell(&verdict)
        }
        AuditCommand::Export => export(&config()?),
        AuditCommand::Key => {
            println!("{}", Signer::of(&config()?.master()?)?.public().to_hex());
            Ok(())
        }
    }
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|e| Error::unavailable(format!("{} can't be read.", path.display())).because(e))
}

/// Lines of a file of checkpoints: bare, or as they stand in an export. A line that was torn by a full disk is left out
/// when the next one is the whole of it.
fn kept(path: &Path) -> Result<Vec<Checkpoint>> {
    let mut kept = Vec::new();
    let lines: Vec<String> =
        BufReader::new(open(path)?).lines().collect::<std::io::Result<_>>().map_err(Error::internal)?;
    for (place, line) in lines.iter().enumerate() {
        let torn = lines.get(place + 1).is_some_and(|next| next.starts_with(line.as_str()) && next != line);
        if torn || line.trim().is_empty() {
            continue;
        }
        let refused = |e: serde_json::Error| {
            Error::unavailable(format!("{} holds a line that is no checkpoint.", path.display())).because(e)
        };
        let value: serde_json::Value = serde_json::from_str(line).map_err(refused)?;
        let bare = value.get("checkpoint").cloned().unwrap_or(value);
        kept.push(serde_json::from_value(bare).map_err(refused)?);
    }
    Ok(kept)
}

fn database(config: &Config) -> Result<Db> {
    Db::start(&config.database_url(), 1, Clock::machine())
}

fn live(config: &Config, key: Option<PublicKey>, kept: Vec<Checkpoint>) -> Result<Verdict> {
    let key = match key {
        Some(key) => key,
        None => Signer::of(&config.master()?)?.public(),
    };
    let db = database(config)?;
    let read = db.read(move |tx| audit::verify_database(tx, &key, &kept));
    actix_web::rt::System::new().block_on(read)
}

fn export(config: &Config) -> Result<()> {
    let db = database(config)?;
    let system = actix_web::rt::System::new();
    let (mut out, mut after) = (std::io::stdout().lock(), 0);
    while let Some((text, last)) = system.block_on(db.read(move |tx| audit::export(tx, after)))? {
        out.write_all(text.as_bytes()).map_err(Error::internal)?;
        after = last;
    }
    Ok(())
}

fn tell(verdict: &Verdict) -> Result<()> {
    println!("{} rows, {} checkpoints, last hash {}", verdict.rows, verdict.checkpoints, verdict.hash);
    for finding in &verdict.findings {
        println!("row {}: {}", finding.seq, finding.what);
    }
    match verdict.is_sound() {
        true => {
            println!("The chain is sound.");
            Ok(())
        }
        false => {
            Err(Error::unavailable("The audit chain is not as it was written; see the rows named above."))
        }
    }
}
