//! Passwords: argon2id over a peppered form, on threads of their own behind a bounded queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use serde::Deserialize;
use tokio::sync::oneshot;
use unicode_normalization::UnicodeNormalization;

use super::clock;
use super::keys::{Master, Purpose, hex};
use crate::kernel::{Error, Result};

/// Cost of a hash. OWASP's floor is 19 MiB, 2 passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// KiB of memory; at least 19,456.
    pub memory_kib: u32,
    /// Passes over it; at least 2, or 1 from 46 MiB.
    pub passes: u32,
    /// Hashes at a time.
    pub threads: usize,
}

impl Cost {
    /// Refuses costs below the floor.
    ///
    /// # Errors
    /// 503 that names the floor.
    pub fn checked(self) -> Result<Cost> {
        let strong = (self.memory_kib >= 19_456 && self.passes >= 2)
            || (self.memory_kib >= 47_104 && self.passes >= 1);
        match strong {
            true => Ok(self),
            false => Err(Error::unavailable(
                "security.argon2 is below the floor: use at least 19456 KiB with 2 passes, or 47104 KiB with 1.",
            )),
        }
    }
}

type Job = Box<dyn FnOnce(&Argon2<'static>) + Send>;

/// Hashes and verifies; at most `threads` at a time, so a flood of logins costs a bounded amount of memory.
#[derive(Clone)]
pub struct Passwords {
    jobs: Sender<Job>,
    first: Sender<Job>,
    runs: Arc<AtomicU64>,
    master: Arc<Master>,
    decoy: Arc<str>,
    cost: Cost,
}

impl Passwords {
    /// Starts the hashing threads.
    ///
    /// # Errors
    /// When the cost is refused by argon2 or a thread can't start.
    pub fn start(cost: Cost, master: Master) -> Result<Passwords> {
        let cost = cost.checked()?;
        let params =
            Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|e| Error::internal(e.to_string()))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = Arc::from(decoy(cost)?);
        let (jobs, waiting) = bounded::<Job>(cost.threads * 4);
        let (first, before) = bounded::<Job>(cost.threads * 4);
        for _ in 0..cost.threads {
            let (before, waiting, argon) = (before.clone(), waiting.clone(), argon.clone());
            let run = move || {
                while let Some(job) = next(&before, &waiting) {
                    job(&argon);
                }
            };
            std::thread::Builder::new().name("argon2".into()).spawn(run).map_err(Error::internal)?;
        }
        Ok(Passwords { jobs, first, runs: Arc::default(), master: Arc::new(master), decoy, cost })
    }

    /// The PHC string of a password.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn hash(&self, password: String) -> Result<String> {
        let master = Arc::clone(&self.master);
        self.run(&self.first, move |argon| hash(argon, &master, &password)).await?
    }

    /// Whether the PHC string was made at another cost than the one set now.
    pub fn is_stale(&self, phc: &str) -> bool {
        !phc.starts_with(&format!("$argon2id$v=19$m={},t={},p=1$", self.cost.memory_kib, self.cost.passes))
    }

    /// Hashes and verifications so far; tests compare differences of it.
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::SeqCst)
    }

    /// Whether the password is the one of the PHC string. Without a string a decoy is verified, so that an unknown
    /// account costs the same time. A known device goes before strangers: a flood of guesses does not keep people out.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn verify(&self, password: String, stored: Option<String>, known: bool) -> Result<bool> {
        let (master, decoy) = (Arc::clone(&self.master), Arc::clone(&self.decoy));
        let lane = if known { &self.first } else { &self.jobs };
        self.run(lane, move |argon| {
            let known = stored.is_some();
            let phc = stored.unwrap_or_else(|| decoy.to_string());
            let parsed = PasswordHash::new(&phc).map_err(|e| Error::internal(e.to_string()))?;
            let right = argon.verify_password(&peppered(&master, &password), &parsed).is_ok();
            Ok(right && known)
        })
        .await?
    }

    async fn run<T: Send + 'static>(
        &self,
        lane: &Sender<Job>,
        f: impl FnOnce(&Argon2<'static>) -> T + Send + 'static,
    ) -> Result<T> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        let (caller, answer) = oneshot::channel();
        let job: Job = Box::new(move |argon| drop(caller.send(f(argon))));
        lane.try_send(job).map_err(|full| match full {
            TrySendError::Full(_) => Error::unavailable("Many people are logging in; try again in a moment."),
            TrySendError::Disconnected(_) => Error::unavailable("The service is stopping."),
        })?;
        answer.await.map_err(|_| Error::unavailable("The service is stopping."))
    }
}

/// The next job: of the first lane as long as it has any.
fn next(first: &Receiver<Job>, then: &Receiver<Job>) -> Option<Job> {
    if let Ok(job) = first.try_recv() {
        return Some(job);
    }
    crossbeam_channel::select! {
        recv(first) -> job => job.ok(),
        recv(then) -> job => job.ok(),
    }
}

/// The hash of no password: random bytes in the form of one. Verifying against it costs what a real one costs, and making
/// it costs nothing, so that a start need not wait.
fn decoy(cost: Cost) -> Result<String> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    let (salt, output) = (clock::random::<16>()?, clock::random::<32>()?);
    Ok(format!(
        "$argon2id$v=19$m={},t={},p=1${}${}",
        cost.memory_kib,
        cost.passes,
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(output)
    ))
}

/// HMAC with the pepper, in hexadecimal: the key is not in the database.
fn peppered(master: &Master, password: &str) -> Vec<u8> {
    let normal: String = password.nfkc().collect();
    hex(&master.mac(Purpose::Pepper, normal.as_bytes())).into_bytes()
}

fn hash(argon: &Argon2<'static>, master: &Master, password: &str) -> Result<String> {
    let phc = argon.hash_password(&peppered(master, password)).map_err(|e| Error::internal(e.to_string()))?;
    Ok(phc.to_string())
}
