//! What recommendations tell to those who write letters.

use serde::Serialize;

use super::model::RecommendationStatus;
use crate::kernel::id::{AssessmentId, Iso2, RecommendationId, UserId};
use crate::platform::outbox::Event;

/// A recommendation was proposed or moved on.
#[derive(Clone, Debug, Serialize)]
pub struct RecommendationMoved {
    /// Which.
    pub recommendation_id: RecommendationId,
    /// From which assessment.
    pub assessment_id: AssessmentId,
    /// Whose.
    pub country: Iso2,
    /// Where it stands now.
    pub to: RecommendationStatus,
    /// Who moved it.
    pub by: UserId,
}

impl Event for RecommendationMoved {
    const KIND: &'static str = "recommendation.moved";
}
