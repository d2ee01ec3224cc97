//! Answers as they are sent, stored and shown.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::accounts::Somebody;
use crate::kernel::flag::Flag;
use crate::kernel::id::{AnswerChangeId, AnswerId, AssessmentId, FrameworkNodeId, SectionId, UserId};
use crate::kernel::parse::Faults;
use crate::kernel::patch::Change;
use crate::kernel::text::{Label, NodeCode, Note, Passage};
use crate::kernel::time::Timestamp;
use crate::platform::schema::{answer_changes, assessment_answers};
use crate::{codes_enum, counted, stored_texts};

codes_enum! {
    /// How sure who answers is.
    pub Confidence {
        /// A guess.
        Low "low",
        /// Known to some, not shown.
        Medium "medium",
        /// Shown by what is at hand.
        High "high",
    }
}

codes_enum! {
    /// What was done to an answer.
    pub AnswerAct {
        /// Written or changed.
        Answered "answered",
        /// Carried over from an earlier assessment; by who wrote it there.
        Carried "carried",
        /// Judged by a reviewer.
        Reviewed "reviewed",
    }
}

codes_enum! {
    /// What became of an answer that was sent.
    pub SaveOutcome {
        /// It was written.
        Saved "saved",
        /// It was here already, or nothing in it is new.
        Unchanged "unchanged",
        /// Somebody changed it since the version that it was based on; `answer` holds what is there. Nothing was written.
        Conflict "conflict",
    }
}

counted! {
    /// How much a gap matters, 1 to 3; 3 matters most.
    Priority 1 3;
}

stored_texts! { Confidence Passage }

/// A row.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = assessment_answers, treat_none_as_default_value = false)]
pub(in super::super) struct Answer {
    pub id: AnswerId,
    pub assessment_id: AssessmentId,
    pub node_id: FrameworkNodeId,
    pub position: i32,
    pub value: Option<i32>,
    pub validated_value: Option<i32>,
    pub target: Option<i32>,
    pub priority: Option<i32>,
    pub confidence: Option<Confidence>,
    pub not_applicable: bool,
    pub reason: Option<Note>,
    pub comment: Option<Passage>,
    pub review_note: Option<Note>,
    pub carried: bool,
    pub version: i32,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
}

/// What somebody says of a node: kept with each change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Said {
    /// The answer.
    pub value: Option<i32>,
    /// Where it is to be.
    pub target: Option<i32>,
    /// How much it matters.
    pub priority: Option<i32>,
    /// How sure.
    pub confidence: Option<Confidence>,
    /// It does not apply.
    pub not_applicable: bool,
    /// Why it does not apply.
    pub reason: Option<Note>,
    /// In words.
    pub comment: Option<Passage>,
    /// What a reviewer found instead.
    pub validated_value: Option<i32>,
    /// What a reviewer says of it.
    pub review_note: Option<Note>,
}

impl Answer {
    /// What it says.
    pub(super) fn said(&self) -> Said {
        Said {
            value: self.value,
            target: self.target,
            priority: self.priority,
            confidence: self.confidence,
            not_applicable: self.not_applicable,
            reason: self.reason.clone(),
            comment: self.comment.clone(),
            validated_value: self.validated_value,
            review_note: self.review_note.clone(),
        }
    }
}

/// A row: who changed an answer, when, and to what.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = answer_changes, treat_none_as_default_value = false)]
pub(super) struct AnswerChange {
    pub id: AnswerChangeId,
    pub assessment_id: AssessmentId,
    pub node_id: FrameworkNodeId,
    pub act: AnswerAct,
    pub client_id: Option<Label>,
    pub content: String,
    pub changed_by: UserId,
    pub changed_at: Timestamp,
}

