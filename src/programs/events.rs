//! What happens to programs and their people, as others hear of it.

use serde::Serialize;

use super::codes::Status;
use crate::kernel::access::Role;
use crate::kernel::id::{Iso2, ProgramId, UserId};
use crate::kernel::text::Note;
use crate::platform::outbox::Event;

/// A program moved from one status to another.
#[derive(Serialize)]
pub(super) struct StatusChanged<'a> {
    pub program_id: ProgramId,
    pub from: Status,
    pub to: Status,
    pub reason: Option<&'a Note>,
    pub by: UserId,
}

impl Event for StatusChanged<'_> {
    const KIND: &'static str = "program.status_changed";
}

/// A country acknowledged a program.
#[derive(Serialize)]
pub(super) struct Acknowledged {
    pub program_id: ProgramId,
    pub country: Iso2,
    pub by: UserId,
}

impl Event for Acknowledged {
    const KIND: &'static str = "program.acknowledged";
}

/// The dates of a program moved: reminders are planned anew.
#[derive(Serialize)]
pub(super) struct Changed {
    pub program_id: ProgramId,
}

impl Event for Changed {
    const KIND: &'static str = "program.changed";
}

/// A person got a role in a program.
#[derive(Serialize)]
pub(super) struct MemberAdded {
    pub user_id: UserId,
    pub role: Role,
    pub country: Option<Iso2>,
    pub program_id: ProgramId,
    pub by: UserId,
}

impl Event for MemberAdded {
    const KIND: &'static str = "role.granted";
}

/// A person lost a role in a program.
#[derive(Serialize)]
pub(super) struct MemberRemoved {
    pub user_id: UserId,
    pub role: Role,
    pub country: Option<Iso2>,
    pub program_id: ProgramId,
    pub by: UserId,
}

impl Event for MemberRemoved {
    const KIND: &'static str = "role.revoked";
}
