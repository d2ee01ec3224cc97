//! The life of a program: pipeline > implementation > finalisation > closed, with what must be true before each step.

use deserr::Deserr;
use utoipa::ToSchema;

use super::codes::Status;
use super::events::{Acknowledged, StatusChanged};
use super::milestones;
use super::model::Program;
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{AcknowledgePrograms, Actor, MovePrograms};
use crate::kernel::error::{Code, FieldError};
use crate::kernel::id::{Iso2, ProgramId};
use crate::kernel::parse::Faults;
use crate::kernel::text::Note;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// A step in the life of a program.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ProgramTransition {
    /// Where to.
    pub to: Status,
    /// Why; needed to cancel and to suspend.
    #[deserr(default)]
    pub reason: Option<Note>,
    /// Closes the program although milestones are open: the reason why that is right.
    #[deserr(default)]
    pub milestones_waiver: Option<Note>,
}

/// Moves a program, or says which guards failed and what would satisfy each.
pub(super) fn transition(
    tx: &mut Tx,
    permit: &Permit<MovePrograms>,
    id: ProgramId,
    step: &ProgramTransition,
) -> Result<Program> {
    store::lock(tx, &permit.sight(), id)?;
    let mut program = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    let from = program.status;
    possible(from, step)?;
    let failed = guards(tx, permit, &program, step)?;
    if !failed.is_empty() {
        let mut error =
            Error::new(Code::GuardFailed, format!("The program can't move from {from} to {} yet.", step.to));
        error.fields = failed;
        return Err(error);
    }
    program.status = step.to;
    match step.to {
        Status::Finalisation => program.finalised_by = Some(permit.user()),
        Status::Closed => program.milestones_waiver.clone_from(&step.milestones_waiver),
        _ => {}
    }
    store::update(tx, &mut program, permit.user())?;
    journal::record(tx, Entry::new(permit, "program.moved", "program", id).program(id));
    let (reason, by) = (step.reason.as_ref(), permit.user());
    outbox::enqueue(tx, &StatusChanged { program_id: id, from, to: step.to, reason, by })?;
    Ok(program)
}

fn possible(from: Status, step: &ProgramTransition) -> Result<()> {
    if !from.next().contains(&step.to) {
        let words: Vec<&str> = from.next().iter().map(|status| status.as_str()).collect();
        return Err(Error::conflict(match words.is_empty() {
            true => format!("A program that is {from} stays so."),
            false => format!("From {from} a program moves to: {}.", words.join(", ")),
        }));
    }
    if matches!(step.to, Status::Cancelled | Status::Suspended) && step.reason.is_none() {
        return Err(Error::invalid("/reason", "missing", "Say why; the countries are told."));
    }
    if step.milestones_waiver.is_some() && step.to != Status::Closed {
        return Err(Error::invalid(
            "/milestones_waiver",
            "unexpected",
            "Milestones are waived only to close.",
        ));
    }
    Ok(())
}

/// The guards that fail: each with its name and what would satisfy it.
fn guards(
    tx: &mut Tx,
    permit: &Permit<MovePrograms>,
    program: &Program,
    step: &ProgramTransition,
) -> Result<Vec<FieldError>> {
    let mut failed = Vec::new();
    let mut fail = |guard: &'static str, words: String| failed.push(FieldError::at("/to", guard, words));
    match step.to {
        Status::Implementation => {
            if program.actual_start.as_ref().is_none_or(|date| date.day().is_none()) {
                fail("actual_start_known", "Set `actual_start` to the day on which work started.".into());
            }
            if !store::has_coordinator(tx, program.id)? {
                let words = format!("Add a coordinator by POST /programs/{}/members.", program.id);
                fail("coordinator_present", words);
            }
            if !store::is_acknowledged(tx, program.id)? {
                let words = "Let the focal point of one of its countries acknowledge it: \
                             POST /programs/{id}/countries/{iso2}/acknowledgements.";
                fail("country_acknowledged", words.replace("{id}", &program.id.to_string()));
            }
        }
        Status::Closed => {
            let open = milestones::open_milestones(tx, program.id)?;
            if open > 0 && step.milestones_waiver.is_none() {
                let words = format!(
                    "{open} milestones are open: have them accepted or cancelled, or send `milestones_waiver` with the \
                     reason why they may stay open."
                );
                fail("no_open_milestones", words);
            }
            if program.final_report.is_none() {
                fail("final_report_present", "Set `final_report` to the link of the final report.".into());
            }
            if program.finalised_by == Some(permit.user()) {
                let words =
                    "You moved it to finalisation: another coordinator or an administrator closes it.";
                fail("second_person", words.into());
            }
        }
        Status::Pipeline | Status::Finalisation | Status::Cancelled | Status::Suspended => {}
    }
    Ok(failed)
}

/// Records that a country knows of the program and agrees to it. Only its own focal point may say so.
pub(super) fn acknowledge(
    tx: &mut Tx,
    permit: &Permit<AcknowledgePrograms>,
    id: ProgramId,
    country: Iso2,
) -> Result<Program> {
    store::lock(tx, &permit.sight(), id)?;
    let mut program = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    let parts = store::parts_of(tx, &[id])?;
    let share = parts.countries.iter().find(|share| share.country == country).ok_or_else(Error::not_found)?;
    if !permit.scope().covers(country) {
        return Err(Error::not_permitted(format!(
            "The focal point of {country} acknowledges for {country}."
        )));
    }
    if matches!(program.status, Status::Closed | Status::Cancelled) {
        return Err(Error::conflict(format!("The program is {}.", program.status)));
    }
    if let Some(at) = share.acknowledged_at {
        let words = format!("{country} acknowledged the program on {at}.");
        return Err(Error::new(Code::AlreadyExists, words));
    }
    store::acknowledge(tx, id, country, permit.user())?;
    store::update(tx, &mut program, permit.user())?;
    let entry = Entry::new(permit, "program.acknowledged", "program", id);
    journal::record(tx, entry.program(id).country(country));
    outbox::enqueue(tx, &Acknowledged { program_id: id, country, by: permit.user() })?;
    Ok(program)
}
