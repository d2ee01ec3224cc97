//! Routes of risk registers.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::model::{
    RegisterDraft, RegisterFilter, RegisterLine, RegisterPatch, RegisterRecord, RegisterStep,
};
use super::{actions, store, view};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Actor, CreateRisks, EditRisks, MoveRisks, ViewRisks};
use crate::kernel::id::RiskRegisterId;
use crate::kernel::page::{Items, Page};
use crate::platform::db::Db;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

/// List risk registers that are disclosed to the caller, at least as a summary.
#[utoipa::path(tag = "risks", params(RegisterFilter), responses((status = 200, body = Items<RegisterLine>)))]
#[get("/risk-registers")]
pub async fn list_register(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    filter: Filter<RegisterFilter>,
) -> Result<Shown<RegisterLine>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        let Page { items, next, total } = store::page(tx, &permit.scope(), &by, &page)?;
        Ok(Page { items: view::lines(tx, items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Open a risk register of a country. It is labelled TLP:AMBER+STRICT until the country decides otherwise.
#[utoipa::path(tag = "risks", request_body = RegisterDraft, responses((status = 201, body = RegisterRecord)))]
#[post("/risk-registers")]
pub async fn open_register(
    once: Once,
    permit: Permit<CreateRisks>,
    Json(draft): Json<RegisterDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let register = actions::open(tx, permit, draft.clone())?;
        let seen = actions::seen(tx, permit, register.id)?;
        let record = view::record(tx, permit.user(), seen)?;
        Ok(Reply::created(format!("/risk-registers/{}", record.id), record.version, record).marked())
    })
    .await
}

/// Show a risk register to who sees all of it.
#[utoipa::path(tag = "risks", params(("id" = RiskRegisterId, Path)), responses((status = 200, body = RegisterRecord)))]
#[get("/risk-registers/{id}")]
pub async fn show_register(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    Key(id): Key<RiskRegisterId>,
) -> Result<Reply<RegisterRecord>> {
    let read = db.write(move |tx| {
        let seen = actions::read(tx, &permit, id, "risk_register")?;
        view::record(tx, permit.user(), seen)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record).marked())
}

/// Change a risk register, or name who writes in it and who validates it.
#[utoipa::path(tag = "risks", params(("id" = RiskRegisterId, Path)), request_body = RegisterPatch,
    responses((status = 200, body = RegisterRecord)))]
#[patch("/risk-registers/{id}")]
pub async fn edit_register(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditRisks>,
    Key(id): Key<RiskRegisterId>,
    Json(patch): Json<RegisterPatch>,
) -> Result<Reply<RegisterRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let seen = actions::edit(tx, &permit, id, version, patch.clone())?;
        view::record(tx, permit.user(), seen)
    });
    let record = write.await?;
    Ok(Reply::record(record.version, record).marked())
}

/// Take a risk register away that was not validated.
#[utoipa::path(tag = "risks", params(("id" = RiskRegisterId, Path)), responses((status = 204)))]
#[delete("/risk-registers/{id}")]
pub async fn remove_register(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditRisks>,
    Key(id): Key<RiskRegisterId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| actions::delete(tx, &permit, id, version)).await?;
    Ok(Reply::nothing())
}

/// Begin, hand in, validate, hand back, publish or supersede a risk register.
#[utoipa::path(tag = "risks", params(("id" = RiskRegisterId, Path)), request_body = RegisterStep,
    responses((status = 200, body = RegisterRecord)))]
#[post("/risk-registers/{id}/transitions")]
pub async fn step_register(
    once: Once,
    permit: Permit<MoveRisks>,
    Key(id): Key<RiskRegisterId>,
    Json(step): Json<RegisterStep>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let seen = actions::step(tx, permit, id, &step)?;
        let record = view::record(tx, permit.user(), seen)?;
        Ok(Reply::record(record.version, record).marked())
    })
    .await
}
