//! Tables of training: courses, sessions and how their seats are given.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    courses (id) {
        id -> Guid,
        title -> Text,
        description -> Nullable<Text>,
        objectives -> Nullable<Text>,
        themes -> Text,
        work_roles -> Text,
        level -> Nullable<Text>,
        languages -> Text,
        deleted_at -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
        certificate_months -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    training_sessions (id) {
        id -> Guid,
        program_id -> Guid,
        course_id -> Nullable<Guid>,
        title -> Text,
        kind -> Nullable<Text>,
        description -> Nullable<Text>,
        mode -> Nullable<Text>,
        venue -> Nullable<Text>,
        city -> Nullable<Text>,
        country -> Nullable<Text>,
        venue_key -> Nullable<Text>,
        link -> Nullable<Text>,
        zone -> Nullable<Text>,
        themes -> Text,
        languages -> Text,
        organizer -> Nullable<Text>,
        source -> Nullable<Text>,
        first_day -> Date,
        last_day -> Date,
        status -> Text,
        reason -> Nullable<Text>,
        sequence -> Integer,
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
    session_terms (session_id) {
        session_id -> Guid,
        capacity -> Nullable<Integer>,
        registration_opens -> Nullable<Text>,
        registration_closes -> Nullable<Text>,
        opens_at -> Nullable<Instant>,
        closes_at -> Nullable<Instant>,
        offer_hours -> Integer,
        least_share -> Integer,
        pass_mark -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    session_days (session_id, day) {
        session_id -> Guid,
        day -> Date,
        starts -> Nullable<Text>,
        ends -> Nullable<Text>,
        starts_at -> Instant,
        ends_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    session_countries (session_id, country) {
        session_id -> Guid,
        country -> Text,
        quota -> Nullable<Integer>,
        reserves -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    session_trainers (session_id, user_id) {
        session_id -> Guid,
        user_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    participants (id) {
        id -> Guid,
        country -> Text,
        email -> Text,
        email_key -> Text,
        name -> Text,
        organization -> Nullable<Text>,
        job -> Nullable<Text>,
        sex -> Nullable<Text>,
        language -> Nullable<Text>,
        access_needs -> Nullable<Text>,
        diet -> Nullable<Text>,
        consent_version -> Nullable<Text>,
        consent_at -> Nullable<Instant>,
        merged_into -> Nullable<Guid>,
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
    registrations (id) {
        id -> Guid,
        session_id -> Guid,
        participant_id -> Guid,
        country -> Text,
        origin -> Text,
        rank -> Nullable<Integer>,
        motive -> Nullable<Text>,
        status -> Text,
        reserve -> Integer,
        note -> Nullable<Text>,
        queued_at -> Nullable<Instant>,
        offer_expires_at -> Nullable<Instant>,
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
    session_seats (session_id, country) {
        session_id -> Guid,
        country -> Text,
        taken -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    attendance (id) {
        id -> Guid,
        session_id -> Guid,
        registration_id -> Guid,
        day -> Date,
        status -> Text,
        minutes -> Integer,
        source -> Text,
        client_id -> Nullable<Text>,
        noted_at -> Instant,
        noted_by -> Guid,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    training_standings (registration_id) {
        registration_id -> Guid,
        session_id -> Guid,
        program_id -> Guid,
        participant_id -> Guid,
        country -> Text,
        nominated -> Integer,
        confirmed -> Integer,
        attended -> Integer,
        minutes -> Integer,
        completed -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    scores (id) {
        id -> Guid,
        session_id -> Guid,
        registration_id -> Guid,
        test -> Text,
        points -> Integer,
        max_points -> Integer,
        source -> Text,
        client_id -> Nullable<Text>,
        noted_at -> Instant,
        noted_by -> Guid,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    feedback (id) {
        id -> Guid,
        session_id -> Guid,
        registration_id -> Guid,
        relevance -> Integer,
        content -> Integer,
        trainers -> Integer,
        organization -> Integer,
        comment -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Instant;
    certificate_keys (kid) {
        kid -> Text,
        public_key -> Text,
        seed -> Binary,
        active -> Integer,
        created_at -> Instant,
        retired_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    certificates (id) {
        id -> Guid,
        number -> Text,
        session_id -> Guid,
        registration_id -> Guid,
        country -> Text,
        name -> Text,
        content -> Text,
        kid -> Text,
        signature -> Text,
        valid_until -> Nullable<Date>,
        issued_at -> Instant,
        issued_by -> Guid,
        revoked_at -> Nullable<Instant>,
        revoked_by -> Nullable<Guid>,
        reason -> Nullable<Text>,
        version -> Integer,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    merged_registrations (id) {
        id -> Guid,
        into_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    registration_links (id) {
        id -> Guid,
        session_id -> Guid,
        country -> Nullable<Text>,
        label -> Nullable<Text>,
        expires_on -> Nullable<Date>,
        revoked_at -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}
