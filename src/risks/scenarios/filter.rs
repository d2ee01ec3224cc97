//! What clients state of scenarios: drafts, changes, ratings, steps, and how they ask for lists.

use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use super::super::codes::{
    Entity, Intent, RatingKind, RiskCategory, RiskStatus, Strength, Timing, Treatment, Trigger,
};
use super::super::grid::{Impacts, Place};
use super::model::Triggers;
use crate::ai_systems::{AffectedGroups, Lifecycle};
use crate::codes_enum;
use crate::kernel::flag::Flag;
use crate::kernel::id::{AiSystemId, FrameworkNodeId, Iso2, RiskRegisterId, UserId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::list::Many;
use crate::kernel::parse::{Faults, FromText, Refusal};
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Label, Note};
use crate::kernel::time::Day;
use crate::kernel::words::Words;

/// Outcomes of a framework that a scenario endangers.
pub type Outcomes = Words<FrameworkNodeId, 20>;

/// Tags of an AI scenario.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AiDraft {
    /// Domain of the MIT AI risk taxonomy: id of a node.
    #[deserr(default)]
    pub domain: Option<FrameworkNodeId>,
    /// A subdomain of that domain: id of a node.
    #[deserr(default)]
    pub subdomain: Option<FrameworkNodeId>,
    /// Who or what causes it.
    #[deserr(default)]
    pub entity: Option<Entity>,
    /// Whether it is meant.
    #[deserr(default)]
    pub intent: Option<Intent>,
    /// When it comes about.
    #[deserr(default)]
    pub timing: Option<Timing>,
    /// Where in the life of the system.
    #[deserr(default)]
    pub lifecycle: Option<Lifecycle>,
    /// Who is affected.
    #[deserr(default)]
    #[schema(required = false)]
    pub affected_groups: AffectedGroups,
}

/// A scenario as a client states it. How bad it is, is said by `PUT /risks/{id}/ratings`.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RiskDraft {
    /// What it is called.
    pub title: Titles,
    /// What it is about; it stays so.
    pub category: RiskCategory,
    /// More about it.
    #[deserr(default)]
    pub description: Option<Prose>,
    /// What it comes from.
    #[deserr(default)]
    pub source: Option<Prose>,
    /// What happens.
    #[deserr(default)]
    pub event: Option<Prose>,
    /// What follows.
    #[deserr(default)]
    pub consequence: Option<Prose>,
    /// What is harmed.
    #[deserr(default)]
    pub assets: Option<Prose>,
    /// The AI system of the country that it is about.
    #[deserr(default)]
    pub ai_system_id: Option<AiSystemId>,
    /// Who answers for it: an official of the country, or of the program's team.
    #[deserr(default)]
    pub owner: Option<UserId>,
    /// What is done about it.
    #[deserr(default)]
    pub treatment: Option<Treatment>,
    /// How well it is known.
    #[deserr(default)]
    pub strength: Option<Strength>,
    /// When it is looked at again.
    #[deserr(default)]
    pub next_review_on: Option<Day>,
    /// What makes it be looked at before.
    #[deserr(default)]
    #[schema(required = false)]
    pub triggers: Triggers,
    /// Tags of an AI scenario; only of those.
    #[deserr(default)]
    pub ai: Option<AiDraft>,
    /// Outcomes of a framework that it endangers: ids of nodes.
    #[deserr(default)]
    #[schema(required = false, value_type = Vec<FrameworkNodeId>, max_items = 20)]
    pub outcomes: Outcomes,
}

