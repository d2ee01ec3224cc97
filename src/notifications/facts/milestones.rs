//! What is true of a milestone, for letters M1 to M6.

use diesel::prelude::*;
use serde_json::Value;

use super::{Fact, Matter, doer, programs, text};
use crate::kernel::Result;
use crate::kernel::id::{Iso2, MilestoneId, ObjectId, ProgramId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::time::{Day, Timestamp};
use crate::notifications::model::Letter;
use crate::notifications::people;
use crate::notifications::rules::RuleCode;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::milestones;

/// States in which somebody still has to do something.
const OPEN: [&str; 3] = ["planned", "in_progress", "returned"];

/// A milestone as letters know it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = milestones)]
struct Facts {
    id: MilestoneId,
    program_id: ProgramId,
    country: Option<Iso2>,
    title: Titles,
    owner: Option<UserId>,
    acceptance: String,
    due: Day,
    status: String,
    updated_at: Timestamp,
}

fn find(tx: &mut Tx, id: MilestoneId) -> Result<Option<Facts>> {
    let found = milestones::table
        .select(Facts::as_select())
        .filter(milestones::id.eq(id))
        .filter(milestones::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

pub(super) fn matter(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let id = MilestoneId(letter.object_id.0);
    let Some(milestone) = find(tx, id)? else { return Ok(Matter::void("the milestone is gone")) };
    let Some(program) = programs::find(tx, milestone.program_id)? else {
        return Ok(Matter::void("the program is gone"));
    };
    let mut matter = Matter {
        path: format!("/milestones/{id}"),
        program: Some(milestone.program_id),
        owner: milestone.owner,
        countries: match milestone.country {
            Some(country) => vec![country],
            None => programs::countries_of(tx, milestone.program_id, false)?,
        },
        void: void(letter, &milestone, body, programs::goes_on(&program)),
        ..Matter::default()
    };
    matter.tell("milestone", Fact::Titles(milestone.title.clone()));
    matter.tell("program", Fact::Titles(program.title));
    match letter.rule {
        RuleCode::M4 => moved(tx, &mut matter, &milestone, body)?,
        RuleCode::M5 => judged(tx, &mut matter, body)?,
        _ => matter.tell("due", Fact::Day(milestone.due)),
    }
    if letter.rule != RuleCode::M5 {
        matter.day = Some(milestone.due);
    }
    if matches!(letter.rule, RuleCode::M2 | RuleCode::M3) {
        owner(tx, &mut matter)?;
    }
    Ok(matter)
}

/// Why the letter no longer holds, if so.
fn void(letter: &Letter, milestone: &Facts, body: &Value, goes_on: bool) -> Option<&'static str> {
    let open = OPEN.contains(&milestone.status.as_str());
    let assigned = body["owner_id"].as_str().map(str::to_owned);
    match letter.rule {
        RuleCode::M1 if assigned != milestone.owner.map(|owner| owner.to_string()) => {
            Some("somebody else owns it now")
        }
        RuleCode::M2 | RuleCode::M3 if milestone.due.to_string() != letter.anchor => Some("the date moved"),
        RuleCode::M2 | RuleCode::M3 if !open => Some("it was submitted or closed"),
        RuleCode::M2 | RuleCode::M3 if !goes_on => Some("the program does not go on"),
        RuleCode::M4 if body["new_due"].as_str() != Some(&milestone.due.to_string()) => {
            Some("the date moved again")
        }
        RuleCode::M6 if milestone.status != "submitted" => Some("it no longer waits for acceptance"),
        RuleCode::M6 if milestone.acceptance != "country" => Some("a coordinator accepts it"),
        _ => None,
    }
}

fn moved(tx: &mut Tx, matter: &mut Matter, milestone: &Facts, body: &Value) -> Result<()> {
    for (name, field) in [("old_due", "old_due"), ("new_due", "new_due")] {
        if let Some(day) = text(body, field).and_then(|day| day.parse().ok()) {
            matter.tell(name, Fact::Day(day));
        }
    }
    reason(matter, body, "reason", "reason");
    matter.facts.extend(doer(tx, body)?);
    matter.dependants = milestones::table
        .select(milestones::owner.assume_not_null())
        .filter(milestones::predecessor.eq(Some(milestone.id)))
        .filter(milestones::owner.is_not_null())
        .filter(milestones::deleted_at.is_null())
        .filter(milestones::status.eq_any(OPEN))
        .load(tx.conn())?;
    Ok(())
}

fn judged(tx: &mut Tx, matter: &mut Matter, body: &Value) -> Result<()> {
    if let Some(word) = text(body, "to") {
        matter.tell("status", Fact::Word("status", word.clone()));
        matter.tell("to", Fact::Word("status", word));
    }
    reason(matter, body, "note", "note");
    matter.facts.extend(doer(tx, body)?);
    Ok(())
}

fn reason(matter: &mut Matter, body: &Value, name: &'static str, field: &str) {
    if let Some(words) = text(body, field) {
        matter.tell(name, Fact::Text(words));
    }
}

fn owner(tx: &mut Tx, matter: &mut Matter) -> Result<()> {
    let found = matter.owner.map(|owner| people::person(tx, owner)).transpose()?.flatten();
    if let Some(person) = found {
        matter.tell("owner", Fact::Text(person.name.to_string()));
    }
    Ok(())
}

/// Open milestones that are due in a span, in order of ids, after a row.
pub(super) fn dated(
    tx: &mut Tx,
    from: Day,
    to: Day,
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<(ObjectId, String, Timestamp)>> {
    let mut query = milestones::table
        .select(Facts::as_select())
        .filter(milestones::deleted_at.is_null())
        .filter(milestones::status.eq_any(OPEN))
        .filter(milestones::due.between(from, to))
        .order(milestones::id)
        .limit(limit)
        .into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(milestones::id.gt(MilestoneId(after.0)));
    }
    let rows: Vec<Facts> = query.load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (ObjectId(row.id.0), row.due.to_string(), row.updated_at)).collect())
}

/// When one milestone is due.
pub(super) fn due_of(tx: &mut Tx, id: ObjectId) -> Result<Option<(String, Timestamp)>> {
    Ok(find(tx, MilestoneId(id.0))?.map(|row| (row.due.to_string(), row.updated_at)))
}
