//! Noting what a page of a list tells of many holdings at once: a few statements, however many there are.

use super::readings::note;
use super::relation::relations;
use super::store;
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::Action;
use crate::kernel::id::HoldingId;
use crate::platform::db::Tx;

/// Notes that a page showed content of these holdings, each once; the page itself was narrowed to what the caller sees.
///
/// # Errors
/// When the database refuses.
pub fn note_all<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    shown: &[HoldingId],
    what: &'static str,
) -> Result<()> {
    let mut ids = shown.to_vec();
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    let holdings = store::of_ids(tx, &ids)?;
    let relations = relations(tx, permit, &holdings)?;
    for (holding, relation) in holdings.iter().zip(&relations) {
        note(tx, permit, holding, relation, what);
    }
    Ok(())
}
