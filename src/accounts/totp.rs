//! The second factor: codes of an authenticator app (RFC 6238), each once, and recovery codes.

use diesel::prelude::*;
use serde::Serialize;
use totp_rs::{Builder, Totp};
use utoipa::ToSchema;

use super::guard::Permit;
use super::secrets::hash_of;
use super::{events, sessions, store};
use crate::kernel::access::{Actor, SecureAccount};
use crate::kernel::id::{RecoveryCodeId, UserId};
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::clock;
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::keys::Master;
use crate::platform::schema::{recovery_codes, second_factors, sessions as rows};
use crate::platform::seal;

/// Seconds of a step.
const STEP: i64 = 30;
/// Recovery codes of a set.
const CODES: usize = 10;
/// Letters of recovery codes, 5 bits each: RFC 4648 in lower case.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// What a second factor said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// The person has none.
    NotAsked,
    /// The code was right, and is used up.
    Given,
    /// A code is needed.
    Missing,
    /// The code was wrong, or used before.
    Wrong,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = second_factors)]
struct Stored {
    seed: Vec<u8>,
    created_at: Timestamp,
    confirmed_at: Option<Timestamp>,
}

/// A second factor about to be set up.
#[derive(Debug, Serialize, ToSchema)]
pub struct Enrolment {
    /// The seed in base32, to be typed into an authenticator app.
    pub secret: String,
    /// The same as a link for a QR code.
    pub otpauth: String,
}

/// Codes that replace a lost authenticator, each once. Shown only now.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Ten codes; keep them on paper.
    pub recovery_codes: Vec<String>,
}

/// Whether the caller has a second factor.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactor {
    /// True once it was confirmed.
    pub enrolled: bool,
    /// Since when.
    pub confirmed_at: Option<Timestamp>,
    /// Recovery codes that are left.
    pub recovery_codes_left: i64,
}

fn find(tx: &mut Tx, user: UserId) -> Result<Option<Stored>> {
    let query = second_factors::table.select(Stored::as_select()).filter(second_factors::user_id.eq(user));
    Ok(query.first(tx.conn()).optional()?)
}

fn totp(seed: Vec<u8>, account: &str, issuer: &str) -> Result<Totp> {
    let builder = Builder::new().with_secret(seed).with_skew(0);
    let named = builder.with_account_name(account).with_issuer(Some(issuer.replace(':', " ")));
    named.build().map_err(|e| Error::internal(e.to_string()))
}

fn seed_of(master: &Master, user: UserId, stored: &Stored) -> Result<Vec<u8>> {
    seal::open(master, &stored.seed, user.0.as_bytes())
}

/// The step whose code this is: the current one or the one before.
fn step_of(seed: Vec<u8>, code: &str, now: Timestamp) -> Result<Option<i64>> {
    let totp = totp(seed, "", "cybercap")?;
    let step = now.seconds() / STEP;
    let is = |step: &i64| totp.check(code, u64::try_from(step * STEP).unwrap_or(0)).is_some();
    Ok([step, step - 1].into_iter().find(is))
}

/// Uses a step up; false when it or a later one was used before.
fn use_step(tx: &mut Tx, user: UserId, step: i64) -> Result<bool> {
    let used = diesel::update(second_factors::table.filter(second_factors::user_id.eq(user)))
        .filter(second_factors::last_step.lt(step))
        .set(second_factors::last_step.eq(step))
        .execute(tx.conn())?;
    Ok(used == 1)
}

fn use_recovery_code(tx: &mut Tx, user: UserId, code: &str) -> Result<bool> {
    let now = tx.now();
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let used = diesel::update(recovery_codes::table.filter(recovery_codes::user_id.eq(user)))
        .filter(recovery_codes::hash.eq(hash_of(&plain.to_ascii_lowercase())))
        .filter(recovery_codes::used_at.is_null())
        .set(recovery_codes::used_at.eq(now))
        .execute(tx.conn())?;
    Ok(used == 1)
}

/// Asks the second factor of a person, if there is one.
pub(super) fn prove(tx: &mut Tx, master: &Master, user: UserId, code: Option<&str>) -> Result<Proof> {
    let Some(factor) = find(tx, user)?.filter(|factor| factor.confirmed_at.is_some()) else {
        return Ok(Proof::NotAsked);
    };
    let Some(code) = code else { return Ok(Proof::Missing) };
    let right = match code.len() {
        0..=8 => match step_of(seed_of(master, user, &factor)?, code.trim(), tx.now())? {
            Some(step) => use_step(tx, user, step)?,
            None => false,
        },
        _ => use_recovery_code(tx, user, code)?,
    };
    Ok(if right { Proof::Given } else { Proof::Wrong })
}

/// How the caller's second factor stands.
pub(super) fn look(tx: &mut Tx, user: UserId) -> Result<SecondFactor> {
    let confirmed_at = find(tx, user)?.and_then(|factor| factor.confirmed_at);
    let left = recovery_codes::table
        .filter(recovery_codes::user_id.eq(user))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(tx.conn())?;
    Ok(SecondFactor { enrolled: confirmed_at.is_some(), confirmed_at, recovery_codes_left: left })
}

