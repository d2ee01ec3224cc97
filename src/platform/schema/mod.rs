//! The tables, grouped by what they are about; a test compares them with the catalogs of both databases.

mod ai;
mod assessing;
mod catalogs;
mod disclosure;
mod house;
mod people;
mod places;
mod plans;
mod post;
mod recommending;
mod registers;
mod training;

pub use ai::*;
pub use assessing::*;
pub use catalogs::*;
pub use disclosure::*;
pub use house::*;
pub use people::*;
pub use places::*;
pub use plans::*;
pub use post::*;
pub use recommending::*;
pub use registers::*;
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
    holdings,
    holding_people,
    share_grants,
    label_changes,
    frameworks,
    framework_nodes,
    assessments,
    assessment_results,
    assessment_sections,
    assessment_answers,
    answer_changes,
    assessment_evidence,
    evidence_files,
    recommendations,
    ai_systems,
    ai_impact_assessments,
    ai_impact_writers,
    ai_impact_outcomes,
    risk_registers,
    risk_writers,
    risks,
    risk_ratings,
    risk_outcomes,
    treatment_actions,
    risk_acceptances,
);
