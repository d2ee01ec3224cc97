//! Routes of milestones.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::super::eyes::Eyes;
use super::filter::MilestoneFilter;
use super::model::{
    DateMove, ListedMilestone, MilestoneDraft, MilestonePatch, MilestoneRecord, MoveDraft, MoveRecord, Step,
};
use super::view::{self, eyes};
use super::{actions, list as lists, store, today};
use crate::accounts::{Permit, people};
use crate::kernel::access::{Actor, CreateMilestones, EditMilestones, MoveMilestones, ViewMilestones};
use crate::kernel::id::{MilestoneId, ProgramId};
use crate::kernel::list::Many;
use crate::kernel::page::{Items, Page, PageRequest};
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::http::idempotency::Answer;
use crate::platform::http::{Filter, Json, Key, Once, Reply, Shown, etag};

/// Plan a milestone in a program; with `repeat`, a series of them, of which the first is the answer.
#[utoipa::path(
    tag = "milestones",
    params(("id" = ProgramId, Path, description = "The program")),
    request_body = MilestoneDraft,
    responses((status = 201, body = MilestoneRecord))
)]
#[post("/programs/{id}/milestones")]
pub async fn plan(
    once: Once,
    permit: Permit<CreateMilestones>,
    Key(program): Key<ProgramId>,
    Json(draft): Json<MilestoneDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let milestone = actions::create(tx, permit, program, &draft)?;
        let (id, version) = (milestone.id, milestone.version);
        let record = view::one(tx, &eyes(permit), milestone)?;
        Ok(Reply::created(format!("/milestones/{id}"), version, record))
    })
    .await
}

/// A page of milestones as a caller sees them; `program` narrows it to one within reach.
pub(super) fn page_of(
    tx: &mut Tx,
    eyes: &Eyes,
    scope: &crate::kernel::access::Scope,
    user: crate::kernel::id::UserId,
    by: &MilestoneFilter,
    page: &PageRequest,
) -> Result<Page<ListedMilestone>> {
    let today = if by.overdue.is_some() { today::today(tx)? } else { today::today_in(tx, &[])? };
    let Page { items, next, total } = lists::page(tx, scope, by, user, &today, page)?;
    Ok(Page { items: view::listed(tx, eyes, items)?, next, total })
}

/// List milestones across programs.
#[utoipa::path(tag = "milestones", params(MilestoneFilter), responses((status = 200, body = Items<ListedMilestone>)))]
#[get("/milestones")]
pub async fn across(
    db: Data<Db>,
    permit: Permit<ViewMilestones>,
    filter: Filter<MilestoneFilter>,
) -> Result<Shown<ListedMilestone>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| page_of(tx, &eyes(&permit), &permit.scope(), permit.user(), &by, &page));
    Ok(Shown::new(read.await?, bound))
}

/// List the milestones of a program.
#[utoipa::path(
    tag = "milestones",
    params(("id" = ProgramId, Path, description = "The program"), MilestoneFilter),
    responses((status = 200, body = Items<ListedMilestone>))
)]
#[get("/programs/{id}/milestones")]
pub async fn of_program(
    db: Data<Db>,
    permit: Permit<ViewMilestones>,
    Key(program): Key<ProgramId>,
    filter: Filter<MilestoneFilter>,
) -> Result<Shown<ListedMilestone>> {
    let Filter { mut by, page, bound } = filter;
    let read = db.read(move |tx| {
        permit.get(tx, |tx, scope| super::super::find(tx, scope, program))?;
        by.program = Many::one(program);
        page_of(tx, &eyes(&permit), &permit.scope(), permit.user(), &by, &page)
    });
    Ok(Shown::new(read.await?, bound))
}

/// Show a milestone.
#[utoipa::path(
    tag = "milestones",
    params(("id" = MilestoneId, Path, description = "The milestone")),
    responses((status = 200, body = MilestoneRecord))
)]
#[get("/milestones/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewMilestones>,
    Key(id): Key<MilestoneId>,
) -> Result<Reply<MilestoneRecord>> {
    let read = db.read(move |tx| {
        let milestone = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
        let version = milestone.version;
        Ok((version, view::one(tx, &eyes(&permit), milestone)?))
    });
    let (version, record) = read.await?;
    Ok(Reply::record(version, record))
}

