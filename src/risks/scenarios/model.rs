//! Scenarios as they are stored and as callers see them.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::codes::{
    Entity, Intent, RatingKind, RiskCategory, RiskStatus, Strength, Timing, Treatment, Trigger,
};
use super::super::grid::{Impacts, Rated};
use crate::accounts::Somebody;
use crate::ai_systems::{AffectedGroup, Lifecycle};
use crate::disclosure::Tlp;
use crate::frameworks::NamedNode;
use crate::kernel::id::{AiSystemId, FrameworkNodeId, Iso2, RiskId, RiskRegisterId, UserId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::stored::Stored;
use crate::kernel::text::{NodeCode, Note};
use crate::kernel::time::{Day, Timestamp};
use crate::kernel::words::Words;
use crate::platform::schema::{risk_ratings, risks};

/// What makes a scenario be looked at again.
pub type Triggers = Words<Trigger, 4>;

/// The tags of an AI scenario that are no nodes (MIT AI Risk Repository, causal taxonomy).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AiTags {
    /// Who or what causes it.
    pub entity: Option<Entity>,
    /// Whether it is meant.
    pub intent: Option<Intent>,
    /// When it comes about.
    pub timing: Option<Timing>,
    /// Where in the life of the system.
    pub lifecycle: Option<Lifecycle>,
    /// Who is affected.
    pub affected_groups: Vec<AffectedGroup>,
}

/// A scenario's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = risks)]
pub struct Risk {
    /// The scenario's id.
    pub id: RiskId,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// Whose it is, as the register.
    pub country: Iso2,
    /// Its number in the register, from 1.
    pub number: i32,
    /// What it is about.
    pub category: RiskCategory,
    /// Where it stands.
    pub status: RiskStatus,
    /// What it is called.
    pub title: Titles,
    /// More about it.
    pub description: Option<Prose>,
    /// What it comes from.
    pub source: Option<Prose>,
    /// What happens.
    pub event: Option<Prose>,
    /// What follows.
    pub consequence: Option<Prose>,
    /// What is harmed.
    pub assets: Option<Prose>,
    /// The AI system that it is about.
    pub ai_system_id: Option<AiSystemId>,
    /// Who answers for it.
    pub owner: Option<UserId>,
    /// What is done about it.
    pub treatment: Option<Treatment>,
    /// Its current level, -1 while it is not rated.
    pub level: i32,
    /// Whether that is tolerated; null while it is not rated.
    pub within_tolerance: Option<bool>,
    /// How well it is known.
    pub strength: Option<Strength>,
    /// When it is looked at again.
    pub next_review_on: Option<Day>,
    /// What makes it be looked at before.
    pub triggers: Triggers,
    /// What opened it again last.
    pub reopened_by: Option<Trigger>,
    /// Tags of an AI scenario.
    pub ai: Stored<AiTags>,
    /// Its domain of the MIT taxonomy.
    pub mit_domain: Option<FrameworkNodeId>,
    /// Its subdomain of the MIT taxonomy.
    pub mit_subdomain: Option<FrameworkNodeId>,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// Folded for `q=`.
    #[serde(skip)]
    pub search_text: String,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Version for `If-Match`.
    pub version: i32,
    /// When it was entered.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: UserId,
}

/// A rating's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = risk_ratings)]
pub struct Rating {
    /// Of which scenario.
    pub risk_id: RiskId,
    /// Which of the three.
    pub kind: RatingKind,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// Place among the levels of likelihood, from 0.
    pub likelihood: i32,
    /// The impact on each thing that may be harmed.
    pub impacts: Stored<Impacts>,
    /// The worst of them.
    pub impact: i32,
    /// Place among the levels of risk, from 0.
    pub level: i32,
    /// Why so.
    pub rationale: Option<Note>,
    /// Whether the heat map counts it: the scenario is neither closed nor deleted.
    pub counted: bool,
    /// Who rated.
    pub rated_by: UserId,
    /// When.
    pub rated_at: Timestamp,
}

impl Rating {
    /// Its cell.
    pub fn rated(&self) -> Rated {
        Rated { likelihood: self.likelihood, impact: self.impact, level: self.level }
    }
}

