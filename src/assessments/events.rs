//! What happened to assessments, for those who write letters about it. Ids only: letters carry no content above GREEN.

use serde::Serialize;

use super::model::AssessmentStatus;
use crate::kernel::id::{AssessmentId, Iso2, SectionId, UserId};
use crate::platform::outbox::Event;

/// An assessment was entered (from and to are then both `planned`), opened, handed in, handed back, validated, published or superseded.
#[derive(Debug, Serialize)]
pub(super) struct AssessmentMoved {
    pub assessment_id: AssessmentId,
    pub country: Iso2,
    pub from: AssessmentStatus,
    pub to: AssessmentStatus,
    pub by: UserId,
}

impl Event for AssessmentMoved {
    const KIND: &'static str = "assessment.status_changed";
}

/// Somebody is to fill in a section from now on.
#[derive(Debug, Serialize)]
pub(super) struct SectionAssigned {
    pub section_id: SectionId,
    pub assessment_id: AssessmentId,
    pub assignee_id: UserId,
    pub by: UserId,
}

impl Event for SectionAssigned {
    const KIND: &'static str = "section.assigned";
}

/// A section went a step.
#[derive(Debug, Serialize)]
pub(super) struct SectionMoved {
    pub section_id: SectionId,
    pub assessment_id: AssessmentId,
    pub to: super::sections::SectionStatus,
    pub by: UserId,
}

impl Event for SectionMoved {
    const KIND: &'static str = "section.status_changed";
}
