//! Scores from files: made offline and merged later, without doubling.

use actix_web::post;

use super::super::attendance::Source;
use super::actions;
use super::model::ScoreDraft;
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::RecordScores;
use crate::kernel::id::TrainingSessionId;
use crate::platform::http::Routing;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Key, Once, Reply};
use crate::platform::sheet::{self, Column, Imported, Kind, Order, Table, Upload};

/// A list as a file.
const TABLE: Table = Table {
    stem: "scores",
    grows: &["scores"],
    columns: &[
        Column::text("registration_id").needed(),
        Column::text("test").needed(),
        Column::new("points", Kind::Number).needed(),
        Column::new("max", Kind::Number).needed(),
        Column::text("client_id"),
        Column::text("noted_at"),
    ],
};

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(import);
}

/// Merge a list of scores from a file; with `dry_run=true` only tell what would happen.
#[utoipa::path(
    tag = "scores",
    params(("id" = TrainingSessionId, Path, description = "The session"), Order),
    request_body(content(
        (Vec<ScoreDraft> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = Imported))
)]
#[post("/training-sessions/{id}/scores/import")]
pub async fn import(
    once: Once,
    permit: Permit<RecordScores>,
    Key(session): Key<TrainingSessionId>,
    file: Upload,
) -> Result<Answer> {
    let (rows, order, speech) = file.rows(&TABLE).await?;
    once.run(permit, move |tx, permit| {
        permit.get(tx, |tx, scope| super::super::sessions::find(tx, scope, session))?;
        let done = sheet::carry_out(tx, &rows, order, speech, |tx, draft: ScoreDraft| {
            actions::note(tx, permit, session, &draft, Source::Import).map(|(entry, _)| entry.id.to_string())
        })?;
        Ok(Reply::ok(done))
    })
    .await
}
