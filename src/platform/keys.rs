//! One master key, outside the database, and a key of its own for every purpose, derived from it (RFC 5869).

use std::path::Path;

use aws_lc_rs::{hkdf, hmac};

use super::clock;
use crate::kernel::id::{FeedId, LinkId, RegistrationId, RegistrationLinkId, TrainingSessionId};
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
    /// Authenticates passes: what a person without an account shows for their registration.
    Pass,
    /// Authenticates links by which people register themselves for a session.
    Registration,
    /// Makes the code of a running session, which changes every minute.
    CheckIn,
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
            Purpose::Pass => b"cybercap pass v1",
            Purpose::Registration => b"cybercap registration v1",
            Purpose::CheckIn => b"cybercap check-in v1",
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

/// The pass of a registration: the part behind `#` in `{base_url}/pass#`. It works as long as the registration is there.
pub fn pass_token(master: &Master, registration: RegistrationId) -> String {
    token(master, Purpose::Pass, registration.0)
}

/// The registration of a pass, when the pass is ours.
pub fn pass_of(master: &Master, token: &str) -> Option<RegistrationId> {
    token_of(master, Purpose::Pass, token).map(RegistrationId)
}

/// The secret of a link by which people register themselves: the part behind `#` in `{base_url}/register#`.
pub fn registration_link_token(master: &Master, link: RegistrationLinkId) -> String {
    token(master, Purpose::Registration, link.0)
}

/// The link of such a secret, when it is ours.
pub fn registration_link_of(master: &Master, token: &str) -> Option<RegistrationLinkId> {
    token_of(master, Purpose::Registration, token).map(RegistrationLinkId)
}

/// The six digits of a session in one step of the clock; truncated as RFC 4226 does it.
pub fn check_in_code(master: &Master, session: TrainingSessionId, step: i64) -> String {
    let mut data = session.0.as_bytes().to_vec();
    data.extend_from_slice(&step.to_be_bytes());
    let mac = master.mac(Purpose::CheckIn, &data);
    let place = usize::from(mac[31] & 0x0f);
    let bits = mac[place..place + 4].iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
    format!("{:06}", (bits & 0x7fff_ffff) % 1_000_000)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_opens_its_own_registration_and_no_other_door() {
        let (ours, theirs) = (Master([7; 32]), Master([8; 32]));
        let id = uuid::Uuid::from_u128(0x0193_6f1e_7b7a_7c3d_9c55_0a6b_8c1d_2e3f);
        let pass = pass_token(&ours, RegistrationId(id));
        assert_eq!(pass_of(&ours, &pass), Some(RegistrationId(id)));
        assert_eq!(pass_of(&theirs, &pass), None, "another house made it");
        assert_eq!(registration_link_of(&ours, &pass), None, "a pass is no link");
        assert_eq!(link_of(&ours, &pass), None);
        assert_eq!(pass_of(&ours, &feed_token(&ours, FeedId(id))), None);
        for at in 0..pass.len() {
            let mut forged = pass.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).expect("letters");
            assert!(forged == pass || pass_of(&ours, &forged).is_none(), "one letter changed at {at}");
        }
        for odd in ["", "A", &pass[1..], &pass[..pass.len() - 1], "\u{0}", "=====", &pass.repeat(3)] {
            assert_eq!(pass_of(&ours, odd), None, "{odd:?}");
        }
    }

    #[test]
    fn the_code_of_a_session_has_six_digits_and_changes_with_each_step() {
        let (master, session) = (Master([7; 32]), TrainingSessionId(uuid::Uuid::from_u128(5)));
        let codes: Vec<String> = (0..1_000).map(|step| check_in_code(&master, session, step)).collect();
        assert!(codes.iter().all(|code| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())));
        let distinct: std::collections::HashSet<&String> = codes.iter().collect();
        assert!(distinct.len() > 980, "{} of a thousand", distinct.len());
        assert_ne!(codes[5], check_in_code(&master, TrainingSessionId(uuid::Uuid::from_u128(6)), 5));
    }
}
