//! The days of a session: from what clocks show to instants, with every fault.

use super::draft::{DayDraft, SessionDraft};
use super::model::{SessionDay, Terms};
use crate::kernel::error::FieldError;
use crate::kernel::id::TrainingSessionId;
use crate::kernel::local::LocalTime;
use crate::kernel::time::{Day, Timestamp, Zone};

/// Most days of a session.
const MOST: usize = 60;

/// The days that a draft states, written out.
///
/// # Errors
/// When there are none, too many, or they are stated in two ways.
pub(super) fn stated(draft: &SessionDraft) -> Result<Vec<DayDraft>, Vec<FieldError>> {
    let one = |at: &str, code, words: &str| Err(vec![FieldError::at(at, code, words)]);
    match (&draft.days, draft.first_day) {
        (Some(days), _) => written_out(draft, days),
        (None, None) => one("/days", "missing", "Send `days`, or `first_day` and `last_day`."),
        (None, Some(first)) => {
            let last = draft.last_day.unwrap_or(first);
            let many = last.days_since(first) + 1;
            if many < 1 {
                let words = format!("The last day is not before the first ({first}); this is {last}.");
                return one("/last_day", "end_before_start", &words);
            }
            if many > MOST as i64 {
                return one(
                    "/last_day",
                    "too_many",
                    &format!("A session has at most {MOST} days; these are {many}."),
                );
            }
            let day = |nth| DayDraft { day: first.plus(nth), starts: draft.starts, ends: draft.ends };
            Ok((0..many).map(day).collect())
        }
    }
}

/// Days that are written out; what is said besides must say the same.
fn written_out(draft: &SessionDraft, days: &[DayDraft]) -> Result<Vec<DayDraft>, Vec<FieldError>> {
    if draft.starts.is_some() || draft.ends.is_some() {
        let words = "Say `starts` and `ends` with each of the `days`, or with `first_day` and `last_day`.";
        return Err(vec![FieldError::at("/days", "stated_twice", words)]);
    }
    let dates = || days.iter().map(|day| day.day);
    let ends = [("/first_day", draft.first_day, dates().min()), ("/last_day", draft.last_day, dates().max())];
    let mut faults = Vec::new();
    for (at, said, is) in ends {
        if let (Some(said), Some(is)) = (said, is)
            && said != is
        {
            let words = format!("By `days` it is {is}; this is {said}. Leave it out, or correct `days`.");
            faults.push(FieldError::at(at, "stated_twice", words));
        }
    }
    if faults.is_empty() { Ok(days.to_vec()) } else { Err(faults) }
}

/// The days as rows, in order; `faults` gathers what can't be.
pub(super) fn written(
    session: TrainingSessionId,
    stated: &[DayDraft],
    zone: Option<Zone>,
    faults: &mut Vec<FieldError>,
) -> Vec<SessionDay> {
    if stated.is_empty() || stated.len() > MOST {
        let words = format!("A session has 1 to {MOST} days; these are {}.", stated.len());
        faults.push(FieldError::at("/days", "wrong_length", words));
        return Vec::new();
    }
    if zone.is_none() && stated.iter().any(|day| day.starts.is_some()) {
        let words = "Times on a clock need the zone of the clock, for example Africa/Dakar.";
        faults.push(FieldError::at("/zone", "missing", words));
    }
    let mut rows: Vec<SessionDay> = Vec::with_capacity(stated.len());
    for (place, day) in stated.iter().enumerate() {
        if rows.iter().any(|row| row.day == day.day) {
            faults.push(FieldError::at(format!("/days/{place}/day"), "twice", "Name each day once."));
        }
        match row(session, day, zone.unwrap_or(Zone::UTC)) {
            Ok(row) => rows.push(row),
            Err((field, code, words)) => {
                faults.push(FieldError::at(format!("/days/{place}/{field}"), code, words));
            }
        }
    }
    rows.sort_by_key(|row| row.day);
    rows
}

type Fault = (&'static str, &'static str, String);

fn row(session_id: TrainingSessionId, stated: &DayDraft, zone: Zone) -> Result<SessionDay, Fault> {
    let (starts_at, ends_at) = match (stated.starts, stated.ends) {
        (None, None) => (zone.instant(stated.day, 0, 0), zone.instant(stated.day.plus(1), 0, 0)),
        (Some(_), None) => return Err(("ends", "missing", "Say when it ends too.".into())),
        (None, Some(_)) => return Err(("starts", "missing", "Say when it starts too.".into())),
        (Some(from), Some(to)) if to <= from => {
            let words = format!("The end is after the start ({from}) on the same day; this is {to}.");
            return Err(("ends", "end_before_start", words));
        }
        (Some(from), Some(to)) => {
            let at = |field, time: crate::kernel::local::TimeOfDay| {
                zone.shows(stated.day.0.and_time(time.time()))
                    .ok_or_else(|| (field, "no_such_time", skipped(zone)))
            };
            (at("starts", from)?, at("ends", to)?)
        }
    };
    Ok(SessionDay {
        session_id,
        day: stated.day,
        starts: stated.starts,
        ends: stated.ends,
        starts_at,
        ends_at,
    })
}

fn skipped(zone: Zone) -> String {
    format!("Clocks in {zone} are turned forward then and leave this time out; use the hour after it.")
}

/// What clocks show, without the instants.
pub(super) fn clocks(rows: &[SessionDay]) -> Vec<DayDraft> {
    rows.iter().map(|row| DayDraft { day: row.day, starts: row.starts, ends: row.ends }).collect()
}

/// Sets the instants at which registration opens and closes.
pub(super) fn window(
    terms: &mut Terms,
    zone: Option<Zone>,
    last: Option<&SessionDay>,
    faults: &mut Vec<FieldError>,
) {
    let mut instant = |local: Option<LocalTime>, field: &str| -> Option<Timestamp> {
        let local = local?;
        let Some(zone) = zone else {
            let words = "Times on a clock need the zone of the clock, for example Africa/Dakar.";
            if !faults.iter().any(|fault| fault.pointer == "/zone") {
                faults.push(FieldError::at("/zone", "missing", words));
            }
            return None;
        };
        let at = local.instant(zone);
        if at.is_none() {
            faults.push(FieldError::at(field, "no_such_time", skipped(zone)));
        }
        at
    };
    terms.opens_at = instant(terms.registration_opens, "/registration_opens");
    terms.closes_at = instant(terms.registration_closes, "/registration_closes");
    if let (Some(opens), Some(closes)) = (terms.opens_at, terms.closes_at)
        && closes <= opens
    {
        let words = "Registration closes after it opens.";
        faults.push(FieldError::at("/registration_closes", "end_before_start", words));
    }
    if let (Some(closes), Some(last)) = (terms.closes_at, last)
        && closes > last.ends_at
    {
        let words = "Registration closes before the session is over.";
        faults.push(FieldError::at("/registration_closes", "after_the_end", words));
    }
}

/// Whether a day has come in a zone.
pub(super) fn has_come(day: Day, now: Timestamp, zone: Option<Zone>) -> bool {
    Day(now.date_in(zone.unwrap_or(Zone::UTC))) >= day
}
