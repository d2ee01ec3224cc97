//! Holdings: what a country owns and may disclose, and who is named on it.

use diesel::prelude::*;
use serde::Serialize;

use super::label::Tlp;
use crate::codes_enum;
use crate::kernel::id::{HoldingId, Iso2, ProgramId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::time::Timestamp;
use crate::platform::schema::{holding_people, holdings};

codes_enum! {
    /// What a holding is.
    pub HoldingKind {
        /// An assessment.
        Assessment "assessment",
        /// A risk register.
        RiskRegister "risk_register",
        /// An AI system.
        AiSystem "ai_system",
    }
}

codes_enum! {
    /// For what a person is named on a holding. It is no role: it holds for this one record.
    pub Part {
        /// Opened it or keeps it.
        Author "author",
        /// Helps the country, from the program's team.
        Facilitator "facilitator",
        /// Validates it; wrote nothing of it.
        Reviewer "reviewer",
        /// Fills in what is assigned.
        Contributor "contributor",
        /// Answers for something in it.
        Owner "owner",
        /// Reads it.
        Reader "reader",
    }
}

codes_enum! {
    /// How much of a holding is disclosed.
    pub Depth {
        /// What it is, where it stands, and its topmost scores.
        Summary "summary",
        /// All of it.
        Detail "detail",
    }
}

/// A row: what a country owns. It has the id of the assessment, the risk register or the AI system itself.
#[derive(Clone, Debug, PartialEq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = holdings)]
pub struct Holding {
    /// The id of the record itself.
    pub id: HoldingId,
    /// What it is.
    pub kind: HoldingKind,
    /// Whose it is.
    pub country: Iso2,
    /// The program in which it is worked on.
    pub program_id: Option<ProgramId>,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// What it is called.
    pub title: Titles,
    /// Whether the country published it: GREEN and CLEAR count only then.
    pub published: bool,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// A row: a person named on a holding.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = holding_people)]
pub(super) struct Named {
    pub holding_id: HoldingId,
    pub user_id: UserId,
    pub part: Part,
    pub named_by: UserId,
    pub named_at: Timestamp,
}
