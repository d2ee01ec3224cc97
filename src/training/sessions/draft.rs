//! Training sessions as clients state and change them, and how they ask for lists.

use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use super::super::courses::Themes;
use super::model::{Mode, SessionStatus};
use crate::kernel::flag::Flag;
use crate::kernel::id::{CourseId, Iso2, ProgramId, UserId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::list::Many;
use crate::kernel::local::{LocalTime, TimeOfDay};
use crate::kernel::money::Percent;
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Label, Link, Name, Note};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::partners::countries::Languages;
use crate::{codes_enum, counted};

counted! {
    /// Seats, 1 to 100,000.
    Seats 1 100000;
    /// Seats or reserves of one country, 0 to 100,000.
    Quota 0 100000;
    /// Hours for which a seat is offered, 1 to 720.
    OfferHours 1 720;
}

/// A day of a session, as stated.
#[derive(Clone, Debug, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct DayDraft {
    /// The date.
    pub day: Day,
    /// When it starts, by the clock of the session's zone; the whole day when not said.
    #[deserr(default)]
    pub starts: Option<TimeOfDay>,
    /// When it ends, on the same day.
    #[deserr(default)]
    pub ends: Option<TimeOfDay>,
}

/// A country to invite, as stated.
#[derive(Clone, Debug, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct InvitedDraft {
    /// One of the program's countries.
    pub country: Iso2,
    /// Most seats for its people; as many as there are when not said.
    #[deserr(default)]
    pub quota: Option<Quota>,
    /// Most reserves that it may name.
    #[deserr(default)]
    pub reserves: Option<Quota>,
}

/// A session as a client states it: its title and its days are needed, all else may come later.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct SessionDraft {
    /// What it is called, in one or more languages.
    pub title: Titles,
    /// Its days, at most 60; or `first_day` and `last_day`.
    #[deserr(default)]
    #[schema(max_items = 60)]
    pub days: Option<Vec<DayDraft>>,
    /// Its first day, when it is held on every day from it to `last_day`.
    #[deserr(default)]
    pub first_day: Option<Day>,
    /// Its last day; the first when not said.
    #[deserr(default)]
    pub last_day: Option<Day>,
    /// When each of these days starts.
    #[deserr(default)]
    pub starts: Option<TimeOfDay>,
    /// When each ends.
    #[deserr(default)]
    pub ends: Option<TimeOfDay>,
    /// The zone of its times.
    #[deserr(default)]
    pub zone: Option<Zone>,
    /// The course that is given.
    #[deserr(default)]
    pub course_id: Option<CourseId>,
    /// What kind of event it is, in words: workshop, drill, training of trainers.
    #[deserr(default)]
    pub kind: Option<Label>,
    /// What it is about.
    #[deserr(default)]
    pub description: Option<Prose>,
    /// Where people are; needed to publish it.
    #[deserr(default)]
    pub mode: Option<Mode>,
    /// The house and the room.
    #[deserr(default)]
    pub venue: Option<Name>,
    /// The city.
    #[deserr(default)]
    pub city: Option<Name>,
    /// The country in which it is held; any of the 249.
    #[deserr(default)]
    pub country: Option<Iso2>,
    /// Where to join it online.
    #[deserr(default)]
    pub link: Option<Link>,
    /// GFCE themes A to E and ours.
    #[deserr(default)]
    #[schema(required = false)]
    pub themes: Themes,
    /// Languages in which it is given.
    #[deserr(default)]
    #[schema(required = false)]
    pub languages: Languages,
    /// Who holds it, in words.
    #[deserr(default)]
    pub organizer: Option<Name>,
    /// Where this is known from.
    #[deserr(default)]
    pub source: Option<Note>,
    /// Who is invited; all countries of the program when not said.
    #[deserr(default)]
    #[schema(max_items = 249)]
    pub countries: Option<Vec<InvitedDraft>>,
    /// Who trains: members of the program.
    #[deserr(default)]
    #[schema(required = false, max_items = 50)]
    pub trainers: Vec<UserId>,
    /// Seats; without bound when not said.
    #[deserr(default)]
    pub capacity: Option<Seats>,
    /// When registration opens by itself, by the clock of the session's zone.
    #[deserr(default)]
    pub registration_opens: Option<LocalTime>,
    /// When it closes by itself.
    #[deserr(default)]
    pub registration_closes: Option<LocalTime>,
    /// Hours for which a seat from the waiting list is offered; 72 when not said.
    #[deserr(default)]
    pub offer_hours: Option<OfferHours>,
    /// The part of the minutes that must be attended, in percent; 80 when not said.
    #[deserr(default)]
    pub least_share: Option<Percent>,
    /// The part of the points that must be reached, in percent, where there is a test.
    #[deserr(default)]
    pub pass_mark: Option<Percent>,
}

