//! Tables of letters: what is to be sent, rules, preferences.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    letters (id) {
        id -> Guid,
        rule -> Text,
        object_kind -> Text,
        object_id -> Guid,
        anchor -> Text,
        offset_days -> Integer,
        recipient -> Guid,
        address -> Text,
        audience -> Text,
        program_id -> Nullable<Guid>,
        facts -> Text,
        urgency -> Integer,
        planned_for -> Instant,
        next_at -> Instant,
        state -> Text,
        reason -> Nullable<Text>,
        attempts -> Integer,
        uncertain -> Bool,
        fence -> BigInt,
        digest_of -> Nullable<Guid>,
        dated_at -> Nullable<Instant>,
        sent_at -> Nullable<Instant>,
        created_at -> Instant,
        recipient_kind -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    letter_rules (rule, program_id) {
        rule -> Text,
        program_id -> Guid,
        enabled -> Bool,
        ladders -> Text,
        version -> Integer,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    letter_preferences (person, category) {
        person -> Guid,
        category -> Text,
        frequency -> Text,
        paused_until -> Nullable<Date>,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Instant;
    letter_suppressions (address) {
        address -> Text,
        reason -> Text,
        at -> Instant,
        for_good -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    address_refusals (id) {
        id -> Guid,
        address -> Text,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Instant;
    letter_pace (id) {
        id -> Integer,
        minute -> Instant,
        taken -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    letter_alerts (rule, object_id, anchor, offset_days, audience) {
        rule -> Text,
        object_id -> Guid,
        anchor -> Text,
        offset_days -> Integer,
        audience -> Text,
        at -> Instant,
    }
}
