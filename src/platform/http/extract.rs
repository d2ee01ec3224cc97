//! Reading requests: JSON bodies, query strings and ids from paths, every fault reported at once.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use deserr::Deserr;
use serde_json::{Map, Value};

use super::cursor;
use crate::kernel::error::{Code, FieldError};
use crate::kernel::lang::{Lang, Speech, speaking};
use crate::kernel::page::{DEFAULT_LIMIT, MAX_LIMIT, PageRequest};
use crate::kernel::parse::{self, Faults, FromText};
use crate::kernel::{Error, Result};
use crate::platform::keys::Master;

/// Most bytes of a JSON body, unless the route says otherwise.
pub const BODY_LIMIT: usize = 256 * 1024;
/// Most bytes of an import.
pub const IMPORT_LIMIT: usize = 8 * 1024 * 1024;
/// Deepest nesting of a JSON body.
const DEPTH: usize = 32;

/// A JSON body, parsed into a type that can't be wrong.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: Deserr<Faults> + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let typed = json_type(request);
        let speech = written_in(request);
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            typed?;
            let bytes = bytes.await.map_err(|e| too_large_or_cut(&e))?;
            let value = json(&bytes)?;
            speaking(speech, || parse::document(value)).map(Json)
        })
    }
}

/// Refuses a body that says itself that it is too large, before anything of it is read.
///
/// # Errors
/// 413.
pub fn stated_size(request: &HttpRequest, limit: usize) -> Result<()> {
    let stated = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    match stated.and_then(|length| length.parse::<u64>().ok()) {
        Some(length) if length > limit as u64 => Err(too_large(limit)),
        _ => Ok(()),
    }
}

/// The whole body of a request, refused as soon as it is larger than `limit`.
///
/// # Errors
/// 413 when it is too large; 400 when it did not arrive whole.
pub fn whole(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: usize,
) -> impl Future<Output = Result<Bytes>> + use<> {
    let sized = stated_size(request, limit);
    let body = actix_web::web::Payload::from_request(request, payload).into_inner();
    async move {
        sized?;
        let body = body.map_err(|e| Error::internal(e.to_string()))?;
        let bytes = body.to_bytes_limited(limit).await.map_err(|_| too_large(limit))?;
        bytes.map_err(|e| {
            Error::new(Code::BadRequest, "The body did not arrive whole.").because(e.to_string())
        })
    }
}

/// 413: what is the most.
pub fn too_large(limit: usize) -> Error {
    let most = match limit >> 20 {
        0 => format!("{} KiB", limit >> 10),
        whole => format!("{whole} MiB"),
    };
    Error::new(Code::BodyTooLarge, format!("Send at most {most}."))
}

fn too_large_or_cut(error: &actix_web::Error) -> Error {
    let status = error.as_response_error().status_code().as_u16();
    match status {
        413 => too_large(BODY_LIMIT),
        _ => Error::new(Code::BadRequest, "The body did not arrive whole.").because(error.to_string()),
    }
}

