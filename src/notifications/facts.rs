//! What is true of a letter's object now; letters are judged and written from it, never from what was true once.

use serde_json::Value;

use super::model::{Letter, ObjectKind};
use super::people;
use super::rules::RuleCode;
use crate::accounts::UserStatus;
use crate::kernel::Result;
use crate::kernel::id::{Iso2, LinkId, ProgramId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::time::{Day, Timestamp};
use crate::platform::db::Tx;

/// One thing that a letter tells; put into words in the recipient's language.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// As it stands.
    Text(String),
    /// In the best language there is.
    Titles(Titles),
    /// A calendar day.
    Day(Day),
    /// An instant, told in the recipient's zone.
    Moment(Timestamp),
    /// A number.
    Number(i64),
    /// A word of a list, translated under `word-<list>-<word>`.
    Word(&'static str, String),
}

/// What is true of a letter's object.
#[derive(Clone, Debug, Default)]
pub struct Matter {
    /// Why the letter is void; none: it holds.
    pub void: Option<&'static str>,
    /// What it tells, by name.
    pub facts: Vec<(&'static str, Fact)>,
    /// Where its link leads, below the address of links.
    pub path: String,
    /// A single-use link instead.
    pub link: Option<(&'static str, LinkId)>,
    /// The day it is about, for the calendar file; letters of days before it are void after it.
    pub day: Option<Day>,
    /// Who it is about.
    pub person: Option<UserId>,
    /// Who owns it.
    pub owner: Option<UserId>,
    /// Owners of what waits for it.
    pub dependants: Vec<UserId>,
    /// Program it belongs to.
    pub program: Option<ProgramId>,
    /// Countries concerned.
    pub countries: Vec<Iso2>,
}

impl Matter {
    /// A letter that no longer holds.
    pub fn void(reason: &'static str) -> Matter {
        Matter { void: Some(reason), ..Matter::default() }
    }

    pub(super) fn tell(&mut self, name: &'static str, fact: Fact) {
        self.facts.push((name, fact));
    }
}

/// What is true now of the letter's object.
///
/// # Errors
/// When the database refuses.
pub fn matter(tx: &mut Tx, letter: &Letter) -> Result<Matter> {
    let body: Value = serde_json::from_str(&letter.facts).unwrap_or_default();
    match letter.object_kind {
        ObjectKind::User => account(tx, letter, &body),
        ObjectKind::House => house(tx, letter),
        ObjectKind::FocalPoint | ObjectKind::Program | ObjectKind::Milestone => {
            Ok(Matter::void("the object is gone"))
        }
    }
}

/// An id in an event's body.
pub(super) fn id<T: From<uuid::Uuid>>(body: &Value, name: &str) -> Option<T> {
    body[name].as_str().and_then(|text| uuid::Uuid::parse_str(text).ok()).map(T::from)
}

fn text(body: &Value, name: &str) -> Option<String> {
    body[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The name of whoever did it, for the letter; the house itself has none.
pub(super) fn doer(tx: &mut Tx, body: &Value) -> Result<Option<(&'static str, Fact)>> {
    let by = id(body, "by").or_else(|| id(body, "invited_by"));
    let found = by.map(|by| people::person(tx, by)).transpose()?.flatten();
    Ok(found.map(|person| ("by", Fact::Text(person.name.to_string()))))
}

fn account(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let Some(person) = id(body, "user_id") else { return Ok(Matter::void("the event names nobody")) };
    let Some(account) = people::person(tx, person)? else { return Ok(Matter::void("the account is gone")) };
    let mut matter = Matter { person: Some(person), path: "/me".into(), ..Matter::default() };
    matter.tell("account", Fact::Text(account.name.to_string()));
    matter.facts.extend(doer(tx, body)?);
    match letter.rule {
        RuleCode::U1 | RuleCode::U2 => {
            if account.status != UserStatus::Invited {
                return Ok(Matter::void("the invitation was used"));
            }
            matter.link = id(body, "link_id").map(|link| ("invitation", link));
        }
        RuleCode::U3 => matter.link = id(body, "link_id").map(|link| ("reset", link)),
        RuleCode::U4 => secured(&mut matter, body),
        RuleCode::U5 => {
            let change = if letter.facts.contains("\"revoked\":true") { "removed" } else { "granted" };
            matter.tell("change", Fact::Word("change", change.into()));
            if let Some(role) = text(body, "role") {
                matter.tell("role", Fact::Word("role", role));
            }
            if let Some(country) = text(body, "country") {
                matter.tell("country", Fact::Text(country));
            }
        }
        _ => {}
    }
    matter.tell("when", Fact::Moment(letter.created_at));
    Ok(matter)
}

fn secured(matter: &mut Matter, body: &Value) {
    let what = match text(body, "new_email") {
        Some(address) => {
            matter.tell("address", Fact::Text(address));
            matter.link = id(body, "link_id").map(|link| ("email", link));
            "email_asked".to_owned()
        }
        None => text(body, "what").unwrap_or_else(|| "other".into()),
    };
    matter.tell("what", Fact::Word("what", what));
}

/// Letters that reached nobody in the hour that the anchor names.
fn house(tx: &mut Tx, letter: &Letter) -> Result<Matter> {
    let Ok(from) = letter.anchor.parse::<Timestamp>() else { return Ok(Matter::void("no hour is named")) };
    let [nobody, dead, bounced] = super::store::troubles(tx, from, from.plus_seconds(3600))?;
    if nobody + dead + bounced == 0 {
        return Ok(Matter::void("nothing to tell"));
    }
    let mut matter = Matter { path: "/letters?state=dead".into(), ..Matter::default() };
    matter.tell("nobody", Fact::Number(nobody));
    matter.tell("dead", Fact::Number(dead));
    matter.tell("bounced", Fact::Number(bounced));
    Ok(matter)
}
