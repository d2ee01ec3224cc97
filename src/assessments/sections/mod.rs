//! Sections: a part of an assessment that somebody fills in, with a day by which.

mod actions;
mod http;
mod model;
mod store;

pub use model::SectionStatus;
pub(super) use store::{Span, open, span_of, spans_of};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::list).service(http::assign).service(http::show);
    config.service(http::revise).service(http::remove).service(http::transition);
}
