//! Milestones as they are stored, as callers state and change them, and as they see them.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::Somebody;
use crate::kernel::id::{DateMoveId, Iso2, MilestoneId, ProgramId, SeriesId, UserId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Link, Note};
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::{milestone_moves, milestones};
use crate::{codes_enum, counted};

codes_enum! {
    /// Where a milestone stands. `missed` is no state: it is computed from the date.
    pub MilestoneStatus {
        /// Agreed, not begun.
        Planned "planned",
        /// Being worked on.
        InProgress "in_progress",
        /// Handed in, waiting for acceptance.
        Submitted "submitted",
        /// Accepted; the end.
        Accepted "accepted",
        /// Handed back with a note.
        Returned "returned",
        /// Given up; the end.
        Cancelled "cancelled",
    }
}

impl MilestoneStatus {
    /// Where it may go from here.
    pub fn next(self) -> &'static [MilestoneStatus] {
        use MilestoneStatus::{Accepted, Cancelled, InProgress, Planned, Returned, Submitted};
        match self {
            Planned => &[InProgress, Cancelled],
            InProgress => &[Submitted, Cancelled],
            Submitted => &[Accepted, Returned, Cancelled],
            Returned => &[InProgress, Submitted, Cancelled],
            Accepted | Cancelled => &[],
        }
    }

    /// Accepted or given up: nothing about it changes any more.
    pub fn is_over(self) -> bool {
        matches!(self, MilestoneStatus::Accepted | MilestoneStatus::Cancelled)
    }
}

codes_enum! {
    /// Who accepts what was handed in; never the person who handed it in.
    pub Acceptance {
        /// A focal point of its country; of any of the program's countries when it has none.
        Country "country",
        /// A coordinator of the program.
        Coordinator "coordinator",
    }
}

codes_enum! {
    /// How often an obligation comes back.
    pub Every { Month "month", Quarter "quarter", HalfYear "half_year", Year "year" }
}

impl Every {
    /// Months from one to the next.
    pub fn months(self) -> u32 {
        match self {
            Every::Month => 1,
            Every::Quarter => 3,
            Every::HalfYear => 6,
            Every::Year => 12,
        }
    }
}

counted! {
    /// Its part in the program's progress, 1 to 1,000.
    Weight 1 1000;
    /// How many there are in a series, 2 to 60.
    Times 2 60;
}

/// A milestone's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = milestones)]
pub struct Milestone {
    /// The milestone's id.
    pub id: MilestoneId,
    /// Of which program.
    pub program_id: ProgramId,
    /// Of which series of obligations.
    pub series_id: Option<SeriesId>,
    /// For which country; for all of the program's when there is none.
    pub country: Option<Iso2>,
    /// What is to be reached.
    pub title: Titles,
    /// More about it.
    pub description: Option<Prose>,
    /// What is to be handed in.
    pub deliverable: Option<Prose>,
    /// Where it is, once handed in.
    pub deliverable_url: Option<Link>,
    /// Who answers for it.
    pub owner: Option<UserId>,
    /// Who accepts it.
    pub acceptance: Acceptance,
    /// By when.
    pub due: Day,
    /// By when, as first agreed.
    pub baseline_due: Day,
    /// Its part in the program's progress.
    pub weight: i32,
    /// What must come before it.
    pub predecessor: Option<MilestoneId>,
    /// Where it stands.
    pub status: MilestoneStatus,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// Who handed it in.
    pub submitted_by: Option<UserId>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// Who accepted it.
    pub accepted_by: Option<UserId>,
    /// When.
    pub accepted_at: Option<Timestamp>,
    /// How often its date moved.
    pub moves: i32,
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

/// An obligation that comes back: written out as milestones of their own, at most 60.
#[derive(Clone, Debug, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Repeat {
    /// How often.
    pub every: Every,
    /// How many in all; or `until`.
    #[deserr(default)]
    pub count: Option<Times>,
    /// The last day on which one may be due; or `count`.
    #[deserr(default)]
    pub until: Option<Day>,
}

/// A milestone as a client states it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct MilestoneDraft {
    /// What is to be reached, in one or more languages.
    pub title: Titles,
    /// By when.
    pub due: Day,
    /// More about it.
    #[deserr(default)]
    pub description: Option<Prose>,
    /// What is to be handed in.
    #[deserr(default)]
    pub deliverable: Option<Prose>,
    /// Where it is or will be.
    #[deserr(default)]
    pub deliverable_url: Option<Link>,
    /// Who answers for it: a member of the program or an official of one of its countries.
    #[deserr(default)]
    pub owner: Option<UserId>,
    /// For which of the program's countries; for all when not said.
    #[deserr(default)]
    pub country: Option<Iso2>,
    /// Who accepts it; `country` when not said.
    #[deserr(default)]
    pub acceptance: Option<Acceptance>,
    /// By when, as first agreed, when that was another day.
    #[deserr(default)]
    pub baseline_due: Option<Day>,
    /// Its part in the program's progress; 1 when not said.
    #[deserr(default)]
    pub weight: Option<Weight>,
    /// What must come before it, of the same program.
    #[deserr(default)]
    pub predecessor: Option<MilestoneId>,
    /// It comes back: a report every quarter.
    #[deserr(default)]
    pub repeat: Option<Repeat>,
}

