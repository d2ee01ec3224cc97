//! Programs as clients state and change them, and how they ask for lists.

use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use super::codes::{AidType, CollaborationType, FlowType, OrganizationRole, Status, TagVocabulary};
use crate::codes_enum;
use crate::kernel::id::{Iso2, OrganizationId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::list::Many;
use crate::kernel::money::Percent;
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Label, Link, Name, Note};
use crate::kernel::theme::Theme;
use crate::kernel::time::{Day, PartialDate, Timestamp};

/// A country of a program, as stated.
#[derive(Clone, Debug, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CountryDraft {
    /// ISO 3166-1 alpha-2.
    pub country: Iso2,
    /// Its share, 0 to 100. All countries have one and they sum to 100, or none has.
    #[deserr(default)]
    pub share: Option<Percent>,
}

/// An organization that takes part, as stated: a registered one by id, or another by name.
#[derive(Clone, Debug, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ParticipationDraft {
    /// IATI organization role.
    pub role: OrganizationRole,
    /// A registered organization.
    #[deserr(default)]
    pub organization_id: Option<OrganizationId>,
    /// The name of one that is not registered.
    #[deserr(default)]
    pub name: Option<Name>,
}

/// A tag, as stated.
#[derive(Clone, Debug, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct TagDraft {
    /// The list that the code is from.
    pub vocabulary: TagVocabulary,
    /// The code: `16` of the goals, `16.6` of the targets.
    pub code: Label,
}

/// A program as a client states it. Only the title is needed while it is in the pipeline.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ProgramDraft {
    /// What it is called, in one or more languages.
    pub title: Titles,
    /// `<reporting organization>-<local id>`, unique in the world.
    #[deserr(default)]
    pub iati_identifier: Option<Label>,
    /// What it is about.
    #[deserr(default)]
    pub description: Option<Prose>,
    /// What it wants to reach.
    #[deserr(default)]
    pub objectives: Option<Prose>,
    /// Whom it serves.
    #[deserr(default)]
    pub target_groups: Option<Prose>,
    /// GFCE themes A to E and ours.
    #[deserr(default)]
    #[schema(required = false, max_items = 8)]
    pub themes: Vec<Theme>,
    /// When it should start; to the day, the month or the year.
    #[deserr(default)]
    pub planned_start: Option<PartialDate>,
    /// When it started; not in the future.
    #[deserr(default)]
    pub actual_start: Option<PartialDate>,
    /// When it should end.
    #[deserr(default)]
    pub planned_end: Option<PartialDate>,
    /// When it ended; not in the future.
    #[deserr(default)]
    pub actual_end: Option<PartialDate>,
    /// Where it works.
    #[deserr(default)]
    #[schema(required = false, max_items = 249)]
    pub countries: Vec<CountryDraft>,
    /// Where it works, in words, where the list of countries can't say it.
    #[deserr(default)]
    pub scope_note: Option<Note>,
    /// Who takes part.
    #[deserr(default)]
    #[schema(required = false, max_items = 100)]
    pub organizations: Vec<ParticipationDraft>,
    /// Sustainable Development Goals and targets.
    #[deserr(default)]
    #[schema(required = false, max_items = 100)]
    pub tags: Vec<TagDraft>,
    /// What is known of the money when it fits no budget line.
    #[deserr(default)]
    pub budget_note: Option<Note>,
    /// Remarks of the people who run it.
    #[deserr(default)]
    pub notes: Option<Note>,
    /// IATI collaboration type.
    #[deserr(default)]
    pub collaboration_type: Option<CollaborationType>,
    /// IATI default flow type.
    #[deserr(default)]
    pub flow_type: Option<FlowType>,
    /// IATI default aid type.
    #[deserr(default)]
    pub aid_type: Option<AidType>,
    /// The final report.
    #[deserr(default)]
    pub final_report: Option<Link>,
}

