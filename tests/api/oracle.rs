//! What should happen, computed from the permission table and from whom a record belongs to, never by the guard.

use cybercap::kernel::access::{Permission, Role};

use crate::actors::{Actor, Covered, Standing};
use crate::walk::Operation;
use crate::world::Belongs;

/// An id that nothing has.
pub const NOTHING: &str = "01936f1e-0000-7000-8000-000000000000";
/// Letters that are no country; elsewhere a country that is no partner stands for what does not exist.
pub const NOWHERE: &str = "QQ";

/// Records that can be deleted, or ended so that they are no more.
pub const DELETABLE: &[&str] = &[
    "/ai-systems/{id}",
    "/ai-systems/{id}/impact-assessments/{impact_id}",
    "/risk-registers/{id}",
    "/risks/{id}",
    "/risks/{id}/actions/{action_id}",
    "/risks/{id}/acceptances/{acceptance_id}",
    "/assessments/{id}",
    "/assessments/{id}/sections/{section_id}",
    "/assessments/{id}/evidence/{evidence_id}",
    "/programs/{id}",
    "/programs/{id}/budgets/{budget_id}",
    "/programs/{id}/members/{member_id}",
    "/milestones/{id}",
    "/courses/{id}",
    "/frameworks/{id}",
    "/crosswalks/{id}",
    "/risk-matrices/{id}",
    "/training-sessions/{id}",
    "/organizations/{id}",
    "/partners/{iso2}/holidays/{id}",
    "/users/{id}/grants/{grant_id}",
];

/// Which record a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// None: the path has no hole.
    None,
    /// The record of Home.
    Home,
    /// The record of Abroad.
    Abroad,
    /// One that does not exist.
    Absent,
    /// Something that is not an id.
    Malformed,
    /// A child of Abroad below a parent of Home.
    Crossed,
    /// A record of Home that was deleted.
    Deleted,
    /// The caller's own.
    Own,
}

impl Named {
    /// All that are walked of an operation.
    pub fn of(operation: &Operation) -> Vec<Named> {
        if operation.holes() == 0 {
            return vec![Named::None];
        }
        let mut all = vec![Named::Home, Named::Abroad, Named::Absent, Named::Malformed];
        if operation.holes() > 1 {
            all.push(Named::Crossed);
        }
        if operation.prefixes().last().is_some_and(|prefix| DELETABLE.contains(prefix)) {
            all.push(Named::Deleted);
        }
        if operation.path.starts_with("/me/") {
            all.push(Named::Own);
        }
        all
    }
}

/// What should happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It succeeds.
    Allowed,
    /// Exactly this status.
    Refused(u16),
    /// 403 for the parent that they see or 404 for the child that is not below it: neither tells of the child.
    Closed,
    /// 403 by a rule finer than the table, or 409 where a guard says so.
    Narrowed,
}

/// Whether a grant of the caller reaches the record with this permission.
pub fn reaches(actor: &Actor, permission: Permission, record: &Belongs) -> bool {
    if !actor
        .token
        .as_ref()
        .is_none_or(|token| token.covers(permission) && token.reaches(&record.countries, record.everyone))
    {
        return false;
    }
    if let Some(owner) = &record.owner {
        return *owner == actor.user;
    }
    if permission.is_own() {
        let speaks = |country: &String| {
            let of = |grant: &cybercap::accounts::NewGrant| {
                grant.country.is_some_and(|own| own.as_str() == country)
            };
            actor.grants.iter().any(|grant| grant.role == Role::FocalPoint && of(grant))
        };
        return record.everyone || record.holding && record.countries.iter().any(speaks);
    }
    actor.grants.iter().filter(|grant| permission.roles().contains(&grant.role)).any(|grant| {
        let unscoped = grant.country.is_none() && grant.program_id.is_none();
        let global = unscoped && matches!(grant.role, Role::Administrator | Role::Auditor);
        let country = grant.country.is_some_and(|c| record.countries.iter().any(|own| own == c.as_str()));
        let program = grant.program_id.is_some_and(|p| record.programs.contains(&p.to_string()));
        global || country || program || record.everyone
    })
}

type Whom = fn(&Actor) -> bool;

fn only(actor: &Actor, role: Role) -> bool {
    actor.grants.iter().all(|grant| grant.role == role)
}

fn without_program(actor: &Actor) -> bool {
    only(actor, Role::Coordinator) && actor.grants.iter().all(|grant| grant.program_id.is_none())
}

/// Routes on which some may do less than the table says, each with the reason.
const NARROWER: &[(&str, Whom, &str)] = &[
    (
        "POST /partners/{iso2}/focal-points/{id}/confirmations",
        |actor| only(actor, Role::FocalPoint) || actor.token.as_ref().is_some_and(Covered::is_narrowed),
        "a mandate is confirmed by its holder, or by who reaches every country",
    ),
    (
        "POST /users",
        without_program,
        "coordinators invite trainers and observers of their programs, and have none",
    ),
    (
        "POST /risk-registers",
        |actor| without_program(actor) || actor.token.as_ref().is_some_and(Covered::is_narrowed),
        "a coordinator opens registers in countries of their programs",
    ),
    (
        "POST /milestones/{id}/transitions",
        |actor| only(actor, Role::Administrator),
        "who runs the system does not deliver",
    ),
];

fn narrowed(operation: &Operation, actor: &Actor) -> bool {
    let route = operation.name();
    NARROWER.iter().any(|(name, whom, _)| *name == route && whom(actor))
}

pub fn expected(
    operation: &Operation,
    right: Permission,
    actor: &Actor,
    (record, child): (Option<&Belongs>, Option<&Belongs>),
    named: Named,
) -> Expected {
    if actor.standing != Standing::LoggedIn {
        return Expected::Refused(401);
    }
    if actor.token.as_ref().is_some_and(|token| !token.covers(right)) {
        return Expected::Refused(403);
    }
    if operation.holes() == 0 {
        let anywhere = actor.grants.iter().any(|grant| right.roles().contains(&grant.role));
        return match anywhere || right.is_own() {
            true if narrowed(operation, actor) => Expected::Narrowed,
            true => Expected::Allowed,
            false => Expected::Refused(403),
        };
    }
    if named == Named::Own {
        return Expected::Allowed;
    }
    let elsewhere = matches!(named, Named::Crossed | Named::Deleted);
    if child.is_some_and(|child| !reaches(actor, right.sight(), child)) {
        return Expected::Refused(404);
    }
    match record {
        None => Expected::Refused(404),
        Some(record) if !reaches(actor, right.sight(), record) => Expected::Refused(404),
        Some(record) if !reaches(actor, right, record) && elsewhere => Expected::Closed,
        Some(record) if !reaches(actor, right, record) => Expected::Refused(403),
        Some(_) if elsewhere => Expected::Refused(404),
        Some(_) if narrowed(operation, actor) => Expected::Narrowed,
        Some(_) => Expected::Allowed,
    }
}
