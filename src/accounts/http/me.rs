//! Routes of one's own account.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::links::Queued;
use crate::accounts::api_tokens::{self, ApiToken, ApiTokenDraft, NewApiToken};
use crate::accounts::caller::Gate;
use crate::accounts::guard::Permit;
use crate::accounts::identify::Sessions;
use crate::accounts::secrets::{Password, Secret};
use crate::accounts::sessions::{self, OwnSession};
use crate::accounts::totp::{self, Enrolment, RecoveryCodes, SecondFactor};
use crate::accounts::users::{self, Held};
use crate::accounts::{addresses, forgotten, store};
use crate::kernel::access::{Actor, Permission, Scope, SecureAccount, UseAccount};
use crate::kernel::id::{ApiTokenId, SessionId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::page::Items;
use crate::kernel::parse::Faults;
use crate::kernel::patch::Edit;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::Zone;
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, Unfiltered, etag};
use crate::platform::journal::{self, Entry};
use crate::platform::keys::Master;
use crate::platform::token::Tokens;

/// The caller: who they are, their language and zone, their roles and what these allow.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The person's id.
    pub id: UserId,
    /// Address for letters and login.
    pub email: Email,
    /// Name as the person writes it.
    pub name: Name,
    /// Language of letters.
    pub language: Lang,
    /// Zone in which days begin for this person.
    pub timezone: Zone,
    /// Roles over countries and programs.
    pub roles: Vec<Held>,
    /// Everything the caller may do somewhere; a record says what may be done with it.
    pub permissions: Vec<&'static str>,
    /// Whether there is a second factor.
    pub second_factor: bool,
}

/// A change of one's own account.
#[derive(Clone, Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct MePatch {
    /// Name.
    #[deserr(default)]
    #[schema(value_type = Name, required = false)]
    pub name: Edit<Name>,
    /// Language of letters.
    #[deserr(default)]
    #[schema(value_type = Lang, required = false)]
    pub language: Edit<Lang>,
    /// Zone.
    #[deserr(default)]
    #[schema(value_type = Zone, required = false)]
    pub timezone: Edit<Zone>,
}

/// A change of password.
#[derive(Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PasswordChange {
    /// The one in use.
    pub current_password: Password,
    /// The new one: 15 to 256 characters, hard to guess.
    pub new_password: Password,
}

/// A change of address.
#[derive(Clone, Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct EmailChange {
    /// The new address; a link goes to it.
    pub email: Email,
}

/// A code of an authenticator app.
#[derive(Clone, Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CodeSaid {
    /// Six digits.
    pub code: Secret,
}

fn myself(tx: &mut Tx, permit: &Permit<UseAccount>) -> Result<(i32, Me)> {
    let user = store::user(tx, permit.user())?.ok_or_else(Error::not_found)?;
    let held = users::grants_within(tx, &Scope::All, &[user.id])?;
    let may = |permission: &&Permission| permission.is_own() || permit.holds(**permission);
    let shown = Me {
        id: user.id,
        email: user.email,
        name: user.name,
        language: user.language,
        timezone: user.timezone,
        roles: held.iter().map(Held::from).collect(),
        permissions: Permission::ALL.iter().filter(may).map(|permission| permission.word()).collect(),
        second_factor: permit.standing().is_some_and(|standing| standing.second_factor),
    };
    Ok((user.version, shown))
}

/// Tell who I am and what I may do.
#[utoipa::path(tag = "me", responses((status = 200, body = Me)))]
#[get("/me")]
pub async fn me(db: Data<Db>, permit: Permit<UseAccount>) -> Result<Reply<Me>> {
    let (version, shown) = db.read(move |tx| myself(tx, &permit)).await?;
    Ok(Reply::record(version, shown))
}

