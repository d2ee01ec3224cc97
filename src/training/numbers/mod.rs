//! How many people were nominated, confirmed, came and completed, by country and sex, each person counted once.

mod files;
mod http;
mod kept_back;
mod model;
mod reading;
pub(super) mod standings;
mod store;

pub use store::{Of, plan_of_numbers};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(files::of_session_csv).service(files::of_session_xlsx);
    config.service(files::of_program_csv).service(files::of_program_xlsx);
    config.service(files::of_partner_csv).service(files::of_partner_xlsx);
    config.service(http::of_session).service(http::of_program).service(http::of_partner);
}
