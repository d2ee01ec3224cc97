//! People who come, over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, get, patch, post};

use super::model::{FIELDS, FieldPurpose, MergeDraft, ParticipantFilter, ParticipantRecord, PersonPatch};
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::access::{EditParticipants, MergeParticipants, ReadReference, ViewParticipants};
use crate::kernel::id::ParticipantId;
use crate::kernel::page::{Items, Whole};
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

/// List what is kept of a participant, field by field: why, and who sees it.
#[utoipa::path(tag = "participants", responses((status = 200, body = Whole<FieldPurpose>)))]
#[get("/participant-fields")]
pub async fn fields(_permit: Permit<ReadReference>) -> Result<Reply<Whole<FieldPurpose>>> {
    Ok(Reply::ok(Whole { items: FIELDS.to_vec() }))
}

/// List participants: those of the caller's country, and those registered in programs that the caller coordinates.
#[utoipa::path(tag = "participants", params(ParticipantFilter),
    responses((status = 200, body = Items<ParticipantRecord>)))]
#[get("/participants")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewParticipants>,
    filter: Filter<ParticipantFilter>,
) -> Result<Shown<ParticipantRecord>> {
    let Filter { by, page, bound } = filter;
    let found = db.read(move |tx| store::list(tx, &permit.scope(), &by, &page)).await?;
    Ok(Shown::new(found.map(ParticipantRecord::from), bound))
}

/// Show a participant.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path)),
    responses((status = 200, body = ParticipantRecord)))]
#[get("/participants/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewParticipants>,
    Key(id): Key<ParticipantId>,
) -> Result<Reply<ParticipantRecord>> {
    let person =
        db.read(move |tx| store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::record(person.version, person.into()))
}

/// Change what is kept of a participant.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path)), request_body = PersonPatch,
    responses((status = 200, body = ParticipantRecord)))]
#[patch("/participants/{id}")]
pub async fn revise(
    db: Data<Db>,
    permit: Permit<EditParticipants>,
    Key(id): Key<ParticipantId>,
    request: HttpRequest,
    Json(patch): Json<PersonPatch>,
) -> Result<Reply<ParticipantRecord>> {
    let version = etag::if_match(&request)?;
    let person = db.write(move |tx| actions::revise(tx, &permit, id, version, patch.clone())).await?;
    Ok(Reply::record(person.version, person.into()))
}

/// Make one person of two rows: this one's registrations go to the other, and this one is no more.
#[utoipa::path(tag = "participants", params(("id" = ParticipantId, Path)), request_body = MergeDraft,
    responses((status = 200, body = ParticipantRecord)))]
#[post("/participants/{id}/merge")]
pub async fn merge(
    once: Once,
    permit: Permit<MergeParticipants>,
    Key(id): Key<ParticipantId>,
    Json(draft): Json<MergeDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let person = actions::merge(tx, permit, id, &draft)?;
        Ok(Reply::record(person.version, ParticipantRecord::from(person)))
    })
    .await
}
