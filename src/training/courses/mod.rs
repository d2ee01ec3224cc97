//! What is taught: curricula that sessions of any program may use.

mod actions;
mod http;
mod model;
mod store;

pub use model::{Course, Themes};
pub use store::{certified, exists, titles};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(http::list)
        .service(http::enter)
        .service(http::show)
        .service(http::revise)
        .service(http::remove);
}
