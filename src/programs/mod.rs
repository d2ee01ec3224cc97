//! What: programs with their countries, organizations, budgets, members and life cycle.

mod actions;
pub mod budgets;
mod codes;
mod draft;
mod events;
mod eyes;
mod files;
pub(crate) mod http;
mod lifecycle;
mod list;
pub mod members;
pub mod milestones;
mod model;
mod reach;
mod rules;
mod sdg;
mod store;
mod view;

pub use codes::{
    AidType, CollaborationType, FlowType, OrganizationRole, ProgramStatus, Status, TagVocabulary,
};
pub use draft::{
    CountryDraft, ParticipationDraft, ProgramDraft, ProgramFilter, ProgramPatch, Sort, TagDraft, Whose,
};
pub use eyes::Eyes;
pub use lifecycle::ProgramTransition;
pub use model::{CountryShare, Listed, Participation, Program, ProgramRecord, Tag, Tombstone};
pub use reach::{WithinReach, singly_within, within};
pub use store::roles_in;

use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{Iso2, ProgramId, UserId};
use crate::kernel::page::PageRequest;
use crate::platform::db::Tx;
use crate::platform::http::Routing;

/// A program within reach, for slices that hang on it.
///
/// # Errors
/// When the database refuses.
pub fn find(tx: &mut Tx, scope: &Scope, id: ProgramId) -> Result<Option<Program>> {
    store::find(tx, scope, id)
}

/// The countries that take part in a program, for slices that hang on it.
///
/// # Errors
/// When the database refuses.
pub fn countries_in(tx: &mut Tx, id: ProgramId) -> Result<Vec<Iso2>> {
    let parts = milestones::countries_of(tx, &[id])?.remove(&id);
    Ok(parts.unwrap_or_default())
}

/// How the database would find a page of programs, in its own words; a test holds it to the indexes.
///
/// # Errors
/// When the database refuses.
pub fn plan_of_list(
    tx: &mut Tx,
    scope: &Scope,
    by: &ProgramFilter,
    caller: UserId,
    page: &PageRequest,
) -> Result<Vec<String>> {
    list::plan(tx, scope, by, caller, page)
}

/// Registers the handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(files::csv)
        .service(files::ndjson)
        .service(files::xlsx)
        .service(files::import)
        .service(http::create)
        .service(http::list)
        .service(http::show)
        .service(http::change)
        .service(http::delete)
        .service(http::transition)
        .service(http::acknowledge)
        .service(budgets::http::list)
        .service(budgets::http::show)
        .service(budgets::http::create)
        .service(budgets::http::change)
        .service(budgets::http::delete)
        .service(members::http::list)
        .service(members::http::show)
        .service(members::http::add)
        .service(members::http::remove);
    milestones::routes(config);
}
