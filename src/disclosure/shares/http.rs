//! Disclosures over HTTP.

use actix_web::web::Data;
use actix_web::{get, post};

use super::actions::{self, eyes, records};
use super::model::{ShareDraft, ShareFilter, ShareRecord, ShareStep};
use super::store::{self, Whole};
use crate::accounts::Permit;
use crate::kernel::access::{Action, AskDisclosure, MoveDisclosure, ViewDisclosure};
use crate::kernel::id::ShareGrantId;
use crate::kernel::page::{Items, Page};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown};

/// List disclosures: those of one's own country, those to oneself and one's teams, and those that one asked for.
#[utoipa::path(tag = "disclosure", params(ShareFilter), responses((status = 200, body = Items<ShareRecord>)))]
#[get("/share-grants")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewDisclosure>,
    filter: Filter<ShareFilter>,
) -> Result<Shown<ShareRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        let Page { items, next, total } = store::page(tx, &eyes(&permit), &by, &page)?;
        Ok(Page { items: records(tx, &permit, items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Ask the country to disclose a record to a person or a team; asked by its focal point, it is granted at once.
#[utoipa::path(tag = "disclosure", request_body = ShareDraft, responses((status = 201, body = ShareRecord)))]
#[post("/share-grants")]
pub async fn ask(once: Once, permit: Permit<AskDisclosure>, Json(draft): Json<ShareDraft>) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let whole = actions::ask(tx, permit, &draft)?;
        let (id, version) = (whole.0.id, whole.0.version);
        Ok(Reply::created(format!("/share-grants/{id}"), version, record(tx, permit, whole)?))
    })
    .await
}

/// Show a disclosure.
#[utoipa::path(tag = "disclosure", params(("id" = ShareGrantId, Path)), responses((status = 200, body = ShareRecord)))]
#[get("/share-grants/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewDisclosure>,
    Key(id): Key<ShareGrantId>,
) -> Result<Reply<ShareRecord>> {
    let read = db.read(move |tx| {
        let whole = store::find(tx, &eyes(&permit), id)?.ok_or_else(Error::not_found)?;
        record(tx, &permit, whole)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record))
}

/// Grant, decline or revoke a disclosure.
#[utoipa::path(tag = "disclosure", params(("id" = ShareGrantId, Path)), request_body = ShareStep,
    responses((status = 200, body = ShareRecord)))]
#[post("/share-grants/{id}/transitions")]
pub async fn transition(
    once: Once,
    permit: Permit<MoveDisclosure>,
    Key(id): Key<ShareGrantId>,
    Json(step): Json<ShareStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let whole = actions::step(tx, permit, id, &step)?;
        let version = whole.0.version;
        Ok(Reply::record(version, record(tx, permit, whole)?))
    })
    .await
}

fn record<A: Action>(tx: &mut Tx, permit: &Permit<A>, whole: Whole) -> Result<ShareRecord> {
    records(tx, permit, vec![whole])?.pop().ok_or_else(Error::not_found)
}
