//! The tables, one section a slice; a test compares them with the catalogs of both databases.

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

// accounts

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    users (id) {
        id -> Guid,
        email -> Text,
        email_folded -> Text,
        name -> Text,
        language -> Text,
        timezone -> Text,
        status -> Text,
        password_hash -> Nullable<Text>,
        expires_on -> Nullable<Date>,
        last_seen_at -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    role_grants (id) {
        id -> Guid,
        user_id -> Guid,
        role -> Text,
        country -> Nullable<Text>,
        program_id -> Nullable<Guid>,
        valid_to -> Nullable<Instant>,
        granted_by -> Guid,
        granted_at -> Instant,
        revoked_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    sessions (id) {
        id -> Guid,
        user_id -> Guid,
        created_at -> Instant,
        last_used_at -> Instant,
        ends_at -> Instant,
        ended_at -> Nullable<Instant>,
        authenticated_at -> Instant,
        methods -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, role_grants, sessions);
