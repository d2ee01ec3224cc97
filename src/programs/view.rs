//! What a caller sees of programs: how much of each, what they may do with it, and where they may move it.

use std::collections::HashMap;

use super::model::{Header, Inside, Listed, Parts, Program, ProgramRecord, Summary, Tombstone};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, Permission, Role, Scope};
use crate::kernel::id::{Iso2, ProgramId, UserId};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// The caller's reach for every permission over a program, worked out once for a page.
#[derive(Clone)]
pub struct Eyes {
    user: UserId,
    scopes: Vec<(Permission, Scope)>,
}

/// Permissions that are not over one program.
const OVER_NONE: [Permission; 2] = [Permission::CreatePrograms, Permission::ImportPrograms];

impl Eyes {
    /// Of the holder of a permit.
    pub fn of<A: crate::kernel::access::Action>(permit: &Permit<A>) -> Eyes {
        let sights = [Permission::ViewPrograms, Permission::ViewMilestones];
        let over = Permission::ALL.iter().filter(|p| sights.contains(&p.sight()) && !OVER_NONE.contains(p));
        Eyes { user: permit.user(), scopes: over.map(|p| (*p, permit.scope_of(*p))).collect() }
    }

    /// Counts a role that was given in this very transaction; only where the caller holds it is it found.
    #[must_use]
    pub fn and(mut self, role: Role) -> Eyes {
        for (permission, scope) in &mut self.scopes {
            if let Scope::Only(reach) = scope
                && permission.roles().contains(&role)
                && !reach.roles.contains(&role)
            {
                reach.roles.push(role);
            }
        }
        self
    }

    /// The permissions held over a program in these countries by someone with these roles in it.
    fn over(&self, countries: &[Iso2], roles: &[Role]) -> Vec<Permission> {
        let reached = self.scopes.iter().filter(|(_, scope)| match scope {
            Scope::All => true,
            Scope::Only(reach) => {
                let here = |list: &[Iso2]| countries.iter().any(|country| list.contains(country));
                let held = here(&reach.countries) || roles.iter().any(|role| reach.roles.contains(role));
                held && reach.within.as_ref().is_none_or(|within| here(within))
            }
        });
        reached.map(|(permission, _)| *permission).collect()
    }

    fn has_program_roles(&self) -> bool {
        self.scopes.iter().any(|(_, scope)| matches!(scope, Scope::Only(reach) if !reach.roles.is_empty()))
    }
}

/// Programs with their parts as the caller may see them: a fixed number of queries, however many programs.
pub(super) fn records(tx: &mut Tx, eyes: &Eyes, rows: Vec<Program>) -> Result<Vec<ProgramRecord>> {
    let ids: Vec<ProgramId> = rows.iter().map(|program| program.id).collect();
    let mut parts = grouped(store::parts_of(tx, &ids)?);
    let mut roles: HashMap<ProgramId, Vec<Role>> = HashMap::new();
    if eyes.has_program_roles() {
        for (id, role) in store::roles_in(tx, eyes.user, &ids)? {
            roles.entry(id).or_default().push(role);
        }
    }
    let seen = rows.into_iter().map(|program| {
        let parts = parts.remove(&program.id).unwrap_or_default();
        let roles = roles.get(&program.id).map_or(&[][..], Vec::as_slice);
        record(eyes, program, parts, roles)
    });
    Ok(seen.collect())
}

/// One program as the caller may see it.
pub(super) fn one(tx: &mut Tx, eyes: &Eyes, program: Program) -> Result<ProgramRecord> {
    let id = program.id;
    let mut seen = records(tx, eyes, vec![program])?;
    seen.pop().ok_or_else(|| Error::internal(format!("program {id} has no record")))
}

/// A page of the list, deleted ones as tombstones.
pub(super) fn listed(tx: &mut Tx, eyes: &Eyes, rows: Vec<Program>) -> Result<Vec<Listed>> {
    let dead: HashMap<ProgramId, Timestamp> =
        rows.iter().filter_map(|program| program.deleted_at.map(|at| (program.id, at))).collect();
    let seen = records(tx, eyes, rows)?.into_iter().map(|record| match dead.get(&record.header.id) {
        Some(at) => Listed::Deleted(Tombstone { id: record.header.id, deleted_at: *at }),
        None => Listed::Program(Box::new(record)),
    });
    Ok(seen.collect())
}

fn grouped(parts: Parts) -> HashMap<ProgramId, Parts> {
    let mut by_program: HashMap<ProgramId, Parts> = HashMap::new();
    for country in parts.countries {
        by_program.entry(country.program_id).or_default().countries.push(country);
    }
    for theme in parts.themes {
        by_program.entry(theme.0).or_default().themes.push(theme);
    }
    for organization in parts.organizations {
        by_program.entry(organization.program_id).or_default().organizations.push(organization);
    }
    for tag in parts.tags {
        by_program.entry(tag.program_id).or_default().tags.push(tag);
    }
    by_program
}

fn record(eyes: &Eyes, program: Program, parts: Parts, roles: &[Role]) -> ProgramRecord {
    let countries: Vec<Iso2> = parts.countries.iter().map(|share| share.country).collect();
    let held = eyes.over(&countries, roles);
    let may = |permission: Permission| held.contains(&permission);
    let summary = may(Permission::ViewProgramSummaries).then(|| Summary {
        description: program.description,
        objectives: program.objectives,
        target_groups: program.target_groups,
        themes: parts.themes.into_iter().map(|(_, theme)| theme).collect(),
        organizations: parts.organizations,
        tags: parts.tags,
        scope_note: program.scope_note,
        collaboration_type: program.collaboration_type,
        flow_type: program.flow_type,
        aid_type: program.aid_type,
        final_report: program.final_report,
    });
    let inside = may(Permission::ViewWholePrograms).then_some(Inside {
        budget_note: program.budget_note,
        notes: program.notes,
        milestones_waiver: program.milestones_waiver,
        created_by: program.created_by,
        updated_by: program.updated_by,
    });
    let moves = if may(Permission::MovePrograms) { program.status.next() } else { &[] };
    let header = Header {
        id: program.id,
        iati_identifier: program.iati_identifier,
        title: program.title,
        status: program.status,
        planned_start: program.planned_start,
        actual_start: program.actual_start,
        planned_end: program.planned_end,
        actual_end: program.actual_end,
        countries: parts.countries,
        created_at: program.created_at,
        updated_at: program.updated_at,
        version: program.version,
        permissions: held.into_iter().map(Permission::word).collect(),
        allowed_transitions: moves.to_vec(),
    };
    ProgramRecord { header, summary, inside }
}
