//! Crosswalks: how the nodes of one framework relate to those of another.

mod http;
mod model;
mod store;

pub use model::{Crosswalk, Relation, Relation as NodeRelation};
pub use store::between;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::list).service(http::show).service(http::mappings).service(http::remove);
}
