//! The timeline of a program: bars, slips, the chain that decides the end; as JSON and as a picture.

mod draw;
mod http;
mod words;

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::filter::MilestoneFilter;
use super::model::{Milestone, MilestoneStatus};
use super::view::Around;
use super::{list, progress, today};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Actor, ViewMilestones};
use crate::kernel::id::{Iso2, MilestoneId, ProgramId};
use crate::kernel::lang::Titles;
use crate::kernel::list::Many;
use crate::kernel::money::Percent;
use crate::kernel::time::Day;
use crate::platform::db::Tx;
use crate::platform::http::Routing;
use crate::platform::sheet::page_of_all;

/// Most milestones of a timeline; a program with more is read as a list.
const MOST: usize = 600;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::timeline).service(http::picture);
}

/// The milestones of a program on the line of time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// The program.
    pub program_id: ProgramId,
    /// What it is called.
    pub program_title: Titles,
    /// The day now (UTC).
    pub today: Day,
    /// The first day that is shown.
    pub start: Day,
    /// The last day that is shown.
    pub end: Day,
    /// Weights accepted of weights not cancelled; none without milestones.
    pub progress: Option<Percent>,
    /// The milestones in order of their dates.
    pub bars: Vec<Bar>,
    /// The milestones, first to last, that by waiting for each other decide the last date.
    pub critical_chain: Vec<MilestoneId>,
}

/// A milestone on the timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Bar {
    /// The milestone.
    pub id: MilestoneId,
    /// What is to be reached.
    pub title: Titles,
    /// For which country.
    pub country: Option<Iso2>,
    /// Where it stands.
    pub status: MilestoneStatus,
    /// Its day has passed and it is neither accepted nor cancelled.
    pub missed: bool,
    /// From when: its predecessor's date, else the program's start, never after `due`.
    pub start: Day,
    /// By when.
    pub due: Day,
    /// By when, as first agreed.
    pub baseline_due: Day,
    /// Days later than first agreed.
    pub slip_days: i64,
    /// Its part in the program's progress.
    pub weight: i32,
    /// What must come before it.
    pub predecessor: Option<MilestoneId>,
    /// Whether it is of the critical chain.
    pub critical: bool,
}

/// The timeline of a program as the caller may see it.
fn of_program(tx: &mut Tx, permit: &Permit<ViewMilestones>, id: ProgramId) -> Result<Timeline> {
    let program = permit.get(tx, |tx, scope| super::super::find(tx, scope, id))?;
    let by = MilestoneFilter { program: Many::one(id), ..MilestoneFilter::default() };
    let (scope, user) = (permit.scope(), permit.user());
    let day = today::today(tx)?;
    let rows = page_of_all(tx, MOST, |tx, page| list::page(tx, &scope, &by, user, &day, page))?;
    let around = Around::of(tx, user, &rows)?;
    let start = program.actual_start.as_ref().or(program.planned_start.as_ref()).map(|date| date.earliest());
    let end = program.actual_end.as_ref().or(program.planned_end.as_ref()).map(|date| date.latest());
    let chain = critical_chain(&rows);
    let bars = bars(&around, &rows, &chain, start);
    let days: Vec<Day> = bars.iter().flat_map(|bar| [bar.start, bar.due, bar.baseline_due]).collect();
    let all = || days.iter().copied().chain(start).chain(end);
    Ok(Timeline {
        program_id: id,
        program_title: program.title,
        today: day.utc,
        start: all().min().unwrap_or(day.utc),
        end: all().max().unwrap_or(day.utc),
        progress: progress(tx, &[id])?.remove(&id),
        bars,
        critical_chain: chain,
    })
}

fn bars(around: &Around, rows: &[Milestone], chain: &[MilestoneId], start: Option<Day>) -> Vec<Bar> {
    let due: HashMap<MilestoneId, Day> = rows.iter().map(|m| (m.id, m.due)).collect();
    let bar = |m: &Milestone| {
        let earliest = m.due.min(m.baseline_due);
        let from = m.predecessor.and_then(|id| due.get(&id).copied()).or(start).unwrap_or(earliest);
        Bar {
            id: m.id,
            title: m.title.clone(),
            country: m.country,
            status: m.status,
            missed: around.missed(m),
            start: from.min(m.due),
            due: m.due,
            baseline_due: m.baseline_due,
            slip_days: m.due.days_since(m.baseline_due),
            weight: m.weight,
            predecessor: m.predecessor.filter(|id| due.contains_key(id)),
            critical: chain.contains(&m.id),
        }
    };
    rows.iter().map(bar).collect()
}

/// From the milestone that is due last, back along the predecessors; a milestone that stands alone is no chain.
fn critical_chain(rows: &[Milestone]) -> Vec<MilestoneId> {
    let live: HashMap<MilestoneId, &Milestone> =
        rows.iter().filter(|m| m.status != MilestoneStatus::Cancelled).map(|m| (m.id, m)).collect();
    let mut chain = Vec::new();
    let mut at = live.values().max_by_key(|m| (m.due, m.predecessor.is_some(), m.id)).copied();
    while let Some(milestone) = at {
        if chain.contains(&milestone.id) {
            break;
        }
        chain.push(milestone.id);
        at = milestone.predecessor.and_then(|id| live.get(&id).copied());
    }
    chain.reverse();
    if chain.len() > 1 { chain } else { Vec::new() }
}
