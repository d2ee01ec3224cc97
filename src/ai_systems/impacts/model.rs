//! Impact assessments as they are stored, as callers state and change them, and as they see them.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::codes::{ImpactStatus, Severity};
use crate::accounts::Somebody;
use crate::disclosure::Tlp;
use crate::frameworks::NamedNode;
use crate::kernel::id::{AiImpactId, AiSystemId, FrameworkNodeId, UserId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::list::Many;
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::stored::Stored;
use crate::kernel::text::Note;
use crate::kernel::time::{Day, Timestamp};
use crate::kernel::words::Words;
use crate::platform::schema::ai_impact_assessments;

/// Outcomes of a framework that an assessment speaks to.
pub type Outcomes = Words<FrameworkNodeId, 72>;

/// What a system does to some of those whom it meets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Effect {
    /// How hard the worst of it is.
    pub severity: Severity,
    /// What harm it may do.
    #[deserr(default)]
    pub harms: Option<Prose>,
    /// What good it does.
    #[deserr(default)]
    pub benefits: Option<Prose>,
}

/// An assessment's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = ai_impact_assessments)]
pub struct Impact {
    /// The assessment's id.
    pub id: AiImpactId,
    /// Of which system.
    pub ai_system_id: AiSystemId,
    /// What it is called.
    pub title: Titles,
    /// In which setting the system was looked at.
    pub context: Option<Prose>,
    /// On single people.
    pub individuals: Stored<Option<Effect>>,
    /// On groups of people.
    pub groups: Stored<Option<Effect>>,
    /// On society.
    pub society: Stored<Option<Effect>>,
    /// What is done about the harm.
    pub mitigations: Option<Prose>,
    /// How people watch over it.
    pub oversight: Option<Prose>,
    /// What follows.
    pub conclusion: Option<Prose>,
    /// Where it stands.
    pub status: ImpactStatus,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// When it is looked at again.
    pub review_on: Option<Day>,
    /// Who read it through.
    pub reviewed_by: Option<UserId>,
    /// When.
    pub reviewed_at: Option<Timestamp>,
    /// Who approved it.
    pub approved_by: Option<UserId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Version for `If-Match`.
    pub version: i32,
    /// When it was opened.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: UserId,
}

/// An impact assessment as a client states it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ImpactDraft {
    /// What it is called.
    pub title: Titles,
    /// In which setting the system is looked at.
    #[deserr(default)]
    pub context: Option<Prose>,
    /// On single people.
    #[deserr(default)]
    pub individuals: Option<Effect>,
    /// On groups of people.
    #[deserr(default)]
    pub groups: Option<Effect>,
    /// On society.
    #[deserr(default)]
    pub society: Option<Effect>,
    /// What is done about the harm.
    #[deserr(default)]
    pub mitigations: Option<Prose>,
    /// How people watch over it.
    #[deserr(default)]
    pub oversight: Option<Prose>,
    /// What follows.
    #[deserr(default)]
    pub conclusion: Option<Prose>,
    /// Outcomes of a framework that it speaks to, as those of the NIST AI RMF: ids of nodes.
    #[deserr(default)]
    #[schema(required = false, value_type = Vec<FrameworkNodeId>, max_items = 72)]
    pub outcomes: Outcomes,
}

/// A change of an impact assessment; only while it is a draft.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ImpactPatch {
    /// What it is called.
    #[deserr(default)]
    #[schema(value_type = Titles, required = false)]
    pub title: Edit<Titles>,
    /// In which setting the system is looked at.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub context: Change<Prose>,
    /// On single people.
    #[deserr(default)]
    #[schema(value_type = Option<Effect>)]
    pub individuals: Change<Effect>,
    /// On groups of people.
    #[deserr(default)]
    #[schema(value_type = Option<Effect>)]
    pub groups: Change<Effect>,
    /// On society.
    #[deserr(default)]
    #[schema(value_type = Option<Effect>)]
    pub society: Change<Effect>,
    /// What is done about the harm.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub mitigations: Change<Prose>,
    /// How people watch over it.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub oversight: Change<Prose>,
    /// What follows.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub conclusion: Change<Prose>,
    /// Outcomes of a framework that it speaks to.
    #[deserr(default)]
    #[schema(required = false, value_type = Vec<FrameworkNodeId>, max_items = 72)]
    pub outcomes: Edit<Outcomes>,
}

/// A step of an impact assessment.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ImpactStep {
    /// Where to.
    pub to: ImpactStatus,
    /// Why; needed to send it back and to have it reviewed before its day.
    #[deserr(default)]
    pub reason: Option<Note>,
    /// When an approved one is looked at again, within 24 months; in 12 months when not said.
    #[deserr(default)]
    pub review_on: Option<Day>,
}

/// An impact assessment as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImpactRecord {
    /// The assessment's id.
    pub id: AiImpactId,
    /// Of which system.
    pub ai_system_id: AiSystemId,
    /// How far it may be passed on (TLP 2.0), as the system.
    pub tlp: Tlp,
    /// What it is called.
    pub title: Titles,
    /// In which setting the system was looked at.
    pub context: Option<Prose>,
    /// On single people.
    pub individuals: Option<Effect>,
    /// On groups of people.
    pub groups: Option<Effect>,
    /// On society.
    pub society: Option<Effect>,
    /// What is done about the harm.
    pub mitigations: Option<Prose>,
    /// How people watch over it.
    pub oversight: Option<Prose>,
    /// What follows.
    pub conclusion: Option<Prose>,
    /// Outcomes of a framework that it speaks to.
    pub outcomes: Vec<NamedNode>,
    /// Where it stands.
    pub status: ImpactStatus,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// When it is looked at again.
    pub review_on: Option<Day>,
    /// Who wrote or edited it: none of them reviews or approves it.
    pub writers: Vec<Somebody>,
    /// Who read it through.
    pub reviewed_by: Option<Somebody>,
    /// When.
    pub reviewed_at: Option<Timestamp>,
    /// Who approved it.
    pub approved_by: Option<Somebody>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it; what it lacks may still refuse, with words.
    pub allowed_transitions: Vec<ImpactStatus>,
}

/// Which impact assessments are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImpactFilter {
    /// One or more statuses.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub status: Many<ImpactStatus>,
}
