//! What people do with AI systems: enter, read, change, take away.

use super::events::AiSystemAssigned;
use super::model::{AiSystem, AiSystemDraft, AiSystemPatch};
use super::store;
use super::ties::{Rights, Ties, part_of_entry};
use crate::accounts::Permit;
use crate::disclosure::{self, Holding, HoldingKind, Part, Relation, Tlp};
use crate::frameworks::nodes_named;
use crate::kernel::access::{Action, Actor, CreateAiSystems, EditAiSystems};
use crate::kernel::error::FieldError;
use crate::kernel::id::AiSystemId;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// A system with what the caller is to it.
pub(super) struct Seen {
    pub(super) system: AiSystem,
    pub(super) holding: Holding,
    pub(super) relation: Relation,
}

impl Seen {
    /// What the caller may do with it.
    pub(super) fn rights(&self) -> Rights {
        Rights::of(&self.relation)
    }

    /// Refuses who does not write in it.
    pub(super) fn writable(&self) -> Result<()> {
        self.relation.in_detail()?;
        match self.rights().write {
            true => Ok(()),
            false => Err(Error::not_permitted(format!(
                "Who is named on it as author, contributor, facilitator or owner writes in it, and a focal point of {}.",
                self.holding.country
            ))),
        }
    }
}

/// The system that a request names, with what the caller is to it.
///
/// # Errors
/// 404 for who may not know of it.
pub(super) fn seen<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: AiSystemId) -> Result<Seen> {
    let system = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    let holding = disclosure::find(tx, system.holding_id())?.ok_or_else(Error::not_found)?;
    let relation = disclosure::relation(tx, permit, &holding)?;
    Ok(Seen { system, holding, relation })
}

/// Reads a system: the reading is noted where its label asks for that.
///
/// # Errors
/// 404, or 403 for who sees only the summary.
pub(super) fn read<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: AiSystemId) -> Result<Seen> {
    let seen = seen(tx, permit, id)?;
    disclosure::read_of(tx, permit, &seen.holding, &seen.relation, "ai_system")?;
    Ok(seen)
}

/// Enters a system of a country.
///
/// # Errors
/// 422 with every fault.
pub(super) fn create(
    tx: &mut Tx,
    permit: &Permit<CreateAiSystems>,
    draft: AiSystemDraft,
) -> Result<AiSystem> {
    let ties =
        Ties { country: draft.country, organization_id: draft.organization_id, program_id: draft.program_id };
    let faults = ties.faults(tx, permit)?;
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    let system = entered(tx, permit, draft);
    check(tx, &system, None)?;
    let holding = Holding {
        id: system.holding_id(),
        kind: HoldingKind::AiSystem,
        country: system.country,
        program_id: system.program_id,
        tlp: Tlp::AmberStrict,
        title: system.name.clone(),
        published: false,
        deleted_at: None,
        created_at: system.created_at,
    };
    disclosure::enter(tx, &holding)?;
    store::insert(tx, &system)?;
    let part = part_of_entry(permit, system.country);
    disclosure::name(tx, holding.id, permit.user(), part, permit.user(), "/country")?;
    note(tx, permit, "ai_system.created", &system, None);
    assigned(tx, permit, &system, None)?;
    Ok(system)
}

fn entered(tx: &Tx, by: &impl Actor, draft: AiSystemDraft) -> AiSystem {
    let (now, user) = (tx.now(), by.user());
    AiSystem {
        id: tx.new_id(),
        country: draft.country,
        organization_id: draft.organization_id,
        program_id: draft.program_id,
        name: draft.name,
        purpose: draft.purpose,
        roles: draft.roles,
        provider: draft.provider,
        deployer: draft.deployer,
        users: draft.users,
        sector: draft.sector,
        lifecycle: draft.lifecycle,
        data_kinds: draft.data_kinds,
        autonomy: draft.autonomy,
        affected_groups: draft.affected_groups,
        affected: draft.affected,
        class_id: draft.class_id,
        class_reason: draft.class_reason,
        owner: draft.owner,
        deleted_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    }
}

fn ties(system: &AiSystem) -> Ties {
    Ties { country: system.country, organization_id: system.organization_id, program_id: system.program_id }
}

