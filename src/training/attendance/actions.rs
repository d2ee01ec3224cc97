//! Noting who was there.

use super::super::completion;
use super::super::numbers::standings;
use super::super::registrations::{self, Registration};
use super::super::sessions::{self, SessionDay, SessionStatus, Whole};
use super::model::{Attendance, AttendanceDraft, AttendanceStatus, Source};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, RecordAttendance};
use crate::kernel::error::FieldError;
use crate::kernel::id::TrainingSessionId;
use crate::kernel::time::{Day, Zone};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};

/// Notes whether somebody was there on a day. The same entry sent again changes nothing; of two for one day the later
/// counts. `true` when the entry is new.
///
/// # Errors
/// 404, 403; 409 before the session runs and after it is reported; 422 with every rule that is broken.
pub(super) fn note(
    tx: &mut Tx,
    permit: &Permit<RecordAttendance>,
    session: TrainingSessionId,
    draft: &AttendanceDraft,
    source: Source,
) -> Result<(Attendance, bool)> {
    let session = open_list(tx, permit, session)?;
    let found = registrations::find(tx, &permit.scope(), draft.registration_id)?;
    let noted = noted(tx, permit, &session, found, draft, source)?;
    if noted.counts {
        standings::measure(tx, &session, &[noted.entry.registration_id])?;
        registrations::came(tx, permit, noted.came.as_slice())?;
    }
    Ok((noted.entry, noted.is_new))
}

/// An entry, and what follows from it.
pub(super) struct Noted {
    /// The entry as it stands now.
    pub entry: Attendance,
    /// Whether the day had none before.
    pub is_new: bool,
    /// Whether it says something else than before, so that the person's standing is to be measured.
    pub counts: bool,
    /// Whose registration is to say that they came.
    pub came: Option<Registration>,
}

impl Noted {
    fn unchanged(entry: Attendance) -> Self {
        Noted { entry, is_new: false, counts: false, came: None }
    }
}

/// The session, held, whose list is being kept.
///
/// # Errors
/// 404, 403; 409 before the session runs and after it is reported.
pub(super) fn open_list(
    tx: &mut Tx,
    permit: &Permit<RecordAttendance>,
    session: TrainingSessionId,
) -> Result<Whole> {
    let session = sessions::hold(tx, permit, session)?;
    match session.session.status {
        SessionStatus::Running | SessionStatus::Completed => Ok(session),
        status => Err(Error::conflict(format!(
            "The session is {status}; attendance is noted while it is running and until it is reported."
        ))),
    }
}

/// Notes an entry in the list of a session that is held; `found` is the registration it names, if it is within reach. What
/// follows from it is still to be written.
///
/// # Errors
/// 422 with every rule that is broken.
pub(super) fn noted(
    tx: &mut Tx,
    permit: &Permit<RecordAttendance>,
    session: &Whole,
    found: Option<Registration>,
    draft: &AttendanceDraft,
    source: Source,
) -> Result<Noted> {
    let (registration, minutes) = checked(tx, session, found, draft)?;
    if let Some(name) = &draft.client_id
        && let Some(known) = store::named(tx, session.session.id, name)?
    {
        return again(known, draft).map(Noted::unchanged);
    }
    let noted_at = draft.noted_at.unwrap_or(tx.now()).min(tx.now());
    let before = store::of_day(tx, registration.id, draft.day)?;
    let mut entry = Attendance {
        id: before.as_ref().map_or_else(|| tx.new_id(), |there| there.id),
        session_id: session.session.id,
        registration_id: registration.id,
        day: draft.day,
        status: draft.status,
        minutes,
        source,
        client_id: draft.client_id.clone(),
        noted_at,
        noted_by: permit.user(),
        version: before.as_ref().map_or(1, |there| there.version),
        created_at: before.as_ref().map_or(tx.now(), |there| there.created_at),
        updated_at: tx.now(),
    };
    match &before {
        Some(there) if there.noted_at > noted_at || same(there, &entry) => {
            return Ok(Noted::unchanged(there.clone()));
        }
        Some(_) => store::update(tx, &mut entry)?,
        None => store::insert(tx, &entry)?,
    }
    let noted = Entry::new(permit, "attendance.noted", "attendance", entry.id).country(registration.country);
    journal::record(tx, noted.changed(&before, &entry));
    let came = (minutes > 0).then_some(registration);
    Ok(Noted { entry, is_new: before.is_none(), counts: true, came })
}

