//! Tables of plans: programs, their parts, milestones, feeds.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    programs (id) {
        id -> Guid,
        iati_identifier -> Nullable<Text>,
        title -> Text,
        description -> Nullable<Text>,
        objectives -> Nullable<Text>,
        target_groups -> Nullable<Text>,
        status -> Text,
        planned_start -> Nullable<Text>,
        actual_start -> Nullable<Text>,
        planned_end -> Nullable<Text>,
        actual_end -> Nullable<Text>,
        planned_start_on -> Nullable<Date>,
        planned_end_on -> Nullable<Date>,
        start_on -> Date,
        scope_note -> Nullable<Text>,
        budget_note -> Nullable<Text>,
        notes -> Nullable<Text>,
        collaboration_type -> Nullable<Text>,
        flow_type -> Nullable<Text>,
        aid_type -> Nullable<Text>,
        final_report -> Nullable<Text>,
        finalised_by -> Nullable<Guid>,
        milestones_waiver -> Nullable<Text>,
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
    program_countries (program_id, country) {
        program_id -> Guid,
        country -> Text,
        share -> Nullable<Integer>,
        status -> Text,
        acknowledged_at -> Nullable<Instant>,
        acknowledged_by -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    program_themes (program_id, theme) {
        program_id -> Guid,
        theme -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    program_organizations (program_id, place) {
        program_id -> Guid,
        place -> Integer,
        role -> Text,
        organization_id -> Nullable<Guid>,
        name -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    program_tags (program_id, vocabulary, code) {
        program_id -> Guid,
        vocabulary -> Text,
        code -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    program_budgets (id) {
        id -> Guid,
        program_id -> Guid,
        kind -> Text,
        status -> Text,
        period_start -> Date,
        period_end -> Date,
        amount -> BigInt,
        currency -> Text,
        value_date -> Date,
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
    milestones (id) {
        id -> Guid,
        program_id -> Guid,
        series_id -> Nullable<Guid>,
        country -> Nullable<Text>,
        title -> Text,
        description -> Nullable<Text>,
        deliverable -> Nullable<Text>,
        deliverable_url -> Nullable<Text>,
        owner -> Nullable<Guid>,
        acceptance -> Text,
        due -> Date,
        baseline_due -> Date,
        weight -> Integer,
        predecessor -> Nullable<Guid>,
        status -> Text,
        note -> Nullable<Text>,
        submitted_by -> Nullable<Guid>,
        submitted_at -> Nullable<Instant>,
        accepted_by -> Nullable<Guid>,
        accepted_at -> Nullable<Instant>,
        moves -> Integer,
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
    milestone_moves (id) {
        id -> Guid,
        milestone_id -> Guid,
        old_due -> Date,
        new_due -> Date,
        reason -> Text,
        moved_by -> Guid,
        moved_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    calendar_feeds (id) {
        id -> Guid,
        user_id -> Guid,
        name -> Nullable<Text>,
        shows -> Text,
        created_at -> Instant,
        revoked_at -> Nullable<Instant>,
        program_id -> Nullable<Guid>,
        country -> Nullable<Text>,
    }
}
