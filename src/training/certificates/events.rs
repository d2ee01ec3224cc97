//! What happened to certificates, for those who write letters about it.

use serde::Serialize;

use super::model::{Certificate, CertificateStatus};
use crate::kernel::id::{CertificateId, Iso2, RegistrationId, TrainingSessionId, UserId};
use crate::platform::outbox::Event;

/// A certificate was issued.
#[derive(Debug, Serialize)]
pub(super) struct CertificateIssued {
    pub certificate_id: CertificateId,
    pub registration_id: RegistrationId,
    pub session_id: TrainingSessionId,
    pub country: Iso2,
    pub by: UserId,
    /// The step: `issued` or `revoked`.
    pub to: CertificateStatus,
}

impl CertificateIssued {
    pub(super) fn of(certificate: &Certificate) -> Self {
        CertificateIssued {
            certificate_id: certificate.id,
            registration_id: certificate.registration_id,
            session_id: certificate.session_id,
            country: certificate.country,
            by: certificate.issued_by,
            to: CertificateStatus::Issued,
        }
    }
}

impl Event for CertificateIssued {
    const KIND: &'static str = "certificate.issued";
}

/// A certificate was revoked.
#[derive(Debug, Serialize)]
pub(super) struct CertificateRevoked {
    pub certificate_id: CertificateId,
    pub registration_id: RegistrationId,
    pub session_id: TrainingSessionId,
    pub country: Iso2,
    pub by: UserId,
    /// The step: `issued` or `revoked`.
    pub to: CertificateStatus,
}

impl CertificateRevoked {
    pub(super) fn of(certificate: &Certificate, by: UserId) -> Self {
        CertificateRevoked {
            certificate_id: certificate.id,
            registration_id: certificate.registration_id,
            session_id: certificate.session_id,
            country: certificate.country,
            by,
            to: CertificateStatus::Revoked,
        }
    }
}

impl Event for CertificateRevoked {
    const KIND: &'static str = "certificate.revoked";
}
