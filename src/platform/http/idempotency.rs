//! `Idempotency-Key`: a retried POST gets the first answer again, stored in the transaction of its effect.

use std::future::{Ready, ready};

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use diesel::prelude::*;
use serde::Serialize;

use super::extract::{BODY_LIMIT, IMPORT_LIMIT, speech, stated_size, too_large};
use super::reply::{Bytes, Reply};
use crate::kernel::access::Actor;
use crate::kernel::error::Code;
use crate::kernel::id::UserId;
use crate::kernel::lang::Speech;
use crate::kernel::{Error, Result};
use crate::platform::db::{Constraint, Db, Tx};
use crate::platform::keys::{Master, Purpose, hex};
use crate::platform::schema::idempotency_keys;
use crate::platform::seal;

/// Seconds for which an answer is remembered.
pub const REMEMBERED: i64 = 24 * 3600;
const HEADER: &str = "idempotency-key";

/// A key with the MAC of the body it came with.
#[derive(Clone, Debug)]
struct Sent {
    key: String,
    body: String,
}

/// Middleware: reads the body of a POST with a key, so that its hash is known before the handler runs.
///
/// # Errors
/// 422 for a key that is not 1 to 255 visible ASCII characters; 413 for a body over the limit.
pub async fn keyed(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let keyed = request.method() == Method::POST && request.headers().contains_key(HEADER);
    if keyed && let Err(error) = read_body(&mut request).await {
        return Ok(request.into_response(HttpResponse::from_error(error)).map_into_right_body());
    }
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}

async fn read_body(request: &mut ServiceRequest) -> Result<()> {
    let key = checked_key(request)?;
    // Routing has not happened yet, so the larger limit of imports is known by their path.
    let limit = if request.path().ends_with("/import") { IMPORT_LIMIT } else { BODY_LIMIT };
    stated_size(request.request(), limit)?;
    let cut = |e: actix_web::Error| {
        Error::new(Code::BadRequest, "The body did not arrive whole.").because(e.to_string())
    };
    let payload = request.extract::<actix_web::web::Payload>().await.map_err(cut)?;
    let whole = payload.to_bytes_limited(limit).await;
    let bytes = whole.map_err(|_| too_large(limit))?.map_err(cut)?;
    let master = request.app_data::<Data<Master>>().ok_or_else(|| Error::internal("no master key"))?;
    // With a key: a body may hold a password, and its plain hash in the database could be guessed at.
    let body = hex(&master.mac(Purpose::Body, &bytes));
    request.extensions_mut().insert(Sent { key, body });
    request.set_payload(actix_web::dev::Payload::from(bytes));
    Ok(())
}

fn checked_key(request: &ServiceRequest) -> Result<String> {
    let text = request.headers().get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or("");
    let plain = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    match plain {
        true => Ok(text.to_owned()),
        false => Err(Error::invalid(
            "Idempotency-Key",
            "not_a_key",
            "Use 1 to 255 visible ASCII characters, for example a UUID.",
        )),
    }
}

/// The way every POST writes: once per key.
pub struct Once {
    db: Data<Db>,
    master: Data<Master>,
    sent: Option<Sent>,
    route: String,
    speech: Speech,
}

impl FromRequest for Once {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parts = (request.app_data::<Data<Db>>(), request.app_data::<Data<Master>>());
        let (Some(db), Some(master)) = parts else {
            return ready(Err(Error::internal("the application has no database")));
        };
        ready(Ok(Once {
            db: db.clone(),
            master: master.clone(),
            sent: request.extensions().get::<Sent>().cloned(),
            route: request.path().to_owned(),
            speech: speech(request),
        }))
    }
}

/// An answer, fresh or remembered.
#[derive(Debug)]
pub struct Answer {
    bytes: Bytes,
    replayed: bool,
}

impl actix_web::Responder for Answer {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = self.bytes.response();
        if self.replayed {
            let name = HeaderName::from_static("idempotency-replayed");
            response.headers_mut().insert(name, HeaderValue::from_static("true"));
        }
        response
    }
}

impl Once {
    /// The first answer to a key that was used before: for routes that do something before they write which a retry
    /// must not do again. [`run`](Once::run) asks once more.
    ///
    /// # Errors
    /// 422 when the key came with another body.
    pub async fn remembered(&self, permit: &impl Actor) -> Result<Option<Answer>> {
        let Some(sent) = self.sent.clone() else { return Ok(None) };
        let (master, route, actor) = (self.master.clone(), self.route.clone(), permit.user());
        let found = self.db.read(move |tx| remembered(tx, &master, actor, &route, &sent)).await?;
        Ok(found.map(|bytes| Answer { bytes, replayed: true }))
    }

