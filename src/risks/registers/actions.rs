//! What people do with registers: open, change, name people, hand in, validate, publish.

use super::super::codes::RegisterStatus;
use super::super::events::RegisterMoved;
use super::super::grid::Place;
use super::model::{Named, Register, RegisterDraft, RegisterPatch, RegisterStep};
use super::rights::{locked, refusal};
use super::store;
use crate::accounts::Permit;
use crate::ai_systems::{Rights, Ties, part_of_entry};
use crate::disclosure::{self, Depth, Holding, HoldingKind, Part, Relation, Tlp};
use crate::frameworks::matrix;
use crate::kernel::access::{Action, Actor, CreateRisks, EditRisks, MoveRisks};
use crate::kernel::error::{Code, FieldError};
use crate::kernel::id::{RiskMatrixId, RiskRegisterId};
use crate::kernel::{Error, Result};
use crate::partners::organizations;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// A register with what the caller is to it.
pub struct Seen {
    /// The register.
    pub register: Register,
    /// Its holding.
    pub holding: Holding,
    /// What the caller is to it.
    pub relation: Relation,
}

impl Seen {
    /// What the caller may do with it.
    pub fn rights(&self) -> Rights {
        Rights::of(&self.relation)
    }

    /// To whom it belongs.
    pub fn ties(&self) -> Ties {
        Ties {
            country: self.register.country,
            organization_id: self.register.organization_id,
            program_id: self.register.program_id,
        }
    }

    /// Refuses who does not write in it, and everyone while it stands still.
    ///
    /// # Errors
    /// 403, 409.
    pub fn writable(&self) -> Result<()> {
        self.relation.in_detail()?;
        if !self.rights().write {
            return Err(Error::not_permitted(format!(
                "Who is named on the register as author, contributor, facilitator or owner writes in it, and a focal point of {}.",
                self.holding.country
            )));
        }
        locked(self.register.status)
    }
}

/// The register that a request names, with what the caller is to it.
///
/// # Errors
/// 404 for who may not know of it.
pub fn seen<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: RiskRegisterId) -> Result<Seen> {
    let register = permit.get(tx, |tx, scope| store::find(tx, scope, Depth::Summary, id))?;
    let holding = disclosure::find(tx, register.holding_id())?.ok_or_else(Error::not_found)?;
    let relation = disclosure::relation(tx, permit, &holding)?;
    Ok(Seen { register, holding, relation })
}

/// Reads in a register: the reading is noted where its label asks for that.
///
/// # Errors
/// 404, or 403 for who sees only the summary.
pub fn read<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: RiskRegisterId,
    what: &'static str,
) -> Result<Seen> {
    let seen = seen(tx, permit, id)?;
    disclosure::read_of(tx, permit, &seen.holding, &seen.relation, what)?;
    Ok(seen)
}

/// Opens a register of a country.
///
/// # Errors
/// 422 with every fault; 403 for who has no office there and coordinates no program in it.
pub(super) fn open(tx: &mut Tx, permit: &Permit<CreateRisks>, draft: RegisterDraft) -> Result<Register> {
    let ties =
        Ties { country: draft.country, organization_id: draft.organization_id, program_id: draft.program_id };
    let mut faults = ties.faults(tx, permit)?;
    let register = opened(tx, permit, draft);
    faults.extend(of_matrix(tx, &register)?);
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    let holding = Holding {
        id: register.holding_id(),
        kind: HoldingKind::RiskRegister,
        country: register.country,
        program_id: register.program_id,
        tlp: Tlp::AmberStrict,
        title: register.title.clone(),
        published: false,
        deleted_at: None,
        created_at: register.created_at,
    };
    disclosure::enter(tx, &holding)?;
    store::insert(tx, &register)?;
    let part = part_of_entry(permit, register.country);
    disclosure::name(tx, holding.id, permit.user(), part, permit.user(), "/country")?;
    store::wrote(tx, register.id, permit.user())?;
    note(tx, permit, "risk_register.created", &register, None);
    Ok(register)
}

fn opened(tx: &Tx, by: &impl Actor, draft: RegisterDraft) -> Register {
    let (now, user) = (tx.now(), by.user());
    let place = |level: Option<Place>| level.map(|level| level.0);
    Register {
        id: tx.new_id(),
        country: draft.country,
        organization_id: draft.organization_id,
        program_id: draft.program_id,
        title: draft.title,
        scope: draft.scope,
        criteria: draft.criteria,
        matrix_id: draft.matrix_id,
        tolerance: draft.tolerance.0,
        tolerance_cyber: place(draft.tolerance_cyber),
        tolerance_ai: place(draft.tolerance_ai),
        tolerance_program: place(draft.tolerance_program),
        status: RegisterStatus::Planned,
        note: None,
        last_number: 0,
        submitted_by: None,
        submitted_at: None,
        validated_by: None,
        validated_at: None,
        published_at: None,
        deleted_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    }
}

