//! Who comes to a session: nominated by a country, decided by the coordinator, with a waiting list that moves by itself.

mod actions;
mod answering;
mod draft;
mod events;
mod files;
mod http;
mod list;
mod model;
mod queue;
mod reach;
mod roster;
mod seats;
mod store;
pub mod told;
mod view;

pub(super) use actions::{apply, came, fill};
pub(super) use answering::{answer, own_steps};
pub use draft::{RegistrationFilter, RegistrationStep};
pub(super) use http::visible;
pub(super) use list::page;
pub use model::{Origin, Registration, RegistrationStatus};
pub(super) use reach::seen;
pub(super) use store::{find, held, merge, of_session, people_of, registered};

use crate::kernel::Result;
use crate::platform::db::Tx;
use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    files::routes(config);
    config.service(http::of_session).service(http::nominate).service(http::enter);
    config.service(http::show).service(http::revise).service(http::transition);
}

/// Whether an offer of a seat has run out.
pub(super) fn anything_turns(tx: &mut Tx) -> Result<bool> {
    store::lapsed(tx).map(|offers| !offers.is_empty())
}

/// Takes back offers that have run out and gives the seats to the next.
pub(super) fn turn(tx: &mut Tx) -> Result<()> {
    queue::turn(tx)
}
