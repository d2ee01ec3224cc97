//! Rows of sections.

use diesel::prelude::*;

use super::model::{Section, SectionFilter, SectionStatus};
use crate::kernel::access::Role;
use crate::kernel::id::{AssessmentId, Iso2, SectionId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::text::NodeCode;
use crate::kernel::{Error, Result};
use crate::platform::connection::MultiBackend;
use crate::platform::db::{Constraint, Tx};
use crate::platform::http::etag;
use crate::platform::schema::{assessment_sections, framework_nodes, role_grants, users};

/// A section with its node's code and name.
pub(super) type Whole = (Section, NodeCode, Option<Titles>);

/// The places of a section that is assigned to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Span {
    /// First place.
    pub from: i32,
    /// Last place.
    pub to: i32,
    /// Whether its assignee writes in it now.
    pub writable: bool,
}

impl Span {
    /// Whether a place is in it.
    pub fn holds(&self, position: i32) -> bool {
        (self.from..=self.to).contains(&position)
    }
}

/// The sections of an assessment that are assigned to a person.
pub(in super::super) fn spans_of(tx: &mut Tx, id: AssessmentId, user: UserId) -> Result<Vec<Span>> {
    use assessment_sections as s;
    let rows: Vec<(i32, i32, SectionStatus)> = s::table
        .select((s::position_from, s::position_to, s::status))
        .filter(s::assessment_id.eq(id))
        .filter(s::assignee.eq(user))
        .order(s::position_from)
        .load(tx.conn())?;
    let span =
        |(from, to, status): (i32, i32, SectionStatus)| Span { from, to, writable: status.is_writable() };
    Ok(rows.into_iter().map(span).collect())
}

/// The places of a section of an assessment that was found within reach.
pub(in super::super) fn span_of(tx: &mut Tx, id: AssessmentId, section: SectionId) -> Result<Span> {
    use assessment_sections as s;
    let row: Option<(i32, i32, SectionStatus)> = s::table
        .select((s::position_from, s::position_to, s::status))
        .filter(s::assessment_id.eq(id))
        .filter(s::id.eq(section))
        .first(tx.conn())
        .optional()?;
    let unknown = || Error::invalid("section", "unknown", "The assessment has no such section.");
    let (from, to, status) = row.ok_or_else(unknown)?;
    Ok(Span { from, to, writable: status.is_writable() })
}

/// Sections that are still with their assignees.
pub(in super::super) fn open(tx: &mut Tx, id: AssessmentId) -> Result<i64> {
    use assessment_sections as s;
    let open = s::table
        .filter(s::assessment_id.eq(id))
        .filter(s::status.ne(SectionStatus::Closed))
        .count()
        .get_result(tx.conn())?;
    Ok(open)
}

macro_rules! whole {
    ($assessment:expr) => {
        assessment_sections::table
            .inner_join(framework_nodes::table.on(framework_nodes::id.eq(assessment_sections::node_id)))
            .select((Section::as_select(), framework_nodes::code, framework_nodes::name))
            .filter(assessment_sections::assessment_id.eq($assessment))
    };
}

/// A section of an assessment that was found within reach; of all, or of those assigned to one person.
pub(super) fn find(
    tx: &mut Tx,
    assessment: AssessmentId,
    only: Option<UserId>,
    id: SectionId,
) -> Result<Option<Whole>> {
    let mut query = whole!(assessment).filter(assessment_sections::id.eq(id)).into_boxed::<MultiBackend>();
    if let Some(user) = only {
        query = query.filter(assessment_sections::assignee.eq(user));
    }
    Ok(query.first(tx.conn()).optional()?)
}

/// Sections in the order of the framework; of all, or of those assigned to one person.
pub(super) fn page(
    tx: &mut Tx,
    assessment: AssessmentId,
    only: Option<UserId>,
    caller: UserId,
    by: &SectionFilter,
    page: &PageRequest,
) -> Result<Page<Whole>> {
    use assessment_sections as s;
    let mut query = whole!(assessment).into_boxed::<MultiBackend>();
    if let Some(user) = only {
        query = query.filter(s::assignee.eq(user));
    }
    match by.mine.map(|flag| flag.is_yes()) {
        Some(true) => query = query.filter(s::assignee.eq(caller)),
        Some(false) => {
            query = query.filter(s::assignee.is_null().or(s::assignee.ne(caller).assume_not_null()));
        }
        None => {}
    }
    if let Some(status) = by.status {
        query = query.filter(s::status.eq(status));
    }
    if let Some(after) = &page.after {
        query = query.filter(s::position_from.gt(after.key.parse::<i32>().unwrap_or_default()));
    }
    let rows: Vec<Whole> = query.order(s::position_from).limit(page.fetch()).load(tx.conn())?;
    Ok(Page::of(rows, page, |(row, ..)| Position { key: row.position_from.to_string(), id: row.id.0 }))
}

/// A section that has a place in common with these: two people must not fill in the same node.
pub(super) fn overlapping(tx: &mut Tx, id: AssessmentId, from: i32, to: i32) -> Result<Option<NodeCode>> {
    use assessment_sections as s;
    let found = s::table
        .inner_join(framework_nodes::table.on(framework_nodes::id.eq(s::node_id)))
        .select(framework_nodes::code)
        .filter(s::assessment_id.eq(id))
        .filter(s::position_from.le(to))
        .filter(s::position_to.ge(from))
        .order(s::position_from)
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Adds a section.
pub(super) fn insert(tx: &mut Tx, section: &Section) -> Result<()> {
    let taken = || Error::invalid("/node_id", "taken", "There is a section for this node already.");
    diesel::insert_into(assessment_sections::table).values(section).execute(tx.conn()).on_unique(taken)?;
    Ok(())
}

/// Writes a changed section over the version that was read.
pub(super) fn update(tx: &mut Tx, section: &mut Section, by: UserId) -> Result<()> {
    use assessment_sections as s;
    let read = section.version;
    (section.version, section.updated_at, section.updated_by) = (read + 1, tx.now(), by);
    let written = diesel::update(s::table)
        .filter(s::id.eq(section.id))
        .filter(s::version.eq(read))
        .set((
            s::assignee.eq(section.assignee),
            s::due.eq(section.due),
            s::status.eq(section.status),
            s::note.eq(&section.note),
            s::version.eq(section.version),
            s::updated_at.eq(section.updated_at),
            s::updated_by.eq(section.updated_by),
        ))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// Takes a section away; the answers in it stay.
pub(super) fn delete(tx: &mut Tx, id: SectionId) -> Result<()> {
    let row = assessment_sections::table.filter(assessment_sections::id.eq(id));
    diesel::delete(row).execute(tx.conn())?;
    Ok(())
}

/// Whether an active person is a focal point or a contributor of the country.
pub(super) fn is_official(tx: &mut Tx, user: UserId, country: Iso2) -> Result<bool> {
    let now = tx.now();
    let found: i64 = role_grants::table
        .inner_join(users::table.on(users::id.eq(role_grants::user_id)))
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::country.eq(country))
        .filter(role_grants::role.eq_any([Role::FocalPoint, Role::Contributor]))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .filter(users::status.eq("active"))
        .count()
        .get_result(tx.conn())?;
    Ok(found > 0)
}
