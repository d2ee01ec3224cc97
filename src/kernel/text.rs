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
    /// A remark or a reason; 1 to 2,000 code points, line breaks allowed.
    Note 1 2000 &['\n', '\r', '\t'], "The ministry asked for a later date.";
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
}
text_columns! { Email Link }