/// Whether an entry says what is noted already, and was noted at the same moment: a list that comes back as it left.
fn same(there: &Attendance, entry: &Attendance) -> bool {
    let said = |entry: &Attendance| (entry.status, entry.minutes, entry.client_id.clone(), entry.noted_at);
    said(there) == said(entry)
}

/// An entry that came in before under the same name; another person's or day's is refused.
fn again(known: Attendance, draft: &AttendanceDraft) -> Result<Attendance> {
    if known.registration_id == draft.registration_id && known.day == draft.day {
        return Ok(known);
    }
    let words = "Another entry of this session has this name; give each entry a name of its own.";
    Err(Error::invalid("/client_id", "taken", words))
}

/// The registration and the minutes that the entry stands for.
fn checked(
    tx: &Tx,
    session: &Whole,
    found: Option<Registration>,
    draft: &AttendanceDraft,
) -> Result<(Registration, i32)> {
    let mut faults = Vec::new();
    let found = found.filter(|r| r.session_id == session.session.id && r.status.holds_a_seat());
    if found.is_none() {
        let words = "Name a registration of this session that has a seat.";
        faults.push(FieldError::at("/registration_id", "unknown_registration", words));
    }
    let day = session.days.iter().find(|day| day.day == draft.day);
    let today = Day(tx.now().date_in(session.session.zone.unwrap_or(Zone::UTC)));
    if day.is_none() {
        faults.push(FieldError::at("/day", "not_in_session", "Name one of the session's days."));
    } else if draft.day > today {
        faults.push(FieldError::at("/day", "in_the_future", format!("Today is {today} there.")));
    }
    let minutes = minutes(draft, day, &mut faults);
    match found {
        Some(registration) if faults.is_empty() => Ok((registration, minutes)),
        _ => Err(Error::invalid_fields(faults)),
    }
}

fn minutes(draft: &AttendanceDraft, day: Option<&SessionDay>, faults: &mut Vec<FieldError>) -> i32 {
    let whole = day.map_or(0, completion::length);
    match (draft.status, draft.minutes) {
        (AttendanceStatus::Partial, None) => {
            faults.push(FieldError::at("/minutes", "missing", "Say for how many minutes."));
            0
        }
        (AttendanceStatus::Partial, Some(minutes)) if minutes.0 == 0 => {
            faults.push(FieldError::at(
                "/minutes",
                "out_of_range",
                "Who was there for 0 minutes is `absent`.",
            ));
            0
        }
        (AttendanceStatus::Partial, Some(minutes)) if day.is_some() && minutes.0 > whole => {
            let words = format!("That day has {whole} minutes; these are {}.", minutes.0);
            faults.push(FieldError::at("/minutes", "out_of_range", words));
            0
        }
        (AttendanceStatus::Partial, Some(minutes)) => minutes.0,
        // As a list shows it: what left the house comes back.
        (AttendanceStatus::Present, Some(minutes)) if day.is_some() && minutes.0 == whole => whole,
        (AttendanceStatus::Absent | AttendanceStatus::Excused, Some(minutes)) if minutes.0 == 0 => 0,
        (_, Some(_)) => {
            faults.push(FieldError::at("/minutes", "unexpected", "Minutes go with `partial` alone."));
            0
        }
        (AttendanceStatus::Present, None) => whole,
        (AttendanceStatus::Absent | AttendanceStatus::Excused, None) => 0,
    }
}
