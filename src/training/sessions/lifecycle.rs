//! The life of a session: draft > published > registration > running > completed > reported, with what must be true
//! before each step, and the steps that the clock takes.

use super::actions::{entry, hold};
use super::days::has_come;
use super::draft::SessionStep;
use super::events::SessionStatusChanged;
use super::model::{Mode, Session, SessionStatus, Terms, Whole};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, MoveTraining, System};
use crate::kernel::error::{Code, FieldError};
use crate::kernel::id::TrainingSessionId;
use crate::kernel::text::Note;
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal;
use crate::platform::outbox;

/// Moves a session, or says which guards failed and what would satisfy each.
///
/// # Errors
/// 404, 403; 409 when the state or a guard does not allow it.
pub(super) fn transition(
    tx: &mut Tx,
    permit: &Permit<MoveTraining>,
    id: TrainingSessionId,
    step: &SessionStep,
) -> Result<Whole> {
    let mut whole = hold(tx, permit, id)?;
    possible(whole.session.status, step)?;
    let failed = guards(&whole, step.to, tx.now());
    if !failed.is_empty() {
        let from = whole.session.status;
        let mut error =
            Error::new(Code::GuardFailed, format!("The session can't move from {from} to {} yet.", step.to));
        error.fields = failed;
        return Err(error);
    }
    moved(tx, permit, &mut whole.session, step.to, step.reason.as_ref())?;
    Ok(whole)
}

fn possible(from: SessionStatus, step: &SessionStep) -> Result<()> {
    if !from.next().contains(&step.to) {
        let words: Vec<&str> = from.next().iter().map(|status| status.as_str()).collect();
        return Err(Error::conflict(match words.is_empty() {
            true => format!("A session that is {from} stays so."),
            false => format!("From {from} a session moves to: {}.", words.join(", ")),
        }));
    }
    if matches!(step.to, SessionStatus::Cancelled | SessionStatus::Postponed) && step.reason.is_none() {
        return Err(Error::invalid("/reason", "missing", "Say why; those who come are told."));
    }
    Ok(())
}

/// The guards that fail: each with its name and what would satisfy it.
fn guards(whole: &Whole, to: SessionStatus, now: Timestamp) -> Vec<FieldError> {
    let (session, terms) = (&whole.session, &whole.terms);
    let mut failed = Vec::new();
    let mut fail = |guard: &'static str, words: String| failed.push(FieldError::at("/to", guard, words));
    match to {
        SessionStatus::Published => {
            let placed = session.venue.is_some() || session.city.is_some();
            match session.mode {
                None => {
                    fail("mode_known", "Say in `mode` whether people meet in person, online or both.".into())
                }
                Some(Mode::InPerson | Mode::Hybrid) if !placed => {
                    fail("place_known", "Set `venue` or `city`, so that people know where to go.".into());
                }
                _ => {}
            }
            if whole.countries.is_empty() {
                fail("somebody_invited", "Name in `countries` who is invited.".into());
            }
            if session.status == SessionStatus::Postponed && has_come(session.first_day, now, session.zone) {
                fail(
                    "new_days",
                    "Set `days` to the new ones first; the first of these is here or past.".into(),
                );
            }
        }
        SessionStatus::RegistrationOpen => {
            if let Some(closes) =
                terms.registration_closes.filter(|_| terms.closes_at.is_some_and(|at| at <= now))
            {
                let words = format!("Registration closed on {closes}; move `registration_closes` first.");
                fail("window_open", words);
            }
        }
        SessionStatus::Running if !has_come(session.first_day, now, session.zone) => {
            fail(
                "first_day_here",
                format!("It starts on {}; a session runs from its first day.", session.first_day),
            );
        }
        SessionStatus::Completed if !has_come(session.last_day, now, session.zone) => {
            fail(
                "last_day_here",
                format!("It ends on {}; a session is completed on its last day.", session.last_day),
            );
        }
        _ => {}
    }
    failed
}

/// Carries a step out, with its note in the audit chain and its event.
fn moved(
    tx: &mut Tx,
    by: &impl Actor,
    session: &mut Session,
    to: SessionStatus,
    reason: Option<&Note>,
) -> Result<()> {
    let from = session.status;
    session.status = to;
    session.reason = match to {
        SessionStatus::Cancelled | SessionStatus::Postponed => reason.cloned(),
        _ => None,
    };
    // What a calendar shows of a session that was published: that it waits, is given up, or is on again.
    let shown =
        matches!(to, SessionStatus::Cancelled | SessionStatus::Postponed) || from == SessionStatus::Postponed;
    if shown && from != SessionStatus::Draft {
        session.sequence += 1;
    }
    store::update_row(tx, session, by.user())?;
    journal::record(tx, entry(by, "training_session.moved", session));
    let (session_id, program_id, by) = (session.id, session.program_id, by.user());
    outbox::enqueue(tx, &SessionStatusChanged { session_id, program_id, from, to, reason, by })
}

/// Opens and closes registration where its time has come.
///
/// # Errors
/// When the database refuses.
pub(super) fn turn(tx: &mut Tx) -> Result<()> {
    let now = tx.now();
    for (mut session, terms) in store::claimed(tx)? {
        let to = due(&terms, now);
        moved(tx, &System("registration window"), &mut session, to, None)?;
    }
    Ok(())
}

fn due(terms: &Terms, now: Timestamp) -> SessionStatus {
    match terms.closes_at.is_some_and(|at| at <= now) {
        true => SessionStatus::RegistrationClosed,
        false => SessionStatus::RegistrationOpen,
    }
}
