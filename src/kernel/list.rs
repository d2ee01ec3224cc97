//! Lists with bounds: several values in one query parameter (`country=KE,RW`), and arrays of a body.

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Sequence, Value, ValueKind, ValuePointerRef};

use super::error::FieldError;
use super::parse::{Faults, FromText, pointer};
use super::patch::composed;

/// Most values in one parameter.
pub const MAX: usize = 50;

/// One to fifty values, separated by commas over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many<T>(Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Many(Vec::new())
    }
}

impl<T> Many<T> {
    /// One value, as a route that stands for it sets it.
    pub fn one(value: T) -> Self {
        Many(vec![value])
    }

    /// The value that is named, or none.
    pub fn of(value: Option<T>) -> Self {
        Many(value.into_iter().collect())
    }

    /// The values, as given.
    pub fn values(&self) -> &[T] {
        &self.0
    }

    /// The only value, when there is exactly one.
    pub fn only(&self) -> Option<&T> {
        match self.0.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// True when the parameter was not sent.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: FromText> Deserr<Faults> for Many<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let text = match value {
            Value::String(text) => text,
            other => {
                let kind = ErrorKind::IncorrectValueKind { actual: other, accepted: &[ValueKind::String] };
                return Err(deserr::take_cf_content(Faults::error::<V>(None, kind, at)));
            }
        };
        let mut values = Vec::new();
        let mut refused = Vec::new();
        for part in text.split(',') {
            match T::from_text(part.trim()) {
                Ok(value) => values.push(value),
                Err(refusal) => refused.push((refusal.code, format!("{part:?}: {}", refusal.detail))),
            }
        }
        if values.len() > MAX {
            refused.push(("too_many", format!("Name at most {MAX} values, separated by commas.")));
        }
        if refused.is_empty() {
            return Ok(Many(values));
        }
        let name = match at {
            ValuePointerRef::Key { key, .. } => key,
            _ => "",
        };
        Err(Faults(
            refused
                .into_iter()
                .map(|(code, detail)| FieldError::at(format!("/{name}"), code, detail))
                .collect(),
        ))
    }
}

impl<T: utoipa::__dev::ComposeSchema> utoipa::__dev::ComposeSchema for Many<T> {
    fn compose(
        inner: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ArrayBuilder::new()
            .items(composed::<T>(inner))
            .min_items(Some(1))
            .max_items(Some(MAX))
            .build()
            .into()
    }
}

impl<T: utoipa::ToSchema + utoipa::__dev::ComposeSchema> utoipa::ToSchema for Many<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Many{}", T::name()).into()
    }
}

/// An array of a body with at most `MAX` entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtMost<T, const MAX: usize>(pub Vec<T>);

impl<T: Deserr<Faults>, const MAX: usize> Deserr<Faults> for AtMost<T, MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        if let Value::Sequence(list) = &value
            && list.len() > MAX
        {
            let detail = format!("Use at most {MAX}; these are {}.", list.len());
            return Err(Faults(vec![FieldError::at(pointer(at), "too_many", detail)]));
        }
        Vec::deserialize_from_value(value, at).map(AtMost)
    }
}
