//! What letters tell of certificates.

use diesel::prelude::*;

use super::model::Certificate;
use super::number::CertificateNumber;
use crate::kernel::id::{CertificateId, RegistrationId};
use crate::kernel::lang::{Lang, Titles};
use crate::kernel::time::{Day, Timestamp};
use crate::kernel::{Error, Result};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::certificates;

/// A certificate, as a letter tells of it.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its number.
    pub number: CertificateNumber,
    /// Of which course, as it was signed.
    pub course: Titles,
    /// The last day on which it is valid.
    pub valid_until: Option<Day>,
    /// It was taken back.
    pub revoked: bool,
    /// When it was issued.
    pub issued_at: Timestamp,
}

fn told(row: Certificate) -> Result<Told> {
    let content: serde_json::Value = serde_json::from_str(&row.content).map_err(Error::internal)?;
    let texts = content["course"].as_object().into_iter().flatten();
    let texts =
        texts.filter_map(|(lang, text)| Some((lang.parse::<Lang>().ok()?, text.as_str()?.to_owned())));
    Ok(Told {
        number: row.number,
        course: texts.fold(Titles::default(), |titles, (lang, text)| titles.and(lang, text)),
        valid_until: row.valid_until,
        revoked: row.revoked_at.is_some(),
        issued_at: row.issued_at,
    })
}

/// One certificate.
///
/// # Errors
/// When the database refuses.
pub fn one(tx: &mut Tx, id: CertificateId) -> Result<Option<Told>> {
    let row = certificates::table.select(Certificate::as_select()).filter(certificates::id.eq(id));
    row.first(tx.conn()).optional()?.map(told).transpose()
}

/// The certificate of a registration that expires one day: of several the last.
///
/// # Errors
/// When the database refuses.
pub fn ending_of(tx: &mut Tx, id: RegistrationId) -> Result<Option<Told>> {
    let row = certificates::table
        .select(Certificate::as_select())
        .filter(certificates::registration_id.eq(id))
        .filter(certificates::revoked_at.is_null())
        .order(certificates::id.desc());
    row.first(tx.conn()).optional()?.map(told).transpose()
}

/// Certificates in force that expire in a span, by their registrations, in the order of those.
///
/// # Errors
/// When the database refuses.
pub fn ending(
    tx: &mut Tx,
    (from, to): (Day, Day),
    after: Option<RegistrationId>,
    limit: i64,
) -> Result<Vec<(RegistrationId, Day, Timestamp)>> {
    let mut query = certificates::table
        .select((
            certificates::registration_id,
            certificates::valid_until.assume_not_null(),
            certificates::issued_at,
        ))
        .filter(certificates::revoked_at.is_null())
        .filter(certificates::valid_until.is_not_null())
        .filter(certificates::valid_until.between(from, to))
        .order(certificates::registration_id)
        .limit(limit)
        .into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(certificates::registration_id.gt(after));
    }
    Ok(query.load(tx.conn())?)
}
