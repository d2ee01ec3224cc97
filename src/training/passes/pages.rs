//! The page of a pass: `{base_url}/pass#<token>`. Reading it does nothing; its buttons do.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::super::texts::{PLACE, TEXTS};
use crate::kernel::Result;
use crate::kernel::lang::Lang;
use crate::platform::page::{self, Words};

/// Where the page is.
pub const PASS: &str = "/pass";

#[derive(Template)]
#[template(path = "pass.html")]
struct Page<'a> {
    language: &'a str,
    direction: &'a str,
    title: String,
    no_script: String,
    words: String,
}

/// Serves the page.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route(PASS, web::get().to(show)).route("/links/pass.js", web::get().to(script));
}

async fn show(request: HttpRequest) -> Result<HttpResponse> {
    let lang = page::language(&request);
    Ok(page::answer(lang, written(lang)?))
}

async fn script() -> HttpResponse {
    page::script(include_str!("../../../config/pages/pass.js"))
}

fn written(lang: Lang) -> Result<String> {
    let words = Words::of(TEXTS, lang, PLACE)?;
    let page = Page {
        language: lang.as_str(),
        direction: page::direction(lang),
        title: words.say("pass-title")?,
        no_script: words.say("no-script")?,
        words: serde_json::Value::Object(words.beginning("pass-")?).to_string(),
    };
    page.render().map_err(crate::kernel::Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_the_same_things_in_every_language_and_is_small() {
        let keys = |lang: Lang| {
            let words = Words::of(TEXTS, lang, PLACE).expect("texts");
            words.beginning("pass-").expect("words").into_iter().map(|(key, _)| key).collect::<Vec<_>>()
        };
        for lang in Lang::ALL {
            let html = written(*lang).expect("every key is there");
            assert!(html.len() < 8 * 1024, "{lang}: {} bytes", html.len());
            assert!(html.contains(&format!("lang=\"{lang}\"")));
            assert_eq!(keys(*lang), keys(Lang::En), "{lang}");
        }
    }
}
