//! Entering courses, changing them and taking them away.

use super::model::{Course, CourseDraft, CoursePatch};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, EditCourses};
use crate::kernel::id::CourseId;
use crate::kernel::patch::Change;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};

/// Enters a course.
pub(super) fn enter(tx: &mut Tx, permit: &Permit<EditCourses>, draft: CourseDraft) -> Result<Course> {
    permit.held()?;
    let course = Course {
        id: tx.new_id(),
        title: draft.title,
        description: draft.description,
        objectives: draft.objectives,
        themes: draft.themes,
        work_roles: draft.work_roles,
        level: draft.level,
        languages: draft.languages,
        certificate_months: draft.certificate_months.map(|months| months.0),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        deleted_at: None,
    };
    store::insert(tx, &course, permit.user())?;
    journal::record(tx, Entry::new(permit, "course.created", "course", course.id).changed(&(), &course));
    Ok(course)
}

/// Changes a course.
pub(super) fn revise(
    tx: &mut Tx,
    permit: &Permit<EditCourses>,
    id: CourseId,
    read: i32,
    patch: CoursePatch,
) -> Result<Course> {
    let before = get(tx, permit, id, read)?;
    let mut after = before.clone();
    patch.title.apply(&mut after.title);
    patch.description.apply(&mut after.description);
    patch.objectives.apply(&mut after.objectives);
    patch.themes.apply(&mut after.themes);
    patch.work_roles.apply(&mut after.work_roles);
    patch.level.apply(&mut after.level);
    patch.languages.apply(&mut after.languages);
    match patch.certificate_months {
        Change::Keep => {}
        Change::Clear => after.certificate_months = None,
        Change::Set(months) => after.certificate_months = Some(months.0),
    }
    store::update(tx, &mut after, permit.user())?;
    journal::record(tx, Entry::new(permit, "course.changed", "course", id).changed(&before, &after));
    Ok(after)
}

/// Takes a course away; sessions that used it keep its id and show its title.
pub(super) fn remove(tx: &mut Tx, permit: &Permit<EditCourses>, id: CourseId, read: i32) -> Result<()> {
    let before = get(tx, permit, id, read)?;
    let mut after = before.clone();
    after.deleted_at = Some(tx.now());
    store::update(tx, &mut after, permit.user())?;
    journal::record(tx, Entry::new(permit, "course.removed", "course", id).changed(&before, &()));
    Ok(())
}

/// Everyone may see courses, so a stranger to them hears 403, but 404 when there is no such course.
fn get(tx: &mut Tx, permit: &Permit<EditCourses>, id: CourseId, read: i32) -> Result<Course> {
    let course = store::find(tx, id)?.ok_or_else(Error::not_found)?;
    permit.held()?;
    etag::matches(read, course.version)?;
    Ok(course)
}
