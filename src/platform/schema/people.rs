//! Tables of people: accounts, grants, sessions, tokens, links.

use crate::kernel::sql::{Guid, Instant};

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
        agent -> Text,
        source -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    refresh_tokens (id) {
        id -> Guid,
        session_id -> Guid,
        hash -> Text,
        state -> Text,
        predecessor -> Nullable<Guid>,
        created_at -> Instant,
        expires_at -> Instant,
        used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    links (id) {
        id -> Guid,
        kind -> Text,
        user_id -> Nullable<Guid>,
        email -> Nullable<Text>,
        created_at -> Instant,
        created_by -> Guid,
        expires_at -> Instant,
        used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    second_factors (user_id) {
        user_id -> Guid,
        seed -> Binary,
        last_step -> BigInt,
        created_at -> Instant,
        confirmed_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    recovery_codes (id) {
        id -> Guid,
        user_id -> Guid,
        hash -> Text,
        used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    api_tokens (id) {
        id -> Guid,
        user_id -> Guid,
        name -> Text,
        hash -> Text,
        permissions -> Text,
        countries -> Nullable<Text>,
        created_at -> Instant,
        expires_at -> Instant,
        last_used_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    grant_requests (user_id) {
        user_id -> Guid,
        asked_by -> Guid,
        asked_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    signing_keys (kid) {
        kid -> Text,
        seed -> Binary,
        state -> Text,
        created_at -> Instant,
        retired_at -> Nullable<Instant>,
    }
}
