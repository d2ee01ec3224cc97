//! People as others see them: found within one's reach, changed, deactivated and let back in.

use diesel::dsl::{case_when, exists};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::bouncing::{self, Bouncing};
use super::guard::Permit;
use super::links;
use super::model::{Grant, User, UserStatus};
use super::{grants, sessions};
use crate::codes_enum;
use crate::kernel::access::{Actor, EditUsers, InviteUsers, Permission, Reach, Scope, ViewUsers};
use crate::kernel::id::{Iso2, ProgramId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::list::Many;
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::parse::Faults;
use crate::kernel::patch::{Change, Edit};
use crate::kernel::sql::Guid;
use crate::kernel::text::{Email, Name, Note};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::kernel::{Error, Result};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::schema::{role_grants, users};

/// A role over a scope.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Held {
    /// The role.
    pub role: crate::kernel::access::Role,
    /// Over this country.
    pub country: Option<Iso2>,
    /// Over this program.
    pub program_id: Option<ProgramId>,
}

impl From<&Grant> for Held {
    fn from(grant: &Grant) -> Held {
        Held { role: grant.role, country: grant.country, program_id: grant.program_id }
    }
}

/// A person as the caller sees them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserShown {
    /// The account.
    #[serde(flatten)]
    pub user: User,
    /// Roles in force, as far as the caller reaches.
    pub roles: Vec<Held>,
    /// The address refuses letters; told to administrators.
    pub bouncing: Option<Bouncing>,
    /// What the caller may do with the account.
    pub permissions: Vec<&'static str>,
    /// Where the caller may move it.
    pub allowed_transitions: Vec<&'static str>,
}

/// Which people.
#[derive(Debug, Default, deserr::Deserr, utoipa::IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserFilter {
    /// Where the account stands, several separated by commas.
    #[deserr(default)]
    #[param(inline)]
    pub status: Many<UserStatus>,
    /// This very address.
    #[deserr(default)]
    pub email: Option<Email>,
    /// With a role over this country.
    #[deserr(default)]
    pub country: Option<Iso2>,
    /// With this role.
    #[deserr(default)]
    pub role: Option<crate::kernel::access::Role>,
    /// Changed at or after this instant.
    #[deserr(default)]
    pub updated_since: Option<Timestamp>,
}

/// A change of an account.
#[derive(Clone, Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct UserPatch {
    /// Name.
    #[deserr(default)]
    #[schema(value_type = Name, required = false)]
    pub name: Edit<Name>,
    /// Language of letters.
    #[deserr(default)]
    #[schema(value_type = Lang, required = false)]
    pub language: Edit<Lang>,
    /// Zone.
    #[deserr(default)]
    #[schema(value_type = Zone, required = false)]
    pub timezone: Edit<Zone>,
    /// The account ends after this day.
    #[deserr(default)]
    #[schema(value_type = Option<Day>)]
    pub expires_on: Change<Day>,
}

codes_enum! {
    /// Where an account may be moved.
    pub UserMove { Active "active", Deactivated "deactivated" }
}

/// A move of an account.
#[derive(Clone, Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct UserTransition {
    /// Where to.
    pub to: UserMove,
    /// Why.
    #[deserr(default)]
    pub reason: Option<Note>,
}

diesel::alias!(role_grants as mine: Mine);

/// Grants of the countries and programs within reach. A token that is narrowed to countries reaches no program by itself.
macro_rules! grant_within {
    ($reach:expr) => {{
        let reach: &Reach = $reach;
        let roles = if reach.within.is_some() { Vec::new() } else { reach.roles.clone() };
        let in_force =
            mine.field(role_grants::valid_to).is_null().or(mine.field(role_grants::valid_to).gt(reach.at));
        let programs = mine
            .select(mine.field(role_grants::program_id))
            .filter(mine.field(role_grants::user_id).eq(reach.user))
            .filter(mine.field(role_grants::role).eq_any(roles))
            .filter(mine.field(role_grants::revoked_at).is_null())
            .filter(in_force);
        role_grants::country.eq_any(reach.countries.clone()).or(role_grants::program_id.eq_any(programs))
    }};
}

