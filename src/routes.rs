//! The API on one page: every route with the right it asks for, and the public ones.

use std::collections::HashMap;
use std::sync::LazyLock;

use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

use crate::accounts;
use crate::ai_systems;
use crate::assessments;
use crate::audit;
use crate::calendars;
use crate::disclosure;
use crate::frameworks;
use crate::kernel::access::Permission::{self, *};
use crate::notifications;
use crate::partners;
use crate::platform::http::Routing;
use crate::platform::http::{examples, openapi, problem, shapes};
use crate::portfolio;
use crate::programs;
use crate::risks;
use crate::training;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Needs a permit for this.
    Right(Permission),
    /// Anyone.
    Public,
}

use Door::{Public, Right};

/// Every route below `/api/v1`: method, path, door. A test compares this table with the handlers and the document.
pub const ROUTES: &[(&str, &str, Door)] = &[
    // accounts
    ("POST", "/auth/login", Public),
    ("POST", "/auth/refresh", Public),
    ("POST", "/auth/logout", Right(SecureAccount)),
    ("POST", "/auth/step-up", Right(SecureAccount)),
    ("POST", "/auth/password/forgot", Public),
    ("POST", "/auth/password/reset", Public),
    ("GET", "/auth/invitations", Public),
    ("POST", "/auth/invitations/accept", Public),
    ("POST", "/auth/email/confirm", Public),
    ("POST", "/auth/email/undo", Public),
    ("GET", "/me", Right(UseAccount)),
    ("PATCH", "/me", Right(UseAccount)),
    ("POST", "/me/password", Right(SecureAccount)),
    ("POST", "/me/email", Right(SecureAccount)),
    ("GET", "/me/sessions", Right(SecureAccount)),
    ("DELETE", "/me/sessions", Right(SecureAccount)),
    ("DELETE", "/me/sessions/{id}", Right(SecureAccount)),
    ("GET", "/me/second-factor", Right(SecureAccount)),
    ("POST", "/me/second-factor", Right(SecureAccount)),
    ("DELETE", "/me/second-factor", Right(SecureAccount)),
    ("POST", "/me/second-factor/confirm", Right(SecureAccount)),
    ("POST", "/me/second-factor/recovery-codes", Right(SecureAccount)),
    ("GET", "/me/tokens", Right(SecureAccount)),
    ("POST", "/me/tokens", Right(SecureAccount)),
    ("DELETE", "/me/tokens/{id}", Right(SecureAccount)),
    ("GET", "/me/imports", Right(UseAccount)),
    ("GET", "/users", Right(ViewUsers)),
    ("POST", "/users", Right(InviteUsers)),
    ("GET", "/users/{id}", Right(ViewUsers)),
    ("PATCH", "/users/{id}", Right(EditUsers)),
    ("POST", "/users/{id}/transitions", Right(EditUsers)),
    ("POST", "/users/{id}/invitations", Right(InviteUsers)),
    ("POST", "/users/{id}/address-releases", Right(EditUsers)),
    ("GET", "/users/{id}/grants", Right(ViewUsers)),
    ("POST", "/users/{id}/grants", Right(GrantRoles)),
    ("GET", "/users/{id}/grants/{grant_id}", Right(ViewUsers)),
    ("DELETE", "/users/{id}/grants/{grant_id}", Right(GrantRoles)),
    // partners
    ("GET", "/countries", Right(ReadReference)),
    ("GET", "/countries/{iso2}", Right(ReadReference)),
    ("GET", "/partners", Right(ViewPartners)),
    ("POST", "/partners", Right(CreatePartners)),
    ("GET", "/partners/{iso2}", Right(ViewPartners)),
    ("PATCH", "/partners/{iso2}", Right(EditPartners)),
    ("POST", "/partners/{iso2}/transitions", Right(MovePartners)),
    ("GET", "/partners/{iso2}/holidays", Right(ViewPartners)),
    ("POST", "/partners/{iso2}/holidays", Right(EditPartners)),
    ("POST", "/partners/{iso2}/holidays/import", Right(EditPartners)),
    ("GET", "/partners/{iso2}/holidays/{id}", Right(ViewPartners)),
    ("DELETE", "/partners/{iso2}/holidays/{id}", Right(EditPartners)),
    ("GET", "/partners/{iso2}/focal-points", Right(ViewFocalPoints)),
    ("POST", "/partners/{iso2}/focal-points", Right(NominateFocalPoints)),
    ("GET", "/partners/{iso2}/focal-points/{id}", Right(ViewFocalPoints)),
    ("PATCH", "/partners/{iso2}/focal-points/{id}", Right(NominateFocalPoints)),
    ("POST", "/partners/{iso2}/focal-points/{id}/transitions", Right(AppointFocalPoints)),
    ("POST", "/partners/{iso2}/focal-points/{id}/confirmations", Right(ConfirmFocalPoints)),
    ("GET", "/organizations", Right(ViewOrganizations)),
    ("POST", "/organizations", Right(EditOrganizations)),
    ("GET", "/organizations/{id}", Right(ViewOrganizations)),
    ("PATCH", "/organizations/{id}", Right(EditOrganizations)),
    ("DELETE", "/organizations/{id}", Right(EditOrganizations)),
    // programs
    ("GET", "/programs", Right(ViewPrograms)),
    ("GET", "/programs.csv", Right(ExportPrograms)),
    ("GET", "/programs.ndjson", Right(ExportPrograms)),
    ("GET", "/programs.xlsx", Right(ExportPrograms)),
    ("POST", "/programs", Right(CreatePrograms)),
    ("POST", "/programs/import", Right(ImportPrograms)),
    ("GET", "/programs/{id}", Right(ViewPrograms)),
    ("PATCH", "/programs/{id}", Right(EditPrograms)),
    ("DELETE", "/programs/{id}", Right(EditPrograms)),
    ("POST", "/programs/{id}/transitions", Right(MovePrograms)),
    ("POST", "/programs/{id}/countries/{iso2}/acknowledgements", Right(AcknowledgePrograms)),
    ("GET", "/programs/{id}/budgets", Right(ViewWholePrograms)),
    ("POST", "/programs/{id}/budgets", Right(EditPrograms)),
    ("GET", "/programs/{id}/budgets/{budget_id}", Right(ViewWholePrograms)),
    ("PATCH", "/programs/{id}/budgets/{budget_id}", Right(EditPrograms)),
    ("DELETE", "/programs/{id}/budgets/{budget_id}", Right(EditPrograms)),
    ("GET", "/programs/{id}/members", Right(ViewMembers)),
    ("POST", "/programs/{id}/members", Right(EditMembers)),
    ("GET", "/programs/{id}/members/{member_id}", Right(ViewMembers)),
    ("DELETE", "/programs/{id}/members/{member_id}", Right(EditMembers)),
    // letters
    ("GET", "/letters", Right(ViewLetters)),
    ("GET", "/letters/preview", Right(ViewLetters)),
    ("GET", "/letters/{id}", Right(ViewLetters)),
    ("POST", "/letters/{id}/resend", Right(ResendLetters)),
    ("GET", "/notification-rules", Right(ViewLetterRules)),
    ("PATCH", "/notification-rules", Right(EditLetterRules)),
    ("GET", "/programs/{id}/notification-rules", Right(ViewLetterRules)),
    ("PATCH", "/programs/{id}/notification-rules", Right(EditProgramLetterRules)),
    ("GET", "/me/notification-preferences", Right(UseAccount)),
    ("PATCH", "/me/notification-preferences", Right(UseAccount)),
    ("GET", "/me/notifications", Right(UseAccount)),
    // audit
    ("GET", "/audit-events", Right(ViewAudit)),
    ("GET", "/audit-chain", Right(ViewWholeAudit)),
    // milestones
    ("POST", "/programs/{id}/milestones", Right(CreateMilestones)),
    ("GET", "/programs/{id}/milestones", Right(ViewMilestones)),
    ("GET", "/programs/{id}/milestones.csv", Right(ExportMilestones)),
    ("GET", "/programs/{id}/milestones.ndjson", Right(ExportMilestones)),
    ("GET", "/programs/{id}/milestones.xlsx", Right(ExportMilestones)),
    ("POST", "/programs/{id}/milestones/import", Right(CreateMilestones)),
    ("GET", "/programs/{id}/timeline", Right(ViewMilestones)),
    ("GET", "/programs/{id}/timeline.svg", Right(ViewMilestones)),
    ("GET", "/milestones", Right(ViewMilestones)),
    ("GET", "/milestones.csv", Right(ExportMilestones)),
    ("GET", "/milestones.ndjson", Right(ExportMilestones)),
    ("GET", "/milestones.xlsx", Right(ExportMilestones)),
    ("GET", "/milestones/{id}", Right(ViewMilestones)),
    ("PATCH", "/milestones/{id}", Right(EditMilestones)),
    ("DELETE", "/milestones/{id}", Right(EditMilestones)),
    ("POST", "/milestones/{id}/transitions", Right(MoveMilestones)),
    ("POST", "/milestones/{id}/moves", Right(EditMilestones)),
    ("GET", "/milestones/{id}/moves", Right(ViewMilestones)),
    // training
    ("GET", "/work-roles", Right(ReadReference)),
    // frameworks
    ("GET", "/frameworks", Right(ReadReference)),
    ("POST", "/frameworks/import", Right(EditFrameworks)),
    ("GET", "/frameworks/{id}", Right(ReadReference)),
    ("DELETE", "/frameworks/{id}", Right(EditFrameworks)),
    ("GET", "/frameworks/{id}/nodes", Right(ReadReference)),
    ("GET", "/frameworks/{id}/nodes/{node_id}", Right(ReadReference)),
    ("GET", "/frameworks/{id}/catalog", Right(ReadReference)),
    ("GET", "/crosswalks", Right(ReadReference)),
    ("GET", "/crosswalks/{id}", Right(ReadReference)),
    ("DELETE", "/crosswalks/{id}", Right(EditFrameworks)),
    ("GET", "/crosswalks/{id}/mappings", Right(ReadReference)),
    ("GET", "/risk-matrices", Right(ReadReference)),
    ("GET", "/risk-matrices/{id}", Right(ReadReference)),
    ("DELETE", "/risk-matrices/{id}", Right(EditFrameworks)),
    // portfolio
    ("GET", "/partners/{iso2}/profile", Right(ViewPartners)),
    ("GET", "/portfolio", Right(ViewPortfolio)),
    // disclosure
    ("GET", "/ai-systems", Right(ViewAiSystems)),
    ("POST", "/ai-systems", Right(CreateAiSystems)),
    ("GET", "/ai-systems/{id}", Right(ViewAiSystems)),
    ("PATCH", "/ai-systems/{id}", Right(EditAiSystems)),
    ("DELETE", "/ai-systems/{id}", Right(EditAiSystems)),
    ("GET", "/ai-systems/{id}/impact-assessments", Right(ViewAiSystems)),
    ("POST", "/ai-systems/{id}/impact-assessments", Right(EditAiSystems)),
    ("GET", "/ai-systems/{id}/impact-assessments/{impact_id}", Right(ViewAiSystems)),
    ("PATCH", "/ai-systems/{id}/impact-assessments/{impact_id}", Right(EditAiSystems)),
    ("DELETE", "/ai-systems/{id}/impact-assessments/{impact_id}", Right(EditAiSystems)),
    ("POST", "/ai-systems/{id}/impact-assessments/{impact_id}/transitions", Right(MoveAiSystems)),
    ("GET", "/risk-registers", Right(ViewRisks)),
    ("POST", "/risk-registers", Right(CreateRisks)),
    ("GET", "/risk-registers/{id}", Right(ViewRisks)),
    ("PATCH", "/risk-registers/{id}", Right(EditRisks)),
    ("DELETE", "/risk-registers/{id}", Right(EditRisks)),
    ("POST", "/risk-registers/{id}/transitions", Right(MoveRisks)),
    ("GET", "/risk-registers/{id}/findings", Right(ViewRisks)),
    ("GET", "/risk-registers/{id}/heat-map", Right(ViewRisks)),
    ("GET", "/risk-registers/{id}/heat-map.svg", Right(ViewRisks)),
    ("GET", "/risk-registers/{id}/risks", Right(ViewRisks)),
    ("POST", "/risk-registers/{id}/risks", Right(EditRisks)),
    ("GET", "/risks", Right(ViewRisks)),
    ("GET", "/risks/{id}", Right(ViewRisks)),
    ("PATCH", "/risks/{id}", Right(EditRisks)),
    ("DELETE", "/risks/{id}", Right(EditRisks)),
    ("PUT", "/risks/{id}/ratings", Right(EditRisks)),
    ("POST", "/risks/{id}/transitions", Right(MoveRisks)),
    ("GET", "/risks/{id}/actions", Right(ViewRisks)),
    ("POST", "/risks/{id}/actions", Right(EditRisks)),
    ("GET", "/risks/{id}/actions/{action_id}", Right(ViewRisks)),
    ("PATCH", "/risks/{id}/actions/{action_id}", Right(EditRisks)),
    ("DELETE", "/risks/{id}/actions/{action_id}", Right(EditRisks)),
    ("POST", "/risks/{id}/actions/{action_id}/transitions", Right(MoveRisks)),
    ("GET", "/risks/{id}/acceptances", Right(ViewRisks)),
    ("POST", "/risks/{id}/acceptances", Right(EditRisks)),
    ("GET", "/risks/{id}/acceptances/{acceptance_id}", Right(ViewRisks)),
    ("PATCH", "/risks/{id}/acceptances/{acceptance_id}", Right(EditRisks)),
    ("DELETE", "/risks/{id}/acceptances/{acceptance_id}", Right(EditRisks)),
    ("POST", "/risks/{id}/acceptances/{acceptance_id}/transitions", Right(MoveRisks)),
    ("GET", "/share-grants", Right(ViewDisclosure)),
    ("POST", "/share-grants", Right(AskDisclosure)),
    ("GET", "/share-grants/{id}", Right(ViewDisclosure)),
    ("POST", "/share-grants/{id}/transitions", Right(MoveDisclosure)),
    ("GET", "/label-changes", Right(ViewDisclosure)),
    ("POST", "/label-changes", Right(DecideDisclosure)),
    ("GET", "/label-changes/{id}", Right(ViewDisclosure)),
    ("POST", "/label-changes/{id}/transitions", Right(MoveDisclosure)),
    ("GET", "/partners/{iso2}/access-log", Right(ViewAccessLog)),
    // assessments
    ("GET", "/assessments", Right(ViewAssessments)),
    ("POST", "/assessments", Right(OpenAssessments)),
    ("GET", "/assessments/{id}", Right(ViewAssessments)),
    ("PATCH", "/assessments/{id}", Right(EditAssessments)),
    ("DELETE", "/assessments/{id}", Right(NameOnAssessments)),
    ("POST", "/assessments/{id}/transitions", Right(MoveAssessments)),
    ("GET", "/assessments/{id}/people", Right(ViewAssessments)),
    ("POST", "/assessments/{id}/people", Right(NameOnAssessments)),
    ("DELETE", "/assessments/{id}/people/{user_id}", Right(NameOnAssessments)),
    ("GET", "/assessments/{id}/sections", Right(ViewAssessments)),
    ("POST", "/assessments/{id}/sections", Right(AssignSections)),
    ("GET", "/assessments/{id}/sections/{section_id}", Right(ViewAssessments)),
    ("PATCH", "/assessments/{id}/sections/{section_id}", Right(AssignSections)),
    ("DELETE", "/assessments/{id}/sections/{section_id}", Right(AssignSections)),
    ("POST", "/assessments/{id}/sections/{section_id}/transitions", Right(AnswerAssessments)),
    ("GET", "/assessments/{id}/answers", Right(ViewAssessments)),
    ("POST", "/assessments/{id}/answers", Right(AnswerAssessments)),
    ("GET", "/assessments/{id}/answers/{node_id}", Right(ViewAssessments)),
    ("GET", "/assessments/{id}/answers/{node_id}/changes", Right(ViewAssessments)),
    ("POST", "/assessments/{id}/reviews", Right(ReviewAssessments)),
    ("GET", "/assessments/{id}/evidence", Right(ViewAssessments)),
    ("POST", "/assessments/{id}/evidence", Right(AnswerAssessments)),
    ("GET", "/assessments/{id}/evidence/{evidence_id}", Right(ViewAssessments)),
    ("PATCH", "/assessments/{id}/evidence/{evidence_id}", Right(AnswerAssessments)),
    ("DELETE", "/assessments/{id}/evidence/{evidence_id}", Right(AnswerAssessments)),
    ("POST", "/assessments/{id}/evidence/{evidence_id}/transitions", Right(ReviewAssessments)),
    ("PUT", "/assessments/{id}/evidence/{evidence_id}/file", Right(AnswerAssessments)),
    ("GET", "/assessments/{id}/evidence/{evidence_id}/file", Right(ViewAssessments)),
    ("GET", "/assessments/{id}/score", Right(ViewAssessments)),
    ("GET", "/assessments/{id}/gaps", Right(ViewAssessments)),
    ("GET", "/assessments/{id}/compare", Right(ViewAssessments)),
    ("GET", "/assessments/{id}/chart", Right(ViewAssessments)),
    ("GET", "/assessments/{id}/chart.svg", Right(ViewAssessments)),
    ("POST", "/assessments/{id}/recommendations", Right(ProposeRecommendations)),
    ("GET", "/recommendations", Right(ViewRecommendations)),
    ("GET", "/recommendations/{id}", Right(ViewRecommendations)),
    ("POST", "/recommendations/{id}/transitions", Right(MoveRecommendations)),
    ("GET", "/courses", Right(ViewCourses)),
    ("POST", "/courses", Right(EditCourses)),
    ("GET", "/courses/{id}", Right(ViewCourses)),
    ("PATCH", "/courses/{id}", Right(EditCourses)),
    ("DELETE", "/courses/{id}", Right(EditCourses)),
    ("POST", "/programs/{id}/training-sessions", Right(PlanTraining)),
    ("GET", "/programs/{id}/training-sessions", Right(ViewTraining)),
    ("POST", "/programs/{id}/training-sessions/import", Right(PlanTraining)),
    ("GET", "/training-sessions", Right(ViewTraining)),
    ("GET", "/training-sessions.csv", Right(ExportTraining)),
    ("GET", "/training-sessions.ndjson", Right(ExportTraining)),
    ("GET", "/training-sessions.xlsx", Right(ExportTraining)),
    ("GET", "/training-sessions/{id}", Right(ViewTraining)),
    ("PATCH", "/training-sessions/{id}", Right(EditTraining)),
    ("DELETE", "/training-sessions/{id}", Right(EditTraining)),
    ("POST", "/training-sessions/{id}/transitions", Right(MoveTraining)),
    ("GET", "/training-sessions/{id}/registrations", Right(ViewRegistrations)),
    ("GET", "/training-sessions/{id}/registrations.csv", Right(ViewRegistrations)),
    ("GET", "/training-sessions/{id}/registrations.ndjson", Right(ViewRegistrations)),
    ("GET", "/training-sessions/{id}/registrations.xlsx", Right(ViewRegistrations)),
    ("POST", "/training-sessions/{id}/registrations", Right(EnterRegistrations)),
    ("POST", "/training-sessions/{id}/registrations/import", Right(EnterRegistrations)),
    ("POST", "/training-sessions/{id}/nominations", Right(Nominate)),
    ("POST", "/training-sessions/{id}/nominations/import", Right(Nominate)),
    ("GET", "/training-sessions/{id}/registration-links", Right(EnterRegistrations)),
    ("POST", "/training-sessions/{id}/registration-links", Right(EnterRegistrations)),
    ("GET", "/registration-links/{id}", Right(EnterRegistrations)),
    ("DELETE", "/registration-links/{id}", Right(EnterRegistrations)),
    ("GET", "/registrations/{id}", Right(ViewRegistrations)),
    ("PATCH", "/registrations/{id}", Right(EditNominations)),
    ("POST", "/registrations/{id}/transitions", Right(MoveRegistrations)),
    ("GET", "/training-sessions/{id}/attendance", Right(ViewRegistrations)),
    ("GET", "/training-sessions/{id}/attendance.csv", Right(ViewRegistrations)),
    ("GET", "/training-sessions/{id}/attendance.ndjson", Right(ViewRegistrations)),
    ("GET", "/training-sessions/{id}/attendance.xlsx", Right(ViewRegistrations)),
    ("POST", "/training-sessions/{id}/attendance", Right(RecordAttendance)),
    ("POST", "/training-sessions/{id}/attendance/import", Right(RecordAttendance)),
    ("GET", "/training-sessions/{id}/check-in-code", Right(RecordAttendance)),
    ("GET", "/training-sessions/{id}/results", Right(ViewRegistrations)),
    ("GET", "/training-sessions/{id}/numbers", Right(ViewTrainingNumbers)),
    ("GET", "/training-sessions/{id}/numbers.csv", Right(ViewTrainingNumbers)),
    ("GET", "/training-sessions/{id}/numbers.xlsx", Right(ViewTrainingNumbers)),
    ("GET", "/programs/{id}/training-numbers", Right(ViewTrainingNumbers)),
    ("GET", "/programs/{id}/training-numbers.csv", Right(ViewTrainingNumbers)),
    ("GET", "/programs/{id}/training-numbers.xlsx", Right(ViewTrainingNumbers)),
    ("GET", "/partners/{iso2}/training-numbers", Right(ViewTrainingNumbers)),
    ("GET", "/partners/{iso2}/training-numbers.csv", Right(ViewTrainingNumbers)),
    ("GET", "/partners/{iso2}/training-numbers.xlsx", Right(ViewTrainingNumbers)),
    ("GET", "/attendance/{id}", Right(ViewRegistrations)),
    ("GET", "/training-sessions/{id}/scores", Right(ViewRegistrations)),
    ("POST", "/training-sessions/{id}/scores", Right(RecordScores)),
    ("POST", "/training-sessions/{id}/scores/import", Right(RecordScores)),
    ("GET", "/training-sessions/{id}/learning", Right(ViewRegistrations)),
    ("GET", "/scores/{id}", Right(ViewRegistrations)),
    ("POST", "/passes/feedback", Public),
    ("GET", "/training-sessions/{id}/feedback", Right(ViewFeedback)),
    ("POST", "/training-sessions/{id}/certificates", Right(IssueCertificates)),
    ("GET", "/training-certificates", Right(ViewCertificates)),
    ("GET", "/training-certificates/{id}", Right(ViewCertificates)),
    ("POST", "/training-certificates/{id}/transitions", Right(RevokeCertificates)),
    ("GET", "/certificates/{number}", Public),
    ("GET", "/participant-fields", Right(ReadReference)),
    ("GET", "/participants", Right(ViewParticipants)),
    ("GET", "/participants/{id}", Right(ViewParticipants)),
    ("PATCH", "/participants/{id}", Right(EditParticipants)),
    ("POST", "/participants/{id}/merge", Right(MergeParticipants)),
    // doors for people without accounts
    ("POST", "/passes/show", Public),
    ("POST", "/passes/answer", Public),
    ("POST", "/passes/check-in", Public),
    ("POST", "/registrations/open", Public),
    ("POST", "/registrations/open/show", Public),
    // calendars
    ("GET", "/me/feeds", Right(UseAccount)),
    ("POST", "/me/feeds", Right(UseAccount)),
    ("DELETE", "/me/feeds/{id}", Right(UseAccount)),
    ("GET", "/calendar.ics", Public),
];

