//! What every condition of ours that writes its own SQL has in common.

/// Makes a type a condition: it holds or not for each row of any query, aggregates nothing, and its text may differ from
/// one value to another. The type itself says how it is written (`QueryFragment`).
macro_rules! condition {
    ($name:ident) => {
        impl diesel::expression::Expression for $name {
            type SqlType = diesel::sql_types::Bool;
        }

        impl<QS> diesel::expression::AppearsOnTable<QS> for $name {}
        impl<QS> diesel::expression::SelectableExpression<QS> for $name {}

        impl<GB> diesel::expression::ValidGrouping<GB> for $name {
            type IsAggregate = diesel::expression::is_aggregate::No;
        }

        impl diesel::query_builder::QueryId for $name {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    };
}

pub(crate) use condition;
