//! A disclosure as it is asked for, stored and shown.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::label::Tlp;
use super::super::model::{Depth, HoldingKind};
use crate::accounts::Somebody;
use crate::codes_enum;
use crate::kernel::flag::Flag;
use crate::kernel::id::{HoldingId, Iso2, ProgramId, ShareGrantId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::parse::Faults;
use crate::kernel::text::Note;
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::share_grants;

codes_enum! {
    /// Where a disclosure stands.
    pub ShareStatus {
        /// Asked for; a focal point of the country decides.
        Proposed "proposed",
        /// In force until its last day.
        Granted "granted",
        /// The country said no; the end.
        Declined "declined",
        /// Taken back, or the question was; the end.
        Revoked "revoked",
        /// Its last day has passed; the end.
        Expired "expired",
    }
}

impl ShareStatus {
    /// Where it may go from here.
    pub fn next(self) -> &'static [ShareStatus] {
        use ShareStatus::{Declined, Granted, Proposed, Revoked};
        match self {
            Proposed => &[Granted, Declined, Revoked],
            Granted => &[Revoked],
            _ => &[],
        }
    }
}

/// A row.
#[derive(Clone, Debug, PartialEq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = share_grants)]
pub struct ShareGrant {
    /// The grant's id.
    pub id: ShareGrantId,
    /// What is disclosed.
    pub holding_id: HoldingId,
    /// To this person; or to a team.
    pub user_id: Option<UserId>,
    /// To the coordinators and trainers of this program; or to a person.
    pub program_id: Option<ProgramId>,
    /// How much of it.
    pub level: Depth,
    /// For what it is needed; the country reads it before it decides.
    pub purpose: Note,
    /// The last day on which it holds, UTC.
    pub expires_on: Day,
    /// Where it stands, as written; `granted` past its last day is over.
    pub status: ShareStatus,
    /// Words that came with the last step.
    pub reason: Option<Note>,
    /// Who asked.
    pub proposed_by: UserId,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Version for `If-Match`.
    pub version: i32,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: UserId,
}

impl ShareGrant {
    /// Where it stands on a day.
    pub fn status_on(&self, today: Day) -> ShareStatus {
        match self.status {
            ShareStatus::Granted if self.expires_on < today => ShareStatus::Expired,
            other => other,
        }
    }
}

/// A disclosure as it is asked for; asked by a focal point of the country, it is granted at once.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ShareDraft {
    /// What is to be disclosed: the id of an assessment, a risk register or an AI system.
    pub holding_id: HoldingId,
    /// To this person; or `program_id`.
    #[deserr(default)]
    pub user_id: Option<UserId>,
    /// To the coordinators and trainers of this program; or `user_id`.
    #[deserr(default)]
    pub program_id: Option<ProgramId>,
    /// How much of it.
    pub level: Depth,
    /// For what it is needed: the country's reason is kept (need to know).
    pub purpose: Note,
    /// The last day on which it holds, at most two years from today.
    pub expires_on: Day,
}

/// A step of a disclosure.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ShareStep {
    /// Where to.
    pub to: ShareStatus,
    /// Why; needed to decline and to revoke.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// A disclosure as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShareRecord {
    /// The grant's id.
    pub id: ShareGrantId,
    /// What is disclosed.
    pub holding_id: HoldingId,
    /// What kind of record that is.
    pub kind: HoldingKind,
    /// What it is called; null for who is told nothing of it today: the grant is not in force, or the label rose above AMBER.
    pub title: Option<Titles>,
    /// Whose it is.
    pub country: Iso2,
    /// Its label now, where its title is shown.
    pub tlp: Option<Tlp>,
    /// To this person.
    pub user: Option<Somebody>,
    /// To the coordinators and trainers of this program.
    pub program_id: Option<ProgramId>,
    /// How much of it.
    pub level: Depth,
    /// For what it is needed.
    pub purpose: Note,
    /// The last day on which it holds, UTC.
    pub expires_on: Day,
    /// Where it stands today.
    pub status: ShareStatus,
    /// Words that came with the last step.
    pub reason: Option<Note>,
    /// Who asked.
    pub proposed_by: Option<Somebody>,
    /// Who decided.
    pub decided_by: Option<Somebody>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// Where the caller may move it.
    pub allowed_transitions: Vec<ShareStatus>,
}

/// Which disclosures are wanted: of one's own country, to oneself or one's teams, and those that one asked for.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ShareFilter {
    /// Of this record.
    #[deserr(default)]
    #[param(inline)]
    pub holding: Option<HoldingId>,
    /// Of this country.
    #[deserr(default)]
    #[param(inline)]
    pub country: Option<Iso2>,
    /// With this status, as written.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<ShareStatus>,
    /// Those to the caller, or the others.
    #[deserr(default)]
    #[param(inline)]
    pub mine: Option<Flag>,
}
