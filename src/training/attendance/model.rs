//! An entry of an attendance list, as stored, stated and shown.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::kernel::id::{AttendanceId, Iso2, RegistrationId, TrainingSessionId, UserId};
use crate::kernel::list::Many;
use crate::kernel::money::Percent;
use crate::kernel::parse::Faults;
use crate::kernel::text::{Label, Name};
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::attendance;
use crate::{codes_enum, counted};

codes_enum! {
    /// Whether somebody was there.
    pub AttendanceStatus {
        /// All day.
        Present "present",
        /// For some minutes.
        Partial "partial",
        /// Not there.
        Absent "absent",
        /// Not there, and told before.
        Excused "excused",
    }
}

codes_enum! {
    /// How it was noted.
    pub Source {
        /// On the list of the trainer.
        List "list",
        /// From a file, perhaps made offline.
        Import "import",
        /// The person typed the code of the session.
        Code "code",
    }
}

counted! {
    /// Minutes of a day, 0 to 1,440.
    Minutes 0 1440;
}

/// A row of the list.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = attendance)]
pub struct Attendance {
    /// The entry's id.
    pub id: AttendanceId,
    /// Of which session.
    pub session_id: TrainingSessionId,
    /// Of whom.
    pub registration_id: RegistrationId,
    /// On which day.
    pub day: Day,
    /// Whether there.
    pub status: AttendanceStatus,
    /// For how many minutes.
    pub minutes: i32,
    /// How it was noted.
    pub source: Source,
    /// The name that an offline list gave the entry.
    pub client_id: Option<Label>,
    /// When it was noted, on the device that noted it.
    pub noted_at: Timestamp,
    /// By whom.
    pub noted_by: UserId,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// An entry as the trainer states it; a later one for the same person and day takes the place of the earlier.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AttendanceDraft {
    /// Of whom: a registration of the session that has a seat.
    pub registration_id: RegistrationId,
    /// On which of the session's days.
    pub day: Day,
    /// Whether there.
    pub status: AttendanceStatus,
    /// For how many minutes; needed with `partial`. With another status only as a list shows them: those of the whole day
    /// with `present`, else 0.
    #[deserr(default)]
    pub minutes: Option<Minutes>,
    /// A name for the entry, unique in the session: sent twice, it counts once.
    #[deserr(default)]
    pub client_id: Option<Label>,
    /// When it was noted; now when not said. Of two for one day the later counts, whichever comes in first.
    #[deserr(default)]
    pub noted_at: Option<Timestamp>,
}

/// Somebody on the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonNoted {
    /// Name.
    pub name: Name,
    /// Country.
    pub country: Iso2,
}

/// An entry as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttendanceRecord {
    /// The entry's id.
    pub id: AttendanceId,
    /// Of which session.
    pub session_id: TrainingSessionId,
    /// Of which registration.
    pub registration_id: RegistrationId,
    /// Of whom.
    pub person: PersonNoted,
    /// On which day.
    pub day: Day,
    /// Whether there.
    pub status: AttendanceStatus,
    /// For how many minutes.
    pub minutes: i32,
    /// How it was noted.
    pub source: Source,
    /// The name that an offline list gave the entry.
    pub client_id: Option<Label>,
    /// When it was noted.
    pub noted_at: Timestamp,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
}

/// Which entries.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttendanceFilter {
    /// Of this day.
    #[deserr(default)]
    pub day: Option<Day>,
    /// One or more statuses.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub status: Many<AttendanceStatus>,
    /// Of this registration.
    #[deserr(default)]
    pub registration: Option<RegistrationId>,
}

codes_enum! {
    /// What somebody still lacks to have completed a session.
    pub Lack {
        /// No seat: not confirmed, declined or withdrawn.
        Seat "seat",
        /// Less of the minutes than the session asks for.
        Attendance "attendance",
        /// The session has a pass mark, and there is no score after it.
        PostTest "post_test",
        /// Fewer points after the session than it asks for.
        PassMark "pass_mark",
    }
}

/// What somebody did in a session, and whether that completes it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResultRecord {
    /// Of which registration.
    pub registration_id: RegistrationId,
    /// Of whom.
    pub person: PersonNoted,
    /// Minutes attended.
    pub minutes: i64,
    /// Minutes of all days of the session.
    pub of_minutes: i64,
    /// The part attended, in percent, rounded down to two decimals.
    pub share: Percent,
    /// The part of the points reached before, in percent, rounded down; null without a score.
    pub pre: Option<Percent>,
    /// The part of the points reached after, in percent, rounded down; null without a score.
    pub post: Option<Percent>,
    /// (post - pre) / (max - pre): what was learned of what could be. Below zero where less was reached than before; null
    /// without both scores, and where everything was reached before.
    pub gain: Option<f64>,
    /// The part of the points that the session asks for, where it does.
    pub pass_mark: Option<Percent>,
    /// Whether the session is completed by its rule.
    pub completed: bool,
    /// What is missing; empty for who has completed it.
    pub lacking: Vec<Lack>,
}
