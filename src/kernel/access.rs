//! Who may do what: roles, permissions and the scope of rows within reach. Pure; the guard in `accounts` issues permits.

use super::id::{Iso2, UserId};
use super::time::Timestamp;
use crate::codes_enum;

codes_enum! {
    /// What a person is to the service. A grant gives a role over a scope until a date.
    pub Role {
        /// Runs the system; no scope.
        Administrator "administrator",
        /// Plans and runs programs; over one program, or without scope: may create programs.
        Coordinator "coordinator",
        /// Speaks for a country; over one country.
        FocalPoint "focal_point",
        /// An official who edits what is assigned; over one country.
        Contributor "contributor",
        /// Trains; over one program.
        Trainer "trainer",
        /// Reads summaries; over one program or one country.
        Observer "observer",
        /// Reads the audit log and headers; no scope.
        Auditor "auditor",
    }
}

impl Role {
    /// True for roles whose grant without a country or program reaches every row.
    pub fn reaches_all(self) -> bool {
        matches!(self, Role::Administrator | Role::Auditor)
    }
}

/// A permission as a type: what a handler asks for in its signature.
pub trait Action: Send + Sync + 'static {
    /// The row of the table.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($name:ident $word:literal sees $sight:ident [$($role:ident)*];)*) => {
        /// One row per permission; the committed matrix is made from this table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $($name),* }

        impl Permission {
            /// Every permission, in the order of the table.
            pub const ALL: &'static [Permission] = &[$(Permission::$name),*];
            /// Stable word, also the scope name of API tokens.
            pub fn word(self) -> &'static str { match self { $(Permission::$name => $word),* } }
            /// Roles that hold it, each within the scope of its grant. Empty: every person, over their own things.
            pub fn roles(self) -> &'static [Role] { match self { $(Permission::$name => &[$(Role::$role),*]),* } }
            /// The permission that makes its object visible: without it the object answers 404, with it 403.
            pub fn sight(self) -> Permission { match self { $(Permission::$name => Permission::$sight),* } }
            /// True when every person holds it over their own things.
            pub fn is_own(self) -> bool { self.roles().is_empty() }
            /// By its word.
            pub fn named(word: &str) -> Option<Permission> {
                Permission::ALL.iter().copied().find(|p| p.word() == word)
            }
        }

        $(
            #[doc = concat!("`", $word, "`")]
            #[derive(Clone, Copy, Debug)]
            pub struct $name;
            impl Action for $name { const PERMISSION: Permission = Permission::$name; }
        )*
    };
}

