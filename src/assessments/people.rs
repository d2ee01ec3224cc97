//! The people named on an assessment, over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, post};

use super::actions;
use super::model::{NamingDraft, PersonRecord};
use super::sight::seen;
use crate::accounts::{Permit, people};
use crate::disclosure;
use crate::kernel::Result;
use crate::kernel::access::{NameOnAssessments, ViewAssessments};
use crate::kernel::id::{AssessmentId, UserId};
use crate::kernel::page::Whole;
use crate::platform::db::{Db, Tx};
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Json, Key, Once, Reply, Routing, etag};

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(list_people).service(name_person).service(take_off_person);
}

fn whole(tx: &mut Tx, id: AssessmentId) -> Result<Whole<PersonRecord>> {
    let named = disclosure::named(tx, id.into())?;
    let ids: Vec<UserId> = named.iter().map(|(user, _)| *user).collect();
    let known = people(tx, &ids)?;
    let record = |(user, part): &(UserId, disclosure::Part)| {
        known.get(user).cloned().map(|person| PersonRecord { person, part: *part })
    };
    Ok(Whole { items: named.iter().filter_map(record).collect() })
}

/// List who is named on an assessment, and for what.
#[utoipa::path(tag = "assessments", params(("id" = AssessmentId, Path)),
    responses((status = 200, body = Whole<PersonRecord>)))]
#[get("/assessments/{id}/people")]
pub async fn list_people(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Key(id): Key<AssessmentId>,
) -> Result<Reply<Whole<PersonRecord>>> {
    let read = db.read(move |tx| {
        seen(tx, &permit, id)?.relation.in_detail()?;
        whole(tx, id)
    });
    Ok(Reply::ok(read.await?))
}

/// Name a person on an assessment as author, facilitator, reviewer or reader. Who wrote in it is refused as reviewer.
#[utoipa::path(tag = "assessments", params(("id" = AssessmentId, Path)), request_body = NamingDraft,
    responses((status = 200, body = Whole<PersonRecord>)))]
#[post("/assessments/{id}/people")]
pub async fn name_person(
    once: Once,
    permit: Permit<NameOnAssessments>,
    Key(id): Key<AssessmentId>,
    Json(draft): Json<NamingDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        actions::name(tx, permit, id, &draft)?;
        Ok(Reply::ok(whole(tx, id)?))
    })
    .await
}

/// Take a person off an assessment, of the version that was read; sections assigned to them stay theirs.
#[utoipa::path(tag = "assessments", params(("id" = AssessmentId, Path), ("user_id" = UserId, Path)),
    responses((status = 204)))]
#[delete("/assessments/{id}/people/{user_id}")]
pub async fn take_off_person(
    db: Data<Db>,
    permit: Permit<NameOnAssessments>,
    Keys(id, user): Keys<AssessmentId, UserId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let read = etag::if_match(&request)?;
    db.write(move |tx| actions::unname(tx, &permit, (id, user), read)).await?;
    Ok(Reply::nothing())
}
