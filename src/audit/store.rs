//! Reading the rows of the chain and its checkpoints.

use diesel::prelude::*;

use super::model::{AuditFilter, Checkpoint};
use crate::kernel::Result;
use crate::kernel::id::UserId;
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::platform::connection::{IntoPortable, MultiBackend};
use crate::platform::db::Tx;
use crate::platform::journal::Row;
use crate::platform::literal::{Literal, literal};
use crate::platform::schema::{audit_checkpoints, audit_events, audit_head};

macro_rules! filtered {
    ($query:expr, $only:expr, $filter:expr) => {{
        let (mut query, filter) = ($query, $filter);
        if let Some(actor) = $only {
            query = query.filter(audit_events::actor.eq(actor));
        }
        if let Some(actor) = filter.actor {
            query = query.filter(audit_events::actor.eq(actor));
        }
        if let Some(object) = &filter.object_id {
            query = query.filter(audit_events::object_id.eq(object.to_string()));
        }
        if let Some(country) = filter.country {
            query = query.filter(audit_events::country.eq(country));
        }
        if let Some(action) = &filter.action {
            query = query.filter(audit_events::action.eq(action.to_string()));
        }
        if let Some(since) = filter.since {
            query = query.filter(audit_events::at.ge(since));
        }
        if let Some(until) = filter.until {
            query = query.filter(audit_events::at.lt(until));
        }
        query
    }};
}

/// Events, the latest first; of one person alone when `only` names them.
pub(super) fn list(
    tx: &mut Tx,
    only: Option<UserId>,
    filter: &AuditFilter,
    page: &PageRequest,
) -> Result<Page<Row>> {
    let query = audit_events::table.select(Row::as_select()).into_boxed::<MultiBackend>();
    let mut query = filtered!(query, only, filter).order(audit_events::seq.desc()).limit(page.fetch());
    if let Some(after) = &page.after {
        query = query.filter(audit_events::seq.lt(after.key.parse::<i64>().unwrap_or_default()));
    }
    let rows: Vec<Row> = query.load(tx.conn())?;
    let mut found = Page::of(rows, page, |row| Position { key: row.seq.to_string(), id: row.id.0 });
    if page.count {
        let all = audit_events::table.select(audit_events::seq).into_boxed::<MultiBackend>();
        let places: Vec<i64> = filtered!(all, only, filter).limit(COUNT_CAP + 1).load(tx.conn())?;
        found.total = Some(places.len() as i64);
    }
    Ok(found)
}

/// In the words of the index `audit_events_readings`.
const READINGS: Literal = literal("audit_events.action = 'holding.read'");

/// Readings of what countries own, the latest first; the filter names the country.
///
/// # Errors
/// When the database refuses.
pub fn readings(tx: &mut Tx, filter: &AuditFilter, page: &PageRequest) -> Result<Page<Row>> {
    let query = audit_events::table.select(Row::as_select()).filter(READINGS).into_boxed::<MultiBackend>();
    let mut query =
        filtered!(query, None::<UserId>, filter).order(audit_events::seq.desc()).limit(page.fetch());
    if let Some(after) = &page.after {
        query = query.filter(audit_events::seq.lt(after.key.parse::<i64>().unwrap_or_default()));
    }
    let rows: Vec<Row> = query.load(tx.conn())?;
    let mut found = Page::of(rows, page, |row| Position { key: row.seq.to_string(), id: row.id.0 });
    if page.count {
        let all = audit_events::table.select(audit_events::seq).filter(READINGS).into_boxed::<MultiBackend>();
        let places: Vec<i64> = filtered!(all, None::<UserId>, filter).limit(COUNT_CAP + 1).load(tx.conn())?;
        found.total = Some(places.len() as i64);
    }
    Ok(found)
}

/// A row with its country as it is stored: the type of a country is more lenient than the chain.
pub(super) type Stored = (Row, Option<String>);

/// Rows after a place in the chain, in order.
pub(super) fn rows_after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Stored>> {
    let rows = audit_events::table
        .select((Row::as_select(), audit_events::country))
        .filter(audit_events::seq.gt(seq))
        .order(audit_events::seq)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}

/// Checkpoints of rows after `seq` up to `until`, in order.
pub(super) fn checkpoints_between(tx: &mut Tx, seq: i64, until: i64) -> Result<Vec<Checkpoint>> {
    let rows = audit_checkpoints::table
        .select(Checkpoint::as_select())
        .filter(audit_checkpoints::seq.gt(seq))
        .filter(audit_checkpoints::seq.le(until))
        .order(audit_checkpoints::seq)
        .load(tx.conn())?;
    Ok(rows)
}

/// The latest checkpoint.
pub(super) fn last_checkpoint(tx: &mut Tx) -> Result<Option<Checkpoint>> {
    let row = audit_checkpoints::table
        .select(Checkpoint::as_select())
        .order(audit_checkpoints::seq.desc())
        .first(tx.conn())
        .optional()?;
    Ok(row)
}

/// Keeps a checkpoint; of two workers that sign the same head the first is kept.
pub(super) fn insert_checkpoint(tx: &mut Tx, checkpoint: &Checkpoint) -> Result<()> {
    diesel::insert_into(audit_checkpoints::table)
        .values(checkpoint)
        .on_conflict_do_nothing()
        .portable()
        .execute(tx.conn())?;
    Ok(())
}

/// The end of the chain: rows, and the hash of the last.
pub(super) fn head(tx: &mut Tx) -> Result<(i64, String)> {
    let head = audit_head::table
        .select((audit_head::seq, audit_head::hash))
        .filter(audit_head::id.eq(1))
        .first(tx.conn())?;
    Ok(head)
}
