//! What is true of a letter's object now; letters are judged and written from it, never from what was true once.

mod assessments;
mod attendance;
mod certificates;
mod focal_points;
pub(super) mod held;
mod milestones;
mod programs;
pub(super) mod registrations;
mod risks;
mod shares;
mod training;

pub(super) use training::CONCERNED;

use serde_json::Value;

use crate::accounts::{LinkKind, UserStatus};
use crate::kernel::Result;
use crate::kernel::id::{Iso2, LinkId, ObjectId, ProgramId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::local::TimeOfDay;
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::notifications::model::{Letter, ObjectKind};
use crate::notifications::people;
use crate::notifications::rules::{Anchor, Audience, RuleCode};
use crate::platform::db::Tx;
use crate::training::registrations::RegistrationStatus;
use crate::training::registrations::told::Told;
use crate::training::sessions::Whole;

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
    /// Days with their hours by the clock of a place; without hours the whole day.
    Hours(Vec<(Day, Option<(TimeOfDay, TimeOfDay)>)>, Option<Zone>),
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
    pub link: Option<(LinkKind, LinkId)>,
    /// The day it is about, for the calendar file; letters of days before it are void after it.
    pub day: Option<Day>,
    /// Who it is about.
    pub person: Option<UserId>,
    /// What a country owns, when it is about that: each recipient's right to hear of it is asked before each letter.
    pub holding: Option<Box<held::Held>>,
    /// Of all audiences of the rule only these; empty: all.
    pub audiences: &'static [Audience],
    /// Who owns it.
    pub owner: Option<UserId>,
    /// Owners of what waits for it.
    pub dependants: Vec<UserId>,
    /// Program it belongs to.
    pub program: Option<ProgramId>,
    /// Countries concerned.
    pub countries: Vec<Iso2>,
    /// The training session that it is.
    pub session: Option<Box<Whole>>,
    /// Its trainers, as far as they may see it.
    pub trainers: Vec<UserId>,
    /// The registration that it is, with the person behind it.
    pub registration: Option<Box<Told>>,
    /// Which of the session's people it concerns, by where they stand.
    pub standing: &'static [RegistrationStatus],
    /// Who did it and need not be told.
    pub doer: Option<UserId>,
    /// Where the registration stood before.
    pub seat_was: Option<RegistrationStatus>,
    /// It may well concern nobody.
    pub quiet: bool,
}

impl Matter {
    /// A letter that no longer holds.
    pub fn void(reason: &'static str) -> Matter {
        Matter { void: Some(reason), ..Matter::default() }
    }

