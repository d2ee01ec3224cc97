//! Who: users, roles and grants, invitations, sessions, tokens; and the guard that issues permits.

mod addresses;
mod api_tokens;
mod bouncing;
mod caller;
mod events;
mod forgotten;
mod grants;
mod guard;
pub(crate) mod http;
mod identify;
mod invitations;
pub mod keys;
mod links;
mod login;
mod model;
pub(crate) mod pages;
mod policy;
mod refresh;
mod restored;
mod retention;
mod secrets;
pub mod seeds;
mod sessions;
mod store;
mod throttle;
mod totp;
mod users;

pub use bouncing::{Bouncing, bouncing, refused, takes_letters};
pub use guard::{Permit, Permitted, known};
pub use identify::{Policy, Sessions};
pub use invitations::{first_administrator_link, waiting_link};
pub use links::{LinkKind, url as link_url};
pub use model::{Grant, NewGrant, Somebody, User, UserStatus};
pub use restored::after_restore;
pub use retention::{anything_old, forget_old};
pub use store::people;
