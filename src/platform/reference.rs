//! Which compiled reference files a database holds, so that a start costs one query for each and not their loading.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::connection::IntoPortable;
use super::db::Tx;
use super::schema::reference_files;
use crate::kernel::Result;

/// True when the file was loaded in this state.
///
/// # Errors
/// When the database refuses.
pub fn is_loaded(tx: &mut Tx, name: &str, hash: &str) -> Result<bool> {
    let loaded: Option<String> = reference_files::table
        .select(reference_files::hash)
        .filter(reference_files::name.eq(name))
        .first(tx.conn())
        .optional()?;
    Ok(loaded.as_deref() == Some(hash))
}

/// Notes that the file was loaded in this state.
///
/// # Errors
/// When the database refuses.
pub fn note(tx: &mut Tx, name: &str, hash: &str) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(reference_files::table)
        .values((
            reference_files::name.eq(name),
            reference_files::hash.eq(hash),
            reference_files::loaded_at.eq(now),
        ))
        .on_conflict(reference_files::name)
        .do_update()
        .set((
            reference_files::hash.eq(excluded(reference_files::hash)),
            reference_files::loaded_at.eq(excluded(reference_files::loaded_at)),
        ))
        .portable()
        .execute(tx.conn())?;
    Ok(())
}
