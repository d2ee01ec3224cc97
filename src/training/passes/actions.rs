//! Showing what a pass opens, and carrying out what its holder answers.

use super::super::attendance;
use super::super::entrance::{Bearer, no_such_door};
use super::super::participants;
use super::super::registrations::{self, Registration, RegistrationStatus, RegistrationStep};
use super::super::sessions::{self, Whole, day_record, told};
use super::model::{PassAnswer, PassRecord, Reply};
use crate::kernel::access::Scope;
use crate::kernel::error::Code;
use crate::kernel::id::{RegistrationId, TrainingSessionId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// What a pass shows now.
///
/// # Errors
/// 404 when there is no such registration any more.
pub(super) fn show(tx: &mut Tx, id: RegistrationId) -> Result<PassRecord> {
    let registration = registrations::held(tx, id)?.ok_or_else(no_such_door)?;
    let session = sessions::find(tx, &Scope::All, registration.session_id)?.ok_or_else(no_such_door)?;
    record(tx, session, registration)
}

/// Carries out the answer of the person.
///
/// # Errors
/// 404, 409.
pub(super) fn answer(tx: &mut Tx, id: RegistrationId, said: &PassAnswer) -> Result<PassRecord> {
    let step = RegistrationStep { to: said.to.leads_to(), reason: said.reason.clone() };
    let done = registrations::answer(tx, &Bearer::of_pass(id), id, &step);
    let (session, registration) = done.map_err(gone)?;
    record(tx, session, registration)
}

fn gone(error: Error) -> Error {
    match error.code {
        Code::NotFound => no_such_door(),
        _ => error,
    }
}

/// The session whose code the person may type now.
///
/// # Errors
/// 404; 409 that says why there is none.
pub(super) fn listens_to(tx: &mut Tx, id: RegistrationId) -> Result<TrainingSessionId> {
    attendance::listens_to(tx, id).map_err(gone)
}

/// Notes that the person is there; the code was right.
///
/// # Errors
/// 404, 409.
pub(super) fn check_in(tx: &mut Tx, id: RegistrationId) -> Result<PassRecord> {
    attendance::check_in(tx, &Bearer::of_pass(id), id).map_err(gone)?;
    show(tx, id)
}

fn record(tx: &mut Tx, whole: Whole, registration: Registration) -> Result<PassRecord> {
    let program_title = told::program_title(tx, whole.session.program_id)?;
    let lost = || Error::internal(format!("registration {} names nobody", registration.id));
    let mut people = participants::by_ids(tx, &[registration.participant_id])?;
    let person = people.remove(&registration.participant_id).ok_or_else(lost)?;
    let next = registrations::own_steps(&registration, whole.session.status, tx.now());
    let may_answer = Reply::ALL.iter().copied().filter(|reply| next.contains(&reply.leads_to())).collect();
    let seated = matches!(registration.status, RegistrationStatus::Confirmed | RegistrationStatus::Attended);
    let (may_check_in, noted_today) = attendance::today(tx, &whole, &registration)?;
    let session = whole.session;
    Ok(PassRecord {
        registration_id: registration.id,
        title: session.title,
        program_title,
        description: session.description,
        organizer: session.organizer,
        mode: session.mode,
        venue: session.venue,
        city: session.city,
        country: session.country,
        link: session.link.filter(|_| seated),
        zone: session.zone,
        days: whole.days.into_iter().map(day_record).collect(),
        session_status: session.status,
        session_reason: session.reason,
        name: person.name,
        of_country: registration.country,
        status: registration.status,
        offer_expires_at: registration.offer_expires_at,
        may_answer,
        may_check_in,
        noted_today,
    })
}
