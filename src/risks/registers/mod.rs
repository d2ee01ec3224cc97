//! Risk registers: whose, on which matrix, with which tolerance, and where they stand.

mod actions;
mod http;
mod model;
mod rights;
mod store;
mod view;

pub(super) use actions::{Seen, read, seen};
pub(super) use model::Register;
pub(super) use rights::locked;
pub(super) use store::{matrix_of, next_number, wrote};
pub(super) use view::words;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(http::list_register)
        .service(http::open_register)
        .service(http::show_register)
        .service(http::edit_register)
        .service(http::remove_register)
        .service(http::step_register);
}
