//! The catalogue of letters as a table: code, category, what sets it off, and who gets it how many days before or after.

use serde::Serialize;
use serde_json::Value;

use super::model::RecipientKind;
use crate::codes_enum;

codes_enum! {
    /// What letters are about; a person sets how often they come for each.
    pub Category {
        /// Accounts, roles, security: always at once.
        Security "security",
        /// Mandates of focal points.
        Mandates "mandates",
        /// Programs.
        Programs "programs",
        /// Milestones and deliverables.
        Milestones "milestones",
        /// Training sessions.
        Training "training",
        /// Assessments of countries, and to whom countries disclose what they own.
        Assessments "assessments",
        /// Risk registers and AI systems of countries.
        Risks "risks",
        /// The running of the service, to administrators.
        Operations "operations",
    }
}

impl Category {
    /// Letters on security and on one's own requests can't be refused.
    pub fn mandatory(self) -> bool {
        matches!(self, Category::Security)
    }
}

codes_enum! {
    /// Who gets a letter, seen from its object.
    pub Audience {
        /// The person the event is about.
        Person "person",
        /// Every administrator.
        Administrators "administrators",
        /// Coordinators of the program.
        Coordinators "coordinators",
        /// Focal points of the countries concerned.
        FocalPoints "focal_points",
        /// Observers and trainers of the program: donors and implementers.
        Partners "partners",
        /// Who answers for it: for a milestone, a scenario, an action, an AI system, or for evidence that they offered.
        Owner "owner",
        /// Owners of milestones that wait for this one.
        Dependants "dependants",
        /// Who fills in the section.
        Assignee "assignee",
        /// Who keeps the record of a country: its authors and facilitators, else the country's focal points.
        Authors "authors",
        /// Who is named to review it.
        Reviewers "reviewers",
        /// Who decides on an acceptance; once it is decided, who did and who drafted it.
        Approvers "approvers",
        /// To whom it is disclosed: a person, or the team of a program; and who asked for it.
        Recipients "recipients",
        /// Trainers of the session.
        Trainers "trainers",
        /// The person of the registration; of a session all who come or may come to it. They have no accounts.
        Participants "participants",
    }
}

/// A date of an object from which days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// 180 days after a focal point was last confirmed.
    Confirmation,
    /// A program's planned start, while a country has not acknowledged it.
    PlannedStart,
    /// A program's planned end, while it runs.
    PlannedEnd,
    /// A planned start that passed without the actual one.
    StartMissing,
    /// A planned end that passed without the actual one.
    EndMissing,
    /// A milestone's due date, while it is open.
    Due,
    /// The first day of a session that is published.
    FirstDay,
    /// The day on which registration for a session closes.
    RegistrationCloses,
    /// The last day of a session.
    LastDay,
    /// The instant at which a session that is held online begins.
    FirstHour,
    /// The instant at which the offer of a seat runs out.
    OfferEnds,
    /// The last day on which a certificate is valid.
    CertificateEnds,
    /// The day by which an assessment is to be handed in.
    AssessmentDue,
    /// The day by which a section of an assessment is to be handed in.
    SectionDue,
    /// The last day on which evidence proves anything.
    EvidenceEnds,
    /// The day by which an assessment is to be made again.
    AssessmentAgain,
    /// The last day of a disclosure.
    ShareEnds,
    /// The day by which an action against a scenario is to be done.
    ActionDue,
    /// The last day of an acceptance.
    AcceptanceEnds,
    /// The day on which a scenario is looked at again.
    RiskReview,
    /// The day on which an impact assessment of an AI system is looked at again.
    ImpactReview,
}

impl Anchor {
    /// Hours before it at which a letter goes out; none: its letters count in days.
    pub fn hours(self) -> Option<i64> {
        match self {
            Anchor::FirstHour => Some(2),
            Anchor::OfferEnds => Some(24),
            _ => None,
        }
    }
}

/// What sets a rule off.
#[derive(Clone, Copy, Debug)]
pub enum Trigger {
    /// One of these events, when the condition on its body holds.
    On(&'static [&'static str], fn(&Value) -> bool),
    /// A date that nears or has passed.
    By(Anchor),
}

/// Days, counted from the event or the date, on which one audience gets the letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ladder {
    /// Who.
    pub to: Audience,
    /// Days before (-) or after (+).
    pub offsets: Vec<i32>,
    /// After the last offset again every so many days while nothing changes; 0: not again.
    pub every: i32,
}

