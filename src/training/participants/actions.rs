//! Entering people once, changing what is kept of them, and making one person of two rows.

use super::super::registrations;
use super::events::ParticipantMerged;
use super::model::{MergeDraft, Participant, PersonDraft, PersonPatch};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, EditParticipants, MergeParticipants};
use crate::kernel::error::Code;
use crate::kernel::id::{Iso2, ParticipantId};
use crate::kernel::patch::Change;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// The person of a country, entered if nobody there is known by the address; what was not known before is filled in, and
/// nothing that was is overwritten. `true` when the person is new.
///
/// # Errors
/// When the database refuses.
pub fn entered(
    tx: &mut Tx,
    by: &impl Actor,
    country: Iso2,
    draft: &PersonDraft,
) -> Result<(Participant, bool)> {
    let (person, is_new) = met(tx, by, country, draft)?;
    if is_new {
        store::insert(tx, &person)?;
    }
    Ok((person, is_new))
}

/// As [`entered`], but a person who is new is still to be written: lists write theirs together
/// ([`enter_all`](super::enter_all)).
///
/// # Errors
/// When the database refuses.
pub fn met(tx: &mut Tx, by: &impl Actor, country: Iso2, draft: &PersonDraft) -> Result<(Participant, bool)> {
    let Some(before) = store::by_email(tx, country, &draft.email)? else {
        let person = new(tx, by, country, draft);
        journal::record(tx, entry(by, "participant.entered", &person).changed(&(), &person));
        return Ok((person, true));
    };
    let mut after = before.clone();
    fill(&mut after.organization, &draft.organization);
    fill(&mut after.job, &draft.job);
    fill(&mut after.sex, &draft.sex);
    fill(&mut after.language, &draft.language);
    fill(&mut after.access_needs, &draft.access_needs);
    fill(&mut after.diet, &draft.diet);
    if draft.consent_version.is_some() && after.consent_version != draft.consent_version {
        (after.consent_version, after.consent_at) = (draft.consent_version.clone(), Some(tx.now()));
    }
    if facts(&after) != facts(&before) {
        store::update(tx, &mut after, by.user())?;
        journal::record(tx, entry(by, "participant.changed", &after).changed(&before, &after));
    }
    Ok((after, false))
}

/// The person of a country who says who they are themselves. Nobody has proved anything: of who is known already, only the
/// agreement is noted.
///
/// # Errors
/// When the database refuses.
pub fn applied(tx: &mut Tx, by: &impl Actor, country: Iso2, draft: &PersonDraft) -> Result<Participant> {
    if store::by_email(tx, country, &draft.email)?.is_none() {
        let person = new(tx, by, country, draft);
        match tx.attempt(|tx| store::insert(tx, &person)) {
            Ok(()) => {
                journal::record(tx, entry(by, "participant.entered", &person).changed(&(), &person));
                return Ok(person);
            }
            // Somebody entered the same person at the same moment.
            Err(error) if error.code == Code::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    let before = store::by_email(tx, country, &draft.email)?.ok_or_else(Error::not_found)?;
    let mut after = before.clone();
    if after.consent_version != draft.consent_version {
        (after.consent_version, after.consent_at) = (draft.consent_version.clone(), Some(tx.now()));
        store::update(tx, &mut after, by.user())?;
        journal::record(tx, entry(by, "participant.changed", &after).changed(&before, &after));
    }
    Ok(after)
}

fn facts(p: &Participant) -> impl PartialEq + '_ {
    (&p.organization, &p.job, p.sex, p.language, &p.access_needs, &p.diet, &p.consent_version)
}

fn fill<T: Clone>(field: &mut Option<T>, stated: &Option<T>) {
    if field.is_none() {
        field.clone_from(stated);
    }
}

fn new(tx: &Tx, by: &impl Actor, country: Iso2, draft: &PersonDraft) -> Participant {
    let (now, user) = (tx.now(), by.user());
    Participant {
        id: tx.new_id(),
        country,
        email: draft.email.clone(),
        email_key: draft.email.folded(),
        name: draft.name.clone(),
        organization: draft.organization.clone(),
        job: draft.job.clone(),
        sex: draft.sex,
        language: draft.language,
        access_needs: draft.access_needs.clone(),
        diet: draft.diet.clone(),
        consent_version: draft.consent_version.clone(),
        consent_at: draft.consent_version.as_ref().map(|_| now),
        merged_into: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    }
}

fn entry(by: &impl Actor, action: &'static str, person: &Participant) -> Entry {
    Entry::new(by, action, "participant", person.id).country(person.country)
}

/// Changes what is kept of a person.
pub(super) fn revise(
    tx: &mut Tx,
    permit: &Permit<EditParticipants>,
    id: ParticipantId,
    version: i32,
    patch: PersonPatch,
) -> Result<Participant> {
    let before = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    etag::matches(version, before.version)?;
    let mut after = before.clone();
    patch.name.apply(&mut after.name);
    patch.email.apply(&mut after.email);
    after.email_key = after.email.folded();
    patch.organization.apply(&mut after.organization);
    patch.job.apply(&mut after.job);
    patch.sex.apply(&mut after.sex);
    patch.language.apply(&mut after.language);
    patch.access_needs.apply(&mut after.access_needs);
    patch.diet.apply(&mut after.diet);
    match patch.consent_version {
        Change::Keep => {}
        Change::Clear => (after.consent_version, after.consent_at) = (None, None),
        Change::Set(text) => (after.consent_version, after.consent_at) = (Some(text), Some(tx.now())),
    }
    store::update(tx, &mut after, permit.user())?;
    journal::record(tx, entry(permit, "participant.changed", &after).changed(&before, &after));
    Ok(after)
}

/// Makes one person of two rows: the registrations go to the one that stays.
///
/// # Errors
/// 404, 403; 409 when both are registered for one session; 422 when they are of two countries, or one and the same.
pub(super) fn merge(
    tx: &mut Tx,
    permit: &Permit<MergeParticipants>,
    id: ParticipantId,
    draft: &MergeDraft,
) -> Result<Participant> {
    let mut gone = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    let unknown = || {
        Error::invalid(
            "/into",
            "unknown_participant",
            "Name another person whom you see, of the same country.",
        )
    };
    if draft.into == id {
        return Err(unknown());
    }
    let kept = store::find(tx, &permit.scope(), draft.into)?.ok_or_else(unknown)?;
    if kept.country != gone.country {
        return Err(unknown());
    }
    for ((ours, our), (theirs, their)) in store::shared(tx, id, kept.id)? {
        let (spare, stays) = match (our.is_over(), their.is_over()) {
            (true, _) => (ours, theirs),
            (_, true) => (theirs, ours),
            _ => {
                let words = "Both are registered for the same session; withdraw one of the two registrations there first.";
                return Err(Error::conflict(words));
            }
        };
        registrations::merge(tx, spare, stays)?;
        journal::record(
            tx,
            Entry::new(permit, "registration.dropped", "registration", spare).country(gone.country),
        );
    }
    store::move_registrations(tx, id, kept.id)?;
    let before = gone.clone();
    gone.merged_into = Some(kept.id);
    store::update(tx, &mut gone, permit.user())?;
    journal::record(tx, entry(permit, "participant.merged", &gone).changed(&before, &gone));
    outbox::enqueue(tx, &ParticipantMerged { participant_id: id, into: kept.id })?;
    Ok(kept)
}