/// A change of a program. Lists are replaced as a whole; the status moves by `/transitions` only.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ProgramPatch {
    /// What it is called.
    #[deserr(default)]
    #[schema(required = false, value_type = Titles)]
    pub title: Edit<Titles>,
    /// `<reporting organization>-<local id>`.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<Label>)]
    pub iati_identifier: Change<Label>,
    /// What it is about.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<Prose>)]
    pub description: Change<Prose>,
    /// What it wants to reach.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<Prose>)]
    pub objectives: Change<Prose>,
    /// Whom it serves.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<Prose>)]
    pub target_groups: Change<Prose>,
    /// GFCE themes A to E and ours.
    #[deserr(default)]
    #[schema(required = false, max_items = 8, value_type = Vec<Theme>)]
    pub themes: Edit<Vec<Theme>>,
    /// When it should start.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<PartialDate>)]
    pub planned_start: Change<PartialDate>,
    /// When it started.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<PartialDate>)]
    pub actual_start: Change<PartialDate>,
    /// When it should end.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<PartialDate>)]
    pub planned_end: Change<PartialDate>,
    /// When it ended.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<PartialDate>)]
    pub actual_end: Change<PartialDate>,
    /// Where it works.
    #[deserr(default)]
    #[schema(required = false, max_items = 249, value_type = Vec<CountryDraft>)]
    pub countries: Edit<Vec<CountryDraft>>,
    /// Where it works, in words.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<Note>)]
    pub scope_note: Change<Note>,
    /// Who takes part.
    #[deserr(default)]
    #[schema(required = false, max_items = 100, value_type = Vec<ParticipationDraft>)]
    pub organizations: Edit<Vec<ParticipationDraft>>,
    /// Sustainable Development Goals and targets.
    #[deserr(default)]
    #[schema(required = false, max_items = 100, value_type = Vec<TagDraft>)]
    pub tags: Edit<Vec<TagDraft>>,
    /// What is known of the money when it fits no budget line.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<Note>)]
    pub budget_note: Change<Note>,
    /// Remarks of the people who run it.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<Note>)]
    pub notes: Change<Note>,
    /// IATI collaboration type.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<CollaborationType>)]
    pub collaboration_type: Change<CollaborationType>,
    /// IATI default flow type.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<FlowType>)]
    pub flow_type: Change<FlowType>,
    /// IATI default aid type.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<AidType>)]
    pub aid_type: Change<AidType>,
    /// The final report.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<Link>)]
    pub final_report: Change<Link>,
}

codes_enum! {
    /// Whose programs.
    pub Whose {
        /// Programs in which the caller holds a role.
        Me "me",
    }
}

codes_enum! {
    /// Order of a list of programs; a minus turns it round.
    pub Sort {
        /// As entered.
        Id "id",
        /// Last entered first.
        IdDown "-id",
        /// Longest unchanged first.
        Updated "updated_at",
        /// Last changed first.
        UpdatedDown "-updated_at",
        /// By actual, else planned start; unknown ones last.
        Start "start",
        /// The same, last first.
        StartDown "-start",
    }
}

/// Which programs, in which order.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProgramFilter {
    /// One or more statuses.
    #[deserr(default)]
    #[param(required = false, style = Form, explode = false, inline)]
    pub status: Many<Status>,
    /// In any of these countries.
    #[deserr(default)]
    #[param(required = false, style = Form, explode = false, inline)]
    pub country: Many<Iso2>,
    /// On any of these themes.
    #[deserr(default)]
    #[param(required = false, style = Form, explode = false, inline)]
    pub theme: Many<Theme>,
    /// In which this registered organization takes part.
    #[deserr(default)]
    pub organization: Option<OrganizationId>,
    /// With this tag, for example `16.6`.
    #[deserr(default)]
    pub tag: Option<Label>,
    /// `me`: in which the caller holds a role.
    #[deserr(default)]
    #[param(inline)]
    pub member: Option<Whose>,
    /// Any part of the title, the description or the identifier, in any language, without case and accents.
    #[deserr(default)]
    pub q: Option<Label>,
    /// Planned to start before this day, at the earliest.
    #[deserr(default)]
    pub planned_start_before: Option<Day>,
    /// Planned to start on this day or later, at the earliest.
    #[deserr(default)]
    pub planned_start_after: Option<Day>,
    /// Planned to end before this day, at the latest.
    #[deserr(default)]
    pub planned_end_before: Option<Day>,
    /// Planned to end on this day or later, at the latest.
    #[deserr(default)]
    pub planned_end_after: Option<Day>,
    /// Changed or deleted at or after this instant; deleted ones are shown as `{id, deleted_at}`.
    #[deserr(default)]
    pub updated_since: Option<Timestamp>,
    /// Order; `id` when not said.
    #[deserr(default)]
    #[param(inline)]
    pub sort: Option<Sort>,
}
