//! AI systems of countries: what they are for, whom they affect, their risk class and their impact assessments.

mod actions;
mod codes;
mod events;
mod http;
mod impacts;
mod model;
mod store;
mod ties;
pub mod told;
mod view;

pub use codes::{AffectedGroup, ImpactStatus, Lifecycle};
pub use impacts::{anything_due, turn};
pub use model::AffectedGroups;
pub use ties::{Rights, Ties, part_of_entry};

use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{AiSystemId, Iso2};
use crate::platform::db::Tx;
use crate::platform::http::Routing;

/// Registers the slice's handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(http::list)
        .service(http::enter)
        .service(http::show)
        .service(http::edit)
        .service(http::remove);
    impacts::routes(config);
}

/// Whether a system is one of a country that the caller may know of: for scenarios that name it.
///
/// # Errors
/// When the database refuses.
pub fn is_of(tx: &mut Tx, scope: &Scope, id: AiSystemId, country: Iso2) -> Result<bool> {
    Ok(store::find(tx, scope, id)?.is_some_and(|system| system.country == country))
}
