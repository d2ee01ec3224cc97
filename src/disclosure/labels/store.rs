//! Rows of changes of labels.

use diesel::prelude::*;

use super::super::model::{Depth, Holding};
use super::super::reach::{disclosed, singly_disclosed};
use super::model::{LabelChange, LabelFilter};
use crate::kernel::access::Scope;
use crate::kernel::id::LabelChangeId;
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::{Error, Result};
use crate::platform::connection::MultiBackend;
use crate::platform::db::{Constraint, Tx};
use crate::platform::http::etag;
use crate::platform::schema::{holdings, label_changes};

/// A change and the record whose label it is.
pub(super) type Whole = (LabelChange, Holding);

macro_rules! whole {
    () => {
        label_changes::table.inner_join(holdings::table.on(holdings::id.eq(label_changes::holding_id)))
    };
}

/// A change of a record that the caller sees in detail.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: LabelChangeId) -> Result<Option<Whole>> {
    let found = whole!()
        .select((LabelChange::as_select(), Holding::as_select()))
        .filter(label_changes::id.eq(id))
        .filter(singly_disclosed(label_changes::holding_id, scope, Depth::Detail))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// A page of changes, as they were asked for.
pub(super) fn page(tx: &mut Tx, scope: &Scope, by: &LabelFilter, page: &PageRequest) -> Result<Page<Whole>> {
    let filtered = || {
        let mut query = whole!()
            .filter(disclosed(label_changes::holding_id, scope, Depth::Detail))
            .into_boxed::<MultiBackend>();
        if let Some(holding) = by.holding {
            query = query.filter(label_changes::holding_id.eq(holding));
        }
        if let Some(status) = by.status {
            query = query.filter(label_changes::status.eq(status));
        }
        query
    };
    let mut query = filtered()
        .select((LabelChange::as_select(), Holding::as_select()))
        .order(label_changes::id)
        .limit(page.fetch());
    if let Some(after) = page.after_id::<LabelChangeId>() {
        query = query.filter(label_changes::id.gt(after));
    }
    let rows: Vec<Whole> = query.load(tx.conn())?;
    let mut found = Page::of(rows, page, |(change, _)| Position { key: String::new(), id: change.id.0 });
    if page.count {
        found.total = Some(filtered().count().get_result(tx.conn())?);
    }
    Ok(found)
}

/// Adds a change; a record has one open question at a time.
pub(super) fn insert(tx: &mut Tx, change: &LabelChange) -> Result<()> {
    let waiting = || {
        Error::conflict("A wider label was asked for already; that question is answered or taken back first.")
    };
    diesel::insert_into(label_changes::table).values(change).execute(tx.conn()).on_unique(waiting)?;
    Ok(())
}

/// Writes a step over the version that was read.
pub(super) fn update(tx: &mut Tx, change: &mut LabelChange) -> Result<()> {
    let read = change.version;
    (change.version, change.updated_at) = (read + 1, tx.now());
    let written = diesel::update(label_changes::table)
        .filter(label_changes::id.eq(change.id))
        .filter(label_changes::version.eq(read))
        .set((
            label_changes::status.eq(change.status),
            label_changes::decided_by.eq(change.decided_by),
            label_changes::decided_at.eq(change.decided_at),
            label_changes::version.eq(change.version),
            label_changes::updated_at.eq(change.updated_at),
        ))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}
