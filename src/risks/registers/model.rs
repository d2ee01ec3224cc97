//! Registers as they are stored, as callers state and change them, and as they see them.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::codes::{RegisterStatus, RiskCategory};
use super::super::grid::Place;
use crate::accounts::Somebody;
use crate::disclosure::Tlp;
use crate::frameworks::MatrixLevel;
use crate::kernel::id::{HoldingId, Iso2, OrganizationId, ProgramId, RiskMatrixId, RiskRegisterId, UserId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::list::Many;
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Label, Note, Urn};
use crate::kernel::time::Timestamp;
use crate::kernel::words::Words;
use crate::platform::schema::risk_registers;

/// People named on a register.
pub type Named = Words<UserId, 20>;

/// A register's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = risk_registers)]
pub struct Register {
    /// The register's id, and its holding's.
    pub id: RiskRegisterId,
    /// Whose it is.
    pub country: Iso2,
    /// Of which body of it.
    pub organization_id: Option<OrganizationId>,
    /// In which program it is worked on.
    pub program_id: Option<ProgramId>,
    /// What it is called.
    pub title: Titles,
    /// What it is about.
    pub scope: Option<Prose>,
    /// How harm is judged, in words (ISO 31000 6.3.4).
    pub criteria: Option<Prose>,
    /// By which matrix.
    pub matrix_id: RiskMatrixId,
    /// The highest level that is tolerated.
    pub tolerance: i32,
    /// The same of cyber scenarios, where it is another.
    pub tolerance_cyber: Option<i32>,
    /// The same of AI scenarios, where it is another.
    pub tolerance_ai: Option<i32>,
    /// The same of program scenarios, where it is another.
    pub tolerance_program: Option<i32>,
    /// Where it stands.
    pub status: RegisterStatus,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// The number of the scenario that came last.
    pub last_number: i32,
    /// Who handed it in.
    pub submitted_by: Option<UserId>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// Who validated it.
    pub validated_by: Option<UserId>,
    /// When.
    pub validated_at: Option<Timestamp>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Version for `If-Match`.
    pub version: i32,
    /// When it was opened.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: UserId,
}

impl Register {
    /// Its holding.
    pub fn holding_id(&self) -> HoldingId {
        HoldingId(self.id.0)
    }

    /// The highest level that is tolerated of a category.
    pub fn tolerance_for(&self, category: RiskCategory) -> i32 {
        let own = match category {
            RiskCategory::Cyber => self.tolerance_cyber,
            RiskCategory::Ai => self.tolerance_ai,
            RiskCategory::Program => self.tolerance_program,
        };
        own.unwrap_or(self.tolerance)
    }
}

/// A risk register as a client states it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RegisterDraft {
    /// Whose it is; it stays so.
    pub country: Iso2,
    /// Of which body of the country.
    #[deserr(default)]
    pub organization_id: Option<OrganizationId>,
    /// In which program of the country it is worked on.
    #[deserr(default)]
    pub program_id: Option<ProgramId>,
    /// What it is called.
    pub title: Titles,
    /// What it is about.
    #[deserr(default)]
    pub scope: Option<Prose>,
    /// How harm is judged, in words.
    #[deserr(default)]
    pub criteria: Option<Prose>,
    /// By which matrix.
    pub matrix_id: RiskMatrixId,
    /// The highest level of risk that is tolerated, as a place among the matrix's levels, from 0.
    pub tolerance: Place,
    /// The same of cyber scenarios, where it is another.
    #[deserr(default)]
    pub tolerance_cyber: Option<Place>,
    /// The same of AI scenarios, where it is another.
    #[deserr(default)]
    pub tolerance_ai: Option<Place>,
    /// The same of program scenarios, where it is another.
    #[deserr(default)]
    pub tolerance_program: Option<Place>,
}

