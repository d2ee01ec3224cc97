//! Refusals, noted in the audit chain in batches: a refusal costs no write of its own, and a flood of them few.

use std::sync::{Arc, Mutex};

use super::db::Db;
use super::journal::{self, Entry};
use crate::kernel::Result;
use crate::kernel::access::{Actor, Permission};
use crate::kernel::id::UserId;

/// Refusals kept until the next batch; more are only counted.
const KEPT: usize = 500;

/// Someone was refused something.
#[derive(Clone, Debug)]
pub struct Denial {
    /// Who asked.
    pub user: UserId,
    /// What the route asks for.
    pub right: Permission,
    /// HTTP status of the answer, 403 or 404.
    pub status: u16,
    /// What was asked, method and path.
    pub asked: String,
}

impl Actor for Denial {
    fn user(&self) -> UserId {
        self.user
    }

    fn via(&self) -> &str {
        "request"
    }
}

/// Refusals waiting for their place in the chain.
#[derive(Clone, Default)]
pub struct Denials(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    kept: Vec<Denial>,
    uncounted: u64,
}

impl Denials {
    /// Notes a refusal.
    pub fn note(&self, denial: Denial) {
        if let Ok(mut waiting) = self.0.lock() {
            match waiting.kept.len() < KEPT {
                true => waiting.kept.push(denial),
                false => waiting.uncounted += 1,
            }
        }
    }

    /// Writes what waits into the audit chain; the worker calls it every second.
    ///
    /// # Errors
    /// When the database refuses; what waited is then lost to the chain but stands in the log.
    pub async fn flush(&self, db: &Db) -> Result<usize> {
        let waiting = self.0.lock().map(|mut waiting| std::mem::take(&mut *waiting)).unwrap_or_default();
        let count = waiting.kept.len();
        if waiting.uncounted > 0 {
            tracing::warn!(
                uncounted = waiting.uncounted,
                "refusals beyond the batch were not written to the audit chain"
            );
        }
        if count == 0 {
            return Ok(0);
        }
        db.write(move |tx| {
            for denial in &waiting.kept {
                let kind = if denial.status == 403 { "forbidden" } else { "hidden or absent" };
                journal::record(tx, Entry::new(denial, denial.right.word(), kind, &denial.asked).refused());
            }
            Ok(())
        })
        .await?;
        Ok(count)
    }
}
