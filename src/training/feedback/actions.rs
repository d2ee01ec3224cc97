//! Saying what one thinks of a session, and what all think of it.

use super::super::entrance::{Bearer, no_such_door};
use super::super::registrations::{self, RegistrationStatus};
use super::super::scores::{FEWEST, Mean};
use super::super::sessions::{self, SessionStatus};
use super::model::{Feedback, FeedbackDraft, FeedbackReceipt, FeedbackSummary};
use super::store;
use crate::kernel::access::Scope;
use crate::kernel::id::{RegistrationId, TrainingSessionId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};

/// Notes what somebody who was there says; a second answer takes the place of the first until the session is reported.
///
/// # Errors
/// 404 for a pass of nobody; 409 for who was not there, and once the session is reported.
pub(super) fn give(tx: &mut Tx, id: RegistrationId, draft: &FeedbackDraft) -> Result<FeedbackReceipt> {
    let registration = registrations::held(tx, id)?.ok_or_else(no_such_door)?;
    sessions::lock(tx, registration.session_id)?;
    let session = sessions::find(tx, &Scope::All, registration.session_id)?.ok_or_else(no_such_door)?.session;
    if registration.status != RegistrationStatus::Attended {
        return Err(Error::conflict(
            "Feedback is for those who were there, and you are not noted as present.",
        ));
    }
    if !matches!(session.status, SessionStatus::Running | SessionStatus::Completed) {
        return Err(Error::conflict("The session is written up; it takes no more feedback."));
    }
    let before = store::of_registration(tx, registration.id)?;
    let said = Feedback {
        id: before.unwrap_or_else(|| tx.new_id()),
        session_id: session.id,
        registration_id: registration.id,
        relevance: draft.relevance.0,
        content: draft.content.0,
        trainers: draft.trainers.0,
        organization: draft.organization.0,
        comment: draft.comment.clone(),
    };
    match before {
        Some(_) => store::replace(tx, &said)?,
        None => store::insert(tx, &said)?,
    }
    // That somebody answered, not what: a hash of so few ratings could be guessed.
    let given =
        Entry::new(&Bearer::of_pass(registration.id), "feedback.given", "training_session", session.id);
    journal::record(tx, given.program(session.program_id));
    Ok(FeedbackReceipt { replaced: before.is_some() })
}

/// What is said of a session by those within reach; nothing while they are too few.
pub(super) fn summary(tx: &mut Tx, scope: &Scope, session: TrainingSessionId) -> Result<FeedbackSummary> {
    let (count, sums) = store::sums(tx, scope, session)?;
    let count = usize::try_from(count).unwrap_or_default();
    let enough = count >= FEWEST;
    let [relevance, content, trainers, organization] = sums.map(|sum| Mean::of_sum(count, sum as f64));
    Ok(FeedbackSummary {
        answers: enough.then_some(count),
        relevance,
        content,
        trainers,
        organization,
        comments: if enough { store::comments(tx, scope, session)? } else { Vec::new() },
    })
}
