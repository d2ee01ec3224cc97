//! One master key, outside the database, and a key of its own for every purpose, derived from it (RFC 5869).

use std::path::Path;

use aws_lc_rs::{hkdf, hmac};

use super::clock;
use crate::kernel::id::{FeedId, LinkId};
use crate::kernel::{Error, Result};

/// What a key is for; keys of two purposes never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Mixed into passwords before hashing.
    Pepper,
    /// Seals second-factor seeds, signing keys and stored replies.
    Seal,
    /// Authenticates list cursors.
    Cursor,
    /// Marks known devices at login.
    Device,
    /// Authenticates unsubscribe links.
    Unsubscribe,
    /// Signs audit checkpoints (Ed25519 seed).
    Checkpoint,
    /// Authenticates single-use links; the token is derived from the link's id, so no table holds it.
    Link,
    /// Authenticates addresses of calendar feeds.
    Feed,
    /// Tells whether a retried request has the body of the first.
    Body,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Purpose::Pepper => b"cybercap pepper v1",
            Purpose::Seal => b"cybercap seal v1",
            Purpose::Cursor => b"cybercap cursor v1",
            Purpose::Device => b"cybercap device v1",
            Purpose::Unsubscribe => b"cybercap unsubscribe v1",
            Purpose::Checkpoint => b"cybercap checkpoint v1",
            Purpose::Link => b"cybercap link v1",
            Purpose::Feed => b"cybercap feed v1",
            Purpose::Body => b"cybercap body v1",
        }
    }
}

/// The master key of an installation: 32 bytes.
#[derive(Clone)]
pub struct Master([u8; 32]);

impl std::fmt::Debug for Master {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Master(hidden)")
    }
}

struct Length32;

impl hkdf::KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

impl Master {
    /// From the 64 hexadecimal digits of the setting.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn from_hex(text: &str) -> Result<Master> {
        let refused = || Error::unavailable("The master key must be 64 hexadecimal digits (32 bytes).");
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return Err(refused());
        }
        let mut key = [0; 32];
        for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(pair).map_err(|_| refused())?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| refused())?;
        }
        Ok(Master(key))
    }

    /// Reads the key file, or makes one that only its owner can read.
    ///
    /// # Errors
    /// When the file can't be read or written, or others can read it.
    pub fn from_file(path: &Path) -> Result<Master> {
        let failed = |e: std::io::Error| {
            Error::unavailable(format!("The key file {} can't be used.", path.display())).because(e)
        };
        if path.exists() {
            refuse_readable_by_others(path)?;
            return Master::from_hex(&std::fs::read_to_string(path).map_err(failed)?);
        }
        let key = clock::random::<32>()?;
        write_private(path, &hex(&key)).map_err(failed)?;
        Ok(Master(key))
    }

    /// The key of a purpose.
    pub fn derive(&self, purpose: Purpose) -> [u8; 32] {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"cybercap");
        let mut key = [0; 32];
        let info = [purpose.label()];
        let okm = salt.extract(&self.0).expand(&info, Length32).and_then(|okm| okm.fill(&mut key));
        debug_assert!(okm.is_ok(), "32 bytes are always within the limit of HKDF");
        key
    }

    /// HMAC-SHA-256 with the key of a purpose.
    pub fn mac(&self, purpose: Purpose, data: &[u8]) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.derive(purpose));
        let mut mac = [0; 32];
        mac.copy_from_slice(hmac::sign(&key, data).as_ref());
        mac
    }
}

#[cfg(unix)]
fn refuse_readable_by_others(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_err(Error::internal)?.permissions().mode();
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(Error::unavailable(format!(
            "The key file {} can be read by others; run: chmod 600 {}",
            path.display(),
            path.display()
        ))),
    }
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_: &Path) -> Result<()> {
    Ok(())
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// An id and a MAC of it. Whoever holds the database alone can't make one.
fn token(master: &Master, purpose: Purpose, id: uuid::Uuid) -> String {
    use base64::Engine;
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend_from_slice(&master.mac(purpose, id.as_bytes()));
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// The id in a token, when the token is ours.
fn token_of(master: &Master, purpose: Purpose, token: &str) -> Option<uuid::Uuid> {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, mac) = bytes.split_at_checked(16)?;
    let genuine = same(mac, &master.mac(purpose, id));
    genuine.then(|| uuid::Uuid::from_slice(id).ok()).flatten()
}

/// The secret of a single-use link.
pub fn link_token(master: &Master, link: LinkId) -> String {
    token(master, Purpose::Link, link.0)
}

/// The link of a token, when the token is ours.
pub fn link_of(master: &Master, token: &str) -> Option<LinkId> {
    token_of(master, Purpose::Link, token).map(LinkId)
}

/// The secret in the address of a calendar feed.
pub fn feed_token(master: &Master, feed: FeedId) -> String {
    token(master, Purpose::Feed, feed.0)
}

/// The feed of a token, when the token is ours.
pub fn feed_of(master: &Master, token: &str) -> Option<FeedId> {
    token_of(master, Purpose::Feed, token).map(FeedId)
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, data).as_ref());
    out
}

/// Compares secrets in constant time.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a, b).is_ok()
}
