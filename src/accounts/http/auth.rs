//! Routes at the door: login, refresh, logout, step-up, and the public keys.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::caller::{Gate, device_cookie};
use crate::accounts::guard::Permit;
use crate::accounts::login::{self, Shown};
use crate::accounts::refresh;
use crate::accounts::secrets::{Password, Secret};
use crate::accounts::sessions::{self, Opened};
use crate::kernel::Result;
use crate::kernel::access::{Actor, SecureAccount};
use crate::kernel::parse::Faults;
use crate::kernel::text::Email;
use crate::platform::db::Db;
use crate::platform::http::{Json, Reply};
use crate::platform::journal::{self, Entry};
use crate::platform::token::{LIFETIME, Tokens};

/// A login.
#[derive(Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Login {
    /// Address of the account.
    pub email: Email,
    /// Password.
    pub password: Password,
    /// Code of the second factor, or a recovery code.
    #[deserr(default)]
    pub code: Option<Secret>,
    /// `device_token` of an earlier login, for clients without cookies.
    #[deserr(default)]
    pub device_token: Option<Secret>,
}

/// A pair of tokens.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenPair {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds for which the access token works.
    pub expires_in: i64,
    /// For POST /auth/refresh, once.
    pub refresh_token: String,
    /// Marks this device at the next login; also set as a cookie. It opens nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_token: Option<String>,
}

impl TokenPair {
    fn of(tokens: &Tokens, opened: Opened) -> Result<TokenPair> {
        Ok(TokenPair {
            access_token: tokens.sign(&opened.claims)?,
            token_type: "Bearer",
            expires_in: LIFETIME,
            refresh_token: opened.refresh,
            device_token: None,
        })
    }
}

/// A refresh token.
#[derive(Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Refresh {
    /// As given by the last login or refresh.
    pub refresh_token: Secret,
}

/// A proof of who one is.
#[derive(Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct StepUp {
    /// Password.
    pub password: Password,
    /// Code of the second factor, where there is one.
    #[deserr(default)]
    pub code: Option<Secret>,
}

/// Log in.
#[utoipa::path(tag = "auth", request_body = Login, responses((status = 200, body = TokenPair)))]
#[post("/auth/login")]
pub async fn log_in(gate: Gate, Json(ask): Json<Login>) -> Result<HttpResponse> {
    let Login { email, password, code, device_token } = ask;
    let entered = login::login(&gate, Shown { email, password, code, device: device_token }).await?;
    let mut pair = TokenPair::of(&gate.tokens, entered.opened)?;
    let cookie = device_cookie(gate.tokens.issuer(), &entered.device);
    pair.device_token = Some(entered.device);
    let mut response = HttpResponse::Ok().json(pair);
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// Get a new pair of tokens for a refresh token.
#[utoipa::path(tag = "auth", request_body = Refresh, responses((status = 200, body = TokenPair)))]
#[post("/auth/refresh")]
pub async fn carry_on(gate: Gate, Json(ask): Json<Refresh>) -> Result<Reply<TokenPair>> {
    let opened = refresh::refresh(&gate, &ask.refresh_token).await?;
    Ok(Reply::ok(TokenPair::of(&gate.tokens, opened)?))
}

/// Log out: the session of the access token ends.
#[utoipa::path(tag = "auth", responses((status = 204)))]
#[post("/auth/logout")]
pub async fn log_out(gate: Gate, db: Data<Db>, permit: Permit<SecureAccount>) -> Result<Reply<()>> {
    let user = permit.user();
    let write = db.write(move |tx| {
        if let Some(session) = permit.session() {
            sessions::end(tx, session)?;
            journal::record(tx, Entry::new(&permit, "session.ended", "user", permit.user()));
        }
        Ok(())
    });
    write.await?;
    gate.sessions.forget_person(user);
    Ok(Reply::nothing())
}

/// Prove again who you are: needed within five minutes before a change of address, factor, sessions, tokens or
/// administrators. The session is replaced by a new one.
#[utoipa::path(tag = "auth", request_body = StepUp, responses((status = 200, body = TokenPair)))]
#[post("/auth/step-up")]
pub async fn step_up(
    gate: Gate,
    permit: Permit<SecureAccount>,
    Json(ask): Json<StepUp>,
) -> Result<Reply<TokenPair>> {
    let opened = login::step_up(&gate, permit, ask.password, ask.code).await?;
    Ok(Reply::ok(TokenPair::of(&gate.tokens, opened)?))
}

/// The keys that verify access tokens (RFC 7517); outside `/api/v1`.
pub async fn jwks(tokens: Data<Tokens>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/jwk-set+json")
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(serde_json::json!({ "keys": tokens.public() }))
}
