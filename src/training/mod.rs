//! Training: courses, sessions with their seats, and the people who come.

pub mod attendance;
mod completion;
pub mod courses;
pub mod numbers;
pub mod participants;
pub mod registrations;
pub mod scores;
pub mod sessions;
mod work_roles;

use crate::kernel::Result;
use crate::platform::db::Tx;
use crate::platform::http::Routing;

/// Registers the handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config.service(work_roles::work_roles);
    courses::routes(config);
    sessions::routes(config);
    registrations::routes(config);
    participants::routes(config);
    attendance::routes(config);
    numbers::routes(config);
    scores::routes(config);
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
