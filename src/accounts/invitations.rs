//! Invitations: sent by letter, accepted once; the first administrator's is printed.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::Gate;
use super::events::UserInvited;
use super::grants::{self, RoleDraft};
use super::guard::Permit;
use super::links::{self, Link, LinkKind};
use super::login;
use super::model::{Grant, UserStatus};
use super::policy;
use super::secrets::{Password, Secret};
use super::seeds;
use super::store::{self, Account};
use super::users::{self, UserShown};
use crate::kernel::access::{Actor, InviteUsers, Role, Scope};
use crate::kernel::error::{Code, FieldError};
use crate::kernel::id::{LinkId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::parse::Faults;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::kernel::{Error, Result};
use crate::platform::db::{Constraint, Tx};
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;
use crate::platform::schema::users as table;

/// A person to be invited.
#[derive(Clone, Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct UserDraft {
    /// Address to which the invitation goes.
    pub email: Email,
    /// Name, until the person writes it themselves.
    #[deserr(default)]
    pub name: Option<Name>,
    /// Language of letters; English when not given.
    #[deserr(default)]
    pub language: Option<Lang>,
    /// Zone; UTC when not given.
    #[deserr(default)]
    pub timezone: Option<Zone>,
    /// The account ends after this day.
    #[deserr(default)]
    pub expires_on: Option<Day>,
    /// Roles to begin with.
    #[deserr(default)]
    #[schema(max_items = 20, required = false)]
    pub roles: Vec<RoleDraft>,
}

/// An acceptance.
#[derive(Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct InvitationAcceptance {
    /// The part of the link behind `#`.
    pub token: Secret,
    /// The password to log in with; of an account that exists already, its own.
    pub password: Password,
    /// Name as the person writes it.
    #[deserr(default)]
    pub name: Option<Name>,
    /// Language of letters.
    #[deserr(default)]
    pub language: Option<Lang>,
    /// Zone.
    #[deserr(default)]
    pub timezone: Option<Zone>,
    /// Address; only for the first administrator, who has none yet.
    #[deserr(default)]
    pub email: Option<Email>,
}

/// An account that can log in now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Accepted {
    /// The person.
    pub id: UserId,
    /// Address to log in with.
    pub email: Email,
}

/// What an invitation says, before it is accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// Address it was sent to; null for the first administrator's.
    pub email: Option<Email>,
    /// Name as the inviter wrote it.
    pub name: Option<Name>,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Invites a person with roles. To an inviter who does not reach everybody it looks the same whether the address has
/// an account or not: then a stand-in carries the roles until its owner accepts.
///
/// # Errors
/// 403 and 422 for roles that are not the caller's to give; 409 when a person in reach has the address.
pub(super) fn invite(tx: &mut Tx, permit: &Permit<InviteUsers>, draft: &UserDraft) -> Result<UserShown> {
    if draft.roles.len() > 20 {
        return Err(Error::invalid("/roles", "too_long", "Give at most 20 roles at once."));
    }
    let scope = permit.scope();
    if draft.roles.is_empty() && matches!(scope, Scope::Only(_)) {
        return Err(Error::invalid("/roles", "too_short", "Name at least one role of those you may give."));
    }
    grants::check(tx, permit, &draft.roles, "/roles")?;
    if draft.roles.iter().any(|role| role.role == Role::Administrator) {
        permit.fresh()?;
        if grants::administrators(tx, None)? >= 2 {
            return Err(Error::new(
                Code::GuardFailed,
                "Where there are two administrators, invite without this role; then both give it.",
            ));
        }
    }
    if users::find_by_email(tx, &scope, &draft.email)?.is_some() {
        return Err(taken());
    }
    let elsewhere = store::account_at(tx, &draft.email.folded())?.is_some();
    let id = insert(tx, permit, draft, elsewhere)?;
    journal::record(tx, Entry::new(permit, "user.invited", "user", id));
    for role in &draft.roles {
        grants::write(tx, permit, id, *role)?;
    }
    send(tx, permit, id, &draft.email)?;
    users::get(tx, permit, id)
}

fn taken() -> Error {
    Error::new(
        Code::AlreadyExists,
        "There is an account with this address: give it roles under /users/{id}/grants.",
    )
}

