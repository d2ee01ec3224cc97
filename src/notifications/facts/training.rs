//! What is true of a training session, for letters T1, T2 and T6 to T10.

use diesel::prelude::*;
use serde_json::Value;

use super::{Fact, Matter, attendance, doer, text};
use crate::calendars::sessions::place;
use crate::kernel::Result;
use crate::kernel::id::{Iso2, ObjectId, RegistrationId, TrainingSessionId, UserId};
use crate::kernel::local::{LocalTime, TimeOfDay};
use crate::kernel::parse::FromText;
use crate::kernel::time::{Day, Timestamp};
use crate::notifications::model::Letter;
use crate::notifications::rules::{Anchor, RuleCode};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::{session_days, session_terms, training_sessions};
use crate::training::feedback;
use crate::training::registrations::RegistrationStatus;
use crate::training::sessions::{Mode, SessionStatus, Whole, told};

/// States in which people still prepare to come.
const AHEAD: [SessionStatus; 3] =
    [SessionStatus::Published, SessionStatus::RegistrationOpen, SessionStatus::RegistrationClosed];
/// States in which a session whose days have passed may still lack its list.
const HELD: [SessionStatus; 5] = [
    SessionStatus::Published,
    SessionStatus::RegistrationOpen,
    SessionStatus::RegistrationClosed,
    SessionStatus::Running,
    SessionStatus::Completed,
];
/// States in which people can still be named.
const OPEN: [SessionStatus; 2] = [SessionStatus::Published, SessionStatus::RegistrationOpen];

/// A row of a walk: what it is, its day, and since when that is known.
type Row = (ObjectId, String, Timestamp);

/// People of a session who are told of its changes: they come, may come, or were asked to.
pub(in super::super) const CONCERNED: &[RegistrationStatus] = &[
    RegistrationStatus::Invited,
    RegistrationStatus::Confirmed,
    RegistrationStatus::Waitlisted,
    RegistrationStatus::Offered,
    RegistrationStatus::Attended,
];
/// People of a session who came.
const CAME: &[RegistrationStatus] = &[RegistrationStatus::Attended];
/// People of a session who come.
const COMING: &[RegistrationStatus] = &[RegistrationStatus::Confirmed, RegistrationStatus::Attended];

pub(super) fn matter(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let id = TrainingSessionId(letter.object_id.0);
    let Some(whole) = told::find(tx, id)? else { return Ok(Matter::void("the session is gone")) };
    let news = news(letter, body);
    let mut matter = Matter {
        path: format!("/training-sessions/{id}"),
        program: Some(whole.session.program_id),
        countries: told::countries(tx, &whole)?,
        trainers: told::trainers(tx, &whole)?,
        day: day(letter.rule, &whole),
        void: void(tx.now(), letter, &whole, news),
        standing: standing(letter.rule),
        ..Matter::default()
    };
    if body["invited"].is_array() {
        of_people(&mut matter, letter.rule, &whole, body);
    }
    match news {
        // Who no longer belongs to it is not told more of it.
        "left" => {
            matter.path = format!("/programs/{}", whole.session.program_id);
            matter.tell("session", Fact::Titles(whole.session.title.clone()));
            matter.tell("program", Fact::Titles(told::program_title(tx, whole.session.program_id)?));
        }
        _ => tell(tx, &mut matter, &whole)?,
    }
    match letter.rule {
        RuleCode::T1 | RuleCode::T2 => {
            if let Some(closes) = whole.terms.closes_at {
                matter.tell("registration_closes", Fact::Moment(closes));
            }
        }
        RuleCode::T6 => join(&mut matter, &whole),
        RuleCode::T7 => {
            if let Some(reason) = text(body, "reason") {
                matter.tell("reason", Fact::Text(reason));
            }
            matter.facts.extend(doer(tx, body)?);
        }
        RuleCode::T8 | RuleCode::T9 => attendance::tell(tx, &mut matter, letter, &whole)?,
        RuleCode::T10 if feedback::answered(tx, RegistrationId(letter.recipient.0))? => {
            matter.void = matter.void.or(Some("the person has answered"));
        }
        _ => {}
    }
    matter.tell("to", Fact::Word("news", news.into()));
    matter.session = Some(Box::new(whole));
    Ok(matter)
}

