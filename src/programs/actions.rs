//! What people do with programs, and the rules between rows.

use super::codes::Status;
use super::draft::ProgramDraft;
use super::model::Program;
use super::{rules, store};
use crate::accounts::{self, NewGrant, Permit};
use crate::kernel::access::{Actor, CreatePrograms, Role};
use crate::kernel::id::ProgramId;
use crate::kernel::time::{Day, Zone};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};

/// Enters a program in the pipeline; a coordinator who enters it becomes its coordinator.
pub(super) fn create(tx: &mut Tx, permit: &Permit<CreatePrograms>, draft: &ProgramDraft) -> Result<Program> {
    let (program, today) = (drafted(tx, permit, draft), today(tx));
    let mut faults = rules::row(&program, today);
    faults.extend(rules::countries(&draft.countries));
    faults.extend(rules::themes(&draft.themes));
    faults.extend(rules::organizations(&draft.organizations));
    faults.extend(rules::tags(&draft.tags));
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    store::insert(tx, &program)?;
    store::put_countries(tx, program.id, program.status, &draft.countries)?;
    store::put_themes(tx, program.id, &draft.themes)?;
    store::put_organizations(tx, program.id, &draft.organizations)?;
    store::put_tags(tx, program.id, &draft.tags)?;
    journal::record(tx, Entry::new(permit, "program.created", "program", program.id).program(program.id));
    if coordinates(permit) {
        let grant = NewGrant { role: Role::Coordinator, country: None, program_id: Some(program.id) };
        accounts::seeds::give(tx, permit, permit.user(), grant)?;
    }
    Ok(program)
}

/// The day of the transaction in UTC: what is in the future.
fn today(tx: &Tx) -> Day {
    Day(tx.now().date_in(Zone::UTC))
}

/// Whether the caller may create programs as a coordinator.
fn coordinates(permit: &Permit<CreatePrograms>) -> bool {
    let general = |grant: &(Role, Option<_>, Option<_>)| grant.0 == Role::Coordinator;
    permit.standing().is_some_and(|standing| standing.grants.iter().any(general))
}

fn drafted(tx: &Tx, permit: &Permit<CreatePrograms>, draft: &ProgramDraft) -> Program {
    let (draft, now, by) = (draft.clone(), tx.now(), permit.user());
    Program {
        id: tx.new_id::<ProgramId>(),
        iati_identifier: draft.iati_identifier,
        title: draft.title,
        description: draft.description,
        objectives: draft.objectives,
        target_groups: draft.target_groups,
        status: Status::Pipeline,
        planned_start: draft.planned_start,
        actual_start: draft.actual_start,
        planned_end: draft.planned_end,
        actual_end: draft.actual_end,
        scope_note: draft.scope_note,
        budget_note: draft.budget_note,
        notes: draft.notes,
        collaboration_type: draft.collaboration_type,
        flow_type: draft.flow_type,
        aid_type: draft.aid_type,
        final_report: draft.final_report,
        finalised_by: None,
        milestones_waiver: None,
        deleted_at: None,
        version: 1,
        created_at: now,
        created_by: by,
        updated_at: now,
        updated_by: by,
    }
}
