//! Crosswalks over HTTP; they come in by libraries.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get};

use super::super::actions;
use super::super::edition::Edition;
use super::model::{Crosswalk, CrosswalkFilter, CrosswalkView, Mapping, MappingFilter};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{EditFrameworks, ReadReference};
use crate::kernel::id::CrosswalkId;
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::{Filter, Key, Reply, Shown, etag};

/// List crosswalks between frameworks.
#[utoipa::path(tag = "crosswalks", params(CrosswalkFilter), responses((status = 200, body = Items<CrosswalkView>)))]
#[get("/crosswalks")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ReadReference>,
    filter: Filter<CrosswalkFilter>,
) -> Result<Shown<CrosswalkView>> {
    let Filter { by, page, bound } = filter;
    let permissions = actions::words(&permit);
    let found = db.read(move |tx| store::page(tx, &by, &page)).await?;
    Ok(Shown::new(found.map(|crosswalk| view(crosswalk, &permissions)), bound))
}

/// Show a crosswalk.
#[utoipa::path(tag = "crosswalks", params(("id" = CrosswalkId, Path)),
    responses((status = 200, body = CrosswalkView)))]
#[get("/crosswalks/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ReadReference>,
    Key(id): Key<CrosswalkId>,
) -> Result<Reply<CrosswalkView>> {
    let crosswalk = db.read(move |tx| Crosswalk::find(tx, id)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::record(crosswalk.version, view(crosswalk, &actions::words(&permit))))
}

/// List the lines of a crosswalk, in its order.
#[utoipa::path(tag = "crosswalks", params(("id" = CrosswalkId, Path), MappingFilter),
    responses((status = 200, body = Items<Mapping>)))]
#[get("/crosswalks/{id}/mappings")]
pub async fn mappings(
    db: Data<Db>,
    _permit: Permit<ReadReference>,
    Key(id): Key<CrosswalkId>,
    filter: Filter<MappingFilter>,
) -> Result<Shown<Mapping>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        Crosswalk::find(tx, id)?.ok_or_else(Error::not_found)?;
        store::mappings(tx, id, &by, &page)
    });
    Ok(Shown::new(read.await?, bound))
}

/// Take away a crosswalk; those that come with the service stay.
#[utoipa::path(tag = "crosswalks", params(("id" = CrosswalkId, Path)), responses((status = 204)))]
#[delete("/crosswalks/{id}")]
pub async fn remove(
    db: Data<Db>,
    permit: Permit<EditFrameworks>,
    Key(id): Key<CrosswalkId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let read = etag::if_match(&request)?;
    db.write(move |tx| actions::remove::<Crosswalk>(tx, &permit, id, read)).await?;
    Ok(Reply::nothing())
}

fn view(crosswalk: Crosswalk, permissions: &[&'static str]) -> CrosswalkView {
    CrosswalkView { crosswalk, permissions: permissions.to_vec() }
}
