//! What happened to AI systems, for those who write letters about it.

use serde::Serialize;

use super::codes::ImpactStatus;
use crate::kernel::id::{AiImpactId, AiSystemId, Iso2, UserId};
use crate::kernel::time::Day;
use crate::platform::outbox::Event;

/// Somebody answers for a system from now on.
#[derive(Debug, Serialize)]
pub(super) struct AiSystemAssigned {
    pub ai_system_id: AiSystemId,
    pub country: Iso2,
    pub owner_id: UserId,
    pub by: UserId,
}

impl Event for AiSystemAssigned {
    const KIND: &'static str = "ai_system.assigned";
}

/// An impact assessment went a step.
#[derive(Debug, Serialize)]
pub(super) struct AiImpactMoved {
    pub impact_id: AiImpactId,
    pub ai_system_id: AiSystemId,
    pub country: Iso2,
    pub author_id: UserId,
    pub from: ImpactStatus,
    pub to: ImpactStatus,
    pub by: UserId,
}

impl Event for AiImpactMoved {
    const KIND: &'static str = "ai_impact.status_changed";
}

/// The review day of an approved impact assessment has come.
#[derive(Debug, Serialize)]
pub(super) struct AiImpactDue {
    pub impact_id: AiImpactId,
    pub ai_system_id: AiSystemId,
    pub country: Iso2,
    pub owner_id: Option<UserId>,
    pub author_id: UserId,
    pub review_on: Option<Day>,
}

impl Event for AiImpactDue {
    const KIND: &'static str = "ai_impact.due";
}
