//! What is assessed, as data: frameworks with their nodes, crosswalks between them, risk matrices; brought in by libraries.

mod actions;
mod catalog;
mod crosswalks;
mod edition;
mod http;
mod library;
mod matrices;
mod model;
mod named;
mod outline;
mod scale;
mod shipped;
mod store;

pub use crosswalks::{NodeRelation, between};
pub use matrices::{MatrixLevel, RiskMatrix, matrix};
pub use model::{Framework, FrameworkNode};
pub use named::{NamedNode, nodes_named, unknown_nodes};
pub use outline::{NodeOutline, NodeTexts, outline, texts};
pub use scale::{Level, Method, Rollup};
pub use shipped::load_shipped;
pub use store::find_node as node_of;
pub use store::{Answerable, answerable, answerable_among, framework, frameworks_of, span};

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
