//! Tables of what is assessed: frameworks, crosswalks and risk matrices.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    frameworks (id) {
        id -> Guid,
        urn -> Text,
        edition -> Text,
        name -> Text,
        publisher -> Text,
        source -> Nullable<Text>,
        published -> Nullable<Text>,
        license -> Text,
        notice -> Nullable<Text>,
        language -> Text,
        languages -> Text,
        method -> Nullable<Text>,
        scale -> Text,
        groups -> Text,
        coverage_threshold -> Integer,
        rollup -> Nullable<Text>,
        kinds -> Text,
        node_count -> Integer,
        assessable_count -> Integer,
        form -> Text,
        digest -> Text,
        shipped -> Bool,
        version -> Integer,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    framework_nodes (id) {
        id -> Guid,
        framework_id -> Guid,
        position -> Integer,
        depth -> Integer,
        parent_id -> Nullable<Guid>,
        code -> Text,
        urn -> Text,
        kind -> Text,
        assessable -> Bool,
        weight -> Integer,
        stage -> Nullable<Integer>,
        points -> Nullable<Integer>,
        name -> Nullable<Text>,
        text -> Nullable<Text>,
        guidance -> Nullable<Text>,
        evidence -> Nullable<Text>,
        recommendation -> Nullable<Text>,
        groups -> Text,
        questions -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    crosswalks (id) {
        id -> Guid,
        urn -> Text,
        edition -> Text,
        name -> Text,
        publisher -> Text,
        license -> Text,
        source_urn -> Text,
        target_urn -> Text,
        mapping_count -> Integer,
        digest -> Text,
        shipped -> Bool,
        version -> Integer,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Guid;
    crosswalk_mappings (id) {
        id -> Guid,
        crosswalk_id -> Guid,
        position -> Integer,
        source_urn -> Text,
        target_urn -> Text,
        relation -> Text,
        strength -> Nullable<Integer>,
        rationale -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(crosswalks, crosswalk_mappings);

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    risk_matrices (id) {
        id -> Guid,
        urn -> Text,
        edition -> Text,
        name -> Text,
        description -> Nullable<Text>,
        publisher -> Text,
        license -> Text,
        likelihood -> Text,
        impact -> Text,
        levels -> Text,
        grid -> Text,
        digest -> Text,
        shipped -> Bool,
        version -> Integer,
        created_at -> Instant,
    }
}
