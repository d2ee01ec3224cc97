//! Frameworks over HTTP: libraries in, trees and catalogs out.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{self, Bytes, Data};
use actix_web::{FromRequest, HttpRequest, delete, get, post};
use deserr::Deserr;
use utoipa::IntoParams;

use super::catalog::{CatalogDocument, written};
use super::edition::{Edition, VERSION};
use super::library::{self, Syntax};
use super::model::{
    Framework, FrameworkFilter, FrameworkNode, FrameworkView, LibraryDocument, LibraryReport, NodeFilter,
};
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::access::{EditFrameworks, ReadReference};
use crate::kernel::error::Code;
use crate::kernel::flag::Flag;
use crate::kernel::id::{FrameworkId, FrameworkNodeId};
use crate::kernel::page::Items;
use crate::kernel::parse::Faults;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::extract::{IMPORT_LIMIT, Keys, whole};
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Key, Once, Reply, Shown, etag};

/// How a library is to be brought in.
#[derive(Clone, Copy, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportOrder {
    /// Only tell what would happen. Default false.
    #[deserr(default)]
    #[param(inline)]
    pub dry_run: Option<Flag>,
}

/// A library as a client sent it: YAML or JSON by its `Content-Type`.
#[derive(Debug)]
pub struct LibraryFile {
    bytes: Bytes,
    syntax: Syntax,
    order: ImportOrder,
}

impl FromRequest for LibraryFile {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let order = Filter::<ImportOrder>::from_request(request, payload).into_inner();
        let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let syntax = given.and_then(Syntax::named);
        let bytes = whole(request, payload, IMPORT_LIMIT);
        Box::pin(async move {
            let order = order?.by;
            let syntax = syntax.ok_or_else(|| {
                let detail = format!("Send one of: {}.", Syntax::MEDIA_TYPES);
                Error::new(Code::UnsupportedMediaType, detail)
            })?;
            Ok(LibraryFile { bytes: bytes.await?, syntax, order })
        })
    }
}

/// List frameworks.
#[utoipa::path(tag = "frameworks", params(FrameworkFilter), responses((status = 200, body = Items<FrameworkView>)))]
#[get("/frameworks")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ReadReference>,
    filter: Filter<FrameworkFilter>,
) -> Result<Shown<FrameworkView>> {
    let Filter { by, page, bound } = filter;
    let permissions = actions::words(&permit);
    let found = db.read(move |tx| store::page(tx, &by, &page)).await?;
    Ok(Shown::new(found.map(|framework| view(framework, &permissions)), bound))
}

/// Bring in a library: an OSCAL catalog, a CISO Assistant library, or a framework, crosswalk or risk matrix of our own form.
/// All of it is entered or nothing; the same content twice does no harm.
#[utoipa::path(tag = "frameworks", params(ImportOrder),
    request_body(content((String = "application/yaml"), (LibraryDocument = "application/json"))),
    responses((status = 200, body = LibraryReport)))]
#[post("/frameworks/import")]
pub async fn import(once: Once, permit: Permit<EditFrameworks>, file: LibraryFile) -> Result<Answer> {
    let LibraryFile { bytes, syntax, order } = file;
    // Beside the request threads: a large file takes long to read.
    let read = web::block(move || library::read(&bytes, syntax)).await;
    let library = read.map_err(|e| Error::internal(e.to_string()))??;
    let rehearsal = order.dry_run.is_some_and(Flag::is_yes);
    once.run(permit, move |tx, permit| actions::import(tx, permit, &library, rehearsal).map(Reply::ok)).await
}

/// Show a framework.
#[utoipa::path(tag = "frameworks", params(("id" = FrameworkId, Path)), responses((status = 200, body = FrameworkView)))]
#[get("/frameworks/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ReadReference>,
    Key(id): Key<FrameworkId>,
) -> Result<Reply<FrameworkView>> {
    let framework = db.read(move |tx| Framework::find(tx, id)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::record(framework.version, view(framework, &actions::words(&permit))))
}

/// List the nodes of a framework, parents before children.
#[utoipa::path(tag = "frameworks", params(("id" = FrameworkId, Path), NodeFilter),
    responses((status = 200, body = Items<FrameworkNode>)))]
#[get("/frameworks/{id}/nodes")]
pub async fn nodes(
    db: Data<Db>,
    _permit: Permit<ReadReference>,
    Key(id): Key<FrameworkId>,
    filter: Filter<NodeFilter>,
) -> Result<Shown<FrameworkNode>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        Framework::find(tx, id)?.ok_or_else(Error::not_found)?;
        store::node_page(tx, id, &by, &page)
    });
    Ok(Shown::new(read.await?, bound))
}

/// Show a node of a framework.
#[utoipa::path(tag = "frameworks", params(("id" = FrameworkId, Path), ("node_id" = FrameworkNodeId, Path)),
    responses((status = 200, body = FrameworkNode)))]
#[get("/frameworks/{id}/nodes/{node_id}")]
pub async fn node(
    db: Data<Db>,
    _permit: Permit<ReadReference>,
    Keys(id, node): Keys<FrameworkId, FrameworkNodeId>,
) -> Result<Reply<FrameworkNode>> {
    let node = db.read(move |tx| store::find_node(tx, id, node)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::record(VERSION, node))
}

/// A framework as an OSCAL catalog (NIST, 1.2), in the caller's language where there is one.
#[utoipa::path(tag = "frameworks", params(("id" = FrameworkId, Path)),
    responses((status = 200, body = CatalogDocument)))]
#[get("/frameworks/{id}/catalog")]
pub async fn catalog(
    db: Data<Db>,
    _permit: Permit<ReadReference>,
    Key(id): Key<FrameworkId>,
    request: HttpRequest,
) -> Result<Reply<CatalogDocument>> {
    let lang = crate::platform::http::extract::speech(&request).lang();
    let read = db.read(move |tx| {
        let framework = Framework::find(tx, id)?.ok_or_else(Error::not_found)?;
        Ok(written(&framework, &store::all_nodes(tx, id)?, lang))
    });
    Ok(Reply::record(VERSION, read.await?))
}

/// Take away a framework that nobody uses; those that come with the service stay.
#[utoipa::path(tag = "frameworks", params(("id" = FrameworkId, Path)), responses((status = 204)))]
#[delete("/frameworks/{id}")]
pub async fn remove(
    db: Data<Db>,
    permit: Permit<EditFrameworks>,
    Key(id): Key<FrameworkId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let read = etag::if_match(&request)?;
    db.write(move |tx| actions::remove::<Framework>(tx, &permit, id, read)).await?;
    Ok(Reply::nothing())
}

fn view(framework: Framework, permissions: &[&'static str]) -> FrameworkView {
    FrameworkView { framework, permissions: permissions.to_vec() }
}
