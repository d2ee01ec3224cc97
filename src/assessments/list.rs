//! Lists of assessments: every page by key, over those that the caller may know of.

use deserr::Deserr;
use diesel::prelude::*;
use utoipa::IntoParams;

use super::model::{Assessment, AssessmentStatus, Purpose};
use crate::disclosure::{Depth, disclosed};
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{AssessmentId, FrameworkId, Iso2, OrganizationId, ProgramId};
use crate::kernel::list::Many;
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::parse::Faults;
use crate::kernel::time::{Day, Timestamp};
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::assessments;

/// Which assessments are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AssessmentFilter {
    /// Of these countries.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub country: Many<Iso2>,
    /// With these statuses.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub status: Many<AssessmentStatus>,
    /// Over this edition of a framework.
    #[deserr(default)]
    #[param(inline)]
    pub framework: Option<FrameworkId>,
    /// Made in this program.
    #[deserr(default)]
    #[param(inline)]
    pub program: Option<ProgramId>,
    /// Of this organization.
    #[deserr(default)]
    #[param(inline)]
    pub organization: Option<OrganizationId>,
    /// Made for this.
    #[deserr(default)]
    #[param(inline)]
    pub purpose: Option<Purpose>,
    /// Due before this day.
    #[deserr(default)]
    #[param(inline)]
    pub due_before: Option<Day>,
    /// Changed at this instant or later; those that were deleted are no longer told.
    #[deserr(default)]
    #[param(inline)]
    pub updated_since: Option<Timestamp>,
}

/// A page of assessments in the order in which they were entered.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    by: &AssessmentFilter,
    page: &PageRequest,
) -> Result<Page<Assessment>> {
    let filtered = || {
        let mut query = assessments::table
            .filter(disclosed(assessments::id, scope, Depth::Summary))
            .filter(assessments::deleted_at.is_null())
            .into_boxed::<MultiBackend>();
        if let Some(since) = by.updated_since {
            query = query.filter(assessments::updated_at.ge(since));
        }
        if !by.country.is_empty() {
            query = query.filter(among(assessments::country, by.country.values()));
        }
        if !by.status.is_empty() {
            query = query.filter(among(assessments::status, by.status.values()));
        }
        if let Some(framework) = by.framework {
            query = query.filter(assessments::framework_id.eq(framework));
        }
        if let Some(program) = by.program {
            query = query.filter(assessments::program_id.eq(program));
        }
        if let Some(organization) = by.organization {
            query = query.filter(assessments::organization_id.eq(organization));
        }
        if let Some(purpose) = by.purpose {
            query = query.filter(assessments::purpose.eq(purpose));
        }
        if let Some(day) = by.due_before {
            query = query.filter(assessments::due.lt(day));
        }
        query
    };
    let mut query = filtered().select(Assessment::as_select()).order(assessments::id).limit(page.fetch());
    if let Some(after) = page.after_id::<AssessmentId>() {
        query = query.filter(assessments::id.gt(after));
    }
    let rows: Vec<Assessment> = query.load(tx.conn())?;
    let mut found = Page::of(rows, page, |row| Position { key: String::new(), id: row.id.0 });
    if page.count {
        let ids: Vec<AssessmentId> =
            filtered().select(assessments::id).limit(COUNT_CAP + 1).load(tx.conn())?;
        found.total = Some(ids.len() as i64);
    }
    Ok(found)
}
