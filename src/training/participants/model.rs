//! A participant: a person without an account, each field with the purpose for which it is kept.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::codes_enum;
use crate::kernel::id::{Iso2, ParticipantId, TrainingSessionId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::list::Many;
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Email, Label, Name};
use crate::kernel::time::Timestamp;
use crate::platform::schema::participants;

codes_enum! {
    /// For counts by sex; nobody has to say.
    pub Sex { Female "female", Male "male", Other "other" }
}

/// A participant's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = participants)]
pub struct Participant {
    /// The participant's id.
    pub id: ParticipantId,
    /// For which country the person works.
    pub country: Iso2,
    /// Where letters go.
    pub email: Email,
    /// The address as it is compared.
    #[serde(skip)]
    pub email_key: String,
    /// Name, as on a certificate.
    pub name: Name,
    /// For whom the person works.
    pub organization: Option<Name>,
    /// What the person does there.
    pub job: Option<Name>,
    /// For counts.
    pub sex: Option<Sex>,
    /// Language of letters.
    pub language: Option<Lang>,
    /// What the person needs to take part.
    pub access_needs: Option<Name>,
    /// What the person does not eat.
    pub diet: Option<Name>,
    /// Which text of consent the person agreed to.
    pub consent_version: Option<Label>,
    /// When that was recorded.
    pub consent_at: Option<Timestamp>,
    /// The row of the same person that stays.
    pub merged_into: Option<ParticipantId>,
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

/// A person as those who nominate or register them state it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PersonDraft {
    /// Name, as on a certificate.
    pub name: Name,
    /// Where letters go; who is known by it in this country is not entered twice.
    pub email: Email,
    /// For whom the person works.
    #[deserr(default)]
    pub organization: Option<Name>,
    /// What the person does there.
    #[deserr(default)]
    pub job: Option<Name>,
    /// For counts; nobody has to say.
    #[deserr(default)]
    pub sex: Option<Sex>,
    /// Language of letters.
    #[deserr(default)]
    pub language: Option<Lang>,
    /// What the person needs to take part: a ramp, an interpreter.
    #[deserr(default)]
    pub access_needs: Option<Name>,
    /// What the person does not eat.
    #[deserr(default)]
    pub diet: Option<Name>,
    /// Version of the text of consent that the person agreed to.
    #[deserr(default)]
    pub consent_version: Option<Label>,
}

/// A change of a person.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PersonPatch {
    /// Name, as on a certificate.
    #[deserr(default)]
    #[schema(value_type = Name, required = false)]
    pub name: Edit<Name>,
    /// Where letters go.
    #[deserr(default)]
    #[schema(value_type = Email, required = false)]
    pub email: Edit<Email>,
    /// For whom the person works.
    #[deserr(default)]
    #[schema(value_type = Option<Name>)]
    pub organization: Change<Name>,
    /// What the person does there.
    #[deserr(default)]
    #[schema(value_type = Option<Name>)]
    pub job: Change<Name>,
    /// For counts.
    #[deserr(default)]
    #[schema(value_type = Option<Sex>)]
    pub sex: Change<Sex>,
    /// Language of letters.
    #[deserr(default)]
    #[schema(value_type = Option<Lang>)]
    pub language: Change<Lang>,
    /// What the person needs to take part.
    #[deserr(default)]
    #[schema(value_type = Option<Name>)]
    pub access_needs: Change<Name>,
    /// What the person does not eat.
    #[deserr(default)]
    #[schema(value_type = Option<Name>)]
    pub diet: Change<Name>,
    /// Version of the text of consent that the person agreed to; null when they withdrew it.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub consent_version: Change<Label>,
}

/// A person as a caller sees them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParticipantRecord {
    /// The participant's id.
    pub id: ParticipantId,
    /// For which country the person works.
    pub country: Iso2,
    /// Where letters go.
    pub email: Email,
    /// Name, as on a certificate.
    pub name: Name,
    /// For whom the person works.
    pub organization: Option<Name>,
    /// What the person does there.
    pub job: Option<Name>,
    /// For counts.
    pub sex: Option<Sex>,
    /// Language of letters.
    pub language: Option<Lang>,
    /// What the person needs to take part.
    pub access_needs: Option<Name>,
    /// What the person does not eat.
    pub diet: Option<Name>,
    /// Which text of consent the person agreed to.
    pub consent_version: Option<Label>,
    /// When that was recorded.
    pub consent_at: Option<Timestamp>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
}

impl From<Participant> for ParticipantRecord {
    fn from(p: Participant) -> Self {
        ParticipantRecord {
            id: p.id,
            country: p.country,
            email: p.email,
            name: p.name,
            organization: p.organization,
            job: p.job,
            sex: p.sex,
            language: p.language,
            access_needs: p.access_needs,
            diet: p.diet,
            consent_version: p.consent_version,
            consent_at: p.consent_at,
            created_at: p.created_at,
            updated_at: p.updated_at,
            version: p.version,
        }
    }
}

/// A second row of the same person, to become one with another.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct MergeDraft {
    /// The row that stays; of the same country.
    pub into: ParticipantId,
}

/// Which people.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ParticipantFilter {
    /// Of these countries.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub country: Many<Iso2>,
    /// With exactly this address, without regard to case.
    #[deserr(default)]
    pub email: Option<Email>,
    /// Who are or were registered for this session.
    #[deserr(default)]
    pub session: Option<TrainingSessionId>,
    /// Changed at or after this instant.
    #[deserr(default)]
    pub updated_since: Option<Timestamp>,
}

/// A field of a participant and what it is kept for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldPurpose {
    /// The field.
    pub field: &'static str,
    /// Why it is kept.
    pub purpose: &'static str,
    /// Whether it must be given.
    pub needed: bool,
    /// Who sees it: officials of the person's own country, coordinators of programs in which the person takes part, and
    /// where it says `trainer`, those who train the person.
    pub seen_by: &'static [&'static str],
}

const CLOSE: &[&str] = &["own_country", "coordinator"];
const ROOM: &[&str] = &["own_country", "coordinator", "trainer"];

/// Every field of a person, its purpose and its readers.
pub const FIELDS: &[FieldPurpose] = &[
    FieldPurpose {
        field: "name",
        purpose: "To address the person and to print the certificate.",
        needed: true,
        seen_by: ROOM,
    },
    FieldPurpose {
        field: "email",
        purpose: "To send letters, and to know the same person again.",
        needed: true,
        seen_by: CLOSE,
    },
    FieldPurpose {
        field: "country",
        purpose: "To keep the country's seats and to count by country.",
        needed: true,
        seen_by: ROOM,
    },
    FieldPurpose {
        field: "organization",
        purpose: "To choose among nominees and to prepare the training.",
        needed: false,
        seen_by: ROOM,
    },
    FieldPurpose {
        field: "job",
        purpose: "To choose among nominees and to prepare the training.",
        needed: false,
        seen_by: ROOM,
    },
    FieldPurpose {
        field: "sex",
        purpose: "To count by sex; never shown for fewer than five people.",
        needed: false,
        seen_by: CLOSE,
    },
    FieldPurpose {
        field: "language",
        purpose: "To write in the person's language.",
        needed: false,
        seen_by: ROOM,
    },
    FieldPurpose {
        field: "access_needs",
        purpose: "To let the person take part.",
        needed: false,
        seen_by: CLOSE,
    },
    FieldPurpose { field: "diet", purpose: "To order meals.", needed: false, seen_by: CLOSE },
    FieldPurpose {
        field: "consent_version",
        purpose: "To prove what the person agreed to.",
        needed: false,
        seen_by: CLOSE,
    },
];