permissions! {
    // everyone, over their own things
    UseAccount          "me"                       sees UseAccount       [];
    SecureAccount       "me.security"              sees SecureAccount    [];
    ReadReference       "reference.view"           sees ReadReference    [];
    EditFrameworks      "frameworks.edit"          sees ReadReference    [Administrator Coordinator];
    // accounts
    ViewUsers           "users.view"               sees ViewUsers        [Administrator Coordinator FocalPoint Auditor];
    InviteUsers         "users.invite"             sees ViewUsers        [Administrator Coordinator FocalPoint];
    EditUsers           "users.edit"               sees ViewUsers        [Administrator];
    GrantRoles          "users.grant"              sees ViewUsers        [Administrator Coordinator FocalPoint];
    // partners
    ViewPartners        "partners.view"            sees ViewPartners     [Administrator Coordinator FocalPoint Contributor Trainer Observer Auditor];
    CreatePartners      "partners.create"          sees ViewPartners     [Administrator];
    EditPartners        "partners.edit"            sees ViewPartners     [Administrator FocalPoint];
    MovePartners        "partners.transition"      sees ViewPartners     [Administrator];
    ViewFocalPoints     "focal_points.view"        sees ViewFocalPoints  [Administrator Coordinator FocalPoint Contributor];
    NominateFocalPoints "focal_points.nominate"    sees ViewFocalPoints  [Administrator FocalPoint];
    AppointFocalPoints  "focal_points.appoint"     sees ViewFocalPoints  [Administrator];
    ConfirmFocalPoints  "focal_points.confirm"     sees ViewFocalPoints  [Administrator FocalPoint];
    ViewOrganizations   "organizations.view"       sees ViewOrganizations [];
    EditOrganizations   "organizations.edit"       sees ViewOrganizations [Administrator Coordinator];
    // programs
    ViewPrograms        "programs.view"            sees ViewPrograms     [Administrator Coordinator FocalPoint Contributor Trainer Observer Auditor];
    ViewProgramSummaries "programs.view.summary"   sees ViewPrograms     [Administrator Coordinator FocalPoint Contributor Observer];
    ViewWholePrograms   "programs.view.whole"      sees ViewPrograms     [Administrator Coordinator FocalPoint Contributor];
    CreatePrograms      "programs.create"          sees ViewPrograms     [Administrator Coordinator];
    EditPrograms        "programs.edit"            sees ViewPrograms     [Administrator Coordinator];
    MovePrograms        "programs.transition"      sees ViewPrograms     [Administrator Coordinator];
    AcknowledgePrograms "programs.acknowledge"     sees ViewPrograms     [FocalPoint];
    ViewMembers         "programs.members.view"    sees ViewPrograms     [Administrator Coordinator FocalPoint];
    EditMembers         "programs.members.edit"    sees ViewPrograms     [Administrator Coordinator];
    ExportPrograms      "programs.export"          sees ViewPrograms     [Administrator Coordinator FocalPoint Contributor];
    ImportPrograms      "programs.import"          sees ViewPrograms     [Administrator Coordinator];
    // milestones
    ViewMilestones      "milestones.view"          sees ViewMilestones   [Administrator Coordinator FocalPoint Contributor Observer];
    CreateMilestones    "milestones.create"        sees ViewPrograms     [Administrator Coordinator];
    EditMilestones      "milestones.edit"          sees ViewMilestones   [Administrator Coordinator];
    SubmitMilestones    "milestones.submit"        sees ViewMilestones   [Coordinator FocalPoint Contributor];
    AcceptMilestones    "milestones.accept"        sees ViewMilestones   [Coordinator FocalPoint];
    MoveMilestones      "milestones.transition"    sees ViewMilestones   [Administrator Coordinator FocalPoint Contributor];
    ExportMilestones    "milestones.export"        sees ViewMilestones   [Administrator Coordinator FocalPoint Contributor];
    // training
    ViewCourses         "courses.view"             sees ViewCourses      [];
    EditCourses         "courses.edit"             sees ViewCourses      [Administrator Coordinator];
    ViewTraining        "training.view"            sees ViewTraining     [Administrator Coordinator FocalPoint Contributor Trainer Observer];
    ViewWholeTraining   "training.view.whole"      sees ViewTraining     [Administrator Coordinator FocalPoint Contributor Trainer];
    PlanTraining        "training.plan"            sees ViewPrograms     [Administrator Coordinator];
    EditTraining        "training.edit"            sees ViewTraining     [Administrator Coordinator];
    MoveTraining        "training.transition"      sees ViewTraining     [Administrator Coordinator];
    ExportTraining      "training.export"          sees ViewTraining     [Administrator Coordinator FocalPoint Contributor];
    ViewTrainingNumbers "training.numbers"         sees ViewTraining     [Administrator Coordinator FocalPoint Contributor Trainer Observer];
    Nominate            "registrations.nominate"   sees ViewTraining     [FocalPoint Contributor];
    EnterRegistrations  "registrations.enter"      sees ViewTraining     [Coordinator];
    ViewRegistrations   "registrations.view"       sees ViewRegistrations [Coordinator FocalPoint Contributor Trainer];
    EditNominations     "registrations.edit"       sees ViewRegistrations [FocalPoint Contributor];
    DecideRegistrations "registrations.decide"     sees ViewRegistrations [Coordinator];
    WithdrawRegistrations "registrations.withdraw" sees ViewRegistrations [Coordinator FocalPoint Contributor];
    MoveRegistrations   "registrations.transition" sees ViewRegistrations [Coordinator FocalPoint Contributor];
    RecordAttendance    "attendance.record"        sees ViewTraining     [Coordinator Trainer];
    RecordScores        "scores.record"            sees ViewTraining     [Coordinator Trainer];
    ViewFeedback        "feedback.view"            sees ViewTraining     [Coordinator Trainer];
    IssueCertificates   "certificates.issue"       sees ViewTraining     [Coordinator];
    ViewCertificates    "certificates.view"        sees ViewCertificates [Coordinator FocalPoint Contributor];
    RevokeCertificates  "certificates.revoke"      sees ViewCertificates [Coordinator];
    ViewParticipants    "participants.view"        sees ViewParticipants [Coordinator FocalPoint Contributor];
    EditParticipants    "participants.edit"        sees ViewParticipants [Coordinator FocalPoint Contributor];
    MergeParticipants   "participants.merge"       sees ViewParticipants [Coordinator];
    // what countries own
    ViewDisclosure      "disclosure.view"          sees ViewDisclosure   [];
    AskDisclosure       "disclosure.ask"           sees ViewDisclosure   [];
    MoveDisclosure      "disclosure.transition"    sees ViewDisclosure   [];
    DecideDisclosure    "disclosure.decide"        sees ViewDisclosure   [FocalPoint];
    ViewAccessLog       "access_log.view"          sees ViewAccessLog    [FocalPoint];
    // assessments: beyond the office, what somebody is to the one record decides
    ViewAssessments     "assessments.view"         sees ViewAssessments  [];
    OpenAssessments     "assessments.open"         sees ViewAssessments  [Coordinator FocalPoint];
    EditAssessments     "assessments.edit"         sees ViewAssessments  [];
    NameOnAssessments   "assessments.name"         sees ViewAssessments  [FocalPoint];
    AssignSections      "assessments.assign"       sees ViewAssessments  [];
    AnswerAssessments   "assessments.answer"       sees ViewAssessments  [];
    ReviewAssessments   "assessments.review"       sees ViewAssessments  [];
    MoveAssessments     "assessments.transition"   sees ViewAssessments  [];
    ViewRecommendations "recommendations.view"     sees ViewRecommendations [];
    ProposeRecommendations "recommendations.propose" sees ViewAssessments [];
    MoveRecommendations "recommendations.transition" sees ViewRecommendations [];
    // what holds of many countries
    ViewPortfolio       "portfolio.view"           sees ViewPortfolio    [Administrator Coordinator FocalPoint Contributor Observer Auditor];
    // AI systems and risks: whoever is named on them, by what they are to it
    ViewAiSystems       "ai_systems.view"          sees ViewAiSystems    [];
    CreateAiSystems     "ai_systems.create"        sees ViewAiSystems    [FocalPoint Contributor];
    EditAiSystems       "ai_systems.edit"          sees ViewAiSystems    [];
    MoveAiSystems       "ai_systems.transition"    sees ViewAiSystems    [];
    ViewRisks           "risks.view"               sees ViewRisks        [];
    CreateRisks         "risks.create"             sees ViewRisks        [Coordinator FocalPoint];
    EditRisks           "risks.edit"               sees ViewRisks        [];
    MoveRisks           "risks.transition"         sees ViewRisks        [];
    // letters
    ViewLetters         "letters.view"             sees ViewLetters      [Administrator Coordinator];
    ResendLetters       "letters.resend"           sees ViewLetters      [Administrator Coordinator];
    EditLetterRules     "letter_rules.edit"        sees ViewLetterRules  [Administrator];
    EditProgramLetterRules "letter_rules.edit_program" sees ViewLetterRules [Administrator Coordinator];
    ViewLetterRules     "letter_rules.view"        sees ViewLetterRules  [Administrator Coordinator];
    // audit
    ViewAudit           "audit.view"               sees ViewAudit        [Administrator Auditor];
    ViewWholeAudit      "audit.view.whole"         sees ViewAudit        [Auditor];
}

