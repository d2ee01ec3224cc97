//! Tables of risk registers: scenarios, ratings, treatment, acceptances.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    risk_registers (id) {
        id -> Guid,
        country -> Text,
        organization_id -> Nullable<Guid>,
        program_id -> Nullable<Guid>,
        title -> Text,
        scope -> Nullable<Text>,
        criteria -> Nullable<Text>,
        matrix_id -> Guid,
        tolerance -> Integer,
        tolerance_cyber -> Nullable<Integer>,
        tolerance_ai -> Nullable<Integer>,
        tolerance_program -> Nullable<Integer>,
        status -> Text,
        note -> Nullable<Text>,
        last_number -> Integer,
        submitted_by -> Nullable<Guid>,
        submitted_at -> Nullable<Instant>,
        validated_by -> Nullable<Guid>,
        validated_at -> Nullable<Instant>,
        published_at -> Nullable<Instant>,
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
    risk_writers (register_id, user_id) {
        register_id -> Guid,
        user_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    risks (id) {
        id -> Guid,
        register_id -> Guid,
        country -> Text,
        number -> Integer,
        category -> Text,
        status -> Text,
        title -> Text,
        description -> Nullable<Text>,
        source -> Nullable<Text>,
        event -> Nullable<Text>,
        consequence -> Nullable<Text>,
        assets -> Nullable<Text>,
        ai_system_id -> Nullable<Guid>,
        owner -> Nullable<Guid>,
        treatment -> Nullable<Text>,
        level -> Integer,
        within_tolerance -> Nullable<Bool>,
        strength -> Nullable<Text>,
        next_review_on -> Nullable<Date>,
        triggers -> Text,
        reopened_by -> Nullable<Text>,
        ai -> Text,
        mit_domain -> Nullable<Guid>,
        mit_subdomain -> Nullable<Guid>,
        note -> Nullable<Text>,
        search_text -> Text,
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
    risk_ratings (risk_id, kind) {
        risk_id -> Guid,
        kind -> Text,
        register_id -> Guid,
        likelihood -> Integer,
        impacts -> Text,
        impact -> Integer,
        level -> Integer,
        rationale -> Nullable<Text>,
        counted -> Bool,
        rated_by -> Guid,
        rated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    risk_outcomes (risk_id, node_id) {
        risk_id -> Guid,
        node_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    treatment_actions (id) {
        id -> Guid,
        risk_id -> Guid,
        register_id -> Guid,
        title -> Text,
        description -> Nullable<Text>,
        status -> Text,
        owner -> Nullable<Guid>,
        due -> Nullable<Date>,
        cost -> Nullable<BigInt>,
        currency -> Nullable<Text>,
        effort_days -> Nullable<Integer>,
        milestone_id -> Nullable<Guid>,
        note -> Nullable<Text>,
        done_by -> Nullable<Guid>,
        done_at -> Nullable<Instant>,
        verified_by -> Nullable<Guid>,
        verified_at -> Nullable<Instant>,
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
    risk_acceptances (id) {
        id -> Guid,
        risk_id -> Guid,
        register_id -> Guid,
        status -> Text,
        justification -> Text,
        level -> Integer,
        expires_on -> Date,
        approver -> Nullable<Guid>,
        note -> Nullable<Text>,
        submitted_by -> Nullable<Guid>,
        submitted_at -> Nullable<Instant>,
        decided_by -> Nullable<Guid>,
        decided_at -> Nullable<Instant>,
        ended_at -> Nullable<Instant>,
        deleted_at -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}
