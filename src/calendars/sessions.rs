//! A training session as calendar entries (RFC 5545): one for each of its days, all under one name that never changes,
//! so that a later state takes the place of the earlier one.

use chrono::{DateTime, Utc};
use icalendar::{Component, Event, EventLike, EventStatus, Property};

use super::zones;
use crate::kernel::lang::Lang;
use crate::kernel::time::{Timestamp, Zone};
use crate::training::sessions::{SessionDay, SessionStatus, Whole};

/// What entries say besides the session itself.
#[derive(Clone, Copy, Debug)]
pub struct Wording<'a> {
    /// Language of the title.
    pub lang: Lang,
    /// In front of our addresses.
    pub base_url: &'a str,
    /// When this state was written down.
    pub stamp: Timestamp,
    /// What stands under the title.
    pub about: &'a str,
    /// Where people go.
    pub place: &'a str,
    /// It leaves the calendar.
    pub off: bool,
    /// How often it changed for whom it is written.
    pub sequence: i32,
    /// Where more is to be read.
    pub url: Option<&'a str>,
}

/// Whether people should no longer keep its days free: it was given up, or waits for new days.
pub fn is_off(status: SessionStatus) -> bool {
    matches!(status, SessionStatus::Cancelled | SessionStatus::Postponed)
}

/// The house, the city and the country where it is held; empty when none is known.
pub fn place(whole: &Whole) -> String {
    let session = &whole.session;
    let parts = [
        session.venue.as_ref().map(ToString::to_string),
        session.city.as_ref().map(ToString::to_string),
        session.country.map(|country| country.to_string()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The entries, first day first. The first is the head of a series; each further day is an occurrence of it by itself,
/// with hours of its own. A series without gaps repeats daily, which every calendar program knows.
pub fn entries(whole: &Whole, wording: Wording<'_>) -> Vec<Event> {
    let Some((first, further)) = whole.days.split_first() else { return Vec::new() };
    let clock = Clock::of(whole);
    let last = whole.days.last().unwrap_or(first);
    let daily = last.day.days_since(first.day) == further.len() as i64;
    let mut head = entry(whole, wording, first, clock);
    if !further.is_empty() && daily {
        head.append_property(Property::new("RRULE", format!("FREQ=DAILY;COUNT={}", whole.days.len())));
    } else if !further.is_empty() {
        let starts: Vec<String> = further.iter().map(|day| clock.start(day)).collect();
        head.append_property(clock.valued("RDATE", starts.join(",")));
    }
    let mut events = vec![head];
    for (nth, day) in further.iter().enumerate() {
        let mut event = entry(whole, wording, day, clock);
        let at = if daily { clock.repeated(first, nth as i64 + 1) } else { clock.start(day) };
        event.append_property(clock.valued("RECURRENCE-ID", at));
        events.push(event);
    }
    events
}

/// The one entry that takes the whole series out of a calendar.
pub fn head(whole: &Whole, wording: Wording<'_>) -> Vec<Event> {
    whole.days.first().map(|first| entry(whole, wording, first, Clock::of(whole))).into_iter().collect()
}

fn entry(whole: &Whole, wording: Wording<'_>, day: &SessionDay, clock: Clock) -> Event {
    let session = &whole.session;
    let mut event = Event::new();
    event
        .uid(&format!("{}@{}", session.id, super::ics::host(wording.base_url)))
        .summary(session.title.in_lang(wording.lang))
        .timestamp(wording.stamp.utc())
        .sequence(u32::try_from(wording.sequence).unwrap_or(0))
        .status(match session.status {
            _ if wording.off => EventStatus::Cancelled,
            SessionStatus::Draft => EventStatus::Tentative,
            _ => EventStatus::Confirmed,
        })
        .add_property("CREATED", utc(session.created_at))
        .add_property("LAST-MODIFIED", utc(session.updated_at))
        .append_property(clock.valued("DTSTART", clock.start(day)))
        .append_property(clock.valued("DTEND", clock.end(day)));
    if let Some(url) = wording.url {
        event.url(url);
    }
    if !wording.about.is_empty() {
        event.description(wording.about);
    }
    if !wording.place.is_empty() {
        event.location(wording.place);
    }
    event.done()
}

/// By what the days of a session are told.
#[derive(Clone, Copy)]
enum Clock {
    /// Whole days.
    Days,
    /// By the clocks of a zone, as it was said.
    Of(Zone),
    /// By the clock of UTC.
    Utc,
}

impl Clock {
    fn of(whole: &Whole) -> Clock {
        let timed = whole.days.iter().any(|day| day.starts.is_some());
        zones::of(whole).map_or(if timed { Clock::Utc } else { Clock::Days }, Clock::Of)
    }

    fn start(self, day: &SessionDay) -> String {
        self.repeated(day, 0)
    }

    /// When it would start so many days later, by the same clock.
    fn repeated(self, day: &SessionDay, later: i64) -> String {
        let further = chrono::Duration::days(later);
        match self {
            Clock::Days => day.day.plus(later).0.format("%Y%m%d").to_string(),
            Clock::Of(zone) => zones::written(zone.clock(day.starts_at) + further),
            Clock::Utc => utc(day.starts_at.plus_days(later)),
        }
    }

    /// The day after the last one where there are no hours: `DTEND` is not part of the entry.
    fn end(self, day: &SessionDay) -> String {
        match self {
            Clock::Days => day.day.plus(1).0.format("%Y%m%d").to_string(),
            Clock::Of(zone) => zones::written(zone.clock(day.ends_at)),
            Clock::Utc => utc(day.ends_at),
        }
    }

    fn valued(self, name: &str, value: String) -> Property {
        let mut property = Property::new(name, value);
        match self {
            Clock::Days => drop(property.add_parameter("VALUE", "DATE")),
            Clock::Of(zone) => drop(property.add_parameter("TZID", zone.as_str())),
            Clock::Utc => {}
        }
        property.done()
    }
}

fn utc(at: Timestamp) -> String {
    let at: DateTime<Utc> = at.utc();
    at.format("%Y%m%dT%H%M%SZ").to_string()
}
