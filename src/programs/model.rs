//! Programs as they are stored and as callers of each standing see them.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::{PartialSchema, ToSchema};

use super::codes::{AidType, CollaborationType, FlowType, OrganizationRole, Status, TagVocabulary};
use crate::kernel::id::{Iso2, OrganizationId, ProgramId, UserId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::money::Percent;
use crate::kernel::text::{Label, Link, Name, Note};
use crate::kernel::theme::Theme;
use crate::kernel::time::{Day, PartialDate, Timestamp};
use crate::platform::schema::{program_countries, program_organizations, program_tags, programs};

/// A program's row, without its folded text.
#[derive(Clone, Debug, Queryable, Selectable, Identifiable)]
#[diesel(table_name = programs)]
pub struct Program {
    /// The program's id.
    pub id: ProgramId,
    /// `<reporting organization>-<local id>`, unique in the world.
    pub iati_identifier: Option<Label>,
    /// What it is called.
    pub title: Titles,
    /// What it is about.
    pub description: Option<Prose>,
    /// What it wants to reach.
    pub objectives: Option<Prose>,
    /// Whom it serves.
    pub target_groups: Option<Prose>,
    /// Where it stands.
    pub status: Status,
    /// IATI activity date 1.
    pub planned_start: Option<PartialDate>,
    /// IATI activity date 2; never in the future.
    pub actual_start: Option<PartialDate>,
    /// IATI activity date 3.
    pub planned_end: Option<PartialDate>,
    /// IATI activity date 4; never in the future.
    pub actual_end: Option<PartialDate>,
    /// Where it works, in words, where the list of countries can't say it.
    pub scope_note: Option<Note>,
    /// What is known of the money when it fits no budget line.
    pub budget_note: Option<Note>,
    /// Remarks of the people who run it.
    pub notes: Option<Note>,
    /// IATI collaboration type.
    pub collaboration_type: Option<CollaborationType>,
    /// IATI default flow type.
    pub flow_type: Option<FlowType>,
    /// IATI default aid type.
    pub aid_type: Option<AidType>,
    /// The final report.
    pub final_report: Option<Link>,
    /// Who moved it to finalisation; another person closes it.
    pub finalised_by: Option<UserId>,
    /// Why open milestones were no hindrance to closing it.
    pub milestones_waiver: Option<Note>,
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

impl Program {
    /// The day by which lists are ordered: the first that the actual, else the planned start can mean; the last day of
    /// the year 9999 when neither is known.
    pub fn start_on(&self) -> Day {
        let start = self.actual_start.as_ref().or(self.planned_start.as_ref());
        let never = chrono::NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(chrono::NaiveDate::MAX);
        start.map_or(Day(never), |date| date.earliest())
    }
}

/// A country of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = program_countries)]
pub struct CountryShare {
    /// Of which program.
    #[serde(skip)]
    pub program_id: ProgramId,
    /// ISO 3166-1 alpha-2.
    pub country: Iso2,
    /// Its share of the whole, 0 to 100; none when the shares are not known.
    pub share: Option<Percent>,
    /// When its focal point acknowledged the program.
    pub acknowledged_at: Option<Timestamp>,
    /// Which focal point.
    #[serde(skip)]
    pub acknowledged_by: Option<UserId>,
}

/// An organization that takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = program_organizations)]
pub struct Participation {
    /// In which program.
    #[serde(skip)]
    pub program_id: ProgramId,
    /// IATI organization role.
    pub role: OrganizationRole,
    /// A registered organization.
    pub organization_id: Option<OrganizationId>,
    /// The name of one that is not registered.
    pub name: Option<Name>,
}

/// A tag of a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = program_tags)]
#[schema(as = ProgramTag)]
pub struct Tag {
    /// Of which program.
    #[serde(skip)]
    pub program_id: ProgramId,
    /// The list that the code is from.
    pub vocabulary: TagVocabulary,
    /// The code, for example `16.6`.
    pub code: String,
}

/// What every reader of a program sees.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Header {
    /// The program's id.
    pub id: ProgramId,
    /// `<reporting organization>-<local id>`.
    pub iati_identifier: Option<Label>,
    /// What it is called.
    pub title: Titles,
    /// Where it stands.
    pub status: Status,
    /// IATI activity date 1.
    pub planned_start: Option<PartialDate>,
    /// IATI activity date 2.
    pub actual_start: Option<PartialDate>,
    /// IATI activity date 3.
    pub planned_end: Option<PartialDate>,
    /// IATI activity date 4.
    pub actual_end: Option<PartialDate>,
    /// Where it works; shares sum to 100, or there are none.
    pub countries: Vec<CountryShare>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it; guards may still refuse, with words.
    pub allowed_transitions: Vec<Status>,
}

/// What observers see in addition.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Summary {
    /// What it is about.
    pub description: Option<Prose>,
    /// What it wants to reach.
    pub objectives: Option<Prose>,
    /// Whom it serves.
    pub target_groups: Option<Prose>,
    /// GFCE themes and ours.
    pub themes: Vec<Theme>,
    /// Who takes part.
    pub organizations: Vec<Participation>,
    /// Sustainable Development Goals and targets.
    pub tags: Vec<Tag>,
    /// Where it works, in words.
    pub scope_note: Option<Note>,
    /// IATI collaboration type.
    pub collaboration_type: Option<CollaborationType>,
    /// IATI default flow type.
    pub flow_type: Option<FlowType>,
    /// IATI default aid type.
    pub aid_type: Option<AidType>,
    /// The final report.
    pub final_report: Option<Link>,
}

