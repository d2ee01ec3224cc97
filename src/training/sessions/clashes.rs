//! What a planner should look at: the same room or trainer twice at a time, days of rest, a country with much at once.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::model::{Invited, SessionDay, SessionStatus, Warning, Whole};
use super::store;
use crate::kernel::Result;
use crate::kernel::id::{Iso2, ProgramId, TrainingSessionId, UserId};
use crate::kernel::time::Day;
use crate::partners;
use crate::platform::db::Tx;
use crate::platform::schema::{session_countries, session_trainers, training_sessions};

/// Sessions of one country at a time above which a further one is told.
const AT_ONCE: usize = 2;
/// Most neighbors that are looked at.
const NEIGHBORS: i64 = 500;

/// Another session in the same days.
struct Neighbor {
    id: TrainingSessionId,
    program: ProgramId,
    venue: Option<String>,
    days: Vec<SessionDay>,
    trainers: Vec<UserId>,
    countries: Vec<Iso2>,
}

/// The warnings for a session, as it is planned now.
pub(super) fn warnings(tx: &mut Tx, whole: &Whole) -> Result<Vec<Warning>> {
    let mut found = rest(tx, whole)?;
    let near = neighbors(tx, whole)?;
    let meets = |other: &Neighbor| {
        other.days.iter().any(|theirs| whole.days.iter().any(|ours| overlap(ours, theirs)))
    };
    let near: Vec<Neighbor> = near.into_iter().filter(meets).collect();
    let told = |other: &Neighbor| (other.program == whole.session.program_id).then_some(other.id);
    for other in &near {
        if whole.session.venue_key.is_some() && other.venue == whole.session.venue_key {
            let detail = "Another session is held at this venue at the same time.".to_owned();
            found.push(Warning { code: "venue_taken", detail, session_id: told(other) });
        }
        if other.trainers.iter().any(|trainer| whole.trainers.contains(trainer)) {
            let detail = "One of the trainers is in another session at the same time.".to_owned();
            found.push(Warning { code: "trainer_taken", detail, session_id: told(other) });
        }
    }
    for invited in &whole.countries {
        let busy = near.iter().filter(|other| other.countries.contains(&invited.country)).count();
        if busy >= AT_ONCE {
            let detail = format!("{} is invited to {busy} other sessions at the same time.", invited.country);
            found.push(Warning { code: "country_busy", detail, session_id: None });
        }
    }
    Ok(found)
}

fn overlap(a: &SessionDay, b: &SessionDay) -> bool {
    a.starts_at < b.ends_at && b.starts_at < a.ends_at
}

/// Days of the session on which an invited country does not work.
fn rest(tx: &mut Tx, whole: &Whole) -> Result<Vec<Warning>> {
    let mut concerned = whole.invited();
    concerned.extend(whole.session.country.filter(|country| !concerned.contains(country)));
    let days: Vec<Day> = whole.days.iter().map(|day| day.day).collect();
    let mut found = Vec::new();
    for (country, days) in partners::days_of_rest(tx, &concerned, &days)? {
        let named: Vec<String> = days.iter().map(Day::to_string).collect();
        let detail = format!("{country} does not work on {}.", named.join(", "));
        found.push(Warning { code: "day_of_rest", detail, session_id: None });
    }
    Ok(found)
}

/// Sessions around the same days at this venue, with one of these trainers or for one of these countries.
fn neighbors(tx: &mut Tx, whole: &Whole) -> Result<Vec<Neighbor>> {
    let ours = &whole.session;
    let with_trainers = session_trainers::table
        .select(session_trainers::session_id)
        .filter(session_trainers::user_id.eq_any(whole.trainers.clone()));
    let for_countries = session_countries::table
        .select(session_countries::session_id)
        .filter(session_countries::country.eq_any(whole.invited()));
    let related = training_sessions::venue_key
        .is_not_null()
        .and(training_sessions::venue_key.assume_not_null().eq(ours.venue_key.clone().unwrap_or_default()))
        .or(training_sessions::id.eq_any(with_trainers))
        .or(training_sessions::id.eq_any(for_countries));
    let live = [SessionStatus::Cancelled, SessionStatus::Postponed];
    let rows: Vec<(TrainingSessionId, ProgramId, Option<String>)> = training_sessions::table
        .select((training_sessions::id, training_sessions::program_id, training_sessions::venue_key))
        .filter(training_sessions::id.ne(ours.id))
        .filter(training_sessions::deleted_at.is_null())
        .filter(training_sessions::status.ne_all(live))
        .filter(training_sessions::first_day.between(ours.first_day.plus(-60), ours.last_day.plus(1)))
        .filter(training_sessions::last_day.ge(ours.first_day.plus(-1)))
        .filter(related)
        .order((training_sessions::first_day, training_sessions::id))
        .limit(NEIGHBORS)
        .load(tx.conn())?;
    with_parts(tx, rows)
}

fn with_parts(
    tx: &mut Tx,
    rows: Vec<(TrainingSessionId, ProgramId, Option<String>)>,
) -> Result<Vec<Neighbor>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<TrainingSessionId> = rows.iter().map(|(id, _, _)| *id).collect();
    let mut days: HashMap<TrainingSessionId, Vec<SessionDay>> = HashMap::new();
    for day in store::days_of(tx, &ids)? {
        days.entry(day.session_id).or_default().push(day);
    }
    let mut trainers: HashMap<TrainingSessionId, Vec<UserId>> = HashMap::new();
    for (session, user) in store::trainers_of(tx, &ids)? {
        trainers.entry(session).or_default().push(user);
    }
    let mut countries: HashMap<TrainingSessionId, HashSet<Iso2>> = HashMap::new();
    for Invited { session_id, country, .. } in store::countries_of(tx, &ids)? {
        countries.entry(session_id).or_default().insert(country);
    }
    let neighbor = |(id, program, venue): (TrainingSessionId, ProgramId, Option<String>)| Neighbor {
        id,
        program,
        venue,
        days: days.remove(&id).unwrap_or_default(),
        trainers: trainers.remove(&id).unwrap_or_default(),
        countries: countries.remove(&id).unwrap_or_default().into_iter().collect(),
    };
    Ok(rows.into_iter().map(neighbor).collect())
}
