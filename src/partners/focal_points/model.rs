//! The mandate of a national focal point.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::codes_enum;
use crate::kernel::access::Role;
use crate::kernel::id::{FocalPointId, Iso2, OrganizationId, ProgramId, UserId};
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Email, Link, Name, Note};
use crate::kernel::theme::Theme;
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::kernel::words::Words;
use crate::platform::outbox::Event;
use crate::platform::schema::focal_points;

/// Days after which a mandate must be confirmed again.
pub const CONFIRM_EVERY_DAYS: i64 = 180;

/// Themes of a mandate; none means all.
pub type Themes = Words<Theme, 8>;

codes_enum! {
    /// Where a mandate stands: nominated > active > (unconfirmed) > ended.
    pub FocalPointStatus {
        /// Put forward by the country.
        Nominated "nominated",
        /// Speaks for the country.
        Active "active",
        /// Speaks for the country, but has not confirmed for 180 days; computed, never stored.
        Unconfirmed "unconfirmed",
        /// Over, by a step, with its role or after its last day.
        Ended "ended",
    }
}

impl FocalPointStatus {
    /// Where it may go from here.
    pub fn next(self) -> &'static [FocalPointStatus] {
        use FocalPointStatus::{Active, Ended, Nominated, Unconfirmed};
        match self {
            Nominated => &[Active, Ended],
            Active | Unconfirmed => &[Ended],
            Ended => &[],
        }
    }
}

/// The mandate of a national focal point.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = focal_points)]
pub struct FocalPoint {
    /// The mandate's id.
    pub id: FocalPointId,
    /// For whom the person speaks.
    pub country: Iso2,
    /// The person.
    pub user_id: UserId,
    /// Where the person works.
    pub organization_id: Option<OrganizationId>,
    /// On what; all themes when empty.
    pub themes: Themes,
    /// Letter of designation.
    pub letter_url: Option<Link>,
    /// Where the mandate stands.
    pub status: FocalPointStatus,
    /// First day of the mandate.
    pub valid_from: Day,
    /// Last day of the mandate, when it has one.
    pub valid_to: Option<Day>,
    /// When somebody last said that it still holds.
    pub last_confirmed_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why it ended.
    pub ended_reason: Option<Note>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl FocalPoint {
    /// The instant at which the mandate must be confirmed again.
    pub fn confirm_by(&self) -> Option<Timestamp> {
        self.last_confirmed_at.map(|at| at.plus_days(CONFIRM_EVERY_DAYS))
    }

    /// The instant after the last day of the mandate; the role ends with it.
    pub fn over_at(&self) -> Option<Timestamp> {
        self.valid_to.map(|last| Zone::UTC.instant(last.plus(1), 0, 0))
    }

    /// The mandate with the status it has at an instant.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> FocalPoint {
        if self.status == FocalPointStatus::Active && self.over_at().is_some_and(|over| over <= now) {
            (self.status, self.ended_at) = (FocalPointStatus::Ended, self.over_at());
        }
        if self.status == FocalPointStatus::Active && self.confirm_by().is_some_and(|by| by <= now) {
            self.status = FocalPointStatus::Unconfirmed;
        }
        self
    }
}

/// A mandate as shown to a caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FocalPointView {
    /// The mandate.
    #[serde(flatten)]
    pub focal_point: FocalPoint,
    /// The person's name.
    pub name: Name,
    /// The person's address.
    pub email: Email,
    /// When the mandate must be confirmed again.
    pub confirm_by: Option<Timestamp>,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it; guards may still refuse, with words.
    pub allowed_transitions: Vec<FocalPointStatus>,
}

/// A person put forward to speak for a country.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct FocalPointDraft {
    /// The person; has an account already.
    pub user_id: UserId,
    /// Where the person works.
    #[deserr(default)]
    pub organization_id: Option<OrganizationId>,
    /// On what; all themes when left out.
    #[deserr(default)]
    #[schema(value_type = Themes, required = false)]
    pub themes: Themes,
    /// Letter of designation.
    #[deserr(default)]
    pub letter_url: Option<Link>,
    /// First day of the mandate; today when left out.
    #[deserr(default)]
    pub valid_from: Option<Day>,
    /// Last day of the mandate.
    #[deserr(default)]
    pub valid_to: Option<Day>,
}

/// A change of a mandate; its status moves by `/transitions` only.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct FocalPointPatch {
    /// Where the person works.
    #[deserr(default)]
    #[schema(value_type = Option<OrganizationId>)]
    pub organization_id: Change<OrganizationId>,
    /// On what.
    #[deserr(default)]
    #[schema(value_type = Themes, required = false)]
    pub themes: Edit<Themes>,
    /// Letter of designation.
    #[deserr(default)]
    #[schema(value_type = Option<Link>)]
    pub letter_url: Change<Link>,
    /// First day of the mandate.
    #[deserr(default)]
    #[schema(value_type = Day, required = false)]
    pub valid_from: Edit<Day>,
    /// Last day of the mandate.
    #[deserr(default)]
    #[schema(value_type = Option<Day>)]
    pub valid_to: Change<Day>,
}

codes_enum! {
    /// Where an administrator may move a mandate.
    pub Appointment { Active "active", Ended "ended" }
}

/// A step of a mandate.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct FocalPointStep {
    /// Where to.
    pub to: Appointment,
    /// Why; needed to end it.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// Which mandates are wanted.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FocalPointFilter {
    /// In this status.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<FocalPointStatus>,
}

/// A mandate that is due for confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = focal_points)]
pub struct Due {
    /// The mandate.
    pub id: FocalPointId,
    /// The person.
    pub user_id: UserId,
    /// The country.
    pub country: Iso2,
    /// When it was last confirmed.
    pub last_confirmed_at: Option<Timestamp>,
}

macro_rules! events {
    ($($(#[$meta:meta])* $name:ident $kind:literal;)*) => { $(
        $(#[$meta])*
        #[derive(Debug, Serialize)]
        pub struct $name {
            /// The mandate.
            pub focal_point_id: FocalPointId,
            /// The person.
            pub user_id: UserId,
            /// The country.
            pub country: Iso2,
        }

        impl $name {
            /// What happened to this mandate.
            pub fn to(focal: &FocalPoint) -> Self {
                $name { focal_point_id: focal.id, user_id: focal.user_id, country: focal.country }
            }
        }

        impl Event for $name {
            const KIND: &'static str = $kind;
        }
    )* };
}

events! {
    /// Somebody was put forward.
    FocalPointNominated "focal_point.nominated";
    /// A mandate was confirmed, or began.
    FocalPointConfirmed "focal_point.confirmed";
    /// A mandate is over.
    FocalPointEnded "focal_point.ended";
}

macro_rules! roles {
    ($($(#[$meta:meta])* $name:ident $kind:literal;)*) => { $(
        $(#[$meta])*
        #[derive(Debug, Serialize)]
        pub(super) struct $name {
            user_id: UserId,
            role: Role,
            country: Iso2,
            program_id: Option<ProgramId>,
            by: UserId,
        }

        impl $name {
            pub(super) fn with(focal: &FocalPoint, by: UserId) -> Self {
                let (user_id, country) = (focal.user_id, focal.country);
                $name { user_id, role: Role::FocalPoint, country, program_id: None, by }
            }
        }

        impl Event for $name {
            const KIND: &'static str = $kind;
        }
    )* };
}

roles! {
    /// The role came with a mandate.
    RoleGranted "role.granted";
    /// The role went with a mandate.
    RoleRevoked "role.revoked";
}
