//! The audit chain: every effect leaves a row whose hash covers the row before it.
//!
//! h(n) = SHA-256("v1" | h(n-1) | canonical JSON of the row). The rows of a transaction are written just before its
//! commit, under a lock on the chain's head, so the sequence has no gaps.

use diesel::prelude::*;
use serde::Serialize;

use super::connection::Claim;
use super::db::Tx;
use super::keys::{hex, sha256};
use super::schema::{audit_events, audit_head};
use crate::kernel::access::Actor;
use crate::kernel::id::{AuditEventId, Iso2, ProgramId, UserId};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::on_each;

/// One thing that happened, before it has a place in the chain.
#[derive(Clone, Debug)]
pub struct Entry {
    actor: UserId,
    via: String,
    action: &'static str,
    object_kind: &'static str,
    object_id: String,
    country: Option<Iso2>,
    program: Option<ProgramId>,
    outcome: &'static str,
    changes: String,
}

impl Entry {
    /// `actor` did `action` (for example `program.created`) to the object.
    pub fn new(actor: &impl Actor, action: &'static str, kind: &'static str, id: impl ToString) -> Self {
        Entry {
            actor: actor.user(),
            via: actor.via().to_owned(),
            action,
            object_kind: kind,
            object_id: id.to_string(),
            country: None,
            program: None,
            outcome: "done",
            changes: "{}".into(),
        }
    }

    /// The country it concerns; its officials may ask about it.
    #[must_use]
    pub fn country(mut self, country: Iso2) -> Self {
        self.country = Some(country);
        self
    }

    /// The program it concerns.
    #[must_use]
    pub fn program(mut self, program: ProgramId) -> Self {
        self.program = Some(program);
        self
    }

    /// It was refused.
    #[must_use]
    pub fn refused(mut self) -> Self {
        self.outcome = "refused";
        self
    }

    /// What is told of it besides: words that are no content, as the right by which somebody read.
    #[must_use]
    pub fn telling(mut self, words: &serde_json::Value) -> Self {
        self.changes = words.to_string();
        self
    }

    /// Names of the fields that changed and hashes of the record before and after; never the values.
    #[must_use]
    pub fn changed(mut self, before: &impl Serialize, after: &impl Serialize) -> Self {
        self.changes = changes(before, after);
        self
    }
}

fn changes(before: &impl Serialize, after: &impl Serialize) -> String {
    use crate::kernel::lang::{Speech, speaking};
    let value = |record: serde_json::Result<serde_json::Value>| record.unwrap_or_default();
    let old = value(speaking(Speech::All, || serde_json::to_value(before)));
    let new = value(speaking(Speech::All, || serde_json::to_value(after)));
    let empty = serde_json::Map::new();
    let (a, b) = (old.as_object().unwrap_or(&empty), new.as_object().unwrap_or(&empty));
    let mut fields: Vec<&String> =
        b.iter().filter(|(key, value)| a.get(*key) != Some(value)).map(|(k, _)| k).collect();
    fields.extend(a.keys().filter(|key| !b.contains_key(*key)));
    fields.sort();
    serde_json::json!({
        "after": hex(&sha256(new.to_string().as_bytes())),
        "before": hex(&sha256(old.to_string().as_bytes())),
        "fields": fields,
    })
    .to_string()
}

/// A row of the chain, as stored and as exported for `audit verify`.
#[derive(
    Clone, Debug, Serialize, serde::Deserialize, Queryable, Selectable, Insertable, utoipa::ToSchema,
)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
#[schema(as = AuditEvent)]
pub struct Row {
    /// Place in the chain, from 1 without gaps.
    pub seq: i64,
    /// The row's id.
    #[schema(value_type = String, format = "uuid")]
    pub id: AuditEventId,
    /// Microseconds since 1970-01-01 UTC.
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
    /// Who; the nil UUID is the house itself.
    #[schema(value_type = String, format = "uuid")]
    pub actor: UserId,
    /// Session, token or reason.
    pub via: String,
    /// What, for example `program.created`.
    pub action: String,
    /// Kind of the object.
    pub object_kind: String,
    /// The object.
    pub object_id: String,
    /// Country it concerns, ISO 3166-1 alpha-2.
    #[schema(value_type = Option<String>)]
    pub country: Option<Iso2>,
    /// Program it concerns.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub program_id: Option<ProgramId>,
    /// `done` or `refused`.
    pub outcome: String,
    /// JSON: changed field names with hashes before and after; or, of a reading, by which right and what.
    pub changes: String,
    /// Hash of this row and all before it, hexadecimal.
    pub hash: String,
}

/// What the hash covers, fields in canonical (alphabetical) order (RFC 8785).
#[derive(Serialize)]
struct Canonical<'a> {
    action: &'a str,
    actor: String,
    at: i64,
    changes: &'a str,
    country: Option<&'a str>,
    id: String,
    object_id: &'a str,
    object_kind: &'a str,
    outcome: &'a str,
    program_id: Option<String>,
    seq: i64,
    via: &'a str,
}

/// The hash of a row after the row with hash `previous` (hexadecimal; empty for the first).
pub fn hash(previous: &str, row: &Row) -> String {
    let canonical = Canonical {
        action: &row.action,
        actor: row.actor.to_string(),
        at: row.at.0,
        changes: &row.changes,
        country: row.country.as_ref().map(Iso2::as_str),
        id: row.id.to_string(),
        object_id: &row.object_id,
        object_kind: &row.object_kind,
        outcome: &row.outcome,
        program_id: row.program_id.map(|id| id.to_string()),
        seq: row.seq,
        via: &row.via,
    };
    let json = serde_json::to_string(&canonical).unwrap_or_default();
    hex(&sha256(format!("v1{previous}{json}").as_bytes()))
}

/// Notes what happened; it becomes part of the chain when the transaction commits, or not at all.
pub fn record(tx: &mut Tx, entry: Entry) {
    tx.note(entry);
}

/// Rows that one statement writes.
const TOGETHER: usize = 200;

/// Writes the entries of a transaction at the end of the chain.
pub(super) fn append(tx: &mut Tx, entries: Vec<Entry>) -> Result<()> {
    let (mut seq, mut previous): (i64, String) = audit_head::table
        .select((audit_head::seq, audit_head::hash))
        .filter(audit_head::id.eq(1))
        .lock_rows()
        .get_result(tx.conn())?;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        seq += 1;
        let mut row = Row {
            seq,
            id: tx.new_id(),
            at: tx.now(),
            actor: entry.actor,
            via: entry.via,
            action: entry.action.into(),
            object_kind: entry.object_kind.into(),
            object_id: entry.object_id,
            country: entry.country,
            program_id: entry.program,
            outcome: entry.outcome.into(),
            changes: entry.changes,
            hash: String::new(),
        };
        row.hash = hash(&previous, &row);
        previous.clone_from(&row.hash);
        rows.push(row);
    }
    for some in rows.chunks(TOGETHER) {
        on_each!(tx.conn(), c => diesel::insert_into(audit_events::table).values(some).execute(c))?;
    }
    let moved = diesel::update(audit_head::table.filter(audit_head::id.eq(1)))
        .set((audit_head::seq.eq(seq), audit_head::hash.eq(&previous)))
        .execute(tx.conn())?;
    if moved == 1 { Ok(()) } else { Err(Error::internal("the audit chain has no head")) }
}
