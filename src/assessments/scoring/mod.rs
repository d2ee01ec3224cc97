//! Scoring of assessments: answers over the nodes of a framework go in, scores and gaps come out.
//!
//! Pure functions, one file for each method of domain rule 5: [`stages`] with [`rollup`] (A, `stage_gate`), [`profile`] (B,
//! `weighted_mean`), [`points`] (C, `points_sum`); [`gaps`] ranks what is missing and [`compare`] sets two results side by
//! side. Every method makes one pass up the tree, from the last node to the first. What the three share:
//!
//! - No value is not zero: what is unanswered lowers the coverage, what does not apply leaves both sides of every sum.
//! - A node with too little coverage is [`Standing::Insufficient`]: it shows no score and is left out of the roll-up of the
//!   nodes above it, while its answers still count in their coverage. Hence answering more can lower a score above: a part
//!   that was left out comes in, however low it is.
//! - A framework that is not well formed is scored all the same: a parent that does not stand before its child is no
//!   parent, a weight below 1 is 1, an answer that is missing is unanswered.

pub mod compare;
pub mod gaps;
pub mod points;
pub mod profile;
#[cfg(test)]
mod properties;
pub mod rollup;
#[cfg(test)]
mod samples;
pub mod stages;

use crate::codes_enum;

/// Differences smaller than this come from the arithmetic of `f64`, not from answers; far above the error of a sum of
/// thousands of terms, far below a tenth.
const NOISE: f64 = 1e-9;

/// A node of a framework, as far as scores need it. Nodes stand in framework order: parents before children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Place of the node above it among the nodes, from 0 and smaller than its own; none for a top node.
    pub parent: Option<usize>,
    /// True when it is answered: an indicator (A), an outcome (B), an item (C).
    pub assessable: bool,
    /// How much it counts among its siblings, 1 or more. Indicators and items don't use it.
    pub weight: i32,
    /// The stage that an indicator belongs to, 2 to the last of the scale; only for A.
    pub stage: Option<i32>,
    /// The most points that an item gives, 1 or more; only for C.
    pub points: Option<i32>,
}

impl Node {
    fn counts(&self) -> f64 {
        f64::from(self.weight.max(1))
    }
}

codes_enum! {
    /// Whether a node has a score (domain rule A, the same in B and C).
    pub Standing {
        /// Enough of what applies is answered.
        Scored "scored",
        /// Too little is answered: there is no score, which is not a low score.
        Insufficient "insufficient",
        /// Nothing beneath it applies.
        NotApplicable "not_applicable",
    }
}

/// How much of what applies beneath a node is answered (domain rule A: answered/applicable). What does not apply is in
/// neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Assessable nodes that apply and are answered, 0 to `applicable`.
    pub answered: usize,
    /// Assessable nodes that apply.
    pub applicable: usize,
}

impl Coverage {
    /// Where a node of this coverage stands. The threshold is in percent, 0 to 100, and is itself enough. Without a single
    /// answer coverage is never enough, whatever the threshold: no value is not zero (domain rule B).
    pub fn standing(self, threshold: i32) -> Standing {
        let needed = threshold.clamp(0, 100).unsigned_abs() as usize;
        if self.applicable == 0 {
            Standing::NotApplicable
        } else if self.answered == 0 || self.answered * 100 < self.applicable * needed {
            Standing::Insufficient
        } else {
            Standing::Scored
        }
    }

    fn count(&mut self, answered: bool) {
        self.applicable += 1;
        self.answered += usize::from(answered);
    }

    fn add(&mut self, part: Self) {
        self.applicable += part.applicable;
        self.answered += part.answered;
    }
}

/// Rounds half up to one decimal (domain rule B: at display only; scores are never rounded before they are compared or
/// averaged). What misses a half only by the error of `f64`, as 2.15 does, counts as the half. Half up is towards the
/// larger number: a change of -0.25 reads -0.2.
pub fn rounded(value: f64) -> f64 {
    let tenths = (value * 10.0 + 0.5 + NOISE).floor();
    // Ten times a very large number is infinite.
    if tenths.is_finite() { tenths / 10.0 } else { value }
}

