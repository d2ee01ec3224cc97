//! Assessments of countries and organizations: answers over the nodes of a framework, and what follows from them.

mod actions;
mod answers;
pub mod charts;
mod events;
mod evidence;
mod http;
mod kept;
mod lifecycle;
mod list;
mod model;
mod people;
mod recommendations;
pub mod results;
mod rights;
pub mod scoring;
mod sections;
mod sight;
mod store;
pub mod told;
mod view;

pub use evidence::EvidenceStatus;
pub use kept::{Kept, ValidatedResult, frameworks_named, of_all, of_country};
pub use model::{AssessmentStatus, FrameworkRef, Purpose};
pub use sections::SectionStatus;

use crate::platform::http::Routing;

/// Registers the slice's handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::list).service(http::enter).service(http::show).service(http::revise);
    config.service(http::remove).service(http::transition);
    people::routes(config);
    sections::routes(config);
    answers::routes(config);
    evidence::routes(config);
    results::routes(config);
    recommendations::routes(config);
}
