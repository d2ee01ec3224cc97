//! Typed identifiers: UUIDv7 for records, ISO 3166-1 alpha-2 for countries.

use std::fmt;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use uuid::Uuid;

use super::parse::{FromText, Refusal, TextLimits};
use super::sql::Guid;
use crate::{text_columns, text_types};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
        #[diesel(sql_type = Guid)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { $name(id) } }
        impl From<$name> for Uuid { fn from(id: $name) -> Uuid { id.0 } }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromText for $name {
            fn from_text(text: &str) -> Result<Self, Refusal> { uuid_from(text).map($name) }
        }
        impl TextLimits for $name {
            const MIN: usize = 36;
            const MAX: usize = 36;
            const EXAMPLE: &'static str = "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f";
        }
        text_types! { $name "uuid"; }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Uuid::deserialize(from).map($name)
            }
        }
    )*
        /// Hands every id type to a macro that implements a trait for each.
        macro_rules! for_each_id { ($callback:ident) => { $callback! { $($name)* } }; }
        pub(crate) use for_each_id;
    };
}

ids! {
    /// A person who logs in.
    UserId;
    /// A right: user x role x scope.
    GrantId;
    /// A login of one person on one device.
    SessionId;
    /// A refresh token of a session.
    RefreshId;
    /// A single-use link: invitation, password reset, e-mail change.
    LinkId;
    /// A token of a machine client.
    ApiTokenId;
    /// A recovery code of a second factor.
    RecoveryCodeId;
    /// A national focal point's mandate.
    FocalPointId;
    /// Donor, implementer, ministry, CSIRT ...
    OrganizationId;
    /// A day on which a country does not work.
    HolidayId;
    /// A capacity-building program (IATI activity, hierarchy 1).
    ProgramId;
    /// A budget line of a program.
    BudgetId;
    /// A dated commitment of a program.
    MilestoneId;
    /// One move of a milestone's date.
    DateMoveId;
    /// A series of recurring milestones.
    SeriesId;
    /// A curriculum.
    CourseId;
    /// A training session of a program.
    TrainingSessionId;
    /// A person who comes to training, without an account.
    ParticipantId;
    /// One person's place in one session.
    RegistrationId;
    /// A link by which people register themselves.
    RegistrationLinkId;
    /// Whether one person was there on one day.
    AttendanceId;
    /// Points of one person in one test.
    ScoreId;
    /// What one person says of a session.
    FeedbackId;
    /// A certificate.
    CertificateId;
    /// A framework: one edition of a tree of what is assessed.
    FrameworkId;
    /// A node of a framework.
    FrameworkNodeId;
    /// A mapping between the nodes of two frameworks.
    CrosswalkId;
    /// One line of a crosswalk.
    MappingId;
    /// A risk matrix.
    RiskMatrixId;
    /// An AI system of a country.
    AiSystemId;
    /// An assessment of what an AI system does to people.
    AiImpactId;
    /// A risk register.
    RiskRegisterId;
    /// A scenario of a risk register.
    RiskId;
    /// Something that is done about a scenario.
    TreatmentActionId;
    /// The acceptance of a risk as it is.
    AcceptanceId;
    /// What a country owns and may disclose: the id of the assessment, risk register or AI system itself.
    HoldingId;
    /// A disclosure of a holding to a person or a team.
    ShareGrantId;
    /// A change of a holding's TLP label.
    LabelChangeId;
    /// An assessment.
    AssessmentId;
    /// A part of an assessment that somebody fills in.
    SectionId;
    /// The answer to one node of an assessment.
    AnswerId;
    /// A change of an answer.
    AnswerChangeId;
    /// What proves an answer.
    EvidenceId;
    /// What follows from a gap of an assessment.
    RecommendationId;
    /// A domain event, cause of letters.
    EventId;
    /// One letter to one person.
    LetterId;
    /// Any record, where its kind stands beside it.
    ObjectId;
    /// One row of the audit chain.
    AuditEventId;
    /// A revocable calendar feed.
    FeedId;
}

/// Records that countries own: each is a holding of the same id.
macro_rules! held {
    ($($name:ident)*) => { $(
        impl From<$name> for HoldingId {
            fn from(id: $name) -> Self { HoldingId(id.0) }
        }
    )* };
}

held! { AssessmentId RiskRegisterId AiSystemId }

fn uuid_from(text: &str) -> Result<Uuid, Refusal> {
    let refused = || Refusal::new("not_an_id", "An id is a UUID of 36 characters, as given by this API.");
    if text.len() != 36 {
        return Err(refused());
    }
    Uuid::try_parse(text).map_err(|_| refused())
}

/// A country by ISO 3166-1 alpha-2, upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Iso2([u8; 2]);

impl Iso2 {
    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl FromText for Iso2 {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Iso2([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(Refusal::new("not_a_country", "Use the two letters of ISO 3166-1, for example KE.")),
        }
    }
}

impl TextLimits for Iso2 {
    const MIN: usize = 2;
    const MAX: usize = 2;
    const PATTERN: Option<&'static str> = Some("^[A-Za-z]{2}$");
    const EXAMPLE: &'static str = "KE";
}

impl fmt::Display for Iso2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Iso2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Iso2 {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(from)?;
        Iso2::from_text(&text).map_err(|refusal| serde::de::Error::custom(refusal.detail))
    }
}

text_types! { Iso2 ""; }
text_columns! { Iso2 }
