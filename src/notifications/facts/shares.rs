//! What is true of a disclosure, for letters S1 and S2: to whom, until when; never its purpose nor the words that came with it.

use serde_json::Value;

use super::{Fact, Matter, doer, held, id as named, programs};
use crate::disclosure::{Holding, ShareGrant, ShareStatus, Tlp, relation_of, told};
use crate::kernel::Result;
use crate::kernel::id::{ObjectId, ShareGrantId, UserId};
use crate::kernel::time::{Day, Timestamp};
use crate::notifications::model::Letter;
use crate::notifications::people;
use crate::notifications::rules::{Audience, RuleCode};
use crate::platform::db::Tx;

/// A row of a walk: what it is, its day, and since when that is known.
type Row = (ObjectId, String, Timestamp);

pub(super) fn matter(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let id = ShareGrantId(letter.object_id.0);
    let Some((grant, holding)) = told::share(tx, id)? else {
        return Ok(Matter::void("what was disclosed is gone"));
    };
    let today = Day(tx.now().utc().date_naive());
    let void = void(letter, &grant, holding.tlp, grant.status_on(today), body);
    let sees = sees(tx, letter, &holding)?;
    let thing = holding.kind.as_str().replace('_', "-");
    let mut matter = held::matter(tx, holding, &thing, format!("/share-grants/{id}"))?;
    matter.void = void;
    if !sees {
        matter.facts.retain(|(name, _)| *name != "title");
    }
    if let Some(held) = &mut matter.holding {
        held.parties = parties(tx, letter.rule, &grant)?;
    }
    if grant.status == ShareStatus::Proposed {
        matter.audiences = &[Audience::FocalPoints];
    }
    recipient(tx, &mut matter, &grant)?;
    matter.tell("last_day", Fact::Day(grant.expires_on));
    if letter.rule == RuleCode::S2 {
        matter.day = Some(grant.expires_on);
        return Ok(matter);
    }
    matter.doer = named(body, "by");
    matter.facts.extend(doer(tx, body)?);
    matter.tell("to", Fact::Word("step", grant.status.as_str().to_owned()));
    Ok(matter)
}

/// Who was told of a disclosure and no longer sees what it disclosed is not told what that is called.
fn sees(tx: &mut Tx, letter: &Letter, holding: &Holding) -> Result<bool> {
    if letter.recipient.0.is_nil() || letter.audience == Audience::FocalPoints {
        return Ok(true);
    }
    Ok(relation_of(tx, UserId(letter.recipient.0), holding)?.depth().is_some())
}

/// Why the letter no longer holds, if so.
fn void(
    letter: &Letter,
    grant: &ShareGrant,
    tlp: Tlp,
    stands: ShareStatus,
    body: &Value,
) -> Option<&'static str> {
    let opens = matches!(stands, ShareStatus::Proposed | ShareStatus::Granted);
    match letter.rule {
        RuleCode::S2 if stands != ShareStatus::Granted => Some("the disclosure is over"),
        RuleCode::S2 if grant.expires_on.to_string() != letter.anchor => Some("the date moved"),
        RuleCode::S1 if body["to"].as_str() != Some(stands.as_str()) => Some("the disclosure went on"),
        _ if opens && !tlp.is_shareable() => Some("its label keeps it with the country"),
        _ => None,
    }
}

/// The person or the team to whom it is disclosed, and who asked for it.
fn parties(tx: &mut Tx, rule: RuleCode, grant: &ShareGrant) -> Result<Vec<UserId>> {
    let mut parties: Vec<UserId> = grant.user_id.into_iter().collect();
    if let Some(program) = grant.program_id {
        parties.extend(people::team(tx, program)?.into_iter().map(|person| UserId(person.id.0)));
    }
    if rule == RuleCode::S1 && !parties.contains(&grant.proposed_by) {
        parties.push(grant.proposed_by);
    }
    Ok(parties)
}

/// To whom: a person's name; a program's title only where the country takes part in it.
fn recipient(tx: &mut Tx, matter: &mut Matter, grant: &ShareGrant) -> Result<()> {
    let person = grant.user_id.map(|user| people::person(tx, user)).transpose()?.flatten();
    if let Some(person) = person {
        matter.tell("recipient", Fact::Text(person.name.to_string()));
    }
    let Some(program) = grant.program_id else { return Ok(()) };
    let countries = programs::countries_of(tx, program, false)?;
    let known = matter.countries.iter().any(|country| countries.contains(country));
    match programs::find(tx, program)?.filter(|_| known) {
        Some(program) => matter.tell("team", Fact::Titles(program.title)),
        None => matter.tell("team", Fact::Word("team", "program".into())),
    }
    Ok(())
}

fn row(grant: &ShareGrant) -> Row {
    (ObjectId(grant.id.0), grant.expires_on.to_string(), grant.updated_at)
}

/// Disclosures that end in a span, in order of ids, after a row.
pub(super) fn ending(tx: &mut Tx, span: (Day, Day), after: Option<ObjectId>, limit: i64) -> Result<Vec<Row>> {
    let after = ShareGrantId(after.map_or_else(uuid::Uuid::nil, |after| after.0));
    Ok(told::ending(tx, span, after, limit)?.iter().map(row).collect())
}

/// When one disclosure ends.
pub(super) fn end_of(tx: &mut Tx, object: ObjectId) -> Result<Option<Row>> {
    Ok(told::share(tx, ShareGrantId(object.0))?.map(|(grant, _)| row(&grant)))
}
