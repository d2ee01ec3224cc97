//! What is seen of one country, and of many together: scores, risks, programs and sessions, each as far as the reader may see.

mod many;
mod model;
mod outlook;
mod profile;
mod store;

use crate::platform::http::Routing;

/// Registers the slice's handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config.service(profile::country_profile).service(outlook::show);
}
