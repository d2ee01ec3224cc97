//! Rows of calendar feeds.

use diesel::prelude::*;

use super::model::Feed;
use crate::kernel::Result;
use crate::kernel::id::{FeedId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::calendar_feeds;

/// Adds a feed.
pub(super) fn insert(tx: &mut Tx, feed: &Feed) -> Result<()> {
    diesel::insert_into(calendar_feeds::table).values(feed).execute(tx.conn())?;
    Ok(())
}

/// A feed that is not revoked.
pub(super) fn find(tx: &mut Tx, id: FeedId) -> Result<Option<Feed>> {
    let found = calendar_feeds::table
        .select(Feed::as_select())
        .filter(calendar_feeds::id.eq(id))
        .filter(calendar_feeds::revoked_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// The feeds of a person that are not revoked.
pub(super) fn of_person(tx: &mut Tx, user: UserId, page: &PageRequest) -> Result<Page<Feed>> {
    let mut query = calendar_feeds::table
        .select(Feed::as_select())
        .filter(calendar_feeds::user_id.eq(user))
        .filter(calendar_feeds::revoked_at.is_null())
        .order(calendar_feeds::id)
        .limit(page.fetch())
        .into_boxed::<MultiBackend>();
    if let Some(after) = page.after_id::<FeedId>() {
        query = query.filter(calendar_feeds::id.gt(after));
    }
    Ok(Page::of(query.load(tx.conn())?, page, |feed| Position { key: String::new(), id: feed.id.0 }))
}

/// Revokes a person's own feed; false when there is none.
pub(super) fn revoke(tx: &mut Tx, user: UserId, id: FeedId) -> Result<bool> {
    let now = tx.now();
    let revoked = diesel::update(calendar_feeds::table)
        .filter(calendar_feeds::id.eq(id))
        .filter(calendar_feeds::user_id.eq(user))
        .filter(calendar_feeds::revoked_at.is_null())
        .set(calendar_feeds::revoked_at.eq(now))
        .execute(tx.conn())?;
    Ok(revoked == 1)
}
