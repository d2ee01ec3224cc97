//! The page of a certificate: shown to anyone who knows its number, printed on one sheet of A4.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::Datelike;
use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use qrcodegen::{QrCode, QrCodeEcc};

use super::super::entrance::Entrance;
use super::http::looked_up;
use super::keys;
use super::model::{Certificate, CertificateStatus};
use super::view;
use crate::kernel::error::Code;
use crate::kernel::lang::Lang;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::page::{self, Catalog, LANGUAGES, Words};
use crate::platform::token::Tokens;

/// Where the files are.
const PLACE: &str = "config/certificates";
/// The texts in each language.
const TEXTS: Catalog = &[
    (Lang::En, include_str!("../../../config/certificates/en.ftl")),
    (Lang::Fr, include_str!("../../../config/certificates/fr.ftl")),
    (Lang::Es, include_str!("../../../config/certificates/es.ftl")),
    (Lang::Ar, include_str!("../../../config/certificates/ar.ftl")),
    (Lang::Ru, include_str!("../../../config/certificates/ru.ftl")),
    (Lang::Zh, include_str!("../../../config/certificates/zh.ftl")),
    (Lang::Pt, include_str!("../../../config/certificates/pt.ftl")),
];
/// Free modules around a code, as its standard asks.
const MARGIN: i32 = 4;

#[derive(Template)]
#[template(path = "certificate.html")]
struct Page<'a> {
    language: &'a str,
    direction: &'a str,
    title: String,
    lead: String,
    example: &'a str,
    others: String,
    languages: Vec<(&'a str, &'a str)>,
    shown: Option<Shown>,
}

/// What the page of a certificate tells.
struct Shown {
    state: &'static str,
    said: String,
    mark: Option<String>,
    revoked: Option<(String, String)>,
    awarded: String,
    completed: String,
    name: String,
    name_size: &'static str,
    course: String,
    course_size: &'static str,
    rows: Vec<(String, Vec<String>)>,
    check: String,
    url: String,
    place: String,
    number: String,
    qr: String,
    qr_side: i32,
}

/// Serves the page, and the keys with which certificates are checked without it.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route("/certificates/{number}", web::get().to(show));
    config.route("/certificates.css", web::get().to(style));
    config.route(keys::PUBLISHED, web::get().to(keys::show));
}

async fn style() -> HttpResponse {
    page::style(include_str!("../../../config/pages/certificate.css"))
}

async fn show(
    request: HttpRequest,
    door: Entrance,
    tokens: web::Data<Tokens>,
    number: web::Path<String>,
) -> Result<HttpResponse> {
    let lang = page::language(&request);
    match looked_up(&door, &number).await {
        Ok((certificate, today)) => {
            Ok(page::answer(lang, written(lang, Some((&certificate, today)), tokens.issuer())?))
        }
        Err(error) if error.code == Code::NotFound => {
            let mut response = page::answer(lang, written(lang, None, tokens.issuer())?);
            *response.status_mut() = StatusCode::NOT_FOUND;
            Ok(response)
        }
        Err(error) => Err(error),
    }
}

fn written(lang: Lang, found: Option<(&Certificate, Day)>, base_url: &str) -> Result<String> {
    let words = Words::of(TEXTS, lang, PLACE)?;
    let shown =
        found.map(|(certificate, today)| told(&words, lang, certificate, today, base_url)).transpose()?;
    let page = Page {
        language: lang.as_str(),
        direction: page::direction(lang),
        title: words.say(if shown.is_some() { "title" } else { "unknown-title" })?,
        lead: words.say("unknown-lead")?,
        example: "CC-7KQ2-M8ZD-4WPX",
        others: words.say("languages")?,
        languages: LANGUAGES.iter().map(|(lang, name)| (lang.as_str(), *name)).collect(),
        shown,
    };
    page.render().map_err(Error::internal)
}

