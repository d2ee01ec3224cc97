//! What people do with sessions: plan, change, take away.

use super::super::numbers::standings;
use super::super::registrations;
use super::draft::{InvitedDraft, SessionDraft, SessionPatch};
use super::events::{PeopleChanged, SessionMoved};
use super::model::{Invited, Session, SessionDay, SessionStatus, Terms, Whole};
use super::{days, rules, store};
use crate::accounts::Permit;
use crate::kernel::access::{Action, Actor, EditTraining, PlanTraining};
use crate::kernel::error::FieldError;
use crate::kernel::id::{Iso2, ProgramId, TrainingSessionId};
use crate::kernel::money::Percent;
use crate::kernel::patch::Change;
use crate::kernel::search::fold;
use crate::kernel::text::Name;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;
use crate::programs::{self, Program, Status};

/// Hours for which a seat is offered, when nobody said otherwise.
const OFFER_HOURS: i32 = 72;
/// The part of the minutes that must be attended, when nobody said otherwise: 80 %.
const LEAST_SHARE: Percent = Percent(8_000);

/// Plans a session of a program.
///
/// # Errors
/// 404, 403; 409 in a program that is over; 422 with every rule that is broken.
pub(super) fn plan(
    tx: &mut Tx,
    permit: &Permit<PlanTraining>,
    program: ProgramId,
    draft: &SessionDraft,
) -> Result<Whole> {
    let program = permit.get(tx, |tx, scope| programs::find(tx, scope, program))?;
    refuse_over(&program)?;
    let stated = days::stated(draft).map_err(Error::invalid_fields)?;
    let id: TrainingSessionId = tx.new_id();
    let mut faults = Vec::new();
    let days = days::written(id, &stated, draft.zone, &mut faults);
    let mut terms = terms(id, draft);
    days::window(&mut terms, draft.zone, days.last(), &mut faults);
    let countries = match &draft.countries {
        Some(stated) => invited(id, stated),
        None => all_of(id, store::program_countries(tx, program.id)?),
    };
    let session = session(tx, permit, id, program.id, draft, &days);
    let whole = Whole { session, terms, days, countries, trainers: draft.trainers.clone() };
    faults.extend(rules::check(tx, &whole, None)?);
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    store::insert(tx, &whole)?;
    journal::record(tx, entry(permit, "training_session.created", &whole.session).changed(&(), &whole));
    Ok(whole)
}

fn refuse_over(program: &Program) -> Result<()> {
    match program.status {
        Status::Closed | Status::Cancelled => Err(Error::conflict(format!(
            "The program is {}; nothing is planned in it any more.",
            program.status
        ))),
        _ => Ok(()),
    }
}

/// The name of a record in the audit chain.
pub(super) fn entry(by: &impl Actor, action: &'static str, session: &Session) -> Entry {
    Entry::new(by, action, "training_session", session.id).program(session.program_id)
}

fn terms(session_id: TrainingSessionId, draft: &SessionDraft) -> Terms {
    Terms {
        session_id,
        capacity: draft.capacity.map(|seats| seats.0),
        registration_opens: draft.registration_opens,
        registration_closes: draft.registration_closes,
        opens_at: None,
        closes_at: None,
        offer_hours: draft.offer_hours.map_or(OFFER_HOURS, |hours| hours.0),
        least_share: draft.least_share.unwrap_or(LEAST_SHARE),
        pass_mark: draft.pass_mark,
    }
}

fn invited(session_id: TrainingSessionId, stated: &[InvitedDraft]) -> Vec<Invited> {
    let row = |draft: &InvitedDraft| Invited {
        session_id,
        country: draft.country,
        quota: draft.quota.map(|quota| quota.0),
        reserves: draft.reserves.map(|reserves| reserves.0),
    };
    stated.iter().map(row).collect()
}

fn all_of(session_id: TrainingSessionId, countries: Vec<Iso2>) -> Vec<Invited> {
    let row = |country| Invited { session_id, country, quota: None, reserves: None };
    countries.into_iter().map(row).collect()
}

