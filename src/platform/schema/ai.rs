//! Tables of AI systems and of what they do to people.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    ai_systems (id) {
        id -> Guid,
        country -> Text,
        organization_id -> Nullable<Guid>,
        program_id -> Nullable<Guid>,
        name -> Text,
        purpose -> Text,
        roles -> Text,
        provider -> Nullable<Text>,
        deployer -> Nullable<Text>,
        users -> Nullable<Text>,
        sector -> Text,
        lifecycle -> Text,
        data_kinds -> Text,
        autonomy -> Text,
        affected_groups -> Text,
        affected -> Nullable<Text>,
        class_id -> Nullable<Guid>,
        class_reason -> Nullable<Text>,
        owner -> Nullable<Guid>,
        deleted_at -> Nullable<Instant>,
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
    ai_impact_assessments (id) {
        id -> Guid,
        ai_system_id -> Guid,
        title -> Text,
        context -> Nullable<Text>,
        individuals -> Text,
        groups -> Text,
        society -> Text,
        mitigations -> Nullable<Text>,
        oversight -> Nullable<Text>,
        conclusion -> Nullable<Text>,
        status -> Text,
        note -> Nullable<Text>,
        review_on -> Nullable<Date>,
        reviewed_by -> Nullable<Guid>,
        reviewed_at -> Nullable<Instant>,
        approved_by -> Nullable<Guid>,
        approved_at -> Nullable<Instant>,
        deleted_at -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    ai_impact_writers (impact_id, user_id) {
        impact_id -> Guid,
        user_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    ai_impact_outcomes (impact_id, node_id) {
        impact_id -> Guid,
        node_id -> Guid,
    }
}
