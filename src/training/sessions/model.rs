//! Training sessions as they are stored and as callers see them.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::courses::Themes;
use crate::accounts::Somebody;
use crate::codes_enum;
use crate::kernel::id::{CourseId, Iso2, ProgramId, TrainingSessionId, UserId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::local::{LocalTime, TimeOfDay};
use crate::kernel::money::Percent;
use crate::kernel::text::{Label, Link, Name, Note};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::partners::countries::Languages;
use crate::platform::schema::{session_countries, session_days, session_terms, training_sessions};

codes_enum! {
    /// Where a session stands.
    pub SessionStatus {
        /// Being planned; the countries do not see it.
        Draft "draft",
        /// The countries see it.
        Published "published",
        /// People are nominated and register.
        RegistrationOpen "registration_open",
        /// Nobody new comes in.
        RegistrationClosed "registration_closed",
        /// Under way.
        Running "running",
        /// Held.
        Completed "completed",
        /// Held and written up; the end.
        Reported "reported",
        /// Waits for new days.
        Postponed "postponed",
        /// Given up; the end.
        Cancelled "cancelled",
    }
}

impl SessionStatus {
    /// Where it may go from here.
    pub fn next(self) -> &'static [SessionStatus] {
        use SessionStatus::{
            Cancelled, Completed, Postponed, Published, RegistrationClosed, RegistrationOpen, Reported,
            Running,
        };
        match self {
            SessionStatus::Draft => &[Published, Cancelled],
            Published => &[RegistrationOpen, RegistrationClosed, Postponed, Cancelled],
            RegistrationOpen => &[RegistrationClosed, Postponed, Cancelled],
            RegistrationClosed => &[RegistrationOpen, Running, Postponed, Cancelled],
            Running => &[Completed, Cancelled],
            Completed => &[Reported],
            Postponed => &[Published, Cancelled],
            Reported | Cancelled => &[],
        }
    }

    /// Written up or given up: nothing about it changes any more.
    pub fn is_over(self) -> bool {
        matches!(self, SessionStatus::Reported | SessionStatus::Cancelled)
    }
}

codes_enum! {
    /// Where people are when it is held.
    pub Mode { InPerson "in_person", Online "online", Hybrid "hybrid" }
}

/// A session's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = training_sessions)]
pub struct Session {
    /// The session's id.
    pub id: TrainingSessionId,
    /// Of which program.
    pub program_id: ProgramId,
    /// Of which course.
    pub course_id: Option<CourseId>,
    /// What it is called.
    pub title: Titles,
    /// What kind of event it is, in words: workshop, drill, training of trainers.
    pub kind: Option<Label>,
    /// What it is about.
    pub description: Option<Prose>,
    /// Where people are.
    pub mode: Option<Mode>,
    /// The house and the room.
    pub venue: Option<Name>,
    /// The city.
    pub city: Option<Name>,
    /// The country in which it is held.
    pub country: Option<Iso2>,
    /// The place, folded, under which clashes are found.
    #[serde(skip)]
    pub venue_key: Option<String>,
    /// Where to join it online.
    pub link: Option<Link>,
    /// The zone of its times.
    pub zone: Option<Zone>,
    /// GFCE themes A to E and ours.
    pub themes: Themes,
    /// Languages in which it is given.
    pub languages: Languages,
    /// Who holds it, in words.
    pub organizer: Option<Name>,
    /// Where this is known from.
    pub source: Option<Note>,
    /// Its first day.
    pub first_day: Day,
    /// Its last day.
    pub last_day: Day,
    /// Where it stands.
    pub status: SessionStatus,
    /// Why it was postponed or given up.
    pub reason: Option<Note>,
    /// How often its time, place or standing changed since it was published.
    pub sequence: i32,
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

/// How a session's seats are given, and when it counts as completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = session_terms, primary_key(session_id), treat_none_as_null = true)]
pub struct Terms {
    /// Of which session.
    pub session_id: TrainingSessionId,
    /// Seats; without bound when there is none.
    pub capacity: Option<i32>,
    /// When registration opens, by the clock of the session's zone.
    pub registration_opens: Option<LocalTime>,
    /// When it closes.
    pub registration_closes: Option<LocalTime>,
    /// The instant at which it opens.
    pub opens_at: Option<Timestamp>,
    /// The instant at which it closes.
    pub closes_at: Option<Timestamp>,
    /// Hours for which a seat from the waiting list is offered.
    pub offer_hours: i32,
    /// The part of the minutes that must be attended.
    pub least_share: Percent,
    /// The part of the points that must be reached, where there is a test.
    pub pass_mark: Option<Percent>,
}

/// A day of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_days)]
pub struct SessionDay {
    /// Of which session.
    pub session_id: TrainingSessionId,
    /// The date.
    pub day: Day,
    /// When it starts; the whole day when there is none.
    pub starts: Option<TimeOfDay>,
    /// When it ends.
    pub ends: Option<TimeOfDay>,
    /// The instant of its start.
    pub starts_at: Timestamp,
    /// The instant of its end.
    pub ends_at: Timestamp,
}

/// A country that is invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_countries)]
pub struct Invited {
    /// To which session.
    pub session_id: TrainingSessionId,
    /// ISO 3166-1 alpha-2.
    pub country: Iso2,
    /// Most seats for its people.
    pub quota: Option<i32>,
    /// Most reserves that it may name.
    pub reserves: Option<i32>,
}

/// A session with all its parts.
#[derive(Clone, Debug, Serialize)]
pub struct Whole {
    /// The session.
    #[serde(flatten)]
    pub session: Session,
    /// How its seats are given.
    pub terms: Terms,
    /// Its days, first to last.
    pub days: Vec<SessionDay>,
    /// Who is invited.
    pub countries: Vec<Invited>,
    /// Who trains.
    pub trainers: Vec<UserId>,
}

impl Whole {
    /// The countries that are invited.
    pub fn invited(&self) -> Vec<Iso2> {
        self.countries.iter().map(|invited| invited.country).collect()
    }
}

/// A day of a session as shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayRecord {
    /// The date.
    pub day: Day,
    /// When it starts, by the clock of the session's zone; the whole day when null.
    pub starts: Option<TimeOfDay>,
    /// When it ends.
    pub ends: Option<TimeOfDay>,
    /// The instant of its start.
    pub starts_at: Timestamp,
    /// The instant of its end.
    pub ends_at: Timestamp,
}

