//! People check themselves in: a code of six digits that changes every minute, shown by the trainer, typed by who is there.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::completion::length;
use super::super::numbers::standings;
use super::super::registrations::{self, Registration, RegistrationStatus};
use super::super::sessions::{self, SessionDay, SessionStatus, Whole};
use super::model::{Attendance, AttendanceStatus, Source};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, RecordAttendance, Scope};
use crate::kernel::id::{RegistrationId, TrainingSessionId};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::{Key, Reply};
use crate::platform::journal::{self, Entry};
use crate::platform::keys::{self, Master, same};

/// Seconds for which a code is shown. The one before is taken as well: it was read a moment ago.
const STEP: i64 = 60;
/// Seconds after the start in which who comes counts as there all day.
const GRACE: i64 = 15 * 60;

/// The code of now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckInCode {
    /// Six digits, for a screen that everybody in the room sees.
    #[schema(example = "204816", pattern = "^[0-9]{6}$")]
    pub code: String,
    /// When the next one is shown; this one is taken for a minute more.
    pub changes_at: Timestamp,
}

/// Show the code with which people check themselves in to a session that is running; it changes every minute.
#[utoipa::path(
    tag = "attendance",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    responses(
        (status = 200, body = CheckInCode),
        (status = 409, description = "The session is not running.",
            body = crate::platform::http::problem::Problem, content_type = "application/problem+json")
    )
)]
#[get("/training-sessions/{id}/check-in-code")]
pub async fn show_code(
    db: Data<Db>,
    master: Data<Master>,
    permit: Permit<RecordAttendance>,
    Key(session): Key<TrainingSessionId>,
) -> Result<Reply<CheckInCode>> {
    let read = db.read(move |tx| {
        let whole = permit.get(tx, |tx, scope| sessions::find(tx, scope, session))?;
        runs(&whole)?;
        let step = tx.now().seconds().div_euclid(STEP);
        let code = keys::check_in_code(&master, session, step);
        Ok(CheckInCode { code, changes_at: Timestamp(0).plus_seconds((step + 1) * STEP) })
    });
    Ok(Reply::ok(read.await?))
}

fn runs(session: &Whole) -> Result<()> {
    match session.session.status {
        SessionStatus::Running => Ok(()),
        status => {
            Err(Error::conflict(format!("The session is {status}; people check in while it is running.")))
        }
    }
}

/// Whether this is the code of now, or the one before it. Digits may be typed with spaces and in any script.
pub(in super::super) fn is_code(
    master: &Master,
    session: TrainingSessionId,
    typed: &str,
    now: Timestamp,
) -> bool {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).map(plain_digit).collect();
    let step = now.seconds().div_euclid(STEP);
    let fits = |step| same(typed.as_bytes(), keys::check_in_code(master, session, step).as_bytes());
    fits(step) | fits(step - 1)
}

/// Arabic, Persian and full-width digits as those of ASCII.
fn plain_digit(c: char) -> char {
    let zero =
        ['\u{660}', '\u{6f0}', '\u{ff10}'].into_iter().find(|zero| (*zero..=after(*zero)).contains(&c));
    let value = zero.map(|zero| c as u32 - zero as u32);
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

fn after(zero: char) -> char {
    char::from_u32(zero as u32 + 9).unwrap_or(zero)
}

/// The day of today, where the person may check in to it now.
fn day<'a>(session: &'a Whole, registration: &Registration, now: Timestamp) -> Result<&'a SessionDay> {
    runs(session)?;
    match registration.status {
        RegistrationStatus::Offered => {
            return Err(Error::conflict("Take the seat first that is offered to you."));
        }
        status if !status.holds_a_seat() => {
            return Err(Error::conflict(format!("You have no seat: the registration is {status}.")));
        }
        _ => {}
    }
    let today = Day(now.date_in(session.session.zone.unwrap_or(Zone::UTC)));
    let day = session.days.iter().find(|day| day.day == today);
    let day = day.ok_or_else(|| {
        Error::conflict(format!("It is {today} there, and that is none of the session's days."))
    })?;
    match day.ends_at <= now {
        true => Err(Error::conflict("This day of the session is over; ask the trainer to note you.")),
        false => Ok(day),
    }
}

