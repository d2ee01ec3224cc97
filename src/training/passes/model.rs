//! What a pass shows, and what its holder may say.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::attendance::AttendanceStatus;
use super::super::registrations::RegistrationStatus;
use super::super::sessions::{DayRecord, Mode, SessionStatus};
use crate::accounts::Secret;
use crate::codes_enum;
use crate::kernel::id::{Iso2, RegistrationId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::parse::Faults;
use crate::kernel::text::{Link, Name, Note};
use crate::kernel::time::{Timestamp, Zone};

/// A pass.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Pass {
    /// The part of the letter's link behind `#`.
    pub token: Secret,
}

codes_enum! {
    /// What the person may answer.
    pub Reply {
        /// Takes the seat that was offered, or accepts the invitation.
        Confirmed "confirmed",
        /// Does not take it.
        Declined "declined",
        /// Does not come after all.
        Withdrawn "withdrawn",
    }
}

impl Reply {
    /// Where the registration goes by it.
    pub(super) fn leads_to(self) -> RegistrationStatus {
        match self {
            Reply::Confirmed => RegistrationStatus::Confirmed,
            Reply::Declined => RegistrationStatus::Declined,
            Reply::Withdrawn => RegistrationStatus::Withdrawn,
        }
    }
}

/// The person's answer.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PassAnswer {
    /// The part of the letter's link behind `#`.
    pub token: Secret,
    /// What the person does.
    pub to: Reply,
    /// Why; nobody has to say.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// Somebody who is there.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CheckIn {
    /// The part of the letter's link behind `#`.
    pub token: Secret,
    /// The six digits that the trainer shows now.
    pub code: Secret,
}

/// What a pass shows: the session, the person's own name, and where their registration stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PassRecord {
    /// The registration, for talking about it.
    pub registration_id: RegistrationId,
    /// What the session is called.
    pub title: Titles,
    /// What its program is called.
    pub program_title: Titles,
    /// What it is about.
    pub description: Option<Prose>,
    /// Who holds it.
    pub organizer: Option<Name>,
    /// Where people are.
    pub mode: Option<Mode>,
    /// The house and the room.
    pub venue: Option<Name>,
    /// The city.
    pub city: Option<Name>,
    /// The country in which it is held.
    pub country: Option<Iso2>,
    /// Where to join it online; shown to who has a seat.
    pub link: Option<Link>,
    /// The zone of its times.
    pub zone: Option<Zone>,
    /// Its days, first to last.
    pub days: Vec<DayRecord>,
    /// Where the session stands.
    pub session_status: SessionStatus,
    /// Why it was postponed or cancelled.
    pub session_reason: Option<Note>,
    /// The person's name.
    pub name: Name,
    /// For which country the person comes.
    pub of_country: Iso2,
    /// Where the registration stands.
    pub status: RegistrationStatus,
    /// Until when a seat is kept.
    pub offer_expires_at: Option<Timestamp>,
    /// What the person may answer.
    pub may_answer: Vec<Reply>,
    /// The session runs today and waits for the code.
    pub may_check_in: bool,
    /// What is noted of the person today.
    pub noted_today: Option<AttendanceStatus>,
}
