//! What people do with programs: enter, change and delete them.

use super::codes::Status;
use super::draft::{CountryDraft, ParticipationDraft, ProgramDraft, ProgramPatch, TagDraft};
use super::events::Changed;
use super::model::{Parts, Program};
use super::{milestones, rules, store};
use crate::accounts::{self, NewGrant, Permit};
use crate::kernel::access::{Action, Actor, EditPrograms, Role};
use crate::kernel::error::FieldError;
use crate::kernel::id::{Iso2, ProgramId};
use crate::kernel::theme::Theme;
use crate::kernel::time::{Day, PartialDate, Zone};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// Enters a program in the pipeline; a coordinator who enters it becomes its coordinator.
pub(super) fn create<P: Action>(tx: &mut Tx, permit: &Permit<P>, draft: &ProgramDraft) -> Result<Program> {
    let program = drafted(tx, permit, draft);
    let lists = Lists {
        countries: given(&draft.countries),
        themes: given(&draft.themes),
        organizations: given(&draft.organizations),
        tags: given(&draft.tags),
    };
    within_token(permit, &draft.countries)?;
    lists.check(tx, &program)?;
    store::insert(tx, &program)?;
    lists.put(tx, &program)?;
    journal::record(tx, Entry::new(permit, "program.created", "program", program.id).program(program.id));
    if coordinates(permit) {
        let grant = NewGrant { role: Role::Coordinator, country: None, program_id: Some(program.id) };
        accounts::seeds::give(tx, permit, permit.user(), grant)?;
    }
    Ok(program)
}

/// A new program has no lists to be replaced by empty ones.
fn given<T>(list: &[T]) -> Option<&[T]> {
    (!list.is_empty()).then_some(list)
}

/// Changes what is said of a program; lists are replaced as a whole.
pub(super) fn change(
    tx: &mut Tx,
    permit: &Permit<EditPrograms>,
    id: ProgramId,
    version: i32,
    patch: ProgramPatch,
) -> Result<Program> {
    store::lock(tx, &permit.sight(), id)?;
    let before = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    etag::matches(version, before.version)?;
    let old = before.clone();
    let ProgramPatch { themes, countries, organizations, tags, .. } = patch.clone();
    let mut program = patched(before, patch);
    let lists = Lists {
        countries: countries.0.as_deref(),
        themes: themes.0.as_deref(),
        organizations: organizations.0.as_deref(),
        tags: tags.0.as_deref(),
    };
    if let Some(stated) = lists.countries {
        within_token(permit, stated)?;
    }
    lists.check(tx, &program)?;
    let parts = store::parts_of(tx, &[id])?;
    store::update(tx, &mut program, permit.user())?;
    lists.put(tx, &program)?;
    let entry = Entry::new(permit, "program.changed", "program", id).program(id);
    let now = if lists.stated() { store::parts_of(tx, &[id])? } else { parts.clone() };
    journal::record(tx, entry.changed(&facts(&old, &parts), &facts(&program, &now)));
    if dates(&old) != dates(&program) {
        outbox::enqueue(tx, &Changed { program_id: id })?;
    }
    Ok(program)
}

/// Deletes a program that was entered by mistake; one that ever ran stays.
pub(super) fn delete(tx: &mut Tx, permit: &Permit<EditPrograms>, id: ProgramId, version: i32) -> Result<()> {
    store::lock(tx, &permit.sight(), id)?;
    let mut program = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    etag::matches(version, program.version)?;
    if program.status != Status::Pipeline {
        let words = format!(
            "Only a program in the pipeline is deleted; this is in {}. Move it to `cancelled` instead.",
            program.status
        );
        return Err(Error::conflict(words));
    }
    program.deleted_at = Some(tx.now());
    store::update(tx, &mut program, permit.user())?;
    journal::record(tx, Entry::new(permit, "program.deleted", "program", id).program(id));
    outbox::enqueue(tx, &Changed { program_id: id })
}

/// The lists that a draft or a patch states; `None` stays as it is.
struct Lists<'a> {
    countries: Option<&'a [CountryDraft]>,
    themes: Option<&'a [Theme]>,
    organizations: Option<&'a [ParticipationDraft]>,
    tags: Option<&'a [TagDraft]>,
}

impl Lists<'_> {
    fn stated(&self) -> bool {
        self.countries.is_some()
            || self.themes.is_some()
            || self.organizations.is_some()
            || self.tags.is_some()
    }

    /// Every fault of the program and its lists at once.
    fn check(&self, tx: &mut Tx, program: &Program) -> Result<()> {
        let today = Day(tx.now().date_in(Zone::UTC));
        let mut faults = rules::row(program, today);
        faults.extend(self.themes.map(rules::themes).unwrap_or_default());
        faults.extend(self.tags.map(rules::tags).unwrap_or_default());
        if let Some(stated) = self.countries {
            faults.extend(rules::countries(stated));
            faults.extend(unknown_countries(tx, stated)?);
            faults.extend(countries_at_work(tx, program.id, stated)?);
        }
        if let Some(stated) = self.organizations {
            faults.extend(rules::organizations(stated));
            faults.extend(unknown_organizations(tx, stated)?);
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
    }

    fn put(&self, tx: &mut Tx, program: &Program) -> Result<()> {
        let id = program.id;
        if let Some(stated) = self.countries {
            store::put_countries(tx, id, program.status, stated)?;
        }
        if let Some(stated) = self.themes {
            store::put_themes(tx, id, stated)?;
        }
        if let Some(stated) = self.organizations {
            store::put_organizations(tx, id, stated)?;
        }
        if let Some(stated) = self.tags {
            store::put_tags(tx, id, stated)?;
        }
        Ok(())
    }
}

