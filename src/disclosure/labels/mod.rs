//! Changing a TLP label: a narrower one holds at once, a wider one waits for a second person and a day.

mod actions;
mod http;
mod model;
mod store;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(http::list_changes)
        .service(http::relabel)
        .service(http::show_change)
        .service(http::decide);
}
