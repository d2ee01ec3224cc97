//! How a node follows from the stages and indexes of the nodes below it (domain rule A).

use super::stages::{Aspect, Role, Score, Sheet};
use super::{Coverage, Standing};
use crate::frameworks::Rollup;

/// What a node is rolled up from: the scores of the nodes below it.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The role that they give the node; none when there are no nodes below it.
    pub role: Option<Role>,
    coverage: Coverage,
    weights: f64,
    weighted: f64,
    stages: Vec<i32>,
    range: Option<(i32, i32)>,
}

impl Parts {
    pub(super) fn take(&mut self, part: &Score, weight: f64) {
        let role = if part.role == Role::Aspect { Role::Factor } else { Role::Dimension };
        self.role = self.role.max(Some(role));
        self.coverage.add(part.coverage);
        let Some(index) = part.index else { return };
        self.weights += weight;
        self.weighted += weight * index;
        self.stages.extend(part.stage);
        if let Some((low, high)) = part.range.or(part.stage.map(|stage| (stage, stage))) {
            self.range = Some(self.range.map_or((low, high), |range| (range.0.min(low), range.1.max(high))));
        }
    }

    pub(super) fn take_own(&mut self, own: Option<Aspect>, sheet: &Sheet) {
        if let Some(own) = own {
            self.take(&own.score(sheet), 1.0);
        }
    }

    pub(super) fn roll_up(mut self, role: Role, sheet: &Sheet) -> Score {
        let standing = self.coverage.standing(sheet.coverage_threshold);
        // Where the whole is covered well enough, a part of it is: the weights of a scored node are never 0.
        let scored = standing == Standing::Scored && self.weights > 0.0;
        Score {
            role,
            standing,
            coverage: self.coverage,
            stage: if scored && role == Role::Factor { self.stage(sheet.rollup) } else { None },
            next: None,
            progress: None,
            index: scored.then_some(self.weighted / self.weights),
            range: self.range.filter(|_| scored),
        }
    }

