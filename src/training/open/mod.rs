//! Open registration: a coordinator makes a link, and whoever has it may ask for a place in the session.

mod actions;
mod http;
mod links;
mod model;
pub mod pages;
mod store;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(links::of_session).service(links::make).service(links::show).service(links::revoke);
    config.service(http::look).service(http::register);
}
