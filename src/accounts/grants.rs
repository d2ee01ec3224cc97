//! Roles given and taken away: who may give which, the second administrator, and those who must stay.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::events::{MandateEnded, RoleGranted, RoleRevoked};
use super::guard::Permit;
use super::model::{Grant, NewGrant};
use super::{seeds, users};
use crate::kernel::access::{Action, Actor, GrantRoles, Reach, Role, Scope};
use crate::kernel::error::{Code, FieldError};
use crate::kernel::id::{FocalPointId, GrantId, Iso2, ProgramId, UserId};
use crate::kernel::parse::Faults;
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::connection::Claim;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;
use crate::platform::schema::{
    countries, focal_points, grant_requests, partners, programs, role_grants, users as people,
};

/// Seconds for which a second administrator may confirm.
const WAITS: i64 = 72 * 3600;
/// Every grant has this one version: it is given and taken away, never changed.
pub(super) const VERSION: i32 = 1;

/// A role to be given over a scope.
#[derive(Clone, Copy, Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RoleDraft {
    /// The role.
    pub role: Role,
    /// Over this country: focal points, contributors, observers.
    #[deserr(default)]
    pub country: Option<Iso2>,
    /// Over this program: coordinators, trainers, observers.
    #[deserr(default)]
    pub program_id: Option<ProgramId>,
    /// Ends at this instant.
    #[deserr(default)]
    pub valid_to: Option<Timestamp>,
}

impl RoleDraft {
    fn grant(self) -> NewGrant {
        NewGrant { role: self.role, country: self.country, program_id: self.program_id }
    }
}

/// What became of a grant.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Given {
    /// The role counts from now on.
    Now(Grant),
    /// Another administrator must ask for the same within 72 hours.
    Waiting(Waiting),
}

/// A role that waits for a second administrator.
#[derive(Debug, Serialize, ToSchema)]
pub struct Waiting {
    /// Always `waits_for_second_administrator`.
    pub status: &'static str,
    /// The role.
    pub role: Role,
    /// For whom.
    pub user_id: UserId,
    /// Until when.
    pub until: Timestamp,
}

/// Which scope a role takes; `pointer` is of the draft.
fn shaped(draft: &RoleDraft, pointer: &str, now: Timestamp) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code, words: &str| {
        faults.push(FieldError::at(format!("{pointer}/{field}"), code, words));
    };
    let (country, program) = (draft.country.is_some(), draft.program_id.is_some());
    match draft.role {
        Role::Administrator | Role::Auditor => {
            if country {
                fault("country", "not_here", "This role is over everything: leave `country` out.");
            }
            if program {
                fault("program_id", "not_here", "This role is over everything: leave `program_id` out.");
            }
        }
        Role::Coordinator if country => fault("country", "not_here", "A coordinator has a program, or none."),
        Role::FocalPoint | Role::Contributor => {
            if !country {
                fault("country", "missing", "This role is over a country.");
            }
            if program {
                fault("program_id", "not_here", "This role is over a country: leave `program_id` out.");
            }
        }
        Role::Trainer if !program => fault("program_id", "missing", "A trainer has a program."),
        Role::Trainer if country => fault("country", "not_here", "A trainer has a program, not a country."),
        Role::Observer if country == program => {
            fault("country", "missing", "An observer has either a country or a program.");
        }
        _ => {}
    }
    if draft.valid_to.is_some_and(|to| to <= now) {
        fault("valid_to", "in_the_past", "Use an instant that is still to come, or leave it out.");
    }
    faults
}

/// Refuses roles that have the wrong scope, or that the caller may not give.
///
/// # Errors
/// 422 with every fault; 403 for roles that the caller may never give.
pub(super) fn check<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    drafts: &[RoleDraft],
    pointer: &str,
) -> Result<()> {
    let now = tx.now();
    let at = |place: usize| if pointer.is_empty() { String::new() } else { format!("{pointer}/{place}") };
    let faults: Vec<FieldError> =
        drafts.iter().enumerate().flat_map(|(n, draft)| shaped(draft, &at(n), now)).collect();
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    for (n, draft) in drafts.iter().enumerate() {
        may_give(tx, permit, draft.grant(), &at(n))?;
        is_there(tx, draft, &at(n))?;
    }
    Ok(())
}

