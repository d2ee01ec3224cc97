//! Who speaks for a country: nominated by it, appointed by an administrator, confirmed every 180 days.

mod actions;
mod http;
mod model;
mod store;

pub use model::{CONFIRM_EVERY_DAYS, Due, FocalPoint, FocalPointStatus};
pub(super) use store::active_in;
pub use store::{due_for_confirmation, speakers};

/// Registers the handlers.
pub(super) fn routes(config: &mut crate::platform::http::Routing<'_, '_>) {
    config
        .service(http::list)
        .service(http::nominate)
        .service(http::show)
        .service(http::revise)
        .service(http::step)
        .service(http::confirm);
}
