//! Impact assessments of AI systems: on individuals, groups and society (ISO/IEC 42001 6.1.4 and 8.4).

mod actions;
mod http;
mod model;
mod rights;
mod store;
mod turns;
mod view;

pub use turns::{anything_due, turn};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(http::impacts)
        .service(http::open_impact)
        .service(http::show_impact)
        .service(http::edit_impact)
        .service(http::remove_impact)
        .service(http::step_impact);
}
