//! What happened to risks, for those who write letters about it. Ids and dates only: letters carry no content of a country.

use serde::Serialize;

use super::codes::{AcceptanceStatus, RegisterStatus, Trigger};
use crate::kernel::id::{AcceptanceId, Iso2, ProgramId, RiskId, RiskRegisterId, TreatmentActionId, UserId};
use crate::kernel::time::Day;
use crate::platform::outbox::Event;

/// Declares events: their name, their kind and what they say.
macro_rules! events {
    ($($(#[$meta:meta])* $name:ident $kind:literal { $($field:ident: $type:ty),* $(,)? })*) => { $(
        $(#[$meta])*
        #[derive(Debug, Serialize)]
        pub(super) struct $name { $(pub $field: $type),* }

        impl Event for $name {
            const KIND: &'static str = $kind;
        }
    )* };
}

events! {
    /// A register went a step.
    RegisterMoved "risk_register.status_changed" {
        register_id: RiskRegisterId, country: Iso2, program_id: Option<ProgramId>, from: RegisterStatus, to: RegisterStatus, by: UserId,
    }
    /// Somebody answers for a scenario from now on.
    RiskAssigned "risk.assigned" {
        risk_id: RiskId, register_id: RiskRegisterId, country: Iso2, owner_id: UserId, next_review_on: Option<Day>, by: UserId,
    }
    /// The current level of a scenario changed; -1 is not rated.
    RiskLevelChanged "risk.level_changed" {
        risk_id: RiskId, register_id: RiskRegisterId, country: Iso2, owner_id: Option<UserId>, from: i32, to: i32,
        above_tolerance: bool, by: UserId,
    }
    /// Something made a scenario be looked at again.
    RiskTriggered "risk.triggered" {
        risk_id: RiskId, register_id: RiskRegisterId, country: Iso2, owner_id: Option<UserId>, trigger: Trigger, by: UserId,
    }
    /// Somebody answers for an action from now on.
    ActionAssigned "treatment_action.assigned" {
        action_id: TreatmentActionId, risk_id: RiskId, register_id: RiskRegisterId, country: Iso2, owner_id: UserId,
        due: Option<Day>, by: UserId,
    }
    /// An acceptance waits for its approver: for this person, or any focal point of the country.
    AcceptanceSubmitted "acceptance.submitted" {
        acceptance_id: AcceptanceId, risk_id: RiskId, register_id: RiskRegisterId, country: Iso2,
        approver_id: Option<UserId>, expires_on: Day, by: UserId,
    }
    /// An acceptance was accepted or rejected.
    AcceptanceDecided "acceptance.decided" {
        acceptance_id: AcceptanceId, risk_id: RiskId, register_id: RiskRegisterId, country: Iso2, owner_id: Option<UserId>,
        author_id: UserId, outcome: AcceptanceStatus, expires_on: Day, by: UserId,
    }
    /// An acceptance was revoked or ran out.
    AcceptanceEnded "acceptance.ended" {
        acceptance_id: AcceptanceId, risk_id: RiskId, register_id: RiskRegisterId, country: Iso2, owner_id: Option<UserId>,
        approver_id: Option<UserId>, outcome: AcceptanceStatus, by: UserId,
    }
}
