//! The invitation to a session within a letter (iTIP, RFC 5546): a request while it is on, a cancellation when it is not.

use icalendar::{Calendar, Component, Property};

use super::compose::{Place, Sheet};
use super::facts::Fact;
use super::people::Recipient;
use super::rules::{Audience, RuleCode};
use crate::calendars::sessions::{self, Wording};
use crate::calendars::zones;
use crate::platform::mail::CalendarFile;
use crate::training::registrations::RegistrationStatus;
use crate::training::sessions::Whole;

/// The file of a letter about a session; none where its days are not what the letter is about, or where they are not for
/// the calendar of somebody who only may come.
pub(super) fn file(place: &Place, to: &Recipient, sheet: &Sheet, whole: &Whole) -> Option<CalendarFile> {
    let off = off(to, sheet, whole)?;
    let method = if off { "CANCEL" } else { "REQUEST" };
    let venue = match (sessions::place(whole), &whole.session.link) {
        (venue, Some(link)) if venue.is_empty() => link.to_string(),
        (venue, _) => venue,
    };
    let url = match to.place {
        // The secret of a pass does not go where calendars are shared.
        Some(_) => None,
        None => Some(format!("{}/api/v1/training-sessions/{}", place.base_url, whole.session.id)),
    };
    let wording = Wording {
        lang: to.language,
        base_url: &place.base_url,
        stamp: sheet.letter.dated_at.unwrap_or(sheet.letter.planned_for),
        about: "",
        place: &venue,
        off,
        // What one person's place went through counts too: they left and came back, and the session did not change.
        sequence: whole.session.sequence + to.place.map_or(0, |place| place.steps - 1),
        url: url.as_deref(),
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
    let text = zones::with_zones(calendar.done().to_string(), std::iter::once(whole));
    Some(CalendarFile { method, text })
}

/// Whether the file takes the session out of the calendar (`true`) or puts it in; none: the letter has no file.
fn off(to: &Recipient, sheet: &Sheet, whole: &Whole) -> Option<bool> {
    let off = sessions::is_off(whole.session.status);
    let left = sheet.matter.facts.iter().any(|(_, fact)| *fact == Fact::Word("news", "left".into()));
    let seat =
        to.place.map(|place| place.standing.holds_a_seat() && place.standing != RegistrationStatus::Offered);
    match (sheet.letter.rule, seat) {
        (RuleCode::T2 | RuleCode::T3 | RuleCode::T5 | RuleCode::T8 | RuleCode::T9, _) => None,
        // A seat that was taken back leaves the calendar, and only who had one is told so.
        (RuleCode::T4, Some(false)) => {
            (sheet.matter.seat_was == Some(RegistrationStatus::Confirmed)).then_some(true)
        }
        (_, Some(false)) => None,
        _ => Some(off || left),
    }
}

fn organizer(place: &Place) -> Property {
    let mut organizer = Property::new("ORGANIZER", format!("mailto:{}", place.address));
    organizer.add_parameter("CN", &named(&place.house));
    organizer.done()
}

/// Who trains or has a seat is asked to come; a focal point is told of it.
fn attendee(to: &Recipient, sheet: &Sheet) -> Property {
    let comes = matches!(sheet.letter.audience, Audience::Trainers | Audience::Participants);
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
