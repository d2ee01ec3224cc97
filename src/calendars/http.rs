//! Routes of calendar feeds.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};

use super::model::{FeedDraft, FeedRecord, Nothing, OpenedFeed, Secret};
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::access::{Actor, UseAccount};
use crate::kernel::id::FeedId;
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown};
use crate::platform::keys::{self, Master};
use crate::platform::token::Tokens;

/// List my calendar feeds.
#[utoipa::path(tag = "me", params(Nothing), responses((status = 200, body = Items<FeedRecord>)))]
#[get("/me/feeds")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<UseAccount>,
    filter: Filter<Nothing>,
) -> Result<Shown<FeedRecord>> {
    let Filter { by: _, page, bound } = filter;
    let feeds = db.read(move |tx| store::of_person(tx, permit.user(), &page)).await?;
    let shown = feeds.map(|feed| FeedRecord {
        id: feed.id,
        name: feed.name,
        shows: feed.shows,
        program_id: feed.program_id,
        country: feed.country,
        created_at: feed.created_at,
    });
    Ok(Shown::new(shown, bound))
}

/// Open a calendar feed: an address to subscribe to from a calendar program.
#[utoipa::path(tag = "me", request_body = FeedDraft, responses((status = 201, body = OpenedFeed)))]
#[post("/me/feeds")]
pub async fn open(
    once: Once,
    permit: Permit<UseAccount>,
    master: Data<Master>,
    tokens: Data<Tokens>,
    Json(draft): Json<FeedDraft>,
) -> Result<Answer> {
    let base_url = tokens.issuer().to_owned();
    once.run(permit, move |tx, permit| {
        let feed = actions::open(tx, permit, &draft)?;
        let token = keys::feed_token(&master, feed.id);
        let opened = OpenedFeed {
            id: feed.id,
            name: feed.name,
            shows: feed.shows,
            program_id: feed.program_id,
            country: feed.country,
            created_at: feed.created_at,
            url: format!("{base_url}/api/v1/calendar.ics?token={token}"),
        };
        Ok(Reply::created(format!("/me/feeds/{}", opened.id), 1, opened))
    })
    .await
}

/// Revoke a calendar feed; its address is dead from now on.
#[utoipa::path(
    tag = "me",
    params(("id" = FeedId, Path, description = "The feed")),
    responses((status = 204, description = "It is revoked."))
)]
#[delete("/me/feeds/{id}")]
pub async fn revoke(db: Data<Db>, permit: Permit<UseAccount>, Key(id): Key<FeedId>) -> Result<Reply<()>> {
    db.write(move |tx| actions::revoke(tx, &permit, id)).await?;
    Ok(Reply::nothing())
}

/// Read a calendar feed (iCalendar); the token in the address is the key.
#[utoipa::path(
    tag = "me",
    params(Secret),
    responses(
        (status = 200, body = String, content_type = "text/calendar"),
        (status = 404, description = "No such feed: it was revoked, or its owner may no longer log in.",
            body = crate::platform::http::problem::Problem, content_type = "application/problem+json")
    )
)]
#[get("/calendar.ics")]
pub async fn calendar(
    db: Data<Db>,
    master: Data<Master>,
    tokens: Data<Tokens>,
    secret: Filter<Secret>,
) -> Result<HttpResponse> {
    let id = keys::feed_of(&master, &secret.by.token).ok_or_else(Error::not_found)?;
    let base_url = tokens.issuer().to_owned();
    let text = db.read(move |tx| actions::read(tx, id, &base_url)).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8; method=PUBLISH")
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"cybercap.ics\""))
        .body(text))
}
