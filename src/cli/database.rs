//! `migrate`, `backup` and `restore`.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use crate::accounts;
use crate::app;
use crate::config::{self, Config};
use crate::kernel::access::System;
use crate::kernel::{Error, Result};
use crate::notifications;
use crate::platform::clock::Clock;
use crate::platform::connection::Flavor;
use crate::platform::db::Db;
use crate::platform::journal::{self, Entry};
use crate::platform::{backup, migrate};

/// `migrate [--dry-run]`: prints the names of the migrations that ran, or would.
///
/// # Errors
/// When the database can't be reached or a migration failed.
pub(super) fn migrate(config: &Config, dry_run: bool) -> Result<()> {
    app::make_data_dir(config)?;
    let url = config.database_url();
    let names = if dry_run { migrate::pending(&url)? } else { migrate::migrate(&url)? };
    for name in &names {
        println!("{name}");
    }
    let words = match (names.len(), dry_run) {
        (0, _) => "The database has this version's schema.".to_owned(),
        (n, true) => format!("{n} would run."),
        (n, false) => format!("{n} ran."),
    };
    eprintln!("{words}");
    Ok(())
}

/// `backup FILE`.
///
/// # Errors
/// When the copy can't be written or is not whole.
pub(super) fn backup(config: &Config, file: &Path) -> Result<()> {
    let source = sqlite_file(config, "pg_dump -Fc --file=FILE")?;
    if !source.exists() {
        return Err(Error::unavailable(format!("There is no database at {}.", source.display())));
    }
    waiting("copying and checking", || backup::copy(&config.database_url(), file))?;
    let bytes = std::fs::metadata(file).map_or(0, |meta| meta.len());
    println!("{}", serde_json::json!({ "backup": file, "bytes": bytes, "checked": true }));
    if config.has_key_file() {
        eprintln!(
            "The key is not in it. Keep a copy of {} apart from the backups: one does not open without the other.",
            config.key_file().display()
        );
    }
    Ok(())
}

/// `restore --verify FILE`.
///
/// # Errors
/// When the file is not a whole database of cybercap.
pub(super) fn verify(file: &Path) -> Result<()> {
    waiting("checking", || backup::check(file))?;
    println!("{}", serde_json::json!({ "file": file, "checked": true }));
    Ok(())
}

/// `restore FILE`: puts the file in place, brings it to this version's schema, notes it in the audit chain, ends sessions and
/// holds the letters that may have been sent since.
///
/// # Errors
/// When the server runs, or the file is not a whole database of cybercap.
pub(super) fn restore(config: &Config, file: &Path) -> Result<()> {
    let target = sqlite_file(config, "pg_restore --clean --dbname=URL FILE")?;
    app::make_data_dir(config)?;
    let _lock = hold(config)?;
    let clock = Clock::machine();
    let suffix = clock.now().seconds().to_string();
    let kept = waiting("restoring", || backup::put_back(file, &target, &suffix))?;
    migrate::migrate(&config.database_url())?;
    let after = aftercare(config, clock, file.display().to_string())?;
    println!("{}", serde_json::json!({ "restored": file, "kept": kept, "after": after }));
    Ok(())
}

/// `restore` without a file: what is due after PostgreSQL's own tools put a backup back.
///
/// # Errors
/// When the database can't be reached, or is SQLite, whose file is to be named.
pub(super) fn restored(config: &Config) -> Result<()> {
    if Flavor::of(&config.database_url()) == Flavor::Sqlite {
        return Err(Error::unavailable("Name the backup to be put back: cybercap restore FILE"));
    }
    let after = aftercare(config, Clock::machine(), "pg_restore".to_owned())?;
    println!("{}", serde_json::json!({ "after": after }));
    Ok(())
}

/// What a restored database must not do again.
#[derive(Debug, serde::Serialize)]
struct Aftercare {
    /// Sessions that ended; signing keys are new, too.
    sessions_ended: usize,
    /// Letters that may have been sent before, to be sent again by hand.
    letters_held: usize,
}

fn aftercare(config: &Config, clock: Clock, from: String) -> Result<Aftercare> {
    let (db, master) = (Db::start(&config.database_url(), 1, clock)?, config.master()?);
    actix_web::rt::System::new().block_on(db.write(move |tx| {
        let by = System("restore");
        journal::record(tx, Entry::new(&by, "database.restored", "database", &from));
        let sessions_ended = accounts::after_restore(tx, &by, &master)?;
        let letters_held = notifications::hold_after_restore(tx)?;
        Ok(Aftercare { sessions_ended, letters_held })
    }))
}

/// Holds the data folder for one process; released when the file is dropped, however the process ends.
///
/// # Errors
/// When another process holds it.
pub(super) fn hold(config: &Config) -> Result<Option<File>> {
    if Flavor::of(&config.database_url()) == Flavor::Postgres {
        return Ok(None);
    }
    let path = config.database.data_dir.join("cybercap.lock");
    let failed =
        |e: std::io::Error| Error::unavailable(format!("{} can't be used.", path.display())).because(e);
    let file = File::create(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(Error::unavailable(format!(
            "Another cybercap runs on the data folder {}; stop it first, or name another folder with --data-dir.",
            config.database.data_dir.display()
        ))),
        Err(TryLockError::Error(e)) => Err(failed(e)),
    }
}

fn sqlite_file(config: &Config, instead: &str) -> Result<PathBuf> {
    let url = config.database_url();
    match Flavor::of(&url) {
        Flavor::Sqlite => Ok(PathBuf::from(url.trim_start_matches("sqlite://"))),
        Flavor::Postgres => Err(Error::unavailable(format!(
            "{} is PostgreSQL, which has its own tools for this: {instead}",
            config::without_password(&url)
        ))),
    }
}

/// Shows on a terminal that something is going on.
fn waiting<T>(what: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let spinner = ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    let outcome = work();
    spinner.finish_and_clear();
    outcome
}