/// The matrix is one, and its levels hold the tolerances.
fn of_matrix(tx: &mut Tx, register: &Register) -> Result<Vec<FieldError>> {
    let unknown = "There is no such matrix; GET /risk-matrices lists them.";
    let Some(matrix) = matrix(tx, register.matrix_id)? else {
        return Ok(vec![FieldError::at("/matrix_id", "unknown", unknown)]);
    };
    let highest = matrix.levels.0.len() as i32 - 1;
    let stated = [
        ("/tolerance", Some(register.tolerance)),
        ("/tolerance_cyber", register.tolerance_cyber),
        ("/tolerance_ai", register.tolerance_ai),
        ("/tolerance_program", register.tolerance_program),
    ];
    let off = stated.into_iter().filter(|(_, level)| level.is_some_and(|level| level > highest));
    let words = format!("The matrix has {} levels of risk: use 0 to {highest}.", highest + 1);
    Ok(off.map(|(at, _)| FieldError::at(at, "out_of_scale", words.clone())).collect())
}

/// Changes a register.
///
/// # Errors
/// 404, 403, 412; 409 while it stands still, and for another matrix once something is rated; 422.
pub(super) fn edit(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    id: RiskRegisterId,
    version: i32,
    patch: RegisterPatch,
) -> Result<Seen> {
    let mut seen = seen(tx, permit, id)?;
    seen.writable()?;
    etag::matches(version, seen.register.version)?;
    let before = seen.register.clone();
    let (contributors, reviewers) = (patch.contributors.0.clone(), patch.reviewers.0.clone());
    apply(patch, &mut seen.register);
    let mut faults = of_matrix(tx, &seen.register)?;
    if let Some(organization) = seen.register.organization_id
        && before.organization_id != seen.register.organization_id
        && organizations::registered(tx, &[organization])?.is_empty()
    {
        let words = "There is no such organization in the register.";
        faults.push(FieldError::at("/organization_id", "unknown", words));
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    refuse_other_matrix(tx, &before, seen.register.matrix_id)?;
    name(tx, permit, &seen, contributors, Part::Contributor)?;
    name(tx, permit, &seen, reviewers, Part::Reviewer)?;
    store::update(tx, &mut seen.register, permit.user())?;
    store::retolerate(tx, &seen.register)?;
    store::wrote(tx, id, permit.user())?;
    if seen.register.title != before.title {
        disclosure::rename(tx, seen.holding.id, &seen.register.title)?;
    }
    note(tx, permit, "risk_register.changed", &seen.register, Some(&before));
    Ok(seen)
}

fn apply(patch: RegisterPatch, register: &mut Register) {
    patch.organization_id.apply(&mut register.organization_id);
    patch.title.apply(&mut register.title);
    patch.scope.apply(&mut register.scope);
    patch.criteria.apply(&mut register.criteria);
    patch.matrix_id.apply(&mut register.matrix_id);
    if let Some(tolerance) = patch.tolerance.0 {
        register.tolerance = tolerance.0;
    }
    let own = [
        (patch.tolerance_cyber, &mut register.tolerance_cyber),
        (patch.tolerance_ai, &mut register.tolerance_ai),
        (patch.tolerance_program, &mut register.tolerance_program),
    ];
    for (change, field) in own {
        let mut place = field.map(Place);
        change.apply(&mut place);
        *field = place.map(|place| place.0);
    }
}

fn refuse_other_matrix(tx: &mut Tx, before: &Register, matrix: RiskMatrixId) -> Result<()> {
    match before.matrix_id != matrix && store::is_rated(tx, before.id)? {
        true => Err(Error::conflict(
            "Scenarios are rated by its matrix already; open another register for another matrix.",
        )),
        false => Ok(()),
    }
}

/// Names exactly these people for a part; the country's focal points decide.
fn name(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    seen: &Seen,
    asked: Option<Named>,
    part: Part,
) -> Result<()> {
    let Some(asked) = asked else { return Ok(()) };
    if !seen.rights().govern {
        return Err(Error::not_permitted(
            "A focal point of the country names who writes in it and who validates it.",
        ));
    }
    let field = if part == Part::Reviewer { "reviewers" } else { "contributors" };
    let mut faults = Vec::new();
    let here = seen.ties().in_office(tx, &asked.0)?;
    for (place, user) in asked.0.iter().enumerate() {
        if part == Part::Contributor && !here.contains(user) {
            let words = "Name an active official of the country, or a coordinator or trainer of the program.";
            faults.push(FieldError::at(format!("/{field}/{place}"), "not_in_office", words));
        }
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    for (user, held) in disclosure::named(tx, seen.holding.id)? {
        if held == part && !asked.0.contains(&user) {
            disclosure::unname(tx, seen.holding.id, user, part)?;
        }
    }
    for (place, user) in asked.0.iter().enumerate() {
        disclosure::name(tx, seen.holding.id, *user, part, permit.user(), &format!("/{field}/{place}"))?;
    }
    Ok(())
}

/// Takes a register away that was never handed in.
///
/// # Errors
/// 404, 403, 412; 409 once it was validated.
pub(super) fn delete(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    id: RiskRegisterId,
    version: i32,
) -> Result<()> {
    let mut seen = seen(tx, permit, id)?;
    seen.writable()?;
    if !seen.rights().govern {
        return Err(Error::not_permitted("A focal point of the country takes a register away."));
    }
    etag::matches(version, seen.register.version)?;
    if !matches!(seen.register.status, RegisterStatus::Planned | RegisterStatus::InProgress) {
        return Err(Error::conflict(format!(
            "It is {}; only one that was not validated is taken away. Supersede it.",
            seen.register.status
        )));
    }
    let before = seen.register.clone();
    seen.register.deleted_at = Some(tx.now());
    store::update(tx, &mut seen.register, permit.user())?;
    disclosure::remove(tx, seen.holding.id)?;
    note(tx, permit, "risk_register.deleted", &seen.register, Some(&before));
    Ok(())
}

/// Moves a register one step.
///
/// # Errors
/// 404; 403 with who may; 409 when the state or what is missing does not allow it.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MoveRisks>,
    id: RiskRegisterId,
    step: &RegisterStep,
) -> Result<Seen> {
    let mut seen = seen(tx, permit, id)?;
    seen.relation.in_detail()?;
    let before = seen.register.clone();
    let next = before.status.next();
    if !next.contains(&step.to) {
        let words: Vec<&str> = next.iter().map(|status| status.as_str()).collect();
        let way = if words.is_empty() { "nowhere".to_owned() } else { words.join(", ") };
        return Err(Error::conflict(format!("It is {}; from here it goes to: {way}.", before.status)));
    }
    let (user, now) = (permit.user(), tx.now());
    let wrote = store::has_written(tx, id, user)?;
    if let Some(words) = refusal(before.status, step.to, seen.rights(), wrote) {
        return Err(Error::not_permitted(words));
    }
    lacking(tx, &before, step)?;
    let after = &mut seen.register;
    (after.status, after.note) = (step.to, step.reason.clone());
    match step.to {
        RegisterStatus::InReview => (after.submitted_by, after.submitted_at) = (Some(user), Some(now)),
        RegisterStatus::Validated => (after.validated_by, after.validated_at) = (Some(user), Some(now)),
        RegisterStatus::Published => after.published_at = Some(now),
        _ => {}
    }
    store::update(tx, after, user)?;
    match step.to {
        RegisterStatus::Published => disclosure::publish(tx, seen.holding.id, true)?,
        RegisterStatus::Superseded => disclosure::publish(tx, seen.holding.id, false)?,
        _ => {}
    }
    note(tx, permit, "risk_register.stepped", &seen.register, Some(&before));
    let event = RegisterMoved {
        register_id: id,
        country: before.country,
        program_id: before.program_id,
        from: before.status,
        to: step.to,
        by: user,
    };
    outbox::enqueue(tx, &event)?;
    Ok(seen)
}

/// What it lacks for a step.
fn lacking(tx: &mut Tx, register: &Register, step: &RegisterStep) -> Result<()> {
    let guard = |at: &str, words: &str| {
        let mut error = Error::invalid(at, "missing", words);
        (error.code, error.detail) = (Code::GuardFailed, words.to_owned());
        Err(error)
    };
    let back = register.status == RegisterStatus::InReview && step.to == RegisterStatus::InProgress;
    if (back || step.to == RegisterStatus::Superseded) && step.reason.is_none() {
        return guard("/reason", "Say in `reason` why, so that its authors can mend it.");
    }
    let empty = step.to == RegisterStatus::InReview && store::counts(tx, &[register.id])?.is_empty();
    if empty {
        return guard("/to", "It has no scenarios yet: POST /risk-registers/{id}/risks.");
    }
    Ok(())
}

fn note(tx: &mut Tx, by: &impl Actor, action: &'static str, after: &Register, before: Option<&Register>) {
    let mut entry = Entry::new(by, action, "risk_register", after.id).country(after.country);
    if let Some(program) = after.program_id {
        entry = entry.program(program);
    }
    entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
}
