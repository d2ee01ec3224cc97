//! Acceptances: who bears a risk as it is, why and until when; never decided by who asks for it.

mod actions;
mod http;
mod model;
mod rights;
mod store;
mod turns;
mod view;

pub(super) use store::{facts_in, is_accepted};
pub use turns::{anything_ended, turn};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(http::acceptances)
        .service(http::draft_acceptance)
        .service(http::show_acceptance)
        .service(http::edit_acceptance)
        .service(http::remove_acceptance)
        .service(http::step_acceptance);
}