/// Begins to set up a second factor; it counts once a code of it was confirmed.
///
/// # Errors
/// 401 without a fresh proof; 409 when there is one already.
pub(super) fn enrol(
    tx: &mut Tx,
    permit: &Permit<SecureAccount>,
    master: &Master,
    issuer: &str,
) -> Result<Enrolment> {
    permit.fresh()?;
    let (user, now) = (permit.user(), tx.now());
    if find(tx, user)?.is_some_and(|factor| factor.confirmed_at.is_some()) {
        return Err(Error::conflict("There is a second factor already; remove it first."));
    }
    let seed = clock::random::<20>()?;
    let account = store::account(tx, user)?;
    let totp = totp(seed.to_vec(), account.email.as_str(), &format!("cybercap {}", host(issuer)))?;
    let sealed = seal::seal(master, &seed, user.0.as_bytes())?;
    diesel::delete(second_factors::table.filter(second_factors::user_id.eq(user))).execute(tx.conn())?;
    diesel::insert_into(second_factors::table)
        .values((
            second_factors::user_id.eq(user),
            second_factors::seed.eq(sealed),
            second_factors::last_step.eq(0_i64),
            second_factors::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    journal::record(tx, Entry::new(permit, "second_factor.begun", "user", user));
    let otpauth = totp.to_url().map_err(|e| Error::internal(e.to_string()))?;
    Ok(Enrolment { secret: totp.secret().to_base32(), otpauth })
}

fn host(issuer: &str) -> &str {
    issuer.split("//").nth(1).unwrap_or(issuer).split(':').next().unwrap_or("")
}

/// Confirms the factor by its first code: from now on it is asked, and other sessions end.
///
/// # Errors
/// 409 when none was begun within the last hour; 422 for a wrong code.
pub(super) fn confirm(
    tx: &mut Tx,
    permit: &Permit<SecureAccount>,
    master: &Master,
    code: &str,
) -> Result<RecoveryCodes> {
    let (user, now) = (permit.user(), tx.now());
    let begun = find(tx, user)?
        .filter(|factor| factor.confirmed_at.is_none() && factor.created_at > now.plus_seconds(-3600))
        .ok_or_else(|| Error::conflict("Begin with POST /api/v1/me/second-factor."))?;
    let step = step_of(seed_of(master, user, &begun)?, code.trim(), now)?.ok_or_else(|| {
        Error::invalid("/code", "wrong_code", "Send the six digits that the app shows now.")
    })?;
    diesel::update(second_factors::table.filter(second_factors::user_id.eq(user)))
        .set((second_factors::confirmed_at.eq(now), second_factors::last_step.eq(step)))
        .execute(tx.conn())?;
    if let Some(session) = permit.session() {
        diesel::update(rows::table.filter(rows::id.eq(session)))
            .set((rows::methods.eq("pwd otp"), rows::authenticated_at.eq(now)))
            .execute(tx.conn())?;
    }
    sessions::end_all(tx, user, permit.session())?;
    journal::record(tx, Entry::new(permit, "second_factor.confirmed", "user", user));
    events::secured(tx, user, "second_factor_on")?;
    new_codes(tx, user)
}

/// Removes the second factor and ends other sessions.
///
/// # Errors
/// 401 without a fresh proof; 404 when there is none.
pub(super) fn remove(tx: &mut Tx, permit: &Permit<SecureAccount>) -> Result<()> {
    permit.fresh()?;
    let user = permit.user();
    let gone =
        diesel::delete(second_factors::table.filter(second_factors::user_id.eq(user))).execute(tx.conn())?;
    if gone == 0 {
        return Err(Error::not_found());
    }
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(tx.conn())?;
    sessions::end_all(tx, user, permit.session())?;
    journal::record(tx, Entry::new(permit, "second_factor.removed", "user", user));
    events::secured(tx, user, "second_factor_off")
}

/// A new set of recovery codes; the old ones stop working.
///
/// # Errors
/// 401 without a fresh proof; 409 without a second factor.
pub(super) fn renew_codes(tx: &mut Tx, permit: &Permit<SecureAccount>) -> Result<RecoveryCodes> {
    permit.fresh()?;
    let user = permit.user();
    if find(tx, user)?.is_none_or(|factor| factor.confirmed_at.is_none()) {
        return Err(Error::conflict("Set up a second factor first."));
    }
    journal::record(tx, Entry::new(permit, "recovery_codes.renewed", "user", user));
    new_codes(tx, user)
}

fn new_codes(tx: &mut Tx, user: UserId) -> Result<RecoveryCodes> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(tx.conn())?;
    let mut codes = Vec::with_capacity(CODES);
    for _ in 0..CODES {
        let letters: Vec<u8> =
            clock::random::<24>()?.iter().map(|byte| LETTERS[usize::from(byte & 31)]).collect();
        let plain = String::from_utf8_lossy(&letters).into_owned();
        let id = tx.new_id::<RecoveryCodeId>();
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::id.eq(id),
                recovery_codes::user_id.eq(user),
                recovery_codes::hash.eq(hash_of(&plain)),
            ))
            .execute(tx.conn())?;
        let parts: Vec<String> =
            letters.chunks(6).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
        codes.push(parts.join("-"));
    }
    Ok(RecoveryCodes { recovery_codes: codes })
}
