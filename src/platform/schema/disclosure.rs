//! Tables of what countries own and to whom they disclose it.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    holdings (id) {
        id -> Guid,
        kind -> Text,
        country -> Text,
        program_id -> Nullable<Guid>,
        tlp -> Text,
        title -> Text,
        published -> Bool,
        deleted_at -> Nullable<Instant>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    holding_people (holding_id, user_id, part) {
        holding_id -> Guid,
        user_id -> Guid,
        part -> Text,
        named_by -> Guid,
        named_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    share_grants (id) {
        id -> Guid,
        holding_id -> Guid,
        user_id -> Nullable<Guid>,
        program_id -> Nullable<Guid>,
        level -> Text,
        purpose -> Text,
        expires_on -> Date,
        status -> Text,
        reason -> Nullable<Text>,
        proposed_by -> Guid,
        decided_by -> Nullable<Guid>,
        decided_at -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    label_changes (id) {
        id -> Guid,
        holding_id -> Guid,
        from_label -> Text,
        to_label -> Text,
        reason -> Text,
        waive_delay -> Bool,
        status -> Text,
        asked_by -> Guid,
        decided_by -> Nullable<Guid>,
        decided_at -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}
