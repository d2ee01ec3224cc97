//! The pages behind the links of letters: they do nothing until the person asks for it, so that mail scanners do no harm.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::kernel::lang::Lang;
use crate::kernel::{Error, Result};
use crate::platform::page::{self, Catalog, Words};

/// The texts in each language.
const TEXTS: Catalog = &[
    (Lang::En, include_str!("../../config/pages/en.ftl")),
    (Lang::Fr, include_str!("../../config/pages/fr.ftl")),
    (Lang::Es, include_str!("../../config/pages/es.ftl")),
    (Lang::Ar, include_str!("../../config/pages/ar.ftl")),
    (Lang::Ru, include_str!("../../config/pages/ru.ftl")),
    (Lang::Zh, include_str!("../../config/pages/zh.ftl")),
    (Lang::Pt, include_str!("../../config/pages/pt.ftl")),
];

/// The kinds of links: name, route that takes the token, whether it sets a password, whether it makes an account.
const KINDS: &[(&str, &str, bool, bool)] = &[
    ("invitation", "/api/v1/auth/invitations/accept", true, true),
    ("password", "/api/v1/auth/password/reset", true, false),
    ("email", "/api/v1/auth/email/confirm", false, false),
    ("email-undo", "/api/v1/auth/email/undo", false, false),
];

#[derive(Template)]
#[template(path = "link.html")]
struct Page<'a> {
    language: &'a str,
    direction: &'a str,
    title: String,
    lead: String,
    action: String,
    done: String,
    no_link: String,
    gone: String,
    no_script: String,
    offline: String,
    field_name: String,
    field_email: String,
    field_password: String,
    field_password_hint: String,
    field_show: String,
    field_language: String,
    field_zone: String,
    path: &'a str,
    preview: &'a str,
    asks_password: bool,
    asks_account: bool,
    languages: Vec<(&'a str, &'a str)>,
}

/// Shows the page of a link in the reader's language.
///
/// # Errors
/// 404 for a kind that is not ours.
pub async fn show(request: HttpRequest, kind: web::Path<String>) -> Result<HttpResponse> {
    let known = KINDS.iter().find(|(name, ..)| *name == kind.as_str()).ok_or_else(Error::not_found)?;
    let lang = page::language(&request);
    Ok(page::answer(lang, written(known, lang)?))
}

/// The script of the pages.
pub async fn script() -> HttpResponse {
    page::script(include_str!("../../config/pages/link.js"))
}

/// The style of the pages.
pub async fn style() -> HttpResponse {
    page::style(include_str!("../../config/pages/link.css"))
}

fn written(kind: &(&str, &str, bool, bool), lang: Lang) -> Result<String> {
    let (name, path, asks_password, asks_account) = *kind;
    let words = Words::of(TEXTS, lang, "config/pages")?;
    let page = Page {
        language: lang.as_str(),
        direction: page::direction(lang),
        title: words.say(&format!("{name}-title"))?,
        lead: words.say(&format!("{name}-lead"))?,
        action: words.say(&format!("{name}-action"))?,
        done: words.say(&format!("{name}-done"))?,
        no_link: words.say("no-link")?,
        gone: words.say("gone")?,
        no_script: words.say("no-script")?,
        offline: words.say("offline")?,
        field_name: words.say("field-name")?,
        field_email: words.say("field-email")?,
        field_password: words.say("field-password")?,
        field_password_hint: words.say("field-password-hint")?,
        field_show: words.say("field-show")?,
        field_language: words.say("field-language")?,
        field_zone: words.say("field-zone")?,
        path,
        preview: if asks_account { "/api/v1/auth/invitations" } else { "" },
        asks_password,
        asks_account,
        languages: page::LANGUAGES.iter().map(|(lang, name)| (lang.as_str(), *name)).collect(),
    };
    page.render().map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_written_in_every_language_and_is_small() {
        for kind in KINDS {
            for lang in Lang::ALL {
                let html = written(kind, *lang).expect("every key is there");
                assert!(html.len() < 8 * 1024, "{} in {lang}: {} bytes", kind.0, html.len());
                assert!(html.contains(&format!("lang=\"{lang}\"")));
            }
        }
    }
}
