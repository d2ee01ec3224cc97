//! What a caller sees of milestones, what they may do with each, and where they may move it.

use std::collections::HashMap;

use super::super::eyes::Eyes;
use super::super::store::roles_in;
use super::model::{Acceptance, GoneMilestone, ListedMilestone, Milestone, MilestoneRecord, MilestoneStatus};
use super::store;
use super::today::{Today, today_in};
use crate::accounts::{Permit, Somebody, people as people_by_name};
use crate::kernel::access::{Action, Permission, Role, Scope};
use crate::kernel::id::{Iso2, ProgramId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// The caller's reach over milestones.
pub(super) fn eyes<A: Action>(permit: &Permit<A>) -> Eyes {
    Eyes::of(permit, Permission::ViewMilestones)
}

/// Whether the caller is who accepts it: never the person who handed it in.
pub(super) fn may_accept(eyes: &Eyes, milestone: &Milestone, countries: &[Iso2], roles: &[Role]) -> bool {
    let Some(Scope::Only(reach)) = eyes.scope(Permission::AcceptMilestones) else { return false };
    let named = match milestone.acceptance {
        Acceptance::Country => countries.iter().any(|country| reach.countries.contains(country)),
        Acceptance::Coordinator => {
            roles.contains(&Role::Coordinator) && reach.roles.contains(&Role::Coordinator)
        }
    };
    named
        && eyes.holds(Permission::AcceptMilestones, countries, roles)
        && milestone.submitted_by != Some(eyes.user())
}

/// The permission that a step asks for; acceptance has rules beyond it.
fn may_step(eyes: &Eyes, m: &Milestone, to: MilestoneStatus, countries: &[Iso2], roles: &[Role]) -> bool {
    match to {
        MilestoneStatus::Accepted | MilestoneStatus::Returned => may_accept(eyes, m, countries, roles),
        MilestoneStatus::Cancelled => eyes.holds(Permission::EditMilestones, countries, roles),
        _ => eyes.holds(Permission::SubmitMilestones, countries, roles),
    }
}

/// What the records of a page have in common: a fixed number of queries, however many milestones.
pub(super) struct Around {
    pub(super) countries: HashMap<ProgramId, Vec<Iso2>>,
    pub(super) roles: HashMap<ProgramId, Vec<Role>>,
    pub(super) today: Today,
    titles: HashMap<ProgramId, Titles>,
    people: HashMap<UserId, Somebody>,
}

impl Around {
    /// Reads it for some milestones.
    pub(super) fn of(tx: &mut Tx, user: UserId, rows: &[Milestone]) -> Result<Around> {
        let mut programs: Vec<ProgramId> = rows.iter().map(|m| m.program_id).collect();
        programs.sort();
        programs.dedup();
        let mut people: Vec<UserId> =
            rows.iter().flat_map(|m| [m.owner, m.submitted_by, m.accepted_by]).flatten().collect();
        people.sort();
        people.dedup();
        let mut countries: Vec<Iso2> = rows.iter().filter_map(|m| m.country).collect();
        countries.sort();
        countries.dedup();
        let mut roles: HashMap<ProgramId, Vec<Role>> = HashMap::new();
        for (program, role) in roles_in(tx, user, &programs)? {
            roles.entry(program).or_default().push(role);
        }
        Ok(Around {
            countries: store::countries_of(tx, &programs)?,
            roles,
            today: today_in(tx, &countries)?,
            titles: store::titles_of(tx, &programs)?,
            people: people_by_name(tx, &people)?,
        })
    }

    /// The countries that a milestone is for.
    pub(super) fn countries_for<'a>(&'a self, m: &'a Milestone) -> &'a [Iso2] {
        match &m.country {
            Some(country) => std::slice::from_ref(country),
            None => self.countries.get(&m.program_id).map_or(&[][..], Vec::as_slice),
        }
    }

    /// The caller's roles in a milestone's program.
    pub(super) fn roles_in(&self, m: &Milestone) -> &[Role] {
        self.roles.get(&m.program_id).map_or(&[][..], Vec::as_slice)
    }

    /// Whether its day has passed where it counts and it is neither accepted nor cancelled.
    pub(super) fn missed(&self, m: &Milestone) -> bool {
        !m.status.is_over() && m.due < self.today.of(m.country)
    }
}

/// Milestones as the caller sees them.
pub(super) fn records(tx: &mut Tx, eyes: &Eyes, rows: Vec<Milestone>) -> Result<Vec<MilestoneRecord>> {
    let around = Around::of(tx, eyes.user(), &rows)?;
    Ok(rows.into_iter().map(|milestone| record(eyes, &around, milestone)).collect())
}

/// One milestone as the caller sees it.
pub(super) fn one(tx: &mut Tx, eyes: &Eyes, milestone: Milestone) -> Result<MilestoneRecord> {
    let id = milestone.id;
    let mut seen = records(tx, eyes, vec![milestone])?;
    seen.pop().ok_or_else(|| Error::internal(format!("milestone {id} has no record")))
}

/// A page of a list, deleted ones as tombstones.
pub(super) fn listed(tx: &mut Tx, eyes: &Eyes, rows: Vec<Milestone>) -> Result<Vec<ListedMilestone>> {
    let around = Around::of(tx, eyes.user(), &rows)?;
    let seen = rows.into_iter().map(|milestone| match milestone.deleted_at {
        Some(deleted_at) => ListedMilestone::Gone(GoneMilestone { id: milestone.id, deleted_at }),
        None => ListedMilestone::There(Box::new(record(eyes, &around, milestone))),
    });
    Ok(seen.collect())
}

fn record(eyes: &Eyes, around: &Around, m: Milestone) -> MilestoneRecord {
    let (countries, roles) = (around.countries_for(&m), around.roles_in(&m));
    let held = eyes.held(countries, roles).filter(|permission| match permission {
        Permission::AcceptMilestones => may_accept(eyes, &m, countries, roles),
        _ => true,
    });
    let permissions = held.map(Permission::word).collect();
    let steps = m.status.next().iter().copied();
    let allowed_transitions = steps.filter(|to| may_step(eyes, &m, *to, countries, roles)).collect();
    let person = |id: Option<UserId>| id.and_then(|id| around.people.get(&id).cloned());
    MilestoneRecord {
        missed: around.missed(&m),
        slip_days: m.due.days_since(m.baseline_due),
        program_title: around.titles.get(&m.program_id).cloned().unwrap_or_default(),
        owner: person(m.owner),
        submitted_by: person(m.submitted_by),
        accepted_by: person(m.accepted_by),
        permissions,
        allowed_transitions,
        id: m.id,
        program_id: m.program_id,
        series_id: m.series_id,
        country: m.country,
        title: m.title,
        description: m.description,
        deliverable: m.deliverable,
        deliverable_url: m.deliverable_url,
        acceptance: m.acceptance,
        due: m.due,
        baseline_due: m.baseline_due,
        moves: m.moves,
        weight: m.weight,
        predecessor: m.predecessor,
        status: m.status,
        note: m.note,
        submitted_at: m.submitted_at,
        accepted_at: m.accepted_at,
        created_at: m.created_at,
        updated_at: m.updated_at,
        version: m.version,
    }
}
