//! Results over HTTP. Each reading is noted for the country's access log before it is answered, hence the writes.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::model::{Comparison, GapList, ScoreTree};
use super::order::{ChartOrder, ComparisonOrder, GapOrder, ScoreOrder};
use super::read;
use crate::accounts::Permit;
use crate::assessments::charts::{self, Chart, ChartWidth};
use crate::kernel::Result;
use crate::kernel::access::ViewAssessments;
use crate::kernel::id::AssessmentId;
use crate::platform::db::Db;
use crate::platform::http::extract::speech;
use crate::platform::http::{Filter, Key, Reply};

/// Score an assessment: the tree of its framework with stage, index or mean, range and coverage. Who sees the summary sees the
/// topmost nodes.
#[utoipa::path(tag = "results", params(("id" = AssessmentId, Path), ScoreOrder),
    responses((status = 200, body = ScoreTree)))]
#[get("/assessments/{id}/score")]
pub async fn score(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Key(id): Key<AssessmentId>,
    order: Filter<ScoreOrder>,
) -> Result<Reply<ScoreTree>> {
    Ok(Reply::ok(db.write(move |tx| read::score(tx, &permit, id, &order.by)).await?))
}

/// List what is missing, the most urgent first, each with what to do about it.
#[utoipa::path(tag = "results", params(("id" = AssessmentId, Path), GapOrder),
    responses((status = 200, body = GapList)))]
#[get("/assessments/{id}/gaps")]
pub async fn gaps(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Key(id): Key<AssessmentId>,
    order: Filter<GapOrder>,
) -> Result<Reply<GapList>> {
    Ok(Reply::ok(db.write(move |tx| read::gaps(tx, &permit, id, order.by)).await?))
}

/// Compare with an earlier assessment: both validated, of the same edition of a framework or of two that a crosswalk maps.
#[utoipa::path(tag = "results", params(("id" = AssessmentId, Path), ComparisonOrder),
    responses((status = 200, body = Comparison)))]
#[get("/assessments/{id}/compare")]
pub async fn compare(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Key(id): Key<AssessmentId>,
    order: Filter<ComparisonOrder>,
) -> Result<Reply<Comparison>> {
    Ok(Reply::ok(db.write(move |tx| read::compare(tx, &permit, id, order.by)).await?))
}

/// Tell the scores of a level as radar or bars: with targets, or beside an earlier assessment.
#[utoipa::path(tag = "results", params(("id" = AssessmentId, Path), ChartOrder),
    responses((status = 200, body = Chart)))]
#[get("/assessments/{id}/chart")]
pub async fn chart(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Key(id): Key<AssessmentId>,
    order: Filter<ChartOrder>,
) -> Result<Reply<Chart>> {
    Ok(Reply::ok(db.write(move |tx| read::chart(tx, &permit, id, &order.by)).await?))
}

/// Draw the scores of a level as radar or bars, in the reader's language; from right to left in Arabic.
#[utoipa::path(tag = "results", params(("id" = AssessmentId, Path), ChartOrder),
    responses((status = 200, body = String, content_type = "image/svg+xml")))]
#[get("/assessments/{id}/chart.svg")]
pub async fn chart_picture(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Key(id): Key<AssessmentId>,
    order: Filter<ChartOrder>,
) -> Result<HttpResponse> {
    let width = order.by.width.unwrap_or(ChartWidth::Wide);
    let drawn = db.write(move |tx| read::chart(tx, &permit, id, &order.by)).await?;
    let lang = speech(&request).lang();
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml; charset=utf-8")
        // The picture carries its own style and nothing else.
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"))
        .insert_header((header::CONTENT_LANGUAGE, lang.as_str()))
        .body(charts::svg(&drawn, lang, width)))
}
