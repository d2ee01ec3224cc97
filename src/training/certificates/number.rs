//! Numbers of certificates: `CC-7KQ2-M8ZD-4WPX`. Eleven characters at random (55 bits: nobody guesses one) in Crockford's
//! alphabet, which people read aloud without mistakes, and a check character that finds a wrong or swapped one.

use std::fmt;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;

use crate::kernel::Result;
use crate::kernel::parse::{FromText, Refusal, TextLimits};
use crate::platform::clock;
use crate::{text_columns, text_types};

/// Crockford's base 32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters, with the check character.
const LENGTH: usize = 12;

/// The number of a certificate, as it is printed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct CertificateNumber(String);

impl CertificateNumber {
    /// A new one.
    ///
    /// # Errors
    /// When the machine has no random bytes.
    pub fn random() -> Result<CertificateNumber> {
        let mut values: Vec<u8> = clock::random::<{ LENGTH - 1 }>()?.iter().map(|byte| byte % 32).collect();
        values.push(times(sum(&values)));
        Ok(CertificateNumber::written(&values))
    }

    fn written(values: &[u8]) -> CertificateNumber {
        let mut text = String::from("CC");
        for (place, value) in values.iter().enumerate() {
            if place % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(value % 32)]));
        }
        CertificateNumber(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Twice a value in the field of 32 elements (x^5 + x^2 + 1).
fn times(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

/// The sum of the values, each weighted by its place; zero for a number with its check character. A wrong character and two
/// that changed places always show.
fn sum(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times(sum) ^ value)
}

/// The value of a character; O is read as 0, I and L as 1.
fn value(character: u8) -> Option<u8> {
    let meant = match character.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET.iter().position(|known| *known == meant).and_then(|place| u8::try_from(place).ok())
}

impl FromText for CertificateNumber {
    /// As people type it: small letters, without hyphens, with spaces.
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let refused = || {
            Refusal::new(
                "not_a_number",
                "A number looks like CC-7KQ2-M8ZD-4WPX; look at each character again.",
            )
        };
        let plain: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'-' | b' ')).collect();
        let rest = match plain.len() == LENGTH + 2 && plain[..2].eq_ignore_ascii_case(b"CC") {
            true => &plain[2..],
            false => return Err(refused()),
        };
        let values: Vec<u8> =
            rest.iter().map(|byte| value(*byte)).collect::<Option<_>>().ok_or_else(refused)?;
        if sum(&values) == 0 { Ok(CertificateNumber::written(&values)) } else { Err(refused()) }
    }
}

impl TextLimits for CertificateNumber {
    const MIN: usize = 14;
    const MAX: usize = 40;
    const EXAMPLE: &'static str = "CC-0000-0000-0000";
}

impl fmt::Display for CertificateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_types! { CertificateNumber ""; }
text_columns! { CertificateNumber }

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        CertificateNumber::from_text(text).ok().map(|number| number.to_string())
    }

    #[test]
    fn a_number_is_read_as_people_type_it() {
        for _ in 0..200 {
            let number = CertificateNumber::random().expect("random bytes").to_string();
            assert_eq!(read(&number), Some(number.clone()));
            let typed = number.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(read(&typed), Some(number.clone()), "{typed}");
            assert_eq!(read(&number.replace('-', "")), Some(number));
        }
    }

    #[test]
    fn a_wrong_character_and_two_that_changed_places_are_found() {
        let number = CertificateNumber::random().expect("random bytes").to_string();
        let plain: Vec<u8> = number.replace('-', "").into_bytes();
        for at in 2..plain.len() {
            for other in ALPHABET.iter().filter(|other| **other != plain[at]) {
                let mut wrong = plain.clone();
                wrong[at] = *other;
                assert_eq!(read(&String::from_utf8_lossy(&wrong)), None);
            }
            for other in at + 1..plain.len() {
                let mut wrong = plain.clone();
                wrong.swap(at, other);
                assert!(wrong == plain || read(&String::from_utf8_lossy(&wrong)).is_none());
            }
        }
        for odd in [
            "",
            "CC",
            "CC-0000-0000-000",
            "CC-0000-0000-00000",
            "XX-0000-0000-0000",
            "CC-UUUU-UUUU-UUUU",
            "é",
        ] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
