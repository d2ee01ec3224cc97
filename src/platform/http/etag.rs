//! Entity tags: strong, the record's version and the language of its texts.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::kernel::error::Code;
use crate::kernel::lang::Speech;
use crate::kernel::{Error, Result};

/// The tag of a version of a record in a manner of speech, for example `"3-fr"`.
pub fn tag(version: i32, speech: Speech) -> String {
    format!("\"{version}-{}\"", speech.tag())
}

/// The version a client last read, from `If-Match`.
///
/// # Errors
/// 428 without the header; 412 when it can't name one of our versions.
pub fn if_match(request: &HttpRequest) -> Result<i32> {
    let needed = || Error::new(Code::PreconditionNeeded, "Read the record, then send its ETag as If-Match.");
    let header = request.headers().get(header::IF_MATCH).ok_or_else(needed)?;
    let text = header.to_str().unwrap_or("").trim();
    let version =
        text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).map(|t| t.split('-').next().unwrap_or(t));
    version.and_then(|v| v.parse().ok()).ok_or_else(stale)
}

/// 412: somebody changed the record meanwhile.
pub fn stale() -> Error {
    Error::new(
        Code::StaleVersion,
        "Read the record again, look at what changed, and send your change with the new ETag.",
    )
}

/// Refuses a change of another version than the one the client read.
///
/// # Errors
/// 412.
pub fn matches(read: i32, now: i32) -> Result<()> {
    if read == now { Ok(()) } else { Err(stale()) }
}

/// Whether `If-None-Match` names this tag.
pub fn known(request: &HttpRequest, tag: &str) -> bool {
    let header = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    header.is_some_and(|list| {
        list.split(',').any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*")
    })
}
