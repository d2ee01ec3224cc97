//! Registrations as they are stored and as callers see them.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::codes_enum;
use crate::kernel::id::{Iso2, ParticipantId, RegistrationId, TrainingSessionId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::text::{Email, Name, Note};
use crate::kernel::time::Timestamp;
use crate::platform::schema::registrations;

codes_enum! {
    /// Where a registration stands.
    pub RegistrationStatus {
        /// The coordinator asked the person to come.
        Invited "invited",
        /// Nominated by the country, or asked for; the coordinator decides.
        Pending "pending",
        /// Has a seat.
        Confirmed "confirmed",
        /// Accepted or a reserve, and waits for a seat.
        Waitlisted "waitlisted",
        /// A seat fell free and is kept until the offer runs out.
        Offered "offered",
        /// Not accepted by the coordinator, or not taken by the person.
        Declined "declined",
        /// Taken back.
        Withdrawn "withdrawn",
        /// Had a seat and did not come.
        NoShow "no_show",
        /// Came.
        Attended "attended",
    }
}

impl RegistrationStatus {
    /// Where it may go from here by hand.
    pub fn next(self) -> &'static [RegistrationStatus] {
        use RegistrationStatus::{Attended, Confirmed, Declined, NoShow, Waitlisted, Withdrawn};
        match self {
            RegistrationStatus::Invited => &[Confirmed, Declined, Withdrawn],
            RegistrationStatus::Pending => &[Confirmed, Waitlisted, Declined, Withdrawn],
            Waitlisted => &[Confirmed, Declined, Withdrawn],
            RegistrationStatus::Offered => &[Confirmed, Declined, Withdrawn],
            Confirmed => &[Withdrawn, NoShow, Attended],
            NoShow => &[Attended],
            Attended => &[NoShow],
            Declined | Withdrawn => &[],
        }
    }

    /// Whether it holds a seat.
    pub fn holds_a_seat(self) -> bool {
        use RegistrationStatus::{Attended, Confirmed, NoShow, Offered};
        matches!(self, Confirmed | Offered | NoShow | Attended)
    }

    /// Not accepted or taken back: the person may be nominated again.
    pub fn is_over(self) -> bool {
        matches!(self, RegistrationStatus::Declined | RegistrationStatus::Withdrawn)
    }
}

codes_enum! {
    /// How it came to be.
    pub Origin {
        /// The country nominated the person.
        Nominated "nominated",
        /// The coordinator entered the person.
        Entered "entered",
        /// The person came through a link for registration.
        Open "open",
    }
}

/// A registration's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = registrations)]
pub struct Registration {
    /// The registration's id.
    pub id: RegistrationId,
    /// For which session.
    pub session_id: TrainingSessionId,
    /// Of whom.
    pub participant_id: ParticipantId,
    /// For which country the person comes.
    pub country: Iso2,
    /// How it came to be.
    pub origin: Origin,
    /// The country's order of its nominees, 1 first.
    pub rank: Option<i32>,
    /// Why this person.
    pub motive: Option<Note>,
    /// Where it stands.
    pub status: RegistrationStatus,
    /// 1: waits as a reserve.
    pub reserve: i32,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// Since when it waits for a seat.
    pub queued_at: Option<Timestamp>,
    /// Until when a seat is kept.
    pub offer_expires_at: Option<Timestamp>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
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

/// A person as those who see the registration may see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonShown {
    /// The participant's id; not shown to trainers.
    pub id: Option<ParticipantId>,
    /// Name.
    pub name: Name,
    /// For whom the person works.
    pub organization: Option<Name>,
    /// What the person does there.
    pub job: Option<Name>,
    /// Language of letters.
    pub language: Option<Lang>,
    /// Where letters go; not shown to trainers.
    pub email: Option<Email>,
}

/// A registration as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegistrationRecord {
    /// The registration's id.
    pub id: RegistrationId,
    /// For which session.
    pub session_id: TrainingSessionId,
    /// Who.
    pub person: PersonShown,
    /// For which country the person comes.
    pub country: Iso2,
    /// How it came to be.
    pub origin: Origin,
    /// The country's order of its nominees, 1 first.
    pub rank: Option<i32>,
    /// Why this person; not shown to trainers.
    pub motive: Option<Note>,
    /// Where it stands.
    pub status: RegistrationStatus,
    /// Waits as a reserve.
    pub reserve: bool,
    /// The words that came with the last step; not shown to trainers.
    pub note: Option<Note>,
    /// Since when it waits for a seat.
    pub queued_at: Option<Timestamp>,
    /// Until when a seat is kept.
    pub offer_expires_at: Option<Timestamp>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it; guards may still refuse, with words.
    pub allowed_transitions: Vec<RegistrationStatus>,
}
