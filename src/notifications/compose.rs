//! From facts to a letter: subject, text, HTML and calendar file, all from the same words.

use std::collections::BTreeMap;

use askama::Template;
use fluent_bundle::FluentValue;
use icalendar::{Calendar, Component, Event, EventLike};

use super::facts::{Fact, Matter};
use super::invitation;
use super::model::{Letter, RecipientKind};
use super::people::Recipient;
use super::rules::{Anchor, Category, RuleCode};
use super::unsubscribe;
use super::words::Words;
use crate::accounts;
use crate::kernel::id::RegistrationId;
use crate::kernel::lang::Lang;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::keys::{Master, pass_token};
use crate::platform::mail::{CalendarFile, Message};

/// Column at which the plain text wraps.
const WIDTH: usize = 76;

/// Where letters come from and where they lead.
#[derive(Clone, Debug)]
pub struct Place {
    /// Name of the sender.
    pub house: String,
    /// Address of the sender.
    pub address: String,
    /// Domain of our ids.
    pub domain: String,
    /// In front of unsubscribe and single-use links.
    pub base_url: String,
    /// In front of the paths of records.
    pub links: String,
    /// From which link tokens derive.
    pub master: Master,
}

/// One matter in a recipient's words.
struct Told {
    subject: String,
    paragraphs: Vec<String>,
    rows: Vec<(String, String)>,
    action: String,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Envelope<'a> {
    language: &'static str,
    direction: &'static str,
    start: &'static str,
    house: &'a str,
    subject: &'a str,
    hello: &'a str,
    paragraphs: &'a [String],
    rows: &'a [(String, String)],
    link: &'a str,
    action: &'a str,
    footer: &'a str,
    stop: &'a str,
    stop_link: Option<&'a str>,
}

/// A letter and what is true of its object.
pub struct Sheet {
    /// The row.
    pub letter: Letter,
    /// The truth.
    pub matter: Matter,
}

/// Writes the letter, or the digest when there is more than one sheet; the first lends its id and its date.
///
/// # Errors
/// When a text is missing.
pub fn compose(place: &Place, to: &Recipient, sheets: &[Sheet]) -> Result<Message> {
    let Some(first) = sheets.first() else { return Err(Error::internal("a letter without a matter")) };
    let words = Words::of(to.language, to.timezone);
    let category = first.letter.rule.category();
    let (subject, paragraphs, rows, action, link) = parts(place, words, to, sheets, first)?;
    let subject = one_line(&subject);
    let hello = say(words, "hello", &values([("name", FluentValue::from(to.name.to_string()))]))?;
    let footer = footer(place, words, first.letter.rule, to.kind)?;
    let rtl = words.lang() == Lang::Ar;
    let unsubscribe =
        (!first.letter.rule.always_for(to.kind)).then(|| unsubscribe::link(place, to, category));
    // Who has an account changes what comes in their preferences; who has none, with the letter itself.
    let stop_link = unsubscribe.clone().filter(|_| to.kind == RecipientKind::Registration);
    let stop = words.word("unsubscribe-action");
    let html = Envelope {
        language: words.lang().as_str(),
        direction: if rtl { "rtl" } else { "ltr" },
        start: if rtl { "right" } else { "left" },
        house: &place.house,
        subject: &subject,
        hello: &hello,
        paragraphs: &paragraphs,
        rows: &rows,
        link: &link,
        action: &action,
        footer: &footer,
        stop: &stop,
        stop_link: stop_link.as_deref(),
    };
    let lines: Vec<String> = rows.iter().map(|(label, value)| row(words, label, value)).collect();
    let links =
        [Some((action.as_str(), link.as_str())), stop_link.as_deref().map(|link| (stop.as_str(), link))];
    let text = plain(words, &hello, &paragraphs, &lines, &links, &footer)?;
    let address = if first.letter.address.is_empty() { to.email.as_str() } else { &first.letter.address };
    Ok(Message {
        id: first.letter.id.to_string(),
        name: one_line(to.name.as_str()),
        address: address.to_owned(),
        text,
        html: html.render().map_err(Error::internal)?,
        calendar: if sheets.len() == 1 { calendar(place, to, first, &subject) } else { None },
        subject,
        language: words.lang().as_str(),
        date: first.letter.dated_at.unwrap_or(first.letter.planned_for),
        unsubscribe,
        thread: (first.letter.offset_days > 0 && sheets.len() == 1)
            .then(|| format!("{}-{}-{}", first.letter.rule, first.letter.object_id, to.id)),
    })
}