/// A change of a risk register.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RegisterPatch {
    /// Of which body of the country.
    #[deserr(default)]
    #[schema(value_type = Option<OrganizationId>)]
    pub organization_id: Change<OrganizationId>,
    /// What it is called.
    #[deserr(default)]
    #[schema(value_type = Titles, required = false)]
    pub title: Edit<Titles>,
    /// What it is about.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub scope: Change<Prose>,
    /// How harm is judged, in words.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub criteria: Change<Prose>,
    /// By which matrix; only while nothing is rated.
    #[deserr(default)]
    #[schema(value_type = RiskMatrixId, required = false)]
    pub matrix_id: Edit<RiskMatrixId>,
    /// The highest level of risk that is tolerated.
    #[deserr(default)]
    #[schema(value_type = Place, required = false)]
    pub tolerance: Edit<Place>,
    /// The same of cyber scenarios.
    #[deserr(default)]
    #[schema(value_type = Option<Place>)]
    pub tolerance_cyber: Change<Place>,
    /// The same of AI scenarios.
    #[deserr(default)]
    #[schema(value_type = Option<Place>)]
    pub tolerance_ai: Change<Place>,
    /// The same of program scenarios.
    #[deserr(default)]
    #[schema(value_type = Option<Place>)]
    pub tolerance_program: Change<Place>,
    /// Officials who write in it; a focal point of the country names them.
    #[deserr(default)]
    #[schema(value_type = Vec<UserId>, required = false, max_items = 20)]
    pub contributors: Edit<Named>,
    /// Who validates it; a focal point of the country names them. Who wrote in it can't.
    #[deserr(default)]
    #[schema(value_type = Vec<UserId>, required = false, max_items = 20)]
    pub reviewers: Edit<Named>,
}

/// A step of a risk register.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RegisterStep {
    /// Where to.
    pub to: RegisterStatus,
    /// Why; needed to hand it back and to supersede it.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// A risk register in a list: what it is and where it stands, without what is in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegisterLine {
    /// The register's id.
    pub id: RiskRegisterId,
    /// Whose it is.
    pub country: Iso2,
    /// How far it may be passed on (TLP 2.0).
    pub tlp: Tlp,
    /// In which program it is worked on.
    pub program_id: Option<ProgramId>,
    /// What it is called.
    pub title: Titles,
    /// Where it stands.
    pub status: RegisterStatus,
    /// Scenarios that are not closed.
    pub scenarios: i64,
    /// Of these, those whose current level is above the tolerance.
    pub above_tolerance: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The matrix of a register, as far as its levels.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MatrixShown {
    /// The matrix.
    pub id: RiskMatrixId,
    /// Its name among all matrices.
    pub urn: Urn,
    /// Which edition of it.
    pub edition: Label,
    /// Levels of risk, rising.
    pub levels: Vec<MatrixLevel>,
}

/// A risk register as a caller sees it who sees all of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegisterRecord {
    /// The register's id.
    pub id: RiskRegisterId,
    /// Whose it is.
    pub country: Iso2,
    /// How far it may be passed on (TLP 2.0).
    pub tlp: Tlp,
    /// Of which body of it.
    pub organization_id: Option<OrganizationId>,
    /// In which program it is worked on.
    pub program_id: Option<ProgramId>,
    /// What it is called.
    pub title: Titles,
    /// What it is about.
    pub scope: Option<Prose>,
    /// How harm is judged, in words.
    pub criteria: Option<Prose>,
    /// By which matrix.
    pub matrix: MatrixShown,
    /// The highest level that is tolerated, as a place among the matrix's levels.
    pub tolerance: i32,
    /// The same of cyber scenarios, where it is another.
    pub tolerance_cyber: Option<i32>,
    /// The same of AI scenarios, where it is another.
    pub tolerance_ai: Option<i32>,
    /// The same of program scenarios, where it is another.
    pub tolerance_program: Option<i32>,
    /// Where it stands.
    pub status: RegisterStatus,
    /// The words that came with the last step.
    pub note: Option<Note>,
    /// Scenarios that are not closed.
    pub scenarios: i64,
    /// Of these, those whose current level is above the tolerance.
    pub above_tolerance: i64,
    /// Officials who write in it.
    pub contributors: Vec<Somebody>,
    /// Who validates it.
    pub reviewers: Vec<Somebody>,
    /// Who handed it in.
    pub submitted_by: Option<Somebody>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// Who validated it.
    pub validated_by: Option<Somebody>,
    /// When.
    pub validated_at: Option<Timestamp>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it; guards may still refuse, with words.
    pub allowed_transitions: Vec<RegisterStatus>,
}

/// Which registers are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegisterFilter {
    /// Of these countries.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub country: Many<Iso2>,
    /// With this status.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<RegisterStatus>,
    /// Worked on in this program.
    #[deserr(default)]
    #[param(inline)]
    pub program: Option<ProgramId>,
}
