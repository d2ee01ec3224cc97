//! Checking a certificate without the house that issued it: the file and the published keys are enough.

use serde_json::{Map, Value};

use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::http::extract::json;
use crate::platform::signature::{PublicKey, canonical};

/// What a certificate says, after its signature was found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What it says, line by line.
    pub says: Vec<(&'static str, String)>,
    /// Where to ask whether it was revoked.
    pub ask: String,
    /// Why it is not good any more, if so.
    pub over: Option<String>,
}

fn refused(words: impl Into<String>) -> Error {
    Error::unavailable(words.into())
}

/// Members of the file; another one is refused, for nobody signed it.
const MEMBERS: [&str; 5] = ["certificate", "kid", "revoked_on", "signature", "status"];

/// Checks the answer of `GET /api/v1/certificates/{number}`, kept as a file, with a JWK set.
///
/// # Errors
/// When a file is not what it should be, the key is not among the keys, or the signature does not fit.
pub fn verify(file: &[u8], keys: &[u8], today: Day) -> Result<Verdict> {
    let unread = |e: Error| refused(format!("The certificate can't be read: {}", e.detail));
    let Value::Object(file) = json(file).map_err(unread)? else {
        return Err(refused(
            "The certificate is no JSON object; save the answer of GET /api/v1/certificates/{number}.",
        ));
    };
    if let Some(other) = file.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(refused(format!(
            "The certificate has a member {other:?} that no certificate has; it was changed."
        )));
    }
    let kid = text(&file, "kid")?;
    let key = key(keys, kid)?.ok_or_else(|| {
        refused("The certificate names a key that is not among these: it is not by this house, or newer than the file of keys.")
    })?;
    let content = file.get("certificate").unwrap_or(&Value::Null);
    let signed = canonical(content).unwrap_or_default();
    if !key.accepts(&signed, text(&file, "signature")?) {
        return Err(refused(
            "The signature does not fit: the certificate was changed, or is not by this house.",
        ));
    }
    let Value::Object(content) = content else { return Err(refused("The certificate says nothing.")) };
    told(content, &file, today)
}

/// The key of a name in a JWK set.
fn key(keys: &[u8], kid: &str) -> Result<Option<PublicKey>> {
    let unread = |e: Error| refused(format!("The keys can't be read: {}", e.detail));
    let keys = json(keys).map_err(unread)?;
    let Some(list) = keys["keys"].as_array() else {
        return Err(refused("The file of keys is no JWK set; save /.well-known/certificate-keys.json."));
    };
    let mut known = list.iter().filter_map(|jwk| PublicKey::from_text(jwk["x"].as_str()?));
    // The name is worked out again: a key can't come under the name of another.
    Ok(known.find(|key| key.kid() == kid))
}

fn text<'a>(of: &'a Map<String, Value>, name: &str) -> Result<&'a str> {
    of.get(name).and_then(Value::as_str).ok_or_else(|| refused(format!("The certificate lacks its {name}.")))
}

fn told(content: &Map<String, Value>, file: &Map<String, Value>, today: Day) -> Result<Verdict> {
    let day = |name: &str| -> Result<Option<Day>> {
        match content.get(name).and_then(Value::as_str) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| refused(format!("{name} is no day."))),
        }
    };
    let until = day("valid_until")?;
    let course = content.get("course").and_then(Value::as_object);
    let course = course.and_then(|course| course.get("en").or_else(|| course.values().next()));
    let number = text(content, "number")?;
    let says = vec![
        ("Number", number.to_owned()),
        ("Name", text(content, "name")?.to_owned()),
        ("Course", course.and_then(Value::as_str).unwrap_or("").to_owned()),
        ("Held", format!("{} to {}", text(content, "held_from")?, text(content, "held_until")?)),
        ("Issued", text(content, "issued_on")?.to_owned()),
        ("Valid until", until.map_or_else(|| "no end".to_owned(), |day| day.to_string())),
        ("Issued by", text(content, "issuer")?.to_owned()),
    ];
    let over = match (text(file, "status")?, until, file.get("revoked_on")) {
        ("issued" | "expired", Some(until), Some(Value::Null)) if until < today => {
            Some(format!("It expired: it was valid until {until}."))
        }
        ("issued", _, Some(Value::Null)) => None,
        ("revoked", _, Some(Value::String(day))) => Some(format!("It was revoked on {day}.")),
        _ => Some("What the file says of its state does not fit: it was changed.".to_owned()),
    };
    Ok(Verdict { says, ask: format!("{}/certificates/{number}", text(content, "issuer")?), over })
}
