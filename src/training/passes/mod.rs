//! The pass: what somebody without an account holds of their registration, and what it opens.

mod actions;
mod http;
mod model;
pub mod pages;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::show).service(http::answer).service(http::check_in);
}
