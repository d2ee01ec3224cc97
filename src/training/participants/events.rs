//! What happened to people, for those who write letters to them.

use serde::Serialize;

use crate::kernel::id::ParticipantId;
use crate::platform::outbox::Event;

/// Two rows of one person became one.
#[derive(Debug, Serialize)]
pub(super) struct ParticipantMerged {
    pub participant_id: ParticipantId,
    pub into: ParticipantId,
}

impl Event for ParticipantMerged {
    const KIND: &'static str = "participant.merged";
}
