//! A course: what is taught, to whom, at which level.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::work_roles::WorkRole;
use crate::kernel::id::CourseId;
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::theme::Theme;
use crate::kernel::time::Timestamp;
use crate::kernel::words::Words;
use crate::partners::countries::Languages;
use crate::platform::schema::courses;
use crate::{codes_enum, counted};

counted! {
    /// Months for which a certificate is valid, 1 to 600.
    Months 1 600;
}

codes_enum! {
    /// What a course expects of those who come.
    pub CourseLevel {
        /// Nothing.
        Introductory "introductory",
        /// The work itself.
        Intermediate "intermediate",
        /// Years of it.
        Advanced "advanced",
        /// To teach others.
        TrainTheTrainer "train_the_trainer",
    }
}

/// Themes of a course or a session.
pub type Themes = Words<Theme, 8>;
/// Work roles of a course.
pub type WorkRoles = Words<WorkRole, 20>;

/// A course.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = courses)]
pub struct Course {
    /// The course's id.
    pub id: CourseId,
    /// What it is called.
    pub title: Titles,
    /// What it is about.
    pub description: Option<Prose>,
    /// What those who come can do afterwards.
    pub objectives: Option<Prose>,
    /// GFCE themes A to E and ours.
    pub themes: Themes,
    /// Work roles of the ECSF or NICE that it is for.
    pub work_roles: WorkRoles,
    /// What it expects.
    pub level: Option<CourseLevel>,
    /// Languages in which it can be given.
    pub languages: Languages,
    /// For how many months a certificate of it is valid; without end when null.
    pub certificate_months: Option<i32>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was deleted.
    #[serde(skip)]
    pub deleted_at: Option<Timestamp>,
}

/// A course as shown to a caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CourseView {
    /// The course.
    #[serde(flatten)]
    pub course: Course,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
}

/// A course that was deleted; only in lists with `updated_since`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GoneCourse {
    /// The course's id.
    pub id: CourseId,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}

/// A row of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ListedCourse {
    /// One that is there.
    There(Box<CourseView>),
    /// One that was deleted.
    Gone(GoneCourse),
}

/// A course as a client states it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CourseDraft {
    /// What it is called, in one or more languages.
    pub title: Titles,
    /// What it is about.
    #[deserr(default)]
    pub description: Option<Prose>,
    /// What those who come can do afterwards.
    #[deserr(default)]
    pub objectives: Option<Prose>,
    /// GFCE themes A to E and ours.
    #[deserr(default)]
    #[schema(required = false)]
    pub themes: Themes,
    /// Work roles by the codes of `GET /work-roles`.
    #[deserr(default)]
    #[schema(required = false)]
    pub work_roles: WorkRoles,
    /// What it expects.
    #[deserr(default)]
    pub level: Option<CourseLevel>,
    /// Languages in which it can be given.
    #[deserr(default)]
    #[schema(required = false)]
    pub languages: Languages,
    /// For how many months a certificate of it is valid; without end when not said.
    #[deserr(default)]
    pub certificate_months: Option<Months>,
}

/// A change of a course.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CoursePatch {
    /// What it is called.
    #[deserr(default)]
    #[schema(value_type = Titles, required = false)]
    pub title: Edit<Titles>,
    /// What it is about.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub description: Change<Prose>,
    /// What those who come can do afterwards.
    #[deserr(default)]
    #[schema(value_type = Option<Prose>)]
    pub objectives: Change<Prose>,
    /// GFCE themes A to E and ours.
    #[deserr(default)]
    #[schema(value_type = Themes, required = false)]
    pub themes: Edit<Themes>,
    /// Work roles by the codes of `GET /work-roles`.
    #[deserr(default)]
    #[schema(value_type = WorkRoles, required = false)]
    pub work_roles: Edit<WorkRoles>,
    /// What it expects.
    #[deserr(default)]
    #[schema(value_type = Option<CourseLevel>)]
    pub level: Change<CourseLevel>,
    /// Languages in which it can be given.
    #[deserr(default)]
    #[schema(value_type = Languages, required = false)]
    pub languages: Edit<Languages>,
    /// For how many months a certificate of it is valid.
    #[deserr(default)]
    #[schema(value_type = Option<Months>)]
    pub certificate_months: Change<Months>,
}

/// Which courses are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CourseFilter {
    /// Of this level.
    #[deserr(default)]
    #[param(inline)]
    pub level: Option<CourseLevel>,
    /// Changed or deleted at this instant or later; in order of the change, with what is left of deleted ones.
    #[deserr(default)]
    #[param(inline)]
    pub updated_since: Option<Timestamp>,
}
