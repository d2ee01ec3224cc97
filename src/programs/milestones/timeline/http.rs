//! Routes of the timeline.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::{Timeline, draw, of_program};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::ViewMilestones;
use crate::kernel::id::ProgramId;
use crate::platform::db::Db;
use crate::platform::http::extract::speech;
use crate::platform::http::{Key, Reply};

/// Show the milestones of a program on the line of time.
#[utoipa::path(
    tag = "milestones",
    params(("id" = ProgramId, Path, description = "The program")),
    responses((status = 200, body = Timeline))
)]
#[get("/programs/{id}/timeline")]
pub async fn timeline(
    db: Data<Db>,
    permit: Permit<ViewMilestones>,
    Key(id): Key<ProgramId>,
) -> Result<Reply<Timeline>> {
    Ok(Reply::ok(db.read(move |tx| of_program(tx, &permit, id)).await?))
}

/// Draw the milestones of a program on the line of time, in the reader's language; from right to left in Arabic.
#[utoipa::path(
    tag = "milestones",
    params(("id" = ProgramId, Path, description = "The program")),
    responses((status = 200, body = String, content_type = "image/svg+xml"))
)]
#[get("/programs/{id}/timeline.svg")]
pub async fn picture(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewMilestones>,
    Key(id): Key<ProgramId>,
) -> Result<HttpResponse> {
    let drawn = db.read(move |tx| of_program(tx, &permit, id)).await?;
    let lang = speech(&request).lang();
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml; charset=utf-8")
        // The picture carries its own style and nothing else.
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"))
        .insert_header((header::CONTENT_LANGUAGE, lang.as_str()))
        .body(draw::svg(&drawn, lang)))
}