/// The place under which two sessions clash: the same venue in the same city of the same country, however it is written.
fn venue_key(venue: Option<&Name>, city: Option<&Name>, country: Option<Iso2>) -> Option<String> {
    let venue = fold(venue?.as_str());
    let city = fold(city.map_or("", |city| city.as_str()));
    Some(format!("{} {city} {venue}", country.map(|country| country.to_string()).unwrap_or_default()))
}

fn session(
    tx: &Tx,
    by: &impl Actor,
    id: TrainingSessionId,
    program_id: ProgramId,
    draft: &SessionDraft,
    days: &[SessionDay],
) -> Session {
    let (now, user) = (tx.now(), by.user());
    // Without days the draft is refused a few lines later.
    let day = |day: Option<&SessionDay>| {
        day.map_or(crate::kernel::time::Day(now.utc().date_naive()), |day| day.day)
    };
    Session {
        id,
        program_id,
        course_id: draft.course_id,
        title: draft.title.clone(),
        kind: draft.kind.clone(),
        description: draft.description.clone(),
        mode: draft.mode,
        venue: draft.venue.clone(),
        city: draft.city.clone(),
        country: draft.country,
        venue_key: venue_key(draft.venue.as_ref(), draft.city.as_ref(), draft.country),
        link: draft.link.clone(),
        zone: draft.zone,
        themes: draft.themes.clone(),
        languages: draft.languages.clone(),
        organizer: draft.organizer.clone(),
        source: draft.source.clone(),
        first_day: day(days.first()),
        last_day: day(days.last()),
        status: SessionStatus::Draft,
        reason: None,
        sequence: 0,
        deleted_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    }
}

/// Loads a session for a change, its row held until the transaction ends. Who may not change it hears so before anything is
/// held: nobody waits for the rows of strangers.
///
/// # Errors
/// 404, 403.
pub(in super::super) fn hold<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: TrainingSessionId,
) -> Result<Whole> {
    permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    store::lock(tx, id)?;
    store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)
}

/// Loads a session for a change of the version that the client read.
fn read<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: TrainingSessionId, version: i32) -> Result<Whole> {
    let whole = hold(tx, permit, id)?;
    etag::matches(version, whole.session.version)?;
    Ok(whole)
}

/// Changes a session; its status moves by steps.
///
/// # Errors
/// 404, 403, 412; 409 when it is over; 422 with every rule that is broken.
pub(super) fn revise(
    tx: &mut Tx,
    permit: &Permit<EditTraining>,
    id: TrainingSessionId,
    version: i32,
    patch: SessionPatch,
) -> Result<Whole> {
    let before = read(tx, permit, id, version)?;
    if before.session.status.is_over() {
        return Err(Error::conflict(format!("It is {}; that is the end of it.", before.session.status)));
    }
    let (mut after, mut faults) = patched(&before, patch);
    faults.extend(rules::check(tx, &after, Some(&before))?);
    faults.extend(rules::dismissed(tx, &before, &after)?);
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    // As they are read: only then does a list that was sent again count as unchanged.
    after.countries.sort_by_key(|invited| invited.country);
    after.trainers.sort();
    let moved = moved(&before, &after);
    let seen = before.session.status != SessionStatus::Draft;
    let people = PeopleChanged::between(&before, &after, permit.user()).filter(|_| seen);
    // Who leaves and comes back must know the later state from the earlier one too.
    if seen && (moved != (false, false) || people.is_some()) {
        after.session.sequence += 1;
    }
    store::update(tx, &mut after, &before, permit.user())?;
    if seen && (moved.0 || before.terms != after.terms) {
        standings::measure_all(tx, &after)?;
    }
    journal::record(tx, entry(permit, "training_session.changed", &after.session).changed(&before, &after));
    if seen && moved != (false, false) {
        let (time, place) = moved;
        let (program_id, by) = (after.session.program_id, permit.user());
        outbox::enqueue(tx, &SessionMoved { session_id: id, program_id, time, place, by })?;
    }
    if let Some(people) = people {
        outbox::enqueue(tx, &people)?;
    }
    if before.terms.capacity != after.terms.capacity || before.countries != after.countries {
        registrations::fill(tx, permit, &after)?;
    }
    Ok(after)
}