/// A change of a milestone. The date moves by `/moves`, the status by `/transitions`.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct MilestonePatch {
    /// What is to be reached.
    #[deserr(default)]
    #[schema(value_type = Titles, required = false)]
    pub title: Edit<Titles>,
    /// More about it.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub description: Change<Prose>,
    /// What is to be handed in.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub deliverable: Change<Prose>,
    /// Where it is.
    #[deserr(default)]
    #[schema(value_type = Option<Link>)]
    pub deliverable_url: Change<Link>,
    /// Who answers for it.
    #[deserr(default)]
    #[schema(value_type = Option<UserId>)]
    pub owner: Change<UserId>,
    /// For which country.
    #[deserr(default)]
    #[schema(value_type = Option<Iso2>)]
    pub country: Change<Iso2>,
    /// Who accepts it.
    #[deserr(default)]
    #[schema(value_type = Acceptance, required = false)]
    pub acceptance: Edit<Acceptance>,
    /// Its part in the program's progress.
    #[deserr(default)]
    #[schema(value_type = Weight, required = false)]
    pub weight: Edit<Weight>,
    /// What must come before it.
    #[deserr(default)]
    #[schema(value_type = Option<MilestoneId>)]
    pub predecessor: Change<MilestoneId>,
    /// Always refused: a date moves with a reason, by `POST /milestones/{id}/moves`.
    #[deserr(default)]
    #[schema(ignore, value_type = Option<Day>)]
    pub due: Change<Day>,
    /// Always refused, as `due`.
    #[deserr(default)]
    #[schema(ignore, value_type = Option<Day>)]
    pub baseline_due: Change<Day>,
}

/// A step of a milestone.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Step {
    /// Where to.
    pub to: MilestoneStatus,
    /// A note; needed to return or cancel it, and to submit it without a link.
    #[deserr(default)]
    pub reason: Option<Note>,
    /// Where the deliverable is, when it is submitted.
    #[deserr(default)]
    pub deliverable_url: Option<Link>,
}

/// A move of a date.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct MoveDraft {
    /// The new day.
    pub due: Day,
    /// Why.
    pub reason: Note,
}

/// A move of a date, kept for ever.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = milestone_moves)]
pub struct DateMove {
    /// The move's id.
    pub id: DateMoveId,
    /// Of which milestone.
    pub milestone_id: MilestoneId,
    /// The day before.
    pub old_due: Day,
    /// The day after.
    pub new_due: Day,
    /// Why.
    pub reason: Note,
    /// Who moved it.
    pub moved_by: UserId,
    /// When.
    pub moved_at: Timestamp,
}

/// A move of a date as shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MoveRecord {
    /// The move's id.
    pub id: DateMoveId,
    /// The day before.
    pub old_due: Day,
    /// The day after.
    pub new_due: Day,
    /// Days later (or, negative, earlier) than before.
    pub days: i64,
    /// Days between the new day and the one first agreed.
    pub slip_days: i64,
    /// Why.
    pub reason: Note,
    /// Who moved it.
    pub moved_by: Somebody,
    /// When.
    pub moved_at: Timestamp,
}

/// A milestone as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MilestoneRecord {
    /// The milestone's id.
    pub id: MilestoneId,
    /// Of which program.
    pub program_id: ProgramId,
    /// What the program is called.
    pub program_title: Titles,
    /// Of which series of obligations.
    pub series_id: Option<SeriesId>,
    /// For which country; for all of the program's when there is none.
    pub country: Option<Iso2>,
    /// What is to be reached.
    pub title: Titles,
    /// More about it.
    pub description: Option<Prose>,
    /// What is to be handed in.
    pub deliverable: Option<Prose>,
    /// Where it is.
    pub deliverable_url: Option<Link>,
    /// Who answers for it.
    pub owner: Option<Somebody>,
    /// Who accepts it.
    pub acceptance: Acceptance,
    /// By when.
    pub due: Day,
    /// By when, as first agreed.
    pub baseline_due: Day,
    /// Days later than first agreed.
    pub slip_days: i64,
    /// How often the date moved.
    pub moves: i32,
    /// Its part in the program's progress.
    pub weight: i32,
    /// What must come before it.
    pub predecessor: Option<MilestoneId>,
    /// Where it stands.
    pub status: MilestoneStatus,
    /// The day has passed where it counts (its country's zone, or UTC) and it is neither accepted nor cancelled.
    pub missed: bool,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// Who handed it in.
    pub submitted_by: Option<Somebody>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// Who accepted it.
    pub accepted_by: Option<Somebody>,
    /// When.
    pub accepted_at: Option<Timestamp>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it; guards may still refuse, with words.
    pub allowed_transitions: Vec<MilestoneStatus>,
}

/// A milestone that was deleted; only in lists with `updated_since`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GoneMilestone {
    /// The milestone's id.
    pub id: MilestoneId,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}

/// A row of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ListedMilestone {
    /// One that is there.
    There(Box<MilestoneRecord>),
    /// One that was deleted.
    Gone(GoneMilestone),
}