/// Refuses a role over a country or a program that does not exist.
fn is_there(tx: &mut Tx, draft: &RoleDraft, pointer: &str) -> Result<()> {
    let (mut known_country, mut known_program) = (true, true);
    if let Some(country) = draft.country {
        let known = countries::table.filter(countries::iso2.eq(country)).count();
        known_country = known.get_result::<i64>(tx.conn())? > 0;
    }
    if let Some(program) = draft.program_id {
        let known = programs::table.filter(programs::id.eq(program)).filter(programs::deleted_at.is_null());
        known_program = known.count().get_result::<i64>(tx.conn())? > 0;
    }
    match (known_country, known_program) {
        (false, _) => {
            let words = "Use a code of GET /api/v1/countries.";
            Err(Error::invalid(format!("{pointer}/country"), "unknown_country", words))
        }
        (_, false) => {
            let words = "There is no such program.";
            Err(Error::invalid(format!("{pointer}/program_id"), "not_found", words))
        }
        _ => Ok(()),
    }
}

/// An administrator gives any role, a coordinator trainers and observers of their programs, a focal point contributors
/// and observers of their country.
fn may_give<A: Action>(tx: &mut Tx, permit: &Permit<A>, grant: NewGrant, pointer: &str) -> Result<()> {
    let Scope::Only(reach) = permit.scope() else { return Ok(()) };
    let foreign = |field: &str, words: &str| {
        Err(Error::invalid(format!("{pointer}/{field}"), "not_found", words.to_owned()))
    };
    match (grant.role, grant.country, grant.program_id) {
        (Role::Trainer | Role::Observer, None, Some(program)) if reach.roles.contains(&Role::Coordinator) => {
            match coordinates(tx, &reach, program)? {
                true => Ok(()),
                false => foreign("program_id", "There is no such program among yours."),
            }
        }
        (Role::Contributor | Role::Observer, Some(country), None) if !reach.countries.is_empty() => {
            match reach.countries.contains(&country) {
                true => Ok(()),
                false => foreign("country", "This is not a country of yours."),
            }
        }
        _ => Err(Error::not_permitted(
            "A coordinator gives `trainer` and `observer` over their programs, a focal point `contributor` and \
             `observer` over their country.",
        )),
    }
}

fn coordinates(tx: &mut Tx, reach: &Reach, program: ProgramId) -> Result<bool> {
    let held: i64 = role_grants::table
        .filter(role_grants::user_id.eq(reach.user))
        .filter(role_grants::role.eq(Role::Coordinator))
        .filter(role_grants::program_id.eq(program))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(reach.at)))
        .count()
        .get_result(tx.conn())?;
    Ok(held > 0)
}

/// Gives a role to a person whom the caller can see. Where there are two administrators, a third takes both of them.
///
/// # Errors
/// 404, 403 and 422 as by [`check`]; 403 for one's own account; 409 for a role held already; 401 without a fresh proof
/// for an administrator.
pub(super) fn give(
    tx: &mut Tx,
    permit: &Permit<GrantRoles>,
    user: UserId,
    draft: RoleDraft,
) -> Result<Given> {
    permit.get(tx, |tx, scope| users::find(tx, scope, user))?;
    if user == permit.user() {
        return Err(Error::not_permitted("Nobody gives a role to themselves; ask another administrator."));
    }
    check(tx, permit, &[draft], "")?;
    if draft.role == Role::Administrator {
        permit.fresh()?;
        if administrators(tx, None)? >= 2 && !seconded(tx, permit, user)? {
            return ask_for_second(tx, permit, user).map(Given::Waiting);
        }
    }
    write(tx, permit, user, draft).map(Given::Now)
}

