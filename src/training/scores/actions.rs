//! Noting what somebody reached in a test.

use super::super::attendance::Source;
use super::super::numbers::standings;
use super::super::registrations::{self, Registration};
use super::super::sessions::{self, SessionStatus};
use super::model::{Score, ScoreDraft};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, RecordScores};
use crate::kernel::error::FieldError;
use crate::kernel::id::TrainingSessionId;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};

/// Notes the points of somebody in a test. The same entry sent again changes nothing; of two for one test the later
/// counts. `true` when the entry is new.
///
/// # Errors
/// 404, 403; 409 before the session runs and after it is reported; 422 with every rule that is broken.
pub(super) fn note(
    tx: &mut Tx,
    permit: &Permit<RecordScores>,
    session: TrainingSessionId,
    draft: &ScoreDraft,
    source: Source,
) -> Result<(Score, bool)> {
    let whole = sessions::hold(tx, permit, session)?;
    let session = &whole.session;
    if !matches!(session.status, SessionStatus::Running | SessionStatus::Completed) {
        return Err(Error::conflict(format!(
            "The session is {}; scores are noted while it is running and until it is reported.",
            session.status
        )));
    }
    let registration = checked(tx, permit, session.id, draft)?;
    if let Some(name) = &draft.client_id
        && let Some(known) = store::named(tx, session.id, name)?
    {
        return again(known, draft);
    }
    let noted_at = draft.noted_at.unwrap_or(tx.now()).min(tx.now());
    let before = store::of_test(tx, registration.id, draft.test)?;
    let mut entry = Score {
        id: before.as_ref().map_or_else(|| tx.new_id(), |there| there.id),
        session_id: session.id,
        registration_id: registration.id,
        test: draft.test,
        points: draft.points,
        max_points: draft.max,
        source,
        client_id: draft.client_id.clone(),
        noted_at,
        noted_by: permit.user(),
        version: before.as_ref().map_or(1, |there| there.version),
        created_at: before.as_ref().map_or(tx.now(), |there| there.created_at),
        updated_at: tx.now(),
    };
    match &before {
        Some(there) if there.noted_at > noted_at => return Ok((there.clone(), false)),
        Some(_) => store::update(tx, &mut entry)?,
        None => store::insert(tx, &entry)?,
    }
    let noted = Entry::new(permit, "score.noted", "score", entry.id).country(registration.country);
    journal::record(tx, noted.program(session.program_id).changed(&before, &entry));
    standings::measure(tx, &whole, &[registration.id])?;
    Ok((entry, before.is_none()))
}

/// An entry that came in before under the same name; another person's or test's is refused.
fn again(known: Score, draft: &ScoreDraft) -> Result<(Score, bool)> {
    if known.registration_id == draft.registration_id && known.test == draft.test {
        return Ok((known, false));
    }
    let words = "Another entry of this session has this name; give each entry a name of its own.";
    Err(Error::invalid("/client_id", "taken", words))
}

/// The registration that the entry is about.
fn checked(
    tx: &mut Tx,
    permit: &Permit<RecordScores>,
    session: TrainingSessionId,
    draft: &ScoreDraft,
) -> Result<Registration> {
    let mut faults = Vec::new();
    let found = registrations::find(tx, &permit.scope(), draft.registration_id)?;
    let found = found.filter(|r| r.session_id == session && r.status.holds_a_seat());
    if found.is_none() {
        let words = "Name a registration of this session that has a seat.";
        faults.push(FieldError::at("/registration_id", "unknown_registration", words));
    }
    if draft.max.0 == 0 {
        faults.push(FieldError::at("/max", "out_of_range", "A test has more than 0 points."));
    } else if draft.points > draft.max {
        let words = format!("That test has {} points; these are {}.", draft.max, draft.points);
        faults.push(FieldError::at("/points", "out_of_range", words));
    }
    match found {
        Some(registration) if faults.is_empty() => Ok(registration),
        _ => Err(Error::invalid_fields(faults)),
    }
}
