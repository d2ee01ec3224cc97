//! When, where and for whom it is taught: sessions of programs, their seats and their life.

mod actions;
mod clashes;
mod days;
mod draft;
mod events;
mod files;
mod http;
mod lifecycle;
mod list;
mod model;
mod reach;
mod rules;
mod store;
pub mod told;
mod view;

pub(super) use actions::hold;
pub use draft::{SessionDraft, SessionFilter};
pub use list::plan_of_list;
pub use model::{DayRecord, Mode, Session, SessionDay, SessionRecord, SessionStatus, Terms, Whole};
pub(super) use reach::visible;
pub(super) use store::{find, lock};
pub(super) use view::day as day_record;

use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{ProgramId, TrainingSessionId};
use crate::platform::db::Tx;
use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    files::routes(config);
    config.service(http::across).service(http::of_program).service(http::plan);
    config.service(http::show).service(http::revise).service(http::remove).service(http::transition);
}

/// Whether registration opens or closes somewhere by now.
pub(super) fn anything_turns(tx: &mut Tx) -> Result<bool> {
    store::turning(tx).map(|sessions| !sessions.is_empty())
}

/// Opens and closes registration where its time has come.
pub(super) fn turn(tx: &mut Tx) -> Result<()> {
    lifecycle::turn(tx)
}

/// The program of a session within reach, for slices that lead to it.
///
/// # Errors
/// When the database refuses.
pub fn program_of(tx: &mut Tx, scope: &Scope, id: TrainingSessionId) -> Result<Option<ProgramId>> {
    Ok(store::find(tx, scope, id)?.map(|whole| whole.session.program_id))
}
