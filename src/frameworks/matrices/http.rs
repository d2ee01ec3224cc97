//! Risk matrices over HTTP; they come in by libraries.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get};

use super::super::actions;
use super::super::edition::Edition;
use super::model::{MatrixFilter, RiskMatrix, RiskMatrixView};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{EditFrameworks, ReadReference};
use crate::kernel::id::RiskMatrixId;
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::{Filter, Key, Reply, Shown, etag};

/// List risk matrices.
#[utoipa::path(tag = "risk-matrices", params(MatrixFilter), responses((status = 200, body = Items<RiskMatrixView>)))]
#[get("/risk-matrices")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ReadReference>,
    filter: Filter<MatrixFilter>,
) -> Result<Shown<RiskMatrixView>> {
    let Filter { by, page, bound } = filter;
    let permissions = actions::words(&permit);
    let found = db.read(move |tx| store::page(tx, &by, &page)).await?;
    Ok(Shown::new(found.map(|matrix| view(matrix, &permissions)), bound))
}

/// Show a risk matrix.
#[utoipa::path(tag = "risk-matrices", params(("id" = RiskMatrixId, Path)),
    responses((status = 200, body = RiskMatrixView)))]
#[get("/risk-matrices/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ReadReference>,
    Key(id): Key<RiskMatrixId>,
) -> Result<Reply<RiskMatrixView>> {
    let matrix = db.read(move |tx| RiskMatrix::find(tx, id)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::record(matrix.version, view(matrix, &actions::words(&permit))))
}

/// Take away a risk matrix that nobody uses; those that come with the service stay.
#[utoipa::path(tag = "risk-matrices", params(("id" = RiskMatrixId, Path)), responses((status = 204)))]
#[delete("/risk-matrices/{id}")]
pub async fn remove(
    db: Data<Db>,
    permit: Permit<EditFrameworks>,
    Key(id): Key<RiskMatrixId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let read = etag::if_match(&request)?;
    db.write(move |tx| actions::remove::<RiskMatrix>(tx, &permit, id, read)).await?;
    Ok(Reply::nothing())
}

fn view(matrix: RiskMatrix, permissions: &[&'static str]) -> RiskMatrixView {
    RiskMatrixView { matrix, permissions: permissions.to_vec() }
}