/// Place of a node's parent in a list that has one more place than there are nodes: the last is the whole framework.
fn above(nodes: &[Node], at: usize) -> usize {
    nodes.get(at).and_then(|node| node.parent).filter(|parent| *parent < at).unwrap_or(nodes.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_half_rounds_up_even_where_f64_falls_short_of_it() {
        let table = [
            (2.25, 2.3),
            (0.05, 0.1),
            (0.15, 0.2),
            (0.25, 0.3),
            (0.35, 0.4),
            (1.005, 1.0),
            (2.15, 2.2),
            (4.35, 4.4),
            (2.75, 2.8),
            (2.2499999, 2.2),
            (0.0, 0.0),
            (5.0, 5.0),
            (99.95, 100.0),
            (1.0 / 3.0, 0.3),
            (2.0 / 3.0, 0.7),
            (-0.25, -0.2),
            (-0.26, -0.3),
            (f64::MAX, f64::MAX),
        ];
        for (value, wanted) in table {
            assert_eq!(rounded(value), wanted, "{value}");
        }
        assert_eq!(rounded(2.15_f64.next_down().next_down()), 2.2, "as a mean may come out");
        assert!(rounded(-0.04).is_sign_positive(), "no minus before a zero");
        assert!(rounded(f64::NAN).is_nan());
        assert_eq!(rounded(f64::INFINITY), f64::INFINITY);
    }

    #[test]
    fn every_hundredth_that_ends_in_five_rounds_up() {
        for hundredths in (5..100_000).step_by(10) {
            let value = f64::from(hundredths) / 100.0;
            assert_eq!(rounded(value), f64::from((hundredths + 5) / 10) / 10.0, "{value}");
        }
    }

    #[test]
    fn the_threshold_itself_is_enough_and_no_answer_never_is() {
        let standing =
            |answered, applicable, threshold| Coverage { answered, applicable }.standing(threshold);
        assert_eq!(standing(4, 5, 80), Standing::Scored);
        assert_eq!(standing(3, 4, 80), Standing::Insufficient);
        assert_eq!(standing(79, 99, 80), Standing::Insufficient);
        assert_eq!(standing(0, 0, 80), Standing::NotApplicable);
        assert_eq!(standing(0, 3, 0), Standing::Insufficient);
        assert_eq!(standing(1, 3, 0), Standing::Scored);
        assert_eq!(standing(3, 3, 100), Standing::Scored);
        assert_eq!(standing(3, 3, i32::MAX), Standing::Scored);
        assert_eq!(standing(1, 3, i32::MIN), Standing::Scored);
    }

    #[test]
    fn a_weight_below_one_is_one() {
        let node = Node { parent: None, assessable: false, weight: 0, stage: None, points: None };
        assert_eq!([-7, 0, 1, 3].map(|weight| Node { weight, ..node }.counts()), [1.0, 1.0, 1.0, 3.0]);
    }

    #[test]
    fn a_parent_that_does_not_stand_before_its_child_is_none() {
        let node = |parent| Node { parent, assessable: false, weight: 1, stage: None, points: None };
        let nodes = [node(Some(0)), node(Some(0)), node(Some(9)), node(None)];
        assert_eq!([0, 1, 2, 3, 4].map(|at| above(&nodes, at)), [4, 0, 4, 4, 4]);
    }

    proptest! {
        #[test]
        fn rounding_keeps_order_and_stays_within_half_a_tenth(a in -1e6..1e6, b in -1e6..1e6) {
            prop_assert!((rounded(a) - a).abs() <= 0.05 + 1e-8);
            prop_assert!(rounded(a.min(b)) <= rounded(a.max(b)));
        }
    }
}