/// Parses JSON with a bound on its depth; duplicate keys are refused.
///
/// # Errors
/// 400 that says where the syntax breaks.
pub fn json(bytes: &[u8]) -> Result<Value> {
    let malformed = |e: serde_json::Error| {
        Error::new(Code::MalformedJson, format!("At line {}, column {}: {e}.", e.line(), e.column()))
    };
    let Unique(value) = serde_json::from_slice(bytes).map_err(malformed)?;
    match depth(&value) > DEPTH {
        true => Err(Error::new(Code::MalformedJson, format!("Nest at most {DEPTH} levels."))),
        false => Ok(value),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// A JSON value in which no object has a key twice: two readers could else see two different requests.
struct Unique(Value);

impl<'de> serde::Deserialize<'de> for Unique {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_any(UniqueVisitor).map(Unique)
    }
}

struct UniqueVisitor;

impl<'de> serde::de::Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, v: bool) -> std::result::Result<Value, E> {
        Ok(v.into())
    }
    fn visit_i64<E>(self, v: i64) -> std::result::Result<Value, E> {
        Ok(v.into())
    }
    fn visit_u64<E>(self, v: u64) -> std::result::Result<Value, E> {
        Ok(v.into())
    }
    fn visit_f64<E>(self, v: f64) -> std::result::Result<Value, E> {
        Ok(v.into())
    }
    fn visit_str<E>(self, v: &str) -> std::result::Result<Value, E> {
        Ok(v.into())
    }
    fn visit_string<E>(self, v: String) -> std::result::Result<Value, E> {
        Ok(v.into())
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(value)) = seq.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut entries: A) -> std::result::Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Unique(value))) = entries.next_entry::<String, Unique>()? {
            if map.contains_key(&key) {
                return Err(serde::de::Error::custom(format!("the key {key:?} stands twice")));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

fn json_type(request: &HttpRequest) -> Result<()> {
    let essence = request.content_type().trim().to_ascii_lowercase();
    let ok = essence == "application/json" || essence.ends_with("+json");
    let detail = "Send the body as Content-Type: application/json.";
    if ok { Ok(()) } else { Err(Error::new(Code::UnsupportedMediaType, detail)) }
}

/// How texts of the reply are shown: all languages with `lang=all`, else the best for `Accept-Language`, else the
/// caller's own language, else English.
pub fn speech(request: &HttpRequest) -> Speech {
    if request.query_string().split('&').any(|pair| pair == "lang=all") {
        return Speech::All;
    }
    let asked = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|v| v.to_str().ok())
        .and_then(Lang::negotiate);
    let own = || request.extensions().get::<Lang>().copied();
    Speech::One(asked.or_else(own).unwrap_or(Lang::En))
}

/// The language of plain strings in a body: `Content-Language`, else the language of the reply.
pub fn written_in(request: &HttpRequest) -> Speech {
    let said = request
        .headers()
        .get(header::CONTENT_LANGUAGE)
        .and_then(|v| v.to_str().ok())
        .and_then(Lang::negotiate);
    said.map_or_else(|| speech(request), Speech::One)
}

/// The filters of a list, its page, and what its cursors are bound to.
#[derive(Debug)]
pub struct Filter<F> {
    /// The filters, parsed.
    pub by: F,
    /// The page wanted.
    pub page: PageRequest,
    /// What the next cursor is bound to: path, filters and sort.
    pub bound: String,
}

/// A list without filters of its own.
#[derive(Clone, Copy, Debug, Default, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Unfiltered {}

/// Names of query parameters that are read here for every list that documents them.
const COMMON: &[&str] = &["limit", "cursor", "count", "lang", "excel"];

/// Left on a request: the names of the query parameters that its route documents.
#[derive(Clone, Debug)]
pub struct Taken(pub Arc<[String]>);

impl Taken {
    /// The names of common parameters that the route at hand takes.
    fn common(request: &HttpRequest) -> Vec<&'static str> {
        let taken = request.extensions().get::<Taken>().cloned();
        let takes = |name: &&str| taken.as_ref().is_some_and(|taken| taken.0.iter().any(|t| t == name));
        COMMON.iter().copied().filter(takes).collect()
    }
}

impl<F: Deserr<Faults> + 'static> FromRequest for Filter<F> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(filter(request))
    }
}

fn filter<F: Deserr<Faults>>(request: &HttpRequest) -> Result<Filter<F>> {
    let takes = Taken::common(request);
    let (common, own) = pairs(request, &takes)?;
    let mut faults = Vec::new();
    let by = match parse::document::<F>(Value::Object(own.clone())) {
        Ok(by) => Some(by),
        Err(error) => {
            faults.extend(error.fields.into_iter().map(|fault| named_parameter(fault, &takes)));
            None
        }
    };
    let bound = format!("{} {} {}", request.path(), Value::Object(own), caller(request));
    let page = page(request, &common, &bound);
    match (by, page) {
        (Some(by), Ok(page)) => Ok(Filter { by, page, bound }),
        (_, page) => {
            faults.extend(page.err().map(|e| e.fields).unwrap_or_default());
            Err(Error::invalid_fields(faults))
        }
    }
}

fn caller(request: &HttpRequest) -> String {
    request.extensions().get::<crate::kernel::id::UserId>().map(ToString::to_string).unwrap_or_default()
}

