//! Tables of the house: the audit chain, events, remembered answers.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    audit_head (id) {
        id -> Integer,
        seq -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    audit_events (seq) {
        seq -> BigInt,
        id -> Guid,
        at -> Instant,
        actor -> Guid,
        via -> Text,
        action -> Text,
        object_kind -> Text,
        object_id -> Text,
        country -> Nullable<Text>,
        program_id -> Nullable<Guid>,
        outcome -> Text,
        changes -> Text,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    domain_events (id) {
        id -> Guid,
        kind -> Text,
        body -> Text,
        at -> Instant,
        planned_at -> Nullable<Instant>,
        planned_to -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    idempotency_keys (actor, route, key) {
        actor -> Guid,
        route -> Text,
        key -> Text,
        body_hash -> Text,
        answer -> Binary,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    audit_checkpoints (seq) {
        seq -> BigInt,
        hash -> Text,
        at -> Instant,
        boot -> Guid,
        signature -> Text,
    }
}