/// Writes a grant and tells of it; the rules were checked.
pub(super) fn write(tx: &mut Tx, by: &impl Actor, user: UserId, draft: RoleDraft) -> Result<Grant> {
    let id = seeds::give_until(tx, by, user, draft.grant(), draft.valid_to)?;
    let RoleDraft { role, country, program_id, valid_to } = draft;
    outbox::enqueue(tx, &RoleGranted { user_id: user, role, country, program_id, by: by.user() })?;
    Ok(Grant { id, user_id: user, role, country, program_id, valid_to })
}

/// Whether another administrator asked for the same not long ago; the request is used up.
fn seconded(tx: &mut Tx, permit: &Permit<GrantRoles>, user: UserId) -> Result<bool> {
    let oldest = tx.now().plus_seconds(-WAITS);
    let asked: Option<UserId> = grant_requests::table
        .select(grant_requests::asked_by)
        .filter(grant_requests::user_id.eq(user))
        .filter(grant_requests::asked_at.gt(oldest))
        .filter(grant_requests::asked_by.ne(permit.user()))
        .first(tx.conn())
        .optional()?;
    let Some(asked_by) = asked else { return Ok(false) };
    let still = administrators(tx, None)? > administrators(tx, Some(asked_by))?;
    let used =
        diesel::delete(grant_requests::table.filter(grant_requests::user_id.eq(user))).execute(tx.conn())?;
    Ok(still && used == 1)
}

fn ask_for_second(tx: &mut Tx, permit: &Permit<GrantRoles>, user: UserId) -> Result<Waiting> {
    let now = tx.now();
    diesel::delete(grant_requests::table.filter(grant_requests::user_id.eq(user))).execute(tx.conn())?;
    diesel::insert_into(grant_requests::table)
        .values((
            grant_requests::user_id.eq(user),
            grant_requests::asked_by.eq(permit.user()),
            grant_requests::asked_at.eq(now),
        ))
        .execute(tx.conn())?;
    journal::record(tx, Entry::new(permit, "role.asked", "user", user));
    let until = now.plus_seconds(WAITS);
    Ok(Waiting { status: "waits_for_second_administrator", role: Role::Administrator, user_id: user, until })
}

/// Active administrators without an end, leaving one person out.
pub(super) fn administrators(tx: &mut Tx, without: Option<UserId>) -> Result<i64> {
    others(tx, Role::Administrator, None, without.unwrap_or(UserId(uuid::Uuid::nil())))
}

/// Active people other than `without` who hold a role; an administrator with an end does not count.
fn others(tx: &mut Tx, role: Role, country: Option<Iso2>, without: UserId) -> Result<i64> {
    let now = tx.now();
    let mut query = role_grants::table
        .inner_join(people::table.on(people::id.eq(role_grants::user_id)))
        .filter(role_grants::role.eq(role))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .filter(people::status.eq("active"))
        .filter(role_grants::user_id.ne(without))
        .count()
        .into_boxed();
    if let Some(country) = country {
        query = query.filter(role_grants::country.eq(country));
    }
    if role == Role::Administrator {
        query = query.filter(role_grants::valid_to.is_null());
    }
    Ok(query.get_result(tx.conn())?)
}

/// Refuses to take away the last administrator, or the last focal point of a country. The rows are held, so of two who
/// go at once one stays.
pub(super) fn someone_stays(tx: &mut Tx, user: UserId, role: Role, country: Option<Iso2>) -> Result<()> {
    if !matches!(role, Role::Administrator | Role::FocalPoint) {
        return Ok(());
    }
    if let Some(country) = country {
        // Mandates are ended under this lock too; a country that is no partner has none.
        let partner = partners::table.select(partners::country).filter(partners::country.eq(country));
        let _held: Vec<Iso2> = partner.lock_rows().load(tx.conn())?;
    }
    let held = role_grants::table
        .select(role_grants::id)
        .filter(role_grants::role.eq(role))
        .filter(role_grants::revoked_at.is_null())
        .order(role_grants::id);
    let _held: Vec<GrantId> = held.lock_rows().load(tx.conn())?;
    if others(tx, role, country, user)? > 0 {
        return Ok(());
    }
    let words = match country {
        Some(country) => format!("This is the last focal point of {country}; appoint another one first."),
        None => "This is the last administrator; appoint another one first.".into(),
    };
    Err(Error::new(Code::GuardFailed, words))
}

