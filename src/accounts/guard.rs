//! The guard: from a bearer token to a permit for one action, with the rows within reach.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::identify::{Policy, identify};
use super::model::{Credential, Standing};
use super::store;
use crate::kernel::access::{Action, Actor, Permission, Reach, Role, Scope};
use crate::kernel::error::Code;
use crate::kernel::id::{Iso2, SessionId, UserId};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// Seconds for which a proof of who one is counts as fresh.
pub const STEP_UP: i64 = 300;

/// Proof that the caller may do `A`, and which rows are within reach. Only the guard makes one.
pub struct Permit<A> {
    holder: Holder,
    at: Timestamp,
    via: String,
    action: PhantomData<fn() -> A>,
}

enum Holder {
    Person(Arc<Standing>),
    System,
}

impl<A: Action> Permit<A> {
    /// A permit of the house itself, for the worker and the command line; `reason` goes into the audit log.
    pub fn system(reason: &'static str, at: Timestamp) -> Self {
        Permit { holder: Holder::System, at, via: reason.into(), action: PhantomData }
    }

    /// A permit to do `A` for a person who is not here, by what they hold at this moment: a calendar feed reads with it.
    /// `None` when the person may no longer log in.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn on_behalf(tx: &mut Tx, person: UserId, via: String) -> Result<Option<Self>> {
        let (standing, at) = (store::absent(tx, person)?, tx.now());
        let holder = standing.map(|standing| Holder::Person(Arc::new(standing)));
        Ok(holder.map(|holder| Permit { holder, at, via, action: PhantomData }))
    }

    /// The rows for which the caller may do `A`.
    pub fn scope(&self) -> Scope {
        self.scope_of(A::PERMISSION)
    }

    /// The rows that the caller may know of: without them 404, outside of [`scope`](Permit::scope) 403.
    pub fn sight(&self) -> Scope {
        self.scope_of(A::PERMISSION.sight())
    }

    /// The rows for which the caller holds any permission: for `permissions` and `allowed_transitions` of a record.
    pub fn scope_of(&self, permission: Permission) -> Scope {
        match &self.holder {
            Holder::System => Scope::All,
            Holder::Person(standing) => scope(standing, permission, self.at),
        }
    }

    /// Whether the caller holds a permission over anything at all.
    pub fn holds(&self, permission: Permission) -> bool {
        self.standing().is_none_or(|standing| holds(standing, permission))
    }

    /// Loads a row for a change: 404 when the caller can't see it, 403 when they see it and may not do `A`.
    ///
    /// # Errors
    /// 404, 403, or what `find` returns.
    pub fn get<T>(&self, tx: &mut Tx, find: impl Fn(&mut Tx, &Scope) -> Result<Option<T>>) -> Result<T> {
        let row = find(tx, &self.sight())?.ok_or_else(Error::not_found)?;
        let scope = self.scope();
        let narrower = A::PERMISSION.sight() != A::PERMISSION && !matches!(scope, Scope::All);
        if narrower && find(tx, &scope)?.is_none() {
            return Err(refused(A::PERMISSION));
        }
        Ok(row)
    }

    /// Refuses when the caller does not speak for the country: 404, as for a country that does not exist.
    ///
    /// # Errors
    /// 404.
    pub fn covers(&self, country: Iso2) -> Result<()> {
        if self.scope().covers(country) { Ok(()) } else { Err(Error::not_found()) }
    }

    /// Refuses who holds `A` over nothing at all: for registers that belong to no country and no program.
    ///
    /// # Errors
    /// 403.
    pub fn held(&self) -> Result<()> {
        match &self.holder {
            Holder::Person(standing) if !holds(standing, A::PERMISSION) => Err(refused(A::PERMISSION)),
            _ => Ok(()),
        }
    }

    /// The countries to which a machine client's token is narrowed.
    pub fn narrowed_to(&self) -> Option<&[Iso2]> {
        match &self.standing()?.credential {
            Credential::Machine(machine) => machine.countries.as_deref(),
            Credential::Session(_) => None,
        }
    }

    /// The same person's permit for another action; the table decides again what it reaches.
    pub fn also<B: Action>(&self) -> Permit<B> {
        let holder = match &self.holder {
            Holder::Person(standing) => Holder::Person(Arc::clone(standing)),
            Holder::System => Holder::System,
        };
        Permit { holder, at: self.at, via: self.via.clone(), action: PhantomData }
    }

    /// Refuses when the caller did not prove who they are within the last five minutes.
    ///
    /// # Errors
    /// 401 that asks for a step-up.
    pub fn fresh(&self) -> Result<()> {
        let oldest = self.at.plus_seconds(-STEP_UP);
        match self.standing() {
            Some(standing) if standing.authenticated_at < oldest => Err(Error::new(
                Code::StepUpNeeded,
                "POST /api/v1/auth/step-up with your password (and code), then repeat this within five minutes.",
            )),
            _ => Ok(()),
        }
    }

    /// The session that asks; `None` for machine clients and the house itself.
    pub fn session(&self) -> Option<SessionId> {
        match &self.standing()?.credential {
            Credential::Session(session) => Some(*session),
            Credential::Machine(_) => None,
        }
    }

    /// The caller's standing; `None` for the house itself.
    pub fn standing(&self) -> Option<&Standing> {
        match &self.holder {
            Holder::Person(standing) => Some(standing),
            Holder::System => None,
        }
    }
}