/// What must hold of a new system, or of what changed of one; every fault at once.
fn check(tx: &mut Tx, system: &AiSystem, before: Option<&AiSystem>) -> Result<()> {
    let mut faults = Vec::new();
    let moved = |now: bool| before.is_none() || now;
    if let Some(class) = system.class_id
        && moved(before.is_some_and(|before| before.class_id != system.class_id))
    {
        let node = nodes_named(tx, &[class])?.remove(&class);
        match node {
            None => faults.push(FieldError::at(
                "/class_id",
                "unknown",
                "There is no such node; GET /frameworks/{id}/nodes lists them.",
            )),
            Some(node) if node.method.is_some() => faults.push(FieldError::at(
                "/class_id",
                "not_a_class",
                format!("{} is assessed, it does not class. Use a node of a taxonomy, as the tiers of the EU AI Act.", node.framework),
            )),
            Some(_) => {}
        }
    }
    if let Some(owner) = system.owner
        && moved(before.is_some_and(|before| before.owner != system.owner))
    {
        faults.extend(ties(system).owner_fault(tx, owner, "/owner")?);
    }
    if let Some(organization) = system.organization_id
        && before.is_some_and(|before| before.organization_id != system.organization_id)
        && crate::partners::organizations::registered(tx, &[organization])?.is_empty()
    {
        let words = "There is no such organization in the register.";
        faults.push(FieldError::at("/organization_id", "unknown", words));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

/// Changes a system.
///
/// # Errors
/// 404, 403, 412; 422 with every fault.
pub(super) fn edit(
    tx: &mut Tx,
    permit: &Permit<EditAiSystems>,
    id: AiSystemId,
    version: i32,
    patch: AiSystemPatch,
) -> Result<Seen> {
    let mut seen = seen(tx, permit, id)?;
    seen.writable()?;
    etag::matches(version, seen.system.version)?;
    let before = seen.system.clone();
    apply(patch, &mut seen.system);
    check(tx, &seen.system, Some(&before))?;
    store::update(tx, &mut seen.system, permit.user())?;
    if seen.system.name != before.name {
        disclosure::rename(tx, seen.holding.id, &seen.system.name)?;
    }
    note(tx, permit, "ai_system.changed", &seen.system, Some(&before));
    assigned(tx, permit, &seen.system, Some(&before))?;
    Ok(seen)
}

fn apply(patch: AiSystemPatch, system: &mut AiSystem) {
    patch.organization_id.apply(&mut system.organization_id);
    patch.name.apply(&mut system.name);
    patch.purpose.apply(&mut system.purpose);
    patch.roles.apply(&mut system.roles);
    patch.provider.apply(&mut system.provider);
    patch.deployer.apply(&mut system.deployer);
    patch.users.apply(&mut system.users);
    patch.sector.apply(&mut system.sector);
    patch.lifecycle.apply(&mut system.lifecycle);
    patch.data_kinds.apply(&mut system.data_kinds);
    patch.autonomy.apply(&mut system.autonomy);
    patch.affected_groups.apply(&mut system.affected_groups);
    patch.affected.apply(&mut system.affected);
    patch.class_id.apply(&mut system.class_id);
    patch.class_reason.apply(&mut system.class_reason);
    patch.owner.apply(&mut system.owner);
}

/// Takes a system away, with its holding.
///
/// # Errors
/// 404, 403 for who does not speak for the country and did not enter it, 412.
pub(super) fn delete(
    tx: &mut Tx,
    permit: &Permit<EditAiSystems>,
    id: AiSystemId,
    version: i32,
) -> Result<()> {
    let mut seen = seen(tx, permit, id)?;
    seen.writable()?;
    if !seen.rights().govern && !seen.relation.is(Part::Author) {
        return Err(Error::not_permitted("Its author or a focal point of the country takes it away."));
    }
    etag::matches(version, seen.system.version)?;
    let before = seen.system.clone();
    seen.system.deleted_at = Some(tx.now());
    store::update(tx, &mut seen.system, permit.user())?;
    disclosure::remove(tx, seen.holding.id)?;
    note(tx, permit, "ai_system.deleted", &seen.system, Some(&before));
    Ok(())
}

fn note(tx: &mut Tx, by: &impl Actor, action: &'static str, after: &AiSystem, before: Option<&AiSystem>) {
    let mut entry = Entry::new(by, action, "ai_system", after.id).country(after.country);
    if let Some(program) = after.program_id {
        entry = entry.program(program);
    }
    entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
}

/// Who answers for it sees it, and hears of it.
fn assigned(tx: &mut Tx, by: &impl Actor, system: &AiSystem, before: Option<&AiSystem>) -> Result<()> {
    let old = before.and_then(|before| before.owner);
    if old == system.owner {
        return Ok(());
    }
    if let Some(old) = old {
        disclosure::unname(tx, system.holding_id(), old, Part::Owner)?;
    }
    let Some(owner_id) = system.owner else { return Ok(()) };
    disclosure::name(tx, system.holding_id(), owner_id, Part::Owner, by.user(), "/owner")?;
    let event =
        AiSystemAssigned { ai_system_id: system.id, country: system.country, owner_id, by: by.user() };
    outbox::enqueue(tx, &event)
}
