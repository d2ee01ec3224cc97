//! Rows of the people who come.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::numbers::standings;
use super::super::registrations::RegistrationStatus;
use super::model::{Participant, ParticipantFilter};
use super::reach::known;
use crate::kernel::access::Scope;
use crate::kernel::error::Code;
use crate::kernel::id::{Iso2, ParticipantId, RegistrationId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::sql::{Guid, Instant};
use crate::kernel::text::Email;
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::on_each;
use crate::platform::among::among;
use crate::platform::connection::{MultiBackend, TOGETHER};
use crate::platform::db::{Constraint, Tx};
use crate::platform::http::etag;
use crate::platform::keyset::row_gt;
use crate::platform::schema::{participants, registrations};

/// Why a list was refused that nothing is wrong with.
pub const MEANWHILE: &str =
    "Somebody else entered one of these people at the same moment. Send the list again.";

fn taken() -> Error {
    Error::new(
        Code::AlreadyExists,
        "Somebody of this country is known by this address already; merge the two.",
    )
}

/// Enters a person.
pub(super) fn insert(tx: &mut Tx, person: &Participant) -> Result<()> {
    diesel::insert_into(participants::table).values(person).execute(tx.conn()).on_unique(taken)?;
    Ok(())
}

/// Enters many people.
///
/// # Errors
/// 409 when somebody else entered one of them at the same moment.
pub fn enter_all(tx: &mut Tx, new: &[&Participant]) -> Result<()> {
    for some in new.chunks(TOGETHER) {
        let rows = some.to_vec();
        on_each!(tx.conn(), c => diesel::insert_into(participants::table).values(rows).execute(c))
            .on_unique(|| Error::new(Code::AlreadyExists, MEANWHILE))?;
    }
    Ok(())
}

/// A person within reach who was not merged into another.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: ParticipantId) -> Result<Option<Participant>> {
    let found = participants::table
        .select(Participant::as_select())
        .filter(participants::id.eq(id))
        .filter(participants::merged_into.is_null())
        .filter(known(scope))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// The person of a country with this address.
pub(super) fn by_email(tx: &mut Tx, country: Iso2, email: &Email) -> Result<Option<Participant>> {
    let found = participants::table
        .select(Participant::as_select())
        .filter(participants::country.eq(country))
        .filter(participants::email_key.eq(email.folded()))
        .filter(participants::merged_into.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// A person, for the house itself; of one that was merged into another, that other.
///
/// # Errors
/// When the database refuses.
pub fn living(tx: &mut Tx, id: ParticipantId) -> Result<Option<Participant>> {
    let mut found = by_ids(tx, &[id])?.remove(&id);
    while let Some(Participant { merged_into: Some(into), .. }) = found {
        found = by_ids(tx, &[into])?.remove(&into);
    }
    Ok(found)
}

/// People by id, for the records that name them.
///
/// # Errors
/// When the database refuses.
pub fn by_ids(tx: &mut Tx, ids: &[ParticipantId]) -> Result<HashMap<ParticipantId, Participant>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Participant> = participants::table
        .select(Participant::as_select())
        .filter(among(participants::id, ids))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|person| (person.id, person)).collect())
}

/// Writes a changed person over the version that was read.
pub(super) fn update(tx: &mut Tx, p: &mut Participant, by: UserId) -> Result<()> {
    use participants as t;
    let read = p.version;
    (p.version, p.updated_at, p.updated_by) = (read + 1, tx.now(), by);
    let written = diesel::update(t::table)
        .filter(t::id.eq(p.id))
        .filter(t::version.eq(read))
        .set((
            (t::email.eq(&p.email), t::email_key.eq(&p.email_key), t::name.eq(&p.name)),
            (t::organization.eq(&p.organization), t::job.eq(&p.job), t::sex.eq(p.sex)),
            (t::language.eq(p.language), t::access_needs.eq(&p.access_needs), t::diet.eq(&p.diet)),
            (t::consent_version.eq(&p.consent_version), t::consent_at.eq(p.consent_at)),
            (t::merged_into.eq(p.merged_into), t::version.eq(p.version)),
            (t::updated_at.eq(p.updated_at), t::updated_by.eq(p.updated_by)),
        ))
        .execute(tx.conn())
        .on_unique(taken)?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// Registrations of two people for the same sessions: they can't become one without losing one of the two.
pub(super) fn shared(tx: &mut Tx, one: ParticipantId, other: ParticipantId) -> Result<Vec<(Entry, Entry)>> {
    let theirs = diesel::alias!(registrations as theirs);
    let rows = registrations::table
        .inner_join(theirs.on(theirs.field(registrations::session_id).eq(registrations::session_id)))
        .select((
            (registrations::id, registrations::status),
            theirs.fields((registrations::id, registrations::status)),
        ))
        .filter(registrations::participant_id.eq(one))
        .filter(theirs.field(registrations::participant_id).eq(other));
    Ok(rows.load(tx.conn())?)
}

/// A registration and where it stands.
pub(super) type Entry = (RegistrationId, RegistrationStatus);

/// Gives the registrations of one person to another.
pub(super) fn move_registrations(tx: &mut Tx, from: ParticipantId, to: ParticipantId) -> Result<usize> {
    let rows = registrations::table.filter(registrations::participant_id.eq(from));
    let moved = diesel::update(rows).set(registrations::participant_id.eq(to)).execute(tx.conn())?;
    standings::hand_over(tx, from, to)?;
    Ok(moved)
}

/// People within reach in order of their ids; with `updated_since` in order of their last change.
pub(super) fn list(
    tx: &mut Tx,
    scope: &Scope,
    by: &ParticipantFilter,
    page: &PageRequest,
) -> Result<Page<Participant>> {
    let mut query = participants::table
        .select(Participant::as_select())
        .filter(participants::merged_into.is_null())
        .filter(known(scope))
        .limit(page.fetch())
        .into_boxed::<MultiBackend>();
    if !by.country.is_empty() {
        query = query.filter(among(participants::country, by.country.values()));
    }
    if let Some(email) = &by.email {
        query = query.filter(participants::email_key.eq(email.folded()));
    }
    if let Some(session) = by.session {
        let there = registrations::table
            .select(registrations::participant_id)
            .filter(registrations::session_id.eq(session));
        query = query.filter(participants::id.eq_any(there));
    }
    if let Some(since) = by.updated_since {
        query = query
            .filter(participants::updated_at.ge(since))
            .order((participants::updated_at, participants::id));
    } else {
        query = query.order(participants::id);
    }
    if let Some(after) = &page.after {
        let (at, id) = (Timestamp(after.key.parse().unwrap_or_default()), ParticipantId(after.id));
        query = match by.updated_since {
            Some(_) => query.filter(row_gt(
                participants::updated_at,
                participants::id,
                at.into_sql::<Instant>(),
                id.into_sql::<Guid>(),
            )),
            None => query.filter(participants::id.gt(id)),
        };
    }
    let rows: Vec<Participant> = query.load(tx.conn())?;
    Ok(Page::of(rows, page, |row| Position { key: row.updated_at.0.to_string(), id: row.id.0 }))
}
