//! Scenarios of a register: what may happen, how bad it would be, and what is done about it.

mod actions;
mod checks;
mod filter;
mod http;
mod list;
mod model;
mod ratings;
mod reading;
mod steps;
mod store;
mod view;

pub(super) use actions::{Scene, back_to_evaluated, keep_owner, let_go, scene, writable};
pub use filter::RiskFilter;
pub use list::plan as plan_of_list;
pub(super) use model::Risk;
pub(super) use store::{Lint, by_id, lint_rows, open_count, ratings_in, spots};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(reading::risks)
        .service(reading::risks_of_register)
        .service(http::enter_risk)
        .service(reading::show_risk)
        .service(http::edit_risk)
        .service(http::remove_risk)
        .service(http::rate_risk)
        .service(http::step_risk);
}
