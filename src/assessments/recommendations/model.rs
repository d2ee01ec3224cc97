//! A recommendation as it is proposed, stored and shown.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::assessments::answers::Priority;
use crate::codes_enum;
use crate::kernel::id::{
    AssessmentId, CourseId, FrameworkNodeId, Iso2, MilestoneId, ProgramId, RecommendationId,
    TrainingSessionId, UserId,
};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::list::Many;
use crate::kernel::parse::Faults;
use crate::kernel::text::{NodeCode, Note};
use crate::kernel::time::Timestamp;
use crate::platform::schema::recommendations;

codes_enum! {
    /// Where a recommendation stands (domain part 5).
    pub RecommendationStatus {
        /// Somebody who knows the assessment proposes it.
        Proposed "proposed",
        /// The country wants it.
        Accepted "accepted",
        /// A milestone, a course or a training session sees to it.
        Planned "planned",
        /// It is done; the end.
        Done "done",
        /// The country does not want it; the end.
        Rejected "rejected",
    }
}

impl RecommendationStatus {
    /// Where it may go from here.
    pub fn next(self) -> &'static [RecommendationStatus] {
        use RecommendationStatus::{Accepted, Done, Planned, Proposed, Rejected};
        match self {
            Proposed => &[Accepted, Rejected],
            Accepted => &[Planned, Rejected],
            // Planned again: by another milestone.
            Planned => &[Planned, Done, Rejected],
            Done | Rejected => &[],
        }
    }
}

/// A row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = recommendations)]
pub(super) struct Recommendation {
    pub id: RecommendationId,
    pub assessment_id: AssessmentId,
    pub country: Iso2,
    pub node_id: FrameworkNodeId,
    pub title: Titles,
    pub text: Option<Prose>,
    pub priority: i32,
    pub status: RecommendationStatus,
    pub reason: Option<Note>,
    pub program_id: Option<ProgramId>,
    pub milestone_id: Option<MilestoneId>,
    pub course_id: Option<CourseId>,
    pub session_id: Option<TrainingSessionId>,
    pub version: i32,
    pub created_at: Timestamp,
    pub created_by: UserId,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
}

/// A recommendation as somebody proposes it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RecommendationDraft {
    /// The gap that it is to close: a node of `GET /assessments/{id}/gaps`, or one above such nodes.
    pub node_id: FrameworkNodeId,
    /// What is to be done, in a line; the node's own name when not said.
    #[deserr(default)]
    pub title: Option<Titles>,
    /// In words; the framework's recommendation when not said.
    #[deserr(default)]
    pub text: Option<Prose>,
    /// How much it matters, 1 to 3; that of the gap when not said, otherwise 1.
    #[deserr(default)]
    pub priority: Option<Priority>,
}

/// A step of a recommendation.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RecommendationMove {
    /// Where to.
    pub to: RecommendationStatus,
    /// Why; needed to reject.
    #[deserr(default)]
    pub reason: Option<Note>,
    /// To plan it: the milestone that sees to it, of a program in which the country takes part.
    #[deserr(default)]
    pub milestone_id: Option<MilestoneId>,
    /// To plan it: the course whose topic it is.
    #[deserr(default)]
    pub course_id: Option<CourseId>,
    /// To plan it: the training session that sees to it, of a program in which the country takes part.
    #[deserr(default)]
    pub training_session_id: Option<TrainingSessionId>,
}

/// A recommendation as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecommendationRecord {
    /// The recommendation's id.
    pub id: RecommendationId,
    /// From which assessment it follows.
    pub assessment_id: AssessmentId,
    /// Whose it is.
    pub country: Iso2,
    /// Which gap it is to close.
    pub node_id: FrameworkNodeId,
    /// That node's code.
    pub code: NodeCode,
    /// What is to be done.
    pub title: Titles,
    /// In words.
    pub text: Option<Prose>,
    /// How much it matters, 1 to 3.
    pub priority: i32,
    /// Where it stands.
    pub status: RecommendationStatus,
    /// Words that came with the last step.
    pub reason: Option<Note>,
    /// The program of the milestone or the session.
    pub program_id: Option<ProgramId>,
    /// The milestone that sees to it.
    pub milestone_id: Option<MilestoneId>,
    /// The course whose topic it is.
    pub course_id: Option<CourseId>,
    /// The training session that sees to it.
    pub training_session_id: Option<TrainingSessionId>,
    /// When it was proposed.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// Where the caller may move it; only on the record itself.
    pub allowed_transitions: Vec<RecommendationStatus>,
}

impl RecommendationRecord {
    /// The record of a row.
    pub(super) fn of(
        row: Recommendation,
        code: NodeCode,
        allowed_transitions: Vec<RecommendationStatus>,
    ) -> Self {
        RecommendationRecord {
            id: row.id,
            assessment_id: row.assessment_id,
            country: row.country,
            node_id: row.node_id,
            code,
            title: row.title,
            text: row.text,
            priority: row.priority,
            status: row.status,
            reason: row.reason,
            program_id: row.program_id,
            milestone_id: row.milestone_id,
            course_id: row.course_id,
            training_session_id: row.session_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
            allowed_transitions,
        }
    }
}

/// Which recommendations are wanted; only of assessments that the caller sees in detail.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecommendationFilter {
    /// From this assessment.
    #[deserr(default)]
    #[param(inline)]
    pub assessment: Option<AssessmentId>,
    /// Seen to by this milestone.
    #[deserr(default)]
    #[param(inline)]
    pub milestone: Option<MilestoneId>,
    /// Seen to in this program.
    #[deserr(default)]
    #[param(inline)]
    pub program: Option<ProgramId>,
    /// Of these countries.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub country: Many<Iso2>,
    /// With these statuses.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub status: Many<RecommendationStatus>,
}
