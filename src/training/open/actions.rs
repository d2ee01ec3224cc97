//! Making and revoking links, and taking in who comes through one.

use super::super::entrance::{Bearer, no_such_door};
use super::super::participants::FIELDS;
use super::super::sessions::{self, SessionStatus, Whole, day_record, told};
use super::super::{consent, registrations};
use super::model::{
    Consent, CountryNamed, OpenRegistration, OpenSession, RegistrationLink, RegistrationLinkDraft,
};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, EnterRegistrations, Scope};
use crate::kernel::error::FieldError;
use crate::kernel::id::{Iso2, RegistrationLinkId, TrainingSessionId};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::kernel::{Error, Result};
use crate::partners::countries;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};

fn today(session: &Whole, now: Timestamp) -> Day {
    Day(now.date_in(session.session.zone.unwrap_or(Zone::UTC)))
}

/// Makes a link for a session.
///
/// # Errors
/// 404, 403; 409 when the session is over; 422 for a country that is not invited or a day that is past.
pub(super) fn make(
    tx: &mut Tx,
    permit: &Permit<EnterRegistrations>,
    session: TrainingSessionId,
    draft: &RegistrationLinkDraft,
) -> Result<RegistrationLink> {
    let whole = permit.get(tx, |tx, scope| sessions::find(tx, scope, session))?;
    if whole.session.status.is_over() || whole.session.status == SessionStatus::Completed {
        return Err(Error::conflict(format!(
            "The session is {}; nobody registers for it any more.",
            whole.session.status
        )));
    }
    let mut faults = Vec::new();
    if draft.country.is_some_and(|country| !whole.invited().contains(&country)) {
        let words = "Name one of the countries that are invited to the session.";
        faults.push(FieldError::at("/country", "not_invited", words));
    }
    let today = today(&whole, tx.now());
    if draft.expires_on.is_some_and(|last| last < today) {
        faults.push(FieldError::at("/expires_on", "in_the_past", format!("Today is {today} there.")));
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    let (now, user) = (tx.now(), permit.user());
    let link = RegistrationLink {
        id: tx.new_id(),
        session_id: session,
        country: draft.country,
        label: draft.label.clone(),
        expires_on: draft.expires_on,
        revoked_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    };
    store::insert(tx, &link)?;
    journal::record(tx, entry(permit, "registration_link.made", &link, &whole).changed(&(), &link));
    Ok(link)
}

fn entry(by: &impl Actor, action: &'static str, link: &RegistrationLink, whole: &Whole) -> Entry {
    let entry = Entry::new(by, action, "registration_link", link.id).program(whole.session.program_id);
    link.country.map_or(entry.clone(), |country| entry.country(country))
}

/// Revokes a link: it opens nothing from now on.
///
/// # Errors
/// 404, 403, 412.
pub(super) fn revoke(
    tx: &mut Tx,
    permit: &Permit<EnterRegistrations>,
    id: RegistrationLinkId,
    version: i32,
) -> Result<()> {
    let link = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    etag::matches(version, link.version)?;
    store::revoke(tx, &link, permit.user())?;
    let whole = sessions::find(tx, &Scope::All, link.session_id)?.ok_or_else(Error::not_found)?;
    journal::record(tx, entry(permit, "registration_link.revoked", &link, &whole));
    Ok(())
}

/// A link that works, with its session.
fn live(tx: &mut Tx, id: RegistrationLinkId) -> Result<(RegistrationLink, Whole)> {
    let link = store::find(tx, &Scope::All, id)?.ok_or_else(no_such_door)?;
    let whole = sessions::find(tx, &Scope::All, link.session_id)?.ok_or_else(no_such_door)?;
    let ended = link.expires_on.is_some_and(|last| last < today(&whole, tx.now()));
    // What was taken back to a draft or given up is nobody's to see.
    match ended || whole.session.status == SessionStatus::Draft {
        true => Err(no_such_door()),
        false => Ok((link, whole)),
    }
}

/// The countries whose people may come through a link.
fn countries_of(tx: &mut Tx, link: &RegistrationLink, whole: &Whole) -> Result<Vec<Iso2>> {
    let there = told::countries(tx, whole)?;
    Ok(there.into_iter().filter(|country| link.country.is_none_or(|only| only == *country)).collect())
}

fn takes(whole: &Whole, now: Timestamp) -> bool {
    whole.session.status == SessionStatus::RegistrationOpen
        && whole.terms.closes_at.is_none_or(|closes| closes > now)
}

/// What a link opens.
///
/// # Errors
/// 404 for a link that was revoked or has ended.
pub(super) fn look(tx: &mut Tx, id: RegistrationLinkId) -> Result<OpenSession> {
    let (link, whole) = live(tx, id)?;
    let from = countries_of(tx, &link, &whole)?;
    let names = countries::names(tx, &from)?;
    let named = |iso2: Iso2| CountryNamed { iso2, name: names.get(&iso2).cloned().unwrap_or_default() };
    let open = takes(&whole, tx.now());
    let program_title = told::program_title(tx, whole.session.program_id)?;
    let session = whole.session;
    Ok(OpenSession {
        title: session.title,
        program_title,
        description: session.description,
        organizer: session.organizer,
        mode: session.mode,
        venue: session.venue,
        city: session.city,
        country: session.country,
        zone: session.zone,
        days: whole.days.into_iter().map(day_record).collect(),
        session_status: session.status,
        open,
        closes_at: whole.terms.closes_at,
        countries: from.into_iter().map(named).collect(),
        fields: FIELDS.to_vec(),
        consent: Consent { version: consent::VERSION, text: consent::text()? },
    })
}

/// Takes somebody in who came through a link. Whether the person was known or registered before makes no difference to
/// what is said.
///
/// # Errors
/// 404 for a link that was revoked or has ended; 409 when registration is not open; 422 for a country that is not of the
/// link, and for another text of consent.
pub(super) fn register(tx: &mut Tx, id: RegistrationLinkId, said: &OpenRegistration) -> Result<()> {
    let (link, _) = live(tx, id)?;
    sessions::lock(tx, link.session_id)?;
    // Read again under the lock of the session: it may have closed meanwhile.
    let (link, whole) = live(tx, id)?;
    if !takes(&whole, tx.now()) {
        return Err(Error::conflict("Registration is not open now; ask whoever gave you the link."));
    }
    let mut faults = Vec::new();
    if !countries_of(tx, &link, &whole)?.contains(&said.country) {
        let words = "Name one of the countries that the link shows.";
        faults.push(FieldError::at("/country", "not_invited", words));
    }
    if said.consent_version.as_str() != consent::VERSION {
        let words = format!("Read the text of now and agree to it: {}.", consent::VERSION);
        faults.push(FieldError::at("/consent_version", "unknown_version", words));
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    registrations::apply(tx, &Bearer::of_link(id), &whole, said.country, &said.draft())
}
