//! Tables of what follows from assessments.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    recommendations (id) {
        id -> Guid,
        assessment_id -> Guid,
        country -> Text,
        node_id -> Guid,
        title -> Text,
        text -> Nullable<Text>,
        priority -> Integer,
        status -> Text,
        reason -> Nullable<Text>,
        program_id -> Nullable<Guid>,
        milestone_id -> Nullable<Guid>,
        course_id -> Nullable<Guid>,
        session_id -> Nullable<Guid>,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}
