//! Registrations as clients state and move them, and how they ask for lists.

use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use super::super::participants::PersonDraft;
use super::model::{Origin, RegistrationStatus};
use crate::kernel::flag::Flag;
use crate::kernel::id::Iso2;
use crate::kernel::list::Many;
use crate::kernel::parse::Faults;
use crate::kernel::patch::Change;
use crate::kernel::text::Note;
use crate::kernel::time::Timestamp;
use crate::{codes_enum, counted};

counted! {
    /// A country's order of its nominees, 1 to 10,000; 1 first.
    Rank 1 10000;
}

/// A person whom a country nominates.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NominationDraft {
    /// The country that nominates: the caller's, invited to the session.
    pub country: Iso2,
    /// Whom.
    pub person: PersonDraft,
    /// The country's order of its nominees, 1 first.
    #[deserr(default)]
    pub rank: Option<Rank>,
    /// Why this person.
    #[deserr(default)]
    pub motive: Option<Note>,
}

codes_enum! {
    /// How a coordinator enters a person.
    pub EnterAs {
        /// The person is asked to come and holds no seat yet.
        Invited "invited",
        /// The person has a seat, or waits for one where there is none.
        Confirmed "confirmed",
    }
}

/// A person whom the coordinator enters.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RegistrationDraft {
    /// For which of the invited countries the person comes.
    pub country: Iso2,
    /// Whom.
    pub person: PersonDraft,
    /// `confirmed` when not said.
    #[deserr(default)]
    pub status: Option<EnterAs>,
}

/// A change of a registration that the coordinator has not decided on.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RegistrationPatch {
    /// The country's order of its nominees, 1 first.
    #[deserr(default)]
    #[schema(value_type = Option<Rank>)]
    pub rank: Change<Rank>,
    /// Why this person.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub motive: Change<Note>,
}

/// A step of a registration.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RegistrationStep {
    /// Where to. `confirmed` gives a seat, or a place on the waiting list where none is free; `waitlisted` makes a reserve.
    pub to: RegistrationStatus,
    /// Why; needed to decline.
    #[deserr(default)]
    pub reason: Option<Note>,
}

/// Which registrations.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegistrationFilter {
    /// One or more statuses.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub status: Many<RegistrationStatus>,
    /// Of these countries.
    #[deserr(default)]
    #[param(inline, required = false, style = Form, explode = false)]
    pub country: Many<Iso2>,
    /// How they came to be.
    #[deserr(default)]
    #[param(inline)]
    pub origin: Option<Origin>,
    /// Reserves only, or without them.
    #[deserr(default)]
    #[param(inline)]
    pub reserve: Option<Flag>,
    /// Changed at or after this instant; in order of the change.
    #[deserr(default)]
    pub updated_since: Option<Timestamp>,
}
