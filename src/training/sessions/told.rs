//! What letters and calendars tell of sessions: one as it stands now, who may hear of it, and those of a calendar.

use super::draft::SessionFilter;
use super::list;
use super::model::Whole;
use super::store;
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Actor, Scope, ViewTraining};
use crate::kernel::id::{Iso2, ProgramId, TrainingSessionId, UserId};
use crate::kernel::lang::Titles;
use crate::platform::db::Tx;
use crate::platform::sheet::page_of_all;

/// Most sessions of a calendar.
const DATED: usize = 1_000;

/// A session with its parts, for the house itself; none when it or its program was deleted.
///
/// # Errors
/// When the database refuses.
pub fn find(tx: &mut Tx, id: TrainingSessionId) -> Result<Option<Whole>> {
    store::find(tx, &Scope::All, id)
}

/// The countries that may see it once it is published: those invited that are still in the program.
///
/// # Errors
/// When the database refuses.
pub fn countries(tx: &mut Tx, whole: &Whole) -> Result<Vec<Iso2>> {
    let there = store::program_countries(tx, whole.session.program_id)?;
    Ok(whole.invited().into_iter().filter(|country| there.contains(country)).collect())
}

/// Its trainers who still have a role in the program.
///
/// # Errors
/// When the database refuses.
pub fn trainers(tx: &mut Tx, whole: &Whole) -> Result<Vec<UserId>> {
    store::members(tx, whole.session.program_id, &whole.trainers)
}

/// What its program is called.
///
/// # Errors
/// When the database refuses.
pub fn program_title(tx: &mut Tx, id: ProgramId) -> Result<Titles> {
    Ok(store::program_titles(tx, &[id])?.remove(&id).unwrap_or_default())
}

/// The sessions of a list that somebody may see, with what their programs are called.
///
/// # Errors
/// When the database refuses.
pub fn dated(tx: &mut Tx, permit: &Permit<ViewTraining>, by: &SessionFilter) -> Result<Vec<(Whole, Titles)>> {
    let (scope, user) = (permit.scope(), permit.user());
    let rows = page_of_all(tx, DATED, |tx, page| list::page(tx, &scope, by, user, page))?;
    let wholes = store::wholes(tx, rows)?;
    let mut programs: Vec<ProgramId> = wholes.iter().map(|whole| whole.session.program_id).collect();
    programs.sort();
    programs.dedup();
    let titles = store::program_titles(tx, &programs)?;
    let titled = |whole: Whole| {
        let title = titles.get(&whole.session.program_id).cloned().unwrap_or_default();
        (whole, title)
    };
    Ok(wholes.into_iter().map(titled).collect())
}
