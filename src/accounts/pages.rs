//! The pages behind the links of letters: they do nothing until the person asks for it, so that mail scanners do no harm.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use fluent_bundle::{FluentBundle, FluentResource};

use crate::kernel::lang::{Lang, Speech};
use crate::kernel::{Error, Result};
use crate::platform::http::extract::speech;

/// What a page may load: its own script and style, and its own API.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Each language with its texts and its own name.
const LANGUAGES: &[(Lang, &str, &str)] = &[
    (Lang::En, "English", include_str!("../../config/pages/en.ftl")),
    (Lang::Fr, "Français", include_str!("../../config/pages/fr.ftl")),
    (Lang::Es, "Español", include_str!("../../config/pages/es.ftl")),
    (Lang::Ar, "العربية", include_str!("../../config/pages/ar.ftl")),
    (Lang::Ru, "Русский", include_str!("../../config/pages/ru.ftl")),
    (Lang::Zh, "中文", include_str!("../../config/pages/zh.ftl")),
    (Lang::Pt, "Português", include_str!("../../config/pages/pt.ftl")),
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
pub async fn page(request: HttpRequest, kind: web::Path<String>) -> Result<HttpResponse> {
    let known = KINDS.iter().find(|(name, ..)| *name == kind.as_str()).ok_or_else(Error::not_found)?;
    let lang = match speech(&request) {
        Speech::One(lang) => lang,
        Speech::All => Lang::En,
    };
    let html = written(known, lang)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CONTENT_LANGUAGE, lang.as_str()))
        .body(html))
}

/// The script of the pages.
pub async fn script() -> HttpResponse {
    let text = include_str!("../../config/pages/link.js");
    HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(text)
}

/// The style of the pages.
pub async fn style() -> HttpResponse {
    let text = include_str!("../../config/pages/link.css");
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(text)
}

fn written(kind: &(&str, &str, bool, bool), lang: Lang) -> Result<String> {
    let (name, path, asks_password, asks_account) = *kind;
    let words = Words::of(lang)?;
    let page = Page {
        language: lang.as_str(),
        direction: if lang == Lang::Ar { "rtl" } else { "ltr" },
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
        languages: LANGUAGES.iter().map(|(lang, name, _)| (lang.as_str(), *name)).collect(),
    };
    page.render().map_err(Error::internal)
}

/// The texts of one language.
struct Words(FluentBundle<FluentResource>);

impl Words {
    fn of(lang: Lang) -> Result<Words> {
        let text = LANGUAGES.iter().find(|(l, ..)| *l == lang).map_or("", |(_, _, text)| text);
        let broken = |what: &str| Error::internal(format!("config/pages/{lang}.ftl: {what}"));
        let resource = FluentResource::try_new(text.to_owned()).map_err(|_| broken("syntax"))?;
        let tag = lang.as_str().parse().map_err(|_| broken("language tag"))?;
        let mut bundle = FluentBundle::new(vec![tag]);
        bundle.add_resource(resource).map_err(|_| broken("a key stands twice"))?;
        Ok(Words(bundle))
    }

    fn say(&self, key: &str) -> Result<String> {
        let missing = || Error::internal(format!("config/pages lacks {key}"));
        let pattern = self.0.get_message(key).and_then(|message| message.value()).ok_or_else(missing)?;
        Ok(self.0.format_pattern(pattern, None, &mut Vec::new()).into_owned())
    }
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
