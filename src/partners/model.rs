//! A country as our partner, and the days on which it does not work.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::countries::{Languages, Region, Weekend};
use crate::codes_enum;
use crate::kernel::id::{HolidayId, Iso2};
use crate::kernel::lang::Titles;
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Label, Note};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::platform::schema::{partner_holidays, partners};

codes_enum! {
    /// Where the partnership stands.
    pub PartnerStatus {
        /// Talks are under way.
        Prospective "prospective",
        /// Programs may run; somebody speaks for the country.
        Active "active",
        /// Nothing new starts.
        Suspended "suspended",
        /// Over; kept for the record.
        Archived "archived",
    }
}

impl PartnerStatus {
    /// Where it may go from here.
    pub fn next(self) -> &'static [PartnerStatus] {
        use PartnerStatus::{Active, Archived, Prospective, Suspended};
        match self {
            Prospective => &[Active, Archived],
            Active => &[Suspended],
            Suspended => &[Active, Archived],
            Archived => &[Prospective],
        }
    }
}

codes_enum! {
    /// How far what a country tells us may go unless it says otherwise (FIRST TLP 2.0).
    pub Disclosure { Clear "clear", Green "green", Amber "amber", AmberStrict "amber_strict", Red "red" }
}

/// A country as our partner.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = partners)]
pub struct Partner {
    /// ISO 3166-1 alpha-2.
    pub country: Iso2,
    /// Where the partnership stands.
    pub status: PartnerStatus,
    /// Why it stands there, in the words of who moved it.
    pub status_reason: Option<Note>,
    /// Languages in which we work together.
    pub working_languages: Languages,
    /// Label of what the country tells us unless it says otherwise.
    pub disclosure: Disclosure,
    /// Zone in which the country's days begin; null until chosen where the country has several.
    pub timezone: Option<Zone>,
    /// Days of the week on which its offices are closed.
    pub weekend: Weekend,
    /// Remarks.
    pub notes: Option<Note>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A partner as shown to a caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartnerView {
    /// The partner.
    #[serde(flatten)]
    pub partner: Partner,
    /// Its names.
    pub names: Titles,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it; guards may still refuse, with words.
    pub allowed_transitions: Vec<PartnerStatus>,
}

/// A country to become a partner; what is left out is taken from the reference data.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PartnerDraft {
    /// ISO 3166-1 alpha-2.
    pub country: Iso2,
    /// Languages in which we work together; the official ones when left out.
    #[deserr(default)]
    pub working_languages: Option<Languages>,
    /// Label of what the country tells us; `amber_strict` when left out.
    #[deserr(default)]
    pub disclosure: Option<Disclosure>,
    /// Zone in which the country's days begin.
    #[deserr(default)]
    pub timezone: Option<Zone>,
    /// Days of the week on which its offices are closed.
    #[deserr(default)]
    pub weekend: Option<Weekend>,
    /// Remarks.
    #[deserr(default)]
    pub notes: Option<Note>,
}

/// A change of a partner; its status moves by `/transitions` only.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PartnerPatch {
    /// Languages in which we work together.
    #[deserr(default)]
    #[schema(value_type = Languages, required = false)]
    pub working_languages: Edit<Languages>,
    /// Label of what the country tells us.
    #[deserr(default)]
    #[schema(value_type = Disclosure, required = false)]
    pub disclosure: Edit<Disclosure>,
    /// Zone in which the country's days begin.
    #[deserr(default)]
    #[schema(value_type = Option<Zone>)]
    pub timezone: Change<Zone>,
    /// Days of the week on which its offices are closed.
    #[deserr(default)]
    #[schema(value_type = Weekend, required = false)]
    pub weekend: Edit<Weekend>,
    /// Remarks.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub notes: Change<Note>,
}

/// A step of the partnership.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PartnerStep {
    /// Where to.
    pub to: PartnerStatus,
    /// Why.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// Which partners are wanted.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartnerFilter {
    /// In this status.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<PartnerStatus>,
    /// In this region.
    #[deserr(default)]
    #[param(inline)]
    pub region: Option<Region>,
    /// Part of a name of the country in any language.
    #[deserr(default)]
    #[param(inline)]
    pub q: Option<Label>,
    /// Changed at this instant or later; in order of the change.
    #[deserr(default)]
    #[param(inline)]
    pub updated_since: Option<Timestamp>,
}

/// A day on which a country does not work.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable, ToSchema)]
#[diesel(table_name = partner_holidays)]
pub struct Holiday {
    /// The holiday's id.
    pub id: HolidayId,
    /// Whose holiday it is.
    pub country: Iso2,
    /// The day.
    pub day: Day,
    /// What is celebrated.
    pub name: Titles,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was entered.
    pub created_at: Timestamp,
    /// Who entered it.
    #[serde(skip)]
    pub created_by: crate::kernel::id::UserId,
}

/// A day on which a country does not work, as a client states it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct HolidayDraft {
    /// The day.
    pub day: Day,
    /// What is celebrated.
    pub name: Titles,
}

/// Which holidays are wanted.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HolidayFilter {
    /// On this day or later.
    #[deserr(default)]
    #[param(inline)]
    pub from: Option<Day>,
    /// On this day or earlier.
    #[deserr(default)]
    #[param(inline)]
    pub to: Option<Day>,
}
