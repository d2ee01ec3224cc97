//! Turning what a client sent into types that cannot hold a wrong value, with every fault reported at once.

use std::convert::Infallible;
use std::ops::ControlFlow;

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, MergeWithError, ValueKind, ValuePointerRef};

use super::error::{Error, FieldError, Result};

/// Why a value was refused: a stable code and words that say what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code, for example `too_long`.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl Refusal {
    /// A refusal with its words.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Refusal { code, detail: detail.into() }
    }
}

/// All faults of one document, gathered by deserr while it walks.
#[derive(Debug, Default)]
pub struct Faults(pub Vec<FieldError>);

impl Faults {
    fn and(this: Option<Self>, more: FieldError) -> ControlFlow<Self, Self> {
        let mut faults = this.unwrap_or_default();
        faults.0.push(more);
        ControlFlow::Continue(faults)
    }
}

/// RFC 6901 pointer of a place in a document.
pub(super) fn pointer(location: ValuePointerRef<'_>) -> String {
    let mut steps = Vec::new();
    let mut at = location;
    loop {
        match at {
            ValuePointerRef::Origin => break,
            ValuePointerRef::Key { key, prev } => {
                steps.push(key.replace('~', "~0").replace('/', "~1"));
                at = *prev;
            }
            ValuePointerRef::Index { index, prev } => {
                steps.push(index.to_string());
                at = *prev;
            }
        }
    }
    steps.iter().rev().map(|step| format!("/{step}")).collect()
}

fn kind_name(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Null => "null",
        ValueKind::Boolean => "true or false",
        ValueKind::Integer | ValueKind::NegativeInteger => "a whole number",
        ValueKind::Float => "a number",
        ValueKind::String => "a text",
        ValueKind::Sequence => "a list",
        ValueKind::Map => "an object",
    }
}

fn names(accepted: &[ValueKind]) -> String {
    let mut words: Vec<&str> = accepted.iter().map(|kind| kind_name(*kind)).collect();
    words.dedup();
    words.join(" or ")
}

impl DeserializeError for Faults {
    fn error<V: IntoValue>(
        this: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let at = pointer(location);
        let fault = match error {
            ErrorKind::IncorrectValueKind { actual, accepted } => FieldError::at(
                at,
                "wrong_type",
                format!("Expected {}, got {}.", names(accepted), kind_name(actual.kind())),
            ),
            ErrorKind::MissingField { field } => {
                FieldError::at(format!("{at}/{field}"), "missing", "This field is needed.")
            }
            ErrorKind::UnknownKey { key, accepted } => FieldError::at(
                format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                "unknown_field",
                format!("There is no such field here. Known: {}.", accepted.join(", ")),
            ),
            ErrorKind::UnknownValue { value: _, accepted } => {
                FieldError::at(at, "unknown_value", format!("Use one of: {}.", accepted.join(", ")))
            }
            ErrorKind::BadSequenceLen { actual: _, expected } => {
                FieldError::at(at, "wrong_length", format!("Expected a list of {expected}."))
            }
            ErrorKind::Unexpected { msg } => FieldError::at(at, "unexpected", msg),
        };
        Faults::and(this, fault)
    }
}

impl MergeWithError<Faults> for Faults {
    fn merge(this: Option<Self>, other: Faults, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut faults = this.unwrap_or_default();
        faults.0.extend(other.0);
        ControlFlow::Continue(faults)
    }
}

impl MergeWithError<Refusal> for Faults {
    fn merge(this: Option<Self>, other: Refusal, location: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        Faults::and(this, FieldError::at(pointer(location), other.code, other.detail))
    }
}

impl MergeWithError<Infallible> for Faults {
    fn merge(_: Option<Self>, other: Infallible, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        match other {}
    }
}

/// Parses a JSON document into a draft; on failure every field error at once (422).
pub fn document<T: Deserr<Faults>>(value: serde_json::Value) -> Result<T> {
    deserr::deserialize::<T, _, Faults>(value).map_err(|faults| Error::invalid_fields(faults.0))
}

/// A type that is written as one text over the wire and refuses what it must not hold.
pub trait FromText: Sized {
    /// Parses the text as a client sent it.
    fn from_text(text: &str) -> Result<Self, Refusal>;
}

