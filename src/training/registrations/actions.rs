//! What people do with registrations: nominate, enter, decide, take a seat, withdraw.

use super::super::participants::{self, Participant, PersonDraft};
use super::super::sessions::{self, SessionStatus, Whole};
use super::draft::{EnterAs, NominationDraft, RegistrationDraft, RegistrationPatch, RegistrationStep};
use super::events::RegistrationMoved;
use super::model::{Origin, Registration, RegistrationStatus};
use super::queue::{entry, promote};
use super::roster::Roster;
use super::seats::Seats;
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{
    Action, Actor, DecideRegistrations, EditNominations, EnterRegistrations, MoveRegistrations, Nominate,
    Permission, Scope, WithdrawRegistrations,
};
use crate::kernel::error::Code;
use crate::kernel::id::{Iso2, RegistrationId, TrainingSessionId};
use crate::kernel::patch::Change;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal;
use crate::platform::outbox;

/// In the audit chain: a person was nominated.
pub(super) const NOMINATED: &str = "registration.nominated";
/// In the audit chain: a person was entered.
pub(super) const ENTERED: &str = "registration.entered";

/// Nominates a person of the caller's country.
///
/// # Errors
/// 404, 403; 409 when registration is not open or the person is registered; 422 for a country that is not the caller's.
pub(super) fn nominate(
    tx: &mut Tx,
    permit: &Permit<Nominate>,
    session: TrainingSessionId,
    draft: &NominationDraft,
) -> Result<(Whole, Registration)> {
    let session = Roster::takes_nominees(tx, permit, session)?;
    may_nominate(permit, &session, draft.country)?;
    let person = participants::entered(tx, permit, draft.country, &draft.person)?;
    let registration = nominated(tx, permit, &session, &person, draft)?;
    let registration = saved(tx, permit, registration, NOMINATED)?;
    outbox::enqueue(tx, &RegistrationMoved::of(&registration, None, permit.user()))?;
    Ok((session, registration))
}

/// Whether the caller may nominate people of a country for a session.
///
/// # Errors
/// 422 for a country that is not the caller's or not invited.
pub(super) fn may_nominate(permit: &Permit<Nominate>, session: &Whole, country: Iso2) -> Result<()> {
    match permit.scope().covers(country) && session.invited().contains(&country) {
        true => Ok(()),
        false => Err(not_invited("Name your own country; it must be invited to the session.")),
    }
}

/// A person (`true`: who is new) nominated for a session that is held; the registration is still to be written.
pub(super) fn nominated(
    tx: &mut Tx,
    permit: &Permit<Nominate>,
    session: &Whole,
    person: &(Participant, bool),
    draft: &NominationDraft,
) -> Result<Registration> {
    let from = Entry { origin: Origin::Nominated, status: RegistrationStatus::Pending };
    let mut registration = entered(tx, permit, session, person, from)?;
    registration.rank = draft.rank.map(|rank| rank.0);
    registration.motive.clone_from(&draft.motive);
    Ok(registration)
}

fn not_invited(words: &str) -> Error {
    Error::invalid("/country", "not_invited", words)
}

/// Enters a person as coordinator: asked to come, or with a seat.
///
/// # Errors
/// 404, 403; 409 when the session is over or the person is registered; 422 for a country that is not invited.
pub(super) fn enter(
    tx: &mut Tx,
    permit: &Permit<EnterRegistrations>,
    session: TrainingSessionId,
    draft: &RegistrationDraft,
) -> Result<(Whole, Registration)> {
    let session = Roster::takes_people(tx, permit, session)?;
    let mut seats = Seats::of(tx, session.session.id)?;
    may_enter(&session, draft.country)?;
    let person = participants::entered(tx, permit, draft.country, &draft.person)?;
    let registration = seated(tx, permit, &session, &mut seats, &person, draft)?;
    let registration = saved(tx, permit, registration, ENTERED)?;
    outbox::enqueue(tx, &RegistrationMoved::of(&registration, None, permit.user()))?;
    seats.write(tx)?;
    Ok((session, registration))
}

/// Whether people of a country may be entered for a session.
///
/// # Errors
/// 422 for a country that is not invited.
pub(super) fn may_enter(session: &Whole, country: Iso2) -> Result<()> {
    match session.invited().contains(&country) {
        true => Ok(()),
        false => Err(not_invited("Name one of the countries that are invited to the session.")),
    }
}

