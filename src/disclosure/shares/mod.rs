//! Share grants: the country discloses a holding to a person or to the team of a program, for a purpose and until a day.

mod actions;
mod events;
mod http;
mod model;
mod store;
pub mod told;

pub use model::{ShareGrant, ShareStatus};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::list).service(http::ask).service(http::show).service(http::transition);
}
