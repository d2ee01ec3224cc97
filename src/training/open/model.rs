//! Links for registration, what they show, and what people send through them.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::participants::{FieldPurpose, PersonDraft, Sex};
use super::super::sessions::{DayRecord, Mode, SessionStatus};
use crate::accounts::Secret;
use crate::kernel::id::{Iso2, RegistrationLinkId, TrainingSessionId, UserId};
use crate::kernel::lang::{Lang, Prose, Titles};
use crate::kernel::parse::Faults;
use crate::kernel::text::{Email, Label, Name};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::platform::schema::registration_links;

/// A link's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = registration_links)]
pub struct RegistrationLink {
    /// The link's id.
    pub id: RegistrationLinkId,
    /// For which session.
    pub session_id: TrainingSessionId,
    /// For people of this country alone.
    pub country: Option<Iso2>,
    /// What the coordinator calls it.
    pub label: Option<Label>,
    /// The last day on which it works, in the session's zone.
    pub expires_on: Option<Day>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Version for `If-Match`.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: UserId,
}

/// A link as a coordinator asks for it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RegistrationLinkDraft {
    /// For people of this country alone; of every invited country when not said.
    #[deserr(default)]
    pub country: Option<Iso2>,
    /// A name to know it by: where it was put.
    #[deserr(default)]
    pub label: Option<Label>,
    /// The last day on which it works; as long as registration is open when not said.
    #[deserr(default)]
    pub expires_on: Option<Day>,
}

/// A link as those who enter people see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegistrationLinkRecord {
    /// The link's id.
    pub id: RegistrationLinkId,
    /// For which session.
    pub session_id: TrainingSessionId,
    /// For people of this country alone.
    pub country: Option<Iso2>,
    /// What the coordinator calls it.
    pub label: Option<Label>,
    /// The last day on which it works, in the session's zone.
    pub expires_on: Option<Day>,
    /// The address to give out: whoever has it may ask for a place.
    #[schema(example = "https://cybercap.example/register#AZNvHnt6fD2cVQoLjB0uPw")]
    pub url: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
}

/// A list without filters of its own.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Nothing {}

/// Somebody with a link.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct LinkToken {
    /// The part of the link behind `#`.
    pub token: Secret,
}

/// A country from which people may register.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CountryNamed {
    /// ISO 3166-1 alpha-2.
    pub iso2: Iso2,
    /// What it is called.
    pub name: Titles,
}

/// What people are asked to agree to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Consent {
    /// The version of the text.
    pub version: &'static str,
    /// The text.
    pub text: Prose,
}

/// What a link opens: the session, who may come, what is asked and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenSession {
    /// What the session is called.
    pub title: Titles,
    /// What its program is called.
    pub program_title: Titles,
    /// What it is about.
    pub description: Option<Prose>,
    /// Who holds it.
    pub organizer: Option<Name>,
    /// Where people are.
    pub mode: Option<Mode>,
    /// The house and the room.
    pub venue: Option<Name>,
    /// The city.
    pub city: Option<Name>,
    /// The country in which it is held.
    pub country: Option<Iso2>,
    /// The zone of its times.
    pub zone: Option<Zone>,
    /// Its days, first to last.
    pub days: Vec<DayRecord>,
    /// Where the session stands.
    pub session_status: SessionStatus,
    /// Whether registrations are taken now.
    pub open: bool,
    /// When registration closes.
    pub closes_at: Option<Timestamp>,
    /// From where people may register.
    pub countries: Vec<CountryNamed>,
    /// What is asked, why, and who sees it.
    pub fields: Vec<FieldPurpose>,
    /// What is to be agreed to.
    pub consent: Consent,
}

/// A person who registers themselves.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Applicant {
    /// Name, as on a certificate.
    pub name: Name,
    /// Where letters go.
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
}

/// A registration through a link.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct OpenRegistration {
    /// The part of the link behind `#`.
    pub token: Secret,
    /// For which country the person comes: one of those that the link shows.
    pub country: Iso2,
    /// Who.
    pub person: Applicant,
    /// Version of the text of consent that the person agreed to: the one that the link shows.
    pub consent_version: Label,
}

impl OpenRegistration {
    /// The person as others would state them.
    pub(super) fn draft(&self) -> PersonDraft {
        let person = self.person.clone();
        PersonDraft {
            name: person.name,
            email: person.email,
            organization: person.organization,
            job: person.job,
            sex: person.sex,
            language: person.language,
            access_needs: person.access_needs,
            diet: person.diet,
            consent_version: Some(self.consent_version.clone()),
        }
    }
}

/// What happens next; the same for everybody.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Taken {
    /// In one sentence.
    pub detail: &'static str,
}