/// An answer as a client sends it. What is not named stays; null clears.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AnswerDraft {
    /// The node, by its code.
    #[deserr(default)]
    pub code: Option<NodeCode>,
    /// The node, by its id; or `code`.
    #[deserr(default)]
    pub node_id: Option<FrameworkNodeId>,
    /// The answer. `stage_gate`: 0 not met, 1 partly (counts as not met), 2 met; `weighted_mean`: a level of the
    /// framework's scale, by its value; `points_sum`: points, from 0 to the most that the node gives. Null: unanswered.
    #[deserr(default)]
    #[schema(value_type = Option<i32>)]
    pub value: Change<i32>,
    /// The level that is to be reached; only with `weighted_mean`.
    #[deserr(default)]
    #[schema(value_type = Option<i32>)]
    pub target: Change<i32>,
    /// How much the gap matters, 1 to 3; only with `weighted_mean`.
    #[deserr(default)]
    #[schema(value_type = Option<Priority>)]
    pub priority: Change<Priority>,
    /// How sure who answers is.
    #[deserr(default)]
    #[schema(value_type = Option<Confidence>)]
    pub confidence: Change<Confidence>,
    /// It does not apply; `reason` says why.
    #[deserr(default)]
    #[schema(value_type = bool, required = false)]
    pub not_applicable: Change<bool>,
    /// Why it does not apply.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub reason: Change<Note>,
    /// In words, for who reads the answer.
    #[deserr(default)]
    #[schema(value_type = Option<Passage>)]
    pub comment: Change<Passage>,
    /// The client's own name for this change, once in the assessment: sent again, it does no harm.
    #[deserr(default)]
    pub client_id: Option<Label>,
    /// The version of the answer that the change is based on, 0 for none: if somebody changed it since, nothing is written.
    #[deserr(default)]
    pub base_version: Option<i32>,
}

/// Answers that a client sends together; as many as it saved while it was offline.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AnswersDraft {
    /// 1 to 500 answers, each node once.
    #[schema(min_items = 1, max_items = 500)]
    pub items: Vec<AnswerDraft>,
}

/// What a reviewer found.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ReviewDraft {
    /// The node, by its code.
    #[deserr(default)]
    pub code: Option<NodeCode>,
    /// The node, by its id; or `code`.
    #[deserr(default)]
    pub node_id: Option<FrameworkNodeId>,
    /// What the answer is by the evidence; null to agree with what was said.
    #[deserr(default)]
    #[schema(value_type = Option<i32>)]
    pub validated_value: Change<i32>,
    /// Words to who answered.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub review_note: Change<Note>,
}

/// What a reviewer found of several answers.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ReviewsDraft {
    /// 1 to 500 findings, each node once.
    #[schema(min_items = 1, max_items = 500)]
    pub items: Vec<ReviewDraft>,
}

/// An answer as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnswerRecord {
    /// The node.
    pub node_id: FrameworkNodeId,
    /// Its code.
    pub code: NodeCode,
    /// Its place in the framework.
    pub position: i32,
    /// The answer, as for sending; null when there is none.
    pub value: Option<i32>,
    /// What a reviewer found instead, or agreed to.
    pub validated_value: Option<i32>,
    /// The level that is to be reached.
    pub target: Option<i32>,
    /// How much the gap matters.
    pub priority: Option<i32>,
    /// How sure who answered is.
    pub confidence: Option<Confidence>,
    /// It does not apply.
    pub not_applicable: bool,
    /// Why it does not apply.
    pub reason: Option<Note>,
    /// In words.
    pub comment: Option<Passage>,
    /// Words of a reviewer.
    pub review_note: Option<Note>,
    /// It was carried over and nobody has looked at it since.
    pub carried: bool,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: Option<Somebody>,
    /// Version, as in the ETag; `base_version` names it.
    pub version: i32,
}

/// What became of one answer that was sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedAnswer {
    /// What became of it.
    pub outcome: SaveOutcome,
    /// The answer as it is here now; null when there is none.
    pub answer: Option<AnswerRecord>,
}

/// What became of the answers that were sent, in their order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedAnswers {
    /// One for each that was sent.
    pub items: Vec<SavedAnswer>,
    /// Nodes of the assessment that have an answer or do not apply.
    pub answered: i32,
    /// Nodes that are to be answered.
    pub in_scope: i32,
}

/// A change of an answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnswerChangeRecord {
    /// The change's id.
    pub id: AnswerChangeId,
    /// What was done.
    pub act: AnswerAct,
    /// The client's own name for it.
    pub client_id: Option<Label>,
    /// What the answer said from then on.
    pub said: Said,
    /// Who.
    pub changed_by: Option<Somebody>,
    /// When.
    pub changed_at: Timestamp,
}

/// Which answers are wanted.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AnswerFilter {
    /// Of this section.
    #[deserr(default)]
    #[param(inline)]
    pub section: Option<SectionId>,
    /// Those that were carried over and nobody has looked at since, or the others.
    #[deserr(default)]
    #[param(inline)]
    pub carried: Option<Flag>,
    /// Changed at this instant or later.
    #[deserr(default)]
    #[param(inline)]
    pub updated_since: Option<Timestamp>,
}
