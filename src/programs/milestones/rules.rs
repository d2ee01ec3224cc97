//! What must hold between a milestone, its program and its people; every fault is reported at once.

use super::model::Milestone;
use super::store;
use crate::kernel::error::FieldError;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// Checks what is new, or what changed since `before`. The program's row is locked by then, so that two changes at a time
/// can't close a circle.
pub(super) fn check(tx: &mut Tx, milestone: &Milestone, before: Option<&Milestone>) -> Result<()> {
    let mut faults = Vec::new();
    let countries = store::countries_of(tx, &[milestone.program_id])?.remove(&milestone.program_id);
    let countries = countries.unwrap_or_default();
    let moved = before.is_none_or(|before| before.country != milestone.country);
    if let Some(country) = milestone.country.filter(|country| moved && !countries.contains(country)) {
        let words = format!("{country} is not a country of the program.");
        faults.push(FieldError::at("/country", "not_in_program", words));
    }
    if let Some(owner) = milestone.owner
        && before.is_none_or(|before| before.owner != milestone.owner || moved)
    {
        let officials = milestone.country.map_or(countries, |country| vec![country]);
        if !store::belongs(tx, owner, milestone.program_id, &officials)? {
            let words = "The owner is an active member of the program, or an official of its country.";
            faults.push(FieldError::at("/owner", "not_a_member", words));
        }
    }
    if before.is_none_or(|before| before.predecessor != milestone.predecessor) {
        faults.extend(order(tx, milestone)?);
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

/// A predecessor is of the same program and does not, by way of others, wait for this one.
fn order(tx: &mut Tx, milestone: &Milestone) -> Result<Option<FieldError>> {
    let Some(predecessor) = milestone.predecessor else { return Ok(None) };
    let known = store::predecessors(tx, milestone.program_id)?;
    if !known.contains_key(&predecessor) {
        let words = "The predecessor is another milestone of the same program.";
        return Ok(Some(FieldError::at("/predecessor", "not_in_program", words)));
    }
    let mut at = Some(predecessor);
    for _ in 0..=known.len() {
        match at {
            None => return Ok(None),
            Some(id) if id == milestone.id => break,
            Some(id) => at = known.get(&id).copied().flatten(),
        }
    }
    let words = "That milestone waits for this one already; the two would wait for each other.";
    Ok(Some(FieldError::at("/predecessor", "cycle", words)))
}
