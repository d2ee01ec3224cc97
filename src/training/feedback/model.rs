//! Feedback as it is given, stored and told.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::scores::Mean;
use crate::accounts::Secret;
use crate::counted;
use crate::kernel::id::{FeedbackId, RegistrationId, TrainingSessionId};
use crate::kernel::parse::Faults;
use crate::kernel::text::Note;
use crate::platform::schema::feedback;

counted! {
    /// From 1, poor, to 5, very good.
    Rating 1 5;
}

/// What somebody says of a session.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct FeedbackDraft {
    /// The pass: the part of the letter's link behind `#`.
    pub token: Secret,
    /// Of use for one's own work.
    pub relevance: Rating,
    /// What was taught.
    pub content: Rating,
    /// Who taught it.
    pub trainers: Rating,
    /// Place, times, invitations, technique.
    pub organization: Rating,
    /// In one's own words; shown to those who run the session without a name. Say nothing here that tells who you are.
    #[deserr(default)]
    pub comment: Option<Note>,
}

/// What became of what somebody said.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct FeedbackReceipt {
    /// It took the place of what was said before.
    pub replaced: bool,
}

/// A row.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = feedback)]
pub struct Feedback {
    /// The row's id.
    pub id: FeedbackId,
    /// Of which session.
    pub session_id: TrainingSessionId,
    /// By whom; never shown.
    pub registration_id: RegistrationId,
    /// Of use for one's own work.
    pub relevance: i32,
    /// What was taught.
    pub content: i32,
    /// Who taught it.
    pub trainers: i32,
    /// Place, times, invitations, technique.
    pub organization: i32,
    /// In one's own words.
    pub comment: Option<Note>,
}

/// What was said of a session, as far as it tells of nobody.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeedbackSummary {
    /// How many answered; null while they are fewer than five, and nothing else is shown then.
    pub answers: Option<usize>,
    /// Of use for one's own work, 1 to 5.
    pub relevance: Mean,
    /// What was taught, 1 to 5.
    pub content: Mean,
    /// Who taught it, 1 to 5.
    pub trainers: Mean,
    /// Place, times, invitations, technique, 1 to 5.
    pub organization: Mean,
    /// What was said in words, without names and in the order of the alphabet; at most 500.
    pub comments: Vec<Note>,
}
