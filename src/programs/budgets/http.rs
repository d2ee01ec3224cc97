//! Routes of budget lines.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::model::{Budget, BudgetDraft, BudgetFilter, BudgetPatch};
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::access::{EditPrograms, ViewWholePrograms};
use crate::kernel::id::{BudgetId, ProgramId};
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};
use crate::programs;

/// List the budget lines of a program, by the start of their periods.
#[utoipa::path(
    tag = "budgets",
    params(("id" = ProgramId, Path, description = "The program"), BudgetFilter),
    responses((status = 200, body = Items<Budget>))
)]
#[get("/programs/{id}/budgets")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewWholePrograms>,
    Key(id): Key<ProgramId>,
    filter: Filter<BudgetFilter>,
) -> Result<Shown<Budget>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        permit.get(tx, |tx, scope| programs::find(tx, scope, id))?;
        store::list(tx, id, &by, &page)
    });
    Ok(Shown::new(read.await?.map(Budget::from), bound))
}

/// Show a budget line.
#[utoipa::path(
    tag = "budgets",
    params(
        ("id" = ProgramId, Path, description = "The program"),
        ("budget_id" = BudgetId, Path, description = "The line")
    ),
    responses((status = 200, body = Budget))
)]
#[get("/programs/{id}/budgets/{budget_id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewWholePrograms>,
    Keys(program, id): Keys<ProgramId, BudgetId>,
) -> Result<Reply<Budget>> {
    let read = db.read(move |tx| {
        permit.get(tx, |tx, scope| programs::find(tx, scope, program))?;
        store::find(tx, program, id)?.ok_or_else(Error::not_found)
    });
    let line = read.await?;
    Ok(Reply::record(line.version, line.into()))
}

/// Add a budget line to a program.
#[utoipa::path(
    tag = "budgets",
    params(("id" = ProgramId, Path, description = "The program")),
    request_body = BudgetDraft,
    responses((status = 201, body = Budget))
)]
#[post("/programs/{id}/budgets")]
pub async fn create(
    once: Once,
    permit: Permit<EditPrograms>,
    Key(program): Key<ProgramId>,
    Json(draft): Json<BudgetDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let line = actions::create(tx, permit, program, &draft)?;
        let place = format!("/programs/{program}/budgets/{}", line.id);
        Ok(Reply::created(place, line.version, Budget::from(line)))
    })
    .await
}

/// Change a budget line.
#[utoipa::path(
    tag = "budgets",
    params(
        ("id" = ProgramId, Path, description = "The program"),
        ("budget_id" = BudgetId, Path, description = "The line")
    ),
    request_body(content = BudgetPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Budget))
)]
#[patch("/programs/{id}/budgets/{budget_id}")]
pub async fn change(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditPrograms>,
    Keys(program, id): Keys<ProgramId, BudgetId>,
    Json(patch): Json<BudgetPatch>,
) -> Result<Reply<Budget>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| actions::change(tx, &permit, (program, id), version, patch.clone()));
    let line = write.await?;
    Ok(Reply::record(line.version, line.into()))
}

/// Remove a budget line.
#[utoipa::path(
    tag = "budgets",
    params(
        ("id" = ProgramId, Path, description = "The program"),
        ("budget_id" = BudgetId, Path, description = "The line")
    ),
    responses((status = 204, description = "It is removed."))
)]
#[delete("/programs/{id}/budgets/{budget_id}")]
pub async fn delete(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditPrograms>,
    Keys(program, id): Keys<ProgramId, BudgetId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| actions::delete(tx, &permit, (program, id), version)).await?;
    Ok(Reply::nothing())
}
