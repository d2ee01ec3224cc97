//! What happened, written beside its cause; `notifications` turns it into letters later.

use diesel::prelude::*;
use serde::Serialize;

use super::db::Tx;
use super::schema::domain_events;
use crate::kernel::Result;
use crate::kernel::id::EventId;
use crate::kernel::lang::{Speech, speaking};
use crate::kernel::time::Timestamp;
use crate::on_each;

/// Something that happened in a slice and that others may want to know. Serialized as a JSON object.
pub trait Event: Serialize {
    /// Stable name, for example `milestone.moved`.
    const KIND: &'static str;
}

/// Writes the event in the transaction of its cause: if either fails, neither happened.
///
/// # Errors
/// When the database refuses.
pub fn enqueue<E: Event>(tx: &mut Tx, event: &E) -> Result<()> {
    let body =
        speaking(Speech::All, || serde_json::to_string(event)).map_err(crate::kernel::Error::internal)?;
    let (id, now) = (tx.new_id::<EventId>(), tx.now());
    diesel::insert_into(domain_events::table)
        .values((
            domain_events::id.eq(id),
            domain_events::kind.eq(E::KIND),
            domain_events::body.eq(body),
            domain_events::at.eq(now),
        ))
        .execute(tx.conn())?;
    tx.tell();
    Ok(())
}

/// Events that one statement writes.
const TOGETHER: usize = 200;

/// As [`enqueue`], for many.
///
/// # Errors
/// When the database refuses.
pub fn enqueue_all<E: Event>(tx: &mut Tx, events: &[E]) -> Result<()> {
    for some in events.chunks(TOGETHER) {
        let mut rows = Vec::with_capacity(some.len());
        for event in some {
            let body = speaking(Speech::All, || serde_json::to_string(event))
                .map_err(crate::kernel::Error::internal)?;
            let (id, now) = (tx.new_id::<EventId>(), tx.now());
            rows.push((
                domain_events::id.eq(id),
                domain_events::kind.eq(E::KIND),
                domain_events::body.eq(body),
                domain_events::at.eq(now),
            ));
        }
        on_each!(tx.conn(), c => diesel::insert_into(domain_events::table).values(&rows).execute(c))?;
        tx.tell();
    }
    Ok(())
}

/// Events that no letter was planned from yet.
///
/// # Errors
/// When the database refuses.
pub fn waiting(tx: &mut Tx) -> Result<i64> {
    Ok(domain_events::table.filter(domain_events::planned_at.is_null()).count().get_result(tx.conn())?)
}

/// Marks what happened before an instant as told already: no letters come of it.
///
/// # Errors
/// When the database refuses.
pub fn consider_told(tx: &mut Tx, before: Timestamp) -> Result<usize> {
    let waiting =
        domain_events::table.filter(domain_events::planned_at.is_null()).filter(domain_events::at.lt(before));
    let now = tx.now();
    Ok(diesel::update(waiting).set(domain_events::planned_at.eq(now)).execute(tx.conn())?)
}
