//! Two results of the same framework side by side: what is new, what changed and by how much (domain rule A).

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::{NOISE, Standing};
use crate::codes_enum;

/// What is compared of a node's score, by any method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading<K> {
    /// What the node is known by in both results.
    pub key: K,
    /// Whether it has a score.
    pub standing: Standing,
    /// Its stage, 1 to n; only A has stages.
    pub stage: Option<i32>,
    /// Its index (A), its current value in scale units (B) or its percentage (C).
    pub index: Option<f64>,
}

codes_enum! {
    /// What became of a node between two results.
    pub NodeChange {
        /// Only the later result has it.
        New "new",
        /// Its standing, its stage or its index is another.
        Changed "changed",
        /// Nothing is other than it was.
        Unchanged "unchanged",
        /// Only the earlier result has it.
        Removed "removed",
    }
}

/// A node in two results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delta<K> {
    /// What the node is known by.
    pub key: K,
    /// What became of it.
    pub change: NodeChange,
    /// Whether it had a score; none when it is new.
    pub before: Option<Standing>,
    /// Whether it has one now; none when it was removed.
    pub after: Option<Standing>,
    /// Later stage minus earlier; none unless it is scored with a stage in both.
    pub stage: Option<i32>,
    /// Later index minus earlier, in the unit of the index; none unless it is scored in both.
    pub index: Option<f64>,
}

/// Compares two results of one framework version, or of versions that the caller has mapped to the same keys (domain
/// rule A: only validated ones). Nodes come in the order of the later result, then the removed ones in the order of the
/// earlier. Of a key that stands twice in one result the first is compared.
pub fn compare<K: Copy + Eq + Hash>(earlier: &[Reading<K>], later: &[Reading<K>]) -> Vec<Delta<K>> {
    let mut before: HashMap<K, &Reading<K>> = HashMap::with_capacity(earlier.len());
    for reading in earlier {
        before.entry(reading.key).or_insert(reading);
    }
    let mut seen = HashSet::with_capacity(later.len());
    let mut deltas = Vec::with_capacity(later.len());
    for reading in later.iter().filter(|reading| seen.insert(reading.key)) {
        deltas.push(delta(before.remove(&reading.key), reading));
    }
    for reading in earlier {
        if before.remove(&reading.key).is_some() {
            deltas.push(Delta {
                key: reading.key,
                change: NodeChange::Removed,
                before: Some(reading.standing),
                after: None,
                stage: None,
                index: None,
            });
        }
    }
    deltas
}

fn delta<K: Copy>(before: Option<&Reading<K>>, after: &Reading<K>) -> Delta<K> {
    let both =
        before.filter(|before| before.standing == Standing::Scored && after.standing == Standing::Scored);
    let stage = both.and_then(|before| Some(after.stage?.saturating_sub(before.stage?)));
    let index = both.and_then(|before| Some(after.index? - before.index?));
    let index = index.map(|index| if index.abs() < NOISE { 0.0 } else { index });
    let change = match before {
        None => NodeChange::New,
        Some(before) if before.standing != after.standing => NodeChange::Changed,
        Some(_) if stage.is_some_and(|stage| stage != 0) => NodeChange::Changed,
        Some(_) if index.is_some_and(|index| index != 0.0) => NodeChange::Changed,
        Some(_) => NodeChange::Unchanged,
    };
    let before = before.map(|before| before.standing);
    Delta { key: after.key, change, before, after: Some(after.standing), stage, index }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(key: &str, stage: Option<i32>, index: f64) -> Reading<&str> {
        Reading { key, standing: Standing::Scored, stage, index: Some(index) }
    }

    fn hidden(key: &str, standing: Standing) -> Reading<&str> {
        Reading { key, standing, stage: None, index: None }
    }

    #[test]
    fn differences_are_told_only_where_both_are_scored() {
        let earlier = [
            scored("up", Some(2), 2.75),
            scored("same", Some(3), 3.5),
            scored("creeping", Some(2), 2.25),
            scored("gone", Some(1), 1.0),
            hidden("answered", Standing::Insufficient),
            Reading { standing: Standing::NotApplicable, ..scored("applies", Some(1), 1.0) },
            hidden("still", Standing::Insufficient),
            scored("dimension", None, 2.5),
        ];
        let later = [
            scored("dimension", None, 2.25),
            hidden("still", Standing::Insufficient),
            scored("answered", Some(4), 4.0),
            scored("applies", Some(2), 2.0),
            scored("creeping", Some(2), 2.5),
            scored("same", Some(3), 3.5 + 1e-12),
            scored("up", Some(3), 3.0),
            scored("born", Some(5), 5.0),
        ];
        let wanted = [
            ("dimension", NodeChange::Changed, None, Some(-0.25)),
            ("still", NodeChange::Unchanged, None, None),
            ("answered", NodeChange::Changed, None, None),
            ("applies", NodeChange::Changed, None, None),
            ("creeping", NodeChange::Changed, Some(0), Some(0.25)),
            ("same", NodeChange::Unchanged, Some(0), Some(0.0)),
            ("up", NodeChange::Changed, Some(1), Some(0.25)),
            ("born", NodeChange::New, None, None),
            ("gone", NodeChange::Removed, None, None),
        ];
        let deltas = compare(&earlier, &later);
        let told: Vec<_> =
            deltas.iter().map(|delta| (delta.key, delta.change, delta.stage, delta.index)).collect();
        assert_eq!(told, wanted);
        let standings = |at: usize| (deltas[at].before, deltas[at].after);
        assert_eq!(standings(2), (Some(Standing::Insufficient), Some(Standing::Scored)));
        assert_eq!(standings(7), (None, Some(Standing::Scored)));
        assert_eq!(standings(8), (Some(Standing::Scored), None));
    }

    #[test]
    fn a_key_that_stands_twice_is_compared_once() {
        let twice = [scored("a", Some(1), 1.0), scored("a", Some(2), 2.0)];
        assert_eq!(compare(&twice, &twice).len(), 1);
        assert_eq!(compare(&twice, &twice)[0].change, NodeChange::Unchanged);
        assert_eq!(compare(&twice, &[]).len(), 1);
        assert!(compare::<u8>(&[], &[]).is_empty());
    }
}
