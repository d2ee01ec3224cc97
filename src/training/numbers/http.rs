//! Numbers over HTTP: of a session, of a program, of a country.

use actix_web::get;
use actix_web::web::Data;

use super::model::{Span, TrainingNumbers};
use super::reading;
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::ViewTrainingNumbers;
use crate::kernel::id::{Iso2, ProgramId, TrainingSessionId};
use crate::platform::db::Db;
use crate::platform::http::{Filter, Key, Reply};

/// Count who was nominated, confirmed, came and completed a session, by country and sex. Numbers that could point at
/// somebody are null.
#[utoipa::path(
    tag = "numbers",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    responses((status = 200, body = TrainingNumbers))
)]
#[get("/training-sessions/{id}/numbers")]
pub async fn of_session(
    db: Data<Db>,
    permit: Permit<ViewTrainingNumbers>,
    Key(id): Key<TrainingSessionId>,
) -> Result<Reply<TrainingNumbers>> {
    Ok(Reply::ok(db.read(move |tx| reading::of_session(tx, &permit, id)).await?))
}

/// Count the people of all sessions of a program, each once.
#[utoipa::path(
    tag = "numbers",
    params(("id" = ProgramId, Path, description = "The program"), Span),
    responses((status = 200, body = TrainingNumbers))
)]
#[get("/programs/{id}/training-numbers")]
pub async fn of_program(
    db: Data<Db>,
    permit: Permit<ViewTrainingNumbers>,
    Key(id): Key<ProgramId>,
    span: Filter<Span>,
) -> Result<Reply<TrainingNumbers>> {
    Ok(Reply::ok(db.read(move |tx| reading::of_program(tx, &permit, id, span.by)).await?))
}

/// Count the people of a country in all sessions within the caller's reach, each once.
#[utoipa::path(
    tag = "numbers",
    params(("iso2" = Iso2, Path, description = "The country"), Span),
    responses((status = 200, body = TrainingNumbers))
)]
#[get("/partners/{iso2}/training-numbers")]
pub async fn of_partner(
    db: Data<Db>,
    permit: Permit<ViewTrainingNumbers>,
    Key(country): Key<Iso2>,
    span: Filter<Span>,
) -> Result<Reply<TrainingNumbers>> {
    Ok(Reply::ok(db.read(move |tx| reading::of_partner(tx, &permit, country, span.by)).await?))
}
