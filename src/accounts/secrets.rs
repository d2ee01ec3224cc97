//! Secrets that pass through our hands: passwords and tokens as sent, device marks, random tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};

use crate::kernel::Result;
use crate::kernel::id::UserId;
use crate::kernel::parse::{Faults, FromText, Refusal, TextLimits, from_secret_value, text_schema};
use crate::kernel::time::Timestamp;
use crate::platform::clock;
use crate::platform::keys::{Master, Purpose, hex, same, sha256};

/// Seconds for which a device is known after a login.
pub(super) const DEVICE_KNOWN: i64 = 90 * 86_400;

macro_rules! hidden {
    ($($(#[$meta:meta])* $name:ident $max:literal $example:literal;)*) => { $(
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name(String);

        impl $name {
            /// The secret itself.
            pub fn expose(&self) -> &str { &self.0 }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("(hidden)") }
        }
        impl FromText for $name {
            fn from_text(text: &str) -> Result<Self, Refusal> {
                match text.chars().count() {
                    0 => Err(Refusal::new("too_short", "This can't be empty.")),
                    n if n > $max => Err(Refusal::new("too_long", concat!("Use at most ", $max, " characters."))),
                    _ => Ok($name(text.to_owned())),
                }
            }
        }
        impl TextLimits for $name {
            const MIN: usize = 1;
            const MAX: usize = $max;
            const EXAMPLE: &'static str = $example;
        }
        impl Deserr<Faults> for $name {
            fn deserialize_from_value<V: IntoValue>(
                value: Value<V>,
                at: ValuePointerRef<'_>,
            ) -> Result<Self, Faults> {
                from_secret_value(value, at)
            }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                text_schema::<$name>("password")
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
        }
    )* };
}

hidden! {
    /// A password as typed: nothing is trimmed, at most 1,024 code points.
    Password 1024 "three plain words and a river";
    /// A token or code as sent, at most 512 characters.
    Secret 512 "MDE5MzZmMWUtN2I3YS03YzNkLTljNTUtMGE2YjhjMWQyZTNm";
}

/// A new token of 256 bits.
pub(super) fn token() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(clock::random::<32>()?))
}

/// What is stored of a token.
pub(super) fn hash_of(token: &str) -> String {
    hex(&sha256(token.as_bytes()))
}

/// The mark of a device on which a person logged in: device, person, end and a MAC of them.
pub(super) fn device_mark(master: &Master, device: [u8; 16], user: UserId, now: Timestamp) -> String {
    let mut bytes = device.to_vec();
    bytes.extend_from_slice(user.0.as_bytes());
    bytes.extend_from_slice(&(now.seconds() + DEVICE_KNOWN).to_be_bytes());
    let mac = master.mac(Purpose::Device, &bytes);
    bytes.extend_from_slice(&mac);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The person and the device of a mark that is ours and not over.
pub(super) fn device_of(master: &Master, mark: &str, now: Timestamp) -> Option<(UserId, [u8; 16])> {
    let bytes = URL_SAFE_NO_PAD.decode(mark).ok()?;
    let (body, mac) = bytes.split_at_checked(40)?;
    let device: [u8; 16] = body[..16].try_into().ok()?;
    let user = UserId(uuid::Uuid::from_slice(&body[16..32]).ok()?);
    let ends = i64::from_be_bytes(body[32..].try_into().ok()?);
    (same(mac, &master.mac(Purpose::Device, body)) && ends > now.seconds()).then_some((user, device))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_mark_is_of_one_person_for_ninety_days() {
        let master = Master::from_hex(&"ab".repeat(32)).expect("a key");
        let (user, now) = (UserId(uuid::Uuid::from_u128(7)), Timestamp(0));
        let mark = device_mark(&master, [1; 16], user, now);
        assert_eq!(device_of(&master, &mark, now.plus_days(89)), Some((user, [1; 16])));
        assert_eq!(device_of(&master, &mark, now.plus_days(90)), None);
        let mut forged = URL_SAFE_NO_PAD.decode(&mark).expect("base64");
        forged[16] ^= 1;
        assert_eq!(device_of(&master, &URL_SAFE_NO_PAD.encode(forged), now), None);
        assert_eq!(device_of(&master, "", now), None);
    }
}
