//! What happens to accounts, as others hear of it; letters are made from these.

use serde::Serialize;

use crate::kernel::Result;
use crate::kernel::access::Role;
use crate::kernel::id::{FocalPointId, Iso2, LinkId, ProgramId, UserId};
use crate::kernel::text::Email;
use crate::platform::db::Tx;
use crate::platform::outbox::{self, Event};

macro_rules! events {
    ($($(#[$meta:meta])* $name:ident $kind:literal { $($field:ident: $type:ty),* $(,)? })*) => { $(
        $(#[$meta])*
        #[derive(Debug, Serialize)]
        pub(super) struct $name { $(pub(super) $field: $type),* }
        impl Event for $name { const KIND: &'static str = $kind; }
    )* };
}

events! {
    /// Somebody was invited; the letter holds the link.
    UserInvited "user.invited" { user_id: UserId, link_id: LinkId, invited_by: UserId }
    /// Somebody asked for a new password.
    PasswordForgotten "user.password_forgotten" { user_id: UserId, link_id: LinkId }
    /// Somebody wants another address; the link goes to the new one.
    EmailChangeAsked "user.email_change_asked" { user_id: UserId, link_id: LinkId, new_email: Email }
    /// Something about the safety of an account changed. `link_id` undoes a change of address.
    UserSecured "user.secured" {
        user_id: UserId, what: &'static str, old_email: Option<Email>, link_id: Option<LinkId>
    }
    /// Somebody guesses at this account.
    UserThrottled "user.throttled" { user_id: UserId }
    /// A role was given.
    RoleGranted "role.granted" {
        user_id: UserId, role: Role, country: Option<Iso2>, program_id: Option<ProgramId>, by: UserId
    }
    /// A role was taken away.
    RoleRevoked "role.revoked" {
        user_id: UserId, role: Role, country: Option<Iso2>, program_id: Option<ProgramId>, by: UserId
    }
    /// A focal point's mandate ended with its role.
    MandateEnded "focal_point.ended" { focal_point_id: FocalPointId, user_id: UserId, country: Iso2 }
    /// Somebody asked in the name of nobody: written so that this costs what a real account costs.
    NobodyAsked "user.nobody" {}
}

/// Tells of a change in an account's safety.
pub(super) fn secured(tx: &mut Tx, user_id: UserId, what: &'static str) -> Result<()> {
    outbox::enqueue(tx, &UserSecured { user_id, what, old_email: None, link_id: None })
}
