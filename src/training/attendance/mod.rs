//! Who was there on which day, and who has thereby completed a session.

mod actions;
mod files;
mod http;
mod model;
mod results;
mod store;
pub mod told;

pub(super) use http::people;
pub use model::{Lack, PersonNoted, Source};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    files::routes(config);
    config.service(http::of_session).service(http::note).service(http::show).service(results::results);
}
