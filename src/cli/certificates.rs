//! `certificate verify`, `certificate keys` and `certificate rotate`.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::people::write;
use crate::config::Config;
use crate::kernel::access::System;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::clock::Clock;
use crate::training::certificates::{self, keys};

#[derive(Debug, Subcommand)]
pub(super) enum CertificateCommand {
    /// Checks a certificate without asking the house that issued it.
    Verify {
        /// The answer of GET /api/v1/certificates/{number}, kept as a file.
        file: PathBuf,
        /// The house's /.well-known/certificate-keys.json, kept as a file; this installation's own keys when left out.
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
    },
    /// Prints the published keys of this installation.
    Keys,
    /// Signs with a new key from now on; what the old one signed stays good.
    Rotate,
}

/// Runs `certificate ...`.
///
/// # Errors
/// When something can't be read, or the certificate is not good.
pub(super) fn run(command: CertificateCommand, config: impl FnOnce() -> Result<Config>) -> Result<()> {
    match command {
        CertificateCommand::Verify { file, keys } => {
            let known = match keys {
                Some(keys) => read(&keys)?,
                None => own(&config()?)?.into_bytes(),
            };
            let today = Day(Clock::machine().now().utc().date_naive());
            tell(certificates::verify(&read(&file)?, &known, today)?)
        }
        CertificateCommand::Keys => {
            println!("{}", own(&config()?)?);
            Ok(())
        }
        CertificateCommand::Rotate => {
            let config = config()?;
            let master = config.master()?;
            let kid = write(&config, |tx| keys::rotate(tx, &System("command line"), &master))?;
            println!("{}", json!({ "active": kid }));
            Ok(())
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path)
        .map_err(|e| Error::unavailable(format!("{} can't be read.", path.display())).because(e))
}

fn own(config: &Config) -> Result<String> {
    write(config, keys::published).map(|keys| keys.to_string())
}

fn tell(verdict: certificates::Verdict) -> Result<()> {
    for (name, value) in &verdict.says {
        println!("{name}: {value}");
    }
    match verdict.over {
        Some(words) => {
            Err(Error::unavailable(format!("The signature is good, but the certificate is not: {words}")))
        }
        None => {
            println!("The signature is good: this is what was issued, unchanged.");
            println!("Whether it was revoked since can't be known offline; ask {}", verdict.ask);
            Ok(())
        }
    }
}
