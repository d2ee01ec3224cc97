//! Routes of the heat map.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::super::registers::{self, matrix_of};
use super::super::scenarios::{open_count, spots};
use super::{HeatMap, draw, map};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::ViewRisks;
use crate::kernel::id::RiskRegisterId;
use crate::platform::db::{Db, Tx};
use crate::platform::http::extract::speech;
use crate::platform::http::{Key, Reply};

/// The map of a register, from a fixed number of queries.
fn of_register(tx: &mut Tx, permit: &Permit<ViewRisks>, id: RiskRegisterId) -> Result<HeatMap> {
    let seen = registers::read(tx, permit, id, "heat_map")?;
    let matrix = matrix_of(tx, &seen.register)?;
    let scenarios = open_count(tx, id)?;
    Ok(map(&seen.register, &matrix, scenarios, &spots(tx, id)?))
}

/// Show how many scenarios stand in each cell of the matrix: inherent, current and residual.
#[utoipa::path(tag = "risks", params(("id" = RiskRegisterId, Path)), responses((status = 200, body = HeatMap)))]
#[get("/risk-registers/{id}/heat-map")]
pub async fn heat_map(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    Key(id): Key<RiskRegisterId>,
) -> Result<Reply<HeatMap>> {
    Ok(Reply::ok(db.write(move |tx| of_register(tx, &permit, id)).await?))
}

/// Draw how many scenarios stand in each cell of the matrix, in the reader's language; from right to left in Arabic.
#[utoipa::path(
    tag = "risks",
    params(("id" = RiskRegisterId, Path)),
    responses((status = 200, body = String, content_type = "image/svg+xml"))
)]
#[get("/risk-registers/{id}/heat-map.svg")]
pub async fn heat_map_picture(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    Key(id): Key<RiskRegisterId>,
) -> Result<HttpResponse> {
    let drawn = db.write(move |tx| of_register(tx, &permit, id)).await?;
    let lang = speech(&request).lang();
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml; charset=utf-8")
        // The picture carries its own style and nothing else.
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"))
        .insert_header((header::CONTENT_LANGUAGE, lang.as_str()))
        .body(draw::svg(&drawn, lang)))
}
