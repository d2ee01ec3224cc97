//! Risk registers of countries: scenarios rated on a matrix, treated, accepted and watched (ISO 31000, ISO/IEC 27005; domain rule D).

mod acceptances;
mod codes;
mod events;
mod findings;
mod grid;
mod heat_map;
pub mod letters;
mod lint;
mod registers;
mod scenarios;
pub mod told;
mod treatment;

pub use acceptances::{anything_ended, turn};
pub use codes::{AcceptanceStatus, RiskCategory, RiskStatus};
pub use scenarios::{RiskFilter, plan_of_list};

use crate::platform::http::Routing;

/// Registers the slice's handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    registers::routes(config);
    findings::routes(config);
    config.service(heat_map::http::heat_map).service(heat_map::http::heat_map_picture);
    scenarios::routes(config);
    treatment::routes(config);
    acceptances::routes(config);
}
