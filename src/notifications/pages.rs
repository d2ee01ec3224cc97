//! The page behind an unsubscribe link: reading it does nothing, its button (or a mail program's POST) does.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{self, Data, Query};
use askama::Template;
use fluent_bundle::FluentValue;

use super::words::Words;
use super::{Desk, actions, people, unsubscribe};
use crate::kernel::lang::Lang;
use crate::kernel::time::Zone;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct Page<'a> {
    house: &'a str,
    lines: Vec<String>,
    button: Option<String>,
}

/// Where the page is.
pub const UNSUBSCRIBE: &str = "/unsubscribe";

/// Serves the page.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route(UNSUBSCRIBE, web::get().to(ask)).route(UNSUBSCRIBE, web::post().to(act));
}

/// Only shows; mail scanners open every link.
async fn ask(db: Data<Db>, desk: Data<Desk>, query: Query<HashMap<String, String>>) -> Result<HttpResponse> {
    answer(&db, &desk, &query, false).await
}

/// RFC 8058: one click, no login, no cookie.
async fn act(db: Data<Db>, desk: Data<Desk>, query: Query<HashMap<String, String>>) -> Result<HttpResponse> {
    answer(&db, &desk, &query, true).await
}

async fn answer(db: &Db, desk: &Desk, query: &HashMap<String, String>, act: bool) -> Result<HttpResponse> {
    let token = query.get("token").map_or("", String::as_str);
    let found = unsubscribe::read(&desk.place.master, token).filter(|(_, category)| !category.mandatory());
    let (person, category) = found.ok_or_else(Error::not_found)?;
    let to = match act {
        true => db.write(move |tx| {
            actions::unsubscribe(tx, person, category)?;
            people::person(tx, person)
        }),
        false => {
            return page(
                desk,
                db.read(move |tx| people::person(tx, person)).await?,
                category.as_str(),
                false,
            );
        }
    };
    page(desk, to.await?, category.as_str(), true)
}

fn page(desk: &Desk, to: Option<people::Recipient>, category: &str, done: bool) -> Result<HttpResponse> {
    let lang = to.map_or(Lang::En, |to| to.language);
    let words = Words::of(lang, Zone::UTC);
    let category = words.word(&format!("category-{category}"));
    let known = [("category", FluentValue::from(category))].into();
    let say = |key: &str| words.text(key, &known).unwrap_or_default();
    let page = Page {
        house: &desk.place.house,
        lines: vec![say(if done { "unsubscribed" } else { "unsubscribe-ask" })],
        button: (!done).then(|| say("unsubscribe-action")),
    };
    let html = page.render().map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
        ))
        .body(html))
}
