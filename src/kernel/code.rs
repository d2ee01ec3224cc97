//! Closed lists of codes (states, kinds, roles): one macro gives the wire, SQL, error and OpenAPI forms.

/// Declares an enum that is one lower-case word over the wire, in SQL and in the OpenAPI document.
///
/// A value outside the list is refused with the list of valid ones.
#[macro_export]
macro_rules! codes_enum {
    ($(#[$meta:meta])* $vis:vis $name:ident { $($(#[$vmeta:meta])* $variant:ident $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::diesel::expression::AsExpression, ::diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = ::diesel::sql_types::Text)]
        $vis enum $name { $($(#[$vmeta])* $variant),* }


        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// The words of the list, in its order.
            pub const WORDS: &'static [&'static str] = &[$($text),*];
            /// The word over the wire and in SQL.
            pub fn as_str(self) -> &'static str { match self { $($name::$variant => $text),* } }
        }
        $crate::code_traits!($name);
    };
}

/// The traits of a [`codes_enum`].
#[macro_export]
macro_rules! code_traits {
    ($name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = $crate::kernel::parse::Refusal;
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                $name::ALL.iter().copied().find(|v| v.as_str() == text).ok_or_else(|| {
                    $crate::kernel::parse::Refusal::new(
                        "unknown_value",
                        format!("Use one of: {}.", $name::WORDS.join(", ")),
                    )
                })
            }
        }
        impl $crate::kernel::parse::FromText for $name {
            fn from_text(text: &str) -> ::std::result::Result<Self, $crate::kernel::parse::Refusal> {
                text.parse()
            }
        }
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
                out.serialize_str(self.as_str())
            }
        }
        impl ::utoipa::__dev::ComposeSchema for $name {
            fn compose(
                _: Vec<::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema>>,
            ) -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                ::utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(::utoipa::openapi::schema::Type::String)
                    .enum_values(Some($name::WORDS.iter().copied()))
                    .build()
                    .into()
            }
        }
        impl ::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
        impl<DB: ::diesel::backend::Backend> ::diesel::serialize::ToSql<::diesel::sql_types::Text, DB>
            for $name
        where
            str: ::diesel::serialize::ToSql<::diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut ::diesel::serialize::Output<'b, '_, DB>,
            ) -> ::diesel::serialize::Result {
                ::diesel::serialize::ToSql::<::diesel::sql_types::Text, DB>::to_sql(self.as_str(), out)
            }
        }
        impl<DB: ::diesel::backend::Backend> ::diesel::deserialize::FromSql<::diesel::sql_types::Text, DB>
            for $name
        where
            String: ::diesel::deserialize::FromSql<::diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> ::diesel::deserialize::Result<Self> {
                let text =
                    <String as ::diesel::deserialize::FromSql<::diesel::sql_types::Text, DB>>::from_sql(
                        value,
                    )?;
                text.parse()
                    .map_err(|_| format!("{} holds an unknown code {text:?}", stringify!($name)).into())
            }
        }
    };
}
