//! Treatment actions as they are stored, as callers state and change them, and as they see them.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::codes::ActionStatus;
use crate::accounts::Somebody;
use crate::counted;
use crate::disclosure::Tlp;
use crate::kernel::id::{MilestoneId, RiskId, RiskRegisterId, TreatmentActionId, UserId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::list::Many;
use crate::kernel::money::{Amount, Currency};
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::Note;
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::treatment_actions;

counted! {
    /// Work in days of one person, 1 to 10,000.
    EffortDays 1 10000;
}

/// An action's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = treatment_actions)]
pub struct TreatmentAction {
    /// The action's id.
    pub id: TreatmentActionId,
    /// Of which scenario.
    pub risk_id: RiskId,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// What is done.
    pub title: Titles,
    /// More about it.
    pub description: Option<Prose>,
    /// Where it stands.
    pub status: ActionStatus,
    /// Who answers for it.
    pub owner: Option<UserId>,
    /// By when.
    pub due: Option<Day>,
    /// What it costs.
    pub cost: Option<Amount>,
    /// In which currency.
    pub currency: Option<Currency>,
    /// Work in days of one person.
    pub effort_days: Option<i32>,
    /// The milestone of the register's program by which it is done.
    pub milestone_id: Option<MilestoneId>,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// Who says that it is done.
    pub done_by: Option<UserId>,
    /// When.
    pub done_at: Option<Timestamp>,
    /// Who saw that it is done.
    pub verified_by: Option<UserId>,
    /// When.
    pub verified_at: Option<Timestamp>,
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

/// What an action costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Cost {
    /// How much.
    pub amount: Amount,
    /// Of which currency.
    pub currency: Currency,
}

/// A treatment action as a client states it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ActionDraft {
    /// What is done.
    pub title: Titles,
    /// More about it.
    #[deserr(default)]
    pub description: Option<Prose>,
    /// Who answers for it: an official of the country, or of the program's team.
    #[deserr(default)]
    pub owner: Option<UserId>,
    /// By when.
    #[deserr(default)]
    pub due: Option<Day>,
    /// What it costs.
    #[deserr(default)]
    pub cost: Option<Cost>,
    /// Work in days of one person.
    #[deserr(default)]
    pub effort_days: Option<EffortDays>,
    /// The milestone of the register's program by which it is done.
    #[deserr(default)]
    pub milestone_id: Option<MilestoneId>,
}

/// A change of a treatment action.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ActionPatch {
    /// What is done.
    #[deserr(default)]
    #[schema(value_type = Titles, required = false)]
    pub title: Edit<Titles>,
    /// More about it.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub description: Change<Prose>,
    /// Who answers for it.
    #[deserr(default)]
    #[schema(value_type = Option<UserId>)]
    pub owner: Change<UserId>,
    /// By when.
    #[deserr(default)]
    #[schema(value_type = Option<Day>)]
    pub due: Change<Day>,
    /// What it costs.
    #[deserr(default)]
    #[schema(value_type = Option<Cost>)]
    pub cost: Change<Cost>,
    /// Work in days of one person.
    #[deserr(default)]
    #[schema(value_type = Option<EffortDays>)]
    pub effort_days: Change<EffortDays>,
    /// The milestone of the register's program by which it is done.
    #[deserr(default)]
    #[schema(value_type = Option<MilestoneId>)]
    pub milestone_id: Change<MilestoneId>,
}

/// A step of a treatment action.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ActionStep {
    /// Where to.
    pub to: ActionStatus,
    /// Why; needed to give it up and to take it back from done.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// A treatment action as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActionRecord {
    /// The action's id.
    pub id: TreatmentActionId,
    /// Of which scenario.
    pub risk_id: RiskId,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// How far it may be passed on (TLP 2.0), as the register.
    pub tlp: Tlp,
    /// What is done.
    pub title: Titles,
    /// More about it.
    pub description: Option<Prose>,
    /// Where it stands.
    pub status: ActionStatus,
    /// Who answers for it.
    pub owner: Option<Somebody>,
    /// By when.
    pub due: Option<Day>,
    /// Its day has passed (UTC) and it is still to be worked on.
    pub overdue: bool,
    /// What it costs.
    pub cost: Option<Cost>,
    /// Work in days of one person.
    pub effort_days: Option<i32>,
    /// The milestone by which it is done.
    pub milestone_id: Option<MilestoneId>,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// Who says that it is done.
    pub done_by: Option<Somebody>,
    /// When.
    pub done_at: Option<Timestamp>,
    /// Who saw that it is done; never who said so.
    pub verified_by: Option<Somebody>,
    /// When.
    pub verified_at: Option<Timestamp>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it.
    pub allowed_transitions: Vec<ActionStatus>,
}

/// Which actions of a scenario are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ActionFilter {
    /// One or more statuses.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub status: Many<ActionStatus>,
}