fn named_parameter(mut fault: FieldError, common: &[&str]) -> FieldError {
    fault.pointer = fault.pointer.trim_start_matches('/').to_owned();
    if fault.code == "unknown_field" {
        fault.code = "unknown_parameter";
        fault.detail = fault.detail.replace("field", "parameter");
        fault.detail = format!("{}, {}.", fault.detail.trim_end_matches([' ', '.']), common.join(", "));
    }
    fault
}

type Pairs = Map<String, Value>;

/// Splits a query string into parameters common to all lists and the list's own; a name given twice is refused.
fn pairs(request: &HttpRequest, takes: &[&str]) -> Result<(Pairs, Pairs)> {
    let query: Vec<(String, String)> =
        actix_web::web::Query::<Vec<(String, String)>>::from_query(request.query_string())
            .map_err(|e| {
                Error::new(Code::BadRequest, "The query string can't be read.").because(e.to_string())
            })?
            .into_inner();
    let (mut common, mut own) = (Map::new(), Map::new());
    for (name, value) in query {
        let map = if takes.contains(&name.as_str()) { &mut common } else { &mut own };
        if map.insert(name.clone(), value.into()).is_some() {
            return Err(Error::invalid(
                name,
                "twice",
                "Give each parameter once; several values are separated by commas.",
            ));
        }
    }
    Ok((common, own))
}

fn page(request: &HttpRequest, common: &Pairs, bound: &str) -> Result<PageRequest> {
    let text = |name: &str| common.get(name).and_then(Value::as_str);
    let mut faults = Vec::new();
    let limit = match text("limit").map(str::parse::<i64>) {
        None => DEFAULT_LIMIT,
        Some(Ok(limit)) if (1..=MAX_LIMIT).contains(&limit) => limit,
        Some(_) => {
            faults.push(FieldError::at(
                "limit",
                "out_of_range",
                format!("Use a number from 1 to {MAX_LIMIT}."),
            ));
            DEFAULT_LIMIT
        }
    };
    only(&mut faults, "count", text("count"), &["exact"]);
    only(&mut faults, "lang", text("lang"), &["all"]);
    only(&mut faults, "excel", text("excel"), &["0", "1"]);
    let after = match (text("cursor"), request.app_data::<Data<Master>>()) {
        (Some(cursor), Some(master)) => match cursor::read(master, cursor, bound) {
            Ok(position) => Some(position),
            Err(error) => {
                faults.extend(error.fields);
                None
            }
        },
        _ => None,
    };
    match faults.is_empty() {
        true => Ok(PageRequest { limit, after, count: text("count").is_some() }),
        false => Err(Error::invalid_fields(faults)),
    }
}

fn only(faults: &mut Vec<FieldError>, name: &str, value: Option<&str>, allowed: &[&str]) {
    if value.is_some_and(|value| !allowed.contains(&value)) {
        faults.push(FieldError::at(name, "unknown_value", format!("Use: {}.", allowed.join(", "))));
    }
}

/// The id in the path, by its parameter's place: `Key<ProgramId>` is the first, `Key<(ProgramId, Iso2)>` both.
/// What is not an id can't name anything: 404.
#[derive(Debug)]
pub struct Key<T>(pub T);

impl<T: FromText> FromRequest for Key<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(segment(request, 0).and_then(|s| T::from_text(s).map_err(|_| Error::not_found())).map(Key))
    }
}

/// Two ids in the path.
#[derive(Debug)]
pub struct Keys<A, B>(pub A, pub B);

impl<A: FromText, B: FromText> FromRequest for Keys<A, B> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let both = || {
            let a = A::from_text(segment(request, 0)?).map_err(|_| Error::not_found())?;
            let b = B::from_text(segment(request, 1)?).map_err(|_| Error::not_found())?;
            Ok(Keys(a, b))
        };
        ready(both())
    }
}

fn segment(request: &HttpRequest, place: usize) -> Result<&str> {
    request.match_info().iter().nth(place).map(|(_, value)| value).ok_or_else(Error::not_found)
}
