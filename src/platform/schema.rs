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

// notifications

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
    letter_preferences (user_id, category) {
        user_id -> Guid,
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

diesel::allow_tables_to_appear_in_same_query!(letters, users);

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

// partners

diesel::table! {
    use diesel::sql_types::*;
    use super::Instant;
    reference_files (name) {
        name -> Text,
        hash -> Text,
        loaded_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Instant;
    countries (iso2) {
        iso2 -> Text,
        iso3 -> Text,
        m49 -> Text,
        status -> Text,
        names -> Text,
        un_names -> Text,
        un_formal_name -> Nullable<Text>,
        region -> Nullable<Text>,
        subregion -> Nullable<Text>,
        intermediate_region -> Nullable<Text>,
        income -> Nullable<Text>,
        income_year -> Nullable<Integer>,
        ldc -> Bool,
        ldc_until -> Nullable<Date>,
        lldc -> Bool,
        sids -> Bool,
        g77 -> Bool,
        official_languages -> Text,
        currency -> Nullable<Text>,
        calling_code -> Nullable<Text>,
        zones -> Text,
        primary_zone -> Nullable<Text>,
        first_weekday -> Text,
        weekend -> Text,
        search_text -> Text,
        version -> Integer,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    partners (country) {
        country -> Text,
        status -> Text,
        status_reason -> Nullable<Text>,
        working_languages -> Text,
        disclosure -> Text,
        timezone -> Nullable<Text>,
        weekend -> Text,
        notes -> Nullable<Text>,
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
    partner_holidays (id) {
        id -> Guid,
        country -> Text,
        day -> Date,
        name -> Text,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    organizations (id) {
        id -> Guid,
        names -> Text,
        acronym -> Nullable<Text>,
        kind -> Text,
        type_code -> Text,
        iati_id -> Nullable<Text>,
        country -> Nullable<Text>,
        website -> Nullable<Text>,
        search_text -> Text,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
        deleted_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    focal_points (id) {
        id -> Guid,
        country -> Text,
        user_id -> Guid,
        organization_id -> Nullable<Guid>,
        themes -> Text,
        letter_url -> Nullable<Text>,
        status -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        last_confirmed_at -> Nullable<Instant>,
        ended_at -> Nullable<Instant>,
        ended_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}

// audit

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

// programs

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

// milestones

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
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    users,
    role_grants,
    sessions,
    refresh_tokens,
    links,
    second_factors,
    recovery_codes,
    api_tokens,
    grant_requests,
    countries,
    partners,
    partner_holidays,
    organizations,
    focal_points,
    programs,
    program_countries,
    program_themes,
    program_organizations,
    program_tags,
    program_budgets,
    milestones,
    milestone_moves,
    calendar_feeds,
);
