//! Access tokens: JWT signed with Ed25519 (RFC 8037), verified by key id with every claim required.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::clock;
use crate::kernel::{Error, Result};

/// `typ` of an access token (RFC 9068); other purposes never carry it.
const TYPE: &str = "at+jwt";
/// Seconds an access token lives.
pub const LIFETIME: i64 = 600;
/// Seconds by which clocks of instances may differ.
const LEEWAY: i64 = 5;
/// The algorithm prefix of an Ed25519 seed in PKCS#8 (RFC 8410).
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// What an access token says; no roles, no names: rights are read on every request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The service's base URL.
    pub iss: String,
    /// The service's base URL again.
    pub aud: String,
    /// The person.
    pub sub: uuid::Uuid,
    /// The session.
    pub sid: uuid::Uuid,
    /// This token.
    pub jti: uuid::Uuid,
    /// Issued, seconds since 1970.
    pub iat: i64,
    /// Not before, seconds since 1970.
    pub nbf: i64,
    /// Expires, seconds since 1970.
    pub exp: i64,
    /// When the person last proved who they are, seconds since 1970.
    pub auth_time: i64,
    /// How: `pwd`, `otp` (RFC 8176).
    pub amr: Vec<String>,
}

/// A signing key: its id is the RFC 7638 thumbprint.
#[derive(Clone)]
pub struct SigningKey {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// The public half, as it is published.
    pub jwk: Jwk,
    signs: EncodingKey,
    verifies: DecodingKey,
}

impl SigningKey {
    /// From a 32-byte seed.
    ///
    /// # Errors
    /// When the crypto library refuses the seed.
    pub fn from_seed(seed: &[u8; 32]) -> Result<SigningKey> {
        let mut pkcs8 = PKCS8.to_vec();
        pkcs8.extend_from_slice(seed);
        let signs = EncodingKey::from_ed_der(&pkcs8);
        let mut jwk = Jwk::from_encoding_key(&signs, Algorithm::EdDSA).map_err(Error::internal)?;
        let kid = jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).map_err(Error::internal)?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(jsonwebtoken::jwk::PublicKeyUse::Signature);
        let verifies = DecodingKey::from_jwk(&jwk).map_err(Error::internal)?;
        Ok(SigningKey { kid, jwk, signs, verifies })
    }

    /// A new key from the machine's random source; returns its seed for sealing.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub fn generate() -> Result<(SigningKey, [u8; 32])> {
        let seed = clock::random::<32>()?;
        Ok((SigningKey::from_seed(&seed)?, seed))
    }
}

/// The keys in force: one signs, all verify.
#[derive(Clone, Default)]
pub struct Ring {
    /// Signs new tokens.
    pub active: Option<SigningKey>,
    /// Verify; includes the active one, the next one and those just retired.
    pub all: HashMap<String, SigningKey>,
}

/// Signs and verifies access tokens; shared by the workers, its ring can be replaced while running.
#[derive(Clone)]
pub struct Tokens {
    issuer: Arc<str>,
    ring: Arc<RwLock<Ring>>,
    generation: Arc<AtomicU64>,
    looked: Arc<AtomicI64>,
}

/// Counts every ring of this process, so that no two have the same number.
static RINGS: AtomicU64 = AtomicU64::new(1);

fn next_generation() -> u64 {
    RINGS.fetch_add(1, Ordering::SeqCst)
}

impl Tokens {
    /// Tokens of the service at `issuer` (its base URL).
    pub fn new(issuer: &str, ring: Ring) -> Self {
        let generation = Arc::new(AtomicU64::new(next_generation()));
        Tokens {
            issuer: issuer.into(),
            ring: Arc::new(RwLock::new(ring)),
            generation,
            looked: Arc::default(),
        }
    }

    /// Replaces the keys: after a rotation or a revocation.
    pub fn replace(&self, ring: Ring) {
        if let Ok(mut keys) = self.ring.write() {
            *keys = ring;
        }
        self.generation.store(next_generation(), Ordering::SeqCst);
    }

    /// Replaces the keys when they are others than before.
    pub fn follow(&self, ring: Ring) {
        let kid = |ring: &Ring| ring.active.as_ref().map(|key| key.kid.clone());
        let same = self.ring.read().is_ok_and(|old| {
            kid(&old) == kid(&ring)
                && old.all.len() == ring.all.len()
                && old.all.keys().all(|k| ring.all.contains_key(k))
        });
        if !same {
            self.replace(ring);
        }
    }

    /// True once in every so many seconds, for one caller: it is time to look for other keys.
    pub fn is_due(&self, now: i64, every: i64) -> bool {
        let last = self.looked.load(Ordering::SeqCst);
        let due = now - last >= every || now < last;
        due && self.looked.compare_exchange(last, now, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// Number of the ring in force: what was verified under another one must be verified again.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// The service's name in tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The public keys, for `/.well-known/jwks.json` (RFC 7517).
    pub fn public(&self) -> Vec<Jwk> {
        let mut keys: Vec<Jwk> = self
            .ring
            .read()
            .map(|ring| ring.all.values().map(|key| key.jwk.clone()).collect())
            .unwrap_or_default();
        keys.sort_by(|a, b| a.common.key_id.cmp(&b.common.key_id));
        keys
    }

    /// Signs the claims.
    ///
    /// # Errors
    /// When no key is active.
    pub fn sign(&self, claims: &Claims) -> Result<String> {
        let ring = self.ring.read().map_err(|_| Error::internal("key ring"))?;
        let key = ring.active.as_ref().ok_or_else(|| Error::internal("no active signing key"))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.into());
        header.kid = Some(key.kid.clone());
        jsonwebtoken::encode(&header, claims, &key.signs).map_err(Error::internal)
    }

    /// The claims of a token that is ours and in force at `now` (seconds since 1970).
    ///
    /// # Errors
    /// 401, the same for every fault.
    pub fn verify(&self, token: &str, now: i64) -> Result<Claims> {
        let refused = || {
            Error::new(
                crate::kernel::error::Code::Unauthenticated,
                "The access token is not valid; log in or refresh.",
            )
        };
        let header = jsonwebtoken::decode_header(token).map_err(|e| refused().because(e))?;
        let plain = header.typ.as_deref() == Some(TYPE) && header.alg == Algorithm::EdDSA;
        let foreign =
            header.jku.is_some() || header.x5u.is_some() || header.jwk.is_some() || header.crit.is_some();
        let kid = header.kid.filter(|_| plain && !foreign).ok_or_else(refused)?;
        let verifies = {
            let ring = self.ring.read().map_err(|_| Error::internal("key ring"))?;
            ring.all.get(&kid).map(|key| key.verifies.clone()).ok_or_else(refused)?
        };
        let claims = jsonwebtoken::decode::<Claims>(token, &verifies, &self.validation())
            .map_err(|e| refused().because(e))?
            .claims;
        in_force(&claims, now).then_some(claims).ok_or_else(refused)
    }

    /// Times are checked by [`in_force`] against our own clock, which tests can move.
    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&*self.issuer]);
        validation.set_audience(&[&*self.issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }
}

/// True while the claims' times hold.
pub fn in_force(claims: &Claims, now: i64) -> bool {
    claims.exp > now - LEEWAY
        && claims.nbf <= now + LEEWAY
        && claims.iat <= now + LEEWAY
        && claims.exp > claims.iat
}
