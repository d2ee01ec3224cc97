//! What is true of a person's certificate, for letters T11 and T12.

use serde_json::Value;

use super::{Fact, Matter, id, text};
use crate::kernel::Result;
use crate::kernel::id::{ObjectId, RegistrationId};
use crate::kernel::time::{Day, Timestamp};
use crate::notifications::model::Letter;
use crate::notifications::rules::RuleCode;
use crate::platform::db::Tx;
use crate::training::certificates::told::{self, Told};
use crate::training::registrations::told as people;

/// A row of a walk: what it is, its day, and since when that is known.
type Row = (ObjectId, String, Timestamp);

pub(super) fn matter(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let registration = RegistrationId(letter.object_id.0);
    let Some(person) = people::one(tx, registration)? else {
        return Ok(Matter::void("the registration is gone"));
    };
    let found = match id(body, "certificate_id") {
        Some(certificate) => told::one(tx, certificate)?,
        None => told::ending_of(tx, registration)?,
    };
    let Some(certificate) = found else { return Ok(Matter::void("there is no such certificate in force")) };
    let news = text(body, "to").unwrap_or_else(|| "ending".to_owned());
    let mut matter = Matter {
        // Where anyone checks it; the person shows it from there.
        path: format!("/certificates/{}", certificate.number),
        program: Some(person.program_id),
        countries: vec![person.registration.country],
        void: void(letter, &certificate, &news),
        day: certificate.valid_until.filter(|_| letter.rule == RuleCode::T12),
        ..Matter::default()
    };
    matter.tell("course", Fact::Titles(certificate.course));
    matter.tell("certificate", Fact::Text(certificate.number.to_string()));
    if let Some(until) = certificate.valid_until.filter(|_| news != "revoked") {
        matter.tell("valid_until", Fact::Day(until));
    }
    matter.tell("to", Fact::Word("step", news));
    matter.registration = Some(Box::new(person));
    Ok(matter)
}

/// Why the letter no longer holds, if so.
fn void(letter: &Letter, certificate: &Told, news: &str) -> Option<&'static str> {
    match (letter.rule, news) {
        (RuleCode::T12, _)
            if certificate.valid_until.map(|day| day.to_string()) != Some(letter.anchor.clone()) =>
        {
            Some("another certificate took its place")
        }
        (_, "revoked") => None,
        _ => certificate.revoked.then_some("the certificate was revoked"),
    }
}

/// Certificates that expire in a span, by their registrations, in order of ids after a row.
pub(super) fn ending(tx: &mut Tx, span: (Day, Day), after: Option<ObjectId>, limit: i64) -> Result<Vec<Row>> {
    let rows = told::ending(tx, span, after.map(|id| RegistrationId(id.0)), limit)?;
    Ok(rows.into_iter().map(|(id, day, since)| (ObjectId(id.0), day.to_string(), since)).collect())
}

/// When the certificate of one registration expires.
pub(super) fn end_of(tx: &mut Tx, object: ObjectId) -> Result<Option<Row>> {
    let found = told::ending_of(tx, RegistrationId(object.0))?;
    Ok(found.and_then(|told| Some((object, told.valid_until?.to_string(), told.issued_at))))
}
