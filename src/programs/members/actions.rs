//! Adding people to a program and removing them.

use super::model::{Member, MemberDraft, MemberRole};
use super::store;
use crate::accounts::{self, NewGrant, Permit};
use crate::kernel::access::{Actor, EditMembers, Role, Scope};
use crate::kernel::id::{GrantId, ProgramId, UserId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;
use crate::programs;
use crate::programs::events::{MemberAdded, MemberRemoved};

/// Members never change, they come and go: each has but one version.
pub(super) const VERSION: i32 = 1;

/// Gives a person a role in a program. Coordinators are added by administrators, others by coordinators too.
pub(super) fn add(
    tx: &mut Tx,
    permit: &Permit<EditMembers>,
    program: ProgramId,
    draft: &MemberDraft,
) -> Result<Member> {
    permit.get(tx, |tx, scope| programs::find(tx, scope, program))?;
    coordinators_by_administrators(permit, draft.role == MemberRole::Coordinator)?;
    let anywhere = matches!(permit.scope(), Scope::All);
    if !store::is_known(tx, draft.user_id, (!anywhere).then_some((program, permit.user())))? {
        let words = "There is no person with this id whose account is open; invite them first.";
        return Err(Error::invalid("/user_id", "unknown_person", words));
    }
    let now = tx.now();
    if draft.valid_to.is_some_and(|to| to <= now) {
        return Err(Error::invalid("/valid_to", "in_the_past", format!("Use an instant after {now}.")));
    }
    store::close_expired(tx, program, draft.user_id, draft.role)?;
    let grant = NewGrant { role: draft.role.into(), country: None, program_id: Some(program) };
    let id = accounts::seeds::give(tx, permit, draft.user_id, grant)?;
    if let Some(to) = draft.valid_to {
        store::limit(tx, id, to)?;
    }
    let (user_id, by) = (draft.user_id, permit.user());
    let added = MemberAdded { user_id, role: draft.role.into(), country: None, program_id: program, by };
    outbox::enqueue(tx, &added)?;
    store::find(tx, program, id)?.ok_or_else(Error::not_found)
}

/// Takes a role in a program away; says whose it was.
pub(super) fn remove(
    tx: &mut Tx,
    permit: &Permit<EditMembers>,
    (program, id): (ProgramId, GrantId),
    version: i32,
) -> Result<UserId> {
    permit.get(tx, |tx, scope| programs::find(tx, scope, program))?;
    let member = store::find(tx, program, id)?.ok_or_else(Error::not_found)?;
    etag::matches(version, VERSION)?;
    coordinators_by_administrators(permit, member.role == Role::Coordinator)?;
    if !store::end(tx, id)? {
        return Err(Error::not_found());
    }
    let entry = Entry::new(permit, "role.revoked", "user", member.user_id);
    journal::record(tx, entry.program(program));
    let (user_id, role, by) = (member.user_id, member.role, permit.user());
    outbox::enqueue(tx, &MemberRemoved { user_id, role, country: None, program_id: program, by })?;
    Ok(user_id)
}

/// Who may run a program is not decided by one of those who do.
fn coordinators_by_administrators(permit: &Permit<EditMembers>, concerns_coordinator: bool) -> Result<()> {
    match permit.scope() {
        Scope::Only(_) if concerns_coordinator => Err(Error::not_permitted(
            "An administrator adds and removes coordinators; you may trainers and observers.",
        )),
        _ => Ok(()),
    }
}