    /// The program in whose log its letters are shown: what a country owns is shown in none.
    pub fn log(&self) -> Option<ProgramId> {
        self.program.filter(|_| self.holding.is_none())
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
        ObjectKind::FocalPoint => focal_points::matter(tx, letter),
        ObjectKind::Program => programs::matter(tx, letter, &body),
        ObjectKind::Milestone => milestones::matter(tx, letter, &body),
        ObjectKind::TrainingSession => training::matter(tx, letter, &body),
        ObjectKind::Assessment => assessments::of_assessment(tx, letter, &body),
        ObjectKind::Section => assessments::of_section(tx, letter, &body),
        ObjectKind::Evidence => assessments::of_evidence(tx, letter),
        ObjectKind::Risk => risks::of_risk(tx, letter, &body),
        ObjectKind::TreatmentAction => risks::of_action(tx, letter, &body),
        ObjectKind::RiskAcceptance => risks::of_acceptance(tx, letter, &body),
        ObjectKind::AiSystem => risks::of_system(tx, letter, &body),
        ObjectKind::AiImpact => risks::of_impact(tx, letter),
        ObjectKind::ShareGrant => shares::matter(tx, letter, &body),
        ObjectKind::Registration => match letter.rule {
            RuleCode::T11 | RuleCode::T12 => certificates::matter(tx, letter, &body),
            _ => registrations::matter(tx, letter, &body),
        },
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
            matter.link = id(body, "link_id").map(|link| (LinkKind::Invitation, link));
        }
        RuleCode::U3 => matter.link = id(body, "link_id").map(|link| (LinkKind::Reset, link)),
        RuleCode::U4 => secured(&mut matter, letter, body),
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

fn secured(matter: &mut Matter, letter: &Letter, body: &Value) {
    let what = match text(body, "new_email") {
        Some(address) => {
            matter.tell("address", Fact::Text(address));
            matter.link = id(body, "link_id").map(|link| (LinkKind::Email, link));
            "email_asked".to_owned()
        }
        None => text(body, "what").unwrap_or_else(|| "other".into()),
    };
    // Only the old address may undo a change of address.
    if !letter.address.is_empty() && text(body, "old_email").is_some() {
        matter.link = id(body, "link_id").map(|link| (LinkKind::EmailUndo, link));
    }
    matter.tell("what", Fact::Word("what", what));
}

/// Letters that reached nobody in the hour that the anchor names.
fn house(tx: &mut Tx, letter: &Letter) -> Result<Matter> {
    let Ok(from) = letter.anchor.parse::<Timestamp>() else { return Ok(Matter::void("no hour is named")) };
    let [nobody, dead, bounced] =
        crate::notifications::troubles::troubles(tx, from, from.plus_seconds(3600))?;
    if nobody + dead + bounced == 0 {
        return Ok(Matter::void("nothing to tell"));
    }
    let mut matter = Matter { path: "/letters?state=dead".into(), ..Matter::default() };
    matter.tell("nobody", Fact::Number(nobody));
    matter.tell("dead", Fact::Number(dead));
    matter.tell("bounced", Fact::Number(bounced));
    Ok(matter)
}

/// An object with a date, and since when the date is known.
pub struct Dated {
    /// The object.
    pub object: ObjectId,
    /// The date as stored in letters; empty when it is not known to the day.
    pub anchor: String,
    /// Letters that would have been due before are not sent any more.
    pub since: Timestamp,
}

/// Objects whose anchor lies in a span of days, in order of ids, after one.
///
/// # Errors
/// When the database refuses.
pub fn dated(
    tx: &mut Tx,
    anchor: Anchor,
    span: (Day, Day),
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<Dated>> {
    let (from, to) = span;
    let rows = match anchor {
        Anchor::Confirmation => focal_points::dated(tx, from, to, after, limit)?,
        Anchor::PlannedStart | Anchor::StartMissing => programs::dated(tx, true, from, to, after, limit)?,
        Anchor::PlannedEnd | Anchor::EndMissing => programs::dated(tx, false, from, to, after, limit)?,
        Anchor::Due => milestones::dated(tx, from, to, after, limit)?,
        Anchor::FirstDay | Anchor::FirstHour => training::starting(tx, anchor, (from, to), after, limit)?,
        Anchor::LastDay => training::ending(tx, (from, to), after, limit)?,
        Anchor::OfferEnds => registrations::offered(tx, (from, to), after, limit)?,
        Anchor::CertificateEnds => certificates::ending(tx, (from, to), after, limit)?,
        Anchor::RegistrationCloses => training::closing(tx, from, to, after, limit)?,
        Anchor::AssessmentDue | Anchor::AssessmentAgain | Anchor::SectionDue | Anchor::EvidenceEnds => {
            assessments::dated(tx, anchor, (from, to), after, limit)?
        }
        Anchor::ActionDue | Anchor::AcceptanceEnds | Anchor::RiskReview | Anchor::ImpactReview => {
            risks::dated(tx, anchor, (from, to), after, limit)?
        }
        Anchor::ShareEnds => shares::ending(tx, (from, to), after, limit)?,
    };
    let dated = |(object, anchor, since)| Dated { object, anchor, since };
    Ok(rows.into_iter().map(dated).collect())
}

/// The date of one object now; `None` when it has none.
///
/// # Errors
/// When the database refuses.
pub fn date_of(tx: &mut Tx, anchor: Anchor, object: ObjectId) -> Result<Option<Dated>> {
    if anchor == Anchor::Due {
        let due = milestones::due_of(tx, object)?;
        return Ok(due.map(|(anchor, since)| Dated { object, anchor, since }));
    }
    let ready = match anchor {
        Anchor::FirstDay | Anchor::FirstHour | Anchor::LastDay | Anchor::RegistrationCloses => {
            Some(training::date_of(tx, anchor, object)?)
        }
        Anchor::OfferEnds => Some(registrations::offer_of(tx, object)?),
        Anchor::CertificateEnds => Some(certificates::end_of(tx, object)?),
        Anchor::AssessmentDue | Anchor::AssessmentAgain | Anchor::SectionDue | Anchor::EvidenceEnds => {
            Some(assessments::date_of(tx, anchor, object)?)
        }
        Anchor::ActionDue | Anchor::AcceptanceEnds | Anchor::RiskReview | Anchor::ImpactReview => {
            Some(risks::date_of(tx, anchor, object)?)
        }
        Anchor::ShareEnds => Some(shares::end_of(tx, object)?),
        _ => None,
    };
    if let Some(found) = ready {
        return Ok(found.map(|(object, anchor, since)| Dated { object, anchor, since }));
    }
    let start = matches!(anchor, Anchor::PlannedStart | Anchor::StartMissing);
    let found = match anchor {
        Anchor::Confirmation => None,
        _ => programs::anchors_of(tx, object)?.into_iter().find(|(is_start, _, _)| *is_start == start),
    };
    Ok(found.map(|(_, anchor, since)| Dated { object, anchor, since }))
}
