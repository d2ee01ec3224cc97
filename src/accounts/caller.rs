//! What a request tells of the machine it comes from, and the parts of the house that a login needs.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::identify::Sessions;
use super::secrets::DEVICE_KNOWN;
use crate::kernel::access::Actor;
use crate::kernel::id::UserId;
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::proxies::Source;
use crate::platform::keys::Master;
use crate::platform::limit::Limits;
use crate::platform::password::Passwords;
use crate::platform::token::Tokens;

/// The machine that a request comes from.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Its network: /24 of IPv4, /48 of IPv6.
    pub(super) source: String,
    /// `User-Agent`, at most 200 characters, shown in the list of sessions.
    pub(super) agent: String,
    /// Device mark from the cookie.
    pub(super) device: Option<String>,
}

/// The parts that a login needs.
pub(super) struct Gate {
    pub(super) db: Data<Db>,
    pub(super) master: Data<Master>,
    pub(super) tokens: Data<Tokens>,
    pub(super) passwords: Data<Passwords>,
    pub(super) limits: Data<Limits>,
    pub(super) sessions: Data<Sessions>,
    pub(super) caller: Caller,
}

impl Gate {
    pub(super) fn now(&self) -> Timestamp {
        self.db.clock().now()
    }

    /// Someone without a permit, for the audit log.
    pub(super) fn visitor(&self, user: Option<UserId>) -> Visitor {
        Visitor {
            user: user.unwrap_or(UserId(uuid::Uuid::nil())),
            via: format!("login {}", self.caller.source),
        }
    }
}

/// Someone at the door: known by a password or a link, or not at all.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    user: UserId,
    via: String,
}

impl Visitor {
    /// The same visitor, now known.
    pub(super) fn is(mut self, user: UserId) -> Visitor {
        self.user = user;
        self
    }
}

impl Actor for Visitor {
    fn user(&self) -> UserId {
        self.user
    }

    fn via(&self) -> &str {
        &self.via
    }
}

impl FromRequest for Gate {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(gate(request).ok_or_else(|| Error::internal("the application lacks its parts")))
    }
}

fn gate(request: &HttpRequest) -> Option<Gate> {
    let tokens = request.app_data::<Data<Tokens>>()?.clone();
    let device = cookie(request, cookie_name(tokens.issuer()));
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let caller = Caller { source: Source::of(request).0, agent: agent.chars().take(200).collect(), device };
    Some(Gate {
        db: request.app_data::<Data<Db>>()?.clone(),
        master: request.app_data::<Data<Master>>()?.clone(),
        tokens,
        passwords: request.app_data::<Data<Passwords>>()?.clone(),
        limits: request.app_data::<Data<Limits>>()?.clone(),
        sessions: request.app_data::<Data<Sessions>>()?.clone(),
        caller,
    })
}

fn cookie_name(issuer: &str) -> &'static str {
    if issuer.starts_with("https://") { "__Host-cybercap-device" } else { "cybercap-device" }
}

fn cookie(request: &HttpRequest, name: &str) -> Option<String> {
    let headers = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = headers.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// The cookie that marks a device; it opens nothing, it only gives the device a budget of its own.
pub(super) fn device_cookie(issuer: &str, mark: &str) -> String {
    let (name, secure) = (cookie_name(issuer), if issuer.starts_with("https://") { "; Secure" } else { "" });
    format!("{name}={mark}; Path=/; Max-Age={DEVICE_KNOWN}; HttpOnly; SameSite=Strict{secure}")
}
