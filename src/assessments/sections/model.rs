//! Sections as they are stored, assigned and shown.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::accounts::Somebody;
use crate::codes_enum;
use crate::kernel::flag::Flag;
use crate::kernel::id::{AssessmentId, FrameworkNodeId, SectionId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::parse::Faults;
use crate::kernel::patch::Change;
use crate::kernel::text::{NodeCode, Note};
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::assessment_sections;

codes_enum! {
    /// Where a section stands (domain part 5, assignment).
    pub SectionStatus {
        /// Being prepared; its assignee does not write yet.
        Draft "draft",
        /// Being filled in.
        Open "open",
        /// Handed in by its assignee.
        Submitted "submitted",
        /// Handed back with words.
        ChangesRequested "changes_requested",
        /// Done.
        Closed "closed",
    }
}

impl SectionStatus {
    /// Where it may go from here.
    pub fn next(self) -> &'static [SectionStatus] {
        use SectionStatus::{ChangesRequested, Closed, Draft, Open, Submitted};
        match self {
            Draft => &[Open],
            Open | ChangesRequested => &[Submitted, Closed],
            Submitted => &[ChangesRequested, Closed],
            Closed => &[Open, ChangesRequested],
        }
    }

    /// Whether its assignee writes in it.
    pub fn is_writable(self) -> bool {
        matches!(self, SectionStatus::Open | SectionStatus::ChangesRequested)
    }
}

/// A row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = assessment_sections)]
pub(in super::super) struct Section {
    pub id: SectionId,
    pub assessment_id: AssessmentId,
    pub node_id: FrameworkNodeId,
    pub position_from: i32,
    pub position_to: i32,
    pub assignee: Option<UserId>,
    pub due: Option<Day>,
    pub status: SectionStatus,
    pub note: Option<Note>,
    pub version: i32,
    pub created_at: Timestamp,
    pub created_by: UserId,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
}

/// A section as it is assigned.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct SectionDraft {
    /// The node of the framework whose whole branch it is.
    pub node_id: FrameworkNodeId,
    /// Who fills it in: an official of the country, or the facilitator.
    #[deserr(default)]
    pub assignee: Option<UserId>,
    /// By when.
    #[deserr(default)]
    pub due: Option<Day>,
    /// Words to the assignee.
    #[deserr(default)]
    pub note: Option<Note>,
}

/// A change of a section.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct SectionPatch {
    /// Who fills it in.
    #[deserr(default)]
    #[schema(value_type = Option<UserId>)]
    pub assignee: Change<UserId>,
    /// By when.
    #[deserr(default)]
    #[schema(value_type = Option<Day>)]
    pub due: Change<Day>,
}

/// A step of a section.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct SectionStep {
    /// Where to.
    pub to: SectionStatus,
    /// Words about it; needed to ask for changes.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// A section as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SectionRecord {
    /// The section's id.
    pub id: SectionId,
    /// Of which assessment.
    pub assessment_id: AssessmentId,
    /// The node whose branch it is.
    pub node_id: FrameworkNodeId,
    /// Its code.
    pub node_code: NodeCode,
    /// What it is called.
    pub node_name: Option<Titles>,
    /// Places in the framework of its first and last node.
    pub positions: [i32; 2],
    /// Who fills it in.
    pub assignee: Option<Somebody>,
    /// By when.
    pub due: Option<Day>,
    /// Where it stands.
    pub status: SectionStatus,
    /// Words that came with the last step.
    pub note: Option<Note>,
    /// When it was assigned.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// Where the caller may move it.
    pub allowed_transitions: Vec<SectionStatus>,
}

/// Which sections are wanted.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SectionFilter {
    /// Those assigned to the caller, or the others.
    #[deserr(default)]
    #[param(inline)]
    pub mine: Option<Flag>,
    /// With this status.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<SectionStatus>,
}
