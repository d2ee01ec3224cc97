//! Who read what a country owns: written before the answer is sent, told to the country.

use actix_web::get;
use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::label::Tlp;
use super::model::{Holding, HoldingKind};
use super::relation::Relation;
use crate::accounts::{Permit, Somebody, people};
use crate::audit::{self, AuditFilter};
use crate::kernel::Result;
use crate::kernel::access::{Action, ViewAccessLog};
use crate::kernel::id::{AuditEventId, HoldingId, Iso2, UserId};
use crate::kernel::page::Items;
use crate::kernel::parse::{Faults, FromText};
use crate::kernel::text::Label;
use crate::kernel::time::Timestamp;
use crate::platform::db::{Db, Tx};
use crate::platform::http::{Filter, Key, Shown};
use crate::platform::journal::{self, Entry, Row};

/// Lets the holder of a permit read the content of a holding, and notes it when its label asks for that: in the audit chain,
/// in the transaction that reads, so that no answer leaves without it.
///
/// # Errors
/// 404 or 403 when the caller sees nothing or only the summary.
pub fn read_of<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    holding: &Holding,
    relation: &Relation,
    what: &'static str,
) -> Result<()> {
    relation.in_detail()?;
    note(tx, permit, holding, relation, what);
    Ok(())
}

/// Notes a reading that another rule allowed: of the one section that is assigned to the caller.
pub fn note<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    holding: &Holding,
    by: &Relation,
    what: &'static str,
) {
    if !holding.tlp.is_noted() || permit.standing().is_none() {
        return;
    }
    let told = serde_json::json!({ "right": by.right(), "tlp": holding.tlp.as_str(), "what": what });
    let entry = Entry::new(permit, "holding.read", holding.kind.as_str(), holding.id);
    journal::record(tx, entry.country(holding.country).telling(&told));
}

/// One reading of what a country owns.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reading {
    /// The row of the audit chain.
    #[schema(value_type = String, format = "uuid")]
    pub id: AuditEventId,
    /// When.
    pub at: Timestamp,
    /// Who read.
    pub reader: Option<Somebody>,
    /// By which right: an office (`focal_point`, `observer`), a part on the record (`author`, `facilitator`, `reviewer`,
    /// `contributor`, `owner`, `reader`) or a `share_grant`.
    pub right: String,
    /// What was read: `score`, `answers`, `heat_map` ...
    pub what: String,
    /// What kind of record.
    pub kind: Option<HoldingKind>,
    /// Which record.
    pub holding_id: Option<HoldingId>,
    /// Its label at that moment.
    pub tlp: Option<Tlp>,
    /// The session or API token by which it was read.
    pub via: String,
}

/// Which readings are wanted; the latest come first.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReadingFilter {
    /// By this person.
    #[deserr(default)]
    #[param(inline)]
    pub reader: Option<UserId>,
    /// Of this record.
    #[deserr(default)]
    #[param(inline)]
    pub holding: Option<HoldingId>,
    /// At this instant or later.
    #[deserr(default)]
    #[param(inline)]
    pub since: Option<Timestamp>,
    /// Before this instant.
    #[deserr(default)]
    #[param(inline)]
    pub until: Option<Timestamp>,
}

impl ReadingFilter {
    fn of(&self, country: Iso2) -> AuditFilter {
        AuditFilter {
            actor: self.reader,
            object_id: self.holding.and_then(|id| Label::from_text(&id.to_string()).ok()),
            country: Some(country),
            action: None,
            since: self.since,
            until: self.until,
        }
    }
}

/// List who read what the country owns, when, and by which right, the latest first. Read from the audit chain, where
/// nothing is changed or taken away.
#[utoipa::path(tag = "disclosure", params(("iso2" = Iso2, Path), ReadingFilter),
    responses((status = 200, body = Items<Reading>)))]
#[get("/partners/{iso2}/access-log")]
pub async fn access_log(
    db: Data<Db>,
    permit: Permit<ViewAccessLog>,
    Key(country): Key<Iso2>,
    filter: Filter<ReadingFilter>,
) -> Result<Shown<Reading>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        permit.covers(country)?;
        let rows = audit::readings(tx, &by.of(country), &page)?;
        let readers: Vec<UserId> = rows.items.iter().map(|row| row.actor).collect();
        let readers = people(tx, &readers)?;
        Ok(rows.map(|row| told(row, &readers)))
    });
    Ok(Shown::new(read.await?, bound))
}

fn told(row: Row, readers: &std::collections::HashMap<UserId, Somebody>) -> Reading {
    let said: Value = serde_json::from_str(&row.changes).unwrap_or_default();
    let word = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    Reading {
        id: row.id,
        at: row.at,
        reader: readers.get(&row.actor).cloned(),
        right: word("right"),
        what: word("what"),
        kind: row.object_kind.parse().ok(),
        holding_id: HoldingId::from_text(&row.object_id).ok(),
        tlp: word("tlp").parse().ok(),
        via: row.via,
    }
}
