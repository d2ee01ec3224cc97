//! What happened to registrations, for those who write letters about it.

use serde::Serialize;

use super::model::{Registration, RegistrationStatus};
use crate::kernel::id::{Iso2, ParticipantId, RegistrationId, TrainingSessionId, UserId};
use crate::platform::outbox::Event;

/// A registration came to be or went a step.
#[derive(Debug, Serialize)]
pub(super) struct RegistrationMoved {
    pub registration_id: RegistrationId,
    pub session_id: TrainingSessionId,
    pub participant_id: ParticipantId,
    pub country: Iso2,
    pub from: Option<RegistrationStatus>,
    pub to: RegistrationStatus,
    pub by: UserId,
}

impl RegistrationMoved {
    /// From a standing to the one it has now.
    pub(super) fn of(registration: &Registration, from: Option<RegistrationStatus>, by: UserId) -> Self {
        RegistrationMoved {
            registration_id: registration.id,
            session_id: registration.session_id,
            participant_id: registration.participant_id,
            country: registration.country,
            from,
            to: registration.status,
            by,
        }
    }
}

impl Event for RegistrationMoved {
    const KIND: &'static str = "registration.moved";
}
