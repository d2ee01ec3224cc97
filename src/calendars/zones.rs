//! Zones as calendars carry them (RFC 5545, VTIMEZONE): what clocks show stays what was said, whatever rules a reader's
//! own calendar knows for the place.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDateTime};

use crate::kernel::time::{Timestamp, Zone};
use crate::training::sessions::Whole;

/// What clocks show, as calendars write it.
pub(super) fn written(clock: NaiveDateTime) -> String {
    clock.format("%Y%m%dT%H%M%S").to_string()
}

/// The zone of a session's clocks, where its hours are known and its zone is not UTC itself.
pub(super) fn of(whole: &Whole) -> Option<Zone> {
    let timed = whole.days.iter().any(|day| day.starts.is_some());
    whole.session.zone.filter(|zone| timed && *zone != Zone::UTC)
}

/// Puts the zones of these sessions into a calendar, before its first entry.
pub fn with_zones<'a>(calendar: String, sessions: impl Iterator<Item = &'a Whole>) -> String {
    let mut zones: BTreeMap<&'static str, (Zone, Vec<Timestamp>)> = BTreeMap::new();
    for whole in sessions {
        if let Some(zone) = of(whole) {
            let (_, instants) = zones.entry(zone.as_str()).or_insert_with(|| (zone, Vec::new()));
            instants.extend(whole.days.iter().flat_map(|day| [day.starts_at, day.ends_at]));
        }
    }
    let written: String = zones.into_values().map(|(zone, instants)| component(zone, instants)).collect();
    match calendar.find("BEGIN:VEVENT") {
        Some(at) => format!("{}{written}{}", &calendar[..at], &calendar[at..]),
        None => calendar,
    }
}

/// A zone with the offsets that it has at some instants, and where one goes over to the next.
fn component(zone: Zone, mut instants: Vec<Timestamp>) -> String {
    instants.sort();
    let mut lines = vec!["BEGIN:VTIMEZONE".to_owned(), format!("TZID:{zone}")];
    let mut before: Option<Timestamp> = None;
    for at in instants {
        let to = offset(zone, at);
        match before {
            None => lines.extend(observance(NaiveDateTime::default(), to, to)),
            Some(earlier) if offset(zone, earlier) != to => {
                let onset = onset(zone, earlier, at);
                let from = offset(zone, onset.plus_seconds(-60));
                lines.extend(observance(onset.utc().naive_utc() + from, from, to));
            }
            Some(_) => {}
        }
        before = Some(at);
    }
    lines.push("END:VTIMEZONE".to_owned());
    lines.join("\r\n") + "\r\n"
}

fn offset(zone: Zone, at: Timestamp) -> Duration {
    zone.clock(at) - at.utc().naive_utc()
}

/// The minute between two instants at which clocks begin to show what they show at the later one.
fn onset(zone: Zone, earlier: Timestamp, later: Timestamp) -> Timestamp {
    let to = offset(zone, later);
    let minute = |at: Timestamp| at.seconds().div_euclid(60);
    let (mut from, mut until) = (minute(earlier), minute(later));
    let at = |minute: i64| earlier.plus_seconds(minute * 60 - earlier.seconds());
    while until - from > 1 {
        let middle = i64::midpoint(from, until);
        match offset(zone, at(middle)) == to {
            true => until = middle,
            false => from = middle,
        }
    }
    at(until)
}

fn observance(onset: NaiveDateTime, from: Duration, to: Duration) -> [String; 5] {
    [
        "BEGIN:STANDARD".to_owned(),
        format!("DTSTART:{}", written(onset)),
        format!("TZOFFSETFROM:{}", hours(from)),
        format!("TZOFFSETTO:{}", hours(to)),
        "END:STANDARD".to_owned(),
    ]
}

/// Hours and minutes east of UTC.
fn hours(offset: Duration) -> String {
    let minutes = offset.num_minutes();
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60)
}
