//! The register of organizations over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::model::{
    Organization, OrganizationDraft, OrganizationEntry, OrganizationFilter, OrganizationGone,
    OrganizationPatch, OrganizationView,
};
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::access::{Action, EditOrganizations, Permission, ViewOrganizations};
use crate::kernel::id::OrganizationId;
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::idempotency::{Answer, Once};
use crate::platform::http::{Filter, Json, Key, Reply, Shown, etag};

/// What the caller may do with every organization: the register belongs to no country and no program.
fn words<A: Action>(permit: &Permit<A>) -> Vec<&'static str> {
    match permit.also::<EditOrganizations>().held() {
        Ok(()) => vec![Permission::EditOrganizations.word()],
        Err(_) => Vec::new(),
    }
}

fn entry(permissions: &[&'static str], organization: Organization) -> OrganizationEntry {
    match organization.deleted_at {
        Some(deleted_at) => OrganizationEntry::Gone(OrganizationGone { id: organization.id, deleted_at }),
        None => {
            OrganizationEntry::Listed(OrganizationView { organization, permissions: permissions.to_vec() })
        }
    }
}

/// List organizations.
#[utoipa::path(tag = "organizations", params(OrganizationFilter),
    responses((status = 200, body = Items<OrganizationEntry>)))]
#[get("/organizations")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewOrganizations>,
    filter: Filter<OrganizationFilter>,
) -> Result<Shown<OrganizationEntry>> {
    let Filter { by, page, bound } = filter;
    let words = words(&permit);
    let found = db.read(move |tx| store::list(tx, &by, &page)).await?;
    Ok(Shown::new(found.map(|row| entry(&words, row)), bound))
}

/// Register an organization.
#[utoipa::path(tag = "organizations", request_body = OrganizationDraft,
    responses((status = 201, body = OrganizationView)))]
#[post("/organizations")]
pub async fn register(
    permit: Permit<EditOrganizations>,
    once: Once,
    draft: Json<OrganizationDraft>,
) -> Result<Answer> {
    let draft = draft.0;
    once.run(permit, move |tx, permit| {
        let organization = actions::register(tx, permit, draft.clone())?;
        let (place, version) = (format!("/organizations/{}", organization.id), organization.version);
        Ok(Reply::created(place, version, OrganizationView { organization, permissions: words(permit) }))
    })
    .await
}

/// Show an organization.
#[utoipa::path(tag = "organizations", params(("id" = OrganizationId, Path)),
    responses((status = 200, body = OrganizationView)))]
#[get("/organizations/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewOrganizations>,
    id: Key<OrganizationId>,
) -> Result<Reply<OrganizationView>> {
    let organization = db.read(move |tx| store::find(tx, id.0)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::record(organization.version, OrganizationView { organization, permissions: words(&permit) }))
}

/// Change an organization.
#[utoipa::path(tag = "organizations", params(("id" = OrganizationId, Path)), request_body = OrganizationPatch,
    responses((status = 200, body = OrganizationView)))]
#[patch("/organizations/{id}")]
pub async fn revise(
    db: Data<Db>,
    permit: Permit<EditOrganizations>,
    id: Key<OrganizationId>,
    request: HttpRequest,
    changes: Json<OrganizationPatch>,
) -> Result<Reply<OrganizationView>> {
    let (read, changes, permissions) = (etag::if_match(&request)?, changes.0, words(&permit));
    let write = db.write(move |tx| actions::revise(tx, &permit, id.0, read, changes.clone()));
    let organization = write.await?;
    Ok(Reply::record(organization.version, OrganizationView { organization, permissions }))
}

/// Take an organization from the register.
#[utoipa::path(tag = "organizations", params(("id" = OrganizationId, Path)), responses((status = 204)))]
#[delete("/organizations/{id}")]
pub async fn remove(
    db: Data<Db>,
    permit: Permit<EditOrganizations>,
    id: Key<OrganizationId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let read = etag::if_match(&request)?;
    db.write(move |tx| actions::remove(tx, &permit, id.0, read)).await?;
    Ok(Reply::nothing())
}
