//! Recommendations: what follows from a gap, from a proposal to the milestone or training that sees to it.

mod actions;
mod events;
mod http;
mod model;
mod store;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::across).service(http::propose).service(http::show).service(http::transition);
}
