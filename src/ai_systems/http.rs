//! Routes of AI systems.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::model::{AiSystemDraft, AiSystemFilter, AiSystemLine, AiSystemPatch, AiSystemRecord};
use super::{actions, store, view};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Actor, CreateAiSystems, EditAiSystems, ViewAiSystems};
use crate::kernel::id::AiSystemId;
use crate::kernel::page::{Items, Page};
use crate::platform::db::{Db, Tx};
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

fn shown(tx: &mut Tx, seen: actions::Seen) -> Result<AiSystemRecord> {
    let (tlp, rights) = (seen.holding.tlp, seen.rights());
    view::record(tx, seen.system, tlp, rights)
}

/// List AI systems that are disclosed to the caller, at least as a summary.
#[utoipa::path(tag = "ai-systems", params(AiSystemFilter), responses((status = 200, body = Items<AiSystemLine>)))]
#[get("/ai-systems")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewAiSystems>,
    filter: Filter<AiSystemFilter>,
) -> Result<Shown<AiSystemLine>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        let Page { items, next, total } = store::page(tx, &permit.scope(), &by, permit.user(), &page)?;
        Ok(Page { items: view::lines(tx, items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Enter an AI system of a country. It is labelled TLP:AMBER+STRICT until the country decides otherwise.
#[utoipa::path(tag = "ai-systems", request_body = AiSystemDraft, responses((status = 201, body = AiSystemRecord)))]
#[post("/ai-systems")]
pub async fn enter(
    once: Once,
    permit: Permit<CreateAiSystems>,
    Json(draft): Json<AiSystemDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let system = actions::create(tx, permit, draft.clone())?;
        let seen = actions::seen(tx, permit, system.id)?;
        let (id, version) = (system.id, system.version);
        Ok(Reply::created(format!("/ai-systems/{id}"), version, shown(tx, seen)?).marked())
    })
    .await
}

/// Show an AI system to who sees all of it.
#[utoipa::path(tag = "ai-systems", params(("id" = AiSystemId, Path)), responses((status = 200, body = AiSystemRecord)))]
#[get("/ai-systems/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewAiSystems>,
    Key(id): Key<AiSystemId>,
) -> Result<Reply<AiSystemRecord>> {
    let read = db.write(move |tx| {
        let seen = actions::read(tx, &permit, id)?;
        shown(tx, seen)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record).marked())
}

/// Change an AI system.
#[utoipa::path(tag = "ai-systems", params(("id" = AiSystemId, Path)), request_body = AiSystemPatch,
    responses((status = 200, body = AiSystemRecord)))]
#[patch("/ai-systems/{id}")]
pub async fn edit(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditAiSystems>,
    Key(id): Key<AiSystemId>,
    Json(patch): Json<AiSystemPatch>,
) -> Result<Reply<AiSystemRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let seen = actions::edit(tx, &permit, id, version, patch.clone())?;
        shown(tx, seen)
    });
    let record = write.await?;
    Ok(Reply::record(record.version, record).marked())
}

/// Take an AI system away.
#[utoipa::path(tag = "ai-systems", params(("id" = AiSystemId, Path)), responses((status = 204)))]
#[delete("/ai-systems/{id}")]
pub async fn remove(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditAiSystems>,
    Key(id): Key<AiSystemId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| actions::delete(tx, &permit, id, version)).await?;
    Ok(Reply::nothing())
}
