//! Partners over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::model::{
    Holiday, HolidayDraft, HolidayFilter, PartnerDraft, PartnerFilter, PartnerPatch, PartnerStep, PartnerView,
};
use super::rights::Rights;
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::access::{Action, CreatePartners, EditPartners, MovePartners, Permission, ViewPartners};
use crate::kernel::id::{HolidayId, Iso2};
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::extract::Keys;
use crate::platform::http::idempotency::{Answer, Once};
use crate::platform::http::{Filter, Json, Key, Reply, Shown, etag};
use crate::platform::sheet::{self, Column, Imported, Kind, Order, Table, Upload};

const SHOWN: &[Permission] =
    &[Permission::EditPartners, Permission::MovePartners, Permission::NominateFocalPoints];

fn rights<A: Action>(permit: &Permit<A>) -> Rights {
    Rights::of(permit, SHOWN)
}

fn view(rights: &Rights, (partner, names): store::Row) -> PartnerView {
    let movable = rights.has(Permission::MovePartners, partner.country);
    let allowed_transitions = if movable { partner.status.next().to_vec() } else { Vec::new() };
    PartnerView { permissions: rights.over(partner.country), allowed_transitions, names, partner }
}

/// List partner countries.
#[utoipa::path(tag = "partners", params(PartnerFilter), responses((status = 200, body = Items<PartnerView>)))]
#[get("/partners")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewPartners>,
    filter: Filter<PartnerFilter>,
) -> Result<Shown<PartnerView>> {
    let Filter { by, page, bound } = filter;
    let (scope, rights) = (permit.scope(), rights(&permit));
    let found = db.read(move |tx| store::list(tx, &scope, &by, &page)).await?;
    Ok(Shown::new(found.map(|row| view(&rights, row)), bound))
}

/// Make a country a partner.
#[utoipa::path(tag = "partners", request_body = PartnerDraft, responses((status = 201, body = PartnerView)))]
#[post("/partners")]
pub async fn enter(permit: Permit<CreatePartners>, once: Once, draft: Json<PartnerDraft>) -> Result<Answer> {
    let draft = draft.0;
    once.run(permit, move |tx, permit| {
        let row = actions::enter(tx, permit, draft.clone())?;
        Ok(Reply::created(format!("/partners/{}", row.0.country), row.0.version, view(&rights(permit), row)))
    })
    .await
}

/// Show a partner country.
#[utoipa::path(tag = "partners", params(("iso2" = Iso2, Path)), responses((status = 200, body = PartnerView)))]
#[get("/partners/{iso2}")]
pub async fn show(db: Data<Db>, permit: Permit<ViewPartners>, iso2: Key<Iso2>) -> Result<Reply<PartnerView>> {
    let (scope, rights) = (permit.scope(), rights(&permit));
    let row = db.read(move |tx| store::find(tx, &scope, iso2.0)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::record(row.0.version, view(&rights, row)))
}

/// Change a partner country.
#[utoipa::path(tag = "partners", params(("iso2" = Iso2, Path)), request_body = PartnerPatch,
    responses((status = 200, body = PartnerView)))]
#[patch("/partners/{iso2}")]
pub async fn revise(
    db: Data<Db>,
    permit: Permit<EditPartners>,
    iso2: Key<Iso2>,
    request: HttpRequest,
    changes: Json<PartnerPatch>,
) -> Result<Reply<PartnerView>> {
    let (read, changes, rights) = (etag::if_match(&request)?, changes.0, rights(&permit));
    let row = db.write(move |tx| actions::revise(tx, &permit, iso2.0, read, changes.clone())).await?;
    Ok(Reply::record(row.0.version, view(&rights, row)))
}

/// Move a partnership to another status.
#[utoipa::path(tag = "partners", params(("iso2" = Iso2, Path)), request_body = PartnerStep,
    responses((status = 200, body = PartnerView)))]
#[post("/partners/{iso2}/transitions")]
pub async fn step(
    permit: Permit<MovePartners>,
    once: Once,
    iso2: Key<Iso2>,
    body: Json<PartnerStep>,
) -> Result<Answer> {
    let to = body.0;
    once.run(permit, move |tx, permit| {
        let row = actions::step(tx, permit, iso2.0, to.clone())?;
        Ok(Reply::record(row.0.version, view(&rights(permit), row)))
    })
    .await
}

/// List the holidays of a partner country by day.
#[utoipa::path(tag = "holidays", params(("iso2" = Iso2, Path), HolidayFilter),
    responses((status = 200, body = Items<Holiday>)))]