/// A person (`true`: who is new) entered for a session that is held, the seat counted; the registration is still to be written.
pub(super) fn seated(
    tx: &mut Tx,
    permit: &Permit<EnterRegistrations>,
    session: &Whole,
    seats: &mut Seats,
    person: &(Participant, bool),
    draft: &RegistrationDraft,
) -> Result<Registration> {
    let from = Entry { origin: Origin::Entered, status: RegistrationStatus::Invited };
    let mut registration = entered(tx, permit, session, person, from)?;
    if draft.status != Some(EnterAs::Invited) {
        seat(tx, &mut registration, seats);
    }
    Ok(registration)
}

/// How a registration begins.
struct Entry {
    origin: Origin,
    status: RegistrationStatus,
}

/// A new registration, or the one that was withdrawn or declined taken up again.
fn entered(
    tx: &mut Tx,
    by: &impl Actor,
    session: &Whole,
    (person, is_new): &(Participant, bool),
    from: Entry,
) -> Result<Registration> {
    let before = if *is_new { None } else { store::of_person(tx, session.session.id, person.id)? };
    begun(tx, by, session, person, before, from)
}

/// A person's new registration, or the one that was withdrawn or declined taken up again.
fn begun(
    tx: &mut Tx,
    by: &impl Actor,
    session: &Whole,
    person: &Participant,
    before: Option<Registration>,
    from: Entry,
) -> Result<Registration> {
    if let Some(there) = before.as_ref().filter(|there| !there.status.is_over()) {
        return Err(is_there(there));
    }
    let (now, user) = (tx.now(), by.user());
    Ok(Registration {
        id: before.as_ref().map_or_else(|| tx.new_id(), |there| there.id),
        session_id: session.session.id,
        participant_id: person.id,
        country: person.country,
        origin: from.origin,
        rank: None,
        motive: None,
        status: from.status,
        reserve: 0,
        note: None,
        queued_at: None,
        offer_expires_at: None,
        decided_by: None,
        decided_at: None,
        version: before.as_ref().map_or(0, |there| there.version),
        created_at: before.as_ref().map_or(now, |there| there.created_at),
        created_by: before.as_ref().map_or(user, |there| there.created_by),
        updated_at: now,
        updated_by: user,
    })
}

/// 409: the person has a place in the session already.
pub(super) fn is_there(there: &Registration) -> Error {
    let words =
        format!("This person is registered for the session already: {} ({}).", there.id, there.status);
    Error::new(Code::AlreadyExists, words)
}

