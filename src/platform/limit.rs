//! Throttles: how often something may be tried, per key, in a bounded amount of memory.
//!
//! They are kept by each instance for itself; behind N instances a guesser gets at most N times the budget.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::keys::sha256;
use crate::kernel::time::Timestamp;

/// Keys remembered of each rule; older ones give way.
const REMEMBERED: usize = 50_000;

/// Until when a key is blocked that is not. Never the instant of a try: another one that began a moment before it, and
/// comes here after it, would be held back.
const FREE: Timestamp = Timestamp(0);

/// How a key is held back.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Name; keys of two rules never meet.
    pub name: &'static str,
    /// Tries that cost nothing within a window.
    pub free: u32,
    /// Seconds after which a quiet key is forgotten.
    pub window: i64,
    /// Seconds to wait after each further try; the last one repeats.
    pub waits: &'static [i64],
    /// Tries in a row after which nothing passes until [`Limits::clear`]; 0 is never.
    pub stop: u32,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tries: u32,
    run: u32,
    since: Timestamp,
    blocked_until: Timestamp,
}

type Buckets = HashMap<[u8; 16], Bucket>;

/// The throttles of one instance; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Limits(Arc<Mutex<HashMap<&'static str, Buckets>>>);

fn key(of: &str) -> [u8; 16] {
    let mut key = [0; 16];
    key.copy_from_slice(&sha256(of.as_bytes())[..16]);
    key
}

impl Bucket {
    fn wait(&self, rule: Rule, now: Timestamp) -> Option<u32> {
        if rule.stop > 0 && self.run >= rule.stop {
            return Some(rule.waits.last().copied().unwrap_or(rule.window) as u32);
        }
        let left = self.blocked_until.0 - now.0;
        (left > 0).then(|| u32::try_from((left + 999_999) / 1_000_000).unwrap_or(u32::MAX))
    }

    fn over(&self, rule: Rule, now: Timestamp) -> bool {
        now.0 - self.since.0.max(self.blocked_until.0) >= rule.window * 1_000_000
    }
}

impl Limits {
    /// Seconds for which the key is held back; `None` when it may try.
    pub fn wait(&self, rule: Rule, of: &str, now: Timestamp) -> Option<u32> {
        let all = self.0.lock().ok()?;
        all.get(rule.name)?.get(&key(of))?.wait(rule, now)
    }

    /// Counts a try. True when it was the one that brought the key to a halt.
    pub fn count(&self, rule: Rule, of: &str, now: Timestamp) -> bool {
        let Ok(mut all) = self.0.lock() else { return false };
        let buckets = all.entry(rule.name).or_default();
        if buckets.len() >= REMEMBERED {
            make_room(buckets, rule, now);
        }
        let fresh = Bucket { tries: 0, run: 0, since: now, blocked_until: FREE };
        let bucket = buckets.entry(key(of)).or_insert(fresh);
        if bucket.over(rule, now) {
            *bucket = Bucket { run: bucket.run, ..fresh };
        }
        bucket.tries += 1;
        bucket.run = bucket.run.saturating_add(1);
        let Some(place) = bucket.tries.checked_sub(rule.free.max(1)) else { return false };
        let wait = rule.waits.get(place as usize).or(rule.waits.last()).copied().unwrap_or(rule.window);
        bucket.blocked_until = now.plus_seconds(wait);
        place == 0
    }

    /// Takes one counted try back: it succeeded.
    pub fn refund(&self, rule: Rule, of: &str) {
        let Ok(mut all) = self.0.lock() else { return };
        if let Some(bucket) = all.get_mut(rule.name).and_then(|buckets| buckets.get_mut(&key(of))) {
            bucket.tries = bucket.tries.saturating_sub(1);
            bucket.run = bucket.run.saturating_sub(1);
            if bucket.tries < rule.free.max(1) {
                bucket.blocked_until = FREE;
            }
        }
    }

    /// Forgets a key.
    pub fn clear(&self, rule: Rule, of: &str) {
        if let Ok(mut all) = self.0.lock()
            && let Some(buckets) = all.get_mut(rule.name)
        {
            buckets.remove(&key(of));
        }
    }
}

/// Drops what is over, and when that does not help the older half.
fn make_room(buckets: &mut Buckets, rule: Rule, now: Timestamp) {
    buckets.retain(|_, bucket| !bucket.over(rule, now) || (rule.stop > 0 && bucket.run >= rule.stop));
    if buckets.len() >= REMEMBERED {
        let mut times: Vec<i64> = buckets.values().map(|bucket| bucket.since.0).collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        let mut kept = 0;
        buckets.retain(|_, bucket| {
            kept += 1;
            bucket.since.0 > median || (bucket.since.0 == median && kept % 2 == 0)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Rule = Rule { name: "slow", free: 0, window: 60, waits: &[1, 3, 5, 10], stop: 0 };
    const TEN: Rule = Rule { name: "ten", free: 10, window: 900, waits: &[60, 120], stop: 12 };

    #[test]
    fn each_wrong_try_waits_longer_and_a_success_forgets() {
        let (limits, mut now) = (Limits::default(), Timestamp(0));
        for wait in [1, 3, 5, 10, 10] {
            assert_eq!(limits.wait(SLOW, "a", now), None);
            limits.count(SLOW, "a", now);
            assert_eq!(limits.wait(SLOW, "a", now), Some(wait));
            assert_eq!(limits.wait(SLOW, "b", now), None);
            now = now.plus_seconds(i64::from(wait));
        }
        limits.clear(SLOW, "a");
        limits.count(SLOW, "a", now);
        assert_eq!(limits.wait(SLOW, "a", now), Some(1));
    }

    #[test]
    fn a_try_is_not_held_back_by_another_that_began_later_and_came_first() {
        let (limits, earlier, later) = (Limits::default(), Timestamp(1_000_000), Timestamp(1_000_001));
        limits.count(TEN, "a", later);
        assert_eq!(limits.wait(TEN, "a", earlier), None);
        limits.count(TEN, "a", later);
        limits.refund(TEN, "a");
        assert_eq!(limits.wait(TEN, "a", earlier), None);
    }

    #[test]
    fn ten_are_free_then_it_waits_and_at_last_it_stops() {
        let (limits, now) = (Limits::default(), Timestamp(0));
        for _ in 0..9 {
            assert!(!limits.count(TEN, "a", now));
        }
        assert_eq!(limits.wait(TEN, "a", now), None);
        assert!(limits.count(TEN, "a", now), "the tenth halts");
        assert_eq!(limits.wait(TEN, "a", now), Some(60));
        limits.refund(TEN, "a");
        assert_eq!(limits.wait(TEN, "a", now), None);
        for _ in 0..3 {
            limits.count(TEN, "a", now);
        }
        assert!(limits.wait(TEN, "a", now.plus_days(30)).is_some(), "a stop outlives every wait");
        limits.clear(TEN, "a");
        assert_eq!(limits.wait(TEN, "a", now), None);
    }

    #[test]
    fn memory_is_bounded() {
        let limits = Limits::default();
        for n in 0..REMEMBERED + 1000 {
            limits.count(TEN, &n.to_string(), Timestamp(n as i64));
        }
        assert!(limits.0.lock().expect("a lock")["ten"].len() <= REMEMBERED);
    }
}
