//! What a caller sees of certificates, and what they may do with each.

use super::model::{Certificate, CertificateRecord, CertificateStatus};
use crate::accounts::Permit;
use crate::kernel::access::{Action, Permission, Role};
use crate::kernel::id::ProgramId;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::programs::{Eyes, roles_in};

/// Where a certificate is checked, below the address of the house.
pub(super) fn url(base_url: &str, certificate: &Certificate) -> String {
    format!("{base_url}/certificates/{}", certificate.number)
}

/// The caller's reach over certificates.
pub(super) fn eyes<A: Action>(permit: &Permit<A>) -> Eyes {
    Eyes::of(permit, Permission::ViewCertificates)
}

/// Certificates as the caller sees them: one query more, however many.
pub(super) fn records(
    tx: &mut Tx,
    eyes: &Eyes,
    base_url: &str,
    rows: Vec<(Certificate, ProgramId)>,
) -> Result<Vec<CertificateRecord>> {
    let mut programs: Vec<ProgramId> = rows.iter().map(|(_, program)| *program).collect();
    programs.sort();
    programs.dedup();
    let held = if programs.is_empty() { Vec::new() } else { roles_in(tx, eyes.user(), &programs)? };
    let today = Day(tx.now().utc().date_naive());
    let record = |(row, program): (Certificate, ProgramId)| {
        let here = held.iter().filter(|(known, _)| *known == program);
        let roles: Vec<Role> = here.map(|(_, role)| *role).collect();
        record(eyes, &roles, base_url, today, row)
    };
    Ok(rows.into_iter().map(record).collect())
}

/// One certificate as the caller sees it.
pub(super) fn one(
    tx: &mut Tx,
    eyes: &Eyes,
    base_url: &str,
    row: Certificate,
    program: ProgramId,
) -> Result<CertificateRecord> {
    let id = row.id;
    let mut seen = records(tx, eyes, base_url, vec![(row, program)])?;
    seen.pop().ok_or_else(|| Error::internal(format!("certificate {id} has no record")))
}

fn record(eyes: &Eyes, roles: &[Role], base_url: &str, today: Day, c: Certificate) -> CertificateRecord {
    let held: Vec<Permission> = eyes.held(std::slice::from_ref(&c.country), roles).collect();
    let revocable = c.revoked_at.is_none() && held.contains(&Permission::RevokeCertificates);
    CertificateRecord {
        url: url(base_url, &c),
        status: c.status(today),
        permissions: held.into_iter().map(Permission::word).collect(),
        allowed_transitions: if revocable { vec![CertificateStatus::Revoked] } else { Vec::new() },
        id: c.id,
        number: c.number,
        session_id: c.session_id,
        registration_id: c.registration_id,
        name: c.name,
        country: c.country,
        valid_until: c.valid_until,
        issued_at: c.issued_at,
        revoked_at: c.revoked_at,
        reason: c.reason,
        updated_at: c.updated_at,
        version: c.version,
    }
}
