//! Certificates of those who completed a session: signed, numbered, checked by anyone, revoked with a reason.

mod actions;
mod events;
mod http;
pub mod keys;
mod list;
mod model;
mod number;
pub mod pages;
mod store;
pub mod told;
mod verify;
mod view;

pub use verify::{Verdict, verify};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::issue).service(http::list).service(http::show).service(http::transition);
    config.service(http::check);
}
