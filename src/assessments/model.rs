//! Assessments as they are stored, as callers state and change them, and as they see them.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::Somebody;
use crate::codes_enum;
use crate::disclosure::{Depth, Part, Tlp};
use crate::frameworks::Method;
use crate::kernel::id::{AssessmentId, FrameworkId, Iso2, OrganizationId, ProgramId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::stored::Stored;
use crate::kernel::text::{Label, NodeCode, Note, Urn};
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::assessments;

codes_enum! {
    /// What an assessment is made for.
    pub Purpose {
        /// The country looks at itself.
        SelfAssessment "self",
        /// With a facilitator from a program.
        Facilitated "facilitated",
        /// By peers from another country.
        Peer "peer",
        /// To validate what was said before.
        Validation "validation",
    }
}

codes_enum! {
    /// Where an assessment stands (domain part 5).
    pub AssessmentStatus {
        /// Agreed, not begun.
        Planned "planned",
        /// Being answered.
        InProgress "in_progress",
        /// Handed in; locked while a reviewer looks at it.
        InReview "in_review",
        /// A reviewer who wrote nothing of it agreed.
        Validated "validated",
        /// The country made it known, as far as its label allows.
        Published "published",
        /// A later one took its place; the end.
        Superseded "superseded",
    }
}

impl AssessmentStatus {
    /// Where it may go from here; from review back to being answered is what "returned" means.
    pub fn next(self) -> &'static [AssessmentStatus] {
        use AssessmentStatus::{InProgress, InReview, Planned, Published, Superseded, Validated};
        match self {
            Planned => &[InProgress],
            InProgress => &[InReview],
            InReview => &[InProgress, Validated],
            Validated => &[Published, Superseded],
            Published => &[Superseded],
            Superseded => &[],
        }
    }

    /// Validated, whatever came after.
    pub fn is_validated(self) -> bool {
        use AssessmentStatus::{Published, Superseded, Validated};
        matches!(self, Validated | Published | Superseded)
    }
}

codes_enum! {
    /// A tier of NIST CSF 2.0 (appendix B): how risk is governed and managed. It is stated with reasons, never derived.
    pub Tier {
        /// Ad hoc.
        Partial "partial",
        /// Approved by management, not a policy of the whole.
        RiskInformed "risk_informed",
        /// A policy, kept up regularly.
        Repeatable "repeatable",
        /// Adapts to what was learned and what is foreseen.
        Adaptive "adaptive",
    }
}

crate::stored_texts! { Tier }

/// Tiers of one of the two sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct TierPair {
    /// Where it stands.
    pub current: Tier,
    /// Where it is to be.
    pub target: Tier,
    /// Why.
    pub rationale: Note,
}

/// The tiers of a profile: stored once, kept apart from the scores (domain rule B).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Tiers {
    /// How cybersecurity risk is governed.
    #[deserr(default)]
    pub governance: Option<TierPair>,
    /// How it is managed.
    #[deserr(default)]
    pub management: Option<TierPair>,
}

crate::stored_texts! { Note }

/// A row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = assessments)]
pub struct Assessment {
    /// The assessment's id, also of its holding.
    pub id: AssessmentId,
    /// What is assessed: one edition of a framework.
    pub framework_id: FrameworkId,
    /// Whose it is.
    pub country: Iso2,
    /// An organization of the country; the country as a whole when there is none.
    pub organization_id: Option<OrganizationId>,
    /// The program in which it is made.
    pub program_id: Option<ProgramId>,
    /// The one from which answers were carried over.
    pub previous_id: Option<AssessmentId>,
    /// What it is called.
    pub title: Titles,
    /// What it is made for.
    pub purpose: Purpose,
    /// The first day that it speaks of.
    pub period_from: Day,
    /// The last.
    pub period_to: Day,
    /// By when it is to be handed in.
    pub due: Option<Day>,
    /// Groups of the framework that were chosen; none for all.
    pub groups: Stored<Vec<NodeCode>>,
    /// Tiers, for profiles.
    pub tiers: Stored<Tiers>,
    /// Where it stands.
    pub status: AssessmentStatus,
    /// Words that came with the last step.
    pub note: Option<Note>,
    /// Who handed it in.
    pub submitted_by: Option<UserId>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// Who validated it.
    pub validated_by: Option<UserId>,
    /// When.
    pub validated_at: Option<Timestamp>,
    /// When the country published it.
    pub published_at: Option<Timestamp>,
    /// By when it is to be made again.
    pub next_due: Option<Day>,
    /// Nodes that have an answer or do not apply.
    pub answered: i32,
    /// Nodes that are to be answered.
    pub in_scope: i32,
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

/// An assessment as a client states it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AssessmentDraft {
    /// One edition of a framework that has a method of scoring.
    pub framework_id: FrameworkId,
    /// Whose it is.
    pub country: Iso2,
    /// What it is called.
    pub title: Titles,
    /// The first day that it speaks of.
    pub period_from: Day,
    /// The last.
    pub period_to: Day,
    /// What it is made for; `self` when not said.
    #[deserr(default)]
    pub purpose: Option<Purpose>,
    /// An organization of the country; the country as a whole when not said.
    #[deserr(default)]
    pub organization_id: Option<OrganizationId>,
    /// The program in which it is made: one of the country's. A coordinator must name one of their own.
    #[deserr(default)]
    pub program_id: Option<ProgramId>,
    /// By when it is to be handed in.
    #[deserr(default)]
    pub due: Option<Day>,
    /// Groups of the framework to which it is narrowed, by their codes; all of it when not said.
    #[deserr(default)]
    #[schema(required = false)]
    pub groups: Vec<NodeCode>,
    /// Tiers, for profiles (`weighted_mean`).
    #[deserr(default)]
    pub tiers: Option<Tiers>,
    /// How far it may be passed on; `AMBER+STRICT` when not said.
    #[deserr(default)]
    pub tlp: Option<Tlp>,
    /// An earlier assessment of the country whose answers are carried over for review: of the same framework, or of one
    /// that a crosswalk maps to this one.
    #[deserr(default)]
    pub previous_id: Option<AssessmentId>,
}

