//! `config show`: every setting, its value and where it comes from.

use std::path::Path;

use crate::config::{self, Flags};
use crate::kernel::Result;

/// Prints every setting, secrets hidden.
///
/// # Errors
/// When a source can't be read.
pub(super) fn show(file: Option<&Path>, flags: &Flags) -> Result<()> {
    let rows = config::shown(file, flags)?;
    let width = rows.iter().map(|row| row.key.len() + row.value.len()).max().unwrap_or(0);
    for row in rows {
        let gap = width.saturating_sub(row.key.len() + row.value.len()).min(60);
        println!("{} = {}{:gap$}  # {}", row.key, row.value, "", row.source);
    }
    Ok(())
}
