//! The invitation to a session within a letter (iTIP, RFC 5546): a request while it is on, a cancellation when it is not.

use icalendar::{Calendar, Component, Property};

use super::compose::{Place, Sheet};
use super::people::Recipient;
use super::rules::{Audience, RuleCode};
use crate::calendars::sessions::{self, Wording};
use crate::platform::mail::CalendarFile;
use crate::training::sessions::Whole;

/// The file of a letter about a session; none where its days are not what the letter is about.
pub(super) fn file(place: &Place, to: &Recipient, sheet: &Sheet, whole: &Whole) -> Option<CalendarFile> {
    if sheet.letter.rule == RuleCode::T2 {
        return None;
    }
    let off = sessions::is_off(whole.session.status);
    let method = if off { "CANCEL" } else { "REQUEST" };
    let venue = match (sessions::place(whole), &whole.session.link) {
        (venue, Some(link)) if venue.is_empty() => link.to_string(),
        (venue, _) => venue,
    };
    let wording = Wording {
        lang: to.language,
        base_url: &place.base_url,
        stamp: sheet.letter.dated_at.unwrap_or(sheet.letter.planned_for),
        about: "",
        place: &venue,
    };
    let entries = if off { sessions::head(whole, wording) } else { sessions::entries(whole, wording) };
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//cybercap//letters 1//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", method),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    for mut entry in entries {
        entry.append_property(organizer(place)).append_property(attendee(to, sheet));
        calendar.push(entry);
    }
    Some(CalendarFile { method, text: calendar.done().to_string() })
}

fn organizer(place: &Place) -> Property {
    let mut organizer = Property::new("ORGANIZER", format!("mailto:{}", place.address));
    organizer.add_parameter("CN", &named(&place.house));
    organizer.done()
}

/// Who trains is asked to come; a focal point is told of it.
fn attendee(to: &Recipient, sheet: &Sheet) -> Property {
    let comes = sheet.letter.audience == Audience::Trainers;
    let mut attendee = Property::new("ATTENDEE", format!("mailto:{}", to.email));
    attendee
        .add_parameter("CN", &named(to.name.as_str()))
        .add_parameter("ROLE", if comes { "REQ-PARTICIPANT" } else { "NON-PARTICIPANT" })
        .add_parameter("PARTSTAT", "NEEDS-ACTION")
        .add_parameter("RSVP", if comes { "TRUE" } else { "FALSE" });
    attendee.done()
}

/// A name as the value of a parameter, in which a quotation mark can't stand.
fn named(name: &str) -> String {
    name.chars().map(|c| if c == '"' { '\'' } else { c }).filter(|c| !c.is_control()).collect()
}
