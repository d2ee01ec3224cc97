//! Rows of certificates.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::registrations::{Registration, seen};
use super::model::Certificate;
use super::number::CertificateNumber;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{CertificateId, RegistrationId, TrainingSessionId, UserId};
use crate::kernel::time::Day;
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::{certificates, programs, registrations, training_sessions};

/// Certificates of sessions that are there.
macro_rules! joined {
    () => {
        certificates::table
            .inner_join(registrations::table.on(registrations::id.eq(certificates::registration_id)))
            .inner_join(training_sessions::table.on(training_sessions::id.eq(certificates::session_id)))
            .inner_join(programs::table.on(programs::id.eq(training_sessions::program_id)))
            .filter(training_sessions::deleted_at.is_null())
            .filter(programs::deleted_at.is_null())
    };
}
pub(super) use joined;

/// A certificate within reach.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: CertificateId) -> Result<Option<Certificate>> {
    let found = joined!()
        .select(Certificate::as_select())
        .filter(certificates::id.eq(id))
        .filter(seen(scope))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// The certificate of a number: for anyone who knows it. It outlives its session and its program.
pub(super) fn numbered(tx: &mut Tx, number: &CertificateNumber) -> Result<Option<Certificate>> {
    let found = certificates::table
        .select(Certificate::as_select())
        .filter(certificates::number.eq(number.clone()))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Adds a certificate.
pub(super) fn insert(tx: &mut Tx, certificate: &Certificate) -> Result<()> {
    diesel::insert_into(certificates::table).values(certificate).execute(tx.conn())?;
    Ok(())
}

/// Writes a revocation over the version that was read.
pub(super) fn revoke(tx: &mut Tx, c: &mut Certificate, by: UserId) -> Result<()> {
    use certificates as t;
    let read = c.version;
    (c.version, c.updated_at, c.revoked_by) = (read + 1, tx.now(), Some(by));
    let written = diesel::update(t::table)
        .filter(t::id.eq(c.id))
        .filter(t::version.eq(read))
        .set((
            (t::revoked_at.eq(c.revoked_at), t::revoked_by.eq(c.revoked_by), t::reason.eq(&c.reason)),
            (t::version.eq(c.version), t::updated_at.eq(c.updated_at)),
        ))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// Who of these people ever had a certificate, and whether one of theirs is in force today.
pub(super) fn standing(
    tx: &mut Tx,
    ids: &[RegistrationId],
    today: Day,
) -> Result<HashMap<RegistrationId, bool>> {
    let mut standing = HashMap::new();
    if ids.is_empty() {
        return Ok(standing);
    }
    let in_force = certificates::revoked_at
        .is_null()
        .and(certificates::valid_until.is_null().or(certificates::valid_until.ge(today).assume_not_null()));
    let rows: Vec<(RegistrationId, bool)> = certificates::table
        .select((certificates::registration_id, in_force))
        .filter(among(certificates::registration_id, ids))
        .load(tx.conn())?;
    for (registration, in_force) in rows {
        *standing.entry(registration).or_default() |= in_force;
    }
    Ok(standing)
}

/// Registrations of a session within reach, by their ids.
pub(super) fn named(
    tx: &mut Tx,
    scope: &Scope,
    session: TrainingSessionId,
    ids: &[RegistrationId],
) -> Result<HashMap<RegistrationId, Registration>> {
    let rows: Vec<Registration> = registrations::table
        .inner_join(training_sessions::table.on(training_sessions::id.eq(registrations::session_id)))
        .select(Registration::as_select())
        .filter(registrations::session_id.eq(session))
        .filter(among(registrations::id, ids))
        .filter(seen(scope))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
