//! The doors for people without accounts: whose token it is, and how often strangers may try.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::accounts::Secret;
use crate::kernel::access::Actor;
use crate::kernel::error::Code;
use crate::kernel::id::{RegistrationId, RegistrationLinkId, UserId};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::proxies::Source;
use crate::platform::keys::{self, Master};
use crate::platform::limit::{Limits, Rule};

/// Tokens that open nothing, from one network. A token that does open is never held back by them: a whole ministry comes
/// from one address.
const STRANGERS: Rule = Rule { name: "door strangers", free: 20, window: 60, waits: &[60], stop: 0 };
/// Requests with one pass.
const USES: Rule = Rule { name: "pass uses", free: 60, window: 60, waits: &[60], stop: 0 };
/// Looks through one link for registration, from one network.
const LOOKS: Rule = Rule { name: "link looks", free: 120, window: 60, waits: &[60], stop: 0 };

/// What a door needs to know who knocks.
pub(super) struct Entrance {
    pub(super) db: Data<Db>,
    pub(super) master: Data<Master>,
    pub(super) limits: Data<Limits>,
    /// The network of the caller.
    pub(super) source: String,
}

impl Entrance {
    pub(super) fn now(&self) -> Timestamp {
        self.db.clock().now()
    }

    /// Counts a try under a rule.
    ///
    /// # Errors
    /// 429 when there were too many.
    pub(super) fn counted(&self, rule: Rule, of: &str) -> Result<()> {
        if let Some(wait) = self.limits.wait(rule, of, self.now()) {
            return Err(too_many(wait));
        }
        self.limits.count(rule, of, self.now());
        Ok(())
    }

    /// The registration of a pass.
    ///
    /// # Errors
    /// 404 for a token that is no pass of ours; 429.
    pub(super) fn pass(&self, token: &Secret) -> Result<RegistrationId> {
        let id = keys::pass_of(&self.master, token.expose()).ok_or_else(|| self.stranger())?;
        self.counted(USES, &id.to_string())?;
        Ok(id)
    }

    /// The link of a token for registration.
    ///
    /// # Errors
    /// 404 for a token that is none of ours; 429.
    pub(super) fn registration_link(&self, token: &Secret) -> Result<RegistrationLinkId> {
        let id = keys::registration_link_of(&self.master, token.expose()).ok_or_else(|| self.stranger())?;
        self.counted(LOOKS, &format!("{id} {}", self.source))?;
        Ok(id)
    }

    /// What a token that opens nothing hears.
    pub(super) fn stranger(&self) -> Error {
        match self.counted(STRANGERS, &self.source) {
            Ok(()) => no_such_door(),
            Err(error) => error,
        }
    }
}

/// The same for what never was, what was revoked and what has ended.
pub(super) fn no_such_door() -> Error {
    Error::new(
        Code::NotFound,
        "This link opens nothing: copy the whole address from the letter, or ask for a new one.",
    )
}

fn too_many(wait: u32) -> Error {
    let words = format!("Try again in {wait} seconds.");
    Error::new(Code::TooManyRequests, words).retry_after(wait)
}

impl FromRequest for Entrance {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(entrance(request).ok_or_else(|| Error::internal("the application lacks its parts")))
    }
}

fn entrance(request: &HttpRequest) -> Option<Entrance> {
    Some(Entrance {
        db: request.app_data::<Data<Db>>()?.clone(),
        master: request.app_data::<Data<Master>>()?.clone(),
        limits: request.app_data::<Data<Limits>>()?.clone(),
        source: Source::of(request).0,
    })
}

/// Somebody without an account, known by what they hold.
#[derive(Clone, Debug)]
pub(super) struct Bearer(String);

impl Bearer {
    /// The person of a registration.
    pub(super) fn of_pass(registration: RegistrationId) -> Bearer {
        Bearer(format!("pass {registration}"))
    }

    /// Who came through a link for registration.
    pub(super) fn of_link(link: RegistrationLinkId) -> Bearer {
        Bearer(format!("registration link {link}"))
    }
}

impl Actor for Bearer {
    fn user(&self) -> UserId {
        UserId(uuid::Uuid::nil())
    }

    fn via(&self) -> &str {
        &self.0
    }
}