    fn stage(&mut self, rollup: Rollup) -> Option<i32> {
        self.stages.sort_unstable();
        match rollup {
            Rollup::Minimum => self.stages.first().copied(),
            Rollup::Median => self.stages.get(self.stages.len().saturating_sub(1) / 2).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{indicator, outline};
    use super::super::stages::score;
    use super::*;

    /// Stage, index and range of the node in this place.
    fn shown(text: &str, at: usize, rollup: Rollup) -> (Option<i32>, Option<f64>, Option<(i32, i32)>) {
        let sample = outline(text, indicator);
        let score = score(&Sheet { rollup, ..sample.stage_sheet() }).nodes[at].expect("a score");
        (score.stage, score.index, score.range)
    }

    /// F1: aspects of 2.5, 3.0 (weight 3) and 1.0. F2: one of 5.0, one that does not apply, one unanswered.
    const COUNTRY: &str = "
D
 F1
  A 2m 2m 3m 3x
  B w3 2m 3m 4x 5m
  C 2x
 F2 w2
  A 2m 3m 4m 5m
  B 2n
  C 2u";

    #[test]
    fn a_factor_is_as_far_as_its_lowest_aspect_and_shows_range_and_mean() {
        let mean = Some((2.5 + 3.0 * 3.0 + 1.0) / 5.0);
        assert_eq!(shown(COUNTRY, 1, Rollup::Minimum), (Some(1), mean, Some((1, 3))));
        assert_eq!(shown(COUNTRY, 1, Rollup::Median), (Some(2), mean, Some((1, 3))));
    }

    #[test]
    fn of_two_aspects_in_the_middle_the_lower_counts() {
        let even = "F\n A 2m 3m 4m 5m\n B 2m\n C 2x\n D 2m 3m";
        assert_eq!(shown(even, 0, Rollup::Median).0, Some(2));
        assert_eq!(shown("F\n A 2m 3m\n B 2m", 0, Rollup::Median).0, Some(2));
        assert_eq!(shown("F\n A 2m 3m", 0, Rollup::Median).0, Some(3));
    }

    #[test]
    fn what_is_unanswered_or_does_not_apply_leaves_the_roll_up_but_not_the_coverage() {
        let scores = score(&outline(COUNTRY, indicator).stage_sheet());
        let factor = scores.nodes[14].expect("a score");
        assert_eq!((factor.stage, factor.index, factor.range), (Some(5), Some(5.0), Some((5, 5))));
        assert_eq!(factor.coverage, Coverage { answered: 4, applicable: 5 });
        assert_eq!(scores.nodes[20].expect("a score").standing, Standing::NotApplicable);
        assert_eq!(scores.nodes[22].expect("a score").standing, Standing::Insufficient);
    }

    #[test]
    fn a_dimension_has_the_mean_of_its_factors_and_never_a_stage() {
        let scores = score(&outline(COUNTRY, indicator).stage_sheet());
        let dimension = scores.nodes[0].expect("a score");
        assert_eq!((dimension.role, dimension.stage), (Role::Dimension, None));
        assert_eq!(dimension.index, Some((2.5 + 2.0 * 5.0) / 3.0));
        assert_eq!(dimension.range, Some((1, 5)));
        assert_eq!(dimension.coverage, Coverage { answered: 13, applicable: 14 });
        assert_eq!(scores.total, dimension, "the whole has one dimension");
    }

    #[test]
    fn a_node_below_the_threshold_shows_nothing_and_counts_above_only_in_coverage() {
        let text = "D\n F1\n  A 2m 2m 2m 2m\n  B 2m 2m 2m 2m\n F2\n  A 2x\n  B 2u";
        let scores = score(&outline(text, indicator).stage_sheet());
        let factor =
            scores.nodes.iter().flatten().filter(|score| score.role == Role::Factor).nth(1).expect("a score");
        assert_eq!((factor.standing, factor.stage, factor.index), (Standing::Insufficient, None, None));
        assert_eq!((factor.range, factor.coverage), (None, Coverage { answered: 1, applicable: 2 }));
        assert_eq!(scores.total.index, Some(2.0), "not (2.0 + 1.0) / 2");
        assert_eq!(scores.total.coverage, Coverage { answered: 9, applicable: 10 });
    }

    #[test]
    fn indicators_beside_other_nodes_are_one_more_aspect() {
        let beside_aspects = "F 2m 3x\n A w3 2m 3m 4m 5m";
        assert_eq!(shown(beside_aspects, 0, Rollup::Minimum), (Some(2), Some(4.25), Some((2, 5))));
        let beside_factors = "D 2m\n F\n  A 2m 3m 4m";
        assert_eq!(shown(beside_factors, 0, Rollup::Minimum), (None, Some(3.0), Some((2, 4))));
        // The indicator B belongs to A, though it has indicators of its own.
        let nested = "A 2m\n B =2x 3m";
        assert_eq!(shown(nested, 0, Rollup::Minimum), (Some(1), Some((1.5 + 3.0) / 2.0), Some((1, 3))));
        assert_eq!(shown(nested, 2, Rollup::Minimum), (Some(3), Some(3.0), None));
    }

    /// Why "met never lowers a score" holds only while no part comes in: B gets its fourth answer of five, is met by 4/5 and
    /// scored for the first time, at stage 1.
    #[test]
    fn one_more_answer_can_bring_in_a_low_aspect() {
        let text = |last| format!("F\n A 2m 2m 3m 3m 4m 4m 5m 5m 5m 5m\n B 2m 2m 2m 2{last} 2u");
        assert_eq!(shown(&text('u'), 0, Rollup::Minimum).0, Some(5));
        let (stage, index, range) = shown(&text('m'), 0, Rollup::Minimum);
        assert_eq!((stage, range), (Some(1), Some((1, 5))));
        assert_eq!(index, Some((5.0 + 1.8) / 2.0));
    }
}
