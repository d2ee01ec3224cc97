//! Routes of single-use links: invitations, new passwords, changes of address.

use actix_web::http::header;
use actix_web::{HttpRequest, get, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::caller::Gate;
use crate::accounts::invitations::{self, Accepted, InvitationAcceptance, Preview};
use crate::accounts::secrets::{Password, Secret};
use crate::accounts::{addresses, forgotten};
use crate::kernel::error::Code;
use crate::kernel::parse::Faults;
use crate::kernel::text::Email;
use crate::kernel::{Error, Result};
use crate::platform::http::{Json, Reply};

/// Somebody who forgot their password.
#[derive(Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Forgotten {
    /// Address of the account.
    pub email: Email,
}

/// A new password by a link.
#[derive(Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Reset {
    /// The part of the link behind `#`.
    pub token: Secret,
    /// The new password: 15 to 256 characters, hard to guess.
    pub password: Password,
}

/// A link that is used.
#[derive(Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Used {
    /// The part of the link behind `#`.
    pub token: Secret,
}

/// What happens next.
#[derive(Debug, Serialize, ToSchema)]
pub struct Queued {
    /// In one sentence.
    pub detail: &'static str,
}

/// Ask for a letter with a link to set a new password. The answer is the same whether the address has an account.
#[utoipa::path(tag = "auth", request_body = Forgotten, responses((status = 202, body = Queued)))]
#[post("/auth/password/forgot")]
pub async fn forgot(gate: Gate, Json(ask): Json<Forgotten>) -> Result<Reply<Queued>> {
    forgotten::forgot(&gate, &ask.email).await?;
    Ok(Reply::accepted(Queued {
        detail: "If the address has an account, a letter is on its way; its link works for 30 minutes.",
    }))
}

/// Set a new password by a link. Every session ends; log in afterwards.
#[utoipa::path(tag = "auth", request_body = Reset, responses((status = 204)))]
#[post("/auth/password/reset")]
pub async fn reset(gate: Gate, Json(ask): Json<Reset>) -> Result<Reply<()>> {
    forgotten::reset(&gate, &ask.token, &ask.password).await?;
    Ok(Reply::nothing())
}

/// Show what an invitation says; nothing happens. The token comes as `Authorization: Link <token>`.
#[utoipa::path(
    tag = "auth",
    params(("Authorization" = String, Header, description = "`Link ` and the part of the link behind `#`")),
    responses((status = 200, body = Preview))
)]
#[get("/auth/invitations")]
pub async fn preview(gate: Gate, request: HttpRequest) -> Result<Reply<Preview>> {
    let text = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = text.and_then(|text| text.strip_prefix("Link ")).map(str::trim).map(str::to_owned);
    let needed =
        || Error::new(Code::Unauthenticated, "Send Authorization: Link <the part of the link behind #>.");
    Ok(Reply::ok(invitations::preview(&gate, token.ok_or_else(needed)?).await?))
}

/// Accept an invitation: set a password, then log in.
#[utoipa::path(tag = "auth", request_body = InvitationAcceptance, responses((status = 200, body = Accepted)))]
#[post("/auth/invitations/accept")]
pub async fn accept(gate: Gate, Json(said): Json<InvitationAcceptance>) -> Result<Reply<Accepted>> {
    Ok(Reply::ok(invitations::accept(&gate, said).await?))
}

/// Confirm a new address by the link sent to it.
#[utoipa::path(tag = "auth", request_body = Used, responses((status = 204)))]
#[post("/auth/email/confirm")]
pub async fn confirm_email(gate: Gate, Json(ask): Json<Used>) -> Result<Reply<()>> {
    addresses::confirm(&gate, &ask.token).await?;
    Ok(Reply::nothing())
}

/// Take the old address back by the link sent to it: every session ends and a new password must be set.
#[utoipa::path(tag = "auth", request_body = Used, responses((status = 204)))]
#[post("/auth/email/undo")]
pub async fn undo_email(gate: Gate, Json(ask): Json<Used>) -> Result<Reply<()>> {
    addresses::undo(&gate, &ask.token).await?;
    Ok(Reply::nothing())
}
