//! Keys of checkpoints: the house signs, whoever holds the public key checks.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::model::Checkpoint;
use crate::kernel::{Error, Result};
use crate::platform::keys::{Master, Purpose, hex};

/// Signs checkpoints with a key that derives from the master key.
pub struct Signer(Ed25519KeyPair);

impl Signer {
    /// The signer of an installation.
    ///
    /// # Errors
    /// Never with a sound master key.
    pub fn of(master: &Master) -> Result<Signer> {
        let seed = master.derive(Purpose::Checkpoint);
        Ed25519KeyPair::from_seed_unchecked(&seed)
            .map(Signer)
            .map_err(|_| Error::internal("the checkpoint key can't be derived"))
    }

    /// The key to check with; give it to those who keep checkpoints.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.public_key().as_ref().to_vec())
    }

    /// Puts the signature on a checkpoint.
    pub fn sign(&self, mut checkpoint: Checkpoint) -> Checkpoint {
        checkpoint.signature = hex(self.0.sign(checkpoint.signed().as_bytes()).as_ref());
        checkpoint
    }
}

/// Checks the signatures of checkpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

impl PublicKey {
    /// From 64 hexadecimal digits.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn from_hex(text: &str) -> Result<PublicKey> {
        let refused = || Error::unavailable("The public key must be 64 hexadecimal digits (32 bytes).");
        bytes(text.trim()).filter(|key| key.len() == 32).map(PublicKey).ok_or_else(refused)
    }

    /// 64 hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// Whether the house signed this checkpoint.
    pub fn accepts(&self, checkpoint: &Checkpoint) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, &self.0);
        let signature = bytes(&checkpoint.signature).unwrap_or_default();
        key.verify(checkpoint.signed().as_bytes(), &signature).is_ok()
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let plain = text.len().is_multiple_of(2)
        && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    plain.then(|| pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()).flatten()
}
