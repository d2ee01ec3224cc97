//! How clients ask for lists of milestones.

use deserr::Deserr;
use utoipa::IntoParams;

use super::model::MilestoneStatus;
use crate::codes_enum;
use crate::kernel::flag::Flag;
use crate::kernel::id::{Iso2, ProgramId, SeriesId, UserId};
use crate::kernel::list::Many;
use crate::kernel::parse::{Faults, FromText, Refusal};
use crate::kernel::time::{Day, Timestamp};

codes_enum! {
    /// Order of a list of milestones; a minus turns it round.
    pub MilestoneSort { Due "due", DueDown "-due", Updated "updated_at", UpdatedDown "-updated_at" }
}

/// Which milestones, in which order.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MilestoneFilter {
    /// Those that the caller answers for.
    #[deserr(default)]
    #[param(inline)]
    pub mine: Option<Flag>,
    /// Those whose day has passed and that are neither accepted nor cancelled; `false`: the others.
    #[deserr(default)]
    #[param(inline)]
    pub overdue: Option<Flag>,
    /// Due before this day.
    #[deserr(default)]
    pub due_before: Option<Day>,
    /// Due on this day or later.
    #[deserr(default)]
    pub due_after: Option<Day>,
    /// Open ones due from today until so many days from now: `due_within=30`.
    #[deserr(default)]
    #[param(value_type = Option<i32>, minimum = 0, maximum = 3660)]
    pub due_within: Option<WithinDays>,
    /// One or more statuses.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub status: Many<MilestoneStatus>,
    /// For these countries, or for all countries of a program in which one of these takes part.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub country: Many<Iso2>,
    /// Of these programs.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub program: Many<ProgramId>,
    /// This person answers for it.
    #[deserr(default)]
    pub owner: Option<UserId>,
    /// Of this series of obligations.
    #[deserr(default)]
    pub series: Option<SeriesId>,
    /// Changed or deleted at or after this instant; deleted ones are shown as `{id, deleted_at}`.
    #[deserr(default)]
    pub updated_since: Option<Timestamp>,
    /// Order; `due` when not said.
    #[deserr(default)]
    #[param(inline)]
    pub sort: Option<MilestoneSort>,
}

/// A number of days in a query string, 0 to 3,660.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithinDays(pub i64);

impl FromText for WithinDays {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let days = text.parse().ok().filter(|days| (0..=3660).contains(days));
        days.map(WithinDays)
            .ok_or_else(|| Refusal::new("out_of_range", "Use a whole number of days from 0 to 3660."))
    }
}

impl Deserr<Faults> for WithinDays {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        at: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        crate::kernel::parse::from_text_value(value, at)
    }
}