macro_rules! rules {
    ($($code:ident $word:literal $category:ident $trigger:expr, [$($to:ident: $offsets:expr $(, every $every:literal)?);+], $about:literal;)*) => {
        codes_enum! {
            /// Codes of the catalogue.
            pub RuleCode { $(#[doc = $about] $code $word),* }
        }

        impl RuleCode {
            /// What the rule is about.
            pub fn category(self) -> Category { match self { $(RuleCode::$code => Category::$category),* } }
            /// What sets it off.
            pub fn trigger(self) -> Trigger { match self { $(RuleCode::$code => $trigger),* } }
            /// One sentence.
            pub fn about(self) -> &'static str { match self { $(RuleCode::$code => $about),* } }
            /// Who gets it when, unless set otherwise.
            pub fn ladders(self) -> Vec<Ladder> {
                match self { $(RuleCode::$code => vec![$(Ladder {
                    to: Audience::$to,
                    offsets: ($offsets as &[i32]).to_vec(),
                    every: 0 $(+ $every)?,
                }),+]),* }
            }
        }
    };
}

rules! {
    U1 "U1" Security On(&["user.invited"], always), [Person: &[0]], "Invitation to the service.";
    U2 "U2" Security On(&["user.invited"], always), [Person: &[3, 7]], "The invitation was not used.";
    U3 "U3" Security On(&["user.password_forgotten"], always), [Person: &[0]], "A new password was asked for.";
    U4 "U4" Security On(&["user.secured", "user.email_change_asked"], always), [Person: &[0]],
        "New device, second factor, password or address.";
    U5 "U5" Security On(&["role.granted", "role.revoked"], always), [Person: &[0]], "A role was granted or removed.";
    U6 "U6" Security On(&["user.throttled"], always), [Person: &[0]; Administrators: &[0]],
        "Many failed logins.";
    F1 "F1" Mandates By(Anchor::Confirmation), [Person: &[0]], "A focal point is due to be confirmed.";
    F2 "F2" Mandates By(Anchor::Confirmation), [Person: &[14, 28]; Administrators: &[14, 28]],
        "A focal point was not confirmed in time.";
    P1 "P1" Programs On(&["program.status_changed"], goes_on), [Coordinators: &[0]; FocalPoints: &[0]; Partners: &[0]],
        "A program's status changed.";
    P2 "P2" Programs On(&["program.status_changed"], halts), [Coordinators: &[0]; FocalPoints: &[0]; Partners: &[0]],
        "A program was suspended or cancelled.";
    P3 "P3" Programs By(Anchor::PlannedStart), [Coordinators: &[-30, -7, 0]; FocalPoints: &[-30, -7, 0]],
        "A program is to start and a country has not acknowledged it.";
    P4 "P4" Programs By(Anchor::PlannedEnd), [Coordinators: &[-90, -30, -7]; FocalPoints: &[-90, -30, -7]],
        "A program nears its planned end.";
    P5 "P5" Programs By(Anchor::StartMissing), [Coordinators: &[1, 7, 14]],
        "The actual start or end is missing.";
    M1 "M1" Milestones On(&["milestone.assigned"], always), [Owner: &[0]], "A milestone was assigned.";
    M2 "M2" Milestones By(Anchor::Due), [Owner: &[-30, -7, -1, 0]; Coordinators: &[-7]], "A milestone is due soon.";
    M3 "M3" Milestones By(Anchor::Due), [Owner: &[1], every 3; Coordinators: &[7]; Administrators: &[21]],
        "A milestone is overdue.";
    M4 "M4" Milestones On(&["milestone.moved"], always),
        [Coordinators: &[0]; FocalPoints: &[0]; Dependants: &[0]], "A milestone's date moved.";
    M5 "M5" Milestones On(&["milestone.status_changed"], is_judged), [Owner: &[0]; Coordinators: &[0]],
        "A milestone was submitted, accepted or returned.";
    M6 "M6" Milestones On(&["milestone.status_changed"], is_submitted), [FocalPoints: &[0, 7, 14]; Coordinators: &[21]],
        "A deliverable waits for the country's acceptance.";
    T1 "T1" Training On(&["session.status_changed", "session.people_changed"], is_offered), [FocalPoints: &[0]],
        "A session was published, or its registration opened.";
    T2 "T2" Training By(Anchor::RegistrationCloses), [FocalPoints: &[-21, -7, -2]],
        "Registration for a session closes soon.";
    T3 "T3" Training On(&["registration.moved"], is_decided), [FocalPoints: &[0]],
        "A nomination was decided on, or a seat of the country was given back.";
    T4 "T4" Training On(&["registration.moved"], is_settled), [Participants: &[0]],
        "A person was invited, confirmed, put on the waiting list or not accepted, or withdrawn.";
    T5 "T5" Training On(&["registration.moved"], is_offer), [Participants: &[0]; FocalPoints: &[0]],
        "A seat is offered, and again a day before the offer runs out.";
    T6 "T6" Training By(Anchor::FirstDay), [Trainers: &[-14, -3, -1]; Participants: &[-14, -3, -1]],
        "A session is held soon; one that is held online begins in two hours.";
    T7 "T7" Training On(&["session.moved", "session.status_changed", "session.people_changed"], is_changed),
        [FocalPoints: &[0]; Trainers: &[0]; Participants: &[0]],
        "A session has another time, place or trainer, was postponed or cancelled, or no longer concerns somebody.";
    T8 "T8" Training By(Anchor::LastDay), [Coordinators: &[1, 3]; Trainers: &[1, 3]],
        "A session was held and its attendance is not recorded.";
    T9 "T9" Training By(Anchor::LastDay), [FocalPoints: &[1]],
        "Few of a country's people came; told when all is recorded.";
    T10 "T10" Training By(Anchor::LastDay), [Participants: &[1, 7]],
        "A session was held and a person who was there has not said what they think of it.";
    T11 "T11" Training On(&["certificate.issued", "certificate.revoked"], always), [Participants: &[0]],
        "A certificate was issued or revoked.";
    T12 "T12" Training By(Anchor::CertificateEnds), [Participants: &[-60, -14]],
        "A certificate expires soon.";
    A1 "A1" Assessments On(&["assessment.status_changed"], is_opened), [FocalPoints: &[0]; Coordinators: &[0]],
        "An assessment was planned, or has begun.";
    A2 "A2" Assessments On(&["section.assigned"], always), [Assignee: &[0]],
        "A section of an assessment was assigned.";
    A3 "A3" Assessments By(Anchor::SectionDue), [Assignee: &[-30, -7, -1, 0]; Authors: &[-30, -7, -1, 0]],
        "A section or an assessment is due soon.";
    A4 "A4" Assessments By(Anchor::SectionDue),
        [Assignee: &[1], every 3; Authors: &[1], every 3; FocalPoints: &[7]; Coordinators: &[14]],
        "A section or an assessment is overdue.";
    A5 "A5" Assessments On(&["assessment.status_changed", "section.status_changed"], is_handed),
        [Reviewers: &[0]; Authors: &[0]; Assignee: &[0]],
        "A section or an assessment was submitted or returned, or an assessment validated.";
    A6 "A6" Assessments On(&["assessment.status_changed"], is_in_review), [Reviewers: &[5, 10]],
        "An assessment waits to be reviewed.";
    A7 "A7" Assessments By(Anchor::EvidenceEnds), [Owner: &[-90, -30, -7, 0]; FocalPoints: &[-90, -30, -7, 0]],
        "Evidence of an assessment expires soon.";
    A8 "A8" Assessments By(Anchor::AssessmentAgain), [FocalPoints: &[-180, -60]; Coordinators: &[-180, -60]],
        "An assessment is to be made again.";
    K1 "K1" Risks On(&["risk.assigned", "treatment_action.assigned", "ai_system.assigned"], always), [Owner: &[0]],
        "A scenario, an action or an AI system was assigned.";
    K2 "K2" Risks On(&["risk.level_changed"], is_above), [Owner: &[0]; FocalPoints: &[0]; Coordinators: &[0]],
        "The level of a scenario rose and is above what is tolerated.";
    K3 "K3" Risks By(Anchor::ActionDue), [Owner: &[-30, -7, -1, 0, 1, 7]; FocalPoints: &[14]],
        "An action against a scenario is due soon, or overdue.";
    K4 "K4" Risks On(&["acceptance.submitted"], always), [Approvers: &[0, 3, 7]],
        "The acceptance of a scenario is asked for.";
    K4D "K4D" Risks By(Anchor::AcceptanceEnds), [Owner: &[-60, -30, -7]; Approvers: &[-60, -30, -7]],
        "The acceptance of a scenario runs out soon.";
    K4E "K4E" Risks On(&["acceptance.decided", "acceptance.ended"], always), [Owner: &[0]; Approvers: &[0]],
        "The acceptance of a scenario was decided on, taken back, or ran out.";
    K5 "K5" Risks By(Anchor::RiskReview), [Owner: &[-30, -7, 0, 14]],
        "A scenario, or the impact assessment of an AI system, is to be looked at again.";
    K6 "K6" Risks On(&["risk.triggered"], always), [Owner: &[0]; Reviewers: &[0]],
        "Something happened that makes a scenario be looked at again.";
    S1 "S1" Assessments On(&["share_grant.moved"], always), [FocalPoints: &[0]; Recipients: &[0]],
        "A disclosure was asked for, granted, declined or taken back.";
    S2 "S2" Assessments By(Anchor::ShareEnds), [FocalPoints: &[-14, -1]; Recipients: &[-14, -1]],
        "A disclosure ends soon.";
    E2 "E2" Operations On(&[], always), [Administrators: &[0]], "Letters that reached nobody, every hour.";
}

use Trigger::{By, On};

impl RuleCode {
    /// Letters on security, on what one has planned with and on one's own place can't be refused.
    pub fn mandatory(self) -> bool {
        self.category().mandatory() || matches!(self, RuleCode::T4 | RuleCode::T7)
    }

    /// The same for a kind of recipient: a seat that is offered to a person is lost without the letter.
    pub fn always_for(self, kind: RecipientKind) -> bool {
        self.mandatory() || (self == RuleCode::T5 && kind == RecipientKind::Registration)
    }

    /// Security letters go first.
    pub fn urgency(self) -> i32 {
        if self.category().mandatory() { 0 } else { 1 }
    }

    /// The rules of a category.
    pub fn of(category: Category) -> Vec<RuleCode> {
        RuleCode::ALL.iter().copied().filter(|rule| rule.category() == category).collect()
    }

    /// The date it counts from; `None` for rules of events.
    pub fn anchor(self) -> Option<Anchor> {
        match self.trigger() {
            By(anchor) => Some(anchor),
            On(..) => None,
        }
    }

    /// All dates it counts from: P5 asks for a missing start and for a missing end, A3 and A4 for sections and whole
    /// assessments, K5 for scenarios and impact assessments; T5 and T6 count in hours as well.
    pub fn anchors(self) -> Vec<Anchor> {
        match (self, self.anchor()) {
            (RuleCode::T5, _) => vec![Anchor::OfferEnds],
            (RuleCode::T6, _) => vec![Anchor::FirstDay, Anchor::FirstHour],
            (_, Some(Anchor::RiskReview)) => vec![Anchor::RiskReview, Anchor::ImpactReview],
            (_, Some(Anchor::SectionDue)) => vec![Anchor::SectionDue, Anchor::AssessmentDue],
            (_, Some(Anchor::StartMissing)) => vec![Anchor::StartMissing, Anchor::EndMissing],
            (_, other) => other.into_iter().collect(),
        }
    }
}

fn to(body: &Value) -> &str {
    body["to"].as_str().unwrap_or("")
}

fn always(_: &Value) -> bool {
    true
}

fn halts(body: &Value) -> bool {
    matches!(to(body), "suspended" | "cancelled")
}

fn goes_on(body: &Value) -> bool {
    !halts(body)
}

fn is_offered(body: &Value) -> bool {
    match to(body) {
        "" => body["invited"].as_array().is_some_and(|countries| !countries.is_empty()),
        "published" => body["from"] != "postponed",
        step => step == "registration_open",
    }
}

/// Those who know of a session are told when it is elsewhere, given up, put off, or on again.
pub(super) fn is_changed(body: &Value) -> bool {
    match (body["from"].as_str(), to(body)) {
        // It moved, or somebody came or left: only sessions that were published tell of that.
        (None, _) => true,
        (Some(from), "cancelled" | "postponed") => from != "draft",
        (Some(from), "published") => from == "postponed",
        _ => false,
    }
}

fn from(body: &Value) -> &str {
    body["from"].as_str().unwrap_or("")
}

/// The country hears what became of those whom it named, and of a seat that it no longer has.
fn is_decided(body: &Value) -> bool {
    match to(body) {
        step @ ("confirmed" | "waitlisted") => {
            matches!(from(body), "pending" | "waitlisted") && from(body) != step
        }
        "declined" | "withdrawn" => !from(body).is_empty(),
        _ => false,
    }
}

/// A person hears of each step but of a nomination that was taken back before it was decided: nobody told them of it.
fn is_settled(body: &Value) -> bool {
    match to(body) {
        step @ ("invited" | "confirmed" | "waitlisted" | "declined") => from(body) != step,
        "withdrawn" => from(body) != "pending",
        _ => false,
    }
}

fn is_offer(body: &Value) -> bool {
    to(body) == "offered"
}

/// It was entered as planned, or goes from planned to being answered.
fn is_opened(body: &Value) -> bool {
    from(body) == "planned"
}

/// The level rose, and above what is tolerated.
fn is_above(body: &Value) -> bool {
    body["above_tolerance"] == true && body["to"].as_i64() > body["from"].as_i64()
}

fn is_in_review(body: &Value) -> bool {
    to(body) == "in_review"
}

/// A section or an assessment was handed in, handed back, or agreed with.
fn is_handed(body: &Value) -> bool {
    match to(body) {
        "in_review" | "validated" | "submitted" | "changes_requested" => true,
        step => step == "in_progress" && from(body) == "in_review",
    }
}

fn is_submitted(body: &Value) -> bool {
    to(body) == "submitted"
}

fn is_judged(body: &Value) -> bool {
    matches!(to(body), "submitted" | "accepted" | "returned")
}
