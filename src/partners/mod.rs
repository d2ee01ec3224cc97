//! Where: the countries of the world, those that are partners, who speaks for them, and the register of organizations.

mod actions;
pub mod countries;
pub mod focal_points;
mod http;
mod model;
pub mod organizations;
mod reach;
mod rights;
mod store;

pub use countries::{Country, Weekday, load_reference};
pub use model::{Disclosure, Partner, PartnerFilter, PartnerStatus};
pub use store::{days_of_rest, find, holidays_between, plan_of_list};

/// Registers the slice's handlers.
pub(crate) fn routes(config: &mut crate::platform::http::Routing<'_, '_>) {
    countries::routes(config);
    config
        .service(http::list)
        .service(http::enter)
        .service(http::show)
        .service(http::revise)
        .service(http::step)
        .service(http::holidays)
        .service(http::enter_holiday)
        .service(http::import_holidays)
        .service(http::show_holiday)
        .service(http::remove_holiday);
    focal_points::routes(config);
    organizations::routes(config);
}
