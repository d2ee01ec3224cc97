//! Letters, what people want of them, and what was set differently from the catalogue.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::rules::{Audience, Category, Ladder, RuleCode};
use crate::codes_enum;
use crate::kernel::id::{LetterId, ObjectId, ProgramId};
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::letters;

codes_enum! {
    /// Where a letter stands: planned > queued > sent, or failed (tried again later), bounced, dead, cancelled.
    pub LetterState {
        /// Waits for its time.
        Planned "planned",
        /// A sender holds it.
        Queued "queued",
        /// The mail server took it.
        Sent "sent",
        /// It will be tried again.
        Failed "failed",
        /// The address refused it for good.
        Bounced "bounced",
        /// Given up after the last attempt; can be sent again by hand.
        Dead "dead",
        /// No longer true, or no longer wanted.
        Cancelled "cancelled",
    }
}

codes_enum! {
    /// Kinds of things that letters are about.
    pub ObjectKind {
        /// An account.
        User "user",
        /// A focal point's mandate.
        FocalPoint "focal_point",
        /// A program.
        Program "program",
        /// A milestone.
        Milestone "milestone",
        /// A training session.
        TrainingSession "training_session",
        /// A person's place in a training session.
        Registration "registration",
        /// An assessment of a country.
        Assessment "assessment",
        /// A section of an assessment.
        Section "section",
        /// Evidence of an assessment.
        Evidence "evidence",
        /// A scenario of a risk register.
        Risk "risk",
        /// An action against a scenario.
        TreatmentAction "treatment_action",
        /// An acceptance of a scenario.
        RiskAcceptance "risk_acceptance",
        /// An AI system.
        AiSystem "ai_system",
        /// An impact assessment of an AI system.
        AiImpact "ai_impact",
        /// A disclosure of what a country owns.
        ShareGrant "share_grant",
        /// The service itself.
        House "house",
    }
}

codes_enum! {
    /// Who gets a letter.
    pub RecipientKind {
        /// An account.
        User "user",
        /// A person without an account, by their place in a session.
        Registration "registration",
    }
}

codes_enum! {
    /// How often letters of a category come.
    pub Frequency {
        /// Each by itself.
        Immediate "immediate",
        /// Together, every morning.
        Daily "daily",
        /// Together, on Monday morning.
        Weekly "weekly",
        /// Not at all.
        Off "off",
    }
}

/// A letter as it is stored. Its text is made when it is sent, from what is true then.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = letters, treat_none_as_default_value = false)]
pub struct Letter {
    /// The letter; also left of the `@` of its Message-ID.
    pub id: LetterId,
    /// Rule of the catalogue.
    pub rule: RuleCode,
    /// Kind of its object.
    pub object_kind: ObjectKind,
    /// Its object.
    pub object_id: ObjectId,
    /// The event or the date it counts from; when that changes, the letter is void.
    pub anchor: String,
    /// Days from the anchor.
    pub offset_days: i32,
    /// Who gets it: an account, or a registration.
    pub recipient: ObjectId,
    /// Another address than the recipient's own; empty: their own at the time of sending.
    pub address: String,
    /// As whom the recipient gets it.
    pub audience: Audience,
    /// Program it concerns.
    pub program_id: Option<ProgramId>,
    /// JSON: the event's body.
    pub facts: String,
    /// 0 goes before 1.
    pub urgency: i32,
    /// When it should go out.
    pub planned_for: Timestamp,
    /// When it is looked at next; for a letter in a sender's hands: when that hold ends.
    pub next_at: Timestamp,
    /// Where it stands.
    pub state: LetterState,
    /// Why it is cancelled, failed, bounced or dead.
    pub reason: Option<String>,
    /// Attempts so far.
    pub attempts: i32,
    /// One attempt ended without our knowing whether it arrived.
    pub uncertain: bool,
    /// Grows with each claim; only the latest holder may tell the outcome.
    pub fence: i64,
    /// The letter that carries this one in a digest.
    pub digest_of: Option<LetterId>,
    /// `Date` of the letter, from its first attempt.
    pub dated_at: Option<Timestamp>,
    /// When the mail server took it.
    pub sent_at: Option<Timestamp>,
    /// When it was planned.
    pub created_at: Timestamp,
    /// What kind of recipient it is.
    pub recipient_kind: RecipientKind,
}

