//! Who works on a program: the roles that people hold in it.

mod actions;
pub(crate) mod http;
mod model;
mod store;

pub use model::{Member, MemberDraft, MemberFilter, MemberRole};