/// What every letter about a session tells: what it is, when and where.
pub(super) fn tell(tx: &mut Tx, matter: &mut Matter, whole: &Whole) -> Result<()> {
    let session = &whole.session;
    matter.tell("session", Fact::Titles(session.title.clone()));
    matter.tell("program", Fact::Titles(told::program_title(tx, session.program_id)?));
    // Days that no longer hold are not told as if they did.
    if session.status != SessionStatus::Postponed {
        let hours = whole.days.iter().map(|day| (day.day, day.starts.zip(day.ends)));
        matter.tell("held", Fact::Hours(hours.collect(), session.zone));
    }
    let place = place(whole);
    if !place.is_empty() {
        matter.tell("place", Fact::Text(place));
    }
    Ok(())
}

/// Where those who come join it online.
pub(super) fn join(matter: &mut Matter, whole: &Whole) {
    if let Some(link) = &whole.session.link {
        matter.tell("join", Fact::Text(link.to_string()));
    }
}

/// Who came to be part of it, and who is no more, as far as that still holds.
fn of_people(matter: &mut Matter, rule: RuleCode, whole: &Whole, body: &Value) {
    let countries = |name: &str| -> Vec<Iso2> { among(body, name, |word| Iso2::from_text(word).ok()) };
    let people = |name: &str| -> Vec<UserId> { among(body, name, |word| UserId::from_text(word).ok()) };
    matter.quiet = true;
    matter.standing = &[];
    if rule == RuleCode::T1 {
        let invited = countries("invited");
        matter.countries.retain(|country| invited.contains(country));
        return;
    }
    let (now, joined) = (whole.invited(), people("joined"));
    matter.countries = countries("dismissed").into_iter().filter(|country| !now.contains(country)).collect();
    matter.trainers.retain(|trainer| joined.contains(trainer));
    let left = people("left").into_iter().filter(|trainer| !whole.trainers.contains(trainer));
    matter.trainers.extend(left);
}

fn among<T>(body: &Value, name: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let words = body[name].as_array().into_iter().flatten();
    words.filter_map(|word| read(word.as_str()?)).collect()
}

fn standing(rule: RuleCode) -> &'static [RegistrationStatus] {
    match rule {
        RuleCode::T6 => COMING,
        RuleCode::T7 => CONCERNED,
        RuleCode::T10 => CAME,
        _ => &[],
    }
}

/// What an event tells: a step, or what is another than before.
fn news(letter: &Letter, body: &Value) -> &'static str {
    if body["invited"].is_array() {
        let joined: Vec<UserId> = among(body, "joined", |word| UserId::from_text(word).ok());
        return match joined.iter().any(|trainer| trainer.0 == letter.recipient.0) {
            true => "joined",
            false if letter.rule == RuleCode::T1 => "invited",
            false => "left",
        };
    }
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
        RuleCode::T8 | RuleCode::T9 | RuleCode::T10 => Some(whole.session.last_day),
        _ => None,
    }
}

fn closing_day(at: LocalTime) -> Day {
    Day(at.clock().date())
}

