//! Whole numbers within bounds: one macro gives the parsing and the OpenAPI form.

/// Declares whole numbers of a body. Each row: the type, its least and its most.
#[macro_export]
macro_rules! counted {
    ($($(#[$meta:meta])* $name:ident $min:literal $max:literal;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub i32);

        impl ::deserr::Deserr<$crate::kernel::parse::Faults> for $name {
            fn deserialize_from_value<V: ::deserr::IntoValue>(
                value: ::deserr::Value<V>,
                at: ::deserr::ValuePointerRef<'_>,
            ) -> ::std::result::Result<Self, $crate::kernel::parse::Faults> {
                let number = <i64 as ::deserr::Deserr<$crate::kernel::parse::Faults>>::deserialize_from_value(value, at)?;
                match i32::try_from(number) {
                    Ok(number) if ($min..=$max).contains(&number) => Ok($name(number)),
                    _ => Err(::deserr::take_cf_content(<$crate::kernel::parse::Faults as ::deserr::MergeWithError<_>>::merge(
                        None,
                        $crate::kernel::parse::Refusal::new(
                            "out_of_range",
                            format!("Use a whole number from {} to {}.", $min, $max),
                        ),
                        at,
                    ))),
                }
            }
        }
        impl ::utoipa::__dev::ComposeSchema for $name {
            fn compose(
                _: Vec<::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema>>,
            ) -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                ::utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(::utoipa::openapi::schema::Type::Integer)
                    .minimum(Some($min))
                    .maximum(Some($max))
                    .build()
                    .into()
            }
        }
        impl ::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> { stringify!($name).into() }
        }
    )* };
}
