//! Signatures that others check without us: Ed25519 over canonical JSON (RFC 8785), with keys published as JWK (RFC 8037).

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::clock;
use super::keys::sha256;
use crate::kernel::{Error, Result};

/// The half that signs.
pub struct Signer(Ed25519KeyPair);

impl Signer {
    /// From a seed of 32 bytes.
    ///
    /// # Errors
    /// When it has another length.
    pub fn from_seed(seed: &[u8]) -> Result<Signer> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed);
        pair.map(Signer).map_err(|_| Error::internal("a signing key has another length"))
    }

    /// A new one from the machine's random source, with its seed for sealing.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub fn generate() -> Result<(Signer, [u8; 32])> {
        let seed = clock::random::<32>()?;
        Ok((Signer::from_seed(&seed)?, seed))
    }

    /// The half that checks.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.public_key().as_ref().to_vec())
    }

    /// The signature, base64url.
    pub fn sign(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.0.sign(text.as_bytes()))
    }
}

/// The half that checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

impl PublicKey {
    /// From base64url, as in the `x` of a JWK.
    pub fn from_text(text: &str) -> Option<PublicKey> {
        URL_SAFE_NO_PAD.decode(text).ok().filter(|key| key.len() == 32).map(PublicKey)
    }

    /// Base64url.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// Its name: the RFC 7638 thumbprint.
    pub fn kid(&self) -> String {
        let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.to_text());
        URL_SAFE_NO_PAD.encode(sha256(members.as_bytes()))
    }

    /// As it is published.
    pub fn jwk(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": self.to_text(), "kid": self.kid(), "use": "sig", "alg": "EdDSA" })
    }

    /// Whether the signature of a text is by this key.
    pub fn accepts(&self, text: &str, signature: &str) -> bool {
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        UnparsedPublicKey::new(&ED25519, &self.0).verify(text.as_bytes(), &signature).is_ok()
    }
}

/// A value in the one form of RFC 8785: no spaces, members in order of their UTF-16 names. `None` for numbers, which are
/// written in more than one way: what is signed holds none.
pub fn canonical(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Some(value.to_string()),
        Value::Number(_) => None,
        Value::Array(list) => {
            let items: Option<Vec<String>> = list.iter().map(canonical).collect();
            Some(format!("[{}]", items?.join(",")))
        }
        Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            names.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            let member =
                |name: &String| Some(format!("{}:{}", Value::from(name.as_str()), canonical(&map[name])?));
            let members: Option<Vec<String>> = names.into_iter().map(member).collect();
            Some(format!("{{{}}}", members?.join(",")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_one_form() {
        let value = json!({ "b": [true, null, "é\n\"\u{1}"], "a": { "ru": "Привет", "ar": "مرحبا" } });
        let text = canonical(&value).expect("no numbers");
        assert_eq!(
            text,
            "{\"a\":{\"ar\":\"مرحبا\",\"ru\":\"Привет\"},\"b\":[true,null,\"é\\n\\\"\\u0001\"]}"
        );
        assert_eq!(canonical(&json!({ "n": 1 })), None);
        // RFC 8785, 3.2.3: U+1F600 stands before U+FB33, as its UTF-16 begins with D83D.
        let names =
            canonical(&json!({ "\u{fb33}": "", "\u{1f600}": "", "\u{20ac}": "" })).expect("no numbers");
        assert_eq!(names, "{\"\u{20ac}\":\"\",\"\u{1f600}\":\"\",\"\u{fb33}\":\"\"}");
    }

    #[test]
    fn a_signature_holds_for_its_text_and_its_key_alone() {
        // RFC 8037, appendix A: the key, its thumbprint and a signature.
        let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").expect("a seed");
        let signer = Signer::from_seed(&seed).expect("32 bytes");
        assert_eq!(signer.public().to_text(), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(signer.public().kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let said = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature =
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(signer.sign(said), signature);
        assert!(signer.public().accepts(said, signature));
        assert!(!signer.public().accepts(&said.replace('h', "i"), signature));
        let (other, _) = Signer::generate().expect("random bytes");
        assert!(!other.public().accepts(said, signature));
        assert!(!signer.public().accepts(said, "") && PublicKey::from_text("AA").is_none());
    }
}