#[get("/partners/{iso2}/holidays")]
pub async fn holidays(
    db: Data<Db>,
    permit: Permit<ViewPartners>,
    iso2: Key<Iso2>,
    filter: Filter<HolidayFilter>,
) -> Result<Shown<Holiday>> {
    let Filter { by, page, bound } = filter;
    let scope = permit.scope();
    let read = db.read(move |tx| {
        store::find(tx, &scope, iso2.0)?.ok_or_else(Error::not_found)?;
        store::holidays(tx, iso2.0, &by, &page)
    });
    Ok(Shown::new(read.await?, bound))
}

/// Enter a holiday of a partner country.
#[utoipa::path(tag = "holidays", params(("iso2" = Iso2, Path)), request_body = HolidayDraft,
    responses((status = 201, body = Holiday)))]
#[post("/partners/{iso2}/holidays")]
pub async fn enter_holiday(
    permit: Permit<EditPartners>,
    once: Once,
    iso2: Key<Iso2>,
    draft: Json<HolidayDraft>,
) -> Result<Answer> {
    let draft = draft.0;
    once.run(permit, move |tx, permit| {
        permit.get(tx, |tx, scope| store::find(tx, scope, iso2.0))?;
        let holiday = actions::enter_holiday(tx, permit, iso2.0, draft.clone())?;
        let place = format!("/partners/{}/holidays/{}", iso2.0, holiday.id);
        Ok(Reply::created(place, holiday.version, holiday))
    })
    .await
}

/// A list of holidays as a file comes in.
const HOLIDAYS: Table = Table {
    stem: "holidays",
    grows: &["partner_holidays"],
    columns: &[
        Column::text("id").kept(),
        Column::text("country").kept(),
        Column::text("day").needed(),
        Column::new("name", Kind::Texts).needed(),
        Column::new("version", Kind::Number).kept(),
        Column::text("created_at").kept(),
    ],
};

/// Enter many holidays of a partner country from a file; with `dry_run=true` only tell what would happen.
#[utoipa::path(
    tag = "holidays",
    params(("iso2" = Iso2, Path), Order),
    request_body(content(
        (Vec<HolidayDraft> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 200, body = Imported))
)]
#[post("/partners/{iso2}/holidays/import")]
pub async fn import_holidays(
    permit: Permit<EditPartners>,
    once: Once,
    iso2: Key<Iso2>,
    file: Upload,
) -> Result<Answer> {
    let (rows, order, speech) = file.rows(&HOLIDAYS).await?;
    once.run(permit, move |tx, permit| {
        permit.get(tx, |tx, scope| store::find(tx, scope, iso2.0))?;
        let done = sheet::carry_out(tx, &rows, order, speech, |tx, draft: HolidayDraft| {
            actions::enter_holiday(tx, permit, iso2.0, draft).map(|holiday| holiday.id.to_string())
        })?;
        Ok(Reply::ok(done))
    })
    .await
}

/// Show a holiday of a partner country.
#[utoipa::path(tag = "holidays", params(("iso2" = Iso2, Path), ("id" = HolidayId, Path)),
    responses((status = 200, body = Holiday)))]
#[get("/partners/{iso2}/holidays/{id}")]
pub async fn show_holiday(
    db: Data<Db>,
    permit: Permit<ViewPartners>,
    keys: Keys<Iso2, HolidayId>,
) -> Result<Reply<Holiday>> {
    let (Keys(iso2, id), scope) = (keys, permit.scope());
    let read = db.read(move |tx| {
        store::find(tx, &scope, iso2)?.ok_or_else(Error::not_found)?;
        store::find_holiday(tx, iso2, id)?.ok_or_else(Error::not_found)
    });
    let holiday = read.await?;
    Ok(Reply::record(holiday.version, holiday))
}

/// Take a holiday of a partner country away.
#[utoipa::path(tag = "holidays", params(("iso2" = Iso2, Path), ("id" = HolidayId, Path)),
    responses((status = 204)))]
#[delete("/partners/{iso2}/holidays/{id}")]
pub async fn remove_holiday(
    db: Data<Db>,
    permit: Permit<EditPartners>,
    keys: Keys<Iso2, HolidayId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let (Keys(iso2, id), read) = (keys, etag::if_match(&request)?);
    db.write(move |tx| actions::remove_holiday(tx, &permit, iso2, id, read)).await?;
    Ok(Reply::nothing())
}
