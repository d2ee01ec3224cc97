//! List cursors: opaque, bound to the list's filter and sort and to the caller.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::kernel::page::Position;
use crate::kernel::{Error, Result};
use crate::platform::keys::{Master, Purpose, same};

/// Bytes of the authentication tag kept.
const TAG: usize = 16;

/// The cursor of a position in the list that `bound` describes (path, filters, caller).
pub fn write(master: &Master, position: &Position, bound: &str) -> String {
    let mut bytes = position.id.as_bytes().to_vec();
    bytes.extend_from_slice(position.key.as_bytes());
    let tag = mac(master, &bytes, bound);
    bytes.extend_from_slice(&tag);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The position of a cursor that this list gave.
///
/// # Errors
/// 422 when it is from another list, another filter or another caller.
pub fn read(master: &Master, cursor: &str, bound: &str) -> Result<Position> {
    let refused = || {
        Error::invalid(
            "cursor",
            "not_a_cursor",
            "Use `next` of the page before, with the same filters and sort.",
        )
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let body = bytes.len().checked_sub(TAG).filter(|length| *length >= 16).ok_or_else(refused)?;
    let (body, tag) = bytes.split_at(body);
    if !same(tag, &mac(master, body, bound)) {
        return Err(refused());
    }
    let (id, key) = body.split_at(16);
    let id = Uuid::from_slice(id).map_err(|_| refused())?;
    let key = String::from_utf8(key.to_vec()).map_err(|_| refused())?;
    Ok(Position { key, id })
}

fn mac(master: &Master, body: &[u8], bound: &str) -> [u8; TAG] {
    let mut data = body.to_vec();
    data.push(0);
    data.extend_from_slice(bound.as_bytes());
    let full = master.mac(Purpose::Cursor, &data);
    let mut tag = [0; TAG];
    tag.copy_from_slice(&full[..TAG]);
    tag
}