/// Change a milestone. The date moves by `/moves`, the status by `/transitions`.
#[utoipa::path(
    tag = "milestones",
    params(("id" = MilestoneId, Path, description = "The milestone")),
    request_body = MilestonePatch,
    responses((status = 200, body = MilestoneRecord))
)]
#[patch("/milestones/{id}")]
pub async fn edit(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditMilestones>,
    Key(id): Key<MilestoneId>,
    Json(patch): Json<MilestonePatch>,
) -> Result<Reply<MilestoneRecord>> {
    let version = etag::if_match(&request)?;
    let write = db.write(move |tx| {
        let milestone = actions::edit(tx, &permit, id, version, patch.clone())?;
        let version = milestone.version;
        Ok((version, view::one(tx, &eyes(&permit), milestone)?))
    });
    let (version, record) = write.await?;
    Ok(Reply::record(version, record))
}

/// Delete a milestone that was never begun.
#[utoipa::path(
    tag = "milestones",
    params(("id" = MilestoneId, Path, description = "The milestone")),
    responses((status = 204, description = "It is gone; lists with `updated_since` show a tombstone."))
)]
#[delete("/milestones/{id}")]
pub async fn remove(
    request: HttpRequest,
    db: Data<Db>,
    permit: Permit<EditMilestones>,
    Key(id): Key<MilestoneId>,
) -> Result<Reply<()>> {
    let version = etag::if_match(&request)?;
    db.write(move |tx| actions::delete(tx, &permit, id, version)).await?;
    Ok(Reply::nothing())
}

/// Start, hand in, accept, hand back or give up a milestone.
#[utoipa::path(
    tag = "milestones",
    params(("id" = MilestoneId, Path, description = "The milestone")),
    request_body = Step,
    responses((status = 200, body = MilestoneRecord))
)]
#[post("/milestones/{id}/transitions")]
pub async fn transition(
    once: Once,
    permit: Permit<MoveMilestones>,
    Key(id): Key<MilestoneId>,
    Json(step): Json<Step>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let milestone = actions::step(tx, permit, id, &step)?;
        let version = milestone.version;
        Ok(Reply::record(version, view::one(tx, &eyes(permit), milestone)?))
    })
    .await
}

/// Move the date of a milestone, with the reason.
#[utoipa::path(
    tag = "milestones",
    params(("id" = MilestoneId, Path, description = "The milestone")),
    request_body = MoveDraft,
    responses((status = 200, body = MilestoneRecord))
)]
#[post("/milestones/{id}/moves")]
pub async fn move_date(
    once: Once,
    permit: Permit<EditMilestones>,
    Key(id): Key<MilestoneId>,
    Json(draft): Json<MoveDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let milestone = actions::move_date(tx, permit, id, &draft)?;
        let version = milestone.version;
        Ok(Reply::record(version, view::one(tx, &eyes(permit), milestone)?))
    })
    .await
}

/// List every move of a milestone's date, first to last.
#[utoipa::path(
    tag = "milestones",
    params(("id" = MilestoneId, Path, description = "The milestone"), Nothing),
    responses((status = 200, body = Items<MoveRecord>))
)]
#[get("/milestones/{id}/moves")]
pub async fn moves(
    db: Data<Db>,
    permit: Permit<ViewMilestones>,
    Key(id): Key<MilestoneId>,
    filter: Filter<Nothing>,
) -> Result<Shown<MoveRecord>> {
    let Filter { by: _, page, bound } = filter;
    let read = db.read(move |tx| {
        let milestone = store::find(tx, &permit.scope(), id)?.ok_or_else(Error::not_found)?;
        let moves = store::moves(tx, id, &page)?;
        let ids: Vec<_> = moves.items.iter().map(|moved| moved.moved_by).collect();
        let named = people(tx, &ids)?;
        let shown = move |moved: DateMove| {
            let moved_by = named.get(&moved.moved_by)?.clone();
            Some(MoveRecord {
                id: moved.id,
                old_due: moved.old_due,
                new_due: moved.new_due,
                days: moved.new_due.days_since(moved.old_due),
                slip_days: moved.new_due.days_since(milestone.baseline_due),
                reason: moved.reason,
                moved_by,
                moved_at: moved.moved_at,
            })
        };
        let Page { items, next, total } = moves;
        Ok(Page { items: items.into_iter().filter_map(shown).collect(), next, total })
    });
    Ok(Shown::new(read.await?, bound))
}

/// A list without filters of its own.
#[derive(Clone, Debug, Default, deserr::Deserr, utoipa::IntoParams)]
#[deserr(error = crate::kernel::parse::Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Nothing {}