/// One grant in force of a person, within reach.
pub(super) fn find(tx: &mut Tx, scope: &Scope, user: UserId, id: GrantId) -> Result<Option<Grant>> {
    let mut found = users::grants_within(tx, scope, &[user])?;
    found.retain(|grant| grant.id == id);
    Ok(found.pop())
}

/// Takes a role away; it ends at once.
///
/// # Errors
/// 404 for a grant out of reach; 403 for a role that the caller may not give; 409 for the last of its kind.
pub(super) fn revoke(
    tx: &mut Tx,
    permit: &Permit<GrantRoles>,
    user: UserId,
    id: GrantId,
    read: i32,
) -> Result<()> {
    permit.get(tx, |tx, scope| users::find(tx, scope, user))?;
    let grant = permit.get(tx, |tx, scope| find(tx, scope, user, id))?;
    etag::matches(read, VERSION)?;
    let given = NewGrant { role: grant.role, country: grant.country, program_id: grant.program_id };
    may_give(tx, permit, given, "")?;
    if grant.role == Role::Administrator {
        permit.fresh()?;
    }
    someone_stays(tx, user, grant.role, grant.country)?;
    end(tx, permit, &grant)
}

/// Ends a grant and tells of it.
pub(super) fn end(tx: &mut Tx, by: &impl Actor, grant: &Grant) -> Result<()> {
    let now = tx.now();
    let ended = diesel::update(role_grants::table.filter(role_grants::id.eq(grant.id)))
        .filter(role_grants::revoked_at.is_null())
        .set(role_grants::revoked_at.eq(now))
        .execute(tx.conn())?;
    if ended == 0 {
        return Err(Error::not_found());
    }
    let mut entry = Entry::new(by, "role.revoked", "user", grant.user_id);
    if let Some(country) = grant.country {
        entry = entry.country(country);
    }
    if let Some(program) = grant.program_id {
        entry = entry.program(program);
    }
    journal::record(tx, entry);
    end_mandate(tx, by, grant)?;
    let Grant { user_id, role, country, program_id, .. } = *grant;
    outbox::enqueue(tx, &RoleRevoked { user_id, role, country, program_id, by: by.user() })
}

/// The mandate that brought the role of a focal point ends with it.
fn end_mandate(tx: &mut Tx, by: &impl Actor, grant: &Grant) -> Result<()> {
    let (Role::FocalPoint, Some(country)) = (grant.role, grant.country) else { return Ok(()) };
    let (now, user_id) = (tx.now(), grant.user_id);
    let held = focal_points::table
        .select(focal_points::id)
        .filter(focal_points::country.eq(country))
        .filter(focal_points::user_id.eq(user_id))
        .filter(focal_points::status.eq("active"))
        .first(tx.conn())
        .optional()?;
    let Some(focal_point_id) = held else { return Ok(()) };
    diesel::update(focal_points::table.filter(focal_points::id.eq::<FocalPointId>(focal_point_id)))
        .set((
            (focal_points::status.eq("ended"), focal_points::ended_at.eq(now)),
            focal_points::ended_reason.eq("The role was taken away."),
            focal_points::version.eq(focal_points::version + 1),
            (focal_points::updated_at.eq(now), focal_points::updated_by.eq(by.user())),
        ))
        .execute(tx.conn())?;
    journal::record(tx, Entry::new(by, "focal_point.ended", "focal_point", focal_point_id).country(country));
    outbox::enqueue(tx, &MandateEnded { focal_point_id, user_id, country })
}
