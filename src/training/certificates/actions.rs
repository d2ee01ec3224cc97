//! Issuing certificates to those who completed a session, and taking them back.

use super::super::registrations::{self, Registration, RegistrationFilter, RegistrationStatus};
use super::super::sessions::{self, SessionStatus, Whole};
use super::super::{attendance, courses, participants};
use super::events::{CertificateIssued, CertificateRevoked};
use super::model::{Certificate, CertificateStatus, CertificateStep, Content, IssueDraft, KIND};
use super::number::CertificateNumber;
use super::{keys, store};
use crate::accounts::Permit;
use crate::kernel::access::{Action, Actor, IssueCertificates, RevokeCertificates};
use crate::kernel::error::FieldError;
use crate::kernel::id::{CertificateId, ParticipantId, RegistrationId, TrainingSessionId};
use crate::kernel::lang::Titles;
use crate::kernel::list::Many;
use crate::kernel::page::PageRequest;
use crate::kernel::time::{Day, Zone};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::keys::Master;
use crate::platform::outbox;
use crate::platform::signature::{Signer, canonical};

/// Most certificates that one request issues.
pub(super) const AT_ONCE: usize = 500;

/// The house that issues.
pub(super) struct House<'a> {
    pub master: &'a Master,
    pub base_url: &'a str,
}

/// Issues what is due: to the people named, or to all who completed the session and never had one. Who has one in force gets
/// no second. Gives the session, the new certificates and whether there are more to issue.
///
/// # Errors
/// 404, 403; 409 before the session is completed; 422 for people who have not completed it.
pub(super) fn issue(
    tx: &mut Tx,
    permit: &Permit<IssueCertificates>,
    house: &House<'_>,
    session: TrainingSessionId,
    draft: &IssueDraft,
) -> Result<(Whole, Vec<Certificate>, bool)> {
    let session = sessions::hold(tx, permit, session)?;
    if !matches!(session.session.status, SessionStatus::Completed | SessionStatus::Reported) {
        return Err(Error::conflict(format!(
            "The session is {}; certificates are issued once it is completed.",
            session.session.status
        )));
    }
    let today = Day(tx.now().date_in(session.session.zone.unwrap_or(Zone::UTC)));
    if draft.valid_until.is_some_and(|until| until < today) {
        let words = format!("Name today or a later day; today is {today} there.");
        return Err(Error::invalid("/valid_until", "in_the_past", words));
    }
    let (due, more) = match &draft.registrations {
        Some(named) => (named_ones(tx, permit, &session, named)?, false),
        None => all_due(tx, permit, &session)?,
    };
    let certificates = written(tx, permit, house, (&session, today), draft.valid_until, due)?;
    Ok((session, certificates, more))
}

/// Those named who have none in force; whoever has not completed the session is a fault.
fn named_ones<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    session: &Whole,
    named: &[RegistrationId],
) -> Result<Vec<Registration>> {
    if named.len() > AT_ONCE {
        let words = format!("Name at most {AT_ONCE} at once; these are {}.", named.len());
        return Err(Error::invalid("/registrations", "too_many", words));
    }
    let known = store::named(tx, &permit.scope(), session.session.id, named)?;
    let there: Vec<Registration> = named.iter().filter_map(|id| known.get(id).cloned()).collect();
    let outcomes = attendance::outcomes(tx, session, &there)?;
    let mut faults = Vec::new();
    for (place, id) in named.iter().enumerate() {
        let at = format!("/registrations/{place}");
        let found = there.iter().zip(&outcomes).find(|(row, _)| row.id == *id);
        if named.iter().take(place).any(|other| other == id) {
            faults.push(FieldError::at(at, "twice", "Name each registration once."));
        } else if let Some((_, outcome)) = found {
            let lacking: Vec<&str> = outcome.lacking.iter().map(|lack| lack.as_str()).collect();
            if !lacking.is_empty() {
                let words = format!("Has not completed the session; lacking: {}.", lacking.join(", "));
                faults.push(FieldError::at(at, "not_completed", words));
            }
        } else {
            faults.push(FieldError::at(at, "unknown_registration", "Name a registration of this session."));
        }
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    let today = Day(tx.now().utc().date_naive());
    let standing = store::standing(tx, named, today)?;
    Ok(there.into_iter().filter(|row| !standing.get(&row.id).copied().unwrap_or(false)).collect())
}

/// All who completed the session and never had a certificate, at most so many as one request issues; `true` when there are
/// more.
fn all_due<A: Action>(tx: &mut Tx, permit: &Permit<A>, session: &Whole) -> Result<(Vec<Registration>, bool)> {
    let by = RegistrationFilter {
        status: Many::one(RegistrationStatus::Attended),
        ..RegistrationFilter::default()
    };
    let today = Day(tx.now().utc().date_naive());
    let (mut due, mut request) = (Vec::new(), PageRequest::first());
    loop {
        let page = registrations::page(tx, &permit.scope(), session.session.id, &by, &request)?;
        let ids: Vec<RegistrationId> = page.items.iter().map(|row| row.id).collect();
        let standing = store::standing(tx, &ids, today)?;
        let outcomes = attendance::outcomes(tx, session, &page.items)?;
        let completed =
            page.items.into_iter().zip(outcomes).filter(|(_, outcome)| outcome.lacking.is_empty());
        due.extend(completed.map(|(row, _)| row).filter(|row| !standing.contains_key(&row.id)));
        match page.next {
            Some(next) if due.len() <= AT_ONCE => request.after = Some(next),
            _ => break,
        }
    }
    let more = due.len() > AT_ONCE;
    due.truncate(AT_ONCE);
    Ok((due, more))
}

/// Writes and signs certificates for these people.
fn written(
    tx: &mut Tx,
    permit: &Permit<IssueCertificates>,
    house: &House<'_>,
    (session, today): (&Whole, Day),
    stated: Option<Day>,
    due: Vec<Registration>,
) -> Result<Vec<Certificate>> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let (kid, signer) = keys::signer(tx, house.master)?;
    let (course, until) = taught(tx, session, today)?;
    let mut whom: Vec<ParticipantId> = due.iter().map(|row| row.participant_id).collect();
    whom.sort();
    whom.dedup();
    let people = participants::by_ids(tx, &whom)?;
    let mut certificates = Vec::with_capacity(due.len());
    for row in due {
        let lost = || Error::internal(format!("registration {} names nobody", row.id));
        let person = people.get(&row.participant_id).ok_or_else(lost)?;
        let content = Content {
            course: course.clone(),
            held_from: session.session.first_day,
            held_until: session.session.last_day,
            issued_on: today,
            issuer: house.base_url.to_owned(),
            name: person.name.clone(),
            number: CertificateNumber::random()?,
            kind: KIND,
            valid_until: stated.or(until),
        };
        let certificate = signed(tx, permit, (&kid, &signer), &row, content)?;
        store::insert(tx, &certificate)?;
        journal::record(tx, entry(permit, "certificate.issued", &certificate).changed(&(), &certificate));
        outbox::enqueue(tx, &CertificateIssued::of(&certificate))?;
        certificates.push(certificate);
    }
    Ok(certificates)
}