fn patched(before: &Whole, patch: SessionPatch) -> (Whole, Vec<FieldError>) {
    let (mut after, id) = (before.clone(), before.session.id);
    let session = &mut after.session;
    patch.title.apply(&mut session.title);
    patch.course_id.apply(&mut session.course_id);
    patch.kind.apply(&mut session.kind);
    patch.description.apply(&mut session.description);
    patch.mode.apply(&mut session.mode);
    patch.venue.apply(&mut session.venue);
    patch.city.apply(&mut session.city);
    patch.country.apply(&mut session.country);
    patch.link.apply(&mut session.link);
    patch.zone.apply(&mut session.zone);
    patch.themes.apply(&mut session.themes);
    patch.languages.apply(&mut session.languages);
    patch.organizer.apply(&mut session.organizer);
    patch.source.apply(&mut session.source);
    session.venue_key = venue_key(session.venue.as_ref(), session.city.as_ref(), session.country);
    if let Some(stated) = patch.countries.0 {
        after.countries = invited(id, &stated);
    }
    if let Some(trainers) = patch.trainers.0 {
        after.trainers = trainers;
    }
    number(patch.capacity, |seats| seats.0, &mut after.terms.capacity);
    patch.registration_opens.apply(&mut after.terms.registration_opens);
    patch.registration_closes.apply(&mut after.terms.registration_closes);
    after.terms.offer_hours = patch.offer_hours.0.map_or(after.terms.offer_hours, |hours| hours.0);
    patch.least_share.apply(&mut after.terms.least_share);
    patch.pass_mark.apply(&mut after.terms.pass_mark);
    let mut faults = Vec::new();
    let stated = patch.days.0.unwrap_or_else(|| days::clocks(&before.days));
    after.days = days::written(id, &stated, after.session.zone, &mut faults);
    if let (Some(first), Some(last)) = (after.days.first(), after.days.last()) {
        (after.session.first_day, after.session.last_day) = (first.day, last.day);
    }
    days::window(&mut after.terms, after.session.zone, after.days.last(), &mut faults);
    (after, faults)
}

fn number<T>(change: Change<T>, inner: impl Fn(T) -> i32, field: &mut Option<i32>) {
    match change {
        Change::Keep => {}
        Change::Clear => *field = None,
        Change::Set(value) => *field = Some(inner(value)),
    }
}

/// Whether the time and the place are others than before.
fn moved(before: &Whole, after: &Whole) -> (bool, bool) {
    let place = |session: &Session| {
        (session.mode, session.venue.clone(), session.city.clone(), session.country, session.link.clone())
    };
    let time = before.days != after.days || before.session.zone != after.session.zone;
    (time, place(&before.session) != place(&after.session))
}

/// Deletes a session that nobody saw.
///
/// # Errors
/// 404, 403, 412; 409 once it was published.
pub(super) fn delete(
    tx: &mut Tx,
    permit: &Permit<EditTraining>,
    id: TrainingSessionId,
    version: i32,
) -> Result<()> {
    let mut whole = read(tx, permit, id, version)?;
    if whole.session.status != SessionStatus::Draft {
        return Err(Error::conflict(format!(
            "It is {}; only a draft is deleted. Cancel it, so that those who know of it are told.",
            whole.session.status
        )));
    }
    let before = whole.clone();
    whole.session.deleted_at = Some(tx.now());
    store::update_row(tx, &mut whole.session, permit.user())?;
    journal::record(tx, entry(permit, "training_session.deleted", &before.session).changed(&before, &()));
    Ok(())
}
