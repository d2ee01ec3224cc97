//! The audit chain over HTTP.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, get};
use futures_util::stream;

use super::model::AuditFilter;
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Actor, Permission, Scope, ViewAudit, ViewWholeAudit};
use crate::kernel::page::Items;
use crate::platform::db::Db;
use crate::platform::http::{Filter, Shown};
use crate::platform::journal::Row;

/// List who did what, the latest first. An administrator sees their own acts, an auditor all.
#[utoipa::path(tag = "audit", params(AuditFilter), responses((status = 200, body = Items<Row>)))]
#[get("/audit-events")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewAudit>,
    filter: Filter<AuditFilter>,
) -> Result<Shown<Row>> {
    let Filter { by, page, bound } = filter;
    let whole = matches!(permit.scope_of(Permission::ViewWholeAudit), Scope::All);
    let only = (!whole).then(|| permit.user());
    let found = db.read(move |tx| store::list(tx, only, &by, &page)).await?;
    Ok(Shown::new(found, bound))
}

/// Export the whole chain with its signed checkpoints as NDJSON, oldest first; `cybercap audit verify` reads it.
#[utoipa::path(tag = "audit",
    responses((status = 200, body = String, content_type = "application/x-ndjson")))]
#[get("/audit-chain")]
pub async fn chain(db: Data<Db>, _permit: Permit<ViewWholeAudit>) -> Result<HttpResponse> {
    let parts = stream::try_unfold((db, 0), |(db, after)| async move {
        let part = db.read(move |tx| actions::export(tx, after)).await?;
        Ok::<_, crate::kernel::Error>(part.map(|(text, last)| (Bytes::from(text), (db, last))))
    });
    Ok(HttpResponse::Ok().content_type("application/x-ndjson").streaming(parts))
}