/// Takes in a person who asks for a place themselves; who is registered already stays as they are.
///
/// # Errors
/// When the database refuses.
pub(in super::super) fn apply(
    tx: &mut Tx,
    by: &impl Actor,
    session: &Whole,
    country: Iso2,
    person: &PersonDraft,
) -> Result<()> {
    let person = participants::applied(tx, by, country, person)?;
    let from = Entry { origin: Origin::Open, status: RegistrationStatus::Pending };
    let before = store::of_person(tx, session.session.id, person.id)?;
    match begun(tx, by, session, &person, before, from) {
        Ok(registration) => {
            let registration = saved(tx, by, registration, "registration.asked")?;
            outbox::enqueue(tx, &RegistrationMoved::of(&registration, None, by.user()))
        }
        Err(error) if error.code == Code::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Writes a registration that begins, with its note.
pub(super) fn saved(
    tx: &mut Tx,
    by: &impl Actor,
    mut registration: Registration,
    action: &'static str,
) -> Result<Registration> {
    match registration.version {
        0 => {
            registration.version = 1;
            store::insert(tx, &registration)?;
        }
        _ => store::update(tx, &mut registration, by.user())?,
    }
    began(tx, by, &registration, action);
    Ok(registration)
}

/// Notes that a registration began.
pub(super) fn began(tx: &mut Tx, by: &impl Actor, registration: &Registration, action: &'static str) {
    journal::record(tx, entry(by, action, registration).changed(&(), registration));
}

/// Gives a seat where there is one, else a place on the waiting list.
fn seat(tx: &Tx, registration: &mut Registration, seats: &mut Seats) {
    registration.offer_expires_at = None;
    match seats.take(registration.country) {
        true => (registration.status, registration.queued_at) = (RegistrationStatus::Confirmed, None),
        false => {
            registration.status = RegistrationStatus::Waitlisted;
            registration.queued_at = registration.queued_at.or(Some(tx.now()));
        }
    }
}

/// Changes the rank and the motive of a nominee on whom nobody has decided.
///
/// # Errors
/// 404, 403, 412; 409 once it was decided.
pub(super) fn revise(
    tx: &mut Tx,
    permit: &Permit<EditNominations>,
    id: RegistrationId,
    version: i32,
    patch: RegistrationPatch,
) -> Result<Registration> {
    let before = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    etag::matches(version, before.version)?;
    if before.status != RegistrationStatus::Pending {
        return Err(Error::conflict(format!(
            "It is {}; rank and motive change until it is decided.",
            before.status
        )));
    }
    let mut after = before.clone();
    match patch.rank {
        Change::Keep => {}
        Change::Clear => after.rank = None,
        Change::Set(rank) => after.rank = Some(rank.0),
    }
    patch.motive.apply(&mut after.motive);
    store::update(tx, &mut after, permit.user())?;
    journal::record(tx, entry(permit, "registration.changed", &after).changed(&before, &after));
    Ok(after)
}

/// The steps that the holder of these permissions may take with it.
pub(super) fn steps_of(registration: &Registration, held: &[Permission]) -> Vec<RegistrationStatus> {
    let steps = registration.status.next().iter().copied();
    steps.filter(|to| held.contains(&asked(registration.status, *to))).collect()
}

/// The permission that a step asks for: the country and the coordinator take back and answer offers, the coordinator decides.
fn asked(from: RegistrationStatus, to: RegistrationStatus) -> Permission {
    use RegistrationStatus::{Invited, Offered, Withdrawn};
    match (from, to) {
        (_, Withdrawn) | (Offered | Invited, _) => Permission::WithdrawRegistrations,
        _ => Permission::DecideRegistrations,
    }
}

/// Moves a registration one step; a seat that falls free goes to the next who waits.
///
/// # Errors
/// 404; 403 when the step is not the caller's; 409 when the state or a guard does not allow it.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MoveRegistrations>,
    id: RegistrationId,
    step: &RegistrationStep,
) -> Result<(Whole, Registration)> {
    let found = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    sessions::lock(tx, found.session_id)?;
    let session = sessions::find(tx, &Scope::All, found.session_id)?.ok_or_else(Error::not_found)?;
    // Read again under the lock of the session: seats and standing are those of now.
    let before = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
    allowed(tx, permit, &before, step)?;
    let after = carried_out(tx, permit, &session, &before, step)?;
    Ok((session, after))
}

/// Offers seats that came to be free because there are more of them, or more for a country. The caller holds the session.
///
/// # Errors
/// When the database refuses.
pub(in super::super) fn fill(tx: &mut Tx, by: &impl Actor, session: &Whole) -> Result<()> {
    if !goes_on(session.session.status) {
        return Ok(());
    }
    let mut seats = Seats::of(tx, session.session.id)?;
    promote(tx, by, session.session.id, &mut seats)?;
    seats.write(tx)
}

/// Carries out a step that may be taken, under the lock of the session; a seat that falls free goes to the next who waits.
pub(super) fn carried_out(
    tx: &mut Tx,
    by: &impl Actor,
    session: &Whole,
    before: &Registration,
    step: &RegistrationStep,
) -> Result<Registration> {
    let mut after = before.clone();
    let mut seats = Seats::of(tx, session.session.id)?;
    after.note.clone_from(&step.reason);
    (after.decided_by, after.decided_at) = (Some(by.user()), Some(tx.now()));
    moved(tx, before, &mut after, step.to, &mut seats)?;
    store::update(tx, &mut after, by.user())?;
    journal::record(tx, entry(by, "registration.moved", &after).changed(before, &after));
    outbox::enqueue(tx, &RegistrationMoved::of(&after, Some(before.status), by.user()))?;
    if before.status.holds_a_seat() && !after.status.holds_a_seat() && goes_on(session.session.status) {
        promote(tx, by, session.session.id, &mut seats)?;
    }
    seats.write(tx)?;
    Ok(after)
}

/// Whether a free seat is still of use to anybody.
pub(super) fn goes_on(status: SessionStatus) -> bool {
    use SessionStatus::{Published, RegistrationClosed, RegistrationOpen, Running};
    matches!(status, Published | RegistrationOpen | RegistrationClosed | Running)
}

fn allowed(
    tx: &mut Tx,
    permit: &Permit<MoveRegistrations>,
    before: &Registration,
    step: &RegistrationStep,
) -> Result<()> {
    let next = before.status.next();
    if !next.contains(&step.to) {
        return Err(no_way(before.status, next));
    }
    match asked(before.status, step.to) {
        Permission::DecideRegistrations => holding(tx, &permit.also::<DecideRegistrations>(), before.id)?,
        _ => holding(tx, &permit.also::<WithdrawRegistrations>(), before.id)?,
    }
    if step.to == RegistrationStatus::Declined
        && before.status == RegistrationStatus::Pending
        && step.reason.is_none()
    {
        return Err(Error::invalid("/reason", "missing", "Say why; the country is told."));
    }
    Ok(())
}

/// 409: where it goes instead.
pub(super) fn no_way(from: RegistrationStatus, next: &[RegistrationStatus]) -> Error {
    let words: Vec<&str> = next.iter().map(|status| status.as_str()).collect();
    let way = if words.is_empty() { "nowhere".to_owned() } else { words.join(", ") };
    Error::conflict(format!("It is {from}; from here it goes to: {way}."))
}

fn holding<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: RegistrationId) -> Result<()> {
    match store::find(tx, &permit.scope(), id)? {
        Some(_) => Ok(()),
        None => {
            let roles: Vec<&str> = A::PERMISSION.roles().iter().map(|role| role.as_str()).collect();
            let words = format!("This step needs one of these roles over the record: {}.", roles.join(", "));
            Err(Error::not_permitted(words))
        }
    }
}

