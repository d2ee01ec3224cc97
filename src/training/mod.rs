//! Training: courses, sessions with their seats, and the people who come.

pub mod attendance;
pub mod certificates;
mod completion;
mod consent;
pub mod courses;
mod entrance;
pub mod feedback;
pub mod numbers;
pub mod open;
pub mod participants;
pub mod passes;
pub mod registrations;
pub mod scores;
pub mod sessions;
mod texts;
mod work_roles;

use actix_web::web::ServiceConfig;

use crate::kernel::Result;
use crate::platform::db::Tx;
use crate::platform::http::Routing;

/// Registers the handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config.service(work_roles::work_roles);
    courses::routes(config);
    sessions::routes(config);
    // Before the registrations, whose ids stand at the same place of a path.
    open::routes(config);
    registrations::routes(config);
    participants::routes(config);
    attendance::routes(config);
    numbers::routes(config);
    scores::routes(config);
    feedback::routes(config);
    certificates::routes(config);
    passes::routes(config);
}

/// Serves the pages for people without accounts.
pub(crate) fn pages(config: &mut ServiceConfig) {
    passes::pages::routes(config);
    open::pages::routes(config);
    certificates::pages::routes(config);
}

/// Whether the clock has something to do.
///
/// # Errors
/// When the database refuses.
pub fn anything_turns(tx: &mut Tx) -> Result<bool> {
    Ok(sessions::anything_turns(tx)? || registrations::anything_turns(tx)?)
}

/// What the clock does by itself: registration opens and closes, offers of seats run out. Safe to run at any time and by several processes.
///
/// # Errors
/// When the database refuses.
pub fn turn(tx: &mut Tx) -> Result<()> {
    sessions::turn(tx)?;
    registrations::turn(tx)
}
