//! Feedback over HTTP: given with a pass, told to those who run the session.

use actix_web::web::Data;
use actix_web::{get, post};

use super::super::entrance::Entrance;
use super::super::sessions;
use super::actions;
use super::model::{FeedbackDraft, FeedbackReceipt, FeedbackSummary};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::ViewFeedback;
use crate::kernel::id::TrainingSessionId;
use crate::platform::db::Db;
use crate::platform::http::{Json, Key, Reply};

/// Say what one thinks of a session that one attended; said again, it takes the place of what was said before.
#[utoipa::path(tag = "passes", request_body = FeedbackDraft, responses((status = 200, body = FeedbackReceipt)))]
#[post("/passes/feedback")]
pub async fn give(door: Entrance, Json(said): Json<FeedbackDraft>) -> Result<Reply<FeedbackReceipt>> {
    let id = door.pass(&said.token)?;
    Ok(Reply::ok(door.db.write(move |tx| actions::give(tx, id, &said)).await?))
}

/// Show what those who came think of a session, as counts and means and words without names; nothing while fewer than five
/// have answered.
#[utoipa::path(
    tag = "feedback",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    responses((status = 200, body = FeedbackSummary))
)]
#[get("/training-sessions/{id}/feedback")]
pub async fn of_session(
    db: Data<Db>,
    permit: Permit<ViewFeedback>,
    Key(session): Key<TrainingSessionId>,
) -> Result<Reply<FeedbackSummary>> {
    let read = db.read(move |tx| {
        permit.get(tx, |tx, scope| sessions::find(tx, scope, session))?;
        actions::summary(tx, &permit.scope(), session)
    });
    Ok(Reply::ok(read.await?))
}
