//! Sealing small secrets at rest: AES-256-GCM, a fresh nonce each time, bound to the row they belong to.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::clock;
use super::keys::{Master, Purpose};
use crate::kernel::{Error, Result};

/// First byte of every sealed value: the algorithm and key version.
const VERSION: u8 = 1;

fn key(master: &Master) -> Result<LessSafeKey> {
    let unbound = UnboundKey::new(&AES_256_GCM, &master.derive(Purpose::Seal));
    unbound.map(LessSafeKey::new).map_err(|_| Error::internal("sealing key"))
}

/// Seals `plain`; it opens only beside the same `bound_to`, so a row's secret can't be moved to another row.
///
/// # Errors
/// When the machine has no random bytes.
pub fn seal(master: &Master, plain: &[u8], bound_to: &[u8]) -> Result<Vec<u8>> {
    let nonce = clock::random::<12>()?;
    let mut body = plain.to_vec();
    let nonced = Nonce::assume_unique_for_key(nonce);
    key(master)?
        .seal_in_place_append_tag(nonced, Aad::from(bound_to), &mut body)
        .map_err(|_| Error::internal("sealing failed"))?;
    let mut out = Vec::with_capacity(13 + body.len());
    out.push(VERSION);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&body);
    Ok(out)
}

/// Opens what [`seal`] made.
///
/// # Errors
/// When a bit was changed, the row is another, or the master key is not the one it was sealed with.
pub fn open(master: &Master, sealed: &[u8], bound_to: &[u8]) -> Result<Vec<u8>> {
    let refused = || Error::internal("a sealed value does not open: wrong master key, or it was changed");
    let (head, body) = sealed.split_at_checked(13).ok_or_else(refused)?;
    if head[0] != VERSION {
        return Err(refused());
    }
    let nonce = Nonce::try_assume_unique_for_key(&head[1..]).map_err(|_| refused())?;
    let mut body = body.to_vec();
    let plain = key(master)?.open_in_place(nonce, Aad::from(bound_to), &mut body).map_err(|_| refused())?;
    Ok(plain.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_unchanged_and_in_its_own_row() {
        let master = Master::from_hex(&"ab".repeat(32)).expect("a key");
        let sealed = seal(&master, b"seed", b"row 1").expect("sealed");
        assert_eq!(open(&master, &sealed, b"row 1").expect("opens"), b"seed");
        assert!(open(&master, &sealed, b"row 2").is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&master, &changed, b"row 1").is_err(), "byte {at}");
        }
    }
}