fn insert(tx: &mut Tx, by: &impl Actor, draft: &UserDraft, stand_in: bool) -> Result<UserId> {
    let (id, now) = (tx.new_id::<UserId>(), tx.now());
    let local = draft.email.as_str().split('@').next().unwrap_or("").parse::<Name>().ok();
    let name =
        draft.name.clone().or(local).ok_or_else(|| Error::invalid("/name", "missing", "Give a name."))?;
    let folded = draft.email.folded();
    let folded = if stand_in { format!("{folded}\n{id}") } else { folded };
    diesel::insert_into(table::table)
        .values((
            (table::id.eq(id), table::email.eq(&draft.email), table::email_folded.eq(folded)),
            (table::name.eq(name), table::language.eq(draft.language.unwrap_or(Lang::En))),
            (table::timezone.eq(draft.timezone.unwrap_or(Zone::UTC)), table::status.eq(UserStatus::Invited)),
            (table::expires_on.eq(draft.expires_on), table::version.eq(1)),
            (table::created_at.eq(now), table::created_by.eq(by.user())),
            (table::updated_at.eq(now), table::updated_by.eq(by.user())),
        ))
        .execute(tx.conn())
        .on_unique(taken)?;
    Ok(id)
}

/// Makes a new link for an invited person; older ones stop working.
pub(super) fn send(tx: &mut Tx, by: &impl Actor, user_id: UserId, email: &Email) -> Result<LinkId> {
    let link_id = links::issue(tx, LinkKind::Invitation, Some(user_id), Some(email), by.user())?;
    outbox::enqueue(tx, &UserInvited { user_id, link_id, invited_by: by.user() })?;
    Ok(link_id)
}

/// The link of an invitation that still waits, for a letter that goes out now: the one there is, or where that has
/// ended or ends within a day, a new one in its place.
///
/// # Errors
/// When the database refuses.
pub fn waiting_link(tx: &mut Tx, by: &impl Actor, user_id: UserId) -> Result<LinkId> {
    let tomorrow = tx.now().plus_days(1);
    if let Some(link) = links::open(tx, LinkKind::Invitation, user_id, tomorrow)? {
        return Ok(link);
    }
    let email = store::account(tx, user_id)?.email;
    let link = links::issue(tx, LinkKind::Invitation, Some(user_id), Some(&email), by.user())?;
    journal::record(tx, Entry::new(by, "invitation.renewed", "user", user_id));
    Ok(link)
}

/// The link for the first administrator, which is printed; older ones stop working. `None` once there is one.
///
/// # Errors
/// When the database refuses.
pub fn first_administrator_link(tx: &mut Tx, by: &impl Actor) -> Result<Option<LinkId>> {
    if grants::administrators(tx, None)? > 0 {
        return Ok(None);
    }
    let link = links::issue(tx, LinkKind::First, None, None, by.user())?;
    journal::record(tx, Entry::new(by, "first_administrator.invited", "link", link));
    Ok(Some(link))
}

const KINDS: [LinkKind; 2] = [LinkKind::First, LinkKind::Invitation];

/// What an invitation says; nothing happens.
///
/// # Errors
/// 404 for a link that does not work.
pub(super) async fn preview(gate: &Gate, token: String) -> Result<Preview> {
    let master = gate.master.clone();
    gate.db
        .read(move |tx| {
            let link = links::look(tx, &master, &token, &KINDS)?;
            let user = link.user_id.map(|user| store::account(tx, user)).transpose()?;
            let name = user.map(|user| user.name);
            Ok(Preview { email: link.email, name, expires_at: link.expires_at })
        })
        .await
}

/// Who stands behind an invitation.
enum Invited {
    First,
    New(Account),
    /// The stand-in, and the account that has the address already.
    Known(Account, Account),
}

fn invited(tx: &mut Tx, link: &Link) -> Result<Invited> {
    let Some(user) = link.user_id else { return Ok(Invited::First) };
    let account = store::account(tx, user)?;
    let owner = store::account_at(tx, &account.email.folded())?.filter(|owner| owner.id != account.id);
    Ok(match owner {
        Some(owner) => Invited::Known(account, owner),
        None => Invited::New(account),
    })
}

/// Accepts an invitation; the link is used up. The person then logs in.
///
/// # Errors
/// 404 for a link that does not work; 422 for a password that is not good enough or a missing field; 401 when the
/// account exists and this is not its password.
pub(super) async fn accept(gate: &Gate, said: InvitationAcceptance) -> Result<Accepted> {
    let (master, token) = (gate.master.clone(), said.token.expose().to_owned());
    let who = gate.db.read(move |tx| {
        let link = links::look(tx, &master, &token, &KINDS)?;
        invited(tx, &link)
    });
    match who.await? {
        Invited::First => first(gate, said).await,
        Invited::New(account) => new(gate, said, account).await,
        Invited::Known(stand_in, owner) => known(gate, said, stand_in.id, owner.id).await,
    }
}

