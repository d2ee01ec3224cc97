//! Copies of an SQLite database: taken while it runs, checked before anyone relies on them.

use std::path::{Path, PathBuf};

use diesel::RunQueryDsl;
use diesel::sql_types::Text;

use super::connection::AnyConnection;
use super::migrate;
use crate::kernel::{Error, Result};

/// Writes a consistent copy of the database at `url` to `target`, which must not exist, and checks it.
///
/// # Errors
/// When the file exists or can't be written, or the copy is not whole.
#[expect(clippy::disallowed_methods, reason = "a statement of SQLite itself")]
pub fn copy(url: &str, target: &Path) -> Result<()> {
    if target.exists() {
        return Err(Error::unavailable(format!(
            "{} exists already; name a file that does not.",
            target.display()
        )));
    }
    let AnyConnection::Sqlite(mut conn) = migrate::connect(url)? else {
        return Err(Error::unavailable("This copies SQLite files only; use pg_dump for PostgreSQL."));
    };
    diesel::sql_query("VACUUM INTO ?")
        .bind::<Text, _>(target.to_string_lossy().into_owned())
        .execute(&mut conn)
        .map_err(|e| Error::unavailable(format!("{} can't be written.", target.display())).because(e))?;
    owner_only(target)?;
    check(target)
}

/// Refuses a file that is not a whole SQLite database of this product.
///
/// # Errors
/// In one sentence what is wrong with it.
pub fn check(file: &Path) -> Result<()> {
    let failed = |words: &str| Error::unavailable(format!("{} {words}", file.display()));
    if !file.exists() {
        return Err(failed("does not exist."));
    }
    let mut conn =
        migrate::open(&file.to_string_lossy()).map_err(|e| failed("can't be opened.").because(e))?;
    let verdict =
        migrate::ask(&mut conn, "SELECT integrity_check AS value FROM pragma_integrity_check LIMIT 1")
            .map_err(|e| failed("is not a database of SQLite.").because(e))?;
    if verdict != "ok" {
        return Err(failed("is damaged.").because(verdict));
    }
    let ours = "SELECT CAST(count(*) AS TEXT) AS value FROM sqlite_schema WHERE name = 'audit_head'";
    match migrate::ask(&mut conn, ours)?.as_str() {
        "1" => Ok(()),
        _ => Err(failed("is not a database of cybercap.")),
    }
}

/// Puts the checked copy `from` in the place of the database file `to`; nothing may have `to` open. The file that was
/// there is kept beside it, and its name returned.
///
/// # Errors
/// When a file can't be read or written; then the old database is still in place.
pub fn put_back(from: &Path, to: &Path, suffix: &str) -> Result<Option<PathBuf>> {
    check(from)?;
    let failed =
        |e: std::io::Error| Error::unavailable(format!("{} can't be replaced.", to.display())).because(e);
    let fresh = to.with_extension("restoring");
    std::fs::copy(from, &fresh).map_err(failed)?;
    owner_only(&fresh)?;
    std::fs::File::open(&fresh).and_then(|file| file.sync_all()).map_err(failed)?;
    let kept = to.exists().then(|| to.with_extension(format!("before-restore-{suffix}.db")));
    if let Some(kept) = &kept {
        // Folds the write-ahead log into the file, so that the file alone is the old database.
        let mut conn = migrate::open(&to.to_string_lossy()).map_err(|e| Error::internal(e.to_string()))?;
        conn.batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
        drop(conn);
        std::fs::rename(to, kept).map_err(failed)?;
    }
    for log in ["db-wal", "db-shm"] {
        let log = to.with_extension(log);
        if log.exists() {
            std::fs::remove_file(log).map_err(failed)?;
        }
    }
    std::fs::rename(&fresh, to).map_err(failed)?;
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    }
    Ok(kept)
}

/// Folds the write-ahead log into the file; for a tidy stop.
///
/// # Errors
/// When the database can't be opened.
pub fn fold_log(url: &str) -> Result<()> {
    if let conn @ AnyConnection::Sqlite(_) = &mut migrate::connect(url)? {
        conn.batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    }
    Ok(())
}

#[cfg(unix)]
fn owner_only(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).map_err(Error::internal)
}

#[cfg(not(unix))]
fn owner_only(_: &Path) -> Result<()> {
    Ok(())
}
