//! AI systems as they are stored, as callers state and change them, and as they see them.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::codes::{AffectedGroup, AiRole, AiSector, Autonomy, DataKind, Lifecycle};
use crate::accounts::Somebody;
use crate::disclosure::Tlp;
use crate::frameworks::NamedNode;
use crate::kernel::flag::Flag;
use crate::kernel::id::{AiSystemId, FrameworkNodeId, HoldingId, Iso2, OrganizationId, ProgramId, UserId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::list::Many;
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Name, Note};
use crate::kernel::time::Timestamp;
use crate::kernel::words::Words;
use crate::platform::schema::ai_systems;

/// What the country is to a system.
pub type AiRoles = Words<AiRole, 3>;
/// Data that a system works with.
pub type DataKinds = Words<DataKind, 11>;
/// Who is affected.
pub type AffectedGroups = Words<AffectedGroup, 15>;

/// A system's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = ai_systems)]
pub struct AiSystem {
    /// The system's id, and its holding's.
    pub id: AiSystemId,
    /// Whose it is.
    pub country: Iso2,
    /// Of which body of it.
    pub organization_id: Option<OrganizationId>,
    /// In which program it is worked on.
    pub program_id: Option<ProgramId>,
    /// What it is called.
    pub name: Titles,
    /// What it is for.
    pub purpose: Prose,
    /// What the country is to it.
    pub roles: AiRoles,
    /// Who provides it.
    pub provider: Option<Name>,
    /// Who uses it under their authority.
    pub deployer: Option<Name>,
    /// Who works with it.
    pub users: Option<Note>,
    /// Where it is used.
    pub sector: AiSector,
    /// Where it stands in its life.
    pub lifecycle: Lifecycle,
    /// With which data.
    pub data_kinds: DataKinds,
    /// How much it decides.
    pub autonomy: Autonomy,
    /// Who is affected.
    pub affected_groups: AffectedGroups,
    /// How, in words.
    pub affected: Option<Prose>,
    /// Its risk class: a node of a taxonomy.
    pub class_id: Option<FrameworkNodeId>,
    /// Why this class.
    pub class_reason: Option<Prose>,
    /// Who answers for it.
    pub owner: Option<UserId>,
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

impl AiSystem {
    /// Its holding.
    pub fn holding_id(&self) -> HoldingId {
        HoldingId(self.id.0)
    }
}

/// An AI system as a client states it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AiSystemDraft {
    /// Whose it is; it stays so.
    pub country: Iso2,
    /// Of which body of the country.
    #[deserr(default)]
    pub organization_id: Option<OrganizationId>,
    /// In which program of the country it is worked on.
    #[deserr(default)]
    pub program_id: Option<ProgramId>,
    /// What it is called.
    pub name: Titles,
    /// What it is for.
    pub purpose: Prose,
    /// What the country or its body is to it.
    #[deserr(default)]
    #[schema(required = false)]
    pub roles: AiRoles,
    /// Who provides it.
    #[deserr(default)]
    pub provider: Option<Name>,
    /// Who uses it under their authority.
    #[deserr(default)]
    pub deployer: Option<Name>,
    /// Who works with it.
    #[deserr(default)]
    pub users: Option<Note>,
    /// Where it is used.
    pub sector: AiSector,
    /// Where it stands in its life.
    pub lifecycle: Lifecycle,
    /// With which data.
    #[deserr(default)]
    #[schema(required = false)]
    pub data_kinds: DataKinds,
    /// How much it decides.
    pub autonomy: Autonomy,
    /// Who is affected.
    #[deserr(default)]
    #[schema(required = false)]
    pub affected_groups: AffectedGroups,
    /// How, in words.
    #[deserr(default)]
    pub affected: Option<Prose>,
    /// Its risk class: a node of a framework that only tags, as the tiers of the EU AI Act.
    #[deserr(default)]
    pub class_id: Option<FrameworkNodeId>,
    /// Why this class.
    #[deserr(default)]
    pub class_reason: Option<Prose>,
    /// Who answers for it: an official of the country, or of the program's team.
    #[deserr(default)]
    pub owner: Option<UserId>,
}

