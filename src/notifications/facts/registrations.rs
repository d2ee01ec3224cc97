//! What is true of a person's place in a session, for letters T3, T4 and T5.

use diesel::prelude::*;
use serde_json::Value;

use super::{Fact, Matter, id, text, training};
use crate::kernel::Result;
use crate::kernel::access::{Actor, System};
use crate::kernel::id::{ObjectId, RegistrationId, UserId};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::notifications::model::Letter;
use crate::notifications::rules::{Audience, RuleCode};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::registrations;
use crate::training::registrations::told::{self, Told};
use crate::training::registrations::{Origin, Registration, RegistrationStatus};
use crate::training::sessions::{SessionStatus, told as sessions};

/// A row of a walk: what it is, its instant, and since when that is known.
type Row = (ObjectId, String, Timestamp);

pub(super) fn matter(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let Some(told) = told::one(tx, RegistrationId(letter.object_id.0))? else {
        return Ok(Matter::void("the registration is gone"));
    };
    let Some(whole) = sessions::find(tx, told.registration.session_id)? else {
        return Ok(Matter::void("the session is gone"));
    };
    let mut matter = Matter { void: void(tx.now(), letter, &told, body), ..about(&told, letter.rule, body) };
    let news = news(body);
    training::tell(tx, &mut matter, &whole)?;
    if letter.rule == RuleCode::T4 && news == "confirmed" {
        training::join(&mut matter, &whole);
    }
    if letter.audience != Audience::Participants {
        matter.tell("person", Fact::Text(told.name.to_string()));
        if let Some(reason) = &told.registration.note {
            matter.tell("reason", Fact::Text(reason.to_string()));
        }
    }
    if let Some(until) = told.registration.offer_expires_at.filter(|_| letter.rule == RuleCode::T5) {
        matter.tell("offer_ends", Fact::Moment(until));
    }
    matter.tell("to", Fact::Word("step", news.into()));
    matter.seat_was = text(body, "from").and_then(|from| from.parse().ok());
    matter.session = Some(Box::new(whole));
    matter.registration = Some(Box::new(told));
    Ok(matter)
}

/// Whom a letter about a registration concerns; without a query, so that many are planned at once.
pub fn about(told: &Told, rule: RuleCode, body: &Value) -> Matter {
    let registration = &told.registration;
    Matter {
        path: format!("/training-sessions/{}", registration.session_id),
        program: Some(told.program_id),
        countries: vec![registration.country],
        doer: (rule == RuleCode::T3).then(|| id::<UserId>(body, "by")).flatten(),
        ..Matter::default()
    }
}

/// What happened to the place, in a word that texts choose by.
fn news(body: &Value) -> &'static str {
    let by_house = id::<UserId>(body, "by") == Some(System("").user());
    match (body["to"].as_str(), body["from"].as_str()) {
        (Some("invited"), _) => "invited",
        (Some("confirmed"), _) => "confirmed",
        (Some("waitlisted"), _) => "waitlisted",
        (Some("withdrawn"), _) => "withdrawn",
        (Some("declined"), Some("offered" | "invited")) if by_house => "lapsed",
        (Some("declined"), Some("offered" | "invited")) => "given_back",
        (Some("declined"), _) => "declined",
        _ => "offered",
    }
}

/// Why a letter no longer holds, if so; without a query.
pub fn void(now: Timestamp, letter: &Letter, told: &Told, body: &Value) -> Option<&'static str> {
    let registration = &told.registration;
    let to = body["to"].as_str().and_then(|to| to.parse::<RegistrationStatus>().ok());
    if let Some(moment) = letter.moment() {
        let open = registration.status == RegistrationStatus::Offered
            && registration.offer_expires_at == Some(moment)
            && moment > now;
        return (!open).then_some("the offer is over");
    }
    if letter.rule == RuleCode::T3 && registration.origin != Origin::Nominated {
        return Some("no country nominated the person");
    }
    if to.is_some_and(|to| to != registration.status) {
        return Some("the registration went on");
    }
    let held = Day(now.date_in(told.zone)) > told.last_day;
    if held || matches!(told.session_status, SessionStatus::Completed | SessionStatus::Reported) {
        return Some("the session was held");
    }
    let off = matches!(told.session_status, SessionStatus::Cancelled | SessionStatus::Postponed);
    let gives = !registration.status.is_over();
    (off && gives).then_some("the session is not on")
}

/// Offers that run out in a span, in order of ids, after a row.
pub(super) fn offered(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<Row>> {
    let at = |day: Day| Zone::UTC.instant(day, 0, 0);
    let mut query = registrations::table
        .select(Registration::as_select())
        .filter(registrations::status.eq(RegistrationStatus::Offered))
        .filter(registrations::offer_expires_at.is_not_null())
        .filter(registrations::offer_expires_at.ge(at(from)))
        .filter(registrations::offer_expires_at.lt(at(to.plus(1))))
        .order(registrations::id)
        .limit(limit)
        .into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(registrations::id.gt(RegistrationId(after.0)));
    }
    let rows: Vec<Registration> = query.load(tx.conn())?;
    Ok(rows.iter().filter_map(row).collect())
}

fn row(offer: &Registration) -> Option<Row> {
    offer.offer_expires_at.map(|until| (ObjectId(offer.id.0), until.to_string(), offer.updated_at))
}

/// When the offer of one registration runs out.
pub(super) fn offer_of(tx: &mut Tx, object: ObjectId) -> Result<Option<Row>> {
    let told = told::one(tx, RegistrationId(object.0))?;
    Ok(told.as_ref().and_then(|told| row(&told.registration)))
}
