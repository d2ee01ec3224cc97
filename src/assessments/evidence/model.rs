//! Evidence as it is offered, stored and shown.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::accounts::Somebody;
use crate::codes_enum;
use crate::kernel::id::{AssessmentId, EvidenceId, FrameworkNodeId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Link, Name, NodeCode, Note};
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::assessment_evidence;

codes_enum! {
    /// What kind of proof it is.
    pub EvidenceKind {
        /// A law or regulation.
        Law "law",
        /// An official document: strategy, policy, plan, report.
        OfficialDocument "official_document",
        /// A statistic.
        Statistic "statistic",
        /// What somebody who knows said.
        Interview "interview",
        /// The result of a test or an exercise.
        Test "test",
    }
}

codes_enum! {
    /// What a reviewer thinks of it.
    pub EvidenceStatus {
        /// Nobody has judged it.
        Offered "offered",
        /// It proves the answer.
        Accepted "accepted",
        /// It does not.
        Rejected "rejected",
    }
}

/// A row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = assessment_evidence)]
pub(super) struct Evidence {
    pub id: EvidenceId,
    pub assessment_id: AssessmentId,
    pub node_id: FrameworkNodeId,
    pub position: i32,
    pub kind: EvidenceKind,
    pub title: Name,
    pub link: Option<Link>,
    pub file_name: Option<Name>,
    pub file_type: Option<String>,
    pub file_size: Option<i32>,
    pub file_digest: Option<String>,
    pub language: Option<Lang>,
    pub dated: Option<Day>,
    pub valid_until: Option<Day>,
    pub status: EvidenceStatus,
    pub note: Option<Note>,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
    pub created_by: UserId,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
}

/// Evidence as it is offered; a file follows by `PUT .../file`.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct EvidenceDraft {
    /// What it proves: a node, by its code.
    #[deserr(default)]
    pub code: Option<NodeCode>,
    /// The node by its id; or `code`.
    #[deserr(default)]
    pub node_id: Option<FrameworkNodeId>,
    /// What kind of proof it is.
    pub kind: EvidenceKind,
    /// What it is called.
    pub title: Name,
    /// Where it is; it is kept, never fetched.
    #[deserr(default)]
    pub link: Option<Link>,
    /// In which language it is.
    #[deserr(default)]
    pub language: Option<Lang>,
    /// Of which day it is.
    #[deserr(default)]
    pub dated: Option<Day>,
    /// The last day on which it proves anything.
    #[deserr(default)]
    pub valid_until: Option<Day>,
}

/// A change of evidence; it is to be judged again.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct EvidencePatch {
    /// What kind of proof it is.
    #[deserr(default)]
    #[schema(value_type = EvidenceKind, required = false)]
    pub kind: Edit<EvidenceKind>,
    /// What it is called.
    #[deserr(default)]
    #[schema(value_type = Name, required = false)]
    pub title: Edit<Name>,
    /// Where it is.
    #[deserr(default)]
    #[schema(value_type = Option<Link>)]
    pub link: Change<Link>,
    /// In which language it is.
    #[deserr(default)]
    #[schema(value_type = Option<Lang>)]
    pub language: Change<Lang>,
    /// Of which day it is.
    #[deserr(default)]
    #[schema(value_type = Option<Day>)]
    pub dated: Change<Day>,
    /// The last day on which it proves anything.
    #[deserr(default)]
    #[schema(value_type = Option<Day>)]
    pub valid_until: Change<Day>,
}

/// What a reviewer decides.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct EvidenceStep {
    /// `accepted` or `rejected`.
    pub to: EvidenceStatus,
    /// Words about it; needed to reject.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// A file that is kept with evidence.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FileRecord {
    /// Its name.
    pub name: Name,
    /// What it is, by its first bytes.
    pub media_type: String,
    /// Bytes.
    pub size: i32,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// Evidence as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EvidenceRecord {
    /// The evidence's id.
    pub id: EvidenceId,
    /// Of which assessment.
    pub assessment_id: AssessmentId,
    /// What it proves.
    pub node_id: FrameworkNodeId,
    /// That node's code.
    pub code: NodeCode,
    /// What kind of proof it is.
    pub kind: EvidenceKind,
    /// What it is called.
    pub title: Name,
    /// Where it is.
    pub link: Option<Link>,
    /// The file that is kept here.
    pub file: Option<FileRecord>,
    /// In which language it is.
    pub language: Option<Lang>,
    /// Of which day it is.
    pub dated: Option<Day>,
    /// The last day on which it proves anything.
    pub valid_until: Option<Day>,
    /// What a reviewer thinks of it.
    pub status: EvidenceStatus,
    /// Words of the reviewer.
    pub note: Option<Note>,
    /// The reviewer.
    pub decided_by: Option<Somebody>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Who offered it.
    pub created_by: Option<Somebody>,
    /// When.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
}

/// Which evidence is wanted.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EvidenceFilter {
    /// Of this node.
    #[deserr(default)]
    #[param(inline)]
    pub node: Option<FrameworkNodeId>,
    /// With this status.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<EvidenceStatus>,
    /// Ending before this day.
    #[deserr(default)]
    #[param(inline)]
    pub ends_before: Option<Day>,
}
