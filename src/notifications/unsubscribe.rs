//! Links that stop a category of letters with one click (RFC 8058), without a login and without effect when only read.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::compose::Place;
use super::model::RecipientKind;
use super::people::Recipient;
use super::rules::Category;
use crate::kernel::id::ObjectId;
use crate::platform::keys::{Master, Purpose, same};

/// Before the category of a person without an account.
const PARTICIPANT: &str = "participant:";

/// For whom and for what a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The account, or the participant.
    pub person: ObjectId,
    /// Which of the two: an account, or somebody with a place in a session.
    pub kind: RecipientKind,
    /// What the letters are about.
    pub category: Category,
}

/// The link for a recipient and a category.
pub fn link(place: &Place, to: &Recipient, category: Category) -> String {
    let wish = Wish { person: to.person, kind: to.kind, category };
    format!("{}/unsubscribe?token={}", place.base_url, token(&place.master, wish))
}

fn token(master: &Master, wish: Wish) -> String {
    let mut bytes = wish.person.0.as_bytes().to_vec();
    if wish.kind == RecipientKind::Registration {
        bytes.extend_from_slice(PARTICIPANT.as_bytes());
    }
    bytes.extend_from_slice(wish.category.as_str().as_bytes());
    let mac = master.mac(Purpose::Unsubscribe, &bytes);
    bytes.extend_from_slice(&mac[..16]);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whom and what a token is for, when it is ours.
pub fn read(master: &Master, token: &str) -> Option<Wish> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(16)?)?;
    if !same(mac, &master.mac(Purpose::Unsubscribe, body)[..16]) {
        return None;
    }
    let (person, words) = body.split_at_checked(16)?;
    let words = std::str::from_utf8(words).ok()?;
    let (kind, category) = match words.strip_prefix(PARTICIPANT) {
        Some(category) => (RecipientKind::Registration, category),
        None => (RecipientKind::User, words),
    };
    let person = ObjectId(uuid::Uuid::from_slice(person).ok()?);
    Some(Wish { person, kind, category: category.parse().ok()? })
}