/// A rating as shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RatingShown {
    /// Place among the matrix's levels of likelihood, from 0.
    pub likelihood: i32,
    /// The impact on each thing that may be harmed, as a place among the matrix's levels of impact; null where it is not harmed.
    pub impacts: Impacts,
    /// The worst of them.
    pub impact: i32,
    /// Place among the matrix's levels of risk, from 0: `grid[likelihood][impact]`.
    pub level: i32,
    /// The short word of that level.
    pub level_code: Option<NodeCode>,
    /// Why so.
    pub rationale: Option<Note>,
    /// Who rated.
    pub rated_by: Option<Somebody>,
    /// When.
    pub rated_at: Timestamp,
}

/// Tags of an AI scenario as shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AiShown {
    /// Domain of the MIT AI risk taxonomy.
    pub domain: Option<NamedNode>,
    /// Its subdomain.
    pub subdomain: Option<NamedNode>,
    /// Who or what causes it.
    pub entity: Option<Entity>,
    /// Whether it is meant.
    pub intent: Option<Intent>,
    /// When it comes about.
    pub timing: Option<Timing>,
    /// Where in the life of the system.
    pub lifecycle: Option<Lifecycle>,
    /// Who is affected.
    pub affected_groups: Vec<AffectedGroup>,
}

/// A scenario in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RiskLine {
    /// The scenario's id.
    pub id: RiskId,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// Its number in the register, from 1.
    pub number: i32,
    /// Whose it is.
    pub country: Iso2,
    /// What it is about.
    pub category: RiskCategory,
    /// Where it stands.
    pub status: RiskStatus,
    /// What it is called.
    pub title: Titles,
    /// The AI system that it is about.
    pub ai_system_id: Option<AiSystemId>,
    /// Who answers for it.
    pub owner: Option<Somebody>,
    /// What is done about it.
    pub treatment: Option<Treatment>,
    /// As if nothing were done: place among the levels of risk; null while it is not rated.
    pub inherent_level: Option<i32>,
    /// As it is.
    pub current_level: Option<i32>,
    /// As it will be.
    pub residual_level: Option<i32>,
    /// Whether the current level is tolerated; null while it is not rated.
    pub within_tolerance: Option<bool>,
    /// How well it is known.
    pub strength: Option<Strength>,
    /// When it is looked at again.
    pub next_review_on: Option<Day>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A scenario with everything in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RiskRecord {
    /// The scenario's id.
    pub id: RiskId,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// Its number in the register, from 1.
    pub number: i32,
    /// Whose it is.
    pub country: Iso2,
    /// How far it may be passed on (TLP 2.0), as the register.
    pub tlp: Tlp,
    /// What it is about.
    pub category: RiskCategory,
    /// Where it stands.
    pub status: RiskStatus,
    /// What it is called.
    pub title: Titles,
    /// More about it.
    pub description: Option<Prose>,
    /// What it comes from.
    pub source: Option<Prose>,
    /// What happens.
    pub event: Option<Prose>,
    /// What follows.
    pub consequence: Option<Prose>,
    /// What is harmed.
    pub assets: Option<Prose>,
    /// The AI system that it is about.
    pub ai_system_id: Option<AiSystemId>,
    /// Who answers for it.
    pub owner: Option<Somebody>,
    /// What is done about it.
    pub treatment: Option<Treatment>,
    /// As if nothing were done; null while it is not rated.
    pub inherent: Option<RatingShown>,
    /// As it is.
    pub current: Option<RatingShown>,
    /// As it will be.
    pub residual: Option<RatingShown>,
    /// The highest level that is tolerated of its category.
    pub tolerance: i32,
    /// Whether the current level is tolerated; null while it is not rated.
    pub within_tolerance: Option<bool>,
    /// How well it is known.
    pub strength: Option<Strength>,
    /// When it is looked at again.
    pub next_review_on: Option<Day>,
    /// What makes it be looked at before.
    #[schema(value_type = Vec<Trigger>)]
    pub triggers: Triggers,
    /// What opened it again last.
    pub reopened_by: Option<Trigger>,
    /// Tags of an AI scenario; null of others.
    pub ai: Option<AiShown>,
    /// Outcomes of a framework that it endangers, as those of the NIST AI RMF.
    pub outcomes: Vec<NamedNode>,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it; what it lacks may still refuse, with words.
    pub allowed_transitions: Vec<RiskStatus>,
}
