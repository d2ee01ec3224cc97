//! Short lists of codes in one field: a JSON array over the wire, words in one text column.

use std::fmt::Display;

use deserr::{Deserr, IntoValue, Sequence, Value, ValueKind, ValuePointerRef};
use diesel::backend::Backend;
use diesel::deserialize::{FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use serde::{Serialize, Serializer};

use super::error::FieldError;
use super::parse::{Faults, FromText};

/// At most `MAX` codes, each once, in the order given. Codes have no spaces.
#[derive(Clone, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Words<T, const MAX: usize>(pub Vec<T>);

impl<T, const MAX: usize> Default for Words<T, MAX> {
    fn default() -> Self {
        Words(Vec::new())
    }
}

impl<T: Display, const MAX: usize> Words<T, MAX> {
    /// The stored form: words with one space between.
    pub fn stored(&self) -> String {
        let words: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        words.join(" ")
    }
}

impl<T: FromText, const MAX: usize> Words<T, MAX> {
    /// Reads the stored form.
    ///
    /// # Errors
    /// When a word is none of `T`.
    pub fn from_stored(text: &str) -> Result<Self, super::parse::Refusal> {
        text.split(' ').filter(|word| !word.is_empty()).map(T::from_text).collect::<Result<_, _>>().map(Words)
    }
}

impl<T: Deserr<Faults> + PartialEq, const MAX: usize> Deserr<Faults> for Words<T, MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let Value::Sequence(list) = value else {
            return Err(deserr::take_cf_content(<Faults as deserr::DeserializeError>::error::<V>(
                None,
                deserr::ErrorKind::IncorrectValueKind { actual: value, accepted: &[ValueKind::Sequence] },
                location,
            )));
        };
        let (mut words, mut faults) = (Vec::new(), Vec::new());
        let length = list.len();
        for (index, value) in list.into_iter().enumerate() {
            let at = ValuePointerRef::Index { index, prev: &location };
            match T::deserialize_from_value(value.into_value(), at) {
                Ok(word) if words.contains(&word) => {
                    faults.push(FieldError::at(super::parse::pointer(at), "twice", "Name each code once."));
                }
                Ok(word) => words.push(word),
                Err(more) => faults.extend(more.0),
            }
        }
        if length > MAX {
            let detail = format!("Use at most {MAX}; these are {length}.");
            faults.push(FieldError::at(super::parse::pointer(location), "too_many", detail));
        }
        if faults.is_empty() { Ok(Words(words)) } else { Err(Faults(faults)) }
    }
}

impl<T: Serialize, const MAX: usize> Serialize for Words<T, MAX> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(out)
    }
}

impl<T: utoipa::PartialSchema, const MAX: usize> utoipa::PartialSchema for Words<T, MAX> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ArrayBuilder::new()
            .items(T::schema())
            .max_items(Some(MAX))
            .unique_items(true)
            .build()
            .into()
    }
}

impl<T: utoipa::ToSchema, const MAX: usize> utoipa::ToSchema for Words<T, MAX> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("{}Words{MAX}", T::name()).into()
    }
}

impl<T: FromText, const MAX: usize, DB: Backend> FromSql<Text, DB> for Words<T, MAX>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        let text = <String as FromSql<Text, DB>>::from_sql(value)?;
        Words::from_stored(&text).map_err(|refusal| refusal.detail.into())
    }
}
