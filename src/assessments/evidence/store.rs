//! Rows of evidence and of the files that are kept.

use diesel::prelude::*;

use super::super::sections::Span;
use super::model::{Evidence, EvidenceFilter};
use crate::kernel::Result;
use crate::kernel::id::{AssessmentId, EvidenceId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::sql::Guid;
use crate::kernel::text::NodeCode;
use crate::on_each;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::keyset::row_gt;
use crate::platform::schema::{assessment_evidence, evidence_files, framework_nodes};

/// Evidence with the code of its node.
pub(super) type Whole = (Evidence, NodeCode);

macro_rules! whole {
    ($assessment:expr) => {
        assessment_evidence::table
            .inner_join(framework_nodes::table.on(framework_nodes::id.eq(assessment_evidence::node_id)))
            .select((Evidence::as_select(), framework_nodes::code))
            .filter(assessment_evidence::assessment_id.eq($assessment))
    };
}

/// Evidence of an assessment that was found within reach.
pub(super) fn find(tx: &mut Tx, assessment: AssessmentId, id: EvidenceId) -> Result<Option<Whole>> {
    Ok(whole!(assessment).filter(assessment_evidence::id.eq(id)).first(tx.conn()).optional()?)
}

/// A page of evidence in the order of the framework; of all, or of some sections.
pub(super) fn page(
    tx: &mut Tx,
    assessment: AssessmentId,
    within: Option<&[Span]>,
    by: &EvidenceFilter,
    page: &PageRequest,
) -> Result<Page<Whole>> {
    use assessment_evidence as e;
    let mut query = whole!(assessment).into_boxed::<MultiBackend>();
    if let Some(spans) = within {
        let mut places: Box<dyn BoxableExpression<_, MultiBackend, SqlType = diesel::sql_types::Bool>> =
            Box::new(e::position.lt(0));
        for span in spans {
            places = Box::new(places.or(e::position.between(span.from, span.to)));
        }
        query = query.filter(places);
    }
    if let Some(node) = by.node {
        query = query.filter(e::node_id.eq(node));
    }
    if let Some(status) = by.status {
        query = query.filter(e::status.eq(status));
    }
    if let Some(day) = by.ends_before {
        query = query.filter(e::valid_until.lt(day));
    }
    if let Some(after) = &page.after {
        let position = after.key.parse::<i32>().unwrap_or_default();
        query = query.filter(row_gt(
            e::position,
            e::id,
            position.into_sql::<diesel::sql_types::Integer>(),
            EvidenceId(after.id).into_sql::<Guid>(),
        ));
    }
    let rows: Vec<Whole> = query.order((e::position, e::id)).limit(page.fetch()).load(tx.conn())?;
    Ok(Page::of(rows, page, |(row, _)| Position { key: row.position.to_string(), id: row.id.0 }))
}

/// Adds evidence.
pub(super) fn insert(tx: &mut Tx, evidence: &Evidence) -> Result<()> {
    diesel::insert_into(assessment_evidence::table).values(evidence).execute(tx.conn())?;
    Ok(())
}

/// Writes changed evidence over the version that was read.
pub(super) fn update(tx: &mut Tx, evidence: &mut Evidence, by: UserId) -> Result<()> {
    use assessment_evidence as e;
    let read = evidence.version;
    (evidence.version, evidence.updated_at, evidence.updated_by) = (read + 1, tx.now(), by);
    let words = (
        e::kind.eq(evidence.kind),
        e::title.eq(&evidence.title),
        e::link.eq(&evidence.link),
        e::file_name.eq(&evidence.file_name),
        e::file_type.eq(&evidence.file_type),
        e::file_size.eq(evidence.file_size),
        e::file_digest.eq(&evidence.file_digest),
        e::language.eq(evidence.language),
        e::dated.eq(evidence.dated),
        e::valid_until.eq(evidence.valid_until),
    );
    let steps = (
        e::status.eq(evidence.status),
        e::note.eq(&evidence.note),
        e::decided_by.eq(evidence.decided_by),
        e::decided_at.eq(evidence.decided_at),
        e::version.eq(evidence.version),
        e::updated_at.eq(evidence.updated_at),
        e::updated_by.eq(evidence.updated_by),
    );
    let written = diesel::update(e::table)
        .filter(e::id.eq(evidence.id))
        .filter(e::version.eq(read))
        .set((words, steps))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// Takes evidence away with its file.
pub(super) fn delete(tx: &mut Tx, id: EvidenceId) -> Result<()> {
    diesel::delete(evidence_files::table.find(id)).execute(tx.conn())?;
    diesel::delete(assessment_evidence::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Keeps the bytes of a file in the place of those before.
pub(super) fn put_file(tx: &mut Tx, id: EvidenceId, bytes: &[u8]) -> Result<()> {
    diesel::delete(evidence_files::table.find(id)).execute(tx.conn())?;
    let row = (evidence_files::evidence_id.eq(id), evidence_files::bytes.eq(bytes));
    on_each!(tx.conn(), c => diesel::insert_into(evidence_files::table).values(row).execute(c))?;
    Ok(())
}

/// The bytes of a file.
pub(super) fn file(tx: &mut Tx, id: EvidenceId) -> Result<Option<Vec<u8>>> {
    Ok(evidence_files::table.find(id).select(evidence_files::bytes).first(tx.conn()).optional()?)
}