/// What the people of a program and its countries see in addition.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Inside {
    /// What is known of the money when it fits no budget line.
    pub budget_note: Option<Note>,
    /// Remarks of the people who run it.
    pub notes: Option<Note>,
    /// Why open milestones were no hindrance to closing it.
    pub milestones_waiver: Option<Note>,
    /// Who entered it.
    pub created_by: UserId,
    /// Who changed it last.
    pub updated_by: UserId,
}

/// A program as its reader may see it: auditors and trainers the header, observers a summary, others the whole.
#[derive(Clone, Debug, Serialize)]
pub struct ProgramRecord {
    /// For every reader.
    #[serde(flatten)]
    pub header: Header,
    /// Not for auditors and trainers.
    #[serde(flatten)]
    pub summary: Option<Summary>,
    /// Not for observers either.
    #[serde(flatten)]
    pub inside: Option<Inside>,
}

type Schema = utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>;

impl utoipa::__dev::ComposeSchema for ProgramRecord {
    fn compose(_: Vec<Schema>) -> Schema {
        let whole = utoipa::openapi::schema::AllOfBuilder::new();
        whole
            .item(Header::schema())
            .item(hidden_from_some::<Summary>())
            .item(hidden_from_some::<Inside>())
            .into()
    }
}

impl ToSchema for ProgramRecord {
    fn name() -> std::borrow::Cow<'static, str> {
        "ProgramRecord".into()
    }

    fn schemas(schemas: &mut Vec<(String, Schema)>) {
        Header::schemas(schemas);
        Summary::schemas(schemas);
        Inside::schemas(schemas);
    }
}

/// The fields of a part that not every reader sees: none of them is certain.
fn hidden_from_some<T: PartialSchema>() -> Schema {
    let mut schema = T::schema();
    if let utoipa::openapi::RefOr::T(utoipa::openapi::schema::Schema::Object(part)) = &mut schema {
        part.required.clear();
    }
    schema
}

/// What is left of a deleted program, for clients that fetch only changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProgramTombstone)]
pub struct Tombstone {
    /// The program's id.
    pub id: ProgramId,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}

/// A row of the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ListedProgram)]
pub enum Listed {
    /// A program.
    Program(Box<ProgramRecord>),
    /// A deleted one, only with `updated_since`.
    Deleted(Tombstone),
}

/// Children of programs, loaded by one query each.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Countries.
    pub countries: Vec<CountryShare>,
    /// Themes.
    pub themes: Vec<(ProgramId, Theme)>,
    /// Organizations.
    pub organizations: Vec<Participation>,
    /// Tags.
    pub tags: Vec<Tag>,
}
