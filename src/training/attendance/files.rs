//! Attendance lists from files: made offline and merged later, without doubling.

use actix_web::post;

use super::actions;
use super::model::{AttendanceDraft, Source};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::RecordAttendance;
use crate::kernel::id::TrainingSessionId;
use crate::platform::http::Routing;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Key, Once, Reply};
use crate::platform::sheet::{self, Column, Imported, Kind, Order, Table, Upload};

/// A list as a file.
const TABLE: Table = Table {
    stem: "attendance",
    columns: &[
        Column::text("registration_id").needed(),
        Column::text("day").needed(),
        Column::text("status").needed(),
        Column::new("minutes", Kind::Number),
        Column::text("client_id"),
        Column::text("noted_at"),
    ],
};

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(import);
}

/// Merge an attendance list from a file; with `dry_run=true` only tell what would happen.
#[utoipa::path(
    tag = "attendance",
    params(("id" = TrainingSessionId, Path, description = "The session"), Order),
    request_body(content(
        (Vec<AttendanceDraft> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = Imported))
)]
#[post("/training-sessions/{id}/attendance/import")]
pub async fn import(
    once: Once,
    permit: Permit<RecordAttendance>,
    Key(session): Key<TrainingSessionId>,
    file: Upload,
) -> Result<Answer> {
    let (rows, order, speech) = file.rows(&TABLE).await?;
    once.run(permit, move |tx, permit| {
        permit.get(tx, |tx, scope| super::super::sessions::find(tx, scope, session))?;
        let done = sheet::carry_out(tx, &rows, order, speech, |tx, draft: AttendanceDraft| {
            actions::note(tx, permit, session, &draft, Source::Import).map(|(entry, _)| entry.id.to_string())
        })?;
        Ok(Reply::ok(done))
    })
    .await
}