/// Why the letter no longer holds, if so.
fn void(now: Timestamp, letter: &Letter, whole: &Whole, news: &str) -> Option<&'static str> {
    let status = whole.session.status;
    let moved = match letter.moment() {
        Some(moment) => begins(whole) != Some(moment) || moment <= now,
        None => day(letter.rule, whole).map(|day| day.to_string()) != Some(letter.anchor.clone()),
    };
    let over = matches!(status, SessionStatus::Completed | SessionStatus::Reported);
    let holds = |held: bool, reason: &'static str| (!held).then_some(reason);
    match (letter.rule, news) {
        (RuleCode::T1, "open") => {
            holds(status == SessionStatus::RegistrationOpen, "registration is not open")
        }
        (RuleCode::T1, "invited") => {
            let open = OPEN.contains(&status) || status == SessionStatus::RegistrationClosed;
            holds(open, "the session is not ahead")
        }
        (RuleCode::T1, _) => {
            let told = matches!(status, SessionStatus::Published | SessionStatus::RegistrationClosed);
            holds(told, "registration opened, or the session is not held as it was")
        }
        (RuleCode::T2 | RuleCode::T6 | RuleCode::T8 | RuleCode::T9 | RuleCode::T10, _) if moved => {
            Some("the date moved")
        }
        (RuleCode::T2, _) => {
            let open = OPEN.contains(&status) && whole.terms.closes_at.is_some_and(|at| at > now);
            holds(open, "registration is closed")
        }
        (RuleCode::T6, _) => holds(AHEAD.contains(&status), "the session is not ahead"),
        (RuleCode::T10, _) => {
            let asks = matches!(status, SessionStatus::Running | SessionStatus::Completed);
            holds(asks, "the session takes no feedback")
        }
        (RuleCode::T8 | RuleCode::T9, _) => {
            holds(HELD.contains(&status), "the session was not held, or is reported")
        }
        (_, "cancelled") => holds(status == SessionStatus::Cancelled, "the session is on again"),
        // That somebody left it is told whatever became of it since, unless that was told to all.
        (_, "left") => holds(status != SessionStatus::Cancelled && !over, "the session is over"),
        (_, "postponed") => holds(status == SessionStatus::Postponed, "the session is on again, or given up"),
        _ if over => Some("the session was held"),
        _ => holds(AHEAD.contains(&status) || status == SessionStatus::Running, "the session is not on"),
    }
}

/// The instant at which a session that is held online begins; none when it is not, or has no hours.
fn begins(whole: &Whole) -> Option<Timestamp> {
    let online = matches!(whole.session.mode, Some(Mode::Online | Mode::Hybrid));
    whole.days.first().filter(|day| online && day.starts.is_some()).map(|day| day.starts_at)
}

/// Published sessions whose first day lies in a span, in order of ids, after a row; by their day, or by the instant at
/// which they begin.
pub(super) fn starting(
    tx: &mut Tx,
    anchor: Anchor,
    (from, to): (Day, Day),
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<Row>> {
    let mut query = training_sessions::table
        .inner_join(session_days::table.on(session_days::session_id.eq(training_sessions::id)))
        .select((
            (training_sessions::id, training_sessions::first_day, training_sessions::updated_at),
            (training_sessions::mode, session_days::starts, session_days::starts_at),
        ))
        .filter(session_days::day.eq(training_sessions::first_day))
        .filter(training_sessions::deleted_at.is_null())
        .filter(training_sessions::status.eq_any(AHEAD))
        .filter(training_sessions::first_day.between(from, to))
        .order(training_sessions::id)
        .limit(limit)
        .into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(training_sessions::id.gt(TrainingSessionId(after.0)));
    }
    type First = ((TrainingSessionId, Day, Timestamp), (Option<Mode>, Option<TimeOfDay>, Timestamp));
    let rows: Vec<First> = query.load(tx.conn())?;
    let dated = |((id, day, since), (mode, starts, at)): First| {
        let online = matches!(mode, Some(Mode::Online | Mode::Hybrid)) && starts.is_some();
        let anchor = match anchor {
            // Without an hour there is nothing to count from; the row stands for its place in the walk.
            Anchor::FirstHour if !online => String::new(),
            Anchor::FirstHour => at.to_string(),
            _ => day.to_string(),
        };
        (ObjectId(id.0), anchor, since)
    };
    Ok(rows.into_iter().map(dated).collect())
}

/// Sessions whose last day lies in a span, in order of ids, after a row.
pub(super) fn ending(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<Row>> {
    let mut query = training_sessions::table
        .select((training_sessions::id, training_sessions::last_day, training_sessions::created_at))
        .filter(training_sessions::deleted_at.is_null())
        .filter(training_sessions::status.eq_any(HELD))
        .filter(training_sessions::last_day.between(from, to))
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
    let since = match anchor {
        // What is written about a session after it was held does not put its reminders off.
        Anchor::LastDay => whole.session.created_at,
        _ => whole.session.updated_at,
    };
    let anchor = match anchor {
        Anchor::RegistrationCloses => whole.terms.registration_closes.map(|at| closing_day(at).to_string()),
        Anchor::FirstHour => begins(&whole).map(|at| at.to_string()),
        Anchor::LastDay => Some(whole.session.last_day.to_string()),
        _ => Some(whole.session.first_day.to_string()),
    };
    Ok(anchor.map(|anchor| (object, anchor, since)))
}
