//! What happened to milestones, for those who write letters about it.

use serde::Serialize;

use super::model::MilestoneStatus;
use crate::kernel::id::{MilestoneId, ProgramId, UserId};
use crate::kernel::text::Note;
use crate::kernel::time::Day;
use crate::platform::outbox::Event;

/// Somebody answers for a milestone from now on. Of a series only the first is told.
#[derive(Debug, Serialize)]
pub(super) struct MilestoneAssigned {
    pub milestone_id: MilestoneId,
    pub program_id: ProgramId,
    pub owner_id: UserId,
    pub by: UserId,
}

impl Event for MilestoneAssigned {
    const KIND: &'static str = "milestone.assigned";
}

/// A date moved.
#[derive(Debug, Serialize)]
pub(super) struct MilestoneMoved<'a> {
    pub milestone_id: MilestoneId,
    pub program_id: ProgramId,
    pub old_due: Day,
    pub new_due: Day,
    pub reason: &'a str,
    pub by: UserId,
}

impl Event for MilestoneMoved<'_> {
    const KIND: &'static str = "milestone.moved";
}

/// A milestone went a step.
#[derive(Debug, Serialize)]
pub(super) struct MilestoneStatusChanged<'a> {
    pub milestone_id: MilestoneId,
    pub program_id: ProgramId,
    pub from: MilestoneStatus,
    pub to: MilestoneStatus,
    pub note: Option<&'a Note>,
    pub by: UserId,
}

impl Event for MilestoneStatusChanged<'_> {
    const KIND: &'static str = "milestone.status_changed";
}
