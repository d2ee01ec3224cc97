//! The seats of a session: counted under the lock of its row, never above what there is.

use std::collections::HashMap;

use super::store;
use crate::kernel::Result;
use crate::kernel::id::{Iso2, TrainingSessionId};
use crate::platform::db::Tx;

/// What there is and what is taken. Who holds one holds the session's row: nobody else counts at the same time.
#[derive(Clone, Debug)]
pub(super) struct Seats {
    session: TrainingSessionId,
    /// Seats in all; without bound when there is none.
    pub capacity: Option<i32>,
    /// Hours for which a seat is offered.
    pub offer_hours: i32,
    /// Most seats of each invited country; without bound when there is none.
    pub quotas: HashMap<Iso2, Option<i32>>,
    taken: HashMap<Iso2, i32>,
    changed: Vec<Iso2>,
}

impl Seats {
    /// Of a session whose row is held.
    pub(super) fn of(tx: &mut Tx, session: TrainingSessionId) -> Result<Seats> {
        let (capacity, offer_hours) = store::capacity(tx, session)?;
        let (quotas, taken) = (store::quotas(tx, session)?, store::taken(tx, session)?);
        Ok(Seats { session, capacity, offer_hours, quotas, taken, changed: Vec::new() })
    }

    fn taken_by(&self, country: Iso2) -> i32 {
        self.taken.get(&country).copied().unwrap_or(0)
    }

    /// Whether every seat is taken.
    pub(super) fn are_gone(&self) -> bool {
        self.capacity.is_some_and(|seats| self.taken.values().sum::<i32>() >= seats)
    }

    /// Whether a country has seats of its own left.
    pub(super) fn are_kept_for(&self, country: Iso2) -> bool {
        self.quotas.get(&country).copied().flatten().is_some_and(|quota| self.taken_by(country) < quota)
    }

    /// Takes a seat for a country; `false` when there is none, or the country has had all of its own.
    pub(super) fn take(&mut self, country: Iso2) -> bool {
        let Some(quota) = self.quotas.get(&country) else { return false };
        if self.are_gone() || quota.is_some_and(|quota| self.taken_by(country) >= quota) {
            return false;
        }
        self.change(country, 1);
        true
    }

    /// Gives a seat of a country back.
    pub(super) fn free(&mut self, country: Iso2) {
        self.change(country, -1);
    }

    fn change(&mut self, country: Iso2, by: i32) {
        *self.taken.entry(country).or_default() += by;
        self.changed.push(country);
    }

    /// Writes what changed.
    pub(super) fn write(mut self, tx: &mut Tx) -> Result<()> {
        self.changed.sort();
        self.changed.dedup();
        for country in &self.changed {
            store::count(tx, self.session, *country, self.taken_by(*country).max(0))?;
        }
        Ok(())
    }
}
