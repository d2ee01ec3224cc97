//! What is assessed, as data: frameworks with their nodes, crosswalks between them, risk matrices; brought in by libraries.

mod actions;
mod catalog;
mod crosswalks;
mod edition;
mod http;
mod library;
mod matrices;
mod model;
mod scale;
mod shipped;
mod store;

pub use shipped::load_shipped;

use crate::platform::http::Routing;

/// Registers the slice's handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(http::list)
        .service(http::import)
        .service(http::show)
        .service(http::nodes)
        .service(http::node)
        .service(http::catalog)
        .service(http::remove);
    crosswalks::routes(config);
    matrices::routes(config);
}
