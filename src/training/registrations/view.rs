//! What a caller sees of registrations, what they may do with each, and where they may move it.

use std::collections::HashMap;

use super::super::participants::{self, Participant};
use super::actions::steps_of;
use super::model::{PersonShown, Registration, RegistrationRecord};
use crate::accounts::Permit;
use crate::kernel::access::{Action, Permission, Role};
use crate::kernel::id::{ParticipantId, ProgramId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::programs::{Eyes, roles_in};

/// The caller's reach over registrations.
pub(super) fn eyes<A: Action>(permit: &Permit<A>) -> Eyes {
    Eyes::of(permit, Permission::ViewRegistrations)
}

/// Registrations of one program as the caller sees them: a fixed number of queries.
pub(super) fn records(
    tx: &mut Tx,
    eyes: &Eyes,
    program: ProgramId,
    rows: Vec<Registration>,
) -> Result<Vec<RegistrationRecord>> {
    let mut ids: Vec<ParticipantId> = rows.iter().map(|row| row.participant_id).collect();
    ids.sort();
    ids.dedup();
    let people = participants::by_ids(tx, &ids)?;
    let roles: Vec<Role> = roles_in(tx, eyes.user(), &[program])?.into_iter().map(|(_, role)| role).collect();
    rows.into_iter().map(|row| record(eyes, &roles, &people, row)).collect()
}

/// One registration as the caller sees it.
pub(super) fn one(
    tx: &mut Tx,
    eyes: &Eyes,
    program: ProgramId,
    row: Registration,
) -> Result<RegistrationRecord> {
    let id = row.id;
    let mut seen = records(tx, eyes, program, vec![row])?;
    seen.pop().ok_or_else(|| Error::internal(format!("registration {id} has no record")))
}

fn record(
    eyes: &Eyes,
    roles: &[Role],
    people: &HashMap<ParticipantId, Participant>,
    r: Registration,
) -> Result<RegistrationRecord> {
    let lost = || Error::internal(format!("registration {} names nobody", r.id));
    let person = people.get(&r.participant_id).ok_or_else(lost)?;
    let held: Vec<Permission> = eyes.held(std::slice::from_ref(&r.country), roles).collect();
    // Who may withdraw a registration works with the person; who trains sees who is in the room.
    let near = held.contains(&Permission::WithdrawRegistrations);
    let allowed_transitions = steps_of(&r, &held);
    Ok(RegistrationRecord {
        person: PersonShown {
            id: near.then_some(person.id),
            name: person.name.clone(),
            organization: person.organization.clone(),
            job: person.job.clone(),
            language: person.language,
            email: near.then(|| person.email.clone()),
        },
        motive: r.motive.filter(|_| near),
        note: r.note.filter(|_| near),
        reserve: r.reserve == 1,
        permissions: held.into_iter().map(Permission::word).collect(),
        allowed_transitions,
        id: r.id,
        session_id: r.session_id,
        country: r.country,
        origin: r.origin,
        rank: r.rank,
        status: r.status,
        queued_at: r.queued_at,
        offer_expires_at: r.offer_expires_at,
        decided_at: r.decided_at,
        created_at: r.created_at,
        updated_at: r.updated_at,
        version: r.version,
    })
}