type Query<'a> =
    users::BoxedQuery<'a, MultiBackend, diesel::dsl::SqlTypeOf<diesel::dsl::AsSelect<User, MultiBackend>>>;

/// The people of the grants within reach.
macro_rules! people_within {
    ($reach:expr) => {{
        let reach: &Reach = $reach;
        role_grants::table
            .select(role_grants::user_id)
            .filter(role_grants::revoked_at.is_null())
            .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(reach.at)))
            .filter(grant_within!(reach))
    }};
}

fn visible(scope: &Scope) -> Query<'static> {
    let query = users::table.select(User::as_select()).into_boxed::<MultiBackend>();
    match scope {
        Scope::All => query,
        Scope::Only(reach) => {
            query.filter(users::id.eq(reach.user).or(users::id.eq_any(people_within!(reach))))
        }
    }
}

/// A person within reach.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: UserId) -> Result<Option<User>> {
    let query = users::table.select(User::as_select()).into_boxed::<MultiBackend>();
    let query = match scope {
        Scope::All => query.filter(users::id.eq(id)),
        Scope::Only(reach) if reach.user == id => query.filter(users::id.eq(id)),
        // Within reach or not comes first: a row that is hidden is not touched, like one that is not there.
        Scope::Only(reach) => {
            let seen = exists(people_within!(reach).filter(role_grants::user_id.eq(id)));
            query.filter(users::id.nullable().eq(case_when(seen, id.into_sql::<Guid>())))
        }
    };
    Ok(query.first(tx.conn()).optional()?)
}

/// A person within reach by the address that was typed.
pub(super) fn find_by_email(tx: &mut Tx, scope: &Scope, email: &Email) -> Result<Option<User>> {
    let either = users::email_folded.eq(email.folded()).or(users::email.eq(email.clone()));
    Ok(visible(scope).filter(either).first(tx.conn()).optional()?)
}

fn filtered(scope: &Scope, by: &UserFilter) -> Query<'static> {
    let mut query = visible(scope);
    if !by.status.is_empty() {
        query = query.filter(users::status.eq_any(by.status.values().to_vec()));
    }
    if let Some(email) = &by.email {
        query = query.filter(users::email_folded.eq(email.folded()).or(users::email.eq(email.clone())));
    }
    if let Some(since) = by.updated_since {
        query = query.filter(users::updated_at.ge(since));
    }
    let live = || role_grants::table.select(role_grants::user_id).filter(role_grants::revoked_at.is_null());
    if let Some(country) = by.country {
        query = query.filter(users::id.eq_any(live().filter(role_grants::country.eq(country))));
    }
    // A filter must not tell of roles out of reach.
    match (scope, by.country, by.role) {
        (Scope::Only(reach), Some(country), _) if !reach.countries.contains(&country) => {
            query = query.filter(users::id.eq(UserId(uuid::Uuid::nil())));
        }
        (Scope::Only(reach), _, Some(role)) => {
            let holders = live().filter(role_grants::role.eq(role)).filter(grant_within!(reach));
            query = query.filter(users::id.eq_any(holders));
        }
        (Scope::All, _, Some(role)) => {
            query = query.filter(users::id.eq_any(live().filter(role_grants::role.eq(role))));
        }
        _ => {}
    }
    query
}

