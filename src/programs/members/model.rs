//! Members of a program: grants of roles over it, with the names of their holders.

use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::codes_enum;
use crate::kernel::access::Role;
use crate::kernel::id::{GrantId, UserId};
use crate::kernel::parse::Faults;
use crate::kernel::text::Name;
use crate::kernel::time::Timestamp;

codes_enum! {
    /// The roles that a person can hold in a program.
    pub MemberRole {
        /// Trains in it.
        Trainer "trainer",
        /// Reads its summary.
        Observer "observer",
        /// Plans and runs it.
        Coordinator "coordinator",
    }
}

impl From<MemberRole> for Role {
    fn from(role: MemberRole) -> Role {
        match role {
            MemberRole::Coordinator => Role::Coordinator,
            MemberRole::Trainer => Role::Trainer,
            MemberRole::Observer => Role::Observer,
        }
    }
}

/// A person's role in a program.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Member {
    /// The grant's id.
    pub id: GrantId,
    /// Who.
    pub user_id: UserId,
    /// The person's name.
    pub name: Name,
    /// In which role.
    pub role: Role,
    /// Until when; open when none.
    pub valid_to: Option<Timestamp>,
    /// Since when.
    pub granted_at: Timestamp,
}

/// A person to be added, in a role.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct MemberDraft {
    /// Who.
    pub user_id: UserId,
    /// In which role.
    pub role: MemberRole,
    /// Until when; open when none.
    #[deserr(default)]
    pub valid_to: Option<Timestamp>,
}

/// Which members.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MemberFilter {
    /// In this role.
    #[deserr(default)]
    #[param(inline)]
    pub role: Option<MemberRole>,
}
