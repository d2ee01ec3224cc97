//! Links that stop a category of letters with one click (RFC 8058), without a login and without effect when only read.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::compose::Place;
use super::rules::Category;
use crate::kernel::id::UserId;
use crate::platform::keys::{Master, Purpose, same};

/// The link for a person and a category.
pub fn link(place: &Place, person: UserId, category: Category) -> String {
    format!("{}/unsubscribe?token={}", place.base_url, token(&place.master, person, category))
}

fn token(master: &Master, person: UserId, category: Category) -> String {
    let mut bytes = person.0.as_bytes().to_vec();
    bytes.extend_from_slice(category.as_str().as_bytes());
    let mac = master.mac(Purpose::Unsubscribe, &bytes);
    bytes.extend_from_slice(&mac[..16]);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whom and what a token is for, when it is ours.
pub fn read(master: &Master, token: &str) -> Option<(UserId, Category)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(16)?)?;
    if !same(mac, &master.mac(Purpose::Unsubscribe, body)[..16]) {
        return None;
    }
    let (person, category) = body.split_at_checked(16)?;
    let category = std::str::from_utf8(category).ok()?.parse().ok()?;
    Some((UserId(uuid::Uuid::from_slice(person).ok()?), category))
}
