//! Changes of labels over HTTP.

use actix_web::web::Data;
use actix_web::{get, post};

use super::model::{LabelChangeRecord, LabelDraft, LabelFilter, LabelStep};
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::access::{DecideDisclosure, MoveDisclosure, ViewDisclosure};
use crate::kernel::id::LabelChangeId;
use crate::kernel::page::{Items, Page};
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown};

/// List changes of the labels of records that one sees in detail. Where one may be moved stands on the change itself.
#[utoipa::path(tag = "disclosure", params(LabelFilter), responses((status = 200, body = Items<LabelChangeRecord>)))]
#[get("/label-changes")]
pub async fn list_changes(
    db: Data<Db>,
    permit: Permit<ViewDisclosure>,
    filter: Filter<LabelFilter>,
) -> Result<Shown<LabelChangeRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        let Page { items, next, total } = store::page(tx, &permit.scope(), &by, &page)?;
        Ok(Page { items: actions::records(tx, items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Put another TLP label on a record of one's own country: a narrower one holds at once, a wider one waits for a second person.
#[utoipa::path(tag = "disclosure", request_body = LabelDraft, responses((status = 201, body = LabelChangeRecord)))]
#[post("/label-changes")]
pub async fn relabel(
    once: Once,
    permit: Permit<DecideDisclosure>,
    Json(draft): Json<LabelDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let whole = actions::relabel(tx, permit, &draft)?;
        let (id, version) = (whole.0.id, whole.0.version);
        Ok(Reply::created(format!("/label-changes/{id}"), version, actions::record(tx, permit, whole)?))
    })
    .await
}

/// Show a change of a label.
#[utoipa::path(tag = "disclosure", params(("id" = LabelChangeId, Path)),
    responses((status = 200, body = LabelChangeRecord)))]
#[get("/label-changes/{id}")]
pub async fn show_change(
    db: Data<Db>,
    permit: Permit<ViewDisclosure>,
    Key(id): Key<LabelChangeId>,
) -> Result<Reply<LabelChangeRecord>> {
    let read = db.read(move |tx| {
        let whole = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
        actions::record(tx, &permit, whole)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record))
}

/// Confirm or refuse a wider label as the second person, or withdraw one's own question.
#[utoipa::path(tag = "disclosure", params(("id" = LabelChangeId, Path)), request_body = LabelStep,
    responses((status = 200, body = LabelChangeRecord)))]
#[post("/label-changes/{id}/transitions")]
pub async fn decide(
    once: Once,
    permit: Permit<MoveDisclosure>,
    Key(id): Key<LabelChangeId>,
    Json(step): Json<LabelStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let whole = actions::step(tx, permit, id, &step)?;
        let version = whole.0.version;
        Ok(Reply::record(version, actions::record(tx, permit, whole)?))
    })
    .await
}
