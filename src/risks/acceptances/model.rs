//! Acceptances as they are stored, as callers state and change them, and as they see them.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::codes::AcceptanceStatus;
use crate::accounts::Somebody;
use crate::disclosure::Tlp;
use crate::kernel::id::{AcceptanceId, RiskId, RiskRegisterId, UserId};
use crate::kernel::lang::Prose;
use crate::kernel::list::Many;
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::Note;
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::risk_acceptances;

/// An acceptance's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = risk_acceptances)]
pub struct Acceptance {
    /// The acceptance's id.
    pub id: AcceptanceId,
    /// Of which scenario.
    pub risk_id: RiskId,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// Where it stands.
    pub status: AcceptanceStatus,
    /// Why the risk is borne.
    pub justification: Prose,
    /// The current level when it was drafted.
    pub level: i32,
    /// The last day on which it holds.
    pub expires_on: Day,
    /// Who decides; any focal point of the country when nobody is named.
    pub approver: Option<UserId>,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// Who asked for it.
    pub submitted_by: Option<UserId>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// When it was revoked or ran out.
    pub ended_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Version for `If-Match`.
    pub version: i32,
    /// When it was drafted.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: UserId,
}

/// An acceptance as a client states it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AcceptanceDraft {
    /// Why the risk is borne.
    pub justification: Prose,
    /// The last day on which it holds: after today, within 12 months.
    pub expires_on: Day,
    /// Who decides: an official of the country, or of the program's team. Any focal point of the country when not said.
    #[deserr(default)]
    pub approver: Option<UserId>,
}

/// A change of an acceptance; only while it is a draft.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AcceptancePatch {
    /// Why the risk is borne.
    #[deserr(default)]
    #[schema(value_type = Prose, required = false)]
    pub justification: Edit<Prose>,
    /// The last day on which it holds.
    #[deserr(default)]
    #[schema(value_type = Day, required = false)]
    pub expires_on: Edit<Day>,
    /// Who decides.
    #[deserr(default)]
    #[schema(value_type = Option<UserId>)]
    pub approver: Change<UserId>,
}

/// A step of an acceptance.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AcceptanceStep {
    /// Where to.
    pub to: AcceptanceStatus,
    /// Why; needed to reject and to revoke.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// An acceptance as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AcceptanceRecord {
    /// The acceptance's id.
    pub id: AcceptanceId,
    /// Of which scenario.
    pub risk_id: RiskId,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// How far it may be passed on (TLP 2.0), as the register.
    pub tlp: Tlp,
    /// Where it stands.
    pub status: AcceptanceStatus,
    /// Why the risk is borne.
    pub justification: Prose,
    /// The current level when it was drafted, as a place among the matrix's levels.
    pub level: i32,
    /// The last day on which it holds.
    pub expires_on: Day,
    /// Who decides; any focal point of the country when nobody is named.
    pub approver: Option<Somebody>,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// Who drafted it.
    pub author: Option<Somebody>,
    /// Who asked for it.
    pub submitted_by: Option<Somebody>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// Who decided; never who drafted it or asked for it.
    pub decided_by: Option<Somebody>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// When it was revoked or ran out.
    pub ended_at: Option<Timestamp>,
    /// When it was drafted.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it.
    pub allowed_transitions: Vec<AcceptanceStatus>,
}

/// Which acceptances of a scenario are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AcceptanceFilter {
    /// One or more statuses.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub status: Many<AcceptanceStatus>,
}
