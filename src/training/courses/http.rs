//! Courses over HTTP.

use actix_web::web::Data;
use actix_web::{HttpRequest, delete, get, patch, post};

use super::model::{Course, CourseDraft, CourseFilter, CoursePatch, CourseView, GoneCourse, ListedCourse};
use super::{actions, store};
use crate::accounts::Permit;
use crate::kernel::access::{Action, EditCourses, Permission, ViewCourses};
use crate::kernel::id::CourseId;
use crate::kernel::page::Items;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::idempotency::{Answer, Once};
use crate::platform::http::{Filter, Json, Key, Reply, Shown, etag};

/// What the caller may do with every course: they belong to no country and no program.
fn words<A: Action>(permit: &Permit<A>) -> Vec<&'static str> {
    match permit.also::<EditCourses>().held() {
        Ok(()) => vec![Permission::ViewCourses.word(), Permission::EditCourses.word()],
        Err(_) => vec![Permission::ViewCourses.word()],
    }
}

fn listed(permissions: &[&'static str], course: Course) -> ListedCourse {
    match course.deleted_at {
        Some(deleted_at) => ListedCourse::Gone(GoneCourse { id: course.id, deleted_at }),
        None => ListedCourse::There(Box::new(CourseView { course, permissions: permissions.to_vec() })),
    }
}

/// List courses.
#[utoipa::path(tag = "courses", params(CourseFilter), responses((status = 200, body = Items<ListedCourse>)))]
#[get("/courses")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewCourses>,
    filter: Filter<CourseFilter>,
) -> Result<Shown<ListedCourse>> {
    let Filter { by, page, bound } = filter;
    let words = words(&permit);
    let found = db.read(move |tx| store::list(tx, &by, &page)).await?;
    Ok(Shown::new(found.map(|course| listed(&words, course)), bound))
}

/// Enter a course.
#[utoipa::path(tag = "courses", request_body = CourseDraft, responses((status = 201, body = CourseView)))]
#[post("/courses")]
pub async fn enter(
    permit: Permit<EditCourses>,
    once: Once,
    Json(draft): Json<CourseDraft>,
) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        let course = actions::enter(tx, permit, draft.clone())?;
        let (place, version) = (format!("/courses/{}", course.id), course.version);
        Ok(Reply::created(place, version, CourseView { course, permissions: words(permit) }))
    })
    .await
}

/// Show a course.
#[utoipa::path(tag = "courses", params(("id" = CourseId, Path)), responses((status = 200, body = CourseView)))]
#[get("/courses/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewCourses>,
    Key(id): Key<CourseId>,
) -> Result<Reply<CourseView>> {
    let course = db.read(move |tx| store::find(tx, id)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::record(course.version, CourseView { course, permissions: words(&permit) }))
}

/// Change a course.
#[utoipa::path(tag = "courses", params(("id" = CourseId, Path)), request_body = CoursePatch,
    responses((status = 200, body = CourseView)))]
#[patch("/courses/{id}")]
pub async fn revise(
    db: Data<Db>,
    permit: Permit<EditCourses>,
    Key(id): Key<CourseId>,
    request: HttpRequest,
    Json(patch): Json<CoursePatch>,
) -> Result<Reply<CourseView>> {
    let (read, permissions) = (etag::if_match(&request)?, words(&permit));
    let course = db.write(move |tx| actions::revise(tx, &permit, id, read, patch.clone())).await?;
    Ok(Reply::record(course.version, CourseView { course, permissions }))
}

/// Take a course away; sessions that used it keep it.
#[utoipa::path(tag = "courses", params(("id" = CourseId, Path)), responses((status = 204)))]
#[delete("/courses/{id}")]
pub async fn remove(
    db: Data<Db>,
    permit: Permit<EditCourses>,
    Key(id): Key<CourseId>,
    request: HttpRequest,
) -> Result<Reply<()>> {
    let read = etag::if_match(&request)?;
    db.write(move |tx| actions::remove(tx, &permit, id, read)).await?;
    Ok(Reply::nothing())
}