/// Change my name, language or zone. `If-Match` is looked at when it is sent.
#[utoipa::path(
    tag = "me",
    params(("If-Match" = Option<String>, Header, description = "The ETag last read; 412 when it is not the latest.")),
    request_body = MePatch,
    responses((status = 200, body = Me))
)]
#[patch("/me")]
pub async fn edit_me(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<UseAccount>,
    sessions: Data<Sessions>,
    Json(patch): Json<MePatch>,
) -> Result<Reply<Me>> {
    let user = permit.user();
    let read = request.headers().contains_key("if-match").then(|| etag::if_match(&request)).transpose()?;
    let write = db.write(move |tx| {
        let before = store::user(tx, permit.user())?.ok_or_else(Error::not_found)?;
        etag::matches(read.unwrap_or(before.version), before.version)?;
        let mut after = before.clone();
        let MePatch { name, language, timezone } = patch.clone();
        name.apply(&mut after.name);
        language.apply(&mut after.language);
        timezone.apply(&mut after.timezone);
        users::update(tx, &permit, &before, &after)?;
        journal::record(tx, Entry::new(&permit, "user.edited", "user", before.id).changed(&before, &after));
        myself(tx, &permit)
    });
    let (version, shown) = write.await?;
    sessions.forget_person(user);
    Ok(Reply::record(version, shown))
}

/// Change my password; other sessions end.
#[utoipa::path(tag = "me", request_body = PasswordChange, responses((status = 204)))]
#[post("/me/password")]
pub async fn change_password(
    gate: Gate,
    once: Once,
    permit: Permit<SecureAccount>,
    Json(ask): Json<PasswordChange>,
) -> Result<Answer> {
    forgotten::change(&gate, once, permit, &ask.current_password, &ask.new_password).await
}

/// Ask for another address; it counts once its link was used. Needs a fresh proof (step-up).
#[utoipa::path(tag = "me", request_body = EmailChange, responses((status = 202, body = Queued)))]
#[post("/me/email")]
pub async fn change_email(
    once: Once,
    permit: Permit<SecureAccount>,
    Json(ask): Json<EmailChange>,
) -> Result<Answer> {
    let asked = once.run(permit, move |tx, permit| {
        addresses::ask(tx, permit, &ask.email)?;
        Ok(Reply::accepted(Queued { detail: "A letter with a link is on its way to the new address." }))
    });
    asked.await
}

/// List my sessions.
#[utoipa::path(tag = "me", responses((status = 200, body = Items<OwnSession>)))]
#[get("/me/sessions")]
pub async fn list_sessions(
    db: Data<Db>,
    permit: Permit<SecureAccount>,
    filter: Filter<Unfiltered>,
) -> Result<Shown<OwnSession>> {
    let Filter { page, bound, .. } = filter;
    let page = db.read(move |tx| sessions::list(tx, &permit, &page)).await?;
    Ok(Shown::new(page, bound))
}

/// End all my sessions but this one. Needs a fresh proof (step-up).
#[utoipa::path(tag = "me", responses((status = 204)))]
#[delete("/me/sessions")]
pub async fn end_other_sessions(gate: Gate, permit: Permit<SecureAccount>) -> Result<Reply<()>> {
    let user = permit.user();
    gate.db.write(move |tx| sessions::close_others(tx, &permit)).await?;
    gate.sessions.forget_person(user);
    Ok(Reply::nothing())
}

/// End one of my sessions. Needs a fresh proof (step-up), unless it is this one.
#[utoipa::path(
    tag = "me",
    params(("id" = SessionId, Path, description = "The session")),
    responses((status = 204))
)]
#[delete("/me/sessions/{id}")]
pub async fn end_session(
    gate: Gate,
    permit: Permit<SecureAccount>,
    Key(id): Key<SessionId>,
) -> Result<Reply<()>> {
    let user = permit.user();
    gate.db.write(move |tx| sessions::close(tx, &permit, id)).await?;
    gate.sessions.forget_person(user);
    Ok(Reply::nothing())
}

/// Tell whether I have a second factor.
#[utoipa::path(tag = "me", responses((status = 200, body = SecondFactor)))]
#[get("/me/second-factor")]
pub async fn second_factor(db: Data<Db>, permit: Permit<SecureAccount>) -> Result<Reply<SecondFactor>> {
    Ok(Reply::ok(db.read(move |tx| totp::look(tx, permit.user())).await?))
}

