//! How far one's own imports are.

use actix_web::get;
use actix_web::web::Data;

use crate::accounts::guard::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Actor, UseAccount};
use crate::kernel::page::Whole;
use crate::platform::http::Reply;
use crate::platform::sheet::{ImportUnderWay, Imports};

/// List my imports that are under way, with the rows that are through: for a bar that moves while the answer is waited for.
/// One that has ended is in its answer; a retry with the same `Idempotency-Key` gives that again.
#[utoipa::path(tag = "me", responses((status = 200, body = Whole<ImportUnderWay>)))]
#[get("/me/imports")]
pub async fn under_way(
    imports: Data<Imports>,
    permit: Permit<UseAccount>,
) -> Result<Reply<Whole<ImportUnderWay>>> {
    Ok(Reply::ok(Whole { items: imports.of(permit.user()) }))
}
