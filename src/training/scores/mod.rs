//! Points of the tests before and after a session, and what was learned between them.

mod actions;
mod files;
mod http;
mod learning;
mod model;
mod store;

pub(super) use learning::FEWEST;
pub use learning::Mean;
pub use model::{Gain, Mark};
pub(super) use store::{marks, of_session};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    files::routes(config);
    config.service(http::of_session).service(http::note).service(http::show).service(learning::learning);
}