impl Permission {
    /// True for what a machine client never does, whatever its token says: sessions, credentials, people, roles.
    pub fn needs_a_person(self) -> bool {
        use Permission::{
            AskDisclosure, DecideDisclosure, EditUsers, GrantRoles, InviteUsers, MoveDisclosure,
            SecureAccount,
        };
        let disclosing = matches!(self, AskDisclosure | MoveDisclosure | DecideDisclosure);
        disclosing || matches!(self, SecureAccount | InviteUsers | EditUsers | GrantRoles)
    }

    /// True for what concerns the whole house and no country: a token that is narrowed to countries does not cover it.
    pub fn is_house_wide(self) -> bool {
        use Permission::{
            CreatePartners, EditCourses, EditFrameworks, EditLetterRules, EditOrganizations, ViewAudit,
            ViewWholeAudit,
        };
        let catalogs = matches!(self, EditCourses | EditFrameworks | EditOrganizations);
        catalogs || matches!(self, CreatePartners | EditLetterRules | ViewAudit | ViewWholeAudit)
    }
}

/// The rows within reach of a caller for one permission. Every read of partner-owned rows takes one.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Every row.
    All,
    /// Rows of these countries, and of programs in which the user holds one of these roles.
    Only(Reach),
}

/// What a caller who does not reach everything reaches.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The caller; program grants are looked up by this key in the SQL itself.
    pub user: UserId,
    /// Roles whose program grants count for the permission at hand.
    pub roles: Vec<Role>,
    /// Countries of the caller's country grants that count for the permission.
    pub countries: Vec<Iso2>,
    /// An API token may be narrowed to these countries.
    pub within: Option<Vec<Iso2>>,
    /// Without the narrowing every row is within reach: these are not the eyes of a country.
    pub all: bool,
    /// Grants that ended before this instant do not count.
    pub at: Timestamp,
    /// A machine client asks: what is labelled TLP:RED is not for it.
    pub machine: bool,
}

impl Scope {
    /// A scope that reaches nothing.
    pub fn nothing(user: UserId, at: Timestamp) -> Self {
        Scope::Only(Reach {
            user,
            roles: Vec::new(),
            countries: Vec::new(),
            within: None,
            all: false,
            at,
            machine: false,
        })
    }

    /// True when rows of the country are within reach by the country itself.
    pub fn covers(&self, country: Iso2) -> bool {
        match self {
            Scope::All => true,
            Scope::Only(reach) => reach.countries.contains(&country),
        }
    }
}

/// Who acts: a person, a machine client of a person, or the house itself with a reason.
pub trait Actor {
    /// The person; the nil UUID for the house itself.
    fn user(&self) -> UserId;
    /// For the audit log: the session or token, or the reason of the house.
    fn via(&self) -> &str;
}

/// The house itself, with its reason: the worker and the command line.
#[derive(Clone, Debug)]
pub struct System(pub &'static str);

impl Actor for System {
    fn user(&self) -> UserId {
        UserId(uuid::Uuid::nil())
    }

    fn via(&self) -> &str {
        self.0
    }
}
