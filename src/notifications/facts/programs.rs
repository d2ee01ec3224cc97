//! What is true of a program, for letters P1 to P5.

use diesel::prelude::*;
use serde_json::Value;

use super::{Fact, Matter, doer, text};
use crate::kernel::Result;
use crate::kernel::id::{Iso2, ObjectId, ProgramId};
use crate::kernel::lang::Titles;
use crate::kernel::time::{Day, PartialDate, Timestamp};
use crate::notifications::model::Letter;
use crate::notifications::rules::RuleCode;
use crate::platform::db::Tx;
use crate::platform::schema::{countries, program_countries, programs};
use crate::programs::Status;

/// A program as letters know it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = programs)]
pub struct Facts {
    id: ProgramId,
    pub(super) title: Titles,
    status: Status,
    planned_start: Option<PartialDate>,
    actual_start: Option<PartialDate>,
    planned_end: Option<PartialDate>,
    actual_end: Option<PartialDate>,
    updated_at: Timestamp,
}

/// A program that is not deleted.
pub(super) fn find(tx: &mut Tx, id: ProgramId) -> Result<Option<Facts>> {
    let found = programs::table
        .select(Facts::as_select())
        .filter(programs::id.eq(id))
        .filter(programs::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Its countries; `waiting`: only those that have not acknowledged it.
pub(super) fn countries_of(tx: &mut Tx, id: ProgramId, waiting: bool) -> Result<Vec<Iso2>> {
    let rows: Vec<(Iso2, Option<Timestamp>)> = program_countries::table
        .select((program_countries::country, program_countries::acknowledged_at))
        .filter(program_countries::program_id.eq(id))
        .order(program_countries::country)
        .load(tx.conn())?;
    Ok(rows.into_iter().filter(|(_, at)| !waiting || at.is_none()).map(|(country, _)| country).collect())
}

/// The name of a country.
pub(super) fn country_name(tx: &mut Tx, iso2: Iso2) -> Result<Fact> {
    let name: Option<Titles> = countries::table
        .select(countries::names)
        .filter(countries::iso2.eq(iso2))
        .first(tx.conn())
        .optional()?;
    Ok(name.map_or_else(|| Fact::Text(iso2.to_string()), Fact::Titles))
}

/// Whether a program goes on: its milestones are worth reminding of.
pub(super) fn goes_on(program: &Facts) -> bool {
    matches!(program.status, Status::Pipeline | Status::Implementation | Status::Finalisation)
}

pub(super) fn matter(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let id = ProgramId(letter.object_id.0);
    let Some(program) = find(tx, id)? else { return Ok(Matter::void("the program is gone")) };
    let waiting = letter.rule == RuleCode::P3;
    let mut matter = Matter {
        path: format!("/programs/{id}"),
        program: Some(id),
        countries: countries_of(tx, id, waiting)?,
        ..Matter::default()
    };
    matter.tell("program", Fact::Titles(program.title.clone()));
    match letter.rule {
        RuleCode::P1 | RuleCode::P2 => status(tx, &mut matter, body)?,
        RuleCode::P3 => {
            matter.day = known(program.planned_start.as_ref());
            let open = program.status == Status::Pipeline && !matter.countries.is_empty();
            matter.void = (!open).then_some("it is acknowledged, or no longer in preparation");
            date(&mut matter, "planned_start");
        }
        RuleCode::P4 => {
            matter.day = known(program.planned_end.as_ref());
            let runs = matches!(program.status, Status::Implementation | Status::Finalisation);
            matter.void = (!runs).then_some("the program does not run");
            date(&mut matter, "planned_end");
        }
        _ => missing(&mut matter, &program, &letter.anchor),
    }
    if letter.rule.anchor().is_some() && matter.day.map(|day| day.to_string()) != Some(letter.anchor.clone())
    {
        matter.void = matter.void.or(Some("the date moved"));
    }
    Ok(matter)
}

fn known(date: Option<&PartialDate>) -> Option<Day> {
    date.and_then(PartialDate::day)
}

fn date(matter: &mut Matter, name: &'static str) {
    if let Some(day) = matter.day {
        matter.tell(name, Fact::Day(day));
    }
}

fn status(tx: &mut Tx, matter: &mut Matter, body: &Value) -> Result<()> {
    for (name, field) in [("status", "to"), ("from", "from")] {
        if let Some(word) = text(body, field) {
            matter.tell(name, Fact::Word("status", word));
        }
    }
    if let Some(word) = text(body, "to") {
        matter.tell("to", Fact::Word("status", word));
    }
    if let Some(reason) = text(body, "reason") {
        matter.tell("reason", Fact::Text(reason));
    }
    matter.facts.extend(doer(tx, body)?);
    Ok(())
}

/// P5: a planned start or end that passed without the actual one.
fn missing(matter: &mut Matter, program: &Facts, anchor: &str) {
    let is = |date: Option<&PartialDate>| known(date).is_some_and(|day| day.to_string() == anchor);
    let start = is(program.planned_start.as_ref())
        && program.actual_start.is_none()
        && program.status == Status::Pipeline;
    let runs = matches!(program.status, Status::Implementation | Status::Finalisation);
    let end = is(program.planned_end.as_ref()) && program.actual_end.is_none() && runs;
    matter.void = (!start && !end).then_some("the date is recorded, or moved");
    matter.day = anchor.parse().ok();
    let name = if start { "planned_start" } else { "planned_end" };
    date(matter, name);
    matter.tell("missing", Fact::Word("missing", if start { "start" } else { "end" }.into()));
}

/// Programs with a planned start (or end) in a span, in order, after a row: id, date, since when it is known.
pub(super) fn dated(
    tx: &mut Tx,
    start: bool,
    from: Day,
    to: Day,
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<(ObjectId, String, Timestamp)>> {
    let mut query = programs::table
        .select(Facts::as_select())
        .filter(programs::deleted_at.is_null())
        .filter(programs::status.eq_any([Status::Pipeline, Status::Implementation, Status::Finalisation]))
        .order(programs::id)
        .limit(limit)
        .into_boxed::<crate::platform::connection::MultiBackend>();
    query = match start {
        true => query.filter(programs::planned_start_on.between(from, to)),
        false => query.filter(programs::planned_end_on.between(from, to)),
    };
    if let Some(after) = after {
        query = query.filter(programs::id.gt(ProgramId(after.0)));
    }
    let rows: Vec<Facts> = query.load(tx.conn())?;
    // Dates known only to the month or the year come back as an empty anchor: no day may be made up for them.
    Ok(rows.into_iter().map(|row| anchored(&row, start)).collect())
}

fn anchored(row: &Facts, start: bool) -> (ObjectId, String, Timestamp) {
    let date = if start { row.planned_start.as_ref() } else { row.planned_end.as_ref() };
    let day = known(date).map(|day| day.to_string()).unwrap_or_default();
    (ObjectId(row.id.0), day, row.updated_at)
}

/// The two anchors of one program.
pub(super) fn anchors_of(tx: &mut Tx, id: ObjectId) -> Result<Vec<(bool, String, Timestamp)>> {
    let found = find(tx, ProgramId(id.0))?;
    let both = |row: Facts| {
        [true, false].map(|start| {
            let (_, anchor, since) = anchored(&row, start);
            (start, anchor, since)
        })
    };
    Ok(found.map(both).into_iter().flatten().collect())
}
