//! Reading the reference table.

use actix_web::get;
use actix_web::web::Data;

use super::model::{Country, CountryFilter};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::ReadReference;
use crate::kernel::id::Iso2;
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::{Filter, Key, Reply, Shown};

/// List countries.
#[utoipa::path(tag = "countries", params(CountryFilter), 
    responses((status = 200, body = Items<Country>), (status = 304, description = "The list did not change.")))]
#[get("/countries")]
pub async fn list(
    db: Data<Db>,
    _permit: Permit<ReadReference>,
    filter: Filter<CountryFilter>,
) -> Result<Shown<Country>> {
    let Filter { by, page, bound } = filter;
    let page = db.read(move |tx| store::list(tx, &by, &page)).await?;
    Ok(Shown::new(page, bound).tagged())
}

/// Show a country.
#[utoipa::path(tag = "countries", params(("iso2" = Iso2, Path)), responses((status = 200, body = Country)))]
#[get("/countries/{iso2}")]
pub async fn get(db: Data<Db>, _permit: Permit<ReadReference>, iso2: Key<Iso2>) -> Result<Reply<Country>> {
    let country = db.read(move |tx| store::find(tx, iso2.0)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::record(country.tag_version(), country))
}