/// Registers each slice's handlers.
pub fn slices(config: &mut Routing<'_, '_>) {
    accounts::http::routes(config);
    partners::routes(config);
    audit::routes(config);
    programs::routes(config);
    training::routes(config);
    frameworks::routes(config);
    disclosure::routes(config);
    assessments::routes(config);
    portfolio::routes(config);
    ai_systems::routes(config);
    risks::routes(config);
    notifications::http::routes(config);
    calendars::routes(config);
}

/// The door of a route.
pub fn door(method: &str, path: &str) -> Option<Door> {
    static DOORS: LazyLock<HashMap<(&str, &str), Door>> =
        LazyLock::new(|| ROUTES.iter().map(|(method, path, door)| ((*method, *path), *door)).collect());
    let below = path.strip_prefix("/api/v1").unwrap_or(path);
    DOORS.get(&(method, below)).copied()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "cybercap",
        description = "Cyber and AI capacity-building programs with partner countries.\n\nTo call an operation, get a token: \
                       `POST /api/v1/auth/login` with your address and password gives an `access_token` for ten minutes; on this page, \
                       paste it behind the button Authorize.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "The administrators of this installation")
    ),
    servers((url = "/", description = "This installation")),
    components(schemas(problem::Problem, problem::FieldProblem))
)]
struct Document;

