//! Risk matrices as data: how likelihood and impact give a level of risk.

mod http;
mod model;
mod store;

pub use model::{Color, MatrixLevel, RiskMatrix};
pub use store::matrix;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::list).service(http::show).service(http::remove);
}
