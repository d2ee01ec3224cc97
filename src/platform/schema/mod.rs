//! The tables, grouped by what they are about; a test compares them with the catalogs of both databases.

mod catalogs;
mod house;
mod people;
mod places;
mod plans;
mod post;
mod training;

pub use catalogs::*;
pub use house::*;
pub use people::*;
pub use places::*;
pub use plans::*;
pub use post::*;
pub use training::*;

diesel::allow_tables_to_appear_in_same_query!(letters, users);
diesel::allow_tables_to_appear_in_same_query!(letters, registrations);
diesel::allow_tables_to_appear_in_same_query!(letters, participants);
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
    courses,
    training_sessions,
    session_terms,
    session_days,
    session_countries,
    session_trainers,
    participants,
    registrations,
    session_seats,
    attendance,
    training_standings,
    scores,
    feedback,
    certificate_keys,
    certificates,
    merged_registrations,
    registration_links,
);