/// The session to whose code a registration listens now.
///
/// # Errors
/// 404 when there is no such registration any more; 409 that says why the code is of no use now.
pub(in super::super) fn listens_to(tx: &mut Tx, id: RegistrationId) -> Result<TrainingSessionId> {
    let registration = registrations::held(tx, id)?.ok_or_else(Error::not_found)?;
    let session = sessions::find(tx, &Scope::All, registration.session_id)?.ok_or_else(Error::not_found)?;
    day(&session, &registration, tx.now())?;
    Ok(session.session.id)
}

/// Whether the person may check in now, and what is noted of them today.
///
/// # Errors
/// When the database refuses.
pub(in super::super) fn today(
    tx: &mut Tx,
    session: &Whole,
    registration: &Registration,
) -> Result<(bool, Option<AttendanceStatus>)> {
    let now = tx.now();
    let date = Day(now.date_in(session.session.zone.unwrap_or(Zone::UTC)));
    if session.session.status != SessionStatus::Running || !session.days.iter().any(|day| day.day == date) {
        return Ok((false, None));
    }
    let noted = store::of_day(tx, registration.id, date)?.map(|entry| entry.status);
    Ok((noted.is_none() && day(session, registration, now).is_ok(), noted))
}

/// Who comes in the first quarter of an hour was there all day; who comes later, from then to the end of the day.
fn arrival(day: &SessionDay, now: Timestamp) -> (AttendanceStatus, i32) {
    let late = now.seconds() - day.starts_at.seconds();
    if day.starts.is_none() || late <= GRACE {
        return (AttendanceStatus::Present, length(day));
    }
    let left = i32::try_from((day.ends_at.seconds() - now.seconds()) / 60).unwrap_or(0);
    (AttendanceStatus::Partial, left.clamp(1, length(day).max(1)))
}

/// Notes that the person is there today. What is noted already stands: the trainer's word, and the first arrival.
///
/// # Errors
/// 404 when there is no such registration any more; 409 when the day is not one to check in to, or the trainer has noted
/// the person as not there.
pub(in super::super) fn check_in(tx: &mut Tx, by: &impl Actor, id: RegistrationId) -> Result<()> {
    let found = registrations::held(tx, id)?.ok_or_else(Error::not_found)?;
    sessions::lock(tx, found.session_id)?;
    let session = sessions::find(tx, &Scope::All, found.session_id)?.ok_or_else(Error::not_found)?;
    let registration = registrations::held(tx, found.id)?.ok_or_else(Error::not_found)?;
    let now = tx.now();
    let day = day(&session, &registration, now)?;
    if let Some(there) = store::of_day(tx, registration.id, day.day)? {
        return match there.minutes > 0 {
            true => Ok(()),
            false => Err(Error::conflict(format!(
                "The trainer has noted you as {} today; speak to the trainer.",
                there.status
            ))),
        };
    }
    let (status, minutes) = arrival(day, now);
    let entry = Attendance {
        id: tx.new_id(),
        session_id: session.session.id,
        registration_id: registration.id,
        day: day.day,
        status,
        minutes,
        source: Source::Code,
        client_id: None,
        noted_at: now,
        noted_by: by.user(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert(tx, &entry)?;
    let noted = Entry::new(by, "attendance.noted", "attendance", entry.id).country(registration.country);
    journal::record(tx, noted.changed(&(), &entry));
    standings::measure(tx, &session, &[registration.id])?;
    registrations::came(tx, by, &[registration])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_as_it_is_typed_for_two_minutes_and_no_longer() {
        let master = Master::from_hex(&"07".repeat(32)).expect("a key");
        let (session, at) = (TrainingSessionId(uuid::Uuid::from_u128(9)), Timestamp(0).plus_seconds(600));
        let code = keys::check_in_code(&master, session, 10);
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        let arabic: String = code.chars().filter_map(|c| char::from_u32(c.to_digit(10)? + 0x660)).collect();
        for typed in [&code, &spaced, &arabic] {
            assert!(is_code(&master, session, typed, at), "{typed}");
            assert!(is_code(&master, session, typed, at.plus_seconds(119)));
            assert!(!is_code(&master, session, typed, at.plus_seconds(120)));
            assert!(!is_code(&master, session, typed, at.plus_seconds(-1)));
        }
        for wrong in ["", "0", &code[..5], &format!("{code}0"), "abcdef"] {
            assert!(!is_code(&master, session, wrong, at), "{wrong}");
        }
    }
}