    /// Runs `f` in a write transaction on behalf of `actor`; with a key that was used before, gives the first answer
    /// instead. The permit was checked again by then, so a right that was lost is not replayed.
    ///
    /// # Errors
    /// What `f` returns; 422 when the key came with another body.
    pub async fn run<P, T>(
        self,
        permit: P,
        mut f: impl FnMut(&mut Tx, &P) -> Result<Reply<T>> + Send + 'static,
    ) -> Result<Answer>
    where
        P: Actor + Send + 'static,
        T: Serialize,
    {
        let Once { db, master, sent, route, speech } = self;
        db.write(move |tx| {
            let actor = permit.user();
            if let Some(sent) = &sent
                && let Some(bytes) = remembered(tx, &master, actor, &route, sent)?
            {
                return Ok(Answer { bytes, replayed: true });
            }
            let bytes = f(tx, &permit)?.bytes(speech)?;
            if let Some(sent) = &sent {
                remember(tx, &master, actor, &route, sent, &bytes)?;
            }
            Ok(Answer { bytes, replayed: false })
        })
        .await
    }
}

/// Whether answers have served their time; read-only.
///
/// # Errors
/// When the database refuses.
pub fn anything_old(tx: &mut Tx) -> Result<bool> {
    let oldest = tx.now().plus_seconds(-REMEMBERED);
    let found: Option<String> = idempotency_keys::table
        .select(idempotency_keys::key)
        .filter(idempotency_keys::at.le(oldest))
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// Forgets answers that have served their time.
///
/// # Errors
/// When the database refuses.
pub fn forget_old(tx: &mut Tx) -> Result<usize> {
    let oldest = tx.now().plus_seconds(-REMEMBERED);
    let old = idempotency_keys::table.filter(idempotency_keys::at.le(oldest));
    Ok(diesel::delete(old).execute(tx.conn())?)
}

/// What the sealed answer is bound to.
fn binding(actor: UserId, route: &str, key: &str) -> Vec<u8> {
    format!("{actor} {route} {key}").into_bytes()
}

fn remembered(
    tx: &mut Tx,
    master: &Master,
    actor: UserId,
    route: &str,
    sent: &Sent,
) -> Result<Option<Bytes>> {
    let oldest = tx.now().plus_seconds(-REMEMBERED);
    let found: Option<(String, Vec<u8>)> = idempotency_keys::table
        .select((idempotency_keys::body_hash, idempotency_keys::answer))
        .filter(idempotency_keys::actor.eq(actor))
        .filter(idempotency_keys::route.eq(route))
        .filter(idempotency_keys::key.eq(&sent.key))
        .filter(idempotency_keys::at.gt(oldest))
        .first(tx.conn())
        .optional()?;
    let Some((body, answer)) = found else { return Ok(None) };
    if body != sent.body {
        return Err(Error::new(Code::KeyReused, "Use a new Idempotency-Key for a new request."));
    }
    let plain = seal::open(master, &answer, &binding(actor, route, &sent.key))?;
    serde_json::from_slice(&plain).map(Some).map_err(Error::internal)
}

fn remember(
    tx: &mut Tx,
    master: &Master,
    actor: UserId,
    route: &str,
    sent: &Sent,
    bytes: &Bytes,
) -> Result<()> {
    let plain = serde_json::to_vec(bytes).map_err(Error::internal)?;
    let answer = seal::seal(master, &plain, &binding(actor, route, &sent.key))?;
    let now = tx.now();
    let row = (
        idempotency_keys::actor.eq(actor),
        idempotency_keys::route.eq(route),
        idempotency_keys::key.eq(&sent.key),
        idempotency_keys::body_hash.eq(&sent.body),
        idempotency_keys::answer.eq(answer),
        idempotency_keys::at.eq(now),
    );
    // An answer older than a day gives way; a younger one was found before, or is being written by a twin right now.
    diesel::delete(idempotency_keys::table)
        .filter(idempotency_keys::actor.eq(actor))
        .filter(idempotency_keys::route.eq(route))
        .filter(idempotency_keys::key.eq(&sent.key))
        .filter(idempotency_keys::at.le(now.plus_seconds(-REMEMBERED)))
        .execute(tx.conn())?;
    diesel::insert_into(idempotency_keys::table).values(row).execute(tx.conn()).map(drop).on_unique(|| {
        Error::new(Code::RequestInFlight, "The same request is being worked on; ask again in a moment.")
            .retry_after(1)
    })
}