type Values = BTreeMap<&'static str, FluentValue<'static>>;

fn values<const N: usize>(pairs: [(&'static str, FluentValue<'static>); N]) -> Values {
    pairs.into_iter().collect()
}

fn say(words: Words, key: &str, values: &Values) -> Result<String> {
    words.text(key, values).ok_or_else(|| Error::internal(format!("no language has the text {key}")))
}

fn tell(place: &Place, words: Words, to: &Recipient, Sheet { letter, matter }: &Sheet) -> Result<Told> {
    let mut known = values([
        ("house", FluentValue::from(place.house.clone())),
        ("by", FluentValue::from("none")),
        ("days", FluentValue::from(days(letter, matter, to))),
        ("hours", FluentValue::from(hours(letter))),
        ("by-day", FluentValue::from(if letter.offset_days > 0 { "after" } else { "before" })),
        ("as", FluentValue::from(letter.audience.as_str().replace('_', "-"))),
    ]);
    known.extend(matter.facts.iter().map(|(name, fact)| (*name, words.value(fact))));
    for (name, fact) in &matter.facts {
        // Subjects speak of a status in words, while texts choose by the code.
        if let ("status", Fact::Word(..)) = (*name, fact) {
            known.insert("status", FluentValue::from(words.fact(fact)));
        }
    }
    let rule = letter.rule;
    let text = say(words, &format!("{rule}-text"), &known)?;
    let rows = matter.facts.iter().filter(|(name, _)| *name != "to");
    Ok(Told {
        subject: say(words, &format!("{rule}-subject"), &known)?,
        paragraphs: text.split("\n\n").map(one_line).filter(|p| !p.is_empty()).collect(),
        rows: rows
            .map(|(name, fact)| {
                let label = words.word(&format!("fact-{}", name.replace('_', "-")));
                let value = match fact {
                    Fact::Day(_) => format!("{} ({})", words.fact(fact), to.timezone),
                    other => words.fact(other),
                };
                (label, value)
            })
            .collect(),
        action: say(words, &format!("{rule}-action"), &known)?,
    })
}

/// Whole days between the recipient's today and the day of the matter; for letters of events, from the event.
fn days(letter: &Letter, matter: &Matter, to: &Recipient) -> i64 {
    let now = letter.dated_at.unwrap_or(letter.planned_for);
    let today = Day(now.date_in(to.timezone));
    match (letter.rule.anchor(), matter.day) {
        (Some(_), Some(day)) => today.days_since(day).abs(),
        _ => i64::from(letter.offset_days.abs()),
    }
}

/// Hours before the instant of a letter that counts in hours; else 0.
fn hours(letter: &Letter) -> i64 {
    let counted = letter.rule.anchors().into_iter().find_map(Anchor::hours);
    counted.filter(|_| letter.moment().is_some()).unwrap_or(0)
}

/// Subject, paragraphs, rows, words of the link and the link of a letter.
type Parts = (String, Vec<String>, Vec<(String, String)>, String, String);

fn parts(place: &Place, words: Words, to: &Recipient, sheets: &[Sheet], first: &Sheet) -> Result<Parts> {
    let mut told: Vec<Told> =
        sheets.iter().map(|sheet| tell(place, words, to, sheet)).collect::<Result<_>>()?;
    if told.len() > 1 {
        return together(place, words, told);
    }
    let Some(told) = told.pop() else { return Err(Error::internal("nothing was told")) };
    Ok((told.subject, told.paragraphs, told.rows, told.action, link(place, to, &first.matter)))
}

fn together(place: &Place, words: Words, many: Vec<Told>) -> Result<Parts> {
    let count = values([("count", FluentValue::from(many.len() as i64))]);
    let rows = many.into_iter().map(|told| {
        let due = told.rows.iter().map(|(label, value)| row(words, label, value));
        (told.subject, due.take(4).collect::<Vec<_>>().join("\n"))
    });
    Ok((
        say(words, "digest-subject", &count)?,
        vec![say(words, "digest-text", &count)?],
        rows.collect(),
        say(words, "digest-action", &count)?,
        format!("{}/me/notifications", place.links),
    ))
}

