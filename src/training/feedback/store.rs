//! Rows of feedback.

use diesel::dsl::{count_star, sum};
use diesel::prelude::*;

use super::super::registrations::seen;
use super::model::Feedback;
use crate::kernel::access::Scope;
use crate::kernel::error::Code;
use crate::kernel::id::{FeedbackId, RegistrationId, TrainingSessionId};
use crate::kernel::text::Note;
use crate::kernel::{Error, Result};
use crate::platform::db::{Constraint, Tx};
use crate::platform::schema::{feedback, registrations, training_sessions};

/// Most comments that are shown.
const COMMENTS: i64 = 500;

/// What somebody said.
pub(super) fn of_registration(tx: &mut Tx, registration: RegistrationId) -> Result<Option<FeedbackId>> {
    let row = feedback::table.select(feedback::id).filter(feedback::registration_id.eq(registration));
    Ok(row.first(tx.conn()).optional()?)
}

/// Whether somebody has said what they think.
///
/// # Errors
/// When the database refuses.
pub fn answered(tx: &mut Tx, registration: RegistrationId) -> Result<bool> {
    of_registration(tx, registration).map(|said| said.is_some())
}

fn taken() -> Error {
    Error::new(Code::AlreadyExists, "Another answer came in at the same moment; send this one again.")
}

/// Adds what somebody says.
pub(super) fn insert(tx: &mut Tx, said: &Feedback) -> Result<()> {
    diesel::insert_into(feedback::table).values(said).execute(tx.conn()).on_unique(taken)?;
    Ok(())
}

/// Puts it in the place of what was said before.
pub(super) fn replace(tx: &mut Tx, said: &Feedback) -> Result<()> {
    use feedback as t;
    diesel::update(t::table.filter(t::id.eq(said.id)))
        .set((
            (t::relevance.eq(said.relevance), t::content.eq(said.content), t::trainers.eq(said.trainers)),
            (t::organization.eq(said.organization), t::comment.eq(&said.comment)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

macro_rules! within_reach {
    ($scope:expr, $session:expr) => {
        feedback::table
            .inner_join(registrations::table.on(registrations::id.eq(feedback::registration_id)))
            .inner_join(training_sessions::table.on(training_sessions::id.eq(feedback::session_id)))
            .filter(feedback::session_id.eq($session))
            .filter(seen($scope))
    };
}

/// How many answers of a session are within reach, and the sum of each rating.
pub(super) fn sums(tx: &mut Tx, scope: &Scope, session: TrainingSessionId) -> Result<(i64, [i64; 4])> {
    type Sums = (i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
    let (count, relevance, content, trainers, organization): Sums = within_reach!(scope, session)
        .select((
            count_star(),
            sum(feedback::relevance),
            sum(feedback::content),
            sum(feedback::trainers),
            sum(feedback::organization),
        ))
        .first(tx.conn())?;
    Ok((count, [relevance, content, trainers, organization].map(Option::unwrap_or_default)))
}

/// What was said in words, in the order of the alphabet: neither when nor by whom shows in it.
pub(super) fn comments(tx: &mut Tx, scope: &Scope, session: TrainingSessionId) -> Result<Vec<Note>> {
    let rows = within_reach!(scope, session)
        .select(feedback::comment.assume_not_null())
        .filter(feedback::comment.is_not_null())
        .order(feedback::comment)
        .limit(COMMENTS);
    Ok(rows.load(tx.conn())?)
}