/// A token that is narrowed to countries enters programs of these alone: what it makes, it can see.
fn within_token<P: Action>(permit: &Permit<P>, stated: &[CountryDraft]) -> Result<()> {
    let Some(covered) = permit.narrowed_to() else { return Ok(()) };
    let names: Vec<&str> = covered.iter().map(Iso2::as_str).collect();
    let words = format!("This API token covers only: {}.", names.join(", "));
    if stated.is_empty() {
        return Err(Error::invalid("/countries", "missing", words));
    }
    let foreign = stated.iter().enumerate().filter(|(_, draft)| !covered.contains(&draft.country));
    let at = |place| format!("/countries/{place}/country");
    let faults: Vec<_> =
        foreign.map(|(place, _)| FieldError::at(at(place), "not_covered", words.clone())).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

fn unknown_countries(tx: &mut Tx, stated: &[CountryDraft]) -> Result<Vec<FieldError>> {
    let known = store::known_countries(tx, stated.iter().map(|draft| draft.country).collect())?;
    let words = "This country is not among the 249 of ISO 3166-1; say it in `scope_note` instead.";
    let unknown = stated.iter().enumerate().filter(|(_, draft)| !known.contains(&draft.country));
    Ok(unknown
        .map(|(i, _)| FieldError::at(format!("/countries/{i}/country"), "unknown_country", words))
        .collect())
}

/// A country leaves a program after its milestones were accepted, cancelled or given to another.
fn countries_at_work(tx: &mut Tx, id: ProgramId, stated: &[CountryDraft]) -> Result<Vec<FieldError>> {
    let open = milestones::countries_with_open(tx, id)?;
    let missing = open.into_iter().filter(|iso2| !stated.iter().any(|draft| draft.country == *iso2));
    let fault = |iso2| {
        let words =
            format!("{iso2} has open milestones in this program; finish, cancel or change them first.");
        FieldError::at("/countries", "has_open_milestones", words)
    };
    Ok(missing.map(fault).collect())
}

fn unknown_organizations(tx: &mut Tx, stated: &[ParticipationDraft]) -> Result<Vec<FieldError>> {
    let known = store::known_organizations(tx, stated.iter().filter_map(|p| p.organization_id).collect())?;
    let words = "There is no organization with this id; register it first, or give its name.";
    let unknown =
        stated.iter().enumerate().filter(|(_, p)| p.organization_id.is_some_and(|id| !known.contains(&id)));
    let at = |i| format!("/organizations/{i}/organization_id");
    Ok(unknown.map(|(i, _)| FieldError::at(at(i), "unknown_organization", words)).collect())
}

/// Whether the caller holds the general right of a coordinator to enter programs.
fn coordinates<P: Action>(permit: &Permit<P>) -> bool {
    let general = |grant: &(Role, Option<_>, Option<_>)| grant.0 == Role::Coordinator;
    permit.standing().is_some_and(|standing| standing.grants.iter().any(general))
}

fn dates(program: &Program) -> [&Option<PartialDate>; 4] {
    [&program.planned_start, &program.actual_start, &program.planned_end, &program.actual_end]
}

/// What the audit log compares: names of changed fields and hashes, never values.
fn facts(program: &Program, parts: &Parts) -> serde_json::Value {
    let shares: Vec<_> = parts.countries.iter().map(|share| (share.country, share.share)).collect();
    let themes: Vec<_> = parts.themes.iter().map(|(_, theme)| theme).collect();
    serde_json::json!({
        "iati_identifier": program.iati_identifier, "title": program.title.stored(),
        "description": program.description.as_ref().map(|texts| texts.stored()),
        "objectives": program.objectives.as_ref().map(|texts| texts.stored()),
        "target_groups": program.target_groups.as_ref().map(|texts| texts.stored()),
        "planned_start": program.planned_start, "actual_start": program.actual_start,
        "planned_end": program.planned_end, "actual_end": program.actual_end,
        "scope_note": program.scope_note, "budget_note": program.budget_note, "notes": program.notes,
        "collaboration_type": program.collaboration_type, "flow_type": program.flow_type,
        "aid_type": program.aid_type, "final_report": program.final_report,
        "countries": shares, "themes": themes, "organizations": parts.organizations, "tags": parts.tags,
    })
}

fn patched(mut program: Program, patch: ProgramPatch) -> Program {
    patch.title.apply(&mut program.title);
    patch.iati_identifier.apply(&mut program.iati_identifier);
    patch.description.apply(&mut program.description);
    patch.objectives.apply(&mut program.objectives);
    patch.target_groups.apply(&mut program.target_groups);
    patch.planned_start.apply(&mut program.planned_start);
    patch.actual_start.apply(&mut program.actual_start);
    patch.planned_end.apply(&mut program.planned_end);
    patch.actual_end.apply(&mut program.actual_end);
    patch.scope_note.apply(&mut program.scope_note);
    patch.budget_note.apply(&mut program.budget_note);
    patch.notes.apply(&mut program.notes);
    patch.collaboration_type.apply(&mut program.collaboration_type);
    patch.flow_type.apply(&mut program.flow_type);
    patch.aid_type.apply(&mut program.aid_type);
    patch.final_report.apply(&mut program.final_report);
    program
}

fn drafted<P>(tx: &Tx, permit: &Permit<P>, draft: &ProgramDraft) -> Program {
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
