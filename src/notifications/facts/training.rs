//! What is true of a training session, for letters T1, T2, T6 and T7.

use diesel::prelude::*;
use serde_json::Value;

use super::{Fact, Matter, doer, text};
use crate::calendars::sessions::place;
use crate::kernel::Result;
use crate::kernel::id::{ObjectId, TrainingSessionId};
use crate::kernel::local::LocalTime;
use crate::kernel::time::{Day, Timestamp};
use crate::notifications::model::Letter;
use crate::notifications::rules::{Anchor, RuleCode};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::{session_terms, training_sessions};
use crate::training::sessions::{SessionStatus, Whole, told};

/// States in which people still prepare to come.
const AHEAD: [SessionStatus; 3] =
    [SessionStatus::Published, SessionStatus::RegistrationOpen, SessionStatus::RegistrationClosed];
/// States in which people can still be named.
const OPEN: [SessionStatus; 2] = [SessionStatus::Published, SessionStatus::RegistrationOpen];

/// A row of a walk: what it is, its day, and since when that is known.
type Row = (ObjectId, String, Timestamp);

pub(super) fn matter(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let id = TrainingSessionId(letter.object_id.0);
    let Some(whole) = told::find(tx, id)? else { return Ok(Matter::void("the session is gone")) };
    let news = news(body);
    let mut matter = Matter {
        path: format!("/training-sessions/{id}"),
        program: Some(whole.session.program_id),
        countries: told::countries(tx, &whole)?,
        trainers: told::trainers(tx, &whole)?,
        day: day(letter.rule, &whole),
        void: void(tx.now(), letter, &whole, news),
        ..Matter::default()
    };
    let session = &whole.session;
    matter.tell("session", Fact::Titles(session.title.clone()));
    matter.tell("program", Fact::Titles(told::program_title(tx, session.program_id)?));
    // Days that no longer hold are not told as if they did.
    if session.status != SessionStatus::Postponed {
        let hours = whole.days.iter().map(|day| (day.day, day.starts.zip(day.ends)));
        matter.tell("held", Fact::Hours(hours.collect(), session.zone));
    }
    let place = place(&whole);
    if !place.is_empty() {
        matter.tell("place", Fact::Text(place));
    }
    match letter.rule {
        RuleCode::T1 | RuleCode::T2 => {
            if let Some(closes) = whole.terms.closes_at {
                matter.tell("registration_closes", Fact::Moment(closes));
            }
        }
        RuleCode::T7 => {
            if let Some(reason) = text(body, "reason") {
                matter.tell("reason", Fact::Text(reason));
            }
            matter.facts.extend(doer(tx, body)?);
        }
        _ => {}
    }
    matter.tell("to", Fact::Word("news", news.into()));
    matter.session = Some(Box::new(whole));
    Ok(matter)
}

/// What an event tells: a step, or what is another than before.
fn news(body: &Value) -> &'static str {
    match (body["to"].as_str(), body["from"].as_str()) {
        (Some("cancelled"), _) => "cancelled",
        (Some("postponed"), _) => "postponed",
        (Some("published"), Some("postponed")) => "again",
        (Some("registration_open"), _) => "open",
        (Some(_), _) => "published",
        (None, _) => match (body["time"] == true, body["place"] == true) {
            (true, false) => "time",
            (false, true) => "place",
            _ => "both",
        },
    }
}

/// The day that a dated letter is about.
fn day(rule: RuleCode, whole: &Whole) -> Option<Day> {
    match rule {
        RuleCode::T2 => whole.terms.registration_closes.map(closing_day),
        RuleCode::T6 => Some(whole.session.first_day),
        _ => None,
    }
}

fn closing_day(at: LocalTime) -> Day {
    Day(at.clock().date())
}