/// A change of a scenario.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RiskPatch {
    /// What it is called.
    #[deserr(default)]
    #[schema(value_type = Titles, required = false)]
    pub title: Edit<Titles>,
    /// More about it.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub description: Change<Prose>,
    /// What it comes from.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub source: Change<Prose>,
    /// What happens.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub event: Change<Prose>,
    /// What follows.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub consequence: Change<Prose>,
    /// What is harmed.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub assets: Change<Prose>,
    /// The AI system of the country that it is about.
    #[deserr(default)]
    #[schema(value_type = Option<AiSystemId>)]
    pub ai_system_id: Change<AiSystemId>,
    /// Who answers for it.
    #[deserr(default)]
    #[schema(value_type = Option<UserId>)]
    pub owner: Change<UserId>,
    /// What is done about it.
    #[deserr(default)]
    #[schema(value_type = Option<Treatment>)]
    pub treatment: Change<Treatment>,
    /// How well it is known.
    #[deserr(default)]
    #[schema(value_type = Option<Strength>)]
    pub strength: Change<Strength>,
    /// When it is looked at again.
    #[deserr(default)]
    #[schema(value_type = Option<Day>)]
    pub next_review_on: Change<Day>,
    /// What makes it be looked at before.
    #[deserr(default)]
    #[schema(value_type = Triggers, required = false)]
    pub triggers: Edit<Triggers>,
    /// Tags of an AI scenario, all of them anew.
    #[deserr(default)]
    #[schema(value_type = Option<AiDraft>)]
    pub ai: Change<AiDraft>,
    /// Outcomes of a framework that it endangers.
    #[deserr(default)]
    #[schema(required = false, value_type = Vec<FrameworkNodeId>, max_items = 20)]
    pub outcomes: Edit<Outcomes>,
}

/// One of the three ratings of a scenario.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RatingDraft {
    /// Which of the three.
    pub rating: RatingKind,
    /// Place among the matrix's levels of likelihood, from 0.
    pub likelihood: Place,
    /// The impact on each thing that may be harmed, at least on one.
    pub impacts: Impacts,
    /// Why so.
    #[deserr(default)]
    pub rationale: Option<Note>,
}

/// A step of a scenario.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RiskStep {
    /// Where to.
    pub to: RiskStatus,
    /// Why; needed to open it again and to close it.
    #[deserr(default)]
    pub reason: Option<Note>,
    /// What opens it again; only with the step to `identified`.
    #[deserr(default)]
    pub trigger: Option<Trigger>,
    /// From `treating` to `monitored`: the actions are verified and the residual level is the current one now.
    #[deserr(default)]
    pub residual_reached: Option<bool>,
}

codes_enum! {
    /// Order of a list of scenarios; a minus turns it round.
    pub RiskSort {
        /// By number, within one register.
        Number "number",
        /// The highest current level first; not rated ones last.
        LevelDown "-level",
        /// By the day of the next review; those without one are left out.
        Review "next_review_on",
        /// The last changed first.
        UpdatedDown "-updated_at",
    }
}

/// A level of risk in a query string, 0 to 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtLeast(pub i32);

impl FromText for AtLeast {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let level = text.parse().ok().filter(|level| (0..=9).contains(level));
        level.map(AtLeast).ok_or_else(|| Refusal::new("out_of_range", "Use a whole number from 0 to 9."))
    }
}

impl Deserr<Faults> for AtLeast {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        at: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        crate::kernel::parse::from_text_value(value, at)
    }
}

/// Which scenarios, in which order.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RiskFilter {
    /// Of this register.
    #[deserr(default)]
    pub register: Option<RiskRegisterId>,
    /// Of these countries.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub country: Many<Iso2>,
    /// About this.
    #[deserr(default)]
    #[param(inline)]
    pub category: Option<RiskCategory>,
    /// One or more statuses.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub status: Many<RiskStatus>,
    /// With at least this current level, as a place among the levels of its matrix.
    #[deserr(default)]
    #[param(value_type = Option<i32>, minimum = 0, maximum = 9)]
    pub level_at_least: Option<AtLeast>,
    /// Those whose current level is above the tolerance; `false`: those within it.
    #[deserr(default)]
    #[param(inline)]
    pub above_tolerance: Option<Flag>,
    /// This person answers for it.
    #[deserr(default)]
    pub owner: Option<UserId>,
    /// Those that the caller answers for, or the others.
    #[deserr(default)]
    #[param(inline)]
    pub mine: Option<Flag>,
    /// To be looked at again before this day.
    #[deserr(default)]
    pub review_before: Option<Day>,
    /// About this AI system.
    #[deserr(default)]
    pub ai_system: Option<AiSystemId>,
    /// Any part of the title, in any language, without regard to case and accents.
    #[deserr(default)]
    #[param(inline)]
    pub q: Option<Label>,
    /// Order; `-level` when not said, `number` within a register.
    #[deserr(default)]
    #[param(inline)]
    pub sort: Option<RiskSort>,
}
