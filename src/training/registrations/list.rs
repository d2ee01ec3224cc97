//! Lists of the registrations of a session: every page by key.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::draft::RegistrationFilter;
use super::model::Registration;
use super::reach::seen;
use super::store::joined;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{RegistrationId, TrainingSessionId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::sql::{Guid, Instant};
use crate::kernel::time::Timestamp;
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::keyset::row_gt;
use crate::platform::schema::{programs, registrations, training_sessions};

macro_rules! filtered {
    ($query:expr, $scope:expr, $session:expr, $by:expr) => {{
        let by: &RegistrationFilter = $by;
        let mut query = $query.filter(registrations::session_id.eq($session)).filter(seen($scope));
        if !by.status.is_empty() {
            query = query.filter(among(registrations::status, by.status.values()));
        }
        if !by.country.is_empty() {
            query = query.filter(among(registrations::country, by.country.values()));
        }
        if let Some(origin) = by.origin {
            query = query.filter(registrations::origin.eq(origin));
        }
        if let Some(flag) = by.reserve {
            query = query.filter(registrations::reserve.eq(i32::from(flag.is_yes())));
        }
        if let Some(since) = by.updated_since {
            query = query.filter(registrations::updated_at.ge(since));
        }
        query
    }};
}

/// A page of a session's registrations within reach, in order of their ids; with `updated_since` of their last change.
pub(in super::super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    session: TrainingSessionId,
    by: &RegistrationFilter,
    request: &PageRequest,
) -> Result<Page<Registration>> {
    use registrations as t;
    let query = joined!().select(Registration::as_select()).into_boxed::<MultiBackend>();
    let mut query = filtered!(query, scope, session, by).limit(request.fetch());
    let by_change = by.updated_since.is_some();
    if let Some(after) = &request.after {
        let (at, id) = (Timestamp(after.key.parse().unwrap_or_default()), RegistrationId(after.id));
        query = match by_change {
            true => {
                query.filter(row_gt(t::updated_at, t::id, at.into_sql::<Instant>(), id.into_sql::<Guid>()))
            }
            false => query.filter(t::id.gt(id)),
        };
    }
    query = match by_change {
        true => query.order((t::updated_at, t::id)),
        false => query.order(t::id),
    };
    let rows: Vec<Registration> = query.load(tx.conn())?;
    let mut page =
        Page::of(rows, request, |row| Position { key: row.updated_at.0.to_string(), id: row.id.0 });
    if request.count {
        let all = joined!().select(count_star()).into_boxed::<MultiBackend>();
        page.total = Some(filtered!(all, scope, session, by).first(tx.conn())?);
    }
    Ok(page)
}
