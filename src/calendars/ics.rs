//! Milestones and sessions as a calendar (RFC 5545): events with stable names, published, without anybody's address.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

use super::model::Feed;
use super::sessions::{self, Wording};
use super::zones;
use crate::kernel::lang::{Lang, Titles};
use crate::kernel::time::Timestamp;
use crate::programs::milestones::{MilestoneRecord, MilestoneStatus};
use crate::training::sessions::Whole;

/// The calendar of a feed, in a language.
pub(super) fn calendar(
    feed: &Feed,
    dated: &[MilestoneRecord],
    held: &[(Whole, Titles)],
    lang: Lang,
    base_url: &str,
) -> String {
    let name = feed.name.as_ref().map_or("cybercap", |name| name.as_str());
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//cybercap//calendar 1//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("NAME", name),
        ("X-WR-CALNAME", name),
        ("X-PUBLISHED-TTL", "PT12H"),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    let mut again = Property::new("REFRESH-INTERVAL", "PT12H");
    again.add_parameter("VALUE", "DURATION");
    calendar.append_property(again);
    for milestone in dated {
        calendar.push(event(milestone, lang, base_url));
    }
    for (whole, program) in held {
        let status = whole.session.status.as_str().replace('_', " ");
        let about = format!("{}\n{status}", program.in_lang(lang));
        let place = sessions::place(whole);
        let stamp = whole.session.updated_at;
        let (off, sequence) = (sessions::is_off(whole.session.status), whole.session.sequence);
        let url = format!("{base_url}/api/v1/training-sessions/{}", whole.session.id);
        let url = Some(url.as_str());
        let wording = Wording { lang, base_url, stamp, about: &about, place: &place, off, sequence, url };
        for event in sessions::entries(whole, wording) {
            calendar.push(event);
        }
    }
    zones::with_zones(calendar.done().to_string(), held.iter().map(|(whole, _)| whole))
}

/// The name of the house, in the names of entries.
pub(super) fn host(base_url: &str) -> &str {
    let host = base_url.split("://").nth(1).unwrap_or(base_url);
    host.split(['/', ':']).next().unwrap_or("localhost")
}

fn event(milestone: &MilestoneRecord, lang: Lang, base_url: &str) -> Event {
    let host = host(base_url);
    let program = milestone.program_title.in_lang(lang);
    let country = milestone.country.map(|country| format!("{country} · ")).unwrap_or_default();
    let mut about = format!("{country}{program}\n{}", milestone.status.as_str().replace('_', " "));
    if let Some(description) = &milestone.description {
        about = format!("{about}\n\n{}", description.in_lang(lang));
    }
    let mut event = Event::new();
    event
        .uid(&format!("{}@{host}", milestone.id))
        .summary(milestone.title.in_lang(lang))
        .description(&about)
        .all_day(milestone.due.0)
        .ends(milestone.due.plus(1).0)
        .timestamp(milestone.updated_at.utc())
        .sequence(u32::try_from(milestone.moves).unwrap_or(0))
        .url(&format!("{base_url}/api/v1/milestones/{}", milestone.id))
        .status(match milestone.status {
            MilestoneStatus::Cancelled => EventStatus::Cancelled,
            _ => EventStatus::Confirmed,
        })
        .add_property("CREATED", instant(milestone.created_at))
        .add_property("LAST-MODIFIED", instant(milestone.updated_at))
        .add_property("TRANSP", "TRANSPARENT");
    event.done()
}

fn instant(at: Timestamp) -> String {
    let at: DateTime<Utc> = at.utc();
    at.format("%Y%m%dT%H%M%SZ").to_string()
}