/// A country that is invited, as shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitedRecord {
    /// ISO 3166-1 alpha-2.
    pub country: Iso2,
    /// Most seats for its people; shown to those who run the program and to the country itself.
    pub quota: Option<i32>,
    /// Most reserves that it may name; shown likewise.
    pub reserves: Option<i32>,
}

/// What a planner should look at; nothing was refused for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// Stable code: `venue_taken`, `trainer_taken`, `day_of_rest`, `country_busy`.
    pub code: &'static str,
    /// What it is about.
    pub detail: String,
    /// The other session, where it is one of the same program.
    pub session_id: Option<TrainingSessionId>,
}

/// A session as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionRecord {
    /// The session's id.
    pub id: TrainingSessionId,
    /// Of which program.
    pub program_id: ProgramId,
    /// What the program is called.
    pub program_title: Titles,
    /// Of which course.
    pub course_id: Option<CourseId>,
    /// What the course is called.
    pub course_title: Option<Titles>,
    /// What it is called.
    pub title: Titles,
    /// What kind of event it is.
    pub kind: Option<Label>,
    /// What it is about.
    pub description: Option<Prose>,
    /// Where people are.
    pub mode: Option<Mode>,
    /// The house and the room.
    pub venue: Option<Name>,
    /// The city.
    pub city: Option<Name>,
    /// The country in which it is held.
    pub country: Option<Iso2>,
    /// Where to join it online; not shown to observers.
    pub link: Option<Link>,
    /// The zone of its times.
    pub zone: Option<Zone>,
    /// Its first day.
    pub first_day: Day,
    /// Its last day.
    pub last_day: Day,
    /// Its days, first to last.
    pub days: Vec<DayRecord>,
    /// GFCE themes A to E and ours.
    pub themes: Themes,
    /// Languages in which it is given.
    pub languages: Languages,
    /// Who holds it.
    pub organizer: Option<Name>,
    /// Where this is known from.
    pub source: Option<Note>,
    /// Who is invited.
    pub countries: Vec<InvitedRecord>,
    /// Who trains.
    pub trainers: Vec<Somebody>,
    /// Seats; without bound when null.
    pub capacity: Option<i32>,
    /// When registration opens, by the clock of the session's zone.
    pub registration_opens: Option<LocalTime>,
    /// When it closes.
    pub registration_closes: Option<LocalTime>,
    /// Hours for which a seat from the waiting list is offered.
    pub offer_hours: i32,
    /// The part of the minutes that must be attended, in percent.
    pub least_share: Percent,
    /// The part of the points that must be reached, in percent, where there is a test.
    pub pass_mark: Option<Percent>,
    /// Where it stands.
    pub status: SessionStatus,
    /// Why it was postponed or given up.
    pub reason: Option<Note>,
    /// How often its time, place or standing changed since it was published: SEQUENCE of its calendar entry.
    pub sequence: i32,
    /// What to look at before it is held; only for those who plan it, and only where one session is shown.
    pub warnings: Vec<Warning>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it; guards may still refuse, with words.
    pub allowed_transitions: Vec<SessionStatus>,
}

/// A session that was deleted; only in lists with `updated_since`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GoneSession {
    /// The session's id.
    pub id: TrainingSessionId,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}

/// A row of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ListedSession {
    /// One that is there.
    There(Box<SessionRecord>),
    /// One that was deleted.
    Gone(GoneSession),
}
