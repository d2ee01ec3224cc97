//! Texts with limits: names, notes, addresses, links.

use std::fmt;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use unicode_normalization::UnicodeNormalization;

use super::parse::{FromText, Refusal, TextLimits, plain_text};
use crate::{text_columns, text_types};

macro_rules! limited {
    ($($(#[$meta:meta])* $name:ident $min:literal $max:literal $breaks:expr, $example:literal;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl FromText for $name {
            fn from_text(text: &str) -> Result<Self, Refusal> {
                plain_text(text, $min, $max, $breaks).map($name)
            }
        }
        impl TextLimits for $name {
            const MIN: usize = $min;
            const MAX: usize = $max;
            const EXAMPLE: &'static str = $example;
        }
        text_types! { $name ""; }
        text_columns! { $name }
    )* };
}

limited! {
    /// The name of a person, an organization or a device; one line, 1 to 200 code points.
    Name 1 200 &[], "Awa Diop";
    /// A short code or reference; one line, 1 to 100 code points.
    Label 1 100 &[], "KE-2026-01";
    /// A code inside a framework, a scale or a matrix; one line, 1 to 200 code points.
    NodeCode 1 200 &[], "GV.OC-01";
    /// Running text in one language; 1 to 10,000 code points, line breaks allowed.
    Passage 1 10000 &['\n', '\r', '\t'], "Adapted for use without the permission of anyone.";
    /// A remark or a reason; 1 to 2,000 code points, line breaks allowed.
    Note 1 2000 &['\n', '\r', '\t'], "The ministry asked for a later date.";
}

/// A uniform resource name (RFC 8141) of something that has editions: `urn:` and what follows, without spaces, at most 300.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Urn(String);

impl Urn {
    /// The name as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the last colon.
    pub fn tail(&self) -> &str {
        self.0.rsplit(':').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromText for Urn {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let refused = || Refusal::new("not_a_urn", "Use a name such as urn:example:framework:my-framework.");
        let text = plain_text(text, 7, 300, &[])?;
        let mut parts = text.splitn(3, ':');
        let head = parts.next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn"));
        let space = parts.next().is_some_and(|name| name.len() > 1 && name.bytes().all(is_of_a_name));
        let rest = parts.next().is_some_and(|rest| !rest.is_empty());
        match head && space && rest && !text.contains(char::is_whitespace) {
            true => Ok(Urn(text)),
            false => Err(refused()),
        }
    }
}

/// Characters of a namespace identifier (RFC 8141 section 2).
fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

impl TextLimits for Urn {
    const MIN: usize = 7;
    const MAX: usize = 300;
    const PATTERN: Option<&'static str> = Some("^[Uu][Rr][Nn]:[A-Za-z0-9-]{2,}:[^ ]+$");
    const EXAMPLE: &'static str = "urn:cybercap:framework:nist-csf-2.0";
}

/// An e-mail address; unique without regard to case. At most 254 characters (RFC 5321).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Email(String);

impl Email {
    /// The address as typed, its domain in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which addresses are compared: NFC, lower case.
    pub fn folded(&self) -> String {
        self.0.nfc().collect::<String>().to_lowercase()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromText for Email {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let refused = || Refusal::new("not_an_email", "Use an address like name@ministry.example.");
        let text = plain_text(text, 3, 254, &[])?;
        let parsed: lettre::Address = text.parse().map_err(|_| refused())?;
        if parsed.user().len() > 64 || !parsed.domain().is_ascii() || !parsed.user().is_ascii() {
            return Err(refused());
        }
        Ok(Email(format!("{}@{}", parsed.user(), parsed.domain().to_ascii_lowercase())))
    }
}

impl TextLimits for Email {
    const MIN: usize = 3;
    const MAX: usize = 254;
    const PATTERN: Option<&'static str> = Some(r"^[^@ ]{1,64}@[^@ ]{1,189}$");
    const EXAMPLE: &'static str = "awa_diop@ministry.example";
}

/// A link to a page or document: `https` or `http`, at most 2,000 characters. Stored, never fetched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Link(String);

impl Link {
    /// The link as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromText for Link {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let refused = || Refusal::new("not_a_link", "Use a full https:// or http:// address without spaces.");
        let text = plain_text(text, 10, 2000, &[])?;
        let uri: actix_web::http::Uri = text.parse().map_err(|_| refused())?;
        let scheme = uri.scheme_str().map(str::to_ascii_lowercase);
        let web = matches!(scheme.as_deref(), Some("https" | "http"));
        if !web || uri.host().is_none_or(str::is_empty) {
            return Err(refused());
        }
        Ok(Link(text))
    }
}

impl TextLimits for Link {
    const MIN: usize = 10;
    const MAX: usize = 2000;
    const PATTERN: Option<&'static str> = Some(r"^https?://[^ ]+$");
    const EXAMPLE: &'static str = "https://example.org/report.pdf";
}

text_types! {
    Email "email";
    Link "uri";
    Urn "urn";
}
text_columns! { Email Link Urn }
