//! The page of open registration: `{base_url}/register#<token>`, a short form with the purpose of each field.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::super::texts::{PLACE, TEXTS};
use crate::kernel::Result;
use crate::kernel::lang::Lang;
use crate::platform::page::{self, Words};

/// Where the page is.
pub const REGISTER: &str = "/register";

#[derive(Template)]
#[template(path = "register.html")]
struct Page<'a> {
    language: &'a str,
    direction: &'a str,
    title: String,
    no_script: String,
    words: String,
    languages: Vec<(&'a str, &'a str)>,
    fields: Vec<Field>,
    sexes: Vec<(&'a str, String)>,
    country: String,
    country_why: String,
    writes: String,
    writes_why: String,
    sex: String,
    sex_why: String,
    optional: String,
    agree: String,
    send: String,
}

/// A line of the form.
struct Field {
    name: &'static str,
    kind: &'static str,
    complete: &'static str,
    most: u32,
    needed: bool,
    label: String,
    why: String,
}

/// Serves the page.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route(REGISTER, web::get().to(show)).route("/links/register.js", web::get().to(script));
}

async fn show(request: HttpRequest) -> Result<HttpResponse> {
    let lang = page::language(&request);
    Ok(page::answer(lang, written(lang)?))
}

async fn script() -> HttpResponse {
    page::script(include_str!("../../../config/pages/register.js"))
}

/// The lines of the form: name, kind of input, what a browser may fill in, most characters, whether it is needed.
const LINES: &[(&str, &str, &str, u32, bool)] = &[
    ("name", "text", "name", 200, true),
    ("email", "email", "email", 254, true),
    ("organization", "text", "organization", 200, false),
    ("job", "text", "organization-title", 200, false),
    ("access_needs", "text", "off", 200, false),
    ("diet", "text", "off", 200, false),
];

fn written(lang: Lang) -> Result<String> {
    let words = Words::of(TEXTS, lang, PLACE)?;
    let field = |line: &(&'static str, &'static str, &'static str, u32, bool)| {
        let (name, kind, complete, most, needed) = *line;
        let (label, why) = (words.say(&format!("field-{name}"))?, words.say(&format!("why-{name}"))?);
        Ok(Field { name, kind, complete, most, needed, label, why })
    };
    let sex = |code| Ok((code, words.say(&format!("sex-{code}"))?));
    let page = Page {
        language: lang.as_str(),
        direction: page::direction(lang),
        title: words.say("register-title")?,
        no_script: words.say("no-script")?,
        words: serde_json::Value::Object(words.beginning("register-")?).to_string(),
        languages: page::LANGUAGES.iter().map(|(lang, name)| (lang.as_str(), *name)).collect(),
        fields: LINES.iter().map(field).collect::<Result<_>>()?,
        sexes: ["female", "male", "other"].into_iter().map(sex).collect::<Result<_>>()?,
        country: words.say("field-country")?,
        country_why: words.say("why-country")?,
        writes: words.say("field-language")?,
        writes_why: words.say("why-language")?,
        sex: words.say("field-sex")?,
        sex_why: words.say("why-sex")?,
        optional: words.say("field-optional")?,
        agree: words.say("field-agree")?,
        send: words.say("field-send")?,
    };
    page.render().map_err(crate::kernel::Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_written_in_every_language_and_asks_for_every_field_that_is_kept() {
        for lang in Lang::ALL {
            let html = written(*lang).expect("every key is there");
            assert!(html.len() < 12 * 1024, "{lang}: {} bytes", html.len());
            for field in super::super::super::participants::FIELDS {
                let name = if field.field == "consent_version" { "agree" } else { field.field };
                assert!(html.contains(&format!("name=\"{name}\"")), "{lang}: {name} is not asked for");
            }
            let text = super::super::super::consent::text().expect("a text");
            assert!(text.in_lang(*lang).len() > 100);
        }
    }
}
