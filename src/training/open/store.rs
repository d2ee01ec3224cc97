//! Rows of links for registration.

use diesel::prelude::*;

use super::super::sessions::visible;
use super::model::RegistrationLink;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{RegistrationLinkId, TrainingSessionId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::{programs, registration_links, training_sessions};

/// Links that are not revoked, of sessions that are there.
macro_rules! joined {
    () => {
        registration_links::table
            .inner_join(training_sessions::table.on(training_sessions::id.eq(registration_links::session_id)))
            .inner_join(programs::table.on(programs::id.eq(training_sessions::program_id)))
            .filter(registration_links::revoked_at.is_null())
            .filter(training_sessions::deleted_at.is_null())
            .filter(programs::deleted_at.is_null())
    };
}

/// Adds a link.
pub(super) fn insert(tx: &mut Tx, link: &RegistrationLink) -> Result<()> {
    diesel::insert_into(registration_links::table).values(link).execute(tx.conn())?;
    Ok(())
}

/// A link of a session within reach.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: RegistrationLinkId) -> Result<Option<RegistrationLink>> {
    let found = joined!()
        .select(RegistrationLink::as_select())
        .filter(registration_links::id.eq(id))
        .filter(visible(scope))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// The links of a session, in order of their ids.
pub(super) fn page(
    tx: &mut Tx,
    session: TrainingSessionId,
    page: &PageRequest,
) -> Result<Page<RegistrationLink>> {
    let mut query = joined!()
        .select(RegistrationLink::as_select())
        .filter(registration_links::session_id.eq(session))
        .order(registration_links::id)
        .limit(page.fetch())
        .into_boxed::<MultiBackend>();
    if let Some(after) = page.after_id::<RegistrationLinkId>() {
        query = query.filter(registration_links::id.gt(after));
    }
    Ok(Page::of(query.load(tx.conn())?, page, |link| Position { key: String::new(), id: link.id.0 }))
}

/// Revokes a link of the version that was read.
pub(super) fn revoke(tx: &mut Tx, link: &RegistrationLink, by: UserId) -> Result<()> {
    use registration_links as t;
    let now = tx.now();
    let written = diesel::update(t::table)
        .filter(t::id.eq(link.id))
        .filter(t::version.eq(link.version))
        .set((
            t::revoked_at.eq(now),
            t::version.eq(link.version + 1),
            t::updated_at.eq(now),
            t::updated_by.eq(by),
        ))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}
