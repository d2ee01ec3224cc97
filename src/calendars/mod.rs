//! Dates in people's own calendars: revocable feeds (iCalendar) that show what the person may see now.

mod actions;
pub(crate) mod http;
mod ics;
mod model;
pub mod sessions;
mod store;
pub mod zones;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::list).service(http::open).service(http::revoke).service(http::calendar);
}