/// Who has no account is led to the pass of their place, which needs none.
fn link(place: &Place, to: &Recipient, matter: &Matter) -> String {
    match (matter.link, to.kind) {
        (Some((kind, id)), _) => accounts::link_url(&place.master, &place.base_url, kind, id),
        // A certificate is everybody's to look at.
        (None, RecipientKind::Registration) if matter.path.starts_with("/certificates/") => {
            format!("{}{}", place.base_url, matter.path)
        }
        (None, RecipientKind::Registration) => {
            format!("{}/pass#{}", place.base_url, pass_token(&place.master, RegistrationId(to.id.0)))
        }
        (None, RecipientKind::User) => format!("{}{}", place.links, matter.path),
    }
}

fn footer(place: &Place, words: Words, rule: RuleCode, kind: RecipientKind) -> Result<String> {
    let category: Category = rule.category();
    let key = match (rule, kind) {
        (RuleCode::T7, _) => "house-changed",
        (rule, RecipientKind::Registration) if rule.always_for(kind) => "house-place",
        (_, RecipientKind::Registration) => "house-participant",
        (rule, _) if rule.mandatory() => "house-mandatory",
        _ => "house",
    };
    let known = values([
        ("house", FluentValue::from(place.house.clone())),
        ("category", FluentValue::from(words.word(&format!("category-{category}")))),
    ]);
    say(words, key, &known)
}

/// Control characters and line breaks become spaces: nothing that people typed starts a header or a line of its own.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A fact in the plain text; the colon is each language's own.
fn row(words: Words, label: &str, value: &str) -> String {
    let value = value.replace('\n', "; ");
    let both =
        values([("label", FluentValue::from(label.to_owned())), ("value", FluentValue::from(value.clone()))]);
    words.text("plain-row", &both).unwrap_or(value)
}

/// The letter as plain text: its link before the footer, the one that stops such letters after it.
fn plain(
    words: Words,
    hello: &str,
    paragraphs: &[String],
    rows: &[String],
    [link, stop]: &[Option<(&str, &str)>; 2],
    footer: &str,
) -> Result<String> {
    let mut text = format!("{}\n\n", wrapped(hello));
    for paragraph in paragraphs {
        text.push_str(&format!("{}\n\n", wrapped(paragraph)));
    }
    for row in rows {
        text.push_str(&format!("{}\n", wrapped(row)));
    }
    if !rows.is_empty() {
        text.push('\n');
    }
    let labeled = |(action, link): (&str, &str)| -> Result<String> {
        let action = FluentValue::from(action.to_owned());
        Ok(format!("{}\n{link}\n", say(words, "plain-link", &values([("action", action)]))?))
    };
    if let Some(link) = link {
        text.push_str(&labeled(*link)?);
    }
    text.push_str(&format!("\n-- \n{}\n", wrapped(footer)));
    if let Some(stop) = stop {
        text.push_str(&labeled(*stop)?);
    }
    Ok(text)
}

fn wrapped(text: &str) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for word in text.split([' ', '\n']) {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// The day of the matter as an entry of a calendar; the same matter keeps its entry when its day moves.
fn calendar(place: &Place, to: &Recipient, sheet: &Sheet, subject: &str) -> Option<CalendarFile> {
    if let Some(whole) = &sheet.matter.session {
        return invitation::file(place, to, sheet, whole);
    }
    let day = sheet.matter.day?;
    let mut event = Event::new();
    event
        .uid(&format!("{}@{}", sheet.letter.object_id, place.domain))
        .timestamp(sheet.letter.dated_at.unwrap_or(sheet.letter.planned_for).utc())
        .summary(subject)
        .url(&link(place, to, &sheet.matter))
        .all_day(day.0);
    let mut calendar = Calendar::new();
    calendar.append_property(("METHOD", "PUBLISH"));
    calendar.push(event);
    Some(CalendarFile { method: "PUBLISH", text: calendar.to_string() })
}
