//! Pages for people, beside the API: small, in seven languages, loading nothing but their own script and style.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use fluent_bundle::{FluentBundle, FluentResource};

use super::http::extract::speech;
use crate::kernel::lang::{Lang, Speech};
use crate::kernel::{Error, Result};

/// What a page may load: its own script and style, and its own API.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Each language with its own name.
pub const LANGUAGES: &[(Lang, &str)] = &[
    (Lang::En, "English"),
    (Lang::Fr, "Français"),
    (Lang::Es, "Español"),
    (Lang::Ar, "العربية"),
    (Lang::Ru, "Русский"),
    (Lang::Zh, "中文"),
    (Lang::Pt, "Português"),
];

/// The language of a page: `?lang=fr` of a letter's link, else the reader's own.
pub fn language(request: &HttpRequest) -> Lang {
    let named = request.query_string().split('&').find_map(|pair| pair.strip_prefix("lang="));
    match (named.and_then(|lang| lang.parse().ok()), speech(request)) {
        (Some(lang), _) | (None, Speech::One(lang)) => lang,
        (None, Speech::All) => Lang::En,
    }
}

/// `rtl` for what is written from right to left.
pub fn direction(lang: Lang) -> &'static str {
    if lang == Lang::Ar { "rtl" } else { "ltr" }
}

/// A page as it is sent.
pub fn answer(lang: Lang, html: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CONTENT_LANGUAGE, lang.as_str()))
        .body(html)
}

/// A script of a page.
pub fn script(text: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(text)
}

/// A style of a page.
pub fn style(text: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(text)
}

/// Texts in all languages: each language with its file in Fluent.
pub type Catalog = &'static [(Lang, &'static str)];

/// The texts of one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
    keys: Vec<String>,
}

impl Words {
    /// Of a catalog; `place` is where its files are, for the log.
    ///
    /// # Errors
    /// 500 when the file is broken.
    pub fn of(catalog: Catalog, lang: Lang, place: &str) -> Result<Words> {
        let text = catalog.iter().find(|(l, _)| *l == lang).map_or("", |(_, text)| text);
        let broken = |what: &str| Error::internal(format!("{place}/{lang}.ftl: {what}"));
        let resource = FluentResource::try_new(text.to_owned()).map_err(|_| broken("syntax"))?;
        let tag = lang.as_str().parse().map_err(|_| broken("language tag"))?;
        let mut bundle = FluentBundle::new(vec![tag]);
        bundle.add_resource(resource).map_err(|_| broken("a key stands twice"))?;
        let keys = text.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned());
        Ok(Words { bundle, keys: keys.collect() })
    }

    /// The text of a key.
    ///
    /// # Errors
    /// 500 when there is none.
    pub fn say(&self, key: &str) -> Result<String> {
        let missing = || Error::internal(format!("a page lacks {key}"));
        let pattern = self.bundle.get_message(key).and_then(|message| message.value()).ok_or_else(missing)?;
        Ok(self.bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
    }

    /// All texts whose key begins like this, as a JSON object with the rest of the key: what a script says.
    ///
    /// # Errors
    /// 500 when a text is broken.
    pub fn beginning(&self, prefix: &str) -> Result<serde_json::Map<String, serde_json::Value>> {
        let named = self.keys.iter().filter_map(|key| Some((key, key.strip_prefix(prefix)?)));
        named.map(|(key, rest)| Ok((rest.to_owned(), self.say(key)?.into()))).collect()
    }
}
