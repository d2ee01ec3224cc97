//! Numbers of training as they are asked for and shown.

use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::participants::Sex;
use crate::codes_enum;
use crate::kernel::id::Iso2;
use crate::kernel::parse::Faults;
use crate::kernel::time::{Day, Timestamp};

codes_enum! {
    /// By which people are counted apart; nobody has to say.
    pub SexCounted {
        Female "female",
        Male "male",
        Other "other",
        /// Not said.
        Unstated "unstated",
    }
}

impl SexCounted {
    /// As the person said it.
    pub(super) fn of(said: Option<Sex>) -> SexCounted {
        match said {
            Some(Sex::Female) => SexCounted::Female,
            Some(Sex::Male) => SexCounted::Male,
            Some(Sex::Other) => SexCounted::Other,
            None => SexCounted::Unstated,
        }
    }
}

/// Which sessions count.
#[derive(Clone, Copy, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Span {
    /// Sessions that were not over before this day.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Sessions that had begun on this day.
    #[deserr(default)]
    pub to: Option<Day>,
}

/// A file without filters of its own.
#[derive(Clone, Copy, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Whole {}

/// How many people of a country and a sex; each person counts once, in however many sessions. A number that could point
/// at somebody is null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NumbersRow {
    /// Of which country; null: of all that the caller may count.
    pub country: Option<Iso2>,
    /// Of which sex; null: of all.
    pub sex: Option<SexCounted>,
    /// Nominated by their country.
    pub nominated: Option<i64>,
    /// Had a seat, whether they came or not.
    pub confirmed: Option<i64>,
    /// Came.
    pub attended: Option<i64>,
    /// Came, and completed a session by its rule.
    pub completed: Option<i64>,
    /// A number of this row is kept back: it, or another that would follow from it, is of one to four people.
    pub kept_back: bool,
}

/// Numbers of a session, a program or a country.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrainingNumbers {
    /// When they were counted.
    pub counted_at: Timestamp,
    /// First all people and then each country, each by sex below.
    pub items: Vec<NumbersRow>,
}
