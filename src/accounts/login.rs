//! Login and step-up: one password hash for every attempt, the same answer for every failure.

use super::caller::{Gate, Visitor};
use super::events::{self, NobodyAsked, UserThrottled};
use super::guard::Permit;
use super::secrets::{self, Password, Secret};
use super::sessions::{self, Opened};
use super::store::{self, Account};
use super::throttle::{self, Try};
use super::totp::{self, Proof};
use crate::kernel::access::{Actor, SecureAccount};
use crate::kernel::error::Code;
use crate::kernel::id::UserId;
use crate::kernel::text::Email;
use crate::kernel::{Error, Result};
use crate::platform::clock;
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// What a person shows at the door.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) email: Email,
    pub(super) password: Password,
    pub(super) code: Option<Secret>,
    pub(super) device: Option<Secret>,
}

/// A session with the mark for the device.
#[derive(Debug)]
pub(super) struct Entered {
    pub(super) opened: Opened,
    pub(super) device: String,
}

/// What the second factor said; a refusal is committed too.
#[derive(Debug)]
enum Door {
    Open(Box<Opened>),
    CodeNeeded,
    CodeWrong,
}

/// Opens a session for an address, a password and, where there is a second factor, a code.
///
/// # Errors
/// 401, the same for an unknown address, a wrong password, a closed account and a guesser held back (who also learns
/// when to come back); `second_factor_needed` when only the code is missing.
pub(super) async fn login(gate: &Gate, shown: Shown) -> Result<Entered> {
    let now = gate.now();
    super::keys::freshen(&gate.db, &gate.master, &gate.tokens, now).await?;
    let folded = shown.email.folded();
    let account = { gate.db.read(move |tx| find(tx, &folded)).await? };
    let mark = shown.device.as_ref().map(Secret::expose).or(gate.caller.device.as_deref());
    let marked = mark.and_then(|mark| secrets::device_of(&gate.master, mark, now));
    let device = marked.filter(|(user, _)| account.as_ref().is_some_and(|a| a.id == *user)).map(|(_, d)| d);
    let attempt = Try { account: shown.email.folded(), device, source: gate.caller.source.clone() };
    let (wait, halted) = attempt.begin(&gate.limits, now);
    let stored = account.as_ref().and_then(|account| account.password_hash.clone());
    let right = gate.passwords.verify(shown.password.expose().to_owned(), stored, device.is_some()).await;
    if let Some(wait) = wait {
        right?;
        return held_back(gate, attempt.account, wait).await;
    }
    let right = right.inspect_err(|_| attempt.take_back(&gate.limits, false))?;
    match account.filter(|account| right && account.open) {
        Some(account) => {
            let renewed = renewed(gate, &account, &shown.password).await;
            let opened = enter(gate, account.account, &attempt, shown.code, renewed).await?;
            let device = device.map_or_else(clock::random::<16>, Ok)?;
            let device = secrets::device_mark(&gate.master, device, UserId(opened.claims.sub), now);
            Ok(Entered { opened, device })
        }
        None => {
            attempt.failed(&gate.limits, now);
            refuse(gate, attempt.account, halted).await
        }
    }
}

/// An account with the question whether it is open answered.
struct Found {
    account: Account,
    open: bool,
}

impl std::ops::Deref for Found {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.account
    }
}

fn find(tx: &mut Tx, folded: &str) -> Result<Option<Found>> {
    let today = store::today(tx);
    let account = store::account_at(tx, folded)?;
    Ok(account.map(|account| Found { open: account.is_open(today), account }))
}

/// Notes a failure: as many statements for an address without an account as for one with it.
async fn refuse<T>(gate: &Gate, folded: String, halted: bool) -> Result<T> {
    let visitor = gate.visitor(None);
    let note = gate.db.write(move |tx| {
        let account = store::account_at(tx, &folded)?;
        let nobody = UserId(uuid::Uuid::nil());
        let user = account.as_ref().map_or(nobody, |account| account.id);
        journal::record(tx, Entry::new(&visitor, "login.failed", "user", user).refused());
        match account {
            Some(account) if halted => outbox::enqueue(tx, &UserThrottled { user_id: account.id }),
            None if halted => outbox::enqueue(tx, &NobodyAsked {}),
            _ => Ok(()),
        }
    });
    note.await?;
    Err(throttle::failed())
}

/// Notes a try that came too early, as [`refuse`] does.
async fn held_back<T>(gate: &Gate, folded: String, wait: u32) -> Result<T> {
    let visitor = gate.visitor(None);
    let note = gate.db.write(move |tx| {
        let account = store::account_at(tx, &folded)?;
        let user = account.map_or(UserId(uuid::Uuid::nil()), |account| account.id);
        journal::record(tx, Entry::new(&visitor, "login.throttled", "user", user).refused());
        Ok(())
    });
    note.await?;
    Err(throttle::failed().retry_after(wait))
}

/// Another hash of a right password, when the one stored was made at another cost than the one set now. A login does not
/// fail with it.
async fn renewed(gate: &Gate, account: &Account, password: &Password) -> Option<String> {
    let stored = account.password_hash.as_deref()?;
    match gate.passwords.is_stale(stored) {
        true => gate.passwords.hash(password.expose().to_owned()).await.ok(),
        false => None,
    }
}