/// The OpenAPI document, generated from the handlers and completed from [`ROUTES`].
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Document::openapi())
        .service(
            utoipa_actix_web::scope("/api/v1").configure(|config| slices(&mut Routing::Documenting(config))),
        )
        .split_for_parts();
    openapi::complete(&mut document, &right);
    document
}

/// The operations alone with all they take, without the schemas: what a server has to know of its document.
pub fn operations() -> utoipa::openapi::Paths {
    let mut below = utoipa::openapi::Paths::new();
    slices(&mut Routing::Listing(&mut below));
    let mut document = utoipa::openapi::OpenApi::default();
    let paths = below.paths.into_iter().map(|(path, item)| (format!("/api/v1{path}"), item));
    document.paths.paths = paths.collect();
    openapi::complete(&mut document, &right);
    document.paths
}

/// The right that an operation asks for, in words.
fn right(method: &str, path: &str) -> Option<&'static str> {
    match door(method, path) {
        Some(Right(permission)) => Some(permission.word()),
        _ => None,
    }
}

/// The document as it is served and committed, with an example for every body.
pub fn document_json() -> serde_json::Value {
    let mut document = serde_json::to_value(document()).unwrap_or_default();
    shapes::complete(&mut document);
    examples::add(&mut document);
    document
}

/// The document as text, made once, when first asked for.
pub fn document_text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| document_json().to_string());
    &TEXT
}

/// Methods that answer at a path of the API.
pub fn methods(path: &str) -> Vec<&'static str> {
    let Some(below) = path.strip_prefix("/api/v1") else { return Vec::new() };
    let taken = ROUTES.iter().filter(|(_, template, _)| fits(template, below)).map(|(method, _, _)| *method);
    taken.flat_map(|method| if method == "GET" { vec!["GET", "HEAD"] } else { vec![method] }).collect()
}

/// Whether the list at a path of the API is also given as a file with this ending.
pub fn gives_file(path: &str, suffix: &str) -> bool {
    let Some(below) = path.strip_prefix("/api/v1") else { return false };
    let below = format!("{below}.{suffix}");
    ROUTES.iter().any(|(method, template, _)| {
        *method == "GET"
            && template.rsplit_once('.').is_some_and(|(_, s)| s == suffix)
            && fits(template, &below)
    })
}

/// Whether a path is one of a template, `{..}` standing for one segment.
fn fits(template: &str, below: &str) -> bool {
    let (mut a, mut b) = (template.split('/'), below.split('/'));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(t), Some(s)) if t == s || (t.starts_with('{') && !s.is_empty()) => {}
            _ => return false,
        }
    }
}
