//! Amounts without floating point, ISO 4217 currencies, percentages in hundredths.

use std::fmt;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;

use super::parse::{Faults, FromText, Refusal, TextLimits, from_text_value};
use crate::{text_columns, text_types};

/// Reads a decimal with at most `places` digits after the point into units of 10^-places.
fn scaled(text: &str, places: usize, max: i64) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let dotted = text.contains('.');
    if whole.is_empty()
        || !digits(whole)
        || !digits(fraction)
        || fraction.len() > places
        || (dotted && fraction.is_empty())
    {
        return None;
    }
    let padded = format!("{whole}{fraction:0<places$}");
    padded.parse::<i64>().ok().filter(|value| *value <= max)
}

fn shown(value: i64, places: u32, least: usize) -> String {
    let unit = 10_i64.pow(places);
    let fraction = format!("{:0width$}", value % unit, width = places as usize);
    let kept = fraction.trim_end_matches('0').len().max(least);
    match kept {
        0 => format!("{}", value / unit),
        _ => format!("{}.{}", value / unit, &fraction[..kept]),
    }
}

/// An amount of money in ten-thousandths of the currency's unit, 0 to 99,999,999,999,999; a decimal text over the
/// wire, for example `"1200.50"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Amount(pub i64);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(self.0, 4, 2))
    }
}

impl FromText for Amount {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        scaled(text, 4, 999_999_999_999_990_000).map(Amount).ok_or_else(|| {
            Refusal::new(
                "not_an_amount",
                "Use a decimal text like \"1200.50\": no sign, no spaces, at most 4 decimals.",
            )
        })
    }
}

impl TextLimits for Amount {
    const MIN: usize = 1;
    const MAX: usize = 20;
    const PATTERN: Option<&'static str> = Some(r"^[0-9]{1,14}(\.[0-9]{1,4})?$");
    const EXAMPLE: &'static str = "1200.50";
}

/// An ISO 4217 currency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Currency(String);

impl Currency {
    /// Three letters, upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromText for Currency {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        match text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
            true => Ok(Currency(text.to_owned())),
            false => Err(Refusal::new(
                "not_a_currency",
                "Use the three capital letters of ISO 4217, for example KES.",
            )),
        }
    }
}

impl TextLimits for Currency {
    const MIN: usize = 3;
    const MAX: usize = 3;
    const PATTERN: Option<&'static str> = Some("^[A-Z]{3}$");
    const EXAMPLE: &'static str = "KES";
}

text_types! { Amount ""; Currency ""; }
text_columns! { Currency }

/// Declares numbers in hundredths, over the wire plain numbers with at most two decimals. Each row: the type, its most and
/// the code of its refusal.
macro_rules! hundredths {
    ($($(#[$meta:meta])* $name:ident $most:literal $code:literal;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Integer)]
        pub struct $name(pub i32);

        impl $name {
            /// The most.
            pub const WHOLE: i32 = $most * 100;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&shown(i64::from(self.0), 2, 0))
            }
        }

        impl FromText for $name {
            fn from_text(text: &str) -> Result<Self, Refusal> {
                let value = scaled(text, 2, i64::from($name::WHOLE)).and_then(|v| i32::try_from(v).ok());
                value.map($name).ok_or_else(|| {
                    Refusal::new($code, format!("Use a number from 0 to {} with at most 2 decimals.", $most))
                })
            }
        }

        impl Deserr<Faults> for $name {
            fn deserialize_from_value<V: IntoValue>(
                value: Value<V>,
                at: ValuePointerRef<'_>,
            ) -> Result<Self, Faults> {
                let text = match value {
                    Value::Integer(n) => Value::String(n.to_string()),
                    Value::Float(n) => Value::String(n.to_string()),
                    Value::NegativeInteger(n) => Value::String(n.to_string()),
                    other => other,
                };
                from_text_value::<$name, V>(text, at)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                match self.0 % 100 {
                    0 => out.serialize_i32(self.0 / 100),
                    _ => out.serialize_f64(f64::from(self.0) / 100.0),
                }
            }
        }

        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(
                _: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
            ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::Number)
                    .minimum(Some(0))
                    .maximum(Some($most))
                    .multiple_of(Some(0.01))
                    .build()
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        crate::wrapped_columns! { $name i32, Integer; }
    )* };
}

hundredths! {
    /// A share of the whole in hundredths of a percent: 0 to 10,000; a number over the wire, 0 to 100.
    Percent 100 "not_a_percentage";
    /// Points of a test in hundredths: half points are common. A number over the wire, 0 to 10,000.
    Points 10000 "not_points";
}
crate::wrapped_columns! { Amount i64, BigInt; }