/// People within reach, in order of ids.
pub(super) fn list(
    tx: &mut Tx,
    permit: &Permit<ViewUsers>,
    by: &UserFilter,
    page: &PageRequest,
) -> Result<Page<UserShown>> {
    let scope = permit.scope();
    let mut query = filtered(&scope, by).order(users::id).limit(page.fetch());
    if let Some(after) = page.after_id::<UserId>() {
        query = query.filter(users::id.gt(after));
    }
    let rows: Vec<User> = query.load(tx.conn())?;
    let mut page_of = Page::of(rows, page, |user| Position { key: String::new(), id: user.id.0 });
    if page.count {
        let all: Vec<User> = filtered(&scope, by).limit(COUNT_CAP + 1).load(tx.conn())?;
        page_of.total = Some(all.len() as i64);
    }
    let ids: Vec<UserId> = page_of.items.iter().map(|user| user.id).collect();
    let held = grants_within(tx, &scope, &ids)?;
    let marks = marks(tx, permit, &page_of.items.iter().collect::<Vec<_>>())?;
    Ok(page_of.map(|user| shown(permit, user, &held, &marks)))
}

/// The grants in force of some people, as far as within reach; of the caller all.
pub(super) fn grants_within(tx: &mut Tx, scope: &Scope, ids: &[UserId]) -> Result<Vec<Grant>> {
    let now = tx.now();
    let mut query = role_grants::table
        .select(Grant::as_select())
        .filter(role_grants::user_id.eq_any(ids.to_vec()))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .order(role_grants::id)
        .into_boxed::<MultiBackend>();
    if let Scope::Only(reach) = scope {
        let own = role_grants::user_id.eq(reach.user).nullable();
        query = query.filter(own.or(grant_within!(reach)));
    }
    Ok(query.load(tx.conn())?)
}

/// What is held against the addresses of people, for those who may do something about it.
fn marks<A: crate::kernel::access::Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    people: &[&User],
) -> Result<Vec<Bouncing>> {
    match permit.scope_of(Permission::EditUsers) {
        Scope::All => bouncing::of(tx, people),
        Scope::Only(_) => Ok(Vec::new()),
    }
}

/// A person with their roles as the caller sees them.
pub(super) fn shown<A: crate::kernel::access::Action>(
    permit: &Permit<A>,
    user: User,
    held: &[Grant],
    marks: &[Bouncing],
) -> UserShown {
    let roles = held.iter().filter(|grant| grant.user_id == user.id).map(Held::from).collect();
    let all = |permission| matches!(permit.scope_of(permission), Scope::All);
    let some = |permission| match permit.scope_of(permission) {
        Scope::All => true,
        Scope::Only(reach) => !reach.countries.is_empty() || !reach.roles.is_empty(),
    };
    let myself = user.id == permit.user();
    let mut permissions = Vec::new();
    if all(Permission::EditUsers) {
        permissions.push(Permission::EditUsers.word());
    }
    permissions
        .extend(some(Permission::GrantRoles).then(|| Permission::GrantRoles.word()).filter(|_| !myself));
    let allowed_transitions = match user.status {
        _ if !all(Permission::EditUsers) || myself => vec![],
        UserStatus::Active | UserStatus::Invited => vec!["deactivated"],
        UserStatus::Deactivated => vec!["active"],
        UserStatus::Anonymised => vec![],
    };
    let folded = user.email.folded();
    let bouncing = marks.iter().find(|mark| mark.address == folded).cloned();
    UserShown { user, roles, bouncing, permissions, allowed_transitions }
}

/// One person as the caller sees them.
///
/// # Errors
/// 404 out of reach.
pub(super) fn get<A: crate::kernel::access::Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: UserId,
) -> Result<UserShown> {
    let scope = permit.scope_of(Permission::ViewUsers);
    let user = find(tx, &scope, id)?.ok_or_else(Error::not_found)?;
    let held = grants_within(tx, &scope, &[id])?;
    let marks = marks(tx, permit, &[&user])?;
    Ok(shown(permit, user, &held, &marks))
}

/// A person whose account the caller may change: everyone sees their own, and changes it under `/me` alone.
pub(super) fn editable(tx: &mut Tx, permit: &Permit<EditUsers>, id: UserId) -> Result<User> {
    let user = permit.get(tx, |tx, scope| find(tx, scope, id))?;
    permit.held()?;
    Ok(user)
}

