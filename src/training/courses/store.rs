//! Rows of the courses that sessions are held of.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Course, CourseFilter};
use crate::kernel::Result;
use crate::kernel::id::{CourseId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::time::Timestamp;
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::keyset::row_gt;
use crate::platform::schema::courses;

/// Enters a course.
pub(super) fn insert(tx: &mut Tx, c: &Course, by: UserId) -> Result<()> {
    diesel::insert_into(courses::table)
        .values((
            (courses::id.eq(c.id), courses::title.eq(&c.title), courses::description.eq(&c.description)),
            (courses::objectives.eq(&c.objectives), courses::themes.eq(&c.themes)),
            (courses::work_roles.eq(&c.work_roles), courses::level.eq(c.level)),
            (courses::languages.eq(&c.languages), courses::version.eq(c.version)),
            (courses::created_at.eq(c.created_at), courses::created_by.eq(by)),
            (courses::updated_at.eq(c.updated_at), courses::updated_by.eq(by)),
            courses::certificate_months.eq(c.certificate_months),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A course that is not deleted.
pub(super) fn find(tx: &mut Tx, id: CourseId) -> Result<Option<Course>> {
    let found = courses::table
        .select(Course::as_select())
        .filter(courses::id.eq(id))
        .filter(courses::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// What courses are called; deleted ones too, for sessions that used them.
///
/// # Errors
/// When the database refuses.
pub fn titles(tx: &mut Tx, ids: &[CourseId]) -> Result<HashMap<CourseId, Titles>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = courses::table.select((courses::id, courses::title)).filter(among(courses::id, ids));
    let rows: Vec<(CourseId, Titles)> = rows.load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// What a course is called and for how many months its certificates are valid; of a deleted one too.
///
/// # Errors
/// When the database refuses.
pub fn certified(tx: &mut Tx, id: CourseId) -> Result<Option<(Titles, Option<i32>)>> {
    let row = courses::table.select((courses::title, courses::certificate_months)).filter(courses::id.eq(id));
    Ok(row.first(tx.conn()).optional()?)
}

/// Whether there is such a course, for a session that wants to use it.
///
/// # Errors
/// When the database refuses.
pub fn exists(tx: &mut Tx, id: CourseId) -> Result<bool> {
    find(tx, id).map(|course| course.is_some())
}

/// Writes a new version; `course.version` is the one that was read.
pub(super) fn update(tx: &mut Tx, course: &mut Course, by: UserId) -> Result<()> {
    let now = tx.now();
    let c = &*course;
    let row = courses::table.filter(courses::id.eq(c.id)).filter(courses::version.eq(c.version));
    let changed = diesel::update(row)
        .set((
            (courses::title.eq(&c.title), courses::description.eq(&c.description)),
            (courses::objectives.eq(&c.objectives), courses::themes.eq(&c.themes)),
            (courses::work_roles.eq(&c.work_roles), courses::level.eq(c.level)),
            (courses::languages.eq(&c.languages), courses::deleted_at.eq(c.deleted_at)),
            (courses::version.eq(c.version + 1), courses::updated_at.eq(now), courses::updated_by.eq(by)),
            courses::certificate_months.eq(c.certificate_months),
        ))
        .execute(tx.conn())?;
    if changed == 0 {
        return Err(etag::stale());
    }
    (course.version, course.updated_at) = (course.version + 1, now);
    Ok(())
}

macro_rules! filtered {
    ($query:expr, $filter:expr) => {{
        let (mut query, filter) = ($query, $filter);
        if let Some(level) = filter.level {
            query = query.filter(courses::level.eq(level));
        }
        match filter.updated_since {
            Some(since) => query.filter(courses::updated_at.ge(since)),
            None => query.filter(courses::deleted_at.is_null()),
        }
    }};
}

/// Courses in order of their ids; with `updated_since` in order of their last change, deleted ones too.
pub(super) fn list(tx: &mut Tx, filter: &CourseFilter, page: &PageRequest) -> Result<Page<Course>> {
    let query = courses::table.select(Course::as_select()).into_boxed::<MultiBackend>();
    let query = filtered!(query, filter).limit(page.fetch());
    let by_change = filter.updated_since.is_some();
    let mut query = match by_change {
        true => query.order((courses::updated_at, courses::id)),
        false => query.order(courses::id),
    };
    if let Some(after) = &page.after {
        let (at, id) = (Timestamp(after.key.parse().unwrap_or_default()), CourseId(after.id));
        query = match by_change {
            true => query.filter(row_gt(
                courses::updated_at,
                courses::id,
                at.into_sql::<crate::kernel::sql::Instant>(),
                id.into_sql::<crate::kernel::sql::Guid>(),
            )),
            false => query.filter(courses::id.gt(id)),
        };
    }
    let rows: Vec<Course> = query.load(tx.conn())?;
    let mut found = Page::of(rows, page, |row| Position { key: row.updated_at.0.to_string(), id: row.id.0 });
    if page.count {
        let all = courses::table.select(courses::id).into_boxed::<MultiBackend>();
        let ids: Vec<CourseId> = filtered!(all, filter).limit(COUNT_CAP + 1).load(tx.conn())?;
        found.total = Some(ids.len() as i64);
    }
    Ok(found)
}