impl<A> Actor for Permit<A> {
    fn user(&self) -> UserId {
        match &self.holder {
            Holder::Person(standing) => standing.user,
            Holder::System => UserId(uuid::Uuid::nil()),
        }
    }

    fn via(&self) -> &str {
        &self.via
    }
}

fn refused(permission: Permission) -> Error {
    let roles: Vec<&str> = permission.roles().iter().map(|role| role.as_str()).collect();
    Error::not_permitted(format!(
        "`{}` needs one of these roles over the record: {}.",
        permission.word(),
        roles.join(", ")
    ))
}

fn scope(standing: &Standing, permission: Permission, at: Timestamp) -> Scope {
    match &standing.credential {
        Credential::Session(_) => scope_of_person(standing, permission, at),
        Credential::Machine(machine) if !machine.allows(permission) => Scope::nothing(standing.user, at),
        Credential::Machine(machine) => {
            let whole = scope_of_person(standing, permission, at);
            by_machine(match &machine.countries {
                None => whole,
                Some(countries) => within(whole, standing.user, countries, at),
            })
        }
    }
}

fn by_machine(scope: Scope) -> Scope {
    match scope {
        Scope::All => Scope::All,
        Scope::Only(reach) => Scope::Only(Reach { machine: true, ..reach }),
    }
}

/// What remains of a scope in some countries.
fn within(scope: Scope, user: UserId, countries: &[Iso2], at: Timestamp) -> Scope {
    let all = matches!(scope, Scope::All);
    let (roles, own) = match scope {
        Scope::All => (Vec::new(), countries.to_vec()),
        Scope::Only(reach) => {
            (reach.roles, reach.countries.into_iter().filter(|own| countries.contains(own)).collect())
        }
    };
    Scope::Only(Reach {
        user,
        roles,
        countries: own,
        within: Some(countries.to_vec()),
        all,
        at,
        machine: true,
    })
}

fn scope_of_person(standing: &Standing, permission: Permission, at: Timestamp) -> Scope {
    let counts = |role: &Role| permission.roles().contains(role);
    let held = || standing.grants.iter().filter(|(role, _, to)| counts(role) && to.is_none_or(|to| to > at));
    if held().any(|(role, country, _)| country.is_none() && role.reaches_all()) {
        return Scope::All;
    }
    Scope::Only(Reach {
        user: standing.user,
        roles: standing.program_roles.iter().copied().filter(counts).collect(),
        countries: held().filter_map(|(_, country, _)| *country).collect(),
        within: None,
        all: false,
        at,
        machine: false,
    })
}

/// Whether the person holds the permission over anything at all.
fn holds(standing: &Standing, permission: Permission) -> bool {
    if let Credential::Machine(machine) = &standing.credential
        && !machine.allows(permission)
    {
        return false;
    }
    let counts = |role: &Role| permission.roles().contains(role);
    permission.is_own()
        || standing.grants.iter().any(|(role, _, _)| counts(role))
        || standing.program_roles.iter().any(counts)
}

impl<A: Action> FromRequest for Permit<A> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let Identified(standing, at, policy) = identified(&request).await?;
            let own = matches!(A::PERMISSION, Permission::UseAccount | Permission::SecureAccount);
            if policy.factor_needed && !own && standing.is_administrator() && !standing.second_factor {
                return Err(Error::new(
                    Code::EnrolmentNeeded,
                    "POST /api/v1/me/second-factor, then confirm it.",
                ));
            }
            request.extensions_mut().insert(standing.language);
            request.extensions_mut().insert(standing.user);
            request.extensions_mut().insert(Permitted(A::PERMISSION));
            if let Credential::Machine(machine) = &standing.credential
                && !machine.allows(A::PERMISSION)
            {
                return Err(Error::not_permitted(format!(
                    "This API token does not cover `{}`.",
                    A::PERMISSION.word()
                )));
            }
            // With an id in the path the record decides between 404 and 403; without one there is nothing to hide.
            if !holds(&standing, A::PERMISSION) && request.match_info().is_empty() {
                return Err(refused(A::PERMISSION));
            }
            let via = match &standing.credential {
                Credential::Session(session) => format!("session {session}"),
                Credential::Machine(machine) => format!("token {}", machine.token),
            };
            Ok(Permit { holder: Holder::Person(standing), at, via, action: PhantomData })
        })
    }
}

/// Left on a request for which a permit was issued; a route that is not public and leaves none is a bug.
#[derive(Clone, Copy, Debug)]
pub struct Permitted(pub Permission);

/// Identifies the caller before the handler is chosen: what is wrong with a path or a body must not be said to strangers,
/// and extractors report whichever fault they find first.
///
/// # Errors
/// 401.
pub async fn known(request: &HttpRequest) -> Result<()> {
    let (standing, at, policy) = identify(request).await?;
    request.extensions_mut().insert(standing.language);
    request.extensions_mut().insert(standing.user);
    request.extensions_mut().insert(Identified(standing, at, policy));
    Ok(())
}

/// Left on a request by [`known`].
#[derive(Clone)]
struct Identified(Arc<Standing>, Timestamp, Policy);

async fn identified(request: &HttpRequest) -> Result<Identified> {
    let before = request.extensions().get::<Identified>().cloned();
    if let Some(identified) = before {
        return Ok(identified);
    }
    let (standing, at, policy) = identify(request).await?;
    Ok(Identified(standing, at, policy))
}