impl Letter {
    /// The instant that it counts from in hours; most letters count in days.
    pub fn moment(&self) -> Option<Timestamp> {
        self.anchor.parse().ok()
    }
}

/// A letter in the delivery log. What it said is not kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LetterRecord {
    /// The letter.
    pub id: LetterId,
    /// Rule of the catalogue.
    pub rule: RuleCode,
    /// What it is about.
    pub category: Category,
    /// Kind of its object.
    pub object_kind: ObjectKind,
    /// Its object.
    pub object_id: ObjectId,
    /// Days before (-) or after (+) the date it counts from.
    pub offset_days: i32,
    /// Who gets it: an account, or the registration of a person without one.
    pub recipient: ObjectId,
    /// Which of the two.
    pub recipient_kind: RecipientKind,
    /// As whom.
    pub audience: Audience,
    /// Program it concerns.
    pub program_id: Option<ProgramId>,
    /// Where it stands.
    pub state: LetterState,
    /// Why it is cancelled, failed, bounced or dead.
    pub reason: Option<String>,
    /// Attempts so far.
    pub attempts: i32,
    /// When it should go out.
    pub planned_for: Timestamp,
    /// When the mail server took it.
    pub sent_at: Option<Timestamp>,
    /// The letter that carries this one in a digest.
    pub digest_of: Option<LetterId>,
}

impl From<Letter> for LetterRecord {
    fn from(letter: Letter) -> Self {
        LetterRecord {
            id: letter.id,
            rule: letter.rule,
            category: letter.rule.category(),
            object_kind: letter.object_kind,
            object_id: letter.object_id,
            offset_days: letter.offset_days,
            recipient: letter.recipient,
            recipient_kind: letter.recipient_kind,
            audience: letter.audience,
            program_id: letter.program_id,
            state: letter.state,
            reason: letter.reason,
            attempts: letter.attempts,
            planned_for: letter.planned_for,
            sent_at: letter.sent_at,
            digest_of: letter.digest_of,
        }
    }
}

/// What a person wants of one category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preference {
    /// What the letters are about.
    pub category: Category,
    /// How often they come.
    pub frequency: Frequency,
    /// None come until this day; they come on it again.
    pub paused_until: Option<Day>,
    /// Always at once; can't be changed.
    pub mandatory: bool,
}

impl Preference {
    /// What holds for a person who never said anything.
    pub fn usual(category: Category) -> Preference {
        Preference {
            category,
            frequency: Frequency::Immediate,
            paused_until: None,
            mandatory: category.mandatory(),
        }
    }
}

/// A rule as it is in force, for the whole house or one program.
#[derive(Clone, Debug, Serialize)]
pub struct InForce {
    /// Whether its letters are planned.
    pub enabled: bool,
    /// Who gets it when.
    pub ladders: Vec<Ladder>,
    /// 0 until somebody set something.
    pub version: i32,
}

/// A rule of the catalogue as it is in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RuleRecord {
    /// Code.
    pub code: RuleCode,
    /// What its letters are about.
    pub category: Category,
    /// One sentence.
    pub about: &'static str,
    /// Set off by these events; empty: by a date.
    pub events: Vec<&'static str>,
    /// Its letters can't be refused.
    pub mandatory: bool,
    /// Whether its letters are planned.
    pub enabled: bool,
    /// Who gets it when.
    pub ladders: Vec<LadderRecord>,
    /// Set for this program only; null: for the whole house.
    pub program_id: Option<ProgramId>,
}

/// Days on which one audience gets a letter.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LadderRecord {
    /// Who.
    pub to: Audience,
    /// Days before (-) or after (+).
    pub offsets: Vec<i32>,
    /// Again every so many days; 0: not again.
    pub every: i32,
}
