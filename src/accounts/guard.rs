//! The guard: from a bearer token to a permit for one action, with the rows within reach.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, RwLock};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::model::Standing;
use super::store;
use crate::kernel::access::{Action, Actor, Permission, Reach, Role, Scope};
use crate::kernel::error::Code;
use crate::kernel::id::{Iso2, SessionId, UserId};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::token::Tokens;

/// Microseconds for which a session's standing is trusted without asking the database: a revocation elsewhere is seen
/// after at most this long.
const TRUSTED: i64 = 1_000_000;
/// Sessions remembered at a time.
const REMEMBERED: usize = 4096;

/// Standings read lately, shared by the workers.
#[derive(Clone, Default)]
pub struct Sessions(Arc<RwLock<HashMap<SessionId, (Timestamp, Arc<Standing>)>>>);

impl Sessions {
    fn recall(&self, session: SessionId, now: Timestamp) -> Option<Arc<Standing>> {
        let known = self.0.read().ok()?;
        let (at, standing) = known.get(&session)?;
        let fresh = (0..TRUSTED).contains(&(now.0 - at.0)) && standing.ends_at > now;
        fresh.then(|| Arc::clone(standing))
    }

    fn remember(&self, standing: &Arc<Standing>, now: Timestamp) {
        if let Ok(mut known) = self.0.write() {
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(standing.session, (now, Arc::clone(standing)));
        }
    }

    /// Forgets everything: rights or sessions were just changed here, and must count at once.
    pub fn forget(&self) {
        if let Ok(mut known) = self.0.write() {
            known.clear();
        }
    }
}

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

    /// Loads a row for a change: 404 when the caller can't see it, 403 when they see it and may not do `A`.
    ///
    /// # Errors
    /// 404, 403, or what `find` returns.
    pub fn get<T>(&self, tx: &mut Tx, find: impl Fn(&mut Tx, &Scope) -> Result<Option<T>>) -> Result<T> {
        let row = find(tx, &self.sight())?.ok_or_else(Error::not_found)?;
        if A::PERMISSION.sight() != A::PERMISSION && find(tx, &self.scope())?.is_none() {
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

    /// The same person's permit for another action; the table decides again what it reaches.
    pub fn also<B: Action>(&self) -> Permit<B> {
        let holder = match &self.holder {
            Holder::Person(standing) => Holder::Person(Arc::clone(standing)),
            Holder::System => Holder::System,
        };
        Permit { holder, at: self.at, via: self.via.clone(), action: PhantomData }
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
        at,
    })
}

/// Whether the person holds the permission over anything at all.
fn holds(standing: &Standing, permission: Permission) -> bool {
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
            let (standing, at) = identify(&request).await?;
            request.extensions_mut().insert(standing.language);
            request.extensions_mut().insert(standing.user);
            request.extensions_mut().insert(Permitted(A::PERMISSION));
            // With an id in the path the record decides between 404 and 403; without one there is nothing to hide.
            if !holds(&standing, A::PERMISSION) && request.match_info().is_empty() {
                return Err(refused(A::PERMISSION));
            }
            let via = format!("session {}", standing.session);
            Ok(Permit { holder: Holder::Person(standing), at, via, action: PhantomData })
        })
    }
}

/// Left on a request for which a permit was issued; a route that is not public and leaves none is a bug.
#[derive(Clone, Copy, Debug)]
pub struct Permitted(pub Permission);

/// Whether the request comes from someone in force: what is wrong with a path or a body must not be said to strangers,
/// and extractors report whichever fault they find first.
///
/// # Errors
/// 401.
pub async fn known(request: &HttpRequest) -> Result<()> {
    let (standing, _) = identify(request).await?;
    request.extensions_mut().insert(standing.user);
    Ok(())
}

async fn identify(request: &HttpRequest) -> Result<(Arc<Standing>, Timestamp)> {
    let data = (
        request.app_data::<Data<Db>>(),
        request.app_data::<Data<Tokens>>(),
        request.app_data::<Data<Sessions>>(),
    );
    let (Some(db), Some(tokens), Some(sessions)) = data else {
        return Err(Error::internal("the application lacks its parts"));
    };
    let now = db.clock().now();
    let claims = tokens.verify(bearer(request)?, now.seconds())?;
    let session = SessionId(claims.sid);
    if let Some(standing) = sessions.recall(session, now) {
        return Ok((standing, now));
    }
    let standing = db.read(move |tx| store::standing(tx, session)).await?.map(Arc::new).ok_or_else(ended)?;
    sessions.remember(&standing, now);
    Ok((standing, now))
}

fn ended() -> Error {
    Error::new(Code::Unauthenticated, "The session has ended; log in again.")
}

fn bearer(request: &HttpRequest) -> Result<&str> {
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token =
        header.and_then(|h| h.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    token.map(|(_, token)| token.trim()).ok_or_else(|| {
        Error::new(
            Code::Unauthenticated,
            "Send the header Authorization: Bearer <access token>, from POST /api/v1/auth/login.",
        )
    })
}