/// A change of an assessment. The status moves by `/transitions`, the label by `POST /label-changes`.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AssessmentPatch {
    /// What it is called.
    #[deserr(default)]
    #[schema(value_type = Titles, required = false)]
    pub title: Edit<Titles>,
    /// What it is made for.
    #[deserr(default)]
    #[schema(value_type = Purpose, required = false)]
    pub purpose: Edit<Purpose>,
    /// The first day that it speaks of.
    #[deserr(default)]
    #[schema(value_type = Day, required = false)]
    pub period_from: Edit<Day>,
    /// The last.
    #[deserr(default)]
    #[schema(value_type = Day, required = false)]
    pub period_to: Edit<Day>,
    /// By when it is to be handed in.
    #[deserr(default)]
    #[schema(value_type = Option<Day>)]
    pub due: Change<Day>,
    /// By when it is to be made again.
    #[deserr(default)]
    #[schema(value_type = Option<Day>)]
    pub next_due: Change<Day>,
    /// Tiers, for profiles.
    #[deserr(default)]
    #[schema(value_type = Tiers, required = false)]
    pub tiers: Edit<Tiers>,
}

/// A step of an assessment.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AssessmentStep {
    /// Where to.
    pub to: AssessmentStatus,
    /// Words about it; needed to hand it back.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// Somebody to be named on an assessment.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NamingDraft {
    /// Who: by the id of their account.
    pub user_id: UserId,
    /// For what: `author`, `facilitator`, `reviewer` or `reader`. Contributors are named by their sections.
    pub part: Part,
}

/// Somebody named on an assessment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonRecord {
    /// Who.
    pub person: Somebody,
    /// For what.
    pub part: Part,
}

/// The framework of an assessment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FrameworkRef {
    /// Its id.
    pub id: FrameworkId,
    /// Its name among all frameworks.
    pub urn: Urn,
    /// Which edition.
    pub edition: Label,
    /// What it is called.
    pub name: Titles,
    /// How answers become a score.
    pub method: Option<Method>,
}

/// An assessment as a caller sees it: what it is and where it stands, without its answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssessmentRecord {
    /// The assessment's id; share grants and label changes name it as `holding_id`.
    pub id: AssessmentId,
    /// Whose it is.
    pub country: Iso2,
    /// An organization of the country; the country as a whole when there is none.
    pub organization_id: Option<OrganizationId>,
    /// The program in which it is made.
    pub program_id: Option<ProgramId>,
    /// The one from which answers were carried over.
    pub previous_id: Option<AssessmentId>,
    /// What is assessed.
    pub framework: FrameworkRef,
    /// What it is called.
    pub title: Titles,
    /// What it is made for.
    pub purpose: Purpose,
    /// The first day that it speaks of.
    pub period_from: Day,
    /// The last.
    pub period_to: Day,
    /// By when it is to be handed in.
    pub due: Option<Day>,
    /// By when it is to be made again.
    pub next_due: Option<Day>,
    /// Groups to which it is narrowed.
    pub groups: Vec<NodeCode>,
    /// Tiers; null for who sees the summary only.
    pub tiers: Option<Tiers>,
    /// How far it may be passed on (TLP 2.0).
    pub tlp: Tlp,
    /// How much of it the caller sees; null for whom only a section is assigned.
    pub disclosed: Depth,
    /// Where it stands.
    pub status: AssessmentStatus,
    /// Words that came with the last step; null for who sees the summary only.
    pub note: Option<Note>,
    /// Nodes that have an answer or do not apply.
    pub answered: i32,
    /// Nodes that are to be answered.
    pub in_scope: i32,
    /// Who handed it in.
    pub submitted_by: Option<Somebody>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// Who validated it.
    pub validated_by: Option<Somebody>,
    /// When.
    pub validated_at: Option<Timestamp>,
    /// When the country published it.
    pub published_at: Option<Timestamp>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it; only on the record itself, not in lists.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it; guards may still refuse, with words. Only on the record itself.
    pub allowed_transitions: Vec<AssessmentStatus>,
}
