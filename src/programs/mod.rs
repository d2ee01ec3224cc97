//! What: programs with their countries, organizations, budgets, members and life cycle.

mod actions;
mod codes;
mod draft;
mod events;
pub(crate) mod http;
mod lifecycle;
mod list;
mod model;
mod reach;
mod rules;
mod sdg;
mod store;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use codes::{AidType, CollaborationType, FlowType, OrganizationRole, Status, TagVocabulary};
pub use draft::{
    CountryDraft, ParticipationDraft, ProgramDraft, ProgramFilter, ProgramPatch, Sort, TagDraft, Whose,
};
pub use lifecycle::ProgramTransition;
pub use model::{CountryShare, Listed, Participation, Program, ProgramRecord, Tag, Tombstone};
pub use reach::{WithinReach, within};

use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::ProgramId;
use crate::platform::db::Tx;

/// A program within reach, for slices that hang on it.
///
/// # Errors
/// When the database refuses.
pub fn find(tx: &mut Tx, scope: &Scope, id: ProgramId) -> Result<Option<Program>> {
    store::find(tx, scope, id)
}

/// Registers the handlers.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(http::create)
        .service(http::list)
        .service(http::show)
        .service(http::change)
        .service(http::delete)
        .service(http::transition)
        .service(http::acknowledge);
}
