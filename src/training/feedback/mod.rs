//! What those who came say of a session, by their pass: told as counts and means, never with names.

mod actions;
mod http;
mod model;
mod store;

pub use store::answered;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::give).service(http::of_session);
}
