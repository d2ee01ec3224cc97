//! What letters tell of scenarios, actions and acceptances: where they stand and when they are due, no content.

use diesel::prelude::*;

use super::codes::{AcceptanceStatus, ActionStatus, RegisterStatus, RiskStatus};
use crate::kernel::Result;
use crate::kernel::id::{AcceptanceId, RiskId, RiskRegisterId, TreatmentActionId, UserId};
use crate::kernel::time::{Day, Timestamp};
use crate::platform::db::Tx;
use crate::platform::schema::{risk_acceptances, risk_registers, risks, treatment_actions};

/// A scenario as letters know it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = risks)]
pub struct ToldRisk {
    /// Which.
    pub id: RiskId,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// Where it stands.
    pub status: RiskStatus,
    /// Who answers for it.
    pub owner: Option<UserId>,
    /// Its current level, -1 while it is not rated.
    pub level: i32,
    /// Whether that is tolerated; null while it is not rated.
    pub within_tolerance: Option<bool>,
    /// When it is looked at again.
    pub next_review_on: Option<Day>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// An action as letters know it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = treatment_actions)]
pub struct ToldAction {
    /// Which.
    pub id: TreatmentActionId,
    /// Of which scenario.
    pub risk_id: RiskId,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// Where it stands.
    pub status: ActionStatus,
    /// Who answers for it.
    pub owner: Option<UserId>,
    /// By when.
    pub due: Option<Day>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// An acceptance as letters know it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = risk_acceptances)]
pub struct ToldAcceptance {
    /// Which.
    pub id: AcceptanceId,
    /// Of which scenario.
    pub risk_id: RiskId,
    /// Of which register.
    pub register_id: RiskRegisterId,
    /// Where it stands.
    pub status: AcceptanceStatus,
    /// The last day on which it holds.
    pub expires_on: Day,
    /// Who decides; any focal point of the country when nobody is named.
    pub approver: Option<UserId>,
    /// Who asked for it.
    pub submitted_by: Option<UserId>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// Who drafted it.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A scenario that is not deleted.
///
/// # Errors
/// When the database refuses.
pub fn risk(tx: &mut Tx, id: RiskId) -> Result<Option<ToldRisk>> {
    let found = risks::table
        .select(ToldRisk::as_select())
        .filter(risks::id.eq(id))
        .filter(risks::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// An action that is not deleted, nor its scenario.
///
/// # Errors
/// When the database refuses.
pub fn action(tx: &mut Tx, id: TreatmentActionId) -> Result<Option<(ToldAction, ToldRisk)>> {
    let found = treatment_actions::table
        .inner_join(risks::table.on(risks::id.eq(treatment_actions::risk_id)))
        .select((ToldAction::as_select(), ToldRisk::as_select()))
        .filter(treatment_actions::id.eq(id))
        .filter(treatment_actions::deleted_at.is_null())
        .filter(risks::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// An acceptance that is not deleted, nor its scenario.
///
/// # Errors
/// When the database refuses.
pub fn acceptance(tx: &mut Tx, id: AcceptanceId) -> Result<Option<(ToldAcceptance, ToldRisk)>> {
    let found = risk_acceptances::table
        .inner_join(risks::table.on(risks::id.eq(risk_acceptances::risk_id)))
        .select((ToldAcceptance::as_select(), ToldRisk::as_select()))
        .filter(risk_acceptances::id.eq(id))
        .filter(risk_acceptances::deleted_at.is_null())
        .filter(risks::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Scenarios that are to be looked at again in a span, in order of ids, after one.
///
/// # Errors
/// When the database refuses.
pub fn reviews(tx: &mut Tx, (from, to): (Day, Day), after: RiskId, limit: i64) -> Result<Vec<ToldRisk>> {
    let rows = risks::table
        .select(ToldRisk::as_select())
        .filter(risks::deleted_at.is_null())
        .filter(risks::status.ne(RiskStatus::Closed))
        .filter(risks::next_review_on.between(from, to))
        .filter(risks::id.gt(after))
        .order(risks::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}

/// Open actions that are due in a span, in order of ids, after one.
///
/// # Errors
/// When the database refuses.
pub fn actions_due(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: TreatmentActionId,
    limit: i64,
) -> Result<Vec<ToldAction>> {
    let open = [ActionStatus::Planned, ActionStatus::InProgress];
    let rows = treatment_actions::table
        .select(ToldAction::as_select())
        .filter(treatment_actions::deleted_at.is_null())
        .filter(treatment_actions::status.eq_any(open))
        .filter(treatment_actions::due.between(from, to))
        .filter(treatment_actions::id.gt(after))
        .order(treatment_actions::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}

/// Acceptances in force whose last day lies in a span, in order of ids, after one.
///
/// # Errors
/// When the database refuses.
pub fn acceptances_ending(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: AcceptanceId,
    limit: i64,
) -> Result<Vec<ToldAcceptance>> {
    let rows = risk_acceptances::table
        .select(ToldAcceptance::as_select())
        .filter(risk_acceptances::deleted_at.is_null())
        .filter(risk_acceptances::status.eq(AcceptanceStatus::Accepted))
        .filter(risk_acceptances::expires_on.between(from, to))
        .filter(risk_acceptances::id.gt(after))
        .order(risk_acceptances::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}

/// Whether a later register took the place of this one: nothing in it is done any more.
///
/// # Errors
/// When the database refuses.
pub fn is_over(tx: &mut Tx, id: RiskRegisterId) -> Result<bool> {
    let over: i64 = risk_registers::table
        .filter(risk_registers::id.eq(id))
        .filter(risk_registers::status.eq(RegisterStatus::Superseded))
        .count()
        .get_result(tx.conn())?;
    Ok(over > 0)
}
