//! Writing replies: a record with its tag, a page with its next link, a thing created.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;

use super::extract::speech;
use super::{cursor, etag};
use crate::kernel::lang::{Speech, speaking};
use crate::kernel::page::{Items, Page};
use crate::kernel::{Error, Result};
use crate::platform::keys::{Master, hex, sha256};

/// A reply that is complete before it is sent: status, headers and the value for the body.
#[derive(Debug)]
pub struct Reply<T> {
    status: StatusCode,
    location: Option<String>,
    version: Option<i32>,
    marked: bool,
    body: Option<T>,
}

impl<T> Reply<T> {
    /// 200 with a value that has no version.
    pub fn ok(value: T) -> Self {
        Reply { status: StatusCode::OK, location: None, version: None, marked: false, body: Some(value) }
    }

    /// 201 with the place of the new record. `location` is below `/api/v1`.
    pub fn created(location: impl AsRef<str>, version: i32, value: T) -> Self {
        let location = Some(format!("/api/v1{}", location.as_ref()));
        Reply {
            status: StatusCode::CREATED,
            location,
            version: Some(version),
            marked: false,
            body: Some(value),
        }
    }

    /// 200 with one version of a record.
    pub fn record(version: i32, value: T) -> Self {
        Reply {
            status: StatusCode::OK,
            location: None,
            version: Some(version),
            marked: false,
            body: Some(value),
        }
    }

    /// The same, where it also shows what moves without the record's version (its label, how much is answered, what the
    /// caller may do now): the tag names the version, which `If-Match` needs, and differs when anything shown does.
    #[must_use]
    pub fn marked(self) -> Self {
        Reply { marked: true, ..self }
    }

    fn tag(&self, speech: Speech, body: &str) -> Option<String> {
        let tag = etag::tag(self.version?, speech);
        Some(match self.marked {
            true => format!("{}-{}\"", tag.trim_end_matches('"'), &hex(&sha256(body.as_bytes()))[..8]),
            false => tag,
        })
    }

    /// 202: accepted, the work is queued.
    pub fn accepted(value: T) -> Self {
        Reply {
            status: StatusCode::ACCEPTED,
            location: None,
            version: None,
            marked: false,
            body: Some(value),
        }
    }
}

impl Reply<()> {
    /// 204.
    pub fn nothing() -> Self {
        Reply { status: StatusCode::NO_CONTENT, location: None, version: None, marked: false, body: None }
    }
}

/// A reply as bytes: what is sent, and what an idempotency key remembers.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub struct Bytes {
    /// HTTP status.
    pub status: u16,
    /// `Location`.
    pub location: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// JSON body; empty for 204.
    pub body: String,
}

impl<T: Serialize> Reply<T> {
    /// Serializes the reply in a manner of speech.
    ///
    /// # Errors
    /// When the value can't be serialized.
    pub fn bytes(&self, speech: Speech) -> Result<Bytes> {
        let body = match &self.body {
            Some(value) => speaking(speech, || serde_json::to_string(value)).map_err(Error::internal)?,
            None => String::new(),
        };
        Ok(Bytes {
            status: self.status.as_u16(),
            location: self.location.clone(),
            etag: self.tag(speech, &body),
            body,
        })
    }
}

impl Bytes {
    /// 304 to who has what would be sent.
    fn unless_known(self, request: &HttpRequest) -> Self {
        match &self.etag {
            Some(tag) if self.status == 200 && etag::known(request, tag) => {
                Bytes { status: 304, location: None, etag: self.etag, body: String::new() }
            }
            _ => self,
        }
    }

    /// The HTTP response.
    pub fn response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        let mut add = |name: HeaderName, text: Option<String>| {
            if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
                response.insert_header((name, value));
            }
        };
        add(header::LOCATION, self.location);
        add(header::ETAG, self.etag);
        match status {
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => response.finish(),
            _ => response.content_type("application/json; charset=utf-8").body(self.body),
        }
    }
}

impl<T: Serialize> Responder for Reply<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match self.bytes(speech(request)) {
            Ok(bytes) => bytes.unless_known(request).response(),
            Err(error) => HttpResponse::from_error(error),
        }
    }
}

/// A page of a list, ready to be shown with its cursor and `Link: rel="next"`.
#[derive(Debug)]
pub struct Shown<T> {
    page: Page<T>,
    bound: String,
    tagged: bool,
}

impl<T> Shown<T> {
    /// The page and what its cursor is bound to ([`Filter::bound`](super::Filter)).
    pub fn new(page: Page<T>, bound: String) -> Self {
        Shown { page, bound, tagged: false }
    }

    /// With an ETag of what it shows, for lists that seldom change: who knows it hears 304.
    #[must_use]
    pub fn tagged(self) -> Self {
        Shown { tagged: true, ..self }
    }
}

impl<T: Serialize> Responder for Shown<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let master = request.app_data::<Data<Master>>();
        let next = match (&self.page.next, master) {
            (Some(position), Some(master)) => Some(cursor::write(master, position, &self.bound)),
            _ => None,
        };
        let link = next.as_ref().map(|cursor| next_link(request, cursor));
        // A list that is whole on its first page needs no query to be counted.
        let whole = next.is_none() && !request.query_string().contains("cursor=");
        let counted = whole && request.query_string().contains("count=exact");
        let total = self.page.total.or(counted.then_some(self.page.items.len() as i64));
        let items = Items { items: self.page.items, next, total };
        let reply = Reply::ok(items);
        let mut response = match self.tagged {
            true => by_content(&reply, request),
            false => reply.respond_to(request),
        };
        if let Some(value) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
            response.headers_mut().insert(header::LINK, value);
        }
        response
    }
}

/// The reply with a tag made from its content, or 304 for who has it.
fn by_content<T: Serialize>(reply: &Reply<T>, request: &HttpRequest) -> HttpResponse {
    let speech = speech(request);
    let bytes = match reply.bytes(speech) {
        Ok(bytes) => bytes,
        Err(error) => return HttpResponse::from_error(error),
    };
    let tag = format!("\"{}-{}\"", &hex(&sha256(bytes.body.as_bytes()))[..32], speech.tag());
    Bytes { etag: Some(tag), ..bytes }.unless_known(request).response()
}

/// RFC 8288 link to the next page: this request with another cursor.
fn next_link(request: &HttpRequest, cursor: &str) -> String {
    let kept =
        request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let mut query: Vec<&str> = kept.collect();
    let cursor = format!("cursor={cursor}");
    query.push(&cursor);
    format!("<{}?{}>; rel=\"next\"", request.path(), query.join("&"))
}
