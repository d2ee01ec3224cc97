//! Evidence: what proves an answer, as a link or a file, judged by a reviewer.

mod actions;
mod files;
mod http;
mod model;
mod store;

pub use model::EvidenceStatus;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::list).service(http::offer).service(http::show).service(http::revise);
    config.service(http::remove).service(http::judge).service(files::attach).service(files::download);
}
