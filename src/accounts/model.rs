//! People, their roles and their sessions.

use diesel::prelude::*;
use serde::Serialize;

use crate::codes_enum;
use crate::kernel::access::{Permission, Role};
use crate::kernel::id::{ApiTokenId, GrantId, Iso2, ProgramId, SessionId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::platform::schema::{role_grants, users};

codes_enum! {
    /// Where an account stands: invited > active > deactivated > anonymised. (Throttling never locks it.)
    pub UserStatus { Invited "invited", Active "active", Deactivated "deactivated", Anonymised "anonymised" }
}

/// A person. The password hash is in no type that can be serialized.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, utoipa::ToSchema)]
#[diesel(table_name = users)]
pub struct User {
    /// The person's id.
    pub id: UserId,
    /// Address for letters and login.
    pub email: Email,
    /// Name as the person writes it.
    pub name: Name,
    /// Language of letters.
    pub language: Lang,
    /// Zone in which days begin for this person.
    pub timezone: Zone,
    /// Where the account stands.
    pub status: UserStatus,
    /// The account ends after this day.
    pub expires_on: Option<Day>,
    /// Last use, to the minute.
    pub last_seen_at: Option<Timestamp>,
    /// Version for `If-Match`.
    pub version: i32,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A role over a scope until a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Queryable, Selectable, utoipa::ToSchema)]
#[diesel(table_name = role_grants)]
pub struct Grant {
    /// The grant's id.
    pub id: GrantId,
    /// Who holds it.
    pub user_id: UserId,
    /// Which role.
    pub role: Role,
    /// Over which country.
    pub country: Option<Iso2>,
    /// Over which program.
    pub program_id: Option<ProgramId>,
    /// Ends at this instant.
    pub valid_to: Option<Timestamp>,
}

/// A role to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// Which role.
    pub role: Role,
    /// Over which country.
    pub country: Option<Iso2>,
    /// Over which program.
    pub program_id: Option<ProgramId>,
}

/// What a request needs to know of its caller.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The person.
    pub user: UserId,
    /// The session or the API token.
    pub credential: Credential,
    /// Language of replies when the request names none.
    pub language: Lang,
    /// The person's zone.
    pub timezone: Zone,
    /// Grants without a program: one row each role and country. Program grants are looked up by the SQL.
    pub grants: Vec<(Role, Option<Iso2>, Option<Timestamp>)>,
    /// Roles that the person holds over at least one program.
    pub program_roles: Vec<Role>,
    /// When the session or token ends at the latest.
    pub ends_at: Timestamp,
    /// When the person last proved who they are.
    pub authenticated_at: Timestamp,
    /// Whether the person has a second factor.
    pub second_factor: bool,
}

impl Standing {
    /// True when the person is an administrator.
    pub fn is_administrator(&self) -> bool {
        self.grants.iter().any(|(role, _, _)| *role == Role::Administrator)
    }
}

/// By what a caller is known.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A person's session.
    Session(SessionId),
    /// A machine client, with at most the rights of its owner.
    Machine(Machine),
}

/// What an API token allows.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The token.
    pub token: ApiTokenId,
    /// SHA-256 of the token, hexadecimal.
    pub hash: String,
    /// Permissions it may use.
    pub permissions: Vec<Permission>,
    /// Countries to which it is narrowed.
    pub countries: Option<Vec<Iso2>>,
    /// Last use noted.
    pub last_used_at: Option<Timestamp>,
}

impl Machine {
    /// Whether the token is good for the permission, or for one whose records it makes visible.
    pub fn allows(&self, permission: Permission) -> bool {
        let covers = |held: &Permission| *held == permission || held.sight() == permission;
        let beyond = self.countries.is_some() && permission.is_house_wide();
        !permission.needs_a_person() && !beyond && self.permissions.iter().any(covers)
    }
}

/// A person by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Somebody {
    /// The person's id.
    pub id: UserId,
    /// The person's name.
    pub name: Name,
}