/// The password is right: asks the second factor, if there is one, and opens the session.
async fn enter(
    gate: &Gate,
    account: Account,
    attempt: &Try,
    code: Option<Secret>,
    renewed: Option<String>,
) -> Result<Opened> {
    let (user, now) = (account.id, gate.now());
    if code.is_some() {
        throttle::code_tried(&gate.limits, user, now)
            .inspect_err(|_| attempt.take_back(&gate.limits, false))?;
    }
    let strange = attempt.device.is_none() && account.last_seen_at.is_some();
    let (visitor, caller) = (gate.visitor(Some(user)), gate.caller.clone());
    let (master, issuer) = (gate.master.clone(), gate.tokens.issuer().to_owned());
    let door = gate.db.write(move |tx| {
        let methods = match totp::prove(tx, &master, user, code.as_ref().map(Secret::expose))? {
            Proof::NotAsked => "pwd",
            Proof::Given => "pwd otp",
            Proof::Missing => return Ok(Door::CodeNeeded),
            Proof::Wrong => {
                journal::record(tx, Entry::new(&visitor, "login.code_failed", "user", user).refused());
                return Ok(Door::CodeWrong);
            }
        };
        let new_device = strange && !sessions::came_before(tx, user, &caller)?;
        let opened = sessions::open(tx, user, methods, &caller, &issuer)?;
        if let Some(hash) = &renewed {
            store::renew_password(tx, user, account.password_hash.as_deref(), hash)?;
        }
        journal::record(tx, Entry::new(&visitor, "login.succeeded", "user", user));
        if new_device {
            events::secured(tx, user, "new_device")?;
        }
        Ok(Door::Open(Box::new(opened)))
    });
    match door.await? {
        Door::Open(opened) => {
            attempt.take_back(&gate.limits, true);
            throttle::code_right(&gate.limits, user);
            Ok(*opened)
        }
        Door::CodeNeeded => {
            attempt.take_back(&gate.limits, false);
            Err(Error::new(
                Code::SecondFactorNeeded,
                "Repeat the login with `code`: six digits or a recovery code.",
            ))
        }
        Door::CodeWrong => Err(throttle::failed()),
    }
}

/// Proves again who the caller is: their session ends and a new one begins, with a fresh proof.
///
/// # Errors
/// As for a login.
pub(super) async fn step_up(
    gate: &Gate,
    permit: Permit<SecureAccount>,
    password: Password,
    code: Option<Secret>,
) -> Result<Opened> {
    let user = permit.user();
    verify_own(gate, user, &password).await?;
    if code.is_some() {
        throttle::code_tried(&gate.limits, user, gate.now())?;
    }
    let (master, issuer) = (gate.master.clone(), gate.tokens.issuer().to_owned());
    let (visitor, caller) = (gate.visitor(Some(user)), gate.caller.clone());
    let door = gate.db.write(move |tx| {
        let methods = match totp::prove(tx, &master, user, code.as_ref().map(Secret::expose))? {
            Proof::NotAsked => "pwd",
            Proof::Given => "pwd otp",
            Proof::Missing => return Ok(Door::CodeNeeded),
            Proof::Wrong => {
                journal::record(tx, Entry::new(&visitor, "login.code_failed", "user", user).refused());
                return Ok(Door::CodeWrong);
            }
        };
        if let Some(session) = permit.session() {
            sessions::end(tx, session)?;
        }
        journal::record(tx, Entry::new(&permit, "session.stepped_up", "user", user));
        sessions::open(tx, user, methods, &caller, &issuer).map(|opened| Door::Open(Box::new(opened)))
    });
    match door.await? {
        Door::Open(opened) => {
            throttle::code_right(&gate.limits, user);
            gate.sessions.forget_person(user);
            Ok(*opened)
        }
        Door::CodeNeeded => Err(Error::new(Code::SecondFactorNeeded, "Send `code` too.")),
        Door::CodeWrong => Err(throttle::failed()),
    }
}

/// Checks the password of someone who is logged in; guessing is held back as at the door.
///
/// # Errors
/// 401 as for a login.
pub(super) async fn verify_own(gate: &Gate, user: UserId, password: &Password) -> Result<Account> {
    let now = gate.now();
    let account = gate.db.read(move |tx| store::account(tx, user)).await?;
    let attempt =
        Try { account: format!("own {user}"), device: Some([0; 16]), source: gate.caller.source.clone() };
    let (wait, _) = attempt.begin(&gate.limits, now);
    if let Some(wait) = wait {
        return Err(throttle::failed().retry_after(wait));
    }
    let stored = account.password_hash.clone();
    if !gate.passwords.verify(password.expose().to_owned(), stored, true).await? {
        attempt.failed(&gate.limits, now);
        let visitor: Visitor = gate.visitor(Some(user));
        let note = gate.db.write(move |tx| {
            journal::record(tx, Entry::new(&visitor, "password.failed", "user", user).refused());
            Ok(())
        });
        note.await?;
        return Err(throttle::failed());
    }
    attempt.take_back(&gate.limits, true);
    Ok(account)
}