fn moved(
    tx: &mut Tx,
    before: &Registration,
    after: &mut Registration,
    to: RegistrationStatus,
    seats: &mut Seats,
) -> Result<()> {
    match to {
        // Who was offered a seat holds it already.
        RegistrationStatus::Confirmed if before.status == RegistrationStatus::Offered => {
            (after.status, after.offer_expires_at, after.queued_at) = (to, None, None);
        }
        RegistrationStatus::Confirmed => seat(tx, after, seats),
        RegistrationStatus::Waitlisted => {
            (after.status, after.reserve, after.queued_at) = (to, 1, Some(tx.now()));
            if let Some(most) = store::reserves(tx, before.session_id, before.country)?
                && store::waiting_reserves(tx, before.session_id, before.country)? >= i64::from(most)
            {
                let words =
                    format!("{} may name {most} reserves, and has; withdraw one first.", before.country);
                let mut error = Error::invalid("/to", "reserves_taken", words.clone());
                (error.code, error.detail) = (Code::GuardFailed, words);
                return Err(error);
            }
        }
        RegistrationStatus::Attended | RegistrationStatus::NoShow => after.status = to,
        _ => {
            (after.status, after.offer_expires_at, after.queued_at) = (to, None, None);
            if before.status.holds_a_seat() {
                seats.free(before.country);
            }
        }
    }
    Ok(())
}

/// People with a seat were there: from now on their registrations say so.
///
/// # Errors
/// When the database refuses.
pub(in super::super) fn came(tx: &mut Tx, by: &impl Actor, who: &[Registration]) -> Result<()> {
    let new: Vec<&Registration> =
        who.iter().filter(|there| there.status != RegistrationStatus::Attended).collect();
    let ids: Vec<RegistrationId> = new.iter().map(|there| there.id).collect();
    store::attend(tx, &ids, by.user())?;
    let mut told = Vec::with_capacity(new.len());
    for before in new {
        let mut after = before.clone();
        after.status = RegistrationStatus::Attended;
        (after.version, after.updated_at, after.updated_by) = (before.version + 1, tx.now(), by.user());
        journal::record(tx, entry(by, "registration.moved", &after).changed(before, &after));
        told.push(RegistrationMoved::of(&after, Some(before.status), by.user()));
    }
    outbox::enqueue_all(tx, &told)
}
