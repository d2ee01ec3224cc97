//! People who come to training: collected once, one person across sessions, shown to those whose work needs it.

mod actions;
mod events;
mod http;
mod model;
mod reach;
mod store;

pub use actions::{applied, entered, met};
pub use model::{FIELDS, FieldPurpose, Participant, PersonDraft, Sex};
pub use store::{MEANWHILE, by_ids, enter_all, living};

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(http::fields)
        .service(http::list)
        .service(http::show)
        .service(http::revise)
        .service(http::merge);
}