/// A certificate of this content, signed.
fn signed(
    tx: &Tx,
    by: &impl Actor,
    (kid, signer): (&str, &Signer),
    row: &Registration,
    content: Content,
) -> Result<Certificate> {
    let text = canonical(&content.value()).ok_or_else(|| Error::internal("a certificate holds a number"))?;
    Ok(Certificate {
        id: tx.new_id(),
        number: content.number,
        session_id: row.session_id,
        registration_id: row.id,
        country: row.country,
        name: content.name,
        signature: signer.sign(&text),
        content: text,
        kid: kid.to_owned(),
        valid_until: content.valid_until,
        issued_at: tx.now(),
        issued_by: by.user(),
        revoked_at: None,
        revoked_by: None,
        reason: None,
        version: 1,
        updated_at: tx.now(),
    })
}

/// What was taught, and until when a certificate of it is valid that is issued on a day.
fn taught(tx: &mut Tx, session: &Whole, today: Day) -> Result<(Titles, Option<Day>)> {
    let course = session.session.course_id.map(|id| courses::certified(tx, id)).transpose()?.flatten();
    let Some((title, months)) = course else { return Ok((session.session.title.clone(), None)) };
    let months = months.and_then(|months| u32::try_from(months).ok());
    let until = months.and_then(|months| today.0.checked_add_months(chrono::Months::new(months)));
    Ok((title, until.map(Day)))
}

fn entry(by: &impl Actor, action: &'static str, certificate: &Certificate) -> Entry {
    Entry::new(by, action, "certificate", certificate.id).country(certificate.country)
}

/// Takes a certificate back. `read` is the version that the client saw, where it says so.
///
/// # Errors
/// 404, 403, 412; 409 when it is revoked already.
pub(super) fn revoke(
    tx: &mut Tx,
    permit: &Permit<RevokeCertificates>,
    id: CertificateId,
    read: Option<i32>,
    step: &CertificateStep,
) -> Result<Certificate> {
    let before = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    if let Some(read) = read {
        etag::matches(read, before.version)?;
    }
    if step.to != CertificateStatus::Revoked {
        return Err(Error::invalid("/to", "not_a_step", "A certificate is revoked; it expires by itself."));
    }
    if before.revoked_at.is_some() {
        return Err(Error::conflict(
            "It is revoked; that is the end of it. Issue a new one by naming the registration.",
        ));
    }
    let mut after = before.clone();
    (after.revoked_at, after.reason) = (Some(tx.now()), Some(step.reason.clone()));
    store::revoke(tx, &mut after, permit.user())?;
    journal::record(tx, entry(permit, "certificate.revoked", &after).changed(&before, &after));
    outbox::enqueue(tx, &CertificateRevoked::of(&after, permit.user()))?;
    Ok(after)
}
