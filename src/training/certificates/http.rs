//! Certificates over HTTP: issued, listed, revoked, and checked by anyone.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, get, post};

use super::super::entrance::Entrance;
use super::super::sessions;
use super::actions::{self, House};
use super::model::{
    Certificate, CertificateFilter, CertificateRecord, CertificateStep, Check, IssueDraft, Issued,
};
use super::number::CertificateNumber;
use super::view::{self, eyes};
use super::{list as lists, store};
use crate::accounts::Permit;
use crate::kernel::access::{IssueCertificates, RevokeCertificates, Scope, ViewCertificates};
use crate::kernel::id::{CertificateId, ProgramId, TrainingSessionId};
use crate::kernel::page::{Items, Page};
use crate::kernel::parse::FromText;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};
use crate::platform::keys::Master;
use crate::platform::limit::Rule;
use crate::platform::token::Tokens;

/// Numbers that are no certificate's, from one network: nobody finds one by trying.
const GUESSES: Rule = Rule { name: "certificate guesses", free: 20, window: 60, waits: &[60], stop: 0 };

/// Issue certificates to those who completed a session. Asked again it issues what is due since, and nothing twice.
#[utoipa::path(
    tag = "certificates",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    request_body = IssueDraft,
    responses((status = 200, body = Issued))
)]
#[post("/training-sessions/{id}/certificates")]
pub async fn issue(
    once: Once,
    permit: Permit<IssueCertificates>,
    master: Data<Master>,
    tokens: Data<Tokens>,
    Key(session): Key<TrainingSessionId>,
    Json(draft): Json<IssueDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let house = House { master: &master, base_url: tokens.issuer() };
        let (session, new, more) = actions::issue(tx, permit, &house, session, &draft)?;
        let program = session.session.program_id;
        let rows = new.into_iter().map(|certificate| (certificate, program)).collect();
        let certificates = view::records(tx, &eyes(permit), tokens.issuer(), rows)?;
        Ok(Reply::ok(Issued { issued: certificates.len(), more, certificates }))
    })
    .await
}

/// List certificates: those of the caller's country, and those of programs that the caller coordinates.
#[utoipa::path(tag = "certificates", params(CertificateFilter),
    responses((status = 200, body = Items<CertificateRecord>)))]
#[get("/training-certificates")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewCertificates>,
    tokens: Data<Tokens>,
    filter: Filter<CertificateFilter>,
) -> Result<Shown<CertificateRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| {
        let today = Day(tx.now().utc().date_naive());
        let Page { items, next, total } = lists::page(tx, &permit.scope(), &by, &page, today)?;
        Ok(Page { items: view::records(tx, &eyes(&permit), tokens.issuer(), items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

fn program_of(tx: &mut Tx, certificate: &Certificate) -> Result<ProgramId> {
    let whole = sessions::find(tx, &Scope::All, certificate.session_id)?.ok_or_else(Error::not_found)?;
    Ok(whole.session.program_id)
}

/// Show a certificate.
#[utoipa::path(tag = "certificates", params(("id" = CertificateId, Path)),
    responses((status = 200, body = CertificateRecord)))]
#[get("/training-certificates/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewCertificates>,
    tokens: Data<Tokens>,
    Key(id): Key<CertificateId>,
) -> Result<Reply<CertificateRecord>> {
    let read = db.read(move |tx| {
        let certificate = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
        let (version, program) = (certificate.version, program_of(tx, &certificate)?);
        Ok((version, view::one(tx, &eyes(&permit), tokens.issuer(), certificate, program)?))
    });
    let (version, record) = read.await?;
    Ok(Reply::record(version, record))
}

/// Revoke a certificate, with a reason. With `If-Match` only the version that was read.
#[utoipa::path(
    tag = "certificates",
    params(("id" = CertificateId, Path), ("If-Match" = Option<String>, Header, description = "The ETag last read")),
    request_body = CertificateStep,
    responses((status = 200, body = CertificateRecord))
)]
#[post("/training-certificates/{id}/transitions")]
pub async fn transition(
    once: Once,
    permit: Permit<RevokeCertificates>,
    tokens: Data<Tokens>,
    Key(id): Key<CertificateId>,
    request: HttpRequest,
    Json(step): Json<CertificateStep>,
) -> Result<Answer> {
    let read = match request.headers().contains_key("if-match") {
        true => Some(etag::if_match(&request)?),
        false => None,
    };
    once.run(permit, move |tx, permit| {
        let certificate = actions::revoke(tx, permit, id, read, &step)?;
        let (version, program) = (certificate.version, program_of(tx, &certificate)?);
        Ok(Reply::record(version, view::one(tx, &eyes(permit), tokens.issuer(), certificate, program)?))
    })
    .await
}

/// The certificate of a number, for anyone.
///
/// # Errors
/// 404, the same for what is no number and what is nobody's; 429 for who tries many.
pub(super) async fn looked_up(door: &Entrance, number: &str) -> Result<(Certificate, Day)> {
    let found = match CertificateNumber::from_text(number) {
        Ok(number) => door.db.read(move |tx| store::numbered(tx, &number)).await?,
        Err(_) => None,
    };
    let Some(certificate) = found else {
        door.counted(GUESSES, &door.source)?;
        return Err(Error::not_found());
    };
    Ok((certificate, Day(door.now().utc().date_naive())))
}

/// Check a certificate by its number: whose it is, of which course, when it was held and whether it is valid. Kept as a file,
/// the answer is checked without us by `cybercap certificate verify`.
#[utoipa::path(
    tag = "certificates",
    params(("number" = CertificateNumber, Path, description = "As printed; small letters and no hyphens will do")),
    responses((status = 200, body = Check))
)]
#[get("/certificates/{number}")]
pub async fn check(door: Entrance, number: web::Path<String>) -> Result<Reply<Check>> {
    let (certificate, today) = looked_up(&door, &number).await?;
    Ok(Reply::ok(Check {
        certificate: serde_json::from_str(&certificate.content).map_err(Error::internal)?,
        status: certificate.status(today),
        revoked_on: certificate.revoked_at.map(|at| Day(at.utc().date_naive())),
        kid: certificate.kid,
        signature: certificate.signature,
    }))
}
