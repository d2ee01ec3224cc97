//! Merge patch (RFC 7396): a field is kept, cleared or set.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};

use super::parse::Faults;

/// A field of a patch that may be cleared with `null`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// The field was not sent.
    #[default]
    Keep,
    /// The field was `null`.
    Clear,
    /// The field has a new value.
    Set(T),
}

impl<T> Change<T> {
    /// Carries the change out on the record's field.
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Change::Keep => {}
            Change::Clear => *field = None,
            Change::Set(value) => *field = Some(value),
        }
    }

    /// True when the field was not sent.
    pub fn is_keep(&self) -> bool {
        matches!(self, Change::Keep)
    }
}

impl<T: Deserr<Faults>> Deserr<Faults> for Change<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        match value {
            Value::Null => Ok(Change::Clear),
            other => T::deserialize_from_value(other, at).map(Change::Set),
        }
    }
}

impl<T: utoipa::__dev::ComposeSchema> utoipa::__dev::ComposeSchema for Change<T> {
    fn compose(
        inner: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
        let null = ObjectBuilder::new().schema_type(Type::Null);
        Schema::OneOf(OneOfBuilder::new().item(composed::<T>(inner)).item(null).build()).into()
    }
}

impl<T: utoipa::ToSchema + utoipa::__dev::ComposeSchema> utoipa::ToSchema for Change<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Change{}", T::name()).into()
    }
}

/// A field of a patch that always has a value: `null` is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<T>(pub Option<T>);

impl<T> Default for Edit<T> {
    fn default() -> Self {
        Edit(None)
    }
}

impl<T> Edit<T> {
    /// Carries the change out on the record's field.
    pub fn apply(self, field: &mut T) {
        if let Some(value) = self.0 {
            *field = value;
        }
    }
}

impl<T: Deserr<Faults>> Deserr<Faults> for Edit<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        T::deserialize_from_value(value, at).map(|value| Edit(Some(value)))
    }
}

impl<T: utoipa::__dev::ComposeSchema> utoipa::__dev::ComposeSchema for Edit<T> {
    fn compose(
        inner: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        composed::<T>(inner)
    }
}

/// The schema of a type parameter: the reference that utoipa's derive hands down, or the schema itself.
pub(super) fn composed<T: utoipa::__dev::ComposeSchema>(
    mut inner: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    match inner.is_empty() {
        true => T::compose(inner),
        false => inner.remove(0),
    }
}

impl<T: utoipa::ToSchema + utoipa::__dev::ComposeSchema> utoipa::ToSchema for Edit<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Edit{}", T::name()).into()
    }
}
