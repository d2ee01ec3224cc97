//! Rows of impact assessments, of who wrote them and of the outcomes that they speak to.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::codes::ImpactStatus;
use super::model::{Impact, ImpactFilter};
use crate::kernel::Result;
use crate::kernel::id::{AiImpactId, AiSystemId, FrameworkNodeId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::time::Day;
use crate::on_each;
use crate::platform::among::among;
use crate::platform::connection::{IntoPortable, MultiBackend};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::literal::{Literal, literal};
use crate::platform::schema::{
    ai_impact_assessments as impacts, ai_impact_outcomes as outcomes, ai_impact_writers as writers,
};

/// In the words of the index `ai_impact_assessments_review`.
const APPROVED: Literal =
    literal("ai_impact_assessments.status = 'approved' AND ai_impact_assessments.deleted_at IS NULL");

/// An assessment of a system.
pub(super) fn find(tx: &mut Tx, system: AiSystemId, id: AiImpactId) -> Result<Option<Impact>> {
    let found = impacts::table
        .select(Impact::as_select())
        .filter(impacts::id.eq(id))
        .filter(impacts::ai_system_id.eq(system))
        .filter(impacts::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Enters an assessment.
pub(super) fn insert(tx: &mut Tx, impact: &Impact) -> Result<()> {
    diesel::insert_into(impacts::table).values(impact).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed assessment over the version that was read.
pub(super) fn update(tx: &mut Tx, i: &mut Impact, by: UserId) -> Result<()> {
    let read = i.version;
    (i.version, i.updated_at, i.updated_by) = (read + 1, tx.now(), by);
    let words = (
        impacts::title.eq(&i.title),
        impacts::context.eq(&i.context),
        impacts::individuals.eq(&i.individuals),
        impacts::groups.eq(&i.groups),
        impacts::society.eq(&i.society),
        impacts::mitigations.eq(&i.mitigations),
        impacts::oversight.eq(&i.oversight),
        impacts::conclusion.eq(&i.conclusion),
    );
    let steps = (
        impacts::status.eq(i.status),
        impacts::note.eq(&i.note),
        impacts::review_on.eq(i.review_on),
        impacts::reviewed_by.eq(i.reviewed_by),
        impacts::reviewed_at.eq(i.reviewed_at),
        impacts::approved_by.eq(i.approved_by),
        impacts::approved_at.eq(i.approved_at),
        impacts::deleted_at.eq(i.deleted_at),
        impacts::version.eq(i.version),
        impacts::updated_at.eq(i.updated_at),
        impacts::updated_by.eq(i.updated_by),
    );
    let written = diesel::update(impacts::table)
        .filter(impacts::id.eq(i.id))
        .filter(impacts::version.eq(read))
        .set((words, steps))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// A page of the assessments of a system, as they were opened.
pub(super) fn page(
    tx: &mut Tx,
    system: AiSystemId,
    by: &ImpactFilter,
    request: &PageRequest,
) -> Result<Page<Impact>> {
    let query = |by: &ImpactFilter| {
        let query = impacts::table
            .filter(impacts::ai_system_id.eq(system))
            .filter(impacts::deleted_at.is_null())
            .into_boxed::<MultiBackend>();
        match by.status.values() {
            [] => query,
            some => query.filter(among(impacts::status, some)),
        }
    };
    let mut rows = query(by).select(Impact::as_select());
    if let Some(after) = request.after_id::<AiImpactId>() {
        rows = rows.filter(impacts::id.gt(after));
    }
    let rows = rows.order(impacts::id).limit(request.fetch()).load(tx.conn())?;
    let mut page = Page::of(rows, request, |row: &Impact| Position { key: String::new(), id: row.id.0 });
    if request.count {
        page.total = Some(query(by).count().get_result(tx.conn())?);
    }
    Ok(page)
}

/// Notes that somebody wrote in an assessment; twice does no harm.
pub(super) fn wrote(tx: &mut Tx, impact: AiImpactId, user: UserId) -> Result<()> {
    diesel::insert_into(writers::table)
        .values((writers::impact_id.eq(impact), writers::user_id.eq(user)))
        .on_conflict_do_nothing()
        .portable()
        .execute(tx.conn())?;
    Ok(())
}

/// Who wrote in some assessments.
pub(super) fn writers_of(tx: &mut Tx, ids: &[AiImpactId]) -> Result<HashMap<AiImpactId, Vec<UserId>>> {
    let rows: Vec<(AiImpactId, UserId)> = writers::table
        .select((writers::impact_id, writers::user_id))
        .filter(among(writers::impact_id, ids))
        .order((writers::impact_id, writers::user_id))
        .load(tx.conn())?;
    let mut found: HashMap<AiImpactId, Vec<UserId>> = HashMap::new();
    for (impact, user) in rows {
        found.entry(impact).or_default().push(user);
    }
    Ok(found)
}

/// The outcomes to which some assessments speak.
pub(super) fn outcomes_of(tx: &mut Tx, ids: &[AiImpactId]) -> Result<Vec<(AiImpactId, FrameworkNodeId)>> {
    let rows = outcomes::table
        .select((outcomes::impact_id, outcomes::node_id))
        .filter(among(outcomes::impact_id, ids))
        .order((outcomes::impact_id, outcomes::node_id));
    Ok(rows.load(tx.conn())?)
}

/// Writes the outcomes of an assessment anew.
pub(super) fn put_outcomes(tx: &mut Tx, impact: AiImpactId, nodes: &[FrameworkNodeId]) -> Result<()> {
    diesel::delete(outcomes::table.filter(outcomes::impact_id.eq(impact))).execute(tx.conn())?;
    let rows: Vec<_> =
        nodes.iter().map(|node| (outcomes::impact_id.eq(impact), outcomes::node_id.eq(*node))).collect();
    if !rows.is_empty() {
        on_each!(tx.conn(), c => diesel::insert_into(outcomes::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Whether the review day of an approved assessment has come.
pub(super) fn anything_due(tx: &mut Tx, today: Day) -> Result<bool> {
    let due = impacts::table.select(impacts::id).filter(impacts::review_on.le(today)).filter(APPROVED);
    let first: Option<AiImpactId> = due.first(tx.conn()).optional()?;
    Ok(first.is_some())
}

/// Approved assessments whose review day has come, a hundred at a time.
pub(super) fn due(tx: &mut Tx, today: Day) -> Result<Vec<Impact>> {
    let rows = impacts::table
        .select(Impact::as_select())
        .filter(impacts::review_on.le(today))
        .filter(APPROVED)
        .filter(impacts::status.eq(ImpactStatus::Approved))
        .order((impacts::review_on, impacts::id))
        .limit(100);
    Ok(rows.load(tx.conn())?)
}
