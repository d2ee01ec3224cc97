//! A change of a label as it is asked for, stored and shown.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::label::Tlp;
use super::super::model::HoldingKind;
use crate::accounts::Somebody;
use crate::codes_enum;
use crate::kernel::id::{HoldingId, Iso2, LabelChangeId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::parse::Faults;
use crate::kernel::text::Note;
use crate::kernel::time::Timestamp;
use crate::platform::schema::label_changes;

codes_enum! {
    /// Where a change of a label stands.
    pub LabelStatus {
        /// The label was made narrower; it held at once.
        Done "done",
        /// A wider label was asked for; a second person decides.
        Asked "asked",
        /// A second person agreed; the wider label holds.
        Confirmed "confirmed",
        /// A second person said no; the end.
        Refused "refused",
        /// Who asked took it back; the end.
        Withdrawn "withdrawn",
    }
}

/// Hours between the question and the answer, unless both waive them.
pub(super) const DELAY: i64 = 24;

/// A row.
#[derive(Clone, Debug, PartialEq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = label_changes)]
pub(super) struct LabelChange {
    pub id: LabelChangeId,
    pub holding_id: HoldingId,
    pub from_label: Tlp,
    pub to_label: Tlp,
    pub reason: Note,
    pub waive_delay: bool,
    pub status: LabelStatus,
    pub asked_by: UserId,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Another label for a record.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct LabelDraft {
    /// The id of an assessment, a risk register or an AI system.
    pub holding_id: HoldingId,
    /// The label that it is to have.
    pub to: Tlp,
    /// Why; the second person reads it.
    pub reason: Note,
    /// For a wider label: no day of delay is needed, if the second person agrees to that too.
    #[deserr(default)]
    #[schema(required = false)]
    pub waive_delay: bool,
}

/// A step of a change.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct LabelStep {
    /// `confirmed` or `refused` by a second person, `withdrawn` by who asked.
    pub to: LabelStatus,
    /// Together with the first person's: no day of delay is needed.
    #[deserr(default)]
    #[schema(required = false)]
    pub waive_delay: bool,
}

/// A change of a label as shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelChangeRecord {
    /// The change's id.
    pub id: LabelChangeId,
    /// Whose label.
    pub holding_id: HoldingId,
    /// What kind of record that is.
    pub kind: HoldingKind,
    /// What it is called.
    pub title: Titles,
    /// Whose it is.
    pub country: Iso2,
    /// The label before.
    pub from: Tlp,
    /// The label asked for.
    pub to: Tlp,
    /// Why.
    pub reason: Note,
    /// Whether who asked waived the day of delay.
    pub waive_delay: bool,
    /// Where it stands.
    pub status: LabelStatus,
    /// Who asked.
    pub asked_by: Option<Somebody>,
    /// From when on it can be confirmed without both waiving the delay.
    pub confirmable_from: Timestamp,
    /// The second person.
    pub decided_by: Option<Somebody>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// Where the caller may move it; the delay may still refuse, with words.
    pub allowed_transitions: Vec<LabelStatus>,
}

/// Which changes are wanted.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LabelFilter {
    /// Of this record.
    #[deserr(default)]
    #[param(inline)]
    pub holding: Option<HoldingId>,
    /// With this status.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<LabelStatus>,
}
