//! Where: the countries of the world, those that are partners, who speaks for them, and the register of organizations.

pub mod countries;

pub use countries::{Country, Weekday, load_reference};

/// Registers the slice's handlers.
pub(crate) fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    countries::routes(config);
}
