//! What happened to sessions, for those who write letters about it.

use serde::Serialize;

use super::model::SessionStatus;
use crate::kernel::id::{ProgramId, TrainingSessionId, UserId};
use crate::kernel::text::Note;
use crate::platform::outbox::Event;

/// A session went a step.
#[derive(Debug, Serialize)]
pub(super) struct SessionStatusChanged<'a> {
    pub session_id: TrainingSessionId,
    pub program_id: ProgramId,
    pub from: SessionStatus,
    pub to: SessionStatus,
    pub reason: Option<&'a Note>,
    pub by: UserId,
}

impl Event for SessionStatusChanged<'_> {
    const KIND: &'static str = "session.status_changed";
}

/// The time or the place of a session that the countries see changed.
#[derive(Debug, Serialize)]
pub(super) struct SessionMoved {
    pub session_id: TrainingSessionId,
    pub program_id: ProgramId,
    pub time: bool,
    pub place: bool,
    pub by: UserId,
}

impl Event for SessionMoved {
    const KIND: &'static str = "session.moved";
}
