//! Links for registration over HTTP, for those who enter people.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, post};

use super::super::sessions;
use super::model::{Nothing, RegistrationLink, RegistrationLinkDraft, RegistrationLinkRecord};
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::EnterRegistrations;
use crate::kernel::id::{RegistrationLinkId, TrainingSessionId};
use crate::kernel::page::Items;
use crate::platform::db::Db;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};
use crate::platform::keys::{self, Master};
use crate::platform::token::Tokens;

fn record(master: &Master, base_url: &str, link: RegistrationLink) -> RegistrationLinkRecord {
    RegistrationLinkRecord {
        url: format!("{base_url}/register#{}", keys::registration_link_token(master, link.id)),
        id: link.id,
        session_id: link.session_id,
        country: link.country,
        label: link.label,
        expires_on: link.expires_on,
        created_at: link.created_at,
        updated_at: link.updated_at,
        version: link.version,
    }
}

/// List the links by which people register themselves for a session; revoked ones are gone.
#[utoipa::path(
    tag = "registration-links",
    params(("id" = TrainingSessionId, Path, description = "The session"), Nothing),
    responses((status = 200, body = Items<RegistrationLinkRecord>))
)]
#[get("/training-sessions/{id}/registration-links")]
pub async fn of_session(
    db: Data<Db>,
    permit: Permit<EnterRegistrations>,
    master: Data<Master>,
    tokens: Data<Tokens>,
    Key(session): Key<TrainingSessionId>,
    filter: Filter<Nothing>,
) -> Result<Shown<RegistrationLinkRecord>> {
    let Filter { by: _, page, bound } = filter;
    let read = db.read(move |tx| {
        permit.get(tx, |tx, scope| sessions::find(tx, scope, session))?;
        store::page(tx, session, &page)
    });
    let shown = read.await?.map(|link| record(&master, tokens.issuer(), link));
    Ok(Shown::new(shown, bound))
}

/// Make a link by which people register themselves: for every invited country or one, until a day or as long as
/// registration is open.
#[utoipa::path(
    tag = "registration-links",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    request_body = RegistrationLinkDraft,
    responses((status = 201, body = RegistrationLinkRecord))
)]
#[post("/training-sessions/{id}/registration-links")]
pub async fn make(
    once: Once,
    permit: Permit<EnterRegistrations>,
    master: Data<Master>,
    tokens: Data<Tokens>,
    Key(session): Key<TrainingSessionId>,
    Json(draft): Json<RegistrationLinkDraft>,
) -> Result<Answer> {
    let base_url = tokens.issuer().to_owned();
    once.run(permit, move |tx, permit| {
        let link = actions::make(tx, permit, session, &draft)?;
        let (id, version) = (link.id, link.version);
        Ok(Reply::created(format!("/registration-links/{id}"), version, record(&master, &base_url, link)))
    })
    .await
}

/// Show a link for registration.
#[utoipa::path(tag = "registration-links", params(("id" = RegistrationLinkId, Path)),
    responses((status = 200, body = RegistrationLinkRecord)))]
#[get("/registration-links/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<EnterRegistrations>,
    master: Data<Master>,
    tokens: Data<Tokens>,
    Key(id): Key<RegistrationLinkId>,
) -> Result<Reply<RegistrationLinkRecord>> {
    let link = db.read(move |tx| permit.get(tx, |tx, scope| store::find(tx, scope, id))).await?;
    Ok(Reply::record(link.version, record(&master, tokens.issuer(), link)))
}

/// Revoke a link for registration: it opens nothing from now on. Who registered through it stays registered.
#[utoipa::path(tag = "registration-links", params(("id" = RegistrationLinkId, Path)),
    responses((status = 204, description = "It is revoked.")))]
#[delete("/registration-links/{id}")]
pub async fn revoke(
    db: Data<Db>,
    permit: Permit<EnterRegistrations>,
    Key(id): Key<RegistrationLinkId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| actions::revoke(tx, &permit, id, version)).await?;
    Ok(Reply::nothing())
}
