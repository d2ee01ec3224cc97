//! Treatment actions: what is done about a scenario, by whom, by when, and seen to be done by somebody else.

mod actions;
mod http;
mod model;
mod store;
mod view;

pub(super) use store::{facts_in, statuses};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(http::actions)
        .service(http::plan_action)
        .service(http::show_action)
        .service(http::edit_action)
        .service(http::remove_action)
        .service(http::step_action);
}