/// A change of an AI system.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AiSystemPatch {
    /// Of which body of the country.
    #[deserr(default)]
    #[schema(value_type = Option<OrganizationId>)]
    pub organization_id: Change<OrganizationId>,
    /// What it is called.
    #[deserr(default)]
    #[schema(value_type = Titles, required = false)]
    pub name: Edit<Titles>,
    /// What it is for.
    #[deserr(default)]
    #[schema(value_type = Prose, required = false)]
    pub purpose: Edit<Prose>,
    /// What the country or its body is to it.
    #[deserr(default)]
    #[schema(value_type = AiRoles, required = false)]
    pub roles: Edit<AiRoles>,
    /// Who provides it.
    #[deserr(default)]
    #[schema(value_type = Option<Name>)]
    pub provider: Change<Name>,
    /// Who uses it under their authority.
    #[deserr(default)]
    #[schema(value_type = Option<Name>)]
    pub deployer: Change<Name>,
    /// Who works with it.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub users: Change<Note>,
    /// Where it is used.
    #[deserr(default)]
    #[schema(value_type = AiSector, required = false)]
    pub sector: Edit<AiSector>,
    /// Where it stands in its life.
    #[deserr(default)]
    #[schema(value_type = Lifecycle, required = false)]
    pub lifecycle: Edit<Lifecycle>,
    /// With which data.
    #[deserr(default)]
    #[schema(value_type = DataKinds, required = false)]
    pub data_kinds: Edit<DataKinds>,
    /// How much it decides.
    #[deserr(default)]
    #[schema(value_type = Autonomy, required = false)]
    pub autonomy: Edit<Autonomy>,
    /// Who is affected.
    #[deserr(default)]
    #[schema(value_type = AffectedGroups, required = false)]
    pub affected_groups: Edit<AffectedGroups>,
    /// How, in words.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub affected: Change<Prose>,
    /// Its risk class.
    #[deserr(default)]
    #[schema(value_type = Option<FrameworkNodeId>)]
    pub class_id: Change<FrameworkNodeId>,
    /// Why this class.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub class_reason: Change<Prose>,
    /// Who answers for it.
    #[deserr(default)]
    #[schema(value_type = Option<UserId>)]
    pub owner: Change<UserId>,
}

/// An AI system in a list: what it is, without what is in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AiSystemLine {
    /// The system's id.
    pub id: AiSystemId,
    /// Whose it is.
    pub country: Iso2,
    /// How far it may be passed on (TLP 2.0).
    pub tlp: Tlp,
    /// In which program it is worked on.
    pub program_id: Option<ProgramId>,
    /// What it is called.
    pub name: Titles,
    /// Where it is used.
    pub sector: AiSector,
    /// Where it stands in its life.
    pub lifecycle: Lifecycle,
    /// Its risk class, with the scheme that it is from.
    pub risk_class: Option<NamedNode>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// An AI system as a caller sees it who sees all of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AiSystemRecord {
    /// The system's id.
    pub id: AiSystemId,
    /// Whose it is.
    pub country: Iso2,
    /// How far it may be passed on (TLP 2.0).
    pub tlp: Tlp,
    /// Of which body of it.
    pub organization_id: Option<OrganizationId>,
    /// In which program it is worked on.
    pub program_id: Option<ProgramId>,
    /// What it is called.
    pub name: Titles,
    /// What it is for.
    pub purpose: Prose,
    /// What the country or its body is to it.
    #[schema(value_type = Vec<AiRole>)]
    pub roles: AiRoles,
    /// Who provides it.
    pub provider: Option<Name>,
    /// Who uses it under their authority.
    pub deployer: Option<Name>,
    /// Who works with it.
    pub users: Option<Note>,
    /// Where it is used.
    pub sector: AiSector,
    /// Where it stands in its life.
    pub lifecycle: Lifecycle,
    /// With which data.
    #[schema(value_type = Vec<DataKind>)]
    pub data_kinds: DataKinds,
    /// How much it decides.
    pub autonomy: Autonomy,
    /// Who is affected.
    #[schema(value_type = Vec<AffectedGroup>)]
    pub affected_groups: AffectedGroups,
    /// How, in words.
    pub affected: Option<Prose>,
    /// Its risk class, with the scheme that it is from.
    pub risk_class: Option<NamedNode>,
    /// Why this class.
    pub class_reason: Option<Prose>,
    /// Who answers for it.
    pub owner: Option<Somebody>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
}

/// Which systems are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AiSystemFilter {
    /// Of these countries.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub country: Many<Iso2>,
    /// Used here.
    #[deserr(default)]
    #[param(inline)]
    pub sector: Option<AiSector>,
    /// Here in their life.
    #[deserr(default)]
    #[param(inline)]
    pub lifecycle: Option<Lifecycle>,
    /// Of this risk class.
    #[deserr(default)]
    #[param(inline)]
    pub class: Option<FrameworkNodeId>,
    /// Worked on in this program.
    #[deserr(default)]
    #[param(inline)]
    pub program: Option<ProgramId>,
    /// Those that the caller answers for, or the others.
    #[deserr(default)]
    #[param(inline)]
    pub mine: Option<Flag>,
}
