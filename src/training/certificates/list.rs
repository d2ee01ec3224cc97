//! Lists of certificates: every page by key.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::super::registrations::seen;
use super::model::{Certificate, CertificateFilter, CertificateStatus};
use super::store::joined;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{CertificateId, ProgramId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::time::Day;
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::{certificates, programs, registrations, training_sessions};

macro_rules! filtered {
    ($query:expr, $scope:expr, $by:expr, $today:expr) => {{
        use certificates as t;
        let (by, today): (&CertificateFilter, Day) = ($by, $today);
        let mut query = $query.filter(seen($scope));
        if let Some(session) = by.session {
            query = query.filter(t::session_id.eq(session));
        }
        if let Some(registration) = by.registration {
            query = query.filter(t::registration_id.eq(registration));
        }
        if !by.country.is_empty() {
            query = query.filter(among(t::country, by.country.values()));
        }
        match by.status {
            None => query,
            Some(CertificateStatus::Revoked) => query.filter(t::revoked_at.is_not_null()),
            Some(CertificateStatus::Expired) => {
                query.filter(t::revoked_at.is_null()).filter(t::valid_until.lt(today))
            }
            Some(CertificateStatus::Issued) => query
                .filter(t::revoked_at.is_null())
                .filter(t::valid_until.is_null().or(t::valid_until.ge(today).assume_not_null())),
        }
    }};
}

/// A page of certificates within reach, each with its program, in order of their ids.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    by: &CertificateFilter,
    request: &PageRequest,
    today: Day,
) -> Result<Page<(Certificate, ProgramId)>> {
    let query = joined!()
        .select((Certificate::as_select(), training_sessions::program_id))
        .into_boxed::<MultiBackend>();
    let mut query = filtered!(query, scope, by, today).order(certificates::id).limit(request.fetch());
    if let Some(after) = request.after_id::<CertificateId>() {
        query = query.filter(certificates::id.gt(after));
    }
    let rows: Vec<(Certificate, ProgramId)> = query.load(tx.conn())?;
    let mut page = Page::of(rows, request, |(row, _)| Position { key: String::new(), id: row.id.0 });
    if request.count {
        let all = joined!().select(count_star()).into_boxed::<MultiBackend>();
        page.total = Some(filtered!(all, scope, by, today).first(tx.conn())?);
    }
    Ok(page)
}