async fn first(gate: &Gate, said: InvitationAcceptance) -> Result<Accepted> {
    let missing = |field| FieldError::at(field, "missing", "The first administrator gives this too.");
    let own = [said.name.as_ref().map(Name::as_str), said.email.as_ref().map(Email::as_str)];
    let own: Vec<&str> = own.into_iter().flatten().collect();
    let weak = policy::check(&said.password, &own, "/password").err();
    let (Some(email), Some(name), None) = (said.email.clone(), said.name.clone(), &weak) else {
        let lacking =
            [said.email.is_none().then(|| missing("/email")), said.name.is_none().then(|| missing("/name"))];
        let weak = weak.into_iter().flat_map(|error| error.fields);
        return Err(Error::invalid_fields(lacking.into_iter().flatten().chain(weak).collect()));
    };
    let hash = gate.passwords.hash(said.password.expose().to_owned()).await?;
    let (master, token, visitor) = (gate.master.clone(), said.token.expose().to_owned(), gate.visitor(None));
    let person = seeds::Person {
        email,
        name,
        language: said.language.unwrap_or(Lang::En),
        timezone: said.timezone.unwrap_or(Zone::UTC),
        password_hash: Some(hash),
        grants: vec![super::NewGrant { role: Role::Administrator, country: None, program_id: None }],
    };
    gate.db
        .write(move |tx| {
            links::consume(tx, &master, &token, &[LinkKind::First])?;
            let id = seeds::settle_by(tx, &visitor, &person)?;
            Ok(Accepted { id, email: person.email.clone() })
        })
        .await
}

async fn new(gate: &Gate, said: InvitationAcceptance, account: Account) -> Result<Accepted> {
    if said.email.is_some() {
        return Err(Error::invalid(
            "/email",
            "not_here",
            "The invitation was sent to your address; leave this out.",
        ));
    }
    let name = said.name.unwrap_or(account.name);
    policy::check(&said.password, &[name.as_str(), account.email.as_str()], "/password")?;
    let hash = gate.passwords.hash(said.password.expose().to_owned()).await?;
    let (master, token) = (gate.master.clone(), said.token.expose().to_owned());
    let (id, visitor) = (account.id, gate.visitor(Some(account.id)));
    let write = gate.db.write(move |tx| {
        links::consume(tx, &master, &token, &[LinkKind::Invitation])?;
        let before = users::find(tx, &Scope::All, id)?.ok_or_else(Error::not_found)?;
        if before.status != UserStatus::Invited {
            return Err(Error::not_found());
        }
        let mut after = before.clone();
        after.name = name.clone();
        after.language = said.language.unwrap_or(before.language);
        after.timezone = said.timezone.unwrap_or(before.timezone);
        after.status = UserStatus::Active;
        users::update(tx, &visitor, &before, &after)?;
        store::set_email(tx, id, &before.email)?;
        store::set_password(tx, id, Some(&hash))?;
        journal::record(tx, Entry::new(&visitor, "invitation.accepted", "user", id));
        Ok(Accepted { id, email: after.email })
    });
    let accepted = write.await?;
    gate.sessions.forget_person(accepted.id);
    Ok(accepted)
}

/// The address has an account: its owner takes over the roles that the stand-in carried.
async fn known(gate: &Gate, said: InvitationAcceptance, stand_in: UserId, owner: UserId) -> Result<Accepted> {
    let account = login::verify_own(gate, owner, &said.password).await?;
    let (master, token) = (gate.master.clone(), said.token.expose().to_owned());
    let visitor = gate.visitor(Some(owner));
    let write = gate.db.write(move |tx| {
        links::consume(tx, &master, &token, &[LinkKind::Invitation])?;
        let held = users::grants_within(tx, &Scope::All, &[owner])?;
        for grant in users::grants_within(tx, &Scope::All, &[stand_in])? {
            grants::end(tx, &visitor, &grant)?;
            let Grant { role, country, program_id, valid_to, .. } = grant;
            let same = |g: &Grant| g.role == role && g.country == country && g.program_id == program_id;
            if !held.iter().any(same) {
                grants::write(tx, &visitor, owner, RoleDraft { role, country, program_id, valid_to })?;
            }
        }
        let before = users::find(tx, &Scope::All, stand_in)?.ok_or_else(Error::not_found)?;
        let mut after = before.clone();
        after.status = UserStatus::Deactivated;
        users::update(tx, &visitor, &before, &after)?;
        journal::record(tx, Entry::new(&visitor, "invitation.accepted", "user", owner));
        Ok(())
    });
    write.await?;
    gate.sessions.forget_person(owner);
    Ok(Accepted { id: owner, email: account.email })
}
