//! The page behind an unsubscribe link: reading it does nothing, its button (or a mail program's POST) does.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{self, Bytes, Data, Query};
use askama::Template;
use fluent_bundle::FluentValue;

use super::actions::Click;
use super::model::{Frequency, Preference, RecipientKind};
use super::unsubscribe::Wish;
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
    language: &'a str,
    line: String,
    buttons: Vec<(&'static str, String)>,
}

/// Where the page is.
pub const UNSUBSCRIBE: &str = "/unsubscribe";

/// Serves the page.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route(UNSUBSCRIBE, web::get().to(ask)).route(UNSUBSCRIBE, web::post().to(act));
}

/// Only shows; mail scanners open every link.
async fn ask(db: Data<Db>, desk: Data<Desk>, query: Query<HashMap<String, String>>) -> Result<HttpResponse> {
    answer(&db, &desk, &query, None).await
}

/// RFC 8058: one click, no login, no cookie. The buttons of the page say what they do; a mail program only stops.
async fn act(
    db: Data<Db>,
    desk: Data<Desk>,
    query: Query<HashMap<String, String>>,
    body: Bytes,
) -> Result<HttpResponse> {
    let said = String::from_utf8_lossy(&body);
    let click = said.split('&').find_map(|pair| pair.strip_prefix("do=")?.parse::<Click>().ok());
    answer(&db, &desk, &query, Some(click.unwrap_or(Click::Stop))).await
}

async fn answer(
    db: &Db,
    desk: &Desk,
    query: &HashMap<String, String>,
    click: Option<Click>,
) -> Result<HttpResponse> {
    let token = query.get("token").map_or("", String::as_str);
    let found = unsubscribe::read(&desk.place.master, token).filter(|wish| !wish.category.mandatory());
    let wish = found.ok_or_else(Error::not_found)?;
    let (lang, wanted) = match click {
        Some(click) => {
            db.write(move |tx| {
                let wanted = actions::unsubscribe(tx, wish, click)?;
                Ok((people::language_of(tx, wish)?, wanted))
            })
            .await?
        }
        None => db.read(move |tx| Ok((people::language_of(tx, wish)?, actions::wanted(tx, wish)?))).await?,
    };
    page(desk, lang, wish, &wanted, click)
}

/// What the page says, and its buttons. Who has an account changes more in their preferences; who has none does it here.
fn page(
    desk: &Desk,
    lang: Lang,
    wish: Wish,
    wanted: &Preference,
    click: Option<Click>,
) -> Result<HttpResponse> {
    let words = Words::of(lang, Zone::UTC);
    let category = words.word(&format!("category-{}", wish.category));
    let until = wanted.paused_until.map(|day| words.day(day)).unwrap_or_default();
    let known = [("category", FluentValue::from(category)), ("until", FluentValue::from(until))].into();
    let say = |key: &str| words.text(key, &known).unwrap_or_default();
    let here = wish.kind == RecipientKind::Registration;
    let off = wanted.frequency == Frequency::Off;
    let line = match (here, click) {
        (false, None) => "unsubscribe-ask",
        (false, Some(_)) => "unsubscribed",
        (true, _) if off => "unsubscribe-is-off",
        (true, _) if wanted.paused_until.is_some() => "unsubscribe-is-paused",
        (true, None) => "unsubscribe-ask-place",
        (true, Some(_)) => "unsubscribe-is-on",
    };
    let button = |click: Click, key: &str| (click.as_str(), say(key));
    let buttons = match (here, click) {
        (false, None) => vec![button(Click::Stop, "unsubscribe-action")],
        (false, Some(_)) => Vec::new(),
        (true, _) if off || wanted.paused_until.is_some() => {
            vec![button(Click::Resume, "unsubscribe-resume")]
        }
        (true, _) => {
            vec![button(Click::Stop, "unsubscribe-action"), button(Click::Pause, "unsubscribe-pause")]
        }
    };
    let page = Page { house: &desk.place.house, language: words.lang().as_str(), line: say(line), buttons };
    let html = page.render().map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
        ))
        .body(html))
}
