//! Who was there on which day, and who has thereby completed a session.

mod actions;
mod check_in;
mod files;
mod http;
mod model;
mod results;
mod roll;
mod store;
pub mod told;

pub(super) use http::people;
pub use model::{Lack, PersonNoted, Source};
pub(super) use results::outcomes;

pub(super) use check_in::{check_in, is_code, listens_to, today};
pub use model::AttendanceStatus;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    files::routes(config);
    config.service(http::of_session).service(http::note).service(http::show).service(results::results);
    config.service(check_in::show_code);
}
