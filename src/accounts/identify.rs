//! From a bearer token to the standing of its holder, with as few signatures checked and rows read as is safe.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Data;
use uuid::Uuid;

use super::model::{Credential, Standing};
use super::{api_tokens, keys, store};
use crate::kernel::access::Role;
use crate::kernel::error::Code;
use crate::kernel::id::{SessionId, UserId};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::keys::{Master, same};
use crate::platform::token::{self, Claims, Tokens};

/// Microseconds for which a standing is trusted without asking the database: a revocation elsewhere is seen after at
/// most this long.
const TRUSTED: i64 = 1_000_000;
/// Standings, and verified tokens of each worker, remembered at a time.
const REMEMBERED: usize = 4096;

#[derive(Default)]
struct Known {
    standings: HashMap<Uuid, (Timestamp, Arc<Standing>)>,
    /// Grows whenever something is forgotten: what was read before then may be old, and is not remembered after.
    turn: u64,
}

/// Standings read lately, shared by the workers, and what the house asks of everybody.
#[derive(Clone, Default)]
pub struct Sessions {
    known: Arc<RwLock<Known>>,
    policy: Policy,
}

/// What the house asks of people beyond a session.
#[derive(Clone, Copy, Debug, Default)]
pub struct Policy {
    /// Administrators reach nothing but their own account until they have a second factor.
    pub factor_needed: bool,
}

impl Sessions {
    /// With a policy.
    pub fn new(policy: Policy) -> Sessions {
        Sessions { known: Arc::default(), policy }
    }

    fn recall(&self, id: Uuid, now: Timestamp) -> Option<Arc<Standing>> {
        let known = self.known.read().ok()?;
        let (at, standing) = known.standings.get(&id)?;
        let fresh = (0..TRUSTED).contains(&(now.0 - at.0)) && standing.ends_at > now;
        fresh.then(|| Arc::clone(standing))
    }

    /// To be asked before a standing is read that is to be remembered.
    fn turn(&self) -> u64 {
        self.known.read().map_or(0, |known| known.turn)
    }

    /// Remembers a standing that was read since `turn`.
    fn remember(&self, id: Uuid, standing: &Arc<Standing>, now: Timestamp, turn: u64) {
        if let Ok(mut known) = self.known.write()
            && known.turn == turn
        {
            if known.standings.len() >= REMEMBERED {
                known.standings.clear();
            }
            known.standings.insert(id, (now, Arc::clone(standing)));
        }
    }

    fn keep(&self, wanted: impl Fn(&Standing) -> bool) {
        if let Ok(mut known) = self.known.write() {
            known.turn += 1;
            known.standings.retain(|_, (_, standing)| wanted(standing));
        }
    }

    /// Forgets what is known of one person, whose rights or sessions were just changed here: it must count at once.
    pub fn forget_person(&self, user: UserId) {
        self.keep(|standing| standing.user != user);
    }

    /// A role in one more program counts at once: forgets the person unless they hold it in some program already, for
    /// in which programs they hold it is asked of the database anyway.
    pub fn gave(&self, user: UserId, role: Role) {
        self.keep(|standing| standing.user != user || standing.program_roles.contains(&role));
    }

    /// Forgets everything: rights or sessions were just changed here, and must count at once.
    pub fn forget(&self) {
        self.keep(|_| false);
    }
}

/// Tokens whose signature this worker checked, under one ring of keys.
#[derive(Default)]
struct Verified {
    generation: u64,
    claims: HashMap<String, Claims>,
}

thread_local! { static VERIFIED: RefCell<Verified> = RefCell::default(); }

/// The claims of a token; its signature is checked once per worker and ring, its times at every use.
fn claims(tokens: &Tokens, text: &str, now: Timestamp) -> Result<Claims> {
    let generation = tokens.generation();
    let known = VERIFIED.with_borrow(|verified| {
        if verified.generation == generation { verified.claims.get(text).cloned() } else { None }
    });
    if let Some(claims) = known.filter(|claims| token::in_force(claims, now.seconds())) {
        return Ok(claims);
    }
    let claims = tokens.verify(text, now.seconds())?;
    VERIFIED.with_borrow_mut(|verified| {
        if verified.generation != generation || verified.claims.len() >= REMEMBERED {
            verified.generation = generation;
            verified.claims.clear();
        }
        verified.claims.insert(text.to_owned(), claims.clone());
    });
    Ok(claims)
}

/// Who sends this request, at what instant.
pub(super) async fn identify(request: &HttpRequest) -> Result<(Arc<Standing>, Timestamp, Policy)> {
    let data = (
        request.app_data::<Data<Db>>(),
        request.app_data::<Data<Tokens>>(),
        request.app_data::<Data<Sessions>>(),
        request.app_data::<Data<Master>>(),
    );
    let (Some(db), Some(tokens), Some(sessions), Some(master)) = data else {
        return Err(Error::internal("the application lacks its parts"));
    };
    let now = db.clock().now();
    let text = bearer(request)?;
    let standing = match api_tokens::id_of(text) {
        Some(_) => machine(db, sessions, text, now).await?,
        None => {
            keys::freshen(db, master, tokens, now).await?;
            person(db, sessions, SessionId(claims(tokens, text, now)?.sid), now).await?
        }
    };
    Ok((standing, now, sessions.policy))
}

async fn person(db: &Data<Db>, sessions: &Sessions, id: SessionId, now: Timestamp) -> Result<Arc<Standing>> {
    if let Some(standing) = sessions.recall(id.0, now) {
        return Ok(standing);
    }
    let ended = || Error::new(Code::Unauthenticated, "The session has ended; log in again.");
    let turn = sessions.turn();
    let standing = db.read(move |tx| store::standing(tx, id)).await?.map(Arc::new).ok_or_else(ended)?;
    sessions.remember(id.0, &standing, now, turn);
    Ok(standing)
}

async fn machine(db: &Data<Db>, sessions: &Sessions, text: &str, now: Timestamp) -> Result<Arc<Standing>> {
    let refused = || Error::new(Code::Unauthenticated, "The API token is not valid, or it has ended.");
    let id = api_tokens::id_of(text).ok_or_else(refused)?;
    let (known, turn) = (sessions.recall(id.0, now), sessions.turn());
    let standing = match &known {
        Some(standing) => Arc::clone(standing),
        None => db.read(move |tx| store::machine(tx, id)).await?.map(Arc::new).ok_or_else(refused)?,
    };
    let Credential::Machine(machine) = &standing.credential else { return Err(refused()) };
    if !same(machine.hash.as_bytes(), super::secrets::hash_of(text).as_bytes()) {
        return Err(refused());
    }
    if known.is_none() {
        sessions.remember(id.0, &standing, now, turn);
        let noted = machine.last_used_at.unwrap_or(Timestamp(0));
        if noted < now.plus_seconds(-api_tokens::NOTED_EVERY) {
            let db = db.clone();
            // Nobody waits for this note, and the request does not fail with it.
            drop(actix_web::rt::spawn(async move { db.write(move |tx| store::token_used(tx, id)).await }));
        }
    }
    Ok(standing)
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