/// Why the letter no longer holds, if so.
fn void(now: Timestamp, letter: &Letter, whole: &Whole, news: &str) -> Option<&'static str> {
    let status = whole.session.status;
    let moved = day(letter.rule, whole).map(|day| day.to_string()) != Some(letter.anchor.clone());
    let over = matches!(status, SessionStatus::Completed | SessionStatus::Reported);
    let holds = |held: bool, reason: &'static str| (!held).then_some(reason);
    match (letter.rule, news) {
        (RuleCode::T1, "open") => {
            holds(status == SessionStatus::RegistrationOpen, "registration is not open")
        }
        (RuleCode::T1, _) => {
            let told = matches!(status, SessionStatus::Published | SessionStatus::RegistrationClosed);
            holds(told, "registration opened, or the session is not held as it was")
        }
        (RuleCode::T2 | RuleCode::T6, _) if moved => Some("the date moved"),
        (RuleCode::T2, _) => {
            let open = OPEN.contains(&status) && whole.terms.closes_at.is_some_and(|at| at > now);
            holds(open, "registration is closed")
        }
        (RuleCode::T6, _) => holds(AHEAD.contains(&status), "the session is not ahead"),
        (_, "cancelled") => holds(status == SessionStatus::Cancelled, "the session is on again"),
        (_, "postponed") => holds(status == SessionStatus::Postponed, "the session is on again, or given up"),
        _ if over => Some("the session was held"),
        _ => holds(AHEAD.contains(&status) || status == SessionStatus::Running, "the session is not on"),
    }
}

/// Published sessions whose first day lies in a span, in order of ids, after a row.
pub(super) fn starting(
    tx: &mut Tx,
    from: Day,
    to: Day,
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<Row>> {
    let mut query = training_sessions::table
        .select((training_sessions::id, training_sessions::first_day, training_sessions::updated_at))
        .filter(training_sessions::deleted_at.is_null())
        .filter(training_sessions::status.eq_any(AHEAD))
        .filter(training_sessions::first_day.between(from, to))
        .order(training_sessions::id)
        .limit(limit)
        .into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(training_sessions::id.gt(TrainingSessionId(after.0)));
    }
    let rows: Vec<(TrainingSessionId, Day, Timestamp)> = query.load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, day, since)| (ObjectId(id.0), day.to_string(), since)).collect())
}

/// Published sessions whose registration closes in a span, in order of ids, after a row.
pub(super) fn closing(
    tx: &mut Tx,
    from: Day,
    to: Day,
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<Row>> {
    let at = |day: Day| crate::kernel::time::Zone::UTC.instant(day, 0, 0);
    let mut query = training_sessions::table
        .inner_join(session_terms::table.on(session_terms::session_id.eq(training_sessions::id)))
        .select((training_sessions::id, session_terms::registration_closes, training_sessions::updated_at))
        .filter(training_sessions::deleted_at.is_null())
        .filter(training_sessions::status.eq_any(OPEN))
        .filter(session_terms::closes_at.ge(at(from)))
        .filter(session_terms::closes_at.lt(at(to.plus(1))))
        .order(training_sessions::id)
        .limit(limit)
        .into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(training_sessions::id.gt(TrainingSessionId(after.0)));
    }
    let rows: Vec<(TrainingSessionId, Option<LocalTime>, Timestamp)> = query.load(tx.conn())?;
    let dated = |(id, at, since): (TrainingSessionId, Option<LocalTime>, Timestamp)| {
        at.map(|at| (ObjectId(id.0), closing_day(at).to_string(), since))
    };
    Ok(rows.into_iter().filter_map(dated).collect())
}

/// One of the dates of one session.
pub(super) fn date_of(tx: &mut Tx, anchor: Anchor, object: ObjectId) -> Result<Option<Row>> {
    let Some(whole) = told::find(tx, TrainingSessionId(object.0))? else { return Ok(None) };
    let day = match anchor {
        Anchor::RegistrationCloses => whole.terms.registration_closes.map(closing_day),
        _ => Some(whole.session.first_day),
    };
    Ok(day.map(|day| (object, day.to_string(), whole.session.updated_at)))
}
