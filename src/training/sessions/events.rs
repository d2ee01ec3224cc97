//! What happened to sessions, for those who write letters about it.

use serde::Serialize;

use super::model::{SessionStatus, Whole};
use crate::kernel::id::{Iso2, ProgramId, TrainingSessionId, UserId};
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

/// Countries or trainers came to be part of a session that the countries see, or are no more.
#[derive(Debug, Serialize)]
pub(super) struct PeopleChanged {
    pub session_id: TrainingSessionId,
    pub program_id: ProgramId,
    /// Countries that are invited now.
    pub invited: Vec<Iso2>,
    /// Countries that are no more.
    pub dismissed: Vec<Iso2>,
    /// People who train now.
    pub joined: Vec<UserId>,
    /// People who do no more.
    pub left: Vec<UserId>,
    pub by: UserId,
}

impl PeopleChanged {
    /// What is different; none: nothing.
    pub(super) fn between(before: &Whole, after: &Whole, by: UserId) -> Option<Self> {
        let (were, are) = (before.invited(), after.invited());
        let only = |these: &[Iso2], those: &[Iso2]| -> Vec<Iso2> {
            these.iter().filter(|country| !those.contains(country)).copied().collect()
        };
        let people = |these: &[UserId], those: &[UserId]| -> Vec<UserId> {
            these.iter().filter(|person| !those.contains(person)).copied().collect()
        };
        let change = PeopleChanged {
            session_id: after.session.id,
            program_id: after.session.program_id,
            invited: only(&are, &were),
            dismissed: only(&were, &are),
            joined: people(&after.trainers, &before.trainers),
            left: people(&before.trainers, &after.trainers),
            by,
        };
        let same = change.invited.is_empty() && change.dismissed.is_empty();
        (!same || !change.joined.is_empty() || !change.left.is_empty()).then_some(change)
    }
}

impl Event for PeopleChanged {
    const KIND: &'static str = "session.people_changed";
}
