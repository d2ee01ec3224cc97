//! A certificate as it is signed, stored, stated and shown.

use std::collections::BTreeMap;

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::number::CertificateNumber;
use crate::codes_enum;
use crate::kernel::id::{CertificateId, Iso2, RegistrationId, TrainingSessionId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::list::Many;
use crate::kernel::parse::Faults;
use crate::kernel::text::{Name, Note};
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::certificates;

codes_enum! {
    /// Where a certificate stands.
    pub CertificateStatus {
        /// In force.
        Issued "issued",
        /// Taken back, with a reason.
        Revoked "revoked",
        /// Past the day until which it was valid.
        Expired "expired",
    }
}

/// What is signed; nothing else about the person leaves the house with it.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = CertificateContent)]
pub struct Content {
    /// What the course is called, by language; the session's title where it is of no course.
    #[schema(value_type = BTreeMap<String, String>)]
    pub course: Titles,
    /// Its first day.
    pub held_from: Day,
    /// Its last day.
    pub held_until: Day,
    /// The day on which the certificate was issued.
    pub issued_on: Day,
    /// The house that issued it, by its address.
    pub issuer: String,
    /// Whose it is.
    pub name: Name,
    /// Its number.
    pub number: CertificateNumber,
    /// What kind of document this is.
    #[schema(rename = "type")]
    pub kind: &'static str,
    /// The last day on which it is valid; without end when null.
    pub valid_until: Option<Day>,
}

/// The kind of document that is signed.
pub const KIND: &str = "cybercap-certificate-1";

impl Content {
    /// As JSON.
    pub fn value(&self) -> Value {
        let course: BTreeMap<&str, &str> =
            self.course.iter().map(|(lang, text)| (lang.as_str(), text)).collect();
        json!({
            "course": course,
            "held_from": self.held_from,
            "held_until": self.held_until,
            "issued_on": self.issued_on,
            "issuer": self.issuer,
            "name": self.name,
            "number": self.number,
            "type": self.kind,
            "valid_until": self.valid_until,
        })
    }
}

/// A row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = certificates)]
pub struct Certificate {
    /// The certificate's id.
    pub id: CertificateId,
    /// Its number.
    pub number: CertificateNumber,
    /// Of which session.
    pub session_id: TrainingSessionId,
    /// Of which registration.
    pub registration_id: RegistrationId,
    /// For which country the person came.
    pub country: Iso2,
    /// Whose it is, as it was signed.
    pub name: Name,
    /// What was signed, byte for byte.
    pub content: String,
    /// The key that signed it.
    pub kid: String,
    /// The signature, base64url.
    pub signature: String,
    /// The last day on which it is valid.
    pub valid_until: Option<Day>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// By whom.
    pub issued_by: UserId,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// By whom.
    pub revoked_by: Option<UserId>,
    /// Why.
    pub reason: Option<Note>,
    /// Version for `If-Match`.
    pub version: i32,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Certificate {
    /// Where it stands on a day.
    pub fn status(&self, today: Day) -> CertificateStatus {
        match (self.revoked_at, self.valid_until) {
            (Some(_), _) => CertificateStatus::Revoked,
            (None, Some(until)) if until < today => CertificateStatus::Expired,
            _ => CertificateStatus::Issued,
        }
    }
}

/// Whom to give certificates.
#[derive(Clone, Debug, Default, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct IssueDraft {
    /// These registrations, at most 500; when not said, all who completed the session and never had one. Who has one that was
    /// revoked or has expired gets a new one only here.
    #[deserr(default)]
    pub registrations: Option<Vec<RegistrationId>>,
    /// The last day on which they are valid; when not said, what the course says, and without end where it says nothing.
    #[deserr(default)]
    pub valid_until: Option<Day>,
}

/// What was issued.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Issued {
    /// How many certificates are new.
    pub issued: usize,
    /// True when there are more to issue: ask again.
    pub more: bool,
    /// The new certificates.
    pub certificates: Vec<CertificateRecord>,
}

/// A step of a certificate.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CertificateStep {
    /// Where to: `revoked`, the one step there is.
    pub to: CertificateStatus,
    /// Why; kept with the record and told to nobody who checks the certificate.
    pub reason: Note,
}

/// A certificate as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CertificateRecord {
    /// The certificate's id.
    pub id: CertificateId,
    /// Its number.
    pub number: CertificateNumber,
    /// Where anyone checks it.
    pub url: String,
    /// Of which session.
    pub session_id: TrainingSessionId,
    /// Of which registration.
    pub registration_id: RegistrationId,
    /// Whose it is.
    pub name: Name,
    /// For which country the person came.
    pub country: Iso2,
    /// Where it stands.
    pub status: CertificateStatus,
    /// The last day on which it is valid; without end when null.
    pub valid_until: Option<Day>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<Note>,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it.
    pub allowed_transitions: Vec<CertificateStatus>,
}

/// Which certificates.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CertificateFilter {
    /// Of this session.
    #[deserr(default)]
    pub session: Option<TrainingSessionId>,
    /// Of this registration.
    #[deserr(default)]
    pub registration: Option<RegistrationId>,
    /// Of people of these countries.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub country: Many<Iso2>,
    /// That stand like this today.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<CertificateStatus>,
}

/// What anyone hears who knows the number: also the file for a check without us (`cybercap certificate verify`).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Check {
    /// What was signed.
    #[schema(value_type = Content)]
    pub certificate: Value,
    /// The key that signed it, by its name in `/.well-known/certificate-keys.json`.
    pub kid: String,
    /// Ed25519 over the certificate in canonical form (RFC 8785), base64url.
    pub signature: String,
    /// Where it stands today; this and the next are not signed, for they change.
    pub status: CertificateStatus,
    /// The day on which it was revoked.
    pub revoked_on: Option<Day>,
}
