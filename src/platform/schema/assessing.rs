//! Tables of assessments: sections, answers with their changes, and evidence.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    assessments (id) {
        id -> Guid,
        framework_id -> Guid,
        country -> Text,
        organization_id -> Nullable<Guid>,
        program_id -> Nullable<Guid>,
        previous_id -> Nullable<Guid>,
        title -> Text,
        purpose -> Text,
        period_from -> Date,
        period_to -> Date,
        due -> Nullable<Date>,
        groups -> Text,
        tiers -> Text,
        status -> Text,
        note -> Nullable<Text>,
        submitted_by -> Nullable<Guid>,
        submitted_at -> Nullable<Instant>,
        validated_by -> Nullable<Guid>,
        validated_at -> Nullable<Instant>,
        published_at -> Nullable<Instant>,
        next_due -> Nullable<Date>,
        answered -> Integer,
        in_scope -> Integer,
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
    assessment_sections (id) {
        id -> Guid,
        assessment_id -> Guid,
        node_id -> Guid,
        position_from -> Integer,
        position_to -> Integer,
        assignee -> Nullable<Guid>,
        due -> Nullable<Date>,
        status -> Text,
        note -> Nullable<Text>,
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
    assessment_answers (id) {
        id -> Guid,
        assessment_id -> Guid,
        node_id -> Guid,
        position -> Integer,
        value -> Nullable<Integer>,
        validated_value -> Nullable<Integer>,
        target -> Nullable<Integer>,
        priority -> Nullable<Integer>,
        confidence -> Nullable<Text>,
        not_applicable -> Bool,
        reason -> Nullable<Text>,
        comment -> Nullable<Text>,
        review_note -> Nullable<Text>,
        carried -> Bool,
        version -> Integer,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    answer_changes (id) {
        id -> Guid,
        assessment_id -> Guid,
        node_id -> Guid,
        act -> Text,
        client_id -> Nullable<Text>,
        content -> Text,
        changed_by -> Guid,
        changed_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    assessment_evidence (id) {
        id -> Guid,
        assessment_id -> Guid,
        node_id -> Guid,
        position -> Integer,
        kind -> Text,
        title -> Text,
        link -> Nullable<Text>,
        file_name -> Nullable<Text>,
        file_type -> Nullable<Text>,
        file_size -> Nullable<Integer>,
        file_digest -> Nullable<Text>,
        language -> Nullable<Text>,
        dated -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        status -> Text,
        note -> Nullable<Text>,
        decided_by -> Nullable<Guid>,
        decided_at -> Nullable<Instant>,
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
    evidence_files (evidence_id) {
        evidence_id -> Guid,
        bytes -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    assessment_results (assessment_id, position) {
        assessment_id -> Guid,
        position -> Integer,
        node_id -> Nullable<Guid>,
        figure -> Nullable<BigInt>,
        stage -> Nullable<Integer>,
        answered -> Integer,
        applicable -> Integer,
    }
}
