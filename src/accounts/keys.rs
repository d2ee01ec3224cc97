//! Signing keys of access tokens: next > active > verify_only > gone, sealed at rest, followed by every instance.

use diesel::prelude::*;

use crate::codes_enum;
use crate::kernel::access::Actor;
use crate::kernel::error::Code;
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::{Db, Tx};
use crate::platform::journal::{self, Entry};
use crate::platform::keys::Master;
use crate::platform::schema::signing_keys;
use crate::platform::seal;
use crate::platform::token::{LIFETIME, Ring, SigningKey, Tokens};

/// Seconds after which an instance looks for new keys.
const FOLLOWED_EVERY: i64 = 4;
/// Seconds for which a retired key still verifies: a token's life and the leeway.
const RETIRING: i64 = LIFETIME + 5;
/// Seconds for which a key is published before it signs.
const PUBLISHED: i64 = 24 * 3600;

codes_enum! {
    /// Where a key stands.
    KeyState { Next "next", Active "active", VerifyOnly "verify_only", Gone "gone" }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = signing_keys)]
struct Stored {
    kid: String,
    seed: Vec<u8>,
    state: KeyState,
    created_at: Timestamp,
    retired_at: Option<Timestamp>,
}

fn stored(tx: &mut Tx) -> Result<Vec<Stored>> {
    let rows = signing_keys::table
        .select(Stored::as_select())
        .filter(signing_keys::state.ne(KeyState::Gone))
        .order(signing_keys::kid)
        .load(tx.conn())?;
    Ok(rows)
}

/// Names of the keys in force, the active one last, so that revoking them in order leaves none of them signing.
pub(super) fn in_force(tx: &mut Tx) -> Result<Vec<String>> {
    let mut rows = stored(tx)?;
    rows.sort_by_key(|row| row.state == KeyState::Active);
    Ok(rows.into_iter().map(|row| row.kid).collect())
}

/// The keys in force: all verify, the active one signs.
///
/// # Errors
/// When a key does not open with this master key.
pub fn load_ring(tx: &mut Tx, master: &Master) -> Result<Ring> {
    let oldest = tx.now().plus_seconds(-RETIRING);
    let mut ring = Ring::default();
    for row in stored(tx)? {
        if row.state == KeyState::VerifyOnly && row.retired_at.is_none_or(|at| at < oldest) {
            continue;
        }
        let seed: [u8; 32] = seal::open(master, &row.seed, row.kid.as_bytes())?
            .try_into()
            .map_err(|_| Error::internal("a signing key has another length"))?;
        let key = SigningKey::from_seed(&seed)?;
        if row.state == KeyState::Active {
            ring.active = Some(key.clone());
        }
        ring.all.insert(row.kid, key);
    }
    Ok(ring)
}

/// Makes the first keys where there are none, and returns the ring.
///
/// # Errors
/// When the machine has no random bytes or the database refuses.
pub fn open_ring(tx: &mut Tx, master: &Master) -> Result<Ring> {
    let rows = stored(tx)?;
    for state in [KeyState::Active, KeyState::Next] {
        if !rows.iter().any(|row| row.state == state) {
            make(tx, master, state)?;
        }
    }
    load_ring(tx, master)
}

/// The next key signs from now on; the active one only verifies until its last token has ended.
///
/// # Errors
/// 409 when the next key was published less than a day ago.
pub fn rotate(tx: &mut Tx, by: &impl Actor, master: &Master) -> Result<Ring> {
    let rows = stored(tx)?;
    let next = rows.iter().find(|row| row.state == KeyState::Next);
    if let Some(next) = next
        && next.created_at > tx.now().plus_seconds(-PUBLISHED)
    {
        let since = next.created_at;
        return Err(Error::new(
            Code::GuardFailed,
            format!(
                "The next key is published since {since}; it may sign 24 hours later. `keys revoke` does not wait."
            ),
        ));
    }
    if let Some(active) = rows.iter().find(|row| row.state == KeyState::Active) {
        put(tx, &active.kid, KeyState::VerifyOnly)?;
        journal::record(tx, Entry::new(by, "key.retired", "signing_key", &active.kid));
    }
    promote(tx, by, next, master)
}

/// A key is no longer trusted: every token that it signed ends now.
///
/// # Errors
/// 404 for a key that is not in force.
pub fn revoke(tx: &mut Tx, by: &impl Actor, master: &Master, kid: &str) -> Result<Ring> {
    let rows = stored(tx)?;
    let key = rows.iter().find(|row| row.kid == kid).ok_or_else(Error::not_found)?;
    put(tx, kid, KeyState::Gone)?;
    journal::record(tx, Entry::new(by, "key.revoked", "signing_key", kid));
    match key.state {
        KeyState::Active => promote(tx, by, rows.iter().find(|row| row.state == KeyState::Next), master),
        _ => open_ring(tx, master),
    }
}

fn promote(tx: &mut Tx, by: &impl Actor, next: Option<&Stored>, master: &Master) -> Result<Ring> {
    if let Some(next) = next {
        put(tx, &next.kid, KeyState::Active)?;
        journal::record(tx, Entry::new(by, "key.activated", "signing_key", &next.kid));
    }
    open_ring(tx, master)
}

fn make(tx: &mut Tx, master: &Master, state: KeyState) -> Result<()> {
    let (key, seed) = SigningKey::generate()?;
    let sealed = seal::seal(master, &seed, key.kid.as_bytes())?;
    let now = tx.now();
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(key.kid),
            signing_keys::seed.eq(sealed),
            signing_keys::state.eq(state),
            signing_keys::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Moves a key; the seed of one that is gone is destroyed.
fn put(tx: &mut Tx, kid: &str, state: KeyState) -> Result<()> {
    let retired = (state != KeyState::Active).then_some(tx.now());
    let row = signing_keys::table.filter(signing_keys::kid.eq(kid));
    diesel::update(row)
        .set((signing_keys::state.eq(state), signing_keys::retired_at.eq(retired)))
        .execute(tx.conn())?;
    if state == KeyState::Gone {
        diesel::update(row).set(signing_keys::seed.eq(Vec::<u8>::new())).execute(tx.conn())?;
    }
    Ok(())
}

/// Looks for keys that another instance or the command line changed, every few seconds.
pub(super) async fn freshen(db: &Db, master: &Master, tokens: &Tokens, now: Timestamp) -> Result<()> {
    if !tokens.is_due(now.seconds(), FOLLOWED_EVERY) {
        return Ok(());
    }
    let master = master.clone();
    let ring = db.read(move |tx| load_ring(tx, &master)).await?;
    tokens.follow(ring);
    Ok(())
}
