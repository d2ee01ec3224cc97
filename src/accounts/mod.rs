//! Who: users, roles and grants, invitations, sessions, tokens; and the guard that issues permits.

mod guard;
pub(crate) mod http;
mod model;
pub mod seeds;
mod store;

pub use guard::{Permit, Permitted, Sessions, known};
pub use model::{Grant, NewGrant, User, UserStatus};
