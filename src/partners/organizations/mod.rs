//! The register of organizations: donors, implementers, ministries, CSIRTs, regulators, academia.

mod actions;
mod http;
mod model;
mod store;

pub use model::{IatiOrganizationId, Organization, OrganizationKind, OrganizationType};
pub use store::{find, registered};

/// Registers the handlers.
pub(super) fn routes(config: &mut crate::platform::http::Routing<'_, '_>) {
    config
        .service(http::list)
        .service(http::register)
        .service(http::show)
        .service(http::revise)
        .service(http::remove);
}