/// Changes an account.
///
/// # Errors
/// 404, 403; 412 when somebody changed it meanwhile.
pub(super) fn edit(
    tx: &mut Tx,
    permit: &Permit<EditUsers>,
    id: UserId,
    read: i32,
    patch: UserPatch,
) -> Result<UserShown> {
    let before = editable(tx, permit, id)?;
    etag::matches(read, before.version)?;
    let mut after = before.clone();
    patch.name.apply(&mut after.name);
    patch.language.apply(&mut after.language);
    patch.timezone.apply(&mut after.timezone);
    patch.expires_on.apply(&mut after.expires_on);
    update(tx, permit, &before, &after)?;
    journal::record(tx, Entry::new(permit, "user.edited", "user", id).changed(&before, &after));
    get(tx, permit, id)
}

/// Writes what may change of an account.
pub(super) fn update(tx: &mut Tx, by: &impl Actor, before: &User, after: &User) -> Result<()> {
    let now = tx.now();
    let changed = diesel::update(users::table.filter(users::id.eq(before.id)))
        .filter(users::version.eq(before.version))
        .set((
            (users::name.eq(&after.name), users::language.eq(after.language)),
            (users::timezone.eq(after.timezone), users::expires_on.eq(after.expires_on)),
            (users::status.eq(after.status), users::version.eq(before.version + 1)),
            (users::updated_at.eq(now), users::updated_by.eq(by.user())),
        ))
        .execute(tx.conn())?;
    if changed == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// Deactivates an account, which ends its sessions and tokens at once, or lets the person back in.
///
/// # Errors
/// 404, 403; 409 from a state that does not allow it, and for the last administrator or focal point.
pub(super) fn transition(
    tx: &mut Tx,
    permit: &Permit<EditUsers>,
    id: UserId,
    ask: &UserTransition,
) -> Result<UserShown> {
    let to = ask.to;
    let before = editable(tx, permit, id)?;
    if id == permit.user() {
        return Err(Error::not_permitted("Nobody deactivates themselves; ask another administrator."));
    }
    let mut after = before.clone();
    after.status = match (before.status, to) {
        (UserStatus::Active | UserStatus::Invited, UserMove::Deactivated) => UserStatus::Deactivated,
        (UserStatus::Deactivated, UserMove::Active) => UserStatus::Active,
        (from, to) => {
            return Err(Error::conflict(format!("The account is {from}; it can't become {to}.")));
        }
    };
    if to == UserMove::Deactivated {
        for grant in grants_within(tx, &Scope::All, &[id])? {
            grants::someone_stays(tx, id, grant.role, grant.country)?;
        }
        sessions::end_all(tx, id, None)?;
        links::void_all(tx, id)?;
    }
    update(tx, permit, &before, &after)?;
    let reason = ask.reason.as_ref().map(Note::as_str).unwrap_or_default();
    tracing::info!(user = %id, %to, reason, "an account was moved");
    let action = if to == UserMove::Active { "user.reactivated" } else { "user.deactivated" };
    journal::record(tx, Entry::new(permit, action, "user", id).changed(&before, &after));
    get(tx, permit, id)
}

/// Whether the caller may invite this person again.
pub(super) fn invited(tx: &mut Tx, permit: &Permit<InviteUsers>, id: UserId) -> Result<User> {
    let user = permit.get(tx, |tx, scope| find(tx, scope, id))?;
    match user.status {
        UserStatus::Invited => Ok(user),
        _ => Err(Error::conflict("Only a person who has not accepted yet can be invited again.")),
    }
}

/// The grants of a person that the caller sees.
///
/// # Errors
/// 404 out of reach.
pub(super) fn grants_of<A: crate::kernel::access::Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: UserId,
) -> Result<Vec<Grant>> {
    let scope = permit.scope_of(Permission::ViewUsers);
    find(tx, &scope, id)?.ok_or_else(Error::not_found)?;
    grants_within(tx, &scope, &[id])
}