/// A change of a session. Lists are replaced as a whole; the status moves by `/transitions` only.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct SessionPatch {
    /// What it is called.
    #[deserr(default)]
    #[schema(value_type = Titles, required = false)]
    pub title: Edit<Titles>,
    /// Its days.
    #[deserr(default)]
    #[schema(value_type = Vec<DayDraft>, required = false, max_items = 60)]
    pub days: Edit<Vec<DayDraft>>,
    /// The zone of its times; its days keep what clocks show.
    #[deserr(default)]
    #[schema(value_type = Option<Zone>)]
    pub zone: Change<Zone>,
    /// The course that is given.
    #[deserr(default)]
    #[schema(value_type = Option<CourseId>)]
    pub course_id: Change<CourseId>,
    /// What kind of event it is.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub kind: Change<Label>,
    /// What it is about.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub description: Change<Prose>,
    /// Where people are.
    #[deserr(default)]
    #[schema(value_type = Option<Mode>)]
    pub mode: Change<Mode>,
    /// The house and the room.
    #[deserr(default)]
    #[schema(value_type = Option<Name>)]
    pub venue: Change<Name>,
    /// The city.
    #[deserr(default)]
    #[schema(value_type = Option<Name>)]
    pub city: Change<Name>,
    /// The country in which it is held.
    #[deserr(default)]
    #[schema(value_type = Option<Iso2>)]
    pub country: Change<Iso2>,
    /// Where to join it online.
    #[deserr(default)]
    #[schema(value_type = Option<Link>)]
    pub link: Change<Link>,
    /// GFCE themes A to E and ours.
    #[deserr(default)]
    #[schema(value_type = Themes, required = false)]
    pub themes: Edit<Themes>,
    /// Languages in which it is given.
    #[deserr(default)]
    #[schema(value_type = Languages, required = false)]
    pub languages: Edit<Languages>,
    /// Who holds it.
    #[deserr(default)]
    #[schema(value_type = Option<Name>)]
    pub organizer: Change<Name>,
    /// Where this is known from.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub source: Change<Note>,
    /// Who is invited.
    #[deserr(default)]
    #[schema(value_type = Vec<InvitedDraft>, required = false, max_items = 249)]
    pub countries: Edit<Vec<InvitedDraft>>,
    /// Who trains.
    #[deserr(default)]
    #[schema(value_type = Vec<UserId>, required = false, max_items = 50)]
    pub trainers: Edit<Vec<UserId>>,
    /// Seats.
    #[deserr(default)]
    #[schema(value_type = Option<Seats>)]
    pub capacity: Change<Seats>,
    /// When registration opens by itself.
    #[deserr(default)]
    #[schema(value_type = Option<LocalTime>)]
    pub registration_opens: Change<LocalTime>,
    /// When it closes by itself.
    #[deserr(default)]
    #[schema(value_type = Option<LocalTime>)]
    pub registration_closes: Change<LocalTime>,
    /// Hours for which a seat from the waiting list is offered.
    #[deserr(default)]
    #[schema(value_type = OfferHours, required = false)]
    pub offer_hours: Edit<OfferHours>,
    /// The part of the minutes that must be attended, in percent.
    #[deserr(default)]
    #[schema(value_type = Percent, required = false)]
    pub least_share: Edit<Percent>,
    /// The part of the points that must be reached, in percent.
    #[deserr(default)]
    #[schema(value_type = Option<Percent>)]
    pub pass_mark: Change<Percent>,
}

/// A step of a session.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct SessionStep {
    /// Where to.
    pub to: SessionStatus,
    /// Why; needed to postpone and to cancel, and told to those who come.
    #[deserr(default)]
    pub reason: Option<Note>,
}

codes_enum! {
    /// Order of a list of sessions; a minus turns it round.
    pub SessionSort { First "first_day", FirstDown "-first_day", Updated "updated_at", UpdatedDown "-updated_at" }
}

/// Which sessions, in which order.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SessionFilter {
    /// Those that the caller trains.
    #[deserr(default)]
    #[param(inline)]
    pub mine: Option<Flag>,
    /// One or more statuses.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub status: Many<SessionStatus>,
    /// To which one of these countries is invited.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub country: Many<Iso2>,
    /// Held in this country.
    #[deserr(default)]
    pub held_in: Option<Iso2>,
    /// Of these programs.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub program: Many<ProgramId>,
    /// Of this course.
    #[deserr(default)]
    pub course: Option<CourseId>,
    /// Where people are.
    #[deserr(default)]
    #[param(inline)]
    pub mode: Option<Mode>,
    /// Whose last day is this day or later.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Whose first day is this day or earlier.
    #[deserr(default)]
    pub to: Option<Day>,
    /// Changed or deleted at or after this instant; deleted ones are shown as `{id, deleted_at}`.
    #[deserr(default)]
    pub updated_since: Option<Timestamp>,
    /// Order; `first_day` when not said, `updated_at` with `updated_since`.
    #[deserr(default)]
    #[param(inline)]
    pub sort: Option<SessionSort>,
}
