//! A small document in one text column: lists that are read and written whole with their row, never searched.

use diesel::backend::Backend;
use diesel::deserialize::{FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use super::lang::{Speech, speaking};

/// A value that is JSON in its column, its texts in all their languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Stored<T>(pub T);

impl<T: Serialize> Stored<T> {
    /// The stored form.
    pub fn stored(&self) -> String {
        speaking(Speech::All, || serde_json::to_string(&self.0)).unwrap_or_default()
    }
}

impl<T: Serialize> Serialize for Stored<T> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(out)
    }
}

impl<T: DeserializeOwned, DB: Backend> FromSql<Text, DB> for Stored<T>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        let text = <String as FromSql<Text, DB>>::from_sql(value)?;
        serde_json::from_str(&text).map(Stored).map_err(Into::into)
    }
}

/// Lets texts and codes be read back from inside a stored document.
#[macro_export]
macro_rules! stored_texts {
    ($($name:ident)*) => { $(
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> ::std::result::Result<Self, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(from)?;
                <$name as $crate::kernel::parse::FromText>::from_text(&text)
                    .map_err(|refusal| ::serde::de::Error::custom(refusal.detail))
            }
        }
    )* };
}
