//! Reading scenarios over HTTP: lists within a register and across registers, and one of them.

use actix_web::get;
use actix_web::web::Data;

use super::super::registers;
use super::filter::RiskFilter;
use super::model::{RiskLine, RiskRecord};
use super::{list, scene, view};
use crate::accounts::Permit;
use crate::disclosure;
use crate::kernel::Result;
use crate::kernel::access::{Actor, ViewRisks};
use crate::kernel::id::{HoldingId, RiskId, RiskRegisterId};
use crate::kernel::page::{Items, Page, PageRequest};
use crate::platform::db::{Db, Tx};
use crate::platform::http::{Filter, Key, Reply, Shown};

fn page_of(
    tx: &mut Tx,
    permit: &Permit<ViewRisks>,
    by: &RiskFilter,
    page: &PageRequest,
) -> Result<Page<super::Risk>> {
    list::page(tx, &permit.scope(), by, permit.user(), page)
}

/// List scenarios across the registers of which the caller sees all, the highest current level first.
#[utoipa::path(tag = "risks", params(RiskFilter), responses((status = 200, body = Items<RiskLine>)))]
#[get("/risks")]
pub async fn risks(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    filter: Filter<RiskFilter>,
) -> Result<Shown<RiskLine>> {
    let Filter { by, page, bound } = filter;
    let read = db.write(move |tx| {
        let Page { items, next, total } = page_of(tx, &permit, &by, &page)?;
        // Each register of the page is read: a country hears of its own.
        let read: Vec<HoldingId> = items.iter().map(|risk| risk.register_id.into()).collect();
        disclosure::note_all(tx, &permit, &read, "risks")?;
        Ok(Page { items: view::lines(tx, items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// List the scenarios of a register, by their numbers.
#[utoipa::path(tag = "risks", params(("id" = RiskRegisterId, Path), RiskFilter),
    responses((status = 200, body = Items<RiskLine>)))]
#[get("/risk-registers/{id}/risks")]
pub async fn risks_of_register(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    Key(id): Key<RiskRegisterId>,
    filter: Filter<RiskFilter>,
) -> Result<Shown<RiskLine>> {
    let Filter { mut by, page, bound } = filter;
    let read = db.write(move |tx| {
        registers::read(tx, &permit, id, "risks")?;
        by.register = Some(id);
        let Page { items, next, total } = page_of(tx, &permit, &by, &page)?;
        Ok(Page { items: view::lines(tx, items)?, next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// Show a scenario with its three ratings.
#[utoipa::path(tag = "risks", params(("id" = RiskId, Path)), responses((status = 200, body = RiskRecord)))]
#[get("/risks/{id}")]
pub async fn show_risk(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    Key(id): Key<RiskId>,
) -> Result<Reply<RiskRecord>> {
    let read = db.write(move |tx| {
        let scene = scene(tx, &permit, id)?;
        disclosure::read_of(tx, &permit, &scene.holding, &scene.relation, "risk")?;
        view::record(tx, scene)
    });
    let record = read.await?;
    Ok(Reply::record(record.version, record))
}
