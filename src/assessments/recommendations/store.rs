//! Rows of recommendations.

use diesel::prelude::*;

use super::model::{Recommendation, RecommendationFilter};
use crate::disclosure::{Depth, disclosed, singly_disclosed};
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{RecommendationId, UserId};
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::text::NodeCode;
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::{framework_nodes, recommendations as r};

/// A recommendation with the code of its node.
pub(super) type Whole = (Recommendation, NodeCode);

macro_rules! joined {
    () => {
        r::table.inner_join(framework_nodes::table.on(framework_nodes::id.eq(r::node_id)))
    };
}

/// A recommendation from an assessment that the caller sees in detail.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: RecommendationId) -> Result<Option<Whole>> {
    let found = joined!()
        .select((Recommendation::as_select(), framework_nodes::code))
        .filter(r::id.eq(id))
        .filter(singly_disclosed(r::assessment_id, scope, Depth::Detail))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// A page of recommendations from assessments that the caller sees in detail, as they were proposed.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    by: &RecommendationFilter,
    page: &PageRequest,
) -> Result<Page<Whole>> {
    let filtered = || {
        let mut query =
            joined!().filter(disclosed(r::assessment_id, scope, Depth::Detail)).into_boxed::<MultiBackend>();
        if let Some(assessment) = by.assessment {
            query = query.filter(r::assessment_id.eq(assessment));
        }
        if let Some(milestone) = by.milestone {
            query = query.filter(r::milestone_id.eq(milestone));
        }
        if let Some(program) = by.program {
            query = query.filter(r::program_id.eq(program));
        }
        if !by.country.is_empty() {
            query = query.filter(among(r::country, by.country.values()));
        }
        if !by.status.is_empty() {
            query = query.filter(among(r::status, by.status.values()));
        }
        query
    };
    let mut query = filtered()
        .select((Recommendation::as_select(), framework_nodes::code))
        .order(r::id)
        .limit(page.fetch());
    if let Some(after) = page.after_id::<RecommendationId>() {
        query = query.filter(r::id.gt(after));
    }
    let rows: Vec<Whole> = query.load(tx.conn())?;
    let mut found = Page::of(rows, page, |(row, _)| Position { key: String::new(), id: row.id.0 });
    if page.count {
        let ids: Vec<RecommendationId> = filtered().select(r::id).limit(COUNT_CAP + 1).load(tx.conn())?;
        found.total = Some(ids.len() as i64);
    }
    Ok(found)
}

/// Adds a recommendation.
pub(super) fn insert(tx: &mut Tx, row: &Recommendation) -> Result<()> {
    diesel::insert_into(r::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Writes a step over the version that was read.
pub(super) fn update(tx: &mut Tx, row: &mut Recommendation, by: UserId) -> Result<()> {
    let read = row.version;
    (row.version, row.updated_at, row.updated_by) = (read + 1, tx.now(), by);
    let written = diesel::update(r::table)
        .filter(r::id.eq(row.id))
        .filter(r::version.eq(read))
        .set((
            r::status.eq(row.status),
            r::reason.eq(&row.reason),
            r::program_id.eq(row.program_id),
            r::milestone_id.eq(row.milestone_id),
            r::course_id.eq(row.course_id),
            r::session_id.eq(row.session_id),
            r::version.eq(row.version),
            r::updated_at.eq(row.updated_at),
            r::updated_by.eq(row.updated_by),
        ))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}
