//! The reference table of countries: read by everyone, written by the house at start.

mod http;
mod model;
mod reference;
mod store;

pub use model::{Country, Income, LanguageTag, Languages, Membership, Region, Weekday, Weekend, Zones};
pub use reference::load_reference;
pub use store::{find, names};

/// Registers the handlers.
pub(super) fn routes(config: &mut crate::platform::http::Routing<'_, '_>) {
    config.service(http::list).service(http::get);
}
