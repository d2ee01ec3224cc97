//! Keys that sign certificates: one signs, all that ever did are published, so that what they signed can always be checked.
//!
//! They are made at random and have no other use. The seed of the one in force is sealed with the master key; when it is
//! retired, its seed is destroyed and its public half stays.

use actix_web::HttpResponse;
use actix_web::web::Data;
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::kernel::access::Actor;
use crate::kernel::{Error, Result};
use crate::platform::db::{Constraint, Db, Tx};
use crate::platform::journal::{self, Entry};
use crate::platform::keys::Master;
use crate::platform::schema::certificate_keys;
use crate::platform::seal;
use crate::platform::signature::{PublicKey, Signer};

/// Where the public halves are.
pub const PUBLISHED: &str = "/.well-known/certificate-keys.json";

fn active(tx: &mut Tx) -> Result<Option<(String, Vec<u8>)>> {
    let row = certificate_keys::table
        .select((certificate_keys::kid, certificate_keys::seed))
        .filter(certificate_keys::active.eq(1));
    Ok(row.first(tx.conn()).optional()?)
}

/// Makes the first key where there is none.
///
/// # Errors
/// When the machine has no random bytes or the database refuses.
pub fn open(tx: &mut Tx, master: &Master) -> Result<()> {
    match active(tx)? {
        Some(_) => Ok(()),
        None => make(tx, master).map(drop),
    }
}

fn make(tx: &mut Tx, master: &Master) -> Result<String> {
    let (signer, seed) = Signer::generate()?;
    let (public, now) = (signer.public(), tx.now());
    let (kid, sealed) = (public.kid(), seal::seal(master, &seed, public.kid().as_bytes())?);
    diesel::insert_into(certificate_keys::table)
        .values((
            certificate_keys::kid.eq(&kid),
            certificate_keys::public_key.eq(public.to_text()),
            certificate_keys::seed.eq(sealed),
            certificate_keys::active.eq(1),
            certificate_keys::created_at.eq(now),
        ))
        .execute(tx.conn())
        .on_unique(|| {
            Error::unavailable("Another instance starts on the same empty database; start again.")
        })?;
    Ok(kid)
}

/// A new key signs from now on; what the old one signed stays good, and nobody can sign with it any more. Gives the new
/// key's name.
///
/// # Errors
/// When the machine has no random bytes or the database refuses.
pub fn rotate(tx: &mut Tx, by: &impl Actor, master: &Master) -> Result<String> {
    if let Some((old, _)) = active(tx)? {
        let now = tx.now();
        diesel::update(certificate_keys::table.filter(certificate_keys::kid.eq(&old)))
            .set((
                certificate_keys::active.eq(0),
                certificate_keys::seed.eq(Vec::<u8>::new()),
                certificate_keys::retired_at.eq(now),
            ))
            .execute(tx.conn())?;
        journal::record(tx, Entry::new(by, "certificate_key.retired", "certificate_key", &old));
    }
    let kid = make(tx, master)?;
    journal::record(tx, Entry::new(by, "certificate_key.activated", "certificate_key", &kid));
    Ok(kid)
}

/// The key that signs, with its name.
///
/// # Errors
/// When it does not open with this master key.
pub(super) fn signer(tx: &mut Tx, master: &Master) -> Result<(String, Signer)> {
    let (kid, sealed) =
        active(tx)?.ok_or_else(|| Error::internal("no key signs certificates; start the service once"))?;
    let signer = Signer::from_seed(&seal::open(master, &sealed, kid.as_bytes())?)?;
    Ok((kid, signer))
}

/// The public halves as a JWK set, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn published(tx: &mut Tx) -> Result<Value> {
    let rows: Vec<String> = certificate_keys::table
        .select(certificate_keys::public_key)
        .order((certificate_keys::active.desc(), certificate_keys::created_at.desc()))
        .load(tx.conn())?;
    let keys: Vec<Value> = rows.iter().filter_map(|x| PublicKey::from_text(x)).map(|key| key.jwk()).collect();
    Ok(json!({ "keys": keys }))
}

/// Serves them.
pub(super) async fn show(db: Data<Db>) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(db.read(published).await?))
}
