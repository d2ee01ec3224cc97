//! Dated commitments of programs: planned, moved with a reason, handed in, accepted by the country.

mod actions;
mod events;
mod files;
mod filter;
mod http;
mod list;
mod model;
mod reach;
mod rules;
mod series;
mod store;
mod timeline;
mod today;
mod view;

use std::collections::HashMap;

pub use filter::MilestoneFilter;
pub use model::{Acceptance, MilestoneDraft, MilestoneRecord, MilestoneStatus};

use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Actor, Scope, ViewMilestones};
use crate::kernel::id::{Iso2, MilestoneId, ProgramId};
use crate::kernel::money::Percent;
use crate::platform::db::Tx;
use crate::platform::http::Routing;
use crate::platform::sheet::page_of_all;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    files::routes(config);
    config.service(http::across).service(http::of_program).service(http::plan);
    config.service(http::show).service(http::edit).service(http::remove);
    config.service(http::transition).service(http::move_date).service(http::moves);
    timeline::routes(config);
}

/// The part of the work that was accepted: weights accepted of weights not cancelled. Programs without milestones have none.
///
/// # Errors
/// When the database refuses.
pub fn progress(tx: &mut Tx, ids: &[ProgramId]) -> Result<HashMap<ProgramId, Percent>> {
    let mut sums: HashMap<ProgramId, (i64, i64)> = HashMap::new();
    for (program, status, weight) in store::weights(tx, ids)? {
        let (accepted, all) = sums.entry(program).or_default();
        match status {
            MilestoneStatus::Cancelled => {}
            MilestoneStatus::Accepted => (*accepted, *all) = (*accepted + weight, *all + weight),
            _ => *all += weight,
        }
    }
    let known = sums.into_iter().filter(|(_, (_, all))| *all > 0);
    Ok(known.map(|(program, (accepted, all))| (program, share(accepted, all))).collect())
}

/// Hundredths of a percent, rounded down: only a whole is a hundred.
fn share(part: i64, whole: i64) -> Percent {
    Percent(i32::try_from(part.saturating_mul(10_000) / whole.max(1)).unwrap_or(Percent::WHOLE))
}

/// The countries of some programs.
///
/// # Errors
/// When the database refuses.
pub fn countries_of(tx: &mut Tx, ids: &[ProgramId]) -> Result<HashMap<ProgramId, Vec<Iso2>>> {
    store::countries_of(tx, ids)
}

/// How many milestones of a program are neither accepted nor cancelled: a guard of its closing.
///
/// # Errors
/// When the database refuses.
pub fn open_milestones(tx: &mut Tx, program: ProgramId) -> Result<i64> {
    store::open(tx, program)
}

/// Countries for which a program has milestones that are neither accepted nor cancelled: they stay in it.
///
/// # Errors
/// When the database refuses.
pub fn countries_with_open(tx: &mut Tx, program: ProgramId) -> Result<Vec<Iso2>> {
    store::countries_with_open(tx, program)
}

/// Most milestones of a calendar.
const DATED: usize = 2_000;

/// The milestones of a list that a person may see, first to last: for calendars.
///
/// # Errors
/// When the database refuses.
pub fn dated(
    tx: &mut Tx,
    permit: &Permit<ViewMilestones>,
    by: &MilestoneFilter,
) -> Result<Vec<MilestoneRecord>> {
    let (scope, user, day) = (permit.scope(), permit.user(), today::today(tx)?);
    let rows = page_of_all(tx, DATED, |tx, page| list::page(tx, &scope, by, user, &day, page))?;
    view::records(tx, &view::eyes(permit), rows)
}

/// The program of a milestone within reach, for slices that lead to it.
///
/// # Errors
/// When the database refuses.
pub fn program_of(tx: &mut Tx, scope: &Scope, id: MilestoneId) -> Result<Option<ProgramId>> {
    Ok(store::find(tx, scope, id)?.map(|milestone| milestone.program_id))
}