/// Begin to set up a second factor. Needs a fresh proof (step-up).
#[utoipa::path(tag = "me", responses((status = 200, body = Enrolment)))]
#[post("/me/second-factor")]
pub async fn enrol(
    once: Once,
    permit: Permit<SecureAccount>,
    master: Data<Master>,
    tokens: Data<Tokens>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| Ok(Reply::ok(totp::enrol(tx, permit, &master, tokens.issuer())?)))
        .await
}

/// Confirm the second factor by its first code; other sessions end. The recovery codes are shown only now.
#[utoipa::path(tag = "me", request_body = CodeSaid, responses((status = 200, body = RecoveryCodes)))]
#[post("/me/second-factor/confirm")]
pub async fn confirm_factor(
    once: Once,
    permit: Permit<SecureAccount>,
    master: Data<Master>,
    sessions: Data<Sessions>,
    Json(ask): Json<CodeSaid>,
) -> Result<Answer> {
    let user = permit.user();
    let confirmed = once
        .run(permit, move |tx, permit| Ok(Reply::ok(totp::confirm(tx, permit, &master, ask.code.expose())?)));
    let confirmed = confirmed.await?;
    sessions.forget_person(user);
    Ok(confirmed)
}

/// Remove my second factor; other sessions end. Needs a fresh proof (step-up).
#[utoipa::path(tag = "me", responses((status = 204)))]
#[delete("/me/second-factor")]
pub async fn remove_factor(gate: Gate, permit: Permit<SecureAccount>) -> Result<Reply<()>> {
    let user = permit.user();
    gate.db.write(move |tx| totp::remove(tx, &permit)).await?;
    gate.sessions.forget_person(user);
    Ok(Reply::nothing())
}

/// Get new recovery codes; the old ones stop working. Needs a fresh proof (step-up).
#[utoipa::path(tag = "me", responses((status = 200, body = RecoveryCodes)))]
#[post("/me/second-factor/recovery-codes")]
pub async fn renew_codes(once: Once, permit: Permit<SecureAccount>) -> Result<Answer> {
    once.run(permit, move |tx, permit| Ok(Reply::ok(totp::renew_codes(tx, permit)?))).await
}

/// List my API tokens.
#[utoipa::path(tag = "me", responses((status = 200, body = Items<ApiToken>)))]
#[get("/me/tokens")]
pub async fn list_tokens(
    db: Data<Db>,
    permit: Permit<SecureAccount>,
    filter: Filter<Unfiltered>,
) -> Result<Shown<ApiToken>> {
    let Filter { page, bound, .. } = filter;
    let page = db.read(move |tx| api_tokens::list(tx, &permit, &page)).await?;
    Ok(Shown::new(page, bound))
}

/// Make an API token for a machine client. It is shown only now. Needs a fresh proof (step-up).
#[utoipa::path(tag = "me", request_body = ApiTokenDraft, responses((status = 201, body = NewApiToken)))]
#[post("/me/tokens")]
pub async fn make_token(
    once: Once,
    permit: Permit<SecureAccount>,
    Json(draft): Json<ApiTokenDraft>,
) -> Result<Answer> {
    let made = once.run(permit, move |tx, permit| {
        let made = api_tokens::make(tx, permit, &draft)?;
        Ok(Reply::created(format!("/me/tokens/{}", made.kept.id), 1, made))
    });
    made.await
}

/// End an API token.
#[utoipa::path(
    tag = "me",
    params(("id" = ApiTokenId, Path, description = "The token")),
    responses((status = 204))
)]
#[delete("/me/tokens/{id}")]
pub async fn revoke_token(
    gate: Gate,
    permit: Permit<SecureAccount>,
    Key(id): Key<ApiTokenId>,
) -> Result<Reply<()>> {
    let user = permit.user();
    gate.db.write(move |tx| api_tokens::revoke(tx, &permit, id)).await?;
    gate.sessions.forget_person(user);
    Ok(Reply::nothing())
}