/// Lets types that are texts over the wire be read by deserr, written by serde and described to OpenAPI.
/// Each row: the type, its OpenAPI format.
#[macro_export]
macro_rules! text_types {
    ($($name:ident $format:literal;)*) => { $(
        impl ::deserr::Deserr<$crate::kernel::parse::Faults> for $name {
            fn deserialize_from_value<V: ::deserr::IntoValue>(
                value: ::deserr::Value<V>,
                location: ::deserr::ValuePointerRef<'_>,
            ) -> ::std::result::Result<Self, $crate::kernel::parse::Faults> {
                $crate::kernel::parse::from_text_value(value, location)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, out: S) -> ::std::result::Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::kernel::parse::Refusal;
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                <$name as $crate::kernel::parse::FromText>::from_text(text)
            }
        }

        impl ::utoipa::__dev::ComposeSchema for $name {
            fn compose(_: Vec<::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema>>) -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                $crate::kernel::parse::text_schema::<$name>($format)
            }
        }
        impl ::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> { stringify!($name).into() }
        }
    )* };
}

/// OpenAPI limits of a text type; generated documents and clients see them.
pub trait TextLimits {
    /// Shortest accepted, in code points.
    const MIN: usize = 0;
    /// Longest accepted, in code points.
    const MAX: usize;
    /// ECMA pattern, where there is one.
    const PATTERN: Option<&'static str> = None;
    /// An example that parses.
    const EXAMPLE: &'static str;
}

/// The schema of a text type.
pub fn text_schema<T: TextLimits>(format: &str) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
    let mut schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(T::MAX))
        .examples([serde_json::Value::from(T::EXAMPLE)]);
    if T::MIN > 0 {
        schema = schema.min_length(Some(T::MIN));
    }
    if !format.is_empty() {
        schema = schema.format(Some(SchemaFormat::Custom(format.into())));
    }
    if let Some(pattern) = T::PATTERN {
        schema = schema.pattern(Some(pattern));
    }
    schema.build().into()
}

/// Reads a text value; used by the macro `text_types`.
pub fn from_text_value<T: FromText, V: IntoValue>(
    value: deserr::Value<V>,
    location: ValuePointerRef<'_>,
) -> Result<T, Faults> {
    text_value(value, location, |text| one_way(text).and_then(|()| T::from_text(text)))
}

/// Reads a text that is compared, never shown: passwords may hold what names may not.
pub fn from_secret_value<T: FromText, V: IntoValue>(
    value: deserr::Value<V>,
    location: ValuePointerRef<'_>,
) -> Result<T, Faults> {
    text_value(value, location, T::from_text)
}

fn text_value<T, V: IntoValue>(
    value: deserr::Value<V>,
    location: ValuePointerRef<'_>,
    parse: impl FnOnce(&str) -> Result<T, Refusal>,
) -> Result<T, Faults> {
    match value {
        deserr::Value::String(text) => parse(&text).map_err(|refusal| {
            deserr::take_cf_content(<Faults as MergeWithError<Refusal>>::merge(None, refusal, location))
        }),
        other => Err(deserr::take_cf_content(Faults::error::<V>(
            None,
            ErrorKind::IncorrectValueKind { actual: other, accepted: &[ValueKind::String] },
            location,
        ))),
    }
}

/// Refuses characters that turn the direction of what stands around them (Unicode UAX #9: embeddings, overrides, isolates): a name
/// with one can look like another. Marks (U+200E, U+200F) and joiners, which Arabic and Persian need, are no such characters.
/// Asked of what clients send, not of what is stored: a rule that is younger than a row must not make it unreadable.
fn one_way(text: &str) -> Result<(), Refusal> {
    match text.chars().find(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')) {
        None => Ok(()),
        Some(turner) => Err(Refusal::new(
            "control_character",
            format!("Remove the invisible character {turner:?}: it turns the direction of writing."),
        )),
    }
}

/// Refuses a text outside `min..=max` code points or with control characters other than `allowed`.
pub fn plain_text(text: &str, min: usize, max: usize, allowed: &[char]) -> Result<String, Refusal> {
    let text = text.trim();
    let length = text.chars().count();
    if length < min {
        return Err(Refusal::new("too_short", format!("Use at least {min} characters; this has {length}.")));
    }
    if length > max {
        return Err(Refusal::new("too_long", format!("Use at most {max} characters; this has {length}.")));
    }
    if let Some(control) = text.chars().find(|c| c.is_control() && !allowed.contains(c)) {
        return Err(Refusal::new("control_character", format!("Remove the control character {control:?}.")));
    }
    Ok(text.to_owned())
}
