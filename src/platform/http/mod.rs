//! HTTP as all slices use it: reading requests, writing replies and problems.

pub mod compress;
pub mod cursor;
pub mod etag;
pub mod examples;
pub mod extract;
pub mod idempotency;
pub mod metrics;
pub mod openapi;
pub mod problem;
pub mod proxies;
pub mod reply;
pub mod routing;
pub mod shapes;
pub mod trace;

pub use extract::{Filter, Json, Key, Unfiltered};
pub use idempotency::Once;
pub use reply::{Reply, Shown};
pub use routing::Routing;
