//! Which object an event is about, and which letters it voids.

use serde_json::Value;

use super::model::ObjectKind;
use super::planner::Happened;
use super::rules::{self, Anchor, RuleCode};
use super::{facts, store};
use crate::kernel::Result;
use crate::kernel::id::ObjectId;
use crate::platform::db::Tx;

/// What a date belongs to.
pub(super) fn kind_of(anchor: Anchor) -> ObjectKind {
    match anchor {
        Anchor::Confirmation => ObjectKind::FocalPoint,
        Anchor::Due => ObjectKind::Milestone,
        Anchor::FirstDay | Anchor::FirstHour | Anchor::LastDay | Anchor::RegistrationCloses => {
            ObjectKind::TrainingSession
        }
        Anchor::AssessmentDue | Anchor::AssessmentAgain => ObjectKind::Assessment,
        Anchor::SectionDue => ObjectKind::Section,
        Anchor::EvidenceEnds => ObjectKind::Evidence,
        Anchor::ActionDue => ObjectKind::TreatmentAction,
        Anchor::AcceptanceEnds => ObjectKind::RiskAcceptance,
        Anchor::RiskReview => ObjectKind::Risk,
        Anchor::ImpactReview => ObjectKind::AiImpact,
        Anchor::ShareEnds => ObjectKind::ShareGrant,
        Anchor::OfferEnds | Anchor::CertificateEnds => ObjectKind::Registration,
        _ => ObjectKind::Program,
    }
}

/// What an event voids, besides what the judge finds at the time of sending.
pub(super) fn close(tx: &mut Tx, event: &Happened, object: ObjectId, body: &Value) -> Result<()> {
    use RuleCode::{A1, A2, A3, A4, A5, A6, A8, K1, K2, K4, K4D, K4E, S1, S2};
    use RuleCode::{F1, F2, M2, M3, M6, P3, P4, P5, T1, T2, T6, T7, T8, T9, T10, T11, T12, U1, U2, U3};
    let (rules, reason): (&[RuleCode], &str) = match event.kind.as_str() {
        "user.invited" => (&[U1, U2], "a newer invitation was sent"),
        "user.password_forgotten" => (&[U3], "a newer link was asked for"),
        "milestone.moved" => (&[M2, M3], "the date moved"),
        "milestone.status_changed" => match body["to"].as_str() {
            Some("accepted" | "cancelled") => (&[M2, M3, M6], "the milestone is closed"),
            Some("submitted") => (&[M2, M3, M6], "it was submitted"),
            _ => (&[M6], "it no longer waits for acceptance"),
        },
        "program.changed" => (&[P3, P4, P5], "the dates moved"),
        "program.status_changed" => (&[P3, P4, P5], "the program's status changed"),
        "session.moved" if body["time"] == true => (&[T6, T8, T9, T10], "the days moved"),
        "certificate.revoked" => (&[T11, T12], "the certificate was revoked"),
        "session.status_changed" if rules::is_changed(body) => {
            (&[T1, T2, T6, T7, T8, T9, T10], "the session was postponed or cancelled, or is on again")
        }
        "session.status_changed" => match body["to"].as_str() {
            Some("registration_closed") => (&[T2], "registration is closed"),
            Some("running") => (&[T1, T2, T6], "the session has begun"),
            _ => return Ok(()),
        },
        "section.assigned" => (&[A2], "it was assigned anew"),
        "section.status_changed" => match body["to"].as_str() {
            Some("submitted" | "closed") => (&[A2, A3, A4, A5], "it was handed in or closed"),
            _ => (&[A3, A4, A5], "it went on"),
        },
        "assessment.status_changed" => match body["to"].as_str() {
            Some("in_review") => (&[A1, A3, A4, A5, A6], "it was handed in"),
            _ => (&[A1, A5, A6, A8], "it went on"),
        },
        "risk.assigned" | "treatment_action.assigned" | "ai_system.assigned" => {
            (&[K1], "it was assigned anew")
        }
        "risk.level_changed" => (&[K2], "its level changed again"),
        "acceptance.submitted" | "acceptance.decided" | "acceptance.ended" => {
            (&[K4, K4D, K4E], "the acceptance went on")
        }
        "share_grant.moved" => (&[S1, S2], "the disclosure went on"),
        "focal_point.confirmed" | "focal_point.ended" => (&[F1, F2], "the mandate was settled"),
        _ => return Ok(()),
    };
    store::cancel_about(tx, object, rules, reason).map(drop)
}

/// The object that an event is about.
pub(super) fn object_of(kind: &str, body: &Value) -> Option<(ObjectKind, ObjectId)> {
    let (object, field) = match kind.split('.').next()? {
        "user" | "role" => (ObjectKind::User, "user_id"),
        "focal_point" => (ObjectKind::FocalPoint, "focal_point_id"),
        "program" => (ObjectKind::Program, "program_id"),
        "milestone" => (ObjectKind::Milestone, "milestone_id"),
        "session" => (ObjectKind::TrainingSession, "session_id"),
        "assessment" => (ObjectKind::Assessment, "assessment_id"),
        "section" => (ObjectKind::Section, "section_id"),
        "risk" => (ObjectKind::Risk, "risk_id"),
        "treatment_action" => (ObjectKind::TreatmentAction, "action_id"),
        "acceptance" => (ObjectKind::RiskAcceptance, "acceptance_id"),
        "ai_system" => (ObjectKind::AiSystem, "ai_system_id"),
        "ai_impact" => (ObjectKind::AiImpact, "impact_id"),
        "share_grant" => (ObjectKind::ShareGrant, "share_grant_id"),
        "registration" | "certificate" => (ObjectKind::Registration, "registration_id"),
        _ => return None,
    };
    Some((object, facts::id(body, field)?))
}