fn told(words: &Words, lang: Lang, c: &Certificate, today: Day, base_url: &str) -> Result<Shown> {
    let content: serde_json::Value = serde_json::from_str(&c.content).map_err(Error::internal)?;
    let of = |name: &str| content[name].as_str().unwrap_or_default();
    let day = |name: &str| of(name).parse::<Day>().map(|day| long(lang, day)).unwrap_or_default();
    let courses = content["course"].as_object();
    let course = courses.and_then(|all| all.get(lang.as_str()).or(all.get("en")).or(all.values().next()));
    let course = course.and_then(|text| text.as_str()).unwrap_or_default().to_owned();
    let status = c.status(today);
    let (from, until) = (day("held_from"), day("held_until"));
    let held = if from == until { vec![from] } else { vec![from, until] };
    let ends = match c.valid_until {
        Some(until) => long(lang, until),
        None => words.say("no-end")?,
    };
    let url = view::url(base_url, c);
    let (qr, qr_side) = code(&url)?;
    let revoked = c.revoked_at.map(|at| long(lang, Day(at.utc().date_naive())));
    let mark = (status != CertificateStatus::Issued).then(|| words.say(&format!("mark-{status}")));
    Ok(Shown {
        state: status.as_str(),
        said: words.say(&format!("state-{status}"))?,
        mark: mark.transpose()?,
        revoked: revoked.map(|day| Ok::<_, Error>((words.say("revoked-on")?, day))).transpose()?,
        awarded: words.say("awarded")?,
        completed: words.say("completed")?,
        name: c.name.to_string(),
        name_size: size(c.name.as_str(), 34, 90),
        course_size: size(&course, 70, 160),
        course,
        rows: vec![
            (words.say("held")?, held),
            (words.say("issued")?, vec![day("issued_on")]),
            (words.say("valid-until")?, vec![ends]),
            (words.say("number")?, vec![c.number.to_string()]),
            (words.say("issuer")?, vec![of("issuer").split("://").last().unwrap_or_default().to_owned()]),
        ],
        check: words.say("check")?,
        place: url.trim_end_matches(c.number.as_str()).to_owned(),
        number: c.number.to_string(),
        url,
        qr,
        qr_side,
    })
}

/// How large a text may be written to stay on the sheet.
fn size(text: &str, long: usize, longest: usize) -> &'static str {
    match text.chars().count() {
        count if count > longest => "longest",
        count if count > long => "long",
        _ => "",
    }
}

/// A day in words: `27 November 2026`.
fn long(lang: Lang, day: Day) -> String {
    let tag = if lang == Lang::En { "en-GB" } else { lang.as_str() };
    let written = tag.parse::<icu_locale_core::Locale>().ok().and_then(|locale| {
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(locale.into(), YMD::long());
        let (month, number) = (u8::try_from(day.0.month()).ok()?, u8::try_from(day.0.day()).ok()?);
        let date = Date::try_new_gregorian(day.0.year(), month, number).ok()?;
        Some(formatter.ok()?.format(&date).to_string())
    });
    let text = written.unwrap_or_else(|| day.to_string());
    // The first of a month is an ordinal in French.
    if lang == Lang::Fr && day.0.day() == 1 { text.replacen("1 ", "1er ", 1) } else { text }
}

/// A QR code as the path of a drawing, with the side of the drawing in modules.
fn code(text: &str) -> Result<(String, i32)> {
    use std::fmt::Write;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|e| Error::internal(e.to_string()))?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let from = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > from {
                let drawn =
                    write!(path, "M{} {}h{}v1H{}z", from + MARGIN, y + MARGIN, x - from, from + MARGIN);
                drawn.map_err(Error::internal)?;
            }
            x += 1;
        }
    }
    Ok((path, code.size() + 2 * MARGIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything_and_writes_days_in_full() {
        let day: Day = "2026-12-01".parse().expect("a day");
        let days: Vec<String> = LANGUAGES.iter().map(|(lang, _)| long(*lang, day)).collect();
        assert_eq!(days[0], "1 December 2026");
        assert_eq!(days[1], "1er décembre 2026");
        assert_eq!(days[5], "2026年12月1日");
        for (lang, _) in LANGUAGES {
            let html = written(*lang, None, "https://example.org").expect("every key is there");
            assert!(html.contains(&format!("lang=\"{lang}\"")) && html.len() < 8 * 1024);
            let words = Words::of(TEXTS, *lang, PLACE).expect("texts");
            let missing: Vec<&str> = TEXTS[0]
                .1
                .lines()
                .filter_map(|line| line.split_once(" = "))
                .map(|(key, _)| key)
                .filter(|key| words.say(key).is_err())
                .collect();
            assert!(missing.is_empty(), "{lang} lacks {missing:?}");
        }
    }

    #[test]
    fn a_code_is_drawn_with_its_margin() {
        let (path, side) = code("https://example.org/certificates/CC-7KQ2-M8ZD-4WPX").expect("it fits");
        assert!((33..60).contains(&side), "{side}");
        // The first row of the finder pattern: seven dark modules.
        assert!(path.starts_with("M4 4h7v1H4z"), "{}", &path[..40]);
    }
}
